#include "launch_gate.h"

/* What launch_entries.S counts on. */
_Static_assert(offsetof(struct launch_lane, covers) == 0, "compared with the stream");
_Static_assert(offsetof(struct launch_lane, pacer.grain_ns) == 16, "LANE_GRAIN");
_Static_assert(offsetof(struct launch_lane, pacer.launches) == 32, "LANE_LAUNCHES");
_Static_assert(offsetof(struct launch_gate, version) == 0, "GATE_VERSION");
_Static_assert(offsetof(struct launch_gate, unlimited) == 8, "GATE_UNLIMITED");
_Static_assert(offsetof(struct launch_gate, costs) == 16, "GATE_COSTS");
_Static_assert(offsetof(struct launch_gate, launch) == 24 && offsetof(struct launch_gate, launch_ptsz) == 32, "the drivers own");
_Static_assert(offsetof(struct launch_gate, cooperative) == 40 && offsetof(struct launch_gate, cooperative_ptsz) == 48, "the drivers own");
_Static_assert(offsetof(struct cost, function) == 0 && offsetof(struct cost, grid) == 8 && offsetof(struct cost, ns) == 16, "COST_…");
_Static_assert(COSTS_BITS == 12 && COST_BYTES == 1 << 5, "64 - 52, and the bytes of a place");

static const uint64_t not_known = UINT64_MAX; /* no version of limits */

/* Nothing is known at first: every launch is asked for. */
struct launch_gate launch_gate = {.version = &not_known, .costs = &launch_no_costs};
struct launch_lane launch_no_lane = {.covers = {LAUNCH_NO_STREAM, LAUNCH_NO_STREAM}};
_Thread_local struct launch_lane *launch_lane = &launch_no_lane;
struct costs launch_no_costs; /* not const: else 128 KiB of zeros would lie in the file */

#if !defined(__x86_64__) || defined(HAMI_GATE_IN_C)

CUresult cuLaunchKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                        unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters,
                        void **extra)
{
    if (launch_passes(LAUNCH_LEGACY, (uintptr_t)function, cost_grid(grid_x, grid_y, grid_z), stream))
        return launch_gate.launch(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters, extra);
    return gated_cuLaunchKernel(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters, extra);
}

CUresult cuLaunchKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                             unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters,
                             void **extra)
{
    if (launch_passes(LAUNCH_PER_THREAD, (uintptr_t)function, cost_grid(grid_x, grid_y, grid_z), stream))
        return launch_gate.launch_ptsz(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters, extra);
    return gated_cuLaunchKernel_ptsz(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters, extra);
}

CUresult cuLaunchCooperativeKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                                   unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters)
{
    if (launch_passes(LAUNCH_LEGACY, (uintptr_t)function, cost_grid(grid_x, grid_y, grid_z), stream))
        return launch_gate.cooperative(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters);
    return gated_cuLaunchCooperativeKernel(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters);
}

CUresult cuLaunchCooperativeKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z,
                                        unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes,
                                        CUstream stream, void **parameters)
{
    if (launch_passes(LAUNCH_PER_THREAD, (uintptr_t)function, cost_grid(grid_x, grid_y, grid_z), stream))
        return launch_gate.cooperative_ptsz(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters);
    return gated_cuLaunchCooperativeKernel_ptsz(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters);
}

#endif
