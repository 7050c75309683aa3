#include "factor.h"

#include "atomics.h"

#define ONE (UINT64_C(1) << 32)
#define PLACES 4
#define LEAST (ONE / 4)
#define MOST (ONE * 4)
/* Of a sample: what is further apart is not of one run of samples. */
#define WINDOW_LEAST_NS UINT64_C(1000000000)
#define WINDOW_MOST_NS UINT64_C(20000000000)
#define STALE_NS UINT64_C(5000000000) /* the node samples twice a second, and a driver that is replaced is away for a few */
#define DELAY_NS UINT64_C(250000000) /* NVML's window is a sixth of a second, and the last whole one is told */

uint64_t factor_q32(const struct hami_usage *usage)
{
    uint64_t factor = load_relaxed(&usage->factor.factor_q32);
    return !factor ? ONE : factor < LEAST ? LEAST : factor > MOST ? MOST : factor;
}

/* Of late, and as the card had it: events beside neighbours make it longer. */
static uint64_t largest_unit_ns(const struct hami_usage *usage)
{
    return (uint64_t)((unsigned __int128)load_relaxed(&usage->largest_unit_ns) * factor_q32(usage) >> 32);
}

struct sample {
    uint64_t at_ns, busy_ns, predicted_ns;
    uint64_t copied_ns; /* of predicted_ns */
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

/* Part of the way to where the samples point. */
static uint64_t towards(uint64_t factor, uint64_t aim)
{
    return (uint64_t)((int64_t)factor + ((int64_t)aim - (int64_t)factor) / 2);
}

/* The factor after a window of the node's samples. Within the band two times agree as well as the samples can tell: whole percents of each process
 * (`truncated_ns`: what they may be short of, and a little), and a unit that is accounted when it is launched or ends, and seen while it runs; at the worst one at each end.
 * Where the share's own clock agrees with the node without a factor, there is to be none: else one that came of chance would stay. And away from one it
 * goes only where the last two samples point the same way by themselves (`agree`): a process that dies takes along what the node had not yet seen of it. */
static uint64_t corrected(uint64_t factor, uint64_t elapsed_ns, uint64_t busy_ns, uint64_t predicted_ns,
                          uint64_t truncated_ns, uint64_t piece_ns, bool agree)
{
    uint64_t claimed = (uint64_t)((unsigned __int128)predicted_ns * factor >> 32), band = truncated_ns + piece_ns;
    if (distance(busy_ns, predicted_ns) <= band + piece_ns)
        return towards(factor, ONE);
    if (!agree || predicted_ns < elapsed_ns / 64 || distance(busy_ns, claimed) <= band)
        return factor;
    return towards(factor, ratio(busy_ns, predicted_ns));
}

static struct sample read_place(const struct hami_usage *usage, uint64_t place)
{
    const struct hami_factor *factor = &usage->factor;
    return (struct sample){load_relaxed(&factor->sampled_ns[place]), load_relaxed(&factor->busy_ns[place]),
                           load_relaxed(&factor->predicted_ns[place]), load_relaxed(&usage->sampled_copied_ns[place])};
}

/* What the node can have meant by what it saw: NVML counts kernels, and by that some copies and memsets and others not. So anything between the
 * time with them and without them agrees with the share's own. */
static uint64_t predicted_as_seen(uint64_t busy_ns, uint64_t predicted_ns, uint64_t copied_ns)
{
    uint64_t without = predicted_ns > copied_ns ? predicted_ns - copied_ns : 0;
    return busy_ns < without ? without : busy_ns < predicted_ns ? busy_ns : predicted_ns;
}

/* What the share had accounted a little before a sample, in proportion to the time since the sample before. */
static uint64_t predicted_then(const struct sample *before, const struct sample *sample)
{
    uint64_t apart = sample->at_ns - before->at_ns, back = apart < DELAY_NS ? apart : DELAY_NS;
    return sample->predicted_ns - (uint64_t)((unsigned __int128)(sample->predicted_ns - before->predicted_ns) * back / (apart ? apart : 1));
}

static uint64_t times(uint64_t ns, uint64_t factor)
{
    return (uint64_t)((unsigned __int128)ns * factor >> 32);
}

/* Whether the node saw less than the share accounted, between two samples, of which `before` is that before the first. */
static bool is_less(const struct sample *before, const struct sample *from, const struct sample *to, uint64_t factor)
{
    return to->busy_ns - from->busy_ns < times(predicted_then(from, to) - predicted_then(before, from), factor);
}

/* How many processes of the share launched something of late. */
static unsigned count_processes(const struct hami_usage *usage, uint64_t now_ns)
{
    unsigned count = 0;
    for (unsigned slot = 0; slot < HAMI_SLOTS; slot++) {
        uint64_t last = load_relaxed(&usage->slots[slot].last_launch_ns);
        count += last && last + WINDOW_MOST_NS / PLACES > now_ns;
    }
    return count ? count : 1;
}

/* The ring's window begins one sample after its oldest. What the node sees is of a quarter of a second ago and more, so what the share accounted
 * is taken from before the samples: else each change of what it does reads as an error of its clock.
 * Samples come half a second apart, so the ring has one writer at a time; one who slept through several mixes them, which the bounds of
 * window and factor keep harmless. */
static void take_in(struct hami_usage *usage, const struct sample *now, uint64_t turn_ns, bool unsettled)
{
    struct hami_factor *factor = &usage->factor;
    uint64_t place = load_relaxed(&factor->next) % PLACES;
    struct sample oldest = read_place(usage, place), from = read_place(usage, (place + 1) % PLACES);
    struct sample last = read_place(usage, (place + PLACES - 1) % PLACES), second = read_place(usage, (place + PLACES - 2) % PLACES);
    uint64_t elapsed = now->at_ns - from.at_ns, busy = now->busy_ns - from.busy_ns, largest = largest_unit_ns(usage);
    uint64_t predicted = predicted_then(&last, now) - predicted_then(&oldest, &from);
    uint64_t known = factor_q32(usage);
    bool less = busy < times(predicted, known), agree = is_less(&from, &second, &last, known) == less && is_less(&second, &last, now, known) == less;
    store_relaxed(&factor->sampled_ns[place], now->at_ns);
    store_relaxed(&factor->busy_ns[place], now->busy_ns);
    store_relaxed(&factor->predicted_ns[place], now->predicted_ns);
    store_relaxed(&usage->sampled_copied_ns[place], now->copied_ns);
    store_relaxed(&factor->next, place + 1);
    if (unsettled || !oldest.at_ns || oldest.at_ns >= from.at_ns || from.at_ns >= now->at_ns || elapsed < WINDOW_LEAST_NS ||
        elapsed > WINDOW_MOST_NS || busy > elapsed * 2 || predicted > elapsed * 64 || largest > elapsed)
        return;
    uint64_t truncated = elapsed / 100 * count_processes(usage, now->at_ns) + elapsed / 200;
    predicted = predicted_as_seen(busy, predicted, now->copied_ns - from.copied_ns);
    uint64_t piece = largest > turn_ns ? largest : turn_ns;
    store_relaxed(&factor->factor_q32, corrected(known, elapsed, busy, predicted, truncated, piece, agree));
}

/* Long units make the two differ by where they begin and end: then samples are taken in more rarely, so that several lie between. */
static bool comes_too_soon(const struct hami_usage *usage, const struct sample *sample)
{
    uint64_t last = (load_relaxed(&usage->factor.next) + PLACES - 1) % PLACES;
    uint64_t apart = sample->at_ns - load_relaxed(&usage->factor.sampled_ns[last]);
    uint64_t predicted = sample->predicted_ns - load_relaxed(&usage->factor.predicted_ns[last]);
    return predicted < 4 * load_relaxed(&usage->largest_unit_ns) && apart < WINDOW_MOST_NS / PLACES;
}

/* What the node sees no more loosens nothing: what was true beside the neighbours of then need not be beside those of now. */
static void loosen_nothing(struct hami_usage *usage)
{
    if (factor_q32(usage) < ONE)
        store_relaxed(&usage->factor.factor_q32, ONE);
}

/* Whether the last sample is old. The share's credit is refilled at its questions, so that tells the time. */
static bool is_stale(const struct hami_usage *usage, uint64_t sampled_ns)
{
    return load_relaxed(&usage->refilled_at_ns) > sampled_ns + STALE_NS;
}

void factor_update(struct hami_usage *usage, const struct hami_limits *limits, uint64_t turn_ns, bool unsettled)
{
    uint64_t seen = load_acquire(&usage->factor.at_ns), sampled = load_relaxed(&limits->sampled_at_ns);
    if (sampled == seen && sampled && is_stale(usage, sampled))
        loosen_nothing(usage);
    if (!sampled && seen && claim(&usage->factor.at_ns, &seen, 0))
        loosen_nothing(usage);
    if (sampled == seen || !sampled)
        return;
    struct sample sample = {0};
    if (!read_sample(limits, &sample) || sample.at_ns == seen)
        return;
    sample.predicted_ns = load_relaxed(&usage->predicted_ns);
    sample.copied_ns = load_relaxed(&usage->copied_ns);
    if (claim(&usage->factor.at_ns, &seen, sample.at_ns) && !comes_too_soon(usage, &sample)) /* others who saw it leave it to us */
        take_in(usage, &sample, turn_ns, unsettled);
}
