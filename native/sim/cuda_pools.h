/* Memory pools: each device has one, and programs make more. Not here: addresses (cuda_memory.h). */
#ifndef HAMI_SIM_CUDA_POOLS_H
#define HAMI_SIM_CUDA_POOLS_H

#include "cuda_context.h"

/* What a synchronization does to the pools: what was freed is free now, and goes back to the card but for what they may keep.
 * Between sim_enter and sim_leave. */
void sim_pools_synchronize(void);

#endif
