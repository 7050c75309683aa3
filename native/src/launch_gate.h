/* The look that every launch gets: whether what its thread may launch without asking covers it. launch_entries.S has it for x86-64, and
 * launch_gate.c, the same in C, for other processors and for tests. Not here: what is asked where it does not (gate.h).
 *
 * With several cards it goes by streams that were created alone. Such a handle is of one context, and so of one card, until the stream ends,
 * which endings.h sees; a launch into it runs there whatever context is current, or is refused. The default streams are those of the current
 * context, which changes in ways that nobody sees, and a function's handle may be a CUkernel, which is of no context: so for those the driver
 * is asked which card is current (passes.c), and no launch is charged to a card that it does not run on.
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

enum { LAUNCH_SEEN = 8 };
#define LAUNCH_SEEN_PLACE(stream) ((stream) * COSTS_SPREAD >> 61)

/* Work of a lane that is not marked yet. */
struct launch_open {
    uint64_t key;        /* pacer's number of its stream; 0: an empty place */
    CUstream stream;     /* as cuEventRecord of the legacy interface names it */
    struct marks *marks; /* of its context */
    CUevent start;       /* NULL: none */
};

/* A thread on one card. The look reads what stands first; what another thread's end of a stream or begin of a capture changes is `covers`, `costs`
 * and `seen`, each a word by itself. */
struct launch_lane {
    uint64_t covers[LAUNCH_APIS]; /* the handle, by which each interface means pacer.stream wherever it is called; LAUNCH_NO_STREAM */
    const struct costs *costs;    /* of the card; without any while a stream captures */
    struct pacer_lane pacer;
    uint64_t here[LAUNCH_APIS];   /* the same where this card's context is current; LAUNCH_NO_STREAM */
    uint64_t seen[LAUNCH_SEEN];   /* streams that are known to be of this card; LAUNCH_NO_STREAM */
    unsigned unasked;             /* launches that went by that */
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

/* Whether it is one of the streams that each context has: of which card, the handle does not tell. */
static inline bool launch_is_default(CUstream stream)
{
    return (uintptr_t)stream <= (uintptr_t)CU_STREAM_PER_THREAD;
}

/* Whether nothing is limited, as far as one look tells. */
static inline bool launch_is_free(void)
{
    return __atomic_load_n(__atomic_load_n(&launch_gate.version, __ATOMIC_ACQUIRE), __ATOMIC_ACQUIRE) ==
           __atomic_load_n(&launch_gate.unlimited, __ATOMIC_RELAXED);
}

/* Whether a unit's cost can be taken from a lane, in the stream that the lane is for; then it is. */
static inline bool launch_takes(struct launch_lane *lane, uint64_t function, uint64_t grid)
{
    int64_t cost = (int64_t)costs_find(__atomic_load_n(&lane->costs, __ATOMIC_RELAXED), function, grid); /* at most COSTS_LARGEST_NS */
    if (cost == 0 || cost > lane->pacer.grain_ns)
        return false;
    lane->pacer.grain_ns -= cost;
    lane->pacer.launches++;
    return true;
}

/* Whether a launch may go on at once: the whole look. */
static inline bool launch_passes(enum launch_api api, uint64_t function, uint64_t grid, CUstream stream)
{
    struct launch_lane *lane = launch_lane;
    bool covers = __atomic_load_n(&lane->covers[api], __ATOMIC_RELAXED) == (uintptr_t)stream;
    return (covers && launch_takes(lane, function, grid)) || launch_is_free();
}

/* Whether a launch that the look does not let go on may all the same, since it is for another card than the thread's last one, or for one that the
 * look cannot tell, or that has several shares (passes.c). */
bool gate_passes(enum launch_api api, uint64_t function, uint64_t grid, CUstream stream);

/* What is done with a launch that neither lets go on (wrap_launch.c). */
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
