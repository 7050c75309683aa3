/* Events: all work is done when it is asked for, so that an event is only a handle, and waiting for it a synchronization. */
#include <stdlib.h>

#include "cuda_context.h"
#include "cuda_pools.h"

struct event {
    struct event *next;
};

static struct event *events;

static struct event **find(CUevent handle)
{
    struct event **place = &events;
    while (*place && (CUevent)*place != handle)
        place = &(*place)->next;
    return place;
}

static CUresult enter_event(CUevent handle)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS || *find(handle))
        return result;
    sim_leave();
    return CUDA_ERROR_INVALID_HANDLE;
}

CUresult cuEventCreate(CUevent *handle, unsigned int flags)
{
    struct sim_context *context;
    (void)flags;
    CUresult result = handle ? sim_enter_context(&context) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    struct event *event = calloc(1, sizeof *event);
    if (event) {
        event->next = events;
        events = event;
        *handle = (CUevent)event;
    }
    sim_leave();
    return event ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuEventDestroy_v2(CUevent handle)
{
    CUresult result = enter_event(handle);
    if (result != CUDA_SUCCESS)
        return result;
    struct event **place = find(handle), *event = *place;
    *place = event->next;
    free(event);
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuEventRecord(CUevent handle, CUstream stream)
{
    (void)stream;
    CUresult result = enter_event(handle);
    if (result == CUDA_SUCCESS)
        sim_leave();
    return result;
}

CUresult cuEventSynchronize(CUevent handle)
{
    CUresult result = enter_event(handle);
    if (result != CUDA_SUCCESS)
        return result;
    sim_pools_synchronize();
    sim_leave();
    return CUDA_SUCCESS;
}
