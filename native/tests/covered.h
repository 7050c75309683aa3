/* A launch that its lane covers, as the gate's look does it (launch_gate.h), for tests of the pacer alone. Not here: one that has to ask. */
#ifndef HAMI_COVERED_H
#define HAMI_COVERED_H

#include "pacer.h"

/* A unit of this function, of grid 1, into a stream. False: the lane does not cover it. */
static inline bool launch_covered(struct pacer_lane *lane, const struct costs *costs, uint64_t function, uint64_t stream)
{
    uint64_t cost = costs_find(costs, function, 1);
    if (!cost || lane->stream != stream || (int64_t)cost > lane->grain_ns)
        return false;
    lane->grain_ns -= (int64_t)cost;
    lane->launches++;
    return true;
}

#endif
