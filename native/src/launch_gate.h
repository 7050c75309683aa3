/* The look that every launch gets: whether what its thread may launch without asking covers it. launch_entries.S has it for x86-64, and
 * launch_gate.c, the same in C, for other processors and for tests. Not here: what is asked where it does not (gate.h).
 *
 * A launch that is covered takes its cost from its thread's lane and goes on to the driver by a jump: its arguments are not touched, and
 * nothing is written that another thread reads. One that is not covered, while nothing is limited, costs a look at the limits' version. */
#ifndef HAMI_LAUNCH_GATE_H
#define HAMI_LAUNCH_GATE_H

#include <stddef.h>

#include "costs.h"
#include "pacer.h"
#include "real.h"

struct gate;
struct marks;

enum launch_api { LAUNCH_LEGACY, LAUNCH_PER_THREAD, LAUNCH_APIS }; /* the default stream that stream 0 is */

#define LAUNCH_NO_STREAM UINT64_MAX /* no handle of a stream */

/* Work of a lane that is not marked yet. */
struct launch_open {
    uint64_t key;        /* pacer's number of its stream; 0: an empty place */
    CUstream stream;     /* as cuEventRecord of the legacy interface names it */
    struct marks *marks; /* of its context */
    CUevent start;       /* NULL: none */
};

/* A thread on one card. */
struct launch_lane {
    uint64_t covers[LAUNCH_APIS]; /* the handle, by which each interface means pacer.stream; LAUNCH_NO_STREAM */
    struct pacer_lane pacer;
    struct gate *gate;
    struct launch_lane *next;   /* of its thread */
    struct launch_lane *sibling; /* of the gate; this and all below with the gate's lock */
    struct launch_open open[PACER_STREAMS];
    struct launch_open marking; /* what its thread calls the driver for, if it does */
};

/* What the look goes by, of this process. */
struct launch_gate {
    const uint64_t *version; /* of the limits, and that which is known not to limit anything */
    uint64_t unlimited;
    const struct costs *costs; /* without any while a stream captures, or where there are several cards */
    CUresult (*launch)(CUfunction, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int,
                       CUstream, void **, void **);
    CUresult (*launch_ptsz)(CUfunction, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int,
                            CUstream, void **, void **);
    CUresult (*cooperative)(CUfunction, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int,
                            CUstream, void **);
    CUresult (*cooperative_ptsz)(CUfunction, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int,
                                 unsigned int, CUstream, void **);
};

extern struct launch_gate launch_gate;
extern _Thread_local struct launch_lane *launch_lane __attribute__((tls_model("initial-exec"))); /* never NULL */

/* A lane that covers nothing. */
extern struct launch_lane launch_no_lane;

/* A table without costs. */
extern struct costs launch_no_costs;

/* Whether nothing is limited, as far as one look tells. */
static inline bool launch_is_free(void)
{
    return __atomic_load_n(__atomic_load_n(&launch_gate.version, __ATOMIC_ACQUIRE), __ATOMIC_ACQUIRE) ==
           __atomic_load_n(&launch_gate.unlimited, __ATOMIC_RELAXED);
}

/* Whether a lane covers a unit in a stream; then its cost is taken from it. */
static inline bool launch_covered(struct launch_lane *lane, const struct costs *costs, enum launch_api api, uint64_t function, uint64_t grid,
                                  CUstream stream)
{
    if ((uint64_t)(uintptr_t)stream != lane->covers[api])
        return false;
    int64_t cost = (int64_t)costs_find(costs, function, grid); /* at most COSTS_LARGEST_NS */
    if (cost == 0 || cost > lane->pacer.grain_ns)
        return false;
    lane->pacer.grain_ns -= cost;
    lane->pacer.launches++;
    return true;
}

/* Whether a launch may go on at once: the whole look. */
static inline bool launch_passes(enum launch_api api, uint64_t function, uint64_t grid, CUstream stream)
{
    return launch_covered(launch_lane, __atomic_load_n(&launch_gate.costs, __ATOMIC_RELAXED), api, function, grid, stream) || launch_is_free();
}

/* What is done with a launch that the look does not let go on (wrap_launch.c). */
CUresult gated_cuLaunchKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                              unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters,
                              void **extra);
CUresult gated_cuLaunchKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                                   unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream,
                                   void **parameters, void **extra);
CUresult gated_cuLaunchCooperativeKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z,
                                         unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes,
                                         CUstream stream, void **parameters);
CUresult gated_cuLaunchCooperativeKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z,
                                              unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes,
                                              CUstream stream, void **parameters);

#endif
