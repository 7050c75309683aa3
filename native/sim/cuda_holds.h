/* What a stream stands at until this process has done it: a function of the program, a value in memory, work of another card. Done by a thread
 * of the driver, in the order of each stream. Between sim_enter and sim_leave. Not here: the functions that ask for it (cuda_host_work.c). */
#ifndef HAMI_SIM_CUDA_HOLDS_H
#define HAMI_SIM_CUDA_HOLDS_H

#include "cuda_context.h"

/* When the stream stands there, `try` is called again and again until it says that it is done: without the driver's lock and as the program's
 * function if `is_program`, else with the lock. It must free its argument then. `drop` frees it where the context ends before. */
struct sim_hold_task {
    bool (*try)(void *argument);
    void (*drop)(void *argument);
    void *argument;
    bool is_program;
};

/* On failure the argument is still the caller's. */
CUresult sim_hold(struct sim_context *context, CUstream stream, struct sim_hold_task task);

/* The stream waits for what a ticket of another device stands for. */
CUresult sim_hold_for_ticket(struct sim_context *context, CUstream stream, struct sim_device *device, uint64_t ticket);

#endif
