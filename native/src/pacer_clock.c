#include "pacer_clock.h"

#include "credit.h"

/* What was noted by a clock that has gone back means nothing any more. */
static void forget_times(struct pacer *pacer, uint64_t now_ns)
{
    pacer->now_ns = pacer->launched_ns = pacer->ended_ns = pacer->progress_ns = pacer->measured_ns = pacer->spent_at_ns = now_ns;
    pacer->sampled_ns = pacer->unsteady_ns = pacer->accounted_ns = now_ns;
    pacer->expected_ns = now_ns + pacer->closed_ns + pacer->open_ns;
}

uint64_t pacer_clock(struct pacer *pacer, uint64_t now_ns)
{
    if (now_ns > pacer->now_ns)
        pacer->now_ns = now_ns;
    else if (pacer->now_ns - now_ns > CREDIT_SLACK_NS)
        forget_times(pacer, now_ns);
    return pacer->now_ns;
}
