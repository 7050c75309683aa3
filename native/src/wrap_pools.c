/* Memory from pools, in the order of streams. An allocation that a stream captures takes nothing yet: it becomes part of a graph. */
#include "cards.h"
#include "grant.h"
#include "resolve.h"
#include "teardown.h"

typedef CUresult (*capture_function)(CUstream, CUstreamCaptureStatus *);
typedef CUresult (*context_function)(CUstream, CUcontext *);
typedef CUresult (*free_function)(CUdeviceptr, CUstream);

/* What one allocation is asked of, so that the four ways to ask have one body. */
struct request {
    const struct real_cuda *real;
    CUstream stream;
    capture_function is_capturing;
    context_function context_of;
    free_function free_again;
    CUresult (*allocate)(CUdeviceptr *, size_t, CUstream);                    /* one of them is there */
    CUresult (*allocate_from)(CUdeviceptr *, size_t, CUmemoryPool, CUstream);
    CUmemoryPool pool; /* of allocate_from */
};

static CUresult ask(const struct request *request, CUdeviceptr *address, size_t bytes)
{
    return request->allocate ? request->allocate(address, bytes, request->stream)
                             : request->allocate_from(address, bytes, request->pool, request->stream);
}

static bool captures(const struct request *request)
{
    CUstreamCaptureStatus status;
    return request->is_capturing(request->stream, &status) == CUDA_SUCCESS && status == CU_STREAM_CAPTURE_STATUS_ACTIVE;
}

/* The device of a context, which only the current one is asked for. */
static CUresult device_of_context(const struct real_cuda *real, CUcontext context, CUdevice *device)
{
    CUcontext popped;
    CUresult result = real->cuCtxPushCurrent_v2(context);
    if (result != CUDA_SUCCESS)
        return result;
    result = real->cuCtxGetDevice(device);
    (void)real->cuCtxPopCurrent_v2(&popped);
    return result;
}

/* A stream may be of another context than the current one: then its device's pool is taken. */
static CUresult device_of_stream(const struct request *request, CUdevice *device)
{
    CUcontext own, current;
    if (!request->stream || request->context_of(request->stream, &own) != CUDA_SUCCESS ||
        request->real->cuCtxGetCurrent(&current) != CUDA_SUCCESS || own == current)
        return request->real->cuCtxGetDevice(device);
    return device_of_context(request->real, own, device);
}

/* The device whose default pool it is. Pools that programs make are known when they come here. */
static CUdevice device_of_pool(const struct real_cuda *real, CUmemoryPool handle, CUdevice otherwise)
{
    int count = 0;
    CUmemoryPool own;
    (void)real->cuDeviceGetCount(&count);
    for (CUdevice device = 0; device < count; device++)
        if (real->cuDeviceGetDefaultMemPool(&own, device) == CUDA_SUCCESS && own == handle)
            return device;
    return otherwise;
}

static struct pool *know(const struct real_cuda *real, CUmemoryPool handle, CUdevice otherwise)
{
    struct pool *pool = pools_find(handle);
    return pool ? pool : pools_get(handle, cards_of_device(real, device_of_pool(real, handle, otherwise)));
}

/* The pool that the driver will take. False where it is not held to a limit; NULL where it cannot be known. */
static bool choose(const struct request *request, struct pool **pool)
{
    CUdevice device;
    CUmemoryPool handle = request->pool;
    if (shares_none() || captures(request) || device_of_stream(request, &device) != CUDA_SUCCESS)
        return false;
    if (request->allocate && request->real->cuDeviceGetMemPool(&handle, device) != CUDA_SUCCESS)
        return false;
    *pool = know(request->real, handle, device);
    return !*pool || pools_card(*pool) != NO_CARD;
}

/* Memory that the program has not been given yet. Freed in the order of its stream it would stay with the pool until that comes there, which
 * cuMemFree does not wait for. Graphs that are captured meanwhile, and which this has nothing to do with, would be lost without the mode. */
static CUresult free_unseen(const struct request *request, CUdeviceptr address)
{
    CUstreamCaptureMode mode = CU_STREAM_CAPTURE_MODE_RELAXED;
    bool exchanged = request->real->cuThreadExchangeStreamCaptureMode(&mode) == CUDA_SUCCESS;
    CUresult result = request->real->cuMemFree_v2(address);
    if (exchanged)
        (void)request->real->cuThreadExchangeStreamCaptureMode(&mode);
    return result == CUDA_SUCCESS ? result : request->free_again(address, request->stream);
}

/* The pool has outgrown the share: what was allocated goes back at once, and with it what the pool can spare. */
static CUresult undo(const struct request *request, struct pool *pool, CUdeviceptr address)
{
    const struct card *card = pools_card(pool);
    struct grant_taken taken = grant_take_memory(address);
    (void)grant_freed(taken, free_unseen(request, address));
    (void)stock_trim(request->real, card);
    charge_count_refusal(card);
    return CUDA_ERROR_OUT_OF_MEMORY;
}

static CUresult allocate(const struct request *request, CUdeviceptr *address, size_t bytes)
{
    struct pool *pool;
    if (!choose(request, &pool))
        return ask(request, address, bytes);
    struct pool_block *block = pool ? pools_begin(request->real, pool, bytes) : NULL;
    if (!block)
        return CUDA_ERROR_OUT_OF_MEMORY;
    bool narrow = block->narrow;
    CUresult result = ask(request, address, bytes);
    if (teardown_waited(result, pools_card(pool)))
        result = ask(request, address, bytes);
    if (result != CUDA_SUCCESS)
        pools_cancel(request->real, block);
    else if (!pools_keep(request->real, block, *address))
        result = undo(request, pool, *address);
    if (narrow)
        pools_leave_narrow(pool);
    return result;
}

CUresult cuMemAllocAsync(CUdeviceptr *address, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    return allocate(&(struct request){.real = real, .stream = stream, .is_capturing = real->cuStreamIsCapturing,
                                      .context_of = real->cuStreamGetCtx, .free_again = real->cuMemFreeAsync, .allocate = real->cuMemAllocAsync},
                    address, bytes);
}

CUresult cuMemAllocAsync_ptsz(CUdeviceptr *address, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    return allocate(&(struct request){.real = real, .stream = stream, .is_capturing = real->cuStreamIsCapturing_ptsz,
                                      .context_of = real->cuStreamGetCtx_ptsz, .free_again = real->cuMemFreeAsync_ptsz, .allocate = real->cuMemAllocAsync_ptsz},
                    address, bytes);
}

CUresult cuMemAllocFromPoolAsync(CUdeviceptr *address, size_t bytes, CUmemoryPool pool, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    return allocate(&(struct request){.real = real, .stream = stream, .is_capturing = real->cuStreamIsCapturing,
                                      .context_of = real->cuStreamGetCtx, .free_again = real->cuMemFreeAsync, .allocate_from = real->cuMemAllocFromPoolAsync,
                                      .pool = pool},
                    address, bytes);
}

CUresult cuMemAllocFromPoolAsync_ptsz(CUdeviceptr *address, size_t bytes, CUmemoryPool pool, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    return allocate(&(struct request){.real = real, .stream = stream, .is_capturing = real->cuStreamIsCapturing_ptsz,
                                      .context_of = real->cuStreamGetCtx_ptsz, .free_again = real->cuMemFreeAsync_ptsz,
                                      .allocate_from = real->cuMemAllocFromPoolAsync_ptsz, .pool = pool},
                    address, bytes);
}

CUresult cuMemFreeAsync(CUdeviceptr address, CUstream stream)
{
    struct grant_taken taken = grant_take_memory(address);
    return grant_freed(taken, resolve_cuda()->cuMemFreeAsync(address, stream));
}

CUresult cuMemFreeAsync_ptsz(CUdeviceptr address, CUstream stream)
{
    struct grant_taken taken = grant_take_memory(address);
    return grant_freed(taken, resolve_cuda()->cuMemFreeAsync_ptsz(address, stream));
}

CUresult cuMemPoolCreate(CUmemoryPool *pool, const CUmemPoolProps *properties)
{
    const struct real_cuda *real = resolve_cuda();
    CUresult result = real->cuMemPoolCreate(pool, properties);
    if (result != CUDA_SUCCESS || shares_none())
        return result;
    bool on_device = properties->location.type == CU_MEM_LOCATION_TYPE_DEVICE;
    if (pools_get(*pool, on_device ? cards_of_device(real, properties->location.id) : NO_CARD))
        return result;
    (void)real->cuMemPoolDestroy(*pool);
    return CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuMemPoolDestroy(CUmemoryPool handle)
{
    const struct real_cuda *real = resolve_cuda();
    struct pool *pool = shares_none() ? NULL : pools_find(handle);
    if (pool)
        pools_settle(real, pool);
    CUresult result = real->cuMemPoolDestroy(handle);
    if (pool && result == CUDA_SUCCESS)
        pools_forget(pool);
    return result;
}

CUresult cuMemPoolTrimTo(CUmemoryPool handle, size_t keep_bytes)
{
    const struct real_cuda *real = resolve_cuda();
    CUresult result = real->cuMemPoolTrimTo(handle, keep_bytes);
    struct pool *pool = shares_none() ? NULL : pools_find(handle);
    if (pool)
        pools_settle(real, pool);
    return result;
}

/* A pool may be told to keep less. */
CUresult cuMemPoolSetAttribute(CUmemoryPool handle, CUmemPool_attribute attribute, void *value)
{
    CUresult result = resolve_cuda()->cuMemPoolSetAttribute(handle, attribute, value);
    if (result == CUDA_SUCCESS)
        pools_note_shrunk();
    return result;
}

/* At a synchronization the driver gives back what pools may not keep. */
static CUresult synchronized(const struct real_cuda *real, CUresult result)
{
    pools_settle_shrunk(real);
    return result;
}

CUresult cuCtxSynchronize(void)
{
    const struct real_cuda *real = resolve_cuda();
    return synchronized(real, real->cuCtxSynchronize());
}

CUresult cuCtxSynchronize_v2(CUcontext context)
{
    const struct real_cuda *real = resolve_cuda();
    return synchronized(real, real->cuCtxSynchronize_v2(context));
}

CUresult cuEventSynchronize(CUevent event)
{
    const struct real_cuda *real = resolve_cuda();
    return synchronized(real, real->cuEventSynchronize(event));
}

CUresult cuStreamSynchronize(CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    return synchronized(real, real->cuStreamSynchronize(stream));
}

CUresult cuStreamSynchronize_ptsz(CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    return synchronized(real, real->cuStreamSynchronize_ptsz(stream));
}
