/* Allocates 10 MiB at a time on device 0 until it is refused, in the way that its argument names, frees all, and says after each step
 * what is left of the share by cuMemGetInfo, and what the card gave by its own file. Some ways do something of their own. */
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

static void tell_total(void)
{
    size_t left, total = 0;
    CUresult result = cuMemGetInfo_v2(&left, &total);
    printf(" %d:%zu", result, total / MIB);
}

/* The card that is told of is that of the current context, however it became that. */
static void current_card(void)
{
    CUcontext popped, second;
    DO(cuCtxCreate_v2(&second, 0, 1));
    DO(cuCtxSetCurrent(context));
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

/* What the first binary interface tells. */
static void told_v1(void)
{
    unsigned int left, total, device;
    DO(cuMemGetInfo(&left, &total));
    DO(cuDeviceTotalMem(&device, 0));
    printf("%zu of %zu MiB left, %zu\n", left / MIB, total / MIB, device / MIB);
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
    {"told_v1", told_v1}, {"current_card", current_card}, {"retained", retained}, {"ended", ended}, {"host", host},
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
