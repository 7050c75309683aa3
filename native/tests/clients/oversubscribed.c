/* A program on an oversubscribed card, as its argument names: what its memory is, and what of it can be had. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "said.h"

static const CUmemAllocationProp properties = {.type = CU_MEM_ALLOCATION_TYPE_PINNED, .location = {CU_MEM_LOCATION_TYPE_DEVICE, 0}};

static void say_memory(const char *what, CUdeviceptr address, size_t bytes)
{
    int managed = 0, type = 0;
    CUdevice preferred = CU_DEVICE_INVALID;
    CUipcMemHandle handle;
    DO(cuPointerGetAttribute(&managed, CU_POINTER_ATTRIBUTE_IS_MANAGED, address));
    DO(cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, address));
    (void)cuMemRangeGetAttribute(&preferred, sizeof preferred, CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION, address, bytes);
    CUresult ipc = cuIpcGetMemHandle(&handle, address);
    printf("%s: managed %d, type %d, preferred %d, IPC %d\n", what, managed, type, preferred, ipc);
}

/* What stands in for device memory, and what does not. */
static void kinds(void)
{
    CUdeviceptr plain, pitched, asked, pooled;
    CUmemGenericAllocationHandle handle;
    CUdeviceptr_v1 old;
    size_t pitch;
    DO(cuMemAlloc_v2(&plain, 3 * MIB));
    DO(cuMemAllocPitch_v2(&pitched, &pitch, 1000, 4096, 4));
    DO(cuMemAllocManaged(&asked, MIB, CU_MEM_ATTACH_GLOBAL));
    DO(cuMemAllocAsync(&pooled, MIB, NULL));
    DO(cuMemCreate(&handle, 2 * MIB, &properties, 0));
    say_memory("plain", plain, 3 * MIB);
    say_memory("pitched", pitched, pitch * 4096);
    say_memory("asked for", asked, MIB);
    say_memory("pooled", pooled, MIB);
    printf("pitch %zu, 32 bits: %d\n", pitch, cuMemAlloc(&old, MIB));
    printf("wrong: %d %d %d %d\n", cuMemAlloc_v2(&plain, 0), cuMemAllocPitch_v2(&pitched, &pitch, 10, 10, 3),
           cuMemAllocPitch_v2(&pitched, &pitch, 0, 10, 4), cuMemAlloc_v2(NULL, MIB));
    say("all");
    DO(cuMemFree_v2(plain));
    DO(cuMemFree_v2(pitched));
    DO(cuMemFree_v2(asked));
    DO(cuMemFreeAsync(pooled, NULL));
    DO(cuMemRelease(handle));
    DO(cuCtxSynchronize());
    say("freed");
}

/* Takes 60 GiB, keeps a mark in it, stops until it is told to go on, and looks whether the mark is there. */
static void tenant(void)
{
    CUdeviceptr address;
    char mark[] = "mark", found[sizeof mark] = "";
    CUresult result = cuMemAlloc_v2(&address, 61440 * MIB);
    if (result == CUDA_SUCCESS)
        DO(cuMemcpyHtoD_v2(address + 1000 * MIB, mark, sizeof mark));
    printf("took: %d\n", result);
    say("took");
    raise(SIGSTOP);
    DO(cuMemcpyDtoH_v2(found, address + 1000 * MIB, sizeof found));
    printf("found: %s\n", found);
}

/* By handle until it is refused: such memory cannot be evicted. Then what can. */
static void pin(void)
{
    CUmemGenericAllocationHandle handles[64];
    CUdeviceptr address;
    CUresult result = CUDA_SUCCESS;
    int count = 0;
    while (count < 64 && (result = cuMemCreate(&handles[count], 10 * MIB, &properties, 0)) == CUDA_SUCCESS)
        count++;
    printf("pinned: %d times, then %d\n", count, result);
    printf("a pool: %d\n", cuMemAllocAsync(&address, 2 * MIB, NULL));
    CUresult buffer = cuMemAlloc_v2(&address, 40 * MIB);
    printf("a buffer: %d\n", buffer);
    say("full");
    if (buffer == CUDA_SUCCESS)
        DO(cuMemFree_v2(address));
    while (count)
        DO(cuMemRelease(handles[--count]));
    say("freed");
}

static void told(void)
{
    say("told");
}

static const struct named_run runs[] = {{"kinds", kinds}, {"tenant", tenant}, {"pin", pin}, {"told", told}};

int main(int count, char **arguments)
{
    CUcontext context;
    if (count != 2)
        return 2;
    DO(cuInit(0));
    DO(cuCtxCreate_v2(&context, 0, 0));
    return run_named(runs, sizeof runs / sizeof *runs, arguments[1]);
}
