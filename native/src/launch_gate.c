#include "launch_gate.h"

/* What launch_entries.S counts on. */
_Static_assert(offsetof(struct launch_lane, covers) == 0, "compared with the stream");
_Static_assert(offsetof(struct launch_lane, costs) == 16, "LANE_COSTS");
_Static_assert(offsetof(struct launch_lane, pacer.grain_ns) == 24, "LANE_GRAIN");
_Static_assert(offsetof(struct launch_lane, pacer.launches) == 40, "LANE_LAUNCHES");
_Static_assert(offsetof(struct launch_gate, version) == 0, "GATE_VERSION");
_Static_assert(offsetof(struct launch_gate, unlimited) == 8, "GATE_UNLIMITED");
_Static_assert(offsetof(struct launch_gate, launch) == 16 && offsetof(struct launch_gate, launch_ptsz) == 24, "the drivers own");
_Static_assert(offsetof(struct launch_gate, cooperative) == 32 && offsetof(struct launch_gate, cooperative_ptsz) == 40, "the drivers own");
_Static_assert(offsetof(struct cost, function) == 0 && offsetof(struct cost, grid) == 8 && offsetof(struct cost, ns) == 16, "COST_…");
_Static_assert(COSTS_BITS == 12 && COST_BYTES == 1 << 5, "64 - 52, and the bytes of a place");

static const uint64_t not_known = UINT64_MAX; /* no version of limits */

/* Nothing is known at first: every launch is asked for. */
struct launch_gate launch_gate = {.version = &not_known};
struct launch_lane launch_no_lane = {.covers = {LAUNCH_NO_STREAM, LAUNCH_NO_STREAM}, .costs = &launch_no_costs};
_Thread_local struct launch_lane *launch_lane = &launch_no_lane;
struct costs launch_no_costs; /* not const: else 128 KiB of zeros would lie in the file */

#if !defined(__x86_64__) || defined(HAMI_GATE_IN_C)

#define DRIVER(name) __atomic_load_n(&launch_gate.name, __ATOMIC_RELAXED)

static bool may_pass(enum launch_api api, CUfunction function, uint64_t grid, CUstream stream)
{
    return launch_passes(api, (uintptr_t)function, grid, stream) || gate_passes(api, (uintptr_t)function, grid, stream);
}

CUresult cuLaunchKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                        unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters,
                        void **extra)
{
    if (may_pass(LAUNCH_LEGACY, function, cost_grid(grid_x, grid_y, grid_z), stream))
        return DRIVER(launch)(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters, extra);
    return gated_cuLaunchKernel(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters, extra);
}

CUresult cuLaunchKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                             unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters,
                             void **extra)
{
    if (may_pass(LAUNCH_PER_THREAD, function, cost_grid(grid_x, grid_y, grid_z), stream))
        return DRIVER(launch_ptsz)(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters, extra);
    return gated_cuLaunchKernel_ptsz(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters, extra);
}

CUresult cuLaunchCooperativeKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                                   unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters)
{
    if (may_pass(LAUNCH_LEGACY, function, cost_grid(grid_x, grid_y, grid_z), stream))
        return DRIVER(cooperative)(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters);
    return gated_cuLaunchCooperativeKernel(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters);
}

CUresult cuLaunchCooperativeKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z,
                                        unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes,
                                        CUstream stream, void **parameters)
{
    if (may_pass(LAUNCH_PER_THREAD, function, cost_grid(grid_x, grid_y, grid_z), stream))
        return DRIVER(cooperative_ptsz)(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters);
    return gated_cuLaunchCooperativeKernel_ptsz(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters);
}

#endif
