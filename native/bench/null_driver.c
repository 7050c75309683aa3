/* A CUDA driver that does nothing, so that what is measured is the interceptor alone. Just what an allocation asks of it. */
#include <stdlib.h>

#include "cuda_api.h"

CUresult cuInit(unsigned int flags)
{
    (void)flags;
    return CUDA_SUCCESS;
}

CUresult cuDeviceGetUuid(CUuuid *uuid, CUdevice device)
{
    *uuid = (CUuuid){.bytes = {(char)device}};
    return CUDA_SUCCESS;
}

/* HAMI_BENCH_DEVICES: how many, else one. */
CUresult cuDeviceGetCount(int *count)
{
    const char *chosen = getenv("HAMI_BENCH_DEVICES");
    *count = chosen ? atoi(chosen) : 1;
    return CUDA_SUCCESS;
}

CUresult cuCtxGetDevice(CUdevice *device)
{
    *device = 0;
    return CUDA_SUCCESS;
}

CUresult cuCtxGetCurrent(CUcontext *context)
{
    *context = NULL;
    return CUDA_SUCCESS;
}

CUresult cuMemAlloc_v2(CUdeviceptr *address, size_t bytes)
{
    static CUdeviceptr next;
    *address = __atomic_add_fetch(&next, bytes, __ATOMIC_RELAXED);
    return CUDA_SUCCESS;
}

CUresult cuMemFree_v2(CUdeviceptr address)
{
    (void)address;
    return CUDA_SUCCESS;
}

CUresult cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes)
{
    *free_bytes = *total_bytes = (size_t)80 << 30;
    return CUDA_SUCCESS;
}
