/* Events: all work is done when it is asked for, so that an event is only a handle, and waiting for it a synchronization. */
#include "cuda_context.h"
#include "cuda_handles.h"
#include "cuda_graph_memory.h"
#include "cuda_pools.h"

static struct sim_handle *events;

static CUresult enter_event(CUevent handle)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS || sim_handle_known(events, handle))
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
    CUevent made = sim_handle_make(&events);
    if (made)
        *handle = made;
    sim_leave();
    return made ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuEventDestroy_v2(CUevent handle)
{
    CUresult result = enter_event(handle);
    if (result != CUDA_SUCCESS)
        return result;
    sim_handle_end(&events, handle);
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
    sim_graph_memory_synchronize();
    sim_leave();
    return CUDA_SUCCESS;
}
