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

/* Contexts are their devices' numbers, from 1 on, and device 0's where none was made current; streams are those, times 0x40. */
static _Thread_local uintptr_t current = 1;

CUresult cuCtxGetDevice(CUdevice *device)
{
    *device = (CUdevice)current - 1;
    return CUDA_SUCCESS;
}

CUresult cuCtxGetCurrent(CUcontext *context)
{
    *context = (CUcontext)current;
    return CUDA_SUCCESS;
}

CUresult cuCtxSetCurrent(CUcontext context)
{
    current = (uintptr_t)context;
    return CUDA_SUCCESS;
}

CUresult cuStreamGetCtx(CUstream stream, CUcontext *context)
{
    *context = (CUcontext)((uintptr_t)stream <= 2 ? current : (uintptr_t)stream / 0x40);
    return CUDA_SUCCESS;
}

CUresult cuCtxPushCurrent_v2(CUcontext context)
{
    return cuCtxSetCurrent(context);
}

CUresult cuCtxPopCurrent_v2(CUcontext *context)
{
    return cuCtxGetCurrent(context);
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

CUresult cuLaunchKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                        unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters, void **extra)
{
    (void)grid_x, (void)grid_y, (void)grid_z, (void)block_x, (void)block_y, (void)block_z, (void)shared_bytes, (void)stream;
    (void)function, (void)parameters, (void)extra;
    return CUDA_SUCCESS;
}

CUresult cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra)
{
    (void)config, (void)function, (void)parameters, (void)extra;
    return CUDA_SUCCESS;
}

/* Work takes 2 ns: so a thread may launch much of it before it asks again. */
CUresult cuEventCreate(CUevent *event, unsigned int flags)
{
    static char made;
    (void)flags;
    *event = (CUevent)(void *)&made;
    return CUDA_SUCCESS;
}

CUresult cuEventDestroy_v2(CUevent event)
{
    (void)event;
    return CUDA_SUCCESS;
}

CUresult cuEventRecord(CUevent event, CUstream stream)
{
    (void)event, (void)stream;
    return CUDA_SUCCESS;
}

CUresult cuEventSynchronize(CUevent event)
{
    (void)event;
    return CUDA_SUCCESS;
}

CUresult cuEventElapsedTime(float *milliseconds, CUevent start, CUevent end)
{
    (void)start, (void)end;
    *milliseconds = 2e-6f;
    return CUDA_SUCCESS;
}

CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus *status)
{
    (void)stream;
    *status = CU_STREAM_CAPTURE_STATUS_NONE;
    return CUDA_SUCCESS;
}
