#include "chance.h"

#include <math.h>

#define JITTERS 4096

struct chance chance_seeded(uint64_t seed)
{
    return (struct chance){.state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15)};
}

static uint64_t next(struct chance *chance)
{
    chance->state ^= chance->state << 13;
    chance->state ^= chance->state >> 7;
    chance->state ^= chance->state << 17;
    return chance->state * UINT64_C(0x2545f4914f6cdd1d);
}

double chance_even(struct chance *chance)
{
    return (double)(next(chance) >> 11) * 0x1p-53;
}

double chance_exponential(struct chance *chance)
{
    return -log(1 - chance_even(chance));
}

/* Drawn from a table, since it is asked for at each launch. The table's mean is made exactly 1. */
double chance_jitter(struct chance *chance)
{
    static double table[JITTERS];
    if (table[0] == 0) {
        struct chance own = chance_seeded(2026);
        double sum = 0, sigma = sqrt(log(1 + 0.3 * 0.3));
        for (int i = 0; i < JITTERS; i++) {
            double normal = sqrt(2 * chance_exponential(&own)) * cos(2 * 3.14159265358979 * chance_even(&own));
            sum += table[i] = exp(sigma * normal);
        }
        for (int i = 0; i < JITTERS; i++)
            table[i] *= JITTERS / sum;
    }
    return table[next(chance) % JITTERS];
}
