#include "cuda_time.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "time_file.h"

/* How long who waits sleeps at most: until he looks whether another process died, or did what he waits for. */
#define LOOK_NS UINT64_C(200000)
#define LOOK_FOR_DEAD_NS UINT64_C(2000000)
#define LOOK_FOR_END_NS UINT64_C(10000000) /* of its own context, by another thread */
#define SLEEP_LEAST_NS UINT64_C(5000)

/* The default stream of one thread. */
struct thread_stream {
    uint64_t thread;
    uint32_t stream;
};

struct sim_time_context {
    uint32_t number; /* on its card */
    uint32_t thread_count;
    struct thread_stream threads[CARD_TIME_STREAMS];
};

/* Threads have numbers that no other thread of the process ever has. */
static uint64_t this_thread(void)
{
    static uint64_t last; /* under the driver's lock */
    static _Thread_local uint64_t number;
    if (!number)
        number = ++last;
    return number;
}

void sim_time_sleep(uint64_t until_ns)
{
    uint64_t least_ns = sim_time_now_ns() + SLEEP_LEAST_NS;
    uint64_t end_ns = until_ns < least_ns ? least_ns : until_ns;
    struct timespec end = {.tv_sec = (time_t)(end_ns / 1000000000u), .tv_nsec = (long)(end_ns % 1000000000u)};
    sim_leave();
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR)
        ;
    sim_enter_again();
}

/* The context takes part. */
static CUresult begin(struct sim_context *context)
{
    struct sim_device *device = context->device;
    if (context->time)
        return CUDA_SUCCESS;
    if (!device->time)
        device->time = sim_time_map(&device->card, device->slot);
    struct sim_time_context *made = device->time ? calloc(1, sizeof *made) : NULL;
    if (!made)
        return CUDA_ERROR_OUT_OF_MEMORY;
    sim_time_enter(device->time);
    made->number = sim_time_begin_context(device->time);
    sim_time_leave(device->time);
    if (made->number == CARD_TIME_NONE) {
        free(made);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    context->time = made;
    return CUDA_SUCCESS;
}

/* ---- Places ---- */

/* A stream for a thread that has none: a new one, or that of a thread whose work is done. CARD_TIME_NONE where all are at work. */
static uint32_t give_thread_stream(struct card_time *card, struct sim_time_context *time, uint64_t thread)
{
    uint32_t stream = card_time_begin_stream(card, time->number, true);
    struct thread_stream *place = stream == CARD_TIME_NONE ? NULL : &time->threads[time->thread_count++];
    for (uint32_t i = 0; !place && i < time->thread_count; i++)
        if (card_time_done(card, card_time_last(card, (struct card_time_place){time->number, time->threads[i].stream})))
            stream = (place = &time->threads[i])->stream;
    if (place)
        *place = (struct thread_stream){thread, stream};
    return stream;
}

static uint32_t thread_stream(struct card_time *card, struct sim_time_context *time)
{
    uint64_t thread = this_thread();
    for (uint32_t i = 0; i < time->thread_count; i++)
        if (time->threads[i].thread == thread)
            return time->threads[i].stream;
    return give_thread_stream(card, time, thread);
}

/* Where a stream of a context that takes part has its work; its `stream` is CARD_TIME_NONE where the card has no more. */
static struct card_time_place place_of(struct card_time *card, struct sim_context *context, CUstream handle)
{
    struct card_time_place place = {context->time->number, 0};
    struct CUstream_st *stream = sim_stream(handle);
    if (handle == CU_STREAM_PER_THREAD)
        place.stream = thread_stream(card, context->time);
    else if (stream) {
        if (!stream->time_stream)
            stream->time_stream = card_time_begin_stream(card, place.context, (stream->flags & CU_STREAM_NON_BLOCKING) != 0);
        place.stream = stream->time_stream;
        if (stream->time_stream == CARD_TIME_NONE)
            stream->time_stream = 0;
    }
    return place;
}

static uint64_t submit(struct card_time *card, struct card_time_place place, enum sim_ask what, uint64_t value)
{
    uint64_t now_ns = sim_time_now_ns();
    switch (what) {
    case SIM_ASK_KERNEL:
        return card_time_kernel(card, now_ns, place, value);
    case SIM_ASK_RECORD:
        return card_time_record(card, now_ns, place, (uint32_t)value);
    case SIM_ASK_WAIT:
        return card_time_wait(card, now_ns, place, value);
    case SIM_ASK_HOLD:
        return card_time_hold(card, now_ns, place);
    }
    return CARD_TIME_FULL;
}

/* Whether the handle is still one of the context, after the driver was let go. */
static CUresult check(const struct sim_context *context, CUstream handle)
{
    if (!context->live)
        return CUDA_ERROR_CONTEXT_IS_DESTROYED;
    return sim_stream_is_default(handle) || sim_stream(handle) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

/* Ask once. A ticket of 0: the queue is full until the change. */
static CUresult try_to_ask(struct sim_context *context, CUstream handle, enum sim_ask what, uint64_t value, uint64_t *ticket,
                           uint64_t *change_ns)
{
    CUresult result = check(context, handle);
    if (result == CUDA_SUCCESS)
        result = begin(context);
    if (result != CUDA_SUCCESS)
        return result;
    struct card_time *card = sim_time_enter(context->device->time);
    struct card_time_place place = place_of(card, context, handle);
    if (place.stream == CARD_TIME_NONE)
        result = CUDA_ERROR_OUT_OF_MEMORY;
    else
        *ticket = submit(card, place, what, value);
    *change_ns = card_time_next_change_ns(card);
    sim_time_leave(context->device->time);
    return result;
}

static uint64_t earlier(uint64_t one_ns, uint64_t other_ns)
{
    return one_ns < other_ns ? one_ns : other_ns;
}

CUresult sim_time_ask(struct sim_context *context, CUstream handle, enum sim_ask what, uint64_t value, uint64_t *ticket)
{
    uint64_t change_ns;
    for (;;) {
        *ticket = CARD_TIME_FULL;
        CUresult result = try_to_ask(context, handle, what, value, ticket, &change_ns);
        if (result != CUDA_SUCCESS || *ticket != CARD_TIME_FULL)
            return result;
        sim_time_sleep(earlier(change_ns, sim_time_now_ns() + LOOK_NS));
    }
}

/* ---- Events and holds ---- */

CUresult sim_time_event(struct sim_context *context, uint32_t *event)
{
    CUresult result = begin(context);
    if (result != CUDA_SUCCESS)
        return result;
    struct card_time *card = sim_time_enter(context->device->time);
    *event = card_time_begin_event(card, context->time->number);
    sim_time_leave(context->device->time);
    return *event == CARD_TIME_NONE ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_SUCCESS;
}

void sim_time_end_event(struct sim_context *context, uint32_t event)
{
    if (!context->time)
        return; /* it ended with its context */
    card_time_end_event(sim_time_enter(context->device->time), event);
    sim_time_leave(context->device->time);
}

bool sim_time_is_done(struct sim_device *device, uint64_t ticket, uint64_t *soonest_ns)
{
    if (!ticket)
        return true;
    struct card_time *card = sim_time_enter(device->time);
    bool done = card_time_done(card, ticket);
    if (!done && soonest_ns) {
        uint64_t now_ns = sim_time_now_ns(), own_ns = card_time_soonest_ns(card, ticket);
        *soonest_ns = own_ns > now_ns ? own_ns : earlier(card_time_next_change_ns(card), now_ns + LOOK_NS);
        bool others = sim_time_has_others(device->time);
        *soonest_ns = earlier(*soonest_ns, now_ns + (others ? LOOK_FOR_DEAD_NS : LOOK_FOR_END_NS));
    }
    sim_time_leave(device->time);
    return done;
}

uint64_t sim_time_stamp_ns(struct sim_device *device, uint32_t event)
{
    uint64_t stamp_ns = card_time_stamp_ns(sim_time_enter(device->time), event);
    sim_time_leave(device->time);
    return stamp_ns;
}

bool sim_time_is_reached(struct sim_device *device, uint64_t ticket)
{
    bool reached = card_time_reached(sim_time_enter(device->time), ticket);
    sim_time_leave(device->time);
    return reached;
}

void sim_time_release(struct sim_device *device, uint64_t ticket)
{
    card_time_release(sim_time_enter(device->time), sim_time_now_ns(), ticket);
    sim_time_leave(device->time);
}

/* ---- Waiting ---- */

void sim_time_wait(struct sim_device *device, uint64_t ticket)
{
    uint64_t soonest_ns;
    while (!sim_time_is_done(device, ticket, &soonest_ns))
        sim_time_sleep(soonest_ns);
}

/* The tickets of all that a context was asked for and is not done; those of the streams that the NULL stream orders, if `ordered`. */
static uint32_t last_tickets(struct sim_context *context, bool ordered, uint64_t tickets[CARD_TIME_STREAMS])
{
    const struct card_time *card = sim_time_enter(context->device->time);
    uint32_t number = context->time->number, count = 0;
    for (uint32_t i = 0; i < CARD_TIME_STREAMS; i++) {
        uint64_t last = card_time_last(card, (struct card_time_place){number, i});
        if (!card_time_done(card, last) && (!ordered || !card_time_is_concurrent(card, (struct card_time_place){number, i})))
            tickets[count++] = last;
    }
    sim_time_leave(context->device->time);
    return count;
}

static uint32_t stream_tickets(struct sim_context *context, CUstream handle, uint64_t tickets[CARD_TIME_STREAMS])
{
    const struct CUstream_st *stream = sim_stream(handle);
    if (!context->time || (stream && !stream->time_stream))
        return 0;
    if (sim_stream_is_default(handle) && handle != CU_STREAM_PER_THREAD)
        return last_tickets(context, true, tickets);
    struct card_time *card = sim_time_enter(context->device->time);
    struct card_time_place place = place_of(card, context, handle);
    if (place.stream != CARD_TIME_NONE)
        tickets[0] = card_time_last(card, place);
    sim_time_leave(context->device->time);
    return place.stream != CARD_TIME_NONE;
}

CUresult sim_time_wait_stream(struct sim_context *context, CUstream handle)
{
    uint64_t tickets[CARD_TIME_STREAMS];
    struct sim_device *device = context->device;
    uint32_t count = stream_tickets(context, handle, tickets);
    for (uint32_t i = 0; i < count; i++)
        sim_time_wait(device, tickets[i]);
    return context->live ? CUDA_SUCCESS : CUDA_ERROR_CONTEXT_IS_DESTROYED;
}

void sim_time_wait_context(struct sim_context *context)
{
    uint64_t tickets[CARD_TIME_STREAMS];
    struct sim_device *device = context->device;
    uint32_t count = context->time ? last_tickets(context, false, tickets) : 0;
    for (uint32_t i = 0; i < count; i++)
        sim_time_wait(device, tickets[i]);
}

bool sim_time_stream_is_done(struct sim_context *context, CUstream handle)
{
    uint64_t tickets[CARD_TIME_STREAMS];
    uint32_t count = stream_tickets(context, handle, tickets), i = 0;
    while (i < count && sim_time_is_done(context->device, tickets[i], NULL))
        i++;
    return i == count;
}

/* ---- Ends ---- */

void sim_time_end_stream(CUstream handle)
{
    struct sim_context *context = handle->context;
    if (!handle->time_stream || !context->time)
        return;
    card_time_end_stream(sim_time_enter(context->device->time), (struct card_time_place){context->time->number, handle->time_stream});
    sim_time_leave(context->device->time);
}

void sim_time_end_contexts_part(struct sim_context *context)
{
    if (!context->time)
        return;
    sim_time_enter(context->device->time);
    sim_time_end_context(context->device->time, context->time->number, sim_time_now_ns());
    sim_time_leave(context->device->time);
    free(context->time);
    context->time = NULL;
}
