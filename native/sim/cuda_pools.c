#include "cuda_pools.h"

#include <stdlib.h>

#include "cuda_capture.h"
#include "cuda_memory.h"
#include "cuda_streams.h"
#include "physical.h"

#define GROWTH_BYTES (UINT64_C(32) << 20)
#define BLOCK_BYTES UINT64_C(512)

struct sim_pool {
    struct sim_owner owner; /* first: memory that is freed comes back as a pointer to it */
    struct sim_pool *next;
    struct sim_device *device;
    bool alive; /* a destroyed pool keeps its record, so that a stale handle is told apart */
    uint64_t reserved, used, used_high, reserved_high, threshold;
    uint64_t freeing; /* freed in the order of a stream, which has not come there yet: neither used nor free */
};

static struct sim_pool *pools;
static struct sim_pool *current[SIM_MAX_CARDS]; /* what cuDeviceSetMemPool set; NULL: the device's own */
static struct sim_pool *defaults[SIM_MAX_CARDS];

static void note_freed(struct sim_owner *owner, uint64_t bytes)
{
    ((struct sim_pool *)owner)->used -= bytes;
}

static void note_pending(struct sim_owner *owner, uint64_t bytes)
{
    ((struct sim_pool *)owner)->freeing += bytes;
}

static struct sim_pool *make(struct sim_device *device)
{
    struct sim_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    *pool = (struct sim_pool){.owner = {note_freed, note_pending}, .next = pools, .device = device, .alive = true};
    return pools = pool;
}

static struct sim_pool *default_pool(struct sim_device *device)
{
    struct sim_pool **pool = &defaults[device->ordinal];
    return *pool ? *pool : (*pool = make(device));
}

static struct sim_pool *current_pool(struct sim_device *device)
{
    struct sim_pool *pool = current[device->ordinal];
    return pool && pool->alive ? pool : default_pool(device);
}

static struct sim_pool *known(CUmemoryPool handle)
{
    struct sim_pool *pool = pools;
    while (pool && ((CUmemoryPool)pool != handle || !pool->alive))
        pool = pool->next;
    return pool;
}

static void trim(struct sim_pool *pool, uint64_t keep)
{
    uint64_t least = sim_slabs(pool->used + pool->freeing);
    if (pool->reserved <= keep || pool->reserved <= least)
        return;
    least = sim_slabs(keep) > least ? sim_slabs(keep) : least;
    if (pool->reserved <= least)
        return;
    sim_physical_give(&pool->device->card, pool->device->slot, pool->reserved - least, 0);
    pool->reserved = least;
}

static bool grow(struct sim_pool *pool, uint64_t bytes)
{
    uint64_t missing = pool->used + pool->freeing + bytes - pool->reserved;
    uint64_t sizes[] = {(missing + GROWTH_BYTES - 1) / GROWTH_BYTES * GROWTH_BYTES, sim_slabs(missing)};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (sim_physical_take(&pool->device->card, pool->device->slot, sizes[i], 0)) {
            pool->reserved += sizes[i];
            return true;
        }
    return false;
}

static CUresult allocate(struct sim_context *context, struct sim_pool *pool, size_t bytes, CUdeviceptr *address)
{
    if (bytes > pool->device->card.file->card.memory_bytes)
        return CUDA_ERROR_OUT_OF_MEMORY;
    uint64_t held = (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    if (pool->used + pool->freeing + held > pool->reserved && !grow(pool, held))
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = sim_memory_place(context, held, &pool->owner, address);
    if (result != CUDA_SUCCESS)
        return result;
    pool->used += held;
    pool->used_high = pool->used > pool->used_high ? pool->used : pool->used_high;
    pool->reserved_high = pool->reserved > pool->reserved_high ? pool->reserved : pool->reserved_high;
    return CUDA_SUCCESS;
}

void sim_pools_synchronize(void)
{
    for (struct sim_pool *pool = pools; pool; pool = pool->next) {
        pool->freeing = 0;
        if (pool->alive || !pool->used)
            trim(pool, pool->alive ? pool->threshold : 0);
    }
}

static CUresult allocate_or_capture(struct sim_context *context, struct sim_pool *pool, size_t bytes, CUstream stream, CUdeviceptr *address)
{
    struct sim_capture *capture = sim_capture_of(stream);
    return capture ? sim_capture_allocation(capture, pool->device->ordinal, bytes, address) : allocate(context, pool, bytes, address);
}

/* `handle` NULL: the device's current pool. */
static CUresult enter_and_allocate(CUdeviceptr *address, size_t bytes, CUmemoryPool handle, CUstream stream)
{
    struct sim_context *context;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS)
        return result;
    context = sim_stream_context(stream, context);
    struct sim_pool *pool = handle ? known(handle) : current_pool(context->device);
    result = pool && address && bytes ? allocate_or_capture(context, pool, bytes, stream, address) : CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

CUresult cuMemAllocAsync(CUdeviceptr *address, size_t bytes, CUstream stream)
{
    return enter_and_allocate(address, bytes, NULL, stream);
}

CUresult cuMemAllocFromPoolAsync(CUdeviceptr *address, size_t bytes, CUmemoryPool pool, CUstream stream)
{
    return pool ? enter_and_allocate(address, bytes, pool, stream) : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuMemFreeAsync(CUdeviceptr address, CUstream stream)
{
    struct sim_context *context;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS)
        return result;
    struct sim_capture *capture = sim_capture_of(stream);
    if (capture)
        result = sim_capture_free(capture, address);
    else if (!sim_memory_free_in_stream(address))
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

static CUresult give_pool(CUmemoryPool *handle, CUdevice ordinal, struct sim_pool *(*choose)(struct sim_device *))
{
    struct sim_device *device;
    CUresult result = handle ? sim_enter_device(ordinal, &device) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    *handle = (CUmemoryPool)choose(device);
    sim_leave();
    return *handle ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuDeviceGetDefaultMemPool(CUmemoryPool *handle, CUdevice ordinal)
{
    return give_pool(handle, ordinal, default_pool);
}

CUresult cuDeviceGetMemPool(CUmemoryPool *handle, CUdevice ordinal)
{
    return give_pool(handle, ordinal, current_pool);
}

CUresult cuMemPoolCreate(CUmemoryPool *handle, const CUmemPoolProps *properties)
{
    if (!properties || properties->location.type != CU_MEM_LOCATION_TYPE_DEVICE)
        return CUDA_ERROR_INVALID_VALUE;
    return give_pool(handle, properties->location.id, make);
}

/* Begin work on a live pool; CUDA_SUCCESS means that the driver is entered. */
static CUresult enter_pool(CUmemoryPool handle, struct sim_pool **pool)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    *pool = known(handle);
    if (*pool)
        return CUDA_SUCCESS;
    sim_leave();
    return CUDA_ERROR_INVALID_VALUE;
}

CUresult cuDeviceSetMemPool(CUdevice ordinal, CUmemoryPool handle)
{
    struct sim_pool *pool;
    CUresult result = enter_pool(handle, &pool);
    if (result != CUDA_SUCCESS)
        return result;
    if (pool->device == sim_device(ordinal))
        current[ordinal] = pool;
    else
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

/* What is allocated of it lives on; its memory goes back with the last of it, at a synchronization. */
CUresult cuMemPoolDestroy(CUmemoryPool handle)
{
    struct sim_pool *pool;
    CUresult result = enter_pool(handle, &pool);
    if (result != CUDA_SUCCESS)
        return result;
    if (pool == defaults[pool->device->ordinal])
        result = CUDA_ERROR_INVALID_VALUE;
    else {
        trim(pool, 0);
        pool->alive = false;
    }
    sim_leave();
    return result;
}

CUresult cuMemPoolTrimTo(CUmemoryPool handle, size_t keep_bytes)
{
    struct sim_pool *pool;
    CUresult result = enter_pool(handle, &pool);
    if (result != CUDA_SUCCESS)
        return result;
    trim(pool, keep_bytes);
    sim_leave();
    return CUDA_SUCCESS;
}

static uint64_t *attribute_of(struct sim_pool *pool, CUmemPool_attribute attribute)
{
    switch (attribute) {
    case CU_MEMPOOL_ATTR_RELEASE_THRESHOLD:
        return &pool->threshold;
    case CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT:
        return &pool->reserved;
    case CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH:
        return &pool->reserved_high;
    case CU_MEMPOOL_ATTR_USED_MEM_CURRENT:
        return &pool->used;
    case CU_MEMPOOL_ATTR_USED_MEM_HIGH:
        return &pool->used_high;
    }
    return NULL;
}

CUresult cuMemPoolGetAttribute(CUmemoryPool handle, CUmemPool_attribute attribute, void *value)
{
    struct sim_pool *pool;
    CUresult result = value ? enter_pool(handle, &pool) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    const uint64_t *found = attribute_of(pool, attribute);
    if (found)
        *(cuuint64_t *)value = *found;
    sim_leave();
    return found ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuMemPoolSetAttribute(CUmemoryPool handle, CUmemPool_attribute attribute, void *value)
{
    struct sim_pool *pool;
    CUresult result = value && attribute == CU_MEMPOOL_ATTR_RELEASE_THRESHOLD ? enter_pool(handle, &pool) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    pool->threshold = *(const cuuint64_t *)value;
    sim_leave();
    return CUDA_SUCCESS;
}
