#include "grains.h"

#include "of_two.h"

#define PERIOD_NS UINT64_C(20000000)        /* in which a lone share earns its grain, and so sleeps once */
#define UNSTEADY_NS UINT64_C(3000000000)    /* so long after something unsteady was seen, grains are short */
#define RESAMPLE_NS UINT64_C(10000000)      /* so long after a measured batch, where others since were not, one unit is measured by itself */

bool grains_are_steady(const struct pacer *pacer, uint64_t predicted_ns, uint64_t now_ns)
{
    return predicted_ns <= PACER_WINDOW_NS && (!pacer->unsteady_ns || now_ns - pacer->unsteady_ns > UNSTEADY_NS);
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

/* Where all that ended was measured, for however long nothing did, there is no need to; and one that is on its way to be is enough. */
bool grains_is_alone(const struct pacer *pacer, const struct pacer_unit *unit, uint64_t predicted_ns, uint64_t now_ns)
{
    bool missed = pacer->ended_ns > pacer->measured_ns && now_ns - larger(pacer->measured_ns, pacer->sampled_ns) > RESAMPLE_NS;
    return !unit->cost_ns || predicted_ns >= pacer->grain_ns / 2 || missed;
}
