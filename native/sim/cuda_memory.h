/* Device memory of this process: addresses, and what each took of the card. Not here: whether the card has it (physical.h). */
#ifndef HAMI_SIM_CUDA_MEMORY_H
#define HAMI_SIM_CUDA_MEMORY_H

#include "cuda_context.h"

/* Free all that a context allocated. Between sim_enter and sim_leave. */
void sim_memory_free_all(struct sim_context *context);

#endif
