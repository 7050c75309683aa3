/* The credit of a share: ns of its card's time that its processes may still use, on the usage page; below 0 the share owes.
 * It grows with the clock by the share's limit; work takes from it at its launch, and what is measured corrects it.
 * Pure: it touches the page alone. Not here: who may launch (pacer.h), what work takes (costs.h), the factor (factor.h).
 *
 * Order. The credit is a sum: every change is one fetch-and-add, and sums commute. Time is given out once: who swaps `refilled_at_ns`
 * forward owns the time between. One who dies after that and before it adds loses the share one step, at most CREDIT_STEP_NS of time. */
#ifndef HAMI_CREDIT_H
#define HAMI_CREDIT_H

#include <stdint.h>

#include "hami_pages.h"

enum {
    CREDIT_BURST_NS = 50000000, /* it grows no further by waiting */
    CREDIT_STEP_NS = 100000000, /* more time at once does not count: nobody was there to use it */
    CREDIT_SLACK_NS = 5000000,  /* a time on the page that is further ahead is nonsense, or the clock went back */
};

/* Let the time that passed count, for `percent` of the card. The credit grows to `burst_ns` at most; more than that it keeps. */
void credit_refill(struct hami_usage *usage, uint32_t percent, uint64_t burst_ns, uint64_t now_ns);

int64_t credit_ns(const struct hami_usage *usage);

/* Change it, up or down; what it is then. */
int64_t credit_add(struct hami_usage *usage, int64_t ns);

/* How long until a credit is no longer below 0, if nothing but time changes it; at most a day. */
uint64_t credit_wait_ns(int64_t credit, uint32_t percent);

/* `ns` times a number of 32.32 bits, as the factor is; it ends at INT64_MAX. */
int64_t credit_times(uint64_t ns, uint64_t factor_q32);

#endif
