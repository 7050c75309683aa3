/* Allocates 10 MiB at a time on device 0 until it is refused, in the way that its argument names, frees all, and says after each step
 * what is left of the share by cuMemGetInfo, and what the card gave by its own file. Some ways do something of their own. */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "said.h"

#define STEP (10 * MIB)
#define MOST 64

struct item {
    CUdeviceptr address;
    CUmemGenericAllocationHandle handle;
    CUarray array;
    CUmipmappedArray mipmap;
};

struct way {
    const char *name;
    CUresult (*allocate)(struct item *);
    CUresult (*release)(struct item *);
};

static CUcontext context;
static CUmemoryPool pool;
static const CUmemPoolProps pool_properties = {.type = CU_MEM_ALLOCATION_TYPE_PINNED, .location = {CU_MEM_LOCATION_TYPE_DEVICE, 0}};
static const CUmemAllocationProp properties = {.type = CU_MEM_ALLOCATION_TYPE_PINNED,
                                               .handle_types = CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR,
                                               .location = {CU_MEM_LOCATION_TYPE_DEVICE, 0}};
static const CUDA_ARRAY3D_DESCRIPTOR image = {.width = 1024, .height = 2560, .format = 0x20, .channels = 1};

static CUresult buffer(struct item *item)
{
    return cuMemAlloc_v2(&item->address, STEP);
}

static CUresult free_buffer(struct item *item)
{
    return cuMemFree_v2(item->address);
}

static CUresult async(struct item *item)
{
    return cuMemAllocAsync(&item->address, STEP, NULL);
}

static CUresult free_async(struct item *item)
{
    return cuMemFreeAsync(item->address, NULL);
}

static CUresult async_per_thread(struct item *item)
{
    return cuMemAllocAsync_ptsz(&item->address, STEP, NULL);
}

static CUresult free_per_thread(struct item *item)
{
    return cuMemFreeAsync_ptsz(item->address, NULL);
}

static CUresult from_pool(struct item *item)
{
    if (!pool)
        DO(cuMemPoolCreate(&pool, &pool_properties));
    return cuMemAllocFromPoolAsync(&item->address, STEP, pool, NULL);
}

/* The handle is released at once: the mapping alone keeps the memory. */
static CUresult mapped(struct item *item)
{
    CUresult result = cuMemCreate(&item->handle, STEP, &properties, 0);
    if (result != CUDA_SUCCESS)
        return result;
    DO(cuMemAddressReserve(&item->address, STEP, 0, 0, 0));
    DO(cuMemMap(item->address, STEP, 0, item->handle, 0));
    return cuMemRelease(item->handle);
}

static CUresult unmap(struct item *item)
{
    DO(cuMemUnmap(item->address, STEP));
    return cuMemAddressFree(item->address, STEP);
}

static CUresult array(struct item *item)
{
    return cuArray3DCreate_v2(&item->array, &image);
}

static CUresult flat_array(struct item *item)
{
    const CUDA_ARRAY_DESCRIPTOR flat = {.width = 1024, .height = 2560, .format = 0x20, .channels = 1};
    return cuArrayCreate_v2(&item->array, &flat);
}

static CUresult destroy_array(struct item *item)
{
    return cuArrayDestroy(item->array);
}

static CUresult mipmap(struct item *item)
{
    return cuMipmappedArrayCreate(&item->mipmap, &image, 12);
}

static CUresult destroy_mipmap(struct item *item)
{
    return cuMipmappedArrayDestroy(item->mipmap);
}

/* By the first binary interface. */
static CUresult buffer_v1(struct item *item)
{
    CUdeviceptr_v1 address = 0;
    CUresult result = cuMemAlloc(&address, STEP);
    item->address = address;
    return result;
}

static CUresult pitch_v1(struct item *item)
{
    CUdeviceptr_v1 address = 0;
    unsigned int pitch;
    CUresult result = cuMemAllocPitch(&address, &pitch, 1000, 10240, 4);
    item->address = address;
    return result;
}

static CUresult free_v1(struct item *item)
{
    return cuMemFree((CUdeviceptr_v1)item->address);
}

static CUresult array_v1(struct item *item)
{
    const CUDA_ARRAY3D_DESCRIPTOR_v1 old = {.width = 1024, .height = 2560, .format = 0x20, .channels = 1};
    return cuArray3DCreate(&item->array, &old);
}

static CUresult flat_array_v1(struct item *item)
{
    const CUDA_ARRAY_DESCRIPTOR_v1 old = {.width = 1024, .height = 2560, .format = 0x20, .channels = 1};
    return cuArrayCreate(&item->array, &old);
}

static const struct way ways[] = {
    {"buffer_v1", buffer_v1, free_v1},
    {"pitch_v1", pitch_v1, free_v1},
    {"array_v1", array_v1, destroy_array},
    {"flat_array_v1", flat_array_v1, destroy_array},
    {"buffer", buffer, free_buffer},
    {"async", async, free_async},
    {"async_per_thread", async_per_thread, free_per_thread},
    {"pool", from_pool, free_async},
    {"async_then_plain_free", async, free_buffer},
    {"plain_then_async_free", buffer, free_async},
    {"mapped", mapped, unmap},
    {"array", array, destroy_array},
    {"flat_array", flat_array, destroy_array},
    {"mipmap", mipmap, destroy_mipmap},
};

static void fill(const struct way *way)
{
    struct item items[MOST];
    int count = 0;
    CUresult result = CUDA_SUCCESS;
    while (count < MOST && (result = way->allocate(&items[count])) == CUDA_SUCCESS)
        count++;
    printf("%d times, then %d\n", count, result);
    say("full");
    while (count)
        DO(way->release(&items[--count]));
    DO(cuStreamSynchronize(NULL));
    say("freed");
}

/* Idle memory of a pool does not stand in the way of another kind, nor of the pool itself. */
static void idle_pool(void)
{
    CUdeviceptr first, second;
    cuuint64_t keep = UINT64_MAX;
    DO(cuDeviceGetDefaultMemPool(&pool, 0));
    DO(cuMemPoolSetAttribute(pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &keep));
    DO(cuMemAllocAsync(&first, 90 * MIB, NULL));
    DO(cuMemFreeAsync(first, NULL));
    DO(cuStreamSynchronize(NULL));
    say("idle");
    DO(cuMemAllocAsync(&first, 80 * MIB, NULL));
    say("again");
    DO(cuMemFreeAsync(first, NULL));
    DO(cuStreamSynchronize(NULL));
    DO(cuMemAlloc_v2(&second, 98 * MIB));
    say("buffer");
}

/* What was freed, and to which the stream has not come yet, the driver cannot give again: it would take as much once more. */
static void pending(void)
{
    CUdeviceptr first, second, buffer;
    DO(cuMemAllocAsync(&first, 90 * MIB, NULL));
    DO(cuMemFreeAsync(first, NULL));
    printf("again: %d\n", cuMemAllocAsync(&second, 90 * MIB, NULL));
    say("refused");
    DO(cuMemAlloc_v2(&buffer, 4 * MIB));
    say("buffer beside");
    DO(cuStreamSynchronize(NULL));
    DO(cuMemAllocAsync(&second, 60 * MIB, NULL));
    say("waited");
}

/* Memory of the second card, while the first is the current one. */
static CUcontext second;

static CUstream stream_of_second(void)
{
    CUstream stream;
    DO(cuCtxCreate_v2(&second, 0, 1));
    DO(cuStreamCreate(&stream, 0));
    DO(cuCtxSetCurrent(context));
    return stream;
}

static void say_both(void)
{
    CUcontext current;
    DO(cuCtxGetCurrent(&current));
    say(current == context ? "the current card" : "another card");
    DO(cuCtxSetCurrent(second));
    size_t left, total;
    DO(cuMemGetInfo_v2(&left, &total));
    printf("the other: %zu of %zu MiB left, card %zu\n", left / MIB, total / MIB, card_bytes(1) / MIB);
}

static void tell_total(void)
{
    size_t left, total = 0;
    CUresult result = cuMemGetInfo_v2(&left, &total);
    printf(" %d:%zu", result, total / MIB);
}

/* The card that is told of is that of the current context, however it became that. */
static void current_card(void)
{
    CUcontext popped;
    (void)stream_of_second();
    for (int i = 0; i < 2; i++) {
        tell_total();
        DO(cuCtxPushCurrent_v2(second));
        tell_total();
        DO(cuCtxPopCurrent_v2(&popped));
        tell_total();
        DO(cuCtxSetCurrent(second));
        tell_total();
        DO(cuCtxSetCurrent(context));
    }
    DO(cuCtxSetCurrent(second));
    DO(cuCtxDestroy_v2(second));
    DO(cuCtxSetCurrent(context));
    tell_total();
    DO(cuDevicePrimaryCtxRetain(&second, 1));
    DO(cuCtxSetCurrent(second));
    tell_total();
    printf("\n");
}

static void other_pool(void)
{
    CUdeviceptr address;
    (void)stream_of_second();
    DO(cuDeviceGetDefaultMemPool(&pool, 1));
    printf("too large: %d\n", cuMemAllocFromPoolAsync(&address, 60 * MIB, pool, NULL));
    DO(cuMemAllocFromPoolAsync(&address, 20 * MIB, pool, NULL));
    say_both();
}

static void other_stream(void)
{
    CUdeviceptr address;
    CUstream stream = stream_of_second();
    printf("too large: %d\n", cuMemAllocAsync(&address, 60 * MIB, stream));
    DO(cuMemAllocAsync_ptsz(&address, 20 * MIB, stream));
    say_both();
}

/* What is captured meanwhile in another stream has nothing to do with it. */
static void beside_capture(void)
{
    CUstream stream;
    CUgraph graph;
    CUdeviceptr buffer, address;
    size_t count;
    DO(cuStreamCreate(&stream, 0));
    DO(cuMemAlloc_v2(&buffer, 90 * MIB));
    DO(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    DO(cuMemAllocAsync(&address, MIB, stream));
    CUresult refused = cuMemAllocAsync(&address, 2 * MIB, NULL), captured = cuStreamEndCapture(stream, &graph);
    DO(cuGraphGetNodes(graph, NULL, &count));
    printf("refused: %d, captured: %d, %zu node\n", refused, captured, count);
    DO(cuMemFree_v2(buffer));
    say("freed");
}

/* Pools near the limit, each of which the driver would let grow by more than is left. */
static void several_pools(void)
{
    CUmemoryPool second;
    CUdeviceptr address;
    DO(cuMemPoolCreate(&pool, &pool_properties));
    DO(cuMemPoolCreate(&second, &pool_properties));
    DO(cuMemAlloc_v2(&address, 90 * MIB));
    printf("one: %d\n", cuMemAllocFromPoolAsync(&address, 2 * MIB, pool, NULL));
    printf("other: %d\n", cuMemAllocFromPoolAsync(&address, 2 * MIB, second, NULL));
    say("refused");
}

/* A pool that is told to keep less gives it back at the next synchronization. */
static void keeps_less(void)
{
    CUdeviceptr address;
    cuuint64_t keep = UINT64_MAX;
    DO(cuDeviceGetDefaultMemPool(&pool, 0));
    DO(cuMemPoolSetAttribute(pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &keep));
    DO(cuMemAllocAsync(&address, 60 * MIB, NULL));
    DO(cuMemFreeAsync(address, NULL));
    DO(cuStreamSynchronize(NULL));
    say("kept");
    keep = 0;
    DO(cuMemPoolSetAttribute(pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &keep));
    DO(cuStreamSynchronize(NULL));
    say("given back");
}

/* What the first binary interface tells. */
static void told_v1(void)
{
    unsigned int left, total, device;
    DO(cuMemGetInfo(&left, &total));
    DO(cuDeviceTotalMem(&device, 0));
    printf("%zu of %zu MiB left, %zu\n", left / MIB, total / MIB, device / MIB);
}

static void destroyed_pool(void)
{
    CUdeviceptr address;
    DO(cuMemPoolCreate(&pool, &pool_properties));
    DO(cuMemAllocFromPoolAsync(&address, 40 * MIB, pool, NULL));
    DO(cuMemPoolDestroy(pool));
    say("destroyed");
    DO(cuMemFreeAsync(address, NULL));
    DO(cuCtxSynchronize());
    say("freed");
}

static void retained(void)
{
    CUmemGenericAllocationHandle handle, again;
    CUdeviceptr address;
    DO(cuMemCreate(&handle, 40 * MIB, &properties, 0));
    DO(cuMemAddressReserve(&address, 80 * MIB, 0, 0, 0));
    DO(cuMemMap(address, 40 * MIB, 0, handle, 0));
    DO(cuMemMap(address + 40 * MIB, 40 * MIB, 0, handle, 0));
    DO(cuMemRetainAllocationHandle(&again, (void *)(uintptr_t)(address + MIB)));
    DO(cuMemRelease(handle));
    DO(cuMemRelease(again));
    say("mapped twice");
    printf("half of a mapping: %d, of nothing: %d\n", cuMemUnmap(address, 20 * MIB), cuMemRelease(12345));
    DO(cuMemRetainAllocationHandle(&again, (void *)(uintptr_t)address));
    DO(cuMemUnmap(address, 80 * MIB));
    say("held by a handle");
    DO(cuMemRelease(again));
    say("released");
}

/* Threads use one pool at once; every thread ends with nothing. */
static void *use_pool(void *argument)
{
    unsigned seed = (unsigned)(uintptr_t)argument;
    CUdeviceptr addresses[4] = {0};
    DO(cuCtxSetCurrent(context));
    for (int i = 0; i < 400; i++) {
        CUdeviceptr *address = &addresses[(unsigned)rand_r(&seed) % 4];
        if (*address)
            DO(cuMemFreeAsync(*address, NULL));
        if (*address || cuMemAllocAsync(address, ((unsigned)rand_r(&seed) % 16 + 1) * MIB, NULL) != CUDA_SUCCESS)
            *address = 0;
        if (i % 16 == 0)
            DO(cuStreamSynchronize(NULL));
        if (card_bytes(0) > 100 * MIB + (32 * MIB))
            exit(4);
    }
    for (int i = 0; i < 4; i++)
        if (addresses[i])
            DO(cuMemFreeAsync(addresses[i], NULL));
    return NULL;
}

static void threads(void)
{
    pthread_t started[4];
    for (uintptr_t i = 0; i < 4; i++)
        pthread_create(&started[i], NULL, use_pool, (void *)(i + 1));
    for (int i = 0; i < 4; i++)
        pthread_join(started[i], NULL);
    DO(cuStreamSynchronize(NULL));
    say("done");
}

/* Waiting for an event, or for a context by its handle, settles pools as waiting for a stream does. */
static void waited(void)
{
    CUdeviceptr address;
    CUevent event;
    DO(cuEventCreate(&event, 0));
    DO(cuMemAllocAsync(&address, 40 * MIB, NULL));
    DO(cuMemFreeAsync(address, NULL));
    say("not waited");
    DO(cuEventRecord(event, NULL));
    DO(cuEventSynchronize(event));
    say("for an event");
    DO(cuEventDestroy_v2(event));
    DO(cuMemAllocAsync(&address, 40 * MIB, NULL));
    DO(cuMemFreeAsync(address, NULL));
    say("not waited");
    DO(cuCtxSynchronize_v2(context));
    say("for a context");
}

/* Each way to end a context frees what is left in it. */
static void ended(void)
{
    CUcontext primary, second;
    CUdeviceptr address;
    DO(cuDevicePrimaryCtxRetain(&primary, 0));
    DO(cuCtxSetCurrent(primary));
    DO(cuMemAlloc_v2(&address, 40 * MIB));
    DO(cuDevicePrimaryCtxReset(0));
    DO(cuCtxSetCurrent(context));
    say("reset");
    DO(cuDevicePrimaryCtxRetain(&primary, 0));
    DO(cuDevicePrimaryCtxRetain(&primary, 0));
    DO(cuCtxSetCurrent(primary));
    DO(cuMemAlloc_v2(&address, 40 * MIB));
    DO(cuDevicePrimaryCtxReset_v2(0));
    DO(cuCtxSetCurrent(context));
    say("reset while retained twice");
    DO(cuDevicePrimaryCtxRetain(&primary, 0));
    DO(cuCtxSetCurrent(primary));
    DO(cuMemAlloc_v2(&address, 40 * MIB));
    DO(cuDevicePrimaryCtxRelease(0));
    DO(cuCtxSetCurrent(context));
    say("released");
    DO(cuCtxCreate_v2(&second, 0, 0));
    DO(cuMemAlloc_v2(&address, 40 * MIB));
    say("in a second context");
    DO(cuCtxDestroy(second));
    DO(cuCtxSetCurrent(context));
    say("destroyed");
}

/* Memory of the host is not of the share, however much. */
static void host(void)
{
    void *pinned, *allocated;
    static char own[4096];
    DO(cuMemAllocHost_v2(&pinned, 300 * MIB));
    DO(cuMemHostAlloc(&allocated, 300 * MIB, 0));
    DO(cuMemHostRegister_v2(own, sizeof own, 0));
    say("pinned");
    DO(cuMemHostUnregister(own));
    DO(cuMemFreeHost(allocated));
    DO(cuMemFreeHost(pinned));
}

static const struct named_run others[] = {
    {"keeps_less", keeps_less}, {"told_v1", told_v1},     {"waited", waited},
    {"ended", ended},           {"host", host},           {"idle_pool", idle_pool},
    {"destroyed_pool", destroyed_pool}, {"retained", retained}, {"threads", threads},
    {"current_card", current_card}, {"other_pool_idle", other_pool}, {"other_stream_idle", other_stream},
    {"beside_capture", beside_capture},
    {"pending_idle", pending},  {"several_pools_idle", several_pools},
};

int main(int count, char **arguments)
{
    if (count != 2)
        return 2;
    DO(cuInit(0));
    DO(cuCtxCreate_v2(&context, 0, 0));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (strcmp(arguments[1], ways[i].name) == 0)
            return fill(&ways[i]), 0;
    return run_named(others, sizeof others / sizeof *others, arguments[1]);
}
