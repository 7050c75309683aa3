/* A program of the CUDA driver API on one card, for tests. */
#ifndef HAMI_SIM_CUDA_FIXTURE_H
#define HAMI_SIM_CUDA_FIXTURE_H

#include "cuda_api.h"
#include "sim_test.h"

#define OK(call) CHECK((call) == CUDA_SUCCESS)

/* Write card 0, initialize the driver, and make a context on it current. */
CUcontext sim_start_with_context(uint64_t memory_mib, uint64_t context_mib);

/* What living processes hold of a card. */
uint64_t sim_physical_mib(unsigned index);

#endif
