/* Streams: handles, and questions about them. Where nothing takes time, work is done when it is asked for. Memory that was freed in a stream's
 * order is free after the next synchronization, as with the real driver. */
#include "cuda_streams.h"

#include "cuda_capture.h"
#include "cuda_graph_memory.h"
#include "cuda_pools.h"
#include "cuda_time.h"

static struct sim_handle *streams;

bool sim_stream_is_default(CUstream handle)
{
    return (uintptr_t)handle <= (uintptr_t)CU_STREAM_PER_THREAD;
}

struct CUstream_st *sim_stream(CUstream handle)
{
    return !sim_stream_is_default(handle) && sim_handle_known(streams, handle) ? handle : NULL;
}

CUresult sim_enter_stream_of(CUstream handle, struct sim_context **context)
{
    CUresult result = sim_enter_context(context);
    if (result != CUDA_SUCCESS || sim_stream_is_default(handle))
        return result;
    const struct CUstream_st *stream = sim_stream(handle);
    if (stream && stream->context->live) {
        *context = stream->context;
        return CUDA_SUCCESS;
    }
    sim_leave();
    return stream ? CUDA_ERROR_CONTEXT_IS_DESTROYED : CUDA_ERROR_INVALID_HANDLE;
}

CUresult sim_enter_stream(CUstream handle)
{
    struct sim_context *context;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS || sim_stream_is_default(handle) || sim_stream(handle))
        return result;
    sim_leave();
    return CUDA_ERROR_INVALID_HANDLE;
}

struct sim_context *sim_stream_context(CUstream handle, struct sim_context *current)
{
    const struct CUstream_st *stream = sim_stream(handle);
    return stream ? stream->context : current;
}

CUresult cuStreamCreate(CUstream *handle, unsigned int flags)
{
    struct sim_context *context;
    CUresult result = handle ? sim_enter_context(&context) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    struct CUstream_st *made = sim_handle_make(&streams, sizeof *made);
    if (made) {
        made->context = context;
        made->flags = flags;
        *handle = made;
    }
    sim_leave();
    return made ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

/* Priorities order nothing here. */
CUresult cuStreamCreateWithPriority(CUstream *handle, unsigned int flags, int priority)
{
    (void)priority;
    return cuStreamCreate(handle, flags);
}

/* What it was asked for is done nevertheless. */
CUresult cuStreamDestroy_v2(CUstream handle)
{
    if (sim_stream_is_default(handle))
        return CUDA_ERROR_INVALID_HANDLE;
    CUresult result = sim_enter_stream(handle);
    if (result != CUDA_SUCCESS)
        return result;
    sim_capture_end(handle);
    sim_time_end_stream(handle);
    sim_handle_end(&streams, handle);
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuStreamSynchronize(CUstream handle)
{
    struct sim_context *context;
    CUresult result = sim_enter_stream_of(handle, &context);
    if (result != CUDA_SUCCESS)
        return result;
    if (sim_capture_of(handle))
        result = sim_capture_spoil(handle);
    else {
        result = sim_time_wait_stream(context, handle);
        sim_pools_synchronize();
        sim_graph_memory_synchronize_stream(handle);
    }
    sim_leave();
    return result;
}

CUresult cuStreamQuery(CUstream handle)
{
    struct sim_context *context;
    CUresult result = sim_enter_stream_of(handle, &context);
    if (result != CUDA_SUCCESS)
        return result;
    if (sim_capture_of(handle))
        result = sim_capture_spoil(handle);
    else
        result = sim_time_stream_is_done(context, handle) ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
    sim_leave();
    return result;
}

CUresult cuStreamGetFlags(CUstream handle, unsigned int *flags)
{
    CUresult result = flags ? sim_enter_stream(handle) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    *flags = sim_stream_is_default(handle) ? 0 : handle->flags;
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuStreamGetCtx(CUstream handle, CUcontext *context)
{
    struct sim_context *found;
    CUresult result = context ? sim_enter_stream_of(handle, &found) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    *context = (CUcontext)found;
    sim_leave();
    return CUDA_SUCCESS;
}
