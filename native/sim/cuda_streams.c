/* Streams: work is done when it is asked for, so that a stream is only a handle. Memory that was freed in its order is free after the
 * next synchronization, as with the real driver. */
#include "cuda_streams.h"

#include "cuda_capture.h"
#include "cuda_context.h"
#include "cuda_graph_memory.h"
#include "cuda_handles.h"
#include "cuda_pools.h"

static struct sim_handle *streams;

/* The handles of the legacy and of the per-thread default stream. */
static bool is_default(CUstream handle)
{
    return (uintptr_t)handle <= 2;
}

CUresult sim_enter_stream(CUstream handle)
{
    struct sim_context *context;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS || is_default(handle) || sim_handle_known(streams, handle))
        return result;
    sim_leave();
    return CUDA_ERROR_INVALID_HANDLE;
}

struct sim_context *sim_stream_context(CUstream handle, struct sim_context *current)
{
    return !is_default(handle) && sim_handle_known(streams, handle) ? ((const struct sim_handle *)handle)->context : current;
}

CUresult cuStreamGetCtx(CUstream handle, CUcontext *context)
{
    struct sim_context *current;
    CUresult result = context ? sim_enter_context(&current) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    bool known = is_default(handle) || sim_handle_known(streams, handle);
    *context = (CUcontext)sim_stream_context(handle, current);
    sim_leave();
    return known ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

CUresult cuStreamCreate(CUstream *handle, unsigned int flags)
{
    struct sim_context *context;
    (void)flags;
    CUresult result = handle ? sim_enter_context(&context) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    CUstream made = sim_handle_make(&streams);
    if (made) {
        ((struct sim_handle *)made)->context = context;
        *handle = made;
    }
    sim_leave();
    return made ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuStreamDestroy_v2(CUstream handle)
{
    if (is_default(handle))
        return CUDA_ERROR_INVALID_HANDLE;
    CUresult result = sim_enter_stream(handle);
    if (result != CUDA_SUCCESS)
        return result;
    sim_capture_end(handle);
    sim_handle_end(&streams, handle);
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuStreamSynchronize(CUstream handle)
{
    CUresult result = sim_enter_stream(handle);
    if (result != CUDA_SUCCESS)
        return result;
    if (sim_capture_of(handle))
        result = sim_capture_spoil(handle);
    else {
        sim_pools_synchronize();
        sim_graph_memory_synchronize_stream(handle);
    }
    sim_leave();
    return result;
}
