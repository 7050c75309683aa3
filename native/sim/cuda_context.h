/* Contexts: what a process holds of a device, and each thread's stack of current ones. Between sim_enter and sim_leave. */
#ifndef HAMI_SIM_CUDA_CONTEXT_H
#define HAMI_SIM_CUDA_CONTEXT_H

#include "cuda_process.h"

struct sim_allocation;
struct sim_time_context;

struct sim_context {
    struct sim_context *next;
    struct sim_device *device;
    bool live;
    struct sim_allocation *allocations;
    struct sim_time_context *time; /* NULL until something of it takes time (cuda_time.h) */
};

/* Like sim_enter, and this thread must have a live current context. On any failure nothing is held. */
CUresult sim_enter_context(struct sim_context **context);

#endif
