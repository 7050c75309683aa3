#include "grains.h"

#define PERIOD_NS UINT64_C(20000000)        /* in which a lone share earns its grain, and so sleeps once */
#define PAUSED_NS UINT64_C(3000000000)      /* so long after a batch in which the host paused, grains are short */
#define RESAMPLE_NS UINT64_C(10000000)      /* so long without a measured batch, and one unit is measured by itself */
#define RESAMPLE_LONG_NS (4 * PERIOD_NS)    /* the same, where batches are seldom, and likely to be measured */

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

bool grains_are_steady(const struct pacer *pacer, uint64_t predicted_ns, uint64_t now_ns)
{
    return predicted_ns <= PACER_WINDOW_NS && (!pacer->paused_ns || now_ns - pacer->paused_ns > PAUSED_NS);
}

uint64_t grains_whole_ns(uint64_t window_ns, uint32_t percent)
{
    if (window_ns <= PACER_WINDOW_NS)
        return window_ns / 4;
    return larger(smaller(PERIOD_NS / 100 * smaller(percent, 100), window_ns / 2), PACER_GRAIN_NS);
}

uint64_t grains_next_ns(const struct pacer *pacer, uint64_t window_ns)
{
    uint64_t rest = window_ns > pacer->unspent_ns ? window_ns - pacer->unspent_ns : 0;
    return rest < PACER_GRAIN_NS ? 0 : larger(smaller(pacer->grain_ns, rest / 2), PACER_GRAIN_NS);
}

/* One that is on its way to be measured is enough. */
bool grains_is_alone(const struct pacer *pacer, const struct pacer_unit *unit, uint64_t predicted_ns, uint64_t now_ns)
{
    uint64_t last = larger(pacer->measured_ns, pacer->sampled_ns), resample = pacer->grain_ns > PACER_GRAIN_NS ? RESAMPLE_LONG_NS : RESAMPLE_NS;
    return !unit->cost_ns || predicted_ns >= pacer->grain_ns / 2 || now_ns - last > resample;
}
