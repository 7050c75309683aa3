/* Chance for a world of virtual programs: the same seed gives the same run. Not of the kernel, nor secret. */
#ifndef HAMI_TIME_CHANCE_H
#define HAMI_TIME_CHANCE_H

#include <stdint.h>

struct chance {
    uint64_t state;
};

struct chance chance_seeded(uint64_t seed);

/* Evenly in [0, 1); exponential with a mean of 1; lognormal with a mean of 1 and a standard deviation of 0.3. */
double chance_even(struct chance *chance);
double chance_exponential(struct chance *chance);
double chance_jitter(struct chance *chance);

#endif
