#include "outcome.h"

#include <math.h>

#include "test.h"

double outcome_over(struct world *world, unsigned share, uint64_t after_ns)
{
    uint64_t before = world_busy_ns(world, share);
    world_run(world, world_now(world) + after_ns);
    return 100.0 * (double)(world_busy_ns(world, share) - before) / (double)after_ns;
}

struct outcome outcome_of(struct world *world, unsigned shares, unsigned seconds)
{
    struct outcome outcome = {.shares = shares, .seconds = seconds};
    uint64_t before[OUTCOME_SHARES];
    CHECK(shares <= OUTCOME_SHARES && seconds <= OUTCOME_SECONDS);
    for (unsigned share = 0; share < shares; share++)
        before[share] = world_busy_ns(world, share);
    for (unsigned second = 0; second < seconds; second++) {
        world_run(world, world_now(world) + SECOND);
        for (unsigned share = 0; share < shares; share++) {
            uint64_t busy = world_busy_ns(world, share);
            outcome.percent[share][second] = (double)(busy - before[share]) * 100 / (double)SECOND;
            before[share] = busy;
        }
    }
    return outcome;
}

static double mean_of(const double *values, unsigned count)
{
    double sum = 0;
    for (unsigned i = 0; i < count; i++)
        sum += values[i];
    return sum / count;
}

double outcome_mean(const struct outcome *outcome, unsigned share)
{
    return mean_of(outcome->percent[share], outcome->seconds);
}

double outcome_worst(const struct outcome *outcome, unsigned share, double limit)
{
    unsigned window = outcome->seconds < 10 ? outcome->seconds : 10;
    double worst = 0;
    for (unsigned first = 0; first + window <= outcome->seconds; first++)
        worst = fmax(worst, fabs(mean_of(&outcome->percent[share][first], window) - limit));
    return worst;
}

double outcome_spread(const struct outcome *outcome, unsigned share)
{
    double mean = outcome_mean(outcome, share), sum = 0;
    for (unsigned second = 0; second < outcome->seconds; second++)
        sum += (outcome->percent[share][second] - mean) * (outcome->percent[share][second] - mean);
    return sqrt(sum / outcome->seconds);
}

double outcome_card(const struct outcome *outcome)
{
    double sum = 0;
    for (unsigned share = 0; share < outcome->shares; share++)
        sum += outcome_mean(outcome, share);
    return sum;
}
