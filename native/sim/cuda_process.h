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
    struct sim_time *time; /* NULL until something of this process takes time of it (cuda_time.h) */
};

/* Begin a call that needs an initialized driver: CUDA_SUCCESS means that the process's lock is held until leave.
 * A child of a process that called cuInit has no driver: CUDA_ERROR_NOT_INITIALIZED, as with the real one. */
CUresult sim_enter(void);
void sim_leave(void);

/* Take the lock again after having left in the midst of a call. */
void sim_enter_again(void);

/* Call a function of the program, without the lock; until it returns, this thread may not enter: CUDA_ERROR_NOT_PERMITTED. */
void sim_call_program(void (*function)(void *argument), void *argument);

/* The device of an ordinal, or NULL. Between enter and leave. */
struct sim_device *sim_device(CUdevice ordinal);

/* Like sim_enter, for a call about a device. On any failure nothing is held. */
CUresult sim_enter_device(CUdevice ordinal, struct sim_device **device);

/* The CUDA version of the driver, 1000 · major + 10 · minor; may be asked at any time. */
unsigned sim_cuda_version(void);

#endif
