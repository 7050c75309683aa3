/* Events: where nothing of a context takes time, an event is reached when it is recorded. */
#include "cuda_capture.h"
#include "cuda_graph_memory.h"
#include "cuda_handles.h"
#include "cuda_holds.h"
#include "cuda_pools.h"
#include "cuda_time.h"
#include "card_time.h"
#include "time_file.h"

struct CUevent_st {
    struct sim_handle handle;
    unsigned flags;
    bool recorded, captured;
    struct sim_context *context; /* where it was recorded last */
    uint64_t ticket;             /* of that; 0: it was reached at once */
    uint64_t stamp_ns;           /* when it was reached; 0: that is not known yet */
    uint32_t number;             /* in the context's time; CARD_TIME_NONE: none */
};

static struct sim_handle *events;

static CUresult enter_event(CUevent handle)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS || sim_handle_known(events, handle))
        return result;
    sim_leave();
    return CUDA_ERROR_INVALID_HANDLE;
}

static void drop_number(struct CUevent_st *event)
{
    if (event->number != CARD_TIME_NONE)
        sim_time_end_event(event->context, event->number);
    event->number = CARD_TIME_NONE;
}

CUresult cuEventCreate(CUevent *handle, unsigned int flags)
{
    struct sim_context *context;
    CUresult result = handle ? sim_enter_context(&context) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    struct CUevent_st *made = sim_handle_make(&events, sizeof *made);
    if (made) {
        made->flags = flags;
        made->number = CARD_TIME_NONE;
        *handle = made;
    }
    sim_leave();
    return made ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuEventDestroy_v2(CUevent handle)
{
    CUresult result = enter_event(handle);
    if (result != CUDA_SUCCESS)
        return result;
    drop_number(handle);
    sim_handle_end(&events, handle);
    sim_leave();
    return CUDA_SUCCESS;
}

static CUresult record_in_time(struct CUevent_st *event, struct sim_context *context, CUstream stream)
{
    if (event->number == CARD_TIME_NONE || event->context != context) {
        drop_number(event);
        CUresult result = sim_time_event(context, &event->number);
        if (result != CUDA_SUCCESS)
            return result;
    }
    event->context = context;
    return sim_time_ask(context, stream, SIM_ASK_RECORD, event->number, &event->ticket);
}

static CUresult record(struct CUevent_st *event, struct sim_context *context, CUstream stream)
{
    event->captured = sim_capture_of(stream) != NULL;
    if (event->captured)
        return CUDA_SUCCESS;
    event->recorded = true;
    event->stamp_ns = 0;
    if (context->time)
        return record_in_time(event, context, stream);
    event->ticket = 0;
    event->stamp_ns = sim_time_now_ns();
    return CUDA_SUCCESS;
}

CUresult cuEventRecord(CUevent handle, CUstream stream)
{
    struct sim_context *context;
    CUresult result = sim_enter_stream_of(stream, &context);
    if (result != CUDA_SUCCESS)
        return result;
    result = sim_handle_known(events, handle) ? record(handle, context, stream) : CUDA_ERROR_INVALID_HANDLE;
    sim_leave();
    return result;
}

/* What its flag changes is for captures. */
CUresult cuEventRecordWithFlags(CUevent handle, CUstream stream, unsigned int flags)
{
    return flags & ~1u ? CUDA_ERROR_INVALID_VALUE : cuEventRecord(handle, stream);
}

/* An event that was never recorded is one that was reached. */
static bool is_reached(struct CUevent_st *event)
{
    if (!event->ticket || event->stamp_ns)
        return true;
    if (!sim_time_is_done(event->context->device, event->ticket, NULL))
        return false;
    event->stamp_ns = event->context->time ? sim_time_stamp_ns(event->context->device, event->number) : 0;
    if (!event->stamp_ns)
        event->stamp_ns = sim_time_now_ns(); /* its context has ended */
    return true;
}

CUresult cuEventQuery(CUevent handle)
{
    CUresult result = enter_event(handle);
    if (result != CUDA_SUCCESS)
        return result;
    if (handle->captured)
        result = CUDA_ERROR_CAPTURED_EVENT;
    else
        result = is_reached(handle) ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
    sim_leave();
    return result;
}

CUresult cuEventSynchronize(CUevent handle)
{
    CUresult result = enter_event(handle);
    if (result != CUDA_SUCCESS)
        return result;
    if (handle->captured)
        result = CUDA_ERROR_CAPTURED_EVENT;
    else {
        if (!is_reached(handle))
            sim_time_wait(handle->context->device, handle->ticket);
        sim_pools_synchronize();
        sim_graph_memory_synchronize();
    }
    sim_leave();
    return result;
}

static CUresult elapsed(float *milliseconds, struct CUevent_st *start, struct CUevent_st *end)
{
    if (!sim_handle_known(events, start) || !sim_handle_known(events, end) || !start->recorded || !end->recorded ||
        (start->flags | end->flags) & CU_EVENT_DISABLE_TIMING)
        return CUDA_ERROR_INVALID_HANDLE;
    if (!is_reached(start) || !is_reached(end))
        return CUDA_ERROR_NOT_READY;
    *milliseconds = (float)((double)(int64_t)(end->stamp_ns - start->stamp_ns) / 1e6);
    return CUDA_SUCCESS;
}

CUresult cuEventElapsedTime(float *milliseconds, CUevent start, CUevent end)
{
    CUresult result = milliseconds ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    result = elapsed(milliseconds, start, end);
    sim_leave();
    return result;
}

CUresult cuEventElapsedTime_v2(float *milliseconds, CUevent start, CUevent end)
{
    return cuEventElapsedTime(milliseconds, start, end);
}

static CUresult wait_for(struct sim_context *context, CUstream stream, struct CUevent_st *event)
{
    uint64_t ticket;
    if (sim_capture_of(stream) || event->captured || is_reached(event))
        return CUDA_SUCCESS;
    if (context->device != event->context->device)
        return sim_hold_for_ticket(context, stream, event->context->device, event->ticket);
    return sim_time_ask(context, stream, SIM_ASK_WAIT, event->ticket, &ticket);
}

CUresult cuStreamWaitEvent(CUstream stream, CUevent handle, unsigned int flags)
{
    struct sim_context *context;
    CUresult result = flags & ~1u ? CUDA_ERROR_INVALID_VALUE : sim_enter_stream_of(stream, &context);
    if (result != CUDA_SUCCESS)
        return result;
    result = sim_handle_known(events, handle) ? wait_for(context, stream, handle) : CUDA_ERROR_INVALID_HANDLE;
    sim_leave();
    return result;
}
