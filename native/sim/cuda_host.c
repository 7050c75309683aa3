/* Host memory that a driver pins: the process's own, so that nothing is taken of a card. Not here: which of it is pinned. */
#include <stdlib.h>

#include "cuda_context.h"

CUresult cuMemHostAlloc(void **address, size_t bytes, unsigned int flags)
{
    struct sim_context *context;
    (void)flags;
    CUresult result = address && bytes ? sim_enter_context(&context) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    *address = malloc(bytes);
    sim_leave();
    return *address ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuMemAllocHost_v2(void **address, size_t bytes)
{
    return cuMemHostAlloc(address, bytes, 0);
}

CUresult cuMemFreeHost(void *address)
{
    free(address);
    return address ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuMemHostRegister_v2(void *address, size_t bytes, unsigned int flags)
{
    struct sim_context *context;
    (void)flags;
    CUresult result = address && bytes ? sim_enter_context(&context) : CUDA_ERROR_INVALID_VALUE;
    if (result == CUDA_SUCCESS)
        sim_leave();
    return result;
}

/* The process's memory has the same address on its cards. */
CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr *address, void *host, unsigned int flags)
{
    if (!address || !host || flags)
        return CUDA_ERROR_INVALID_VALUE;
    *address = (CUdeviceptr)(uintptr_t)host;
    return CUDA_SUCCESS;
}

CUresult cuMemHostUnregister(void *address)
{
    return address ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}
