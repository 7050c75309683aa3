/* Work that takes time of a card: what a process asks of its streams, and how it waits. A context of which nothing takes time has no part in
 * it: what it is asked is done at once. All between sim_enter and sim_leave; what says that it waits lets go of the driver meanwhile.
 * Not here: the card's own time (card_time.h), and which functions ask for what. */
#ifndef HAMI_SIM_CUDA_TIME_H
#define HAMI_SIM_CUDA_TIME_H

#include "cuda_context.h"
#include "cuda_streams.h"

enum sim_ask {
    SIM_ASK_KERNEL, /* its ns */
    SIM_ASK_RECORD, /* an event's number in its context */
    SIM_ASK_WAIT,   /* a ticket of the same card */
    SIM_ASK_HOLD,   /* 0 */
};

/* Ask a stream for work, and have its ticket. Waits while the queue is full. The stream's context takes part from now on. */
CUresult sim_time_ask(struct sim_context *context, CUstream stream, enum sim_ask what, uint64_t value, uint64_t *ticket);

/* The number of a new event for sim_time_ask, and its end. CUDA_ERROR_OUT_OF_MEMORY where the card has no more of them. */
CUresult sim_time_event(struct sim_context *context, uint32_t *event);
void sim_time_end_event(struct sim_context *context, uint32_t event);

/* Whether what a ticket of a device stands for is done; 0 always is. `soonest_ns` (or NULL): a time until which nobody need look again. */
bool sim_time_is_done(struct sim_device *device, uint64_t ticket, uint64_t *soonest_ns);

/* When the last record of an event was reached, which is done. */
uint64_t sim_time_stamp_ns(struct sim_device *device, uint32_t event);

/* Whether a stream stands at a hold; and let it go on. */
bool sim_time_is_reached(struct sim_device *device, uint64_t ticket);
void sim_time_release(struct sim_device *device, uint64_t ticket);

/* Wait for a ticket, for all that a stream or a context was asked until now. A stream that is NULL's is all that its context orders by it. */
void sim_time_wait(struct sim_device *device, uint64_t ticket);
CUresult sim_time_wait_stream(struct sim_context *context, CUstream stream);
void sim_time_wait_context(struct sim_context *context);

/* Whether all that a stream was asked for is done. */
bool sim_time_stream_is_done(struct sim_context *context, CUstream stream);

/* A stream that a program made, or a context, is no more. */
void sim_time_end_stream(CUstream stream);
void sim_time_end_contexts_part(struct sim_context *context);

/* Let go of the driver until a time, or a bit longer. */
void sim_time_sleep(uint64_t until_ns);

#endif
