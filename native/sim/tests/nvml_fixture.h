/* A program of NVML on one card, for tests. */
#ifndef HAMI_SIM_NVML_FIXTURE_H
#define HAMI_SIM_NVML_FIXTURE_H

#include "nvml_api.h"
#include "sim_test.h"

#define OK(call) CHECK((call) == NVML_SUCCESS)

/* Write card 0, of 64 MiB and 2 for a context, initialize NVML, and find the card. */
nvmlDevice_t sim_nvml_start(void);

#endif
