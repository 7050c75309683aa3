#include "factor.h"

#include "atomics.h"

#define ONE (UINT64_C(1) << 32)
#define PLACES 4
#define LEAST (ONE / 4)
#define MOST (ONE * 4)
/* Of a sample: what is further apart is not of one run of samples. */
#define WINDOW_LEAST_NS UINT64_C(1000000000)
#define WINDOW_MOST_NS UINT64_C(20000000000)

uint64_t factor_q32(const struct hami_usage *usage)
{
    uint64_t factor = load_relaxed(&usage->factor.factor_q32);
    return !factor ? ONE : factor < LEAST ? LEAST : factor > MOST ? MOST : factor;
}

struct sample {
    uint64_t at_ns, busy_ns, predicted_ns;
};

/* The node writes busy_ns and then sampled_at_ns: a pair between two equal times belongs together. */
static bool read_sample(const struct hami_limits *limits, struct sample *sample)
{
    for (int i = 0; i < 4; i++) {
        sample->at_ns = load_acquire(&limits->sampled_at_ns);
        sample->busy_ns = load_acquire(&limits->busy_ns);
        if (load_acquire(&limits->sampled_at_ns) == sample->at_ns)
            return sample->at_ns != 0;
    }
    return false;
}

/* n / p, not further than the factor may go. */
static uint64_t ratio(uint64_t busy_ns, uint64_t predicted_ns)
{
    unsigned __int128 quotient = ((unsigned __int128)busy_ns << 32) / predicted_ns;
    return quotient < LEAST ? LEAST : quotient > MOST ? MOST : (uint64_t)quotient;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* The factor after a window of the node's samples. Within the band the two agree as well as the samples can tell: whole percents, of
 * which 1.5 are allowed for, and the unit that is accounted when it ends and not while it runs. */
static uint64_t corrected(uint64_t factor, uint64_t elapsed_ns, uint64_t busy_ns, uint64_t predicted_ns, uint64_t largest_ns)
{
    uint64_t claimed = (uint64_t)((unsigned __int128)predicted_ns * factor >> 32);
    if (predicted_ns < elapsed_ns / 64 || distance(busy_ns, claimed) <= elapsed_ns * 3 / 200 + largest_ns / 2)
        return factor;
    int64_t step = ((int64_t)ratio(busy_ns, predicted_ns) - (int64_t)factor) * 3 / 10;
    return (uint64_t)((int64_t)factor + step);
}

/* Samples come half a second apart, so the ring has one writer at a time; one who slept through several mixes them, which the bounds of
 * window and factor keep harmless. */
static void take_in(struct hami_usage *usage, const struct sample *sample, bool unsettled)
{
    struct hami_factor *factor = &usage->factor;
    uint64_t place = load_relaxed(&factor->next) % PLACES;
    struct sample before = {load_relaxed(&factor->sampled_ns[place]), load_relaxed(&factor->busy_ns[place]),
                            load_relaxed(&factor->predicted_ns[place])};
    uint64_t elapsed = sample->at_ns - before.at_ns, busy = sample->busy_ns - before.busy_ns;
    uint64_t predicted = sample->predicted_ns - before.predicted_ns, largest = load_relaxed(&usage->largest_unit_ns);
    store_relaxed(&factor->sampled_ns[place], sample->at_ns);
    store_relaxed(&factor->busy_ns[place], sample->busy_ns);
    store_relaxed(&factor->predicted_ns[place], sample->predicted_ns);
    store_relaxed(&factor->next, place + 1);
    if (unsettled || before.at_ns >= sample->at_ns || elapsed < WINDOW_LEAST_NS || elapsed > WINDOW_MOST_NS || busy > elapsed * 2 ||
        predicted > elapsed * 64 || largest > elapsed)
        return;
    store_relaxed(&factor->factor_q32, corrected(factor_q32(usage), elapsed, busy, predicted, largest));
}

void factor_update(struct hami_usage *usage, const struct hami_limits *limits, bool unsettled)
{
    uint64_t seen = load_acquire(&usage->factor.at_ns);
    if (load_relaxed(&limits->sampled_at_ns) == seen)
        return;
    struct sample sample = {0};
    if (!read_sample(limits, &sample) || sample.at_ns == seen)
        return;
    sample.predicted_ns = load_relaxed(&usage->predicted_ns);
    if (claim(&usage->factor.at_ns, &seen, sample.at_ns)) /* others who saw it leave it to us */
        take_in(usage, &sample, unsettled);
}
