#include "accounted.h"

#include "atomics.h"
#include "credit.h"
#include "of_two.h"

#define TRIES 1000

/* The halves may be of two spans: then the swap fails. */
static struct hami_span read_span(const struct hami_usage *usage)
{
    return (struct hami_span){load_relaxed(&usage->accounted.from_ns), load_relaxed(&usage->accounted.until_ns)};
}

static bool is_sound(struct hami_span span, uint64_t now_ns)
{
    return span.from_ns <= span.until_ns && span.until_ns <= now_ns + CREDIT_SLACK_NS;
}

/* What of the work lies outside of the span, before it and behind it. */
static uint64_t outside(struct hami_span span, struct hami_span work)
{
    return less(smaller(work.until_ns, span.from_ns), work.from_ns) + less(work.until_ns, larger(work.from_ns, span.until_ns));
}

/* The span with work that touches it; work beyond a hole begins another one, work before a hole is not remembered. */
static struct hami_span joined(struct hami_span span, struct hami_span work)
{
    if (work.from_ns > span.until_ns)
        return work;
    if (work.until_ns < span.from_ns)
        return span;
    return (struct hami_span){smaller(span.from_ns, work.from_ns), larger(span.until_ns, work.until_ns)};
}

uint64_t accounted_add(struct hami_usage *usage, uint64_t start_ns, uint64_t end_ns, uint64_t now_ns)
{
    struct hami_span work = {smaller(start_ns, end_ns), end_ns};
    for (int i = 0; i < TRIES; i++) {
        struct hami_span seen = read_span(usage), span = is_sound(seen, now_ns) ? seen : work;
        uint64_t took = is_sound(seen, now_ns) ? outside(span, work) : work.until_ns - work.from_ns;
        if (swap_span(&usage->accounted, seen, joined(span, work)))
            return took;
    }
    return work.until_ns - work.from_ns;
}

uint64_t accounted_until(const struct hami_usage *usage, uint64_t now_ns)
{
    struct hami_span span = read_span(usage);
    return is_sound(span, now_ns) ? span.until_ns : 0;
}
