/* Imports memory that another process or driver pays for, in the way that its argument names, and says after each step what is left. */
#include <stdbool.h>

#include "said.h"

static const CUmemAllocationProp properties = {.type = CU_MEM_ALLOCATION_TYPE_PINNED,
                                               .handle_types = CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR,
                                               .location = {CU_MEM_LOCATION_TYPE_DEVICE, 0}};

/* What is imported is another's. */
static void imported(void)
{
    CUmemGenericAllocationHandle handle, import;
    CUipcMemHandle ipc;
    CUdeviceptr address, peer;
    int descriptor;
    DO(cuMemCreate(&handle, 60 * MIB, &properties, 0));
    DO(cuMemExportToShareableHandle(&descriptor, handle, CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR, 0));
    DO(cuMemImportFromShareableHandle(&import, (void *)(intptr_t)descriptor, CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR));
    DO(cuMemAddressReserve(&address, 60 * MIB, 0, 0, 0));
    DO(cuMemMap(address, 60 * MIB, 0, import, 0));
    DO(cuMemUnmap(address, 60 * MIB));
    DO(cuMemRelease(import));
    DO(cuMemAlloc_v2(&address, 20 * MIB));
    DO(cuIpcGetMemHandle(&ipc, address));
    DO(cuIpcOpenMemHandle_v2(&peer, ipc, 1));
    say("imported");
    DO(cuIpcCloseMemHandle(peer));
    DO(cuMemFree_v2(address));
    DO(cuMemRelease(handle));
    say("freed");
}

/* A graphics driver's memory, and a multicast object's addresses of memory that is there. */
static void external(void)
{
    CUexternalMemory memory;
    CUdeviceptr buffer, address;
    CUmemGenericAllocationHandle multicast, handle;
    const CUDA_EXTERNAL_MEMORY_HANDLE_DESC descriptor = {.type = CU_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD, .bytes = 200 * MIB};
    const CUDA_EXTERNAL_MEMORY_BUFFER_DESC whole = {.bytes = 200 * MIB};
    const CUmulticastObjectProp object = {.device_count = 1, .bytes = 60 * MIB};
    DO(cuImportExternalMemory(&memory, &descriptor));
    DO(cuExternalMemoryGetMappedBuffer(&buffer, memory, &whole));
    say("external");
    DO(cuMemCreate(&handle, 60 * MIB, &properties, 0));
    DO(cuMulticastCreate(&multicast, &object));
    DO(cuMulticastAddDevice(multicast, 0));
    DO(cuMulticastBindMem(multicast, 0, handle, 0, 60 * MIB, 0));
    DO(cuMemAddressReserve(&address, 60 * MIB, 0, 0, 0));
    DO(cuMemMap(address, 60 * MIB, 0, multicast, 0));
    say("multicast");
    DO(cuMemUnmap(address, 60 * MIB));
    DO(cuMulticastUnbind(multicast, 0, 0, 60 * MIB));
    DO(cuMemRelease(multicast));
    DO(cuMemRelease(handle));
    DO(cuMemFree_v2(buffer));
    DO(cuDestroyExternalMemory(memory));
    say("freed");
}

/* Another process's pool. */
static void imported_pool(void)
{
    CUmemoryPool import;
    CUmemPoolPtrExportData data;
    CUdeviceptr own, other;
    DO(cuMemAllocAsync(&own, 60 * MIB, NULL));
    DO(cuMemPoolExportPointer(&data, own));
    DO(cuMemPoolImportFromShareableHandle(&import, NULL, CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR, 0));
    DO(cuMemPoolImportPointer(&other, import, &data));
    say("imported");
    DO(cuMemFreeAsync(other, NULL));
    DO(cuMemFreeAsync(own, NULL));
    DO(cuStreamSynchronize(NULL));
    say("freed");
}

static const struct named_run ways[] = {{"imported", imported}, {"external", external}, {"imported_pool", imported_pool}};

int main(int count, char **arguments)
{
    CUcontext context;
    if (count != 2)
        return 2;
    DO(cuInit(0));
    DO(cuCtxCreate_v2(&context, 0, 0));
    return run_named(ways, sizeof ways / sizeof *ways, arguments[1]);
}
