/* What the simulated CUDA driver knows in one process: its devices, whether cuInit was called, and one lock.
 * Not here: contexts (cuda_context.h), memory (cuda_memory.h). */
#ifndef HAMI_SIM_CUDA_PROCESS_H
#define HAMI_SIM_CUDA_PROCESS_H

#include "card.h"
#include "cuda_api.h"

struct sim_context;

struct sim_device {
    struct sim_card card;
    CUdevice ordinal;
    unsigned slot; /* of this process on the card; SIM_NO_SLOT until it has its first context */
    struct sim_context *primary;
    unsigned primary_references;
};

/* Begin a call that needs an initialized driver: CUDA_SUCCESS means that the process's lock is held until leave.
 * A child of a process that called cuInit has no driver: CUDA_ERROR_NOT_INITIALIZED, as with the real one. */
CUresult sim_enter(void);
void sim_leave(void);

/* The device of an ordinal, or NULL. Between enter and leave. */
struct sim_device *sim_device(CUdevice ordinal);

/* Like sim_enter, for a call about a device. On any failure nothing is held. */
CUresult sim_enter_device(CUdevice ordinal, struct sim_device **device);

/* The CUDA version of the driver, 1000 · major + 10 · minor; may be asked at any time. */
unsigned sim_cuda_version(void);

#endif
