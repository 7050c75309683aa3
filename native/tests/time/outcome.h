/* What shares of a virtual card had of its time, second by second, by what the card knows. Not here: what it ought to be (time_*.c). */
#ifndef HAMI_TIME_OUTCOME_H
#define HAMI_TIME_OUTCOME_H

#include "world.h"

enum { OUTCOME_SHARES = 8, OUTCOME_SECONDS = 60 };

struct outcome {
    unsigned shares, seconds;
    double percent[OUTCOME_SHARES][OUTCOME_SECONDS]; /* of each second */
};

/* Let the world go on and look. At most OUTCOME_SECONDS. */
struct outcome outcome_of(struct world *world, unsigned shares, unsigned seconds);

double outcome_mean(const struct outcome *outcome, unsigned share);

/* The largest distance of a mean over ten seconds (of all, where there are fewer) from a limit. */
double outcome_worst(const struct outcome *outcome, unsigned share, double limit);

/* The standard deviation of the shares of single seconds. */
double outcome_spread(const struct outcome *outcome, unsigned share);

/* How busy the card was with all of them. */
double outcome_card(const struct outcome *outcome);

/* What a share had of the time until `after_ns` from now, in percent. */
double outcome_over(struct world *world, unsigned share, uint64_t after_ns);

#endif
