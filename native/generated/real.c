/* The driver's own functions, by name.
 * Generated from native/manifest/cuda.def and nvml.def by `python -m native.generator`; do not edit. */
#include "real.h"

static CUresult absent_cuInit(unsigned int flags)
{
    (void)flags;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGetProcAddress(const char *symbol, void **function, int cuda_version, cuuint64_t flags)
{
    (void)symbol;
    (void)function;
    (void)cuda_version;
    (void)flags;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGetProcAddress_v2(const char *symbol, void **function, int cuda_version, cuuint64_t flags, CUdriverProcAddressQueryResult *status)
{
    (void)symbol;
    (void)function;
    (void)cuda_version;
    (void)flags;
    (void)status;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDeviceGetCount(int *count)
{
    (void)count;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDeviceGetUuid(CUuuid *uuid, CUdevice device)
{
    (void)uuid;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDeviceTotalMem_v2(size_t *bytes, CUdevice device)
{
    (void)bytes;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice device)
{
    (void)value;
    (void)attribute;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device)
{
    (void)context;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDevicePrimaryCtxRelease(CUdevice device)
{
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDevicePrimaryCtxRelease_v2(CUdevice device)
{
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDevicePrimaryCtxReset(CUdevice device)
{
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDevicePrimaryCtxReset_v2(CUdevice device)
{
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDevicePrimaryCtxGetState(CUdevice device, unsigned int *flags, int *active)
{
    (void)device;
    (void)flags;
    (void)active;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxCreate_v2(CUcontext *context, unsigned int flags, CUdevice device)
{
    (void)context;
    (void)flags;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxCreate_v3(CUcontext *context, CUexecAffinityParam *affinities, int count, unsigned int flags, CUdevice device)
{
    (void)context;
    (void)affinities;
    (void)count;
    (void)flags;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxCreate_v4(CUcontext *context, CUctxCreateParams *parameters, unsigned int flags, CUdevice device)
{
    (void)context;
    (void)parameters;
    (void)flags;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxDestroy(CUcontext context)
{
    (void)context;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxDestroy_v2(CUcontext context)
{
    (void)context;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxSetCurrent(CUcontext context)
{
    (void)context;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxGetCurrent(CUcontext *context)
{
    (void)context;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxPushCurrent_v2(CUcontext context)
{
    (void)context;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxPopCurrent_v2(CUcontext *context)
{
    (void)context;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxGetDevice(CUdevice *device)
{
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxSynchronize(void)
{
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxSynchronize_v2(CUcontext context)
{
    (void)context;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemAlloc_v2(CUdeviceptr *address, size_t bytes)
{
    (void)address;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemAllocManaged(CUdeviceptr *address, size_t bytes, unsigned int flags)
{
    (void)address;
    (void)bytes;
    (void)flags;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemAllocPitch_v2(CUdeviceptr *address, size_t *pitch, size_t width, size_t height, unsigned int element_bytes)
{
    (void)address;
    (void)pitch;
    (void)width;
    (void)height;
    (void)element_bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemAdvise(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUdevice device)
{
    (void)address;
    (void)bytes;
    (void)advice;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemAdvise_v2(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUmemLocation location)
{
    (void)address;
    (void)bytes;
    (void)advice;
    (void)location;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuPointerGetAttribute(void *data, CUpointer_attribute attribute, CUdeviceptr address)
{
    (void)data;
    (void)attribute;
    (void)address;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemFree_v2(CUdeviceptr address)
{
    (void)address;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes)
{
    (void)free_bytes;
    (void)total_bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAsync_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyPeer(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes)
{
    (void)target;
    (void)target_context;
    (void)source;
    (void)source_context;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyPeer_ptds(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes)
{
    (void)target;
    (void)target_context;
    (void)source;
    (void)source_context;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyPeerAsync(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes, CUstream stream)
{
    (void)target;
    (void)target_context;
    (void)source;
    (void)source_context;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyPeerAsync_ptsz(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes, CUstream stream)
{
    (void)target;
    (void)target_context;
    (void)source;
    (void)source_context;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoD(CUdeviceptr_v1 target, const void *source, unsigned int bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoD_v2(CUdeviceptr target, const void *source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoD_v2_ptds(CUdeviceptr target, const void *source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoDAsync(CUdeviceptr_v1 target, const void *source, unsigned int bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void *source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoDAsync_v2_ptsz(CUdeviceptr target, const void *source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoH(void *target, CUdeviceptr_v1 source, unsigned int bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoH_v2(void *target, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoH_v2_ptds(void *target, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoHAsync(void *target, CUdeviceptr_v1 source, unsigned int bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoHAsync_v2(void *target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoHAsync_v2_ptsz(void *target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoD(CUdeviceptr_v1 target, CUdeviceptr_v1 source, unsigned int bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoD_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoD_v2_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoDAsync(CUdeviceptr_v1 target, CUdeviceptr_v1 source, unsigned int bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoDAsync_v2_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoA(CUarray target, unsigned int offset, CUdeviceptr_v1 source, unsigned int bytes)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoA_v2(CUarray target, size_t offset, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyDtoA_v2_ptds(CUarray target, size_t offset, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoD(CUdeviceptr_v1 target, CUarray source, unsigned int offset, unsigned int bytes)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoD_v2(CUdeviceptr target, CUarray source, size_t offset, size_t bytes)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoD_v2_ptds(CUdeviceptr target, CUarray source, size_t offset, size_t bytes)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoA(CUarray target, unsigned int offset, const void *source, unsigned int bytes)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoA_v2(CUarray target, size_t offset, const void *source, size_t bytes)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoA_v2_ptds(CUarray target, size_t offset, const void *source, size_t bytes)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoAAsync(CUarray target, unsigned int offset, const void *source, unsigned int bytes, CUstream stream)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoAAsync_v2(CUarray target, size_t offset, const void *source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyHtoAAsync_v2_ptsz(CUarray target, size_t offset, const void *source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoH(void *target, CUarray source, unsigned int offset, unsigned int bytes)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoH_v2(void *target, CUarray source, size_t offset, size_t bytes)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoH_v2_ptds(void *target, CUarray source, size_t offset, size_t bytes)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoHAsync(void *target, CUarray source, unsigned int offset, unsigned int bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoHAsync_v2(void *target, CUarray source, size_t offset, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoHAsync_v2_ptsz(void *target, CUarray source, size_t offset, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoA(CUarray target, unsigned int target_offset, CUarray source, unsigned int source_offset, unsigned int bytes)
{
    (void)target;
    (void)target_offset;
    (void)source;
    (void)source_offset;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoA_v2(CUarray target, size_t target_offset, CUarray source, size_t source_offset, size_t bytes)
{
    (void)target;
    (void)target_offset;
    (void)source;
    (void)source_offset;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyAtoA_v2_ptds(CUarray target, size_t target_offset, CUarray source, size_t source_offset, size_t bytes)
{
    (void)target;
    (void)target_offset;
    (void)source;
    (void)source_offset;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy2D(const CUDA_MEMCPY2D_v1 *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy2D_v2(const CUDA_MEMCPY2D *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy2D_v2_ptds(const CUDA_MEMCPY2D *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy2DUnaligned(const CUDA_MEMCPY2D_v1 *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy2DUnaligned_v2(const CUDA_MEMCPY2D *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy2DUnaligned_v2_ptds(const CUDA_MEMCPY2D *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy2DAsync(const CUDA_MEMCPY2D_v1 *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy2DAsync_v2_ptsz(const CUDA_MEMCPY2D *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3D(const CUDA_MEMCPY3D_v1 *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3D_v2(const CUDA_MEMCPY3D *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3D_v2_ptds(const CUDA_MEMCPY3D *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DAsync(const CUDA_MEMCPY3D_v1 *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DAsync_v2(const CUDA_MEMCPY3D *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DAsync_v2_ptsz(const CUDA_MEMCPY3D *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DPeer(const CUDA_MEMCPY3D_PEER *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DPeer_ptds(const CUDA_MEMCPY3D_PEER *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DPeerAsync(const CUDA_MEMCPY3D_PEER *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DPeerAsync_ptsz(const CUDA_MEMCPY3D_PEER *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyBatchAsync(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, size_t *failed, CUstream stream)
{
    (void)targets;
    (void)sources;
    (void)sizes;
    (void)count;
    (void)attributes;
    (void)attribute_places;
    (void)attribute_count;
    (void)failed;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyBatchAsync_ptsz(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, size_t *failed, CUstream stream)
{
    (void)targets;
    (void)sources;
    (void)sizes;
    (void)count;
    (void)attributes;
    (void)attribute_places;
    (void)attribute_count;
    (void)failed;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyBatchAsync_v2(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, CUstream stream)
{
    (void)targets;
    (void)sources;
    (void)sizes;
    (void)count;
    (void)attributes;
    (void)attribute_places;
    (void)attribute_count;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyBatchAsync_v2_ptsz(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, CUstream stream)
{
    (void)targets;
    (void)sources;
    (void)sizes;
    (void)count;
    (void)attributes;
    (void)attribute_places;
    (void)attribute_count;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DBatchAsync(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, size_t *failed, unsigned long long flags, CUstream stream)
{
    (void)count;
    (void)copies;
    (void)failed;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DBatchAsync_ptsz(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, size_t *failed, unsigned long long flags, CUstream stream)
{
    (void)count;
    (void)copies;
    (void)failed;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DBatchAsync_v2(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, unsigned long long flags, CUstream stream)
{
    (void)count;
    (void)copies;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DBatchAsync_v2_ptsz(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, unsigned long long flags, CUstream stream)
{
    (void)count;
    (void)copies;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyWithAttributesAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUmemcpyAttributes *attributes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)attributes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpyWithAttributesAsync_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUmemcpyAttributes *attributes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)attributes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DWithAttributesAsync(CUDA_MEMCPY3D_BATCH_OP *copy, unsigned long long flags, CUstream stream)
{
    (void)copy;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemcpy3DWithAttributesAsync_ptsz(CUDA_MEMCPY3D_BATCH_OP *copy, unsigned long long flags, CUstream stream)
{
    (void)copy;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD8(CUdeviceptr_v1 target, unsigned char value, unsigned int count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD8_v2(CUdeviceptr target, unsigned char value, size_t count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD8_v2_ptds(CUdeviceptr target, unsigned char value, size_t count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD8Async(CUdeviceptr target, unsigned char value, size_t count, CUstream stream)
{
    (void)target;
    (void)value;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD8Async_ptsz(CUdeviceptr target, unsigned char value, size_t count, CUstream stream)
{
    (void)target;
    (void)value;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D8(CUdeviceptr_v1 target, unsigned int pitch, unsigned char value, unsigned int width, unsigned int height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D8_v2(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D8_v2_ptds(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D8Async(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height, CUstream stream)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D8Async_ptsz(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height, CUstream stream)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD16(CUdeviceptr_v1 target, unsigned short value, unsigned int count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD16_v2(CUdeviceptr target, unsigned short value, size_t count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD16_v2_ptds(CUdeviceptr target, unsigned short value, size_t count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD16Async(CUdeviceptr target, unsigned short value, size_t count, CUstream stream)
{
    (void)target;
    (void)value;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD16Async_ptsz(CUdeviceptr target, unsigned short value, size_t count, CUstream stream)
{
    (void)target;
    (void)value;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D16(CUdeviceptr_v1 target, unsigned int pitch, unsigned short value, unsigned int width, unsigned int height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D16_v2(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D16_v2_ptds(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D16Async(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height, CUstream stream)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D16Async_ptsz(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height, CUstream stream)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD32(CUdeviceptr_v1 target, unsigned int value, unsigned int count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD32_v2(CUdeviceptr target, unsigned int value, size_t count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD32_v2_ptds(CUdeviceptr target, unsigned int value, size_t count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD32Async(CUdeviceptr target, unsigned int value, size_t count, CUstream stream)
{
    (void)target;
    (void)value;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD32Async_ptsz(CUdeviceptr target, unsigned int value, size_t count, CUstream stream)
{
    (void)target;
    (void)value;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D32(CUdeviceptr_v1 target, unsigned int pitch, unsigned int value, unsigned int width, unsigned int height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D32_v2(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D32_v2_ptds(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D32Async(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height, CUstream stream)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemsetD2D32Async_ptsz(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height, CUstream stream)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemPrefetchAsync(CUdeviceptr address, size_t bytes, CUdevice device, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)device;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemPrefetchAsync_ptsz(CUdeviceptr address, size_t bytes, CUdevice device, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)device;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemPrefetchAsync_v2(CUdeviceptr address, size_t bytes, CUmemLocation location, unsigned int flags, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)location;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemPrefetchAsync_v2_ptsz(CUdeviceptr address, size_t bytes, CUmemLocation location, unsigned int flags, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)location;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemPrefetchBatchAsync(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    (void)addresses;
    (void)sizes;
    (void)count;
    (void)locations;
    (void)location_places;
    (void)location_count;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemPrefetchBatchAsync_ptsz(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    (void)addresses;
    (void)sizes;
    (void)count;
    (void)locations;
    (void)location_places;
    (void)location_count;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemDiscardAndPrefetchBatchAsync(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    (void)addresses;
    (void)sizes;
    (void)count;
    (void)locations;
    (void)location_places;
    (void)location_count;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemDiscardAndPrefetchBatchAsync_ptsz(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    (void)addresses;
    (void)sizes;
    (void)count;
    (void)locations;
    (void)location_places;
    (void)location_count;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemAllocAsync(CUdeviceptr *address, size_t bytes, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemAllocAsync_ptsz(CUdeviceptr *address, size_t bytes, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemAllocFromPoolAsync(CUdeviceptr *address, size_t bytes, CUmemoryPool pool, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)pool;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemAllocFromPoolAsync_ptsz(CUdeviceptr *address, size_t bytes, CUmemoryPool pool, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)pool;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemFreeAsync(CUdeviceptr address, CUstream stream)
{
    (void)address;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemFreeAsync_ptsz(CUdeviceptr address, CUstream stream)
{
    (void)address;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemPoolCreate(CUmemoryPool *pool, const CUmemPoolProps *properties)
{
    (void)pool;
    (void)properties;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemPoolDestroy(CUmemoryPool pool)
{
    (void)pool;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemPoolTrimTo(CUmemoryPool pool, size_t keep_bytes)
{
    (void)pool;
    (void)keep_bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemPoolGetAttribute(CUmemoryPool pool, CUmemPool_attribute attribute, void *value)
{
    (void)pool;
    (void)attribute;
    (void)value;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemPoolSetAttribute(CUmemoryPool pool, CUmemPool_attribute attribute, void *value)
{
    (void)pool;
    (void)attribute;
    (void)value;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDeviceGetDefaultMemPool(CUmemoryPool *pool, CUdevice device)
{
    (void)pool;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDeviceGetMemPool(CUmemoryPool *pool, CUdevice device)
{
    (void)pool;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamDestroy_v2(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamDestroy(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamSynchronize(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamSynchronize_ptsz(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus *status)
{
    (void)stream;
    (void)status;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamIsCapturing_ptsz(CUstream stream, CUstreamCaptureStatus *status)
{
    (void)stream;
    (void)status;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuThreadExchangeStreamCaptureMode(CUstreamCaptureMode *mode)
{
    (void)mode;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuEventCreate(CUevent *event, unsigned int flags)
{
    (void)event;
    (void)flags;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuEventDestroy_v2(CUevent event)
{
    (void)event;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuEventRecord(CUevent event, CUstream stream)
{
    (void)event;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuEventRecord_ptsz(CUevent event, CUstream stream)
{
    (void)event;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuEventSynchronize(CUevent event)
{
    (void)event;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuEventElapsedTime(float *milliseconds, CUevent start, CUevent end)
{
    (void)milliseconds;
    (void)start;
    (void)end;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuEventQuery(CUevent event)
{
    (void)event;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemCreate(CUmemGenericAllocationHandle *handle, size_t bytes, const CUmemAllocationProp *properties, unsigned long long flags)
{
    (void)handle;
    (void)bytes;
    (void)properties;
    (void)flags;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemRelease(CUmemGenericAllocationHandle handle)
{
    (void)handle;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemMap(CUdeviceptr address, size_t bytes, size_t offset, CUmemGenericAllocationHandle handle, unsigned long long flags)
{
    (void)address;
    (void)bytes;
    (void)offset;
    (void)handle;
    (void)flags;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemUnmap(CUdeviceptr address, size_t bytes)
{
    (void)address;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemRetainAllocationHandle(CUmemGenericAllocationHandle *handle, void *address)
{
    (void)handle;
    (void)address;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemMapArrayAsync(CUarrayMapInfo *maps, unsigned int count, CUstream stream)
{
    (void)maps;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemMapArrayAsync_ptsz(CUarrayMapInfo *maps, unsigned int count, CUstream stream)
{
    (void)maps;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuArrayCreate_v2(CUarray *array, const CUDA_ARRAY_DESCRIPTOR *descriptor)
{
    (void)array;
    (void)descriptor;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuArray3DCreate_v2(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR *descriptor)
{
    (void)array;
    (void)descriptor;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuArrayDestroy(CUarray array)
{
    (void)array;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMipmappedArrayCreate(CUmipmappedArray *array, const CUDA_ARRAY3D_DESCRIPTOR *descriptor, unsigned int levels)
{
    (void)array;
    (void)descriptor;
    (void)levels;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMipmappedArrayDestroy(CUmipmappedArray array)
{
    (void)array;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuIpcGetMemHandle(CUipcMemHandle *handle, CUdeviceptr address)
{
    (void)handle;
    (void)address;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuModuleUnload(CUmodule module)
{
    (void)module;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuLibraryUnload(CUlibrary library)
{
    (void)library;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuLaunchKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters, void **extra)
{
    (void)function;
    (void)grid_x;
    (void)grid_y;
    (void)grid_z;
    (void)block_x;
    (void)block_y;
    (void)block_z;
    (void)shared_bytes;
    (void)stream;
    (void)parameters;
    (void)extra;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuLaunchKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters, void **extra)
{
    (void)function;
    (void)grid_x;
    (void)grid_y;
    (void)grid_z;
    (void)block_x;
    (void)block_y;
    (void)block_z;
    (void)shared_bytes;
    (void)stream;
    (void)parameters;
    (void)extra;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra)
{
    (void)config;
    (void)function;
    (void)parameters;
    (void)extra;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuLaunchKernelEx_ptsz(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra)
{
    (void)config;
    (void)function;
    (void)parameters;
    (void)extra;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuLaunchCooperativeKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters)
{
    (void)function;
    (void)grid_x;
    (void)grid_y;
    (void)grid_z;
    (void)block_x;
    (void)block_y;
    (void)block_z;
    (void)shared_bytes;
    (void)stream;
    (void)parameters;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuLaunchCooperativeKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters)
{
    (void)function;
    (void)grid_x;
    (void)grid_y;
    (void)grid_z;
    (void)block_x;
    (void)block_y;
    (void)block_z;
    (void)shared_bytes;
    (void)stream;
    (void)parameters;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuLaunchCooperativeKernelMultiDevice(CUDA_LAUNCH_PARAMS *launches, unsigned int count, unsigned int flags)
{
    (void)launches;
    (void)count;
    (void)flags;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuLaunch(CUfunction function)
{
    (void)function;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuLaunchGrid(CUfunction function, int width, int height)
{
    (void)function;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuLaunchGridAsync(CUfunction function, int width, int height, CUstream stream)
{
    (void)function;
    (void)width;
    (void)height;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamBeginCapture(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamBeginCapture_ptsz(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamBeginCapture_v2(CUstream stream, CUstreamCaptureMode mode)
{
    (void)stream;
    (void)mode;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamBeginCapture_v2_ptsz(CUstream stream, CUstreamCaptureMode mode)
{
    (void)stream;
    (void)mode;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamBeginCaptureToGraph(CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, CUstreamCaptureMode mode)
{
    (void)stream;
    (void)graph;
    (void)dependencies;
    (void)edges;
    (void)count;
    (void)mode;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamBeginCaptureToGraph_ptsz(CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, CUstreamCaptureMode mode)
{
    (void)stream;
    (void)graph;
    (void)dependencies;
    (void)edges;
    (void)count;
    (void)mode;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamEndCapture(CUstream stream, CUgraph *graph)
{
    (void)stream;
    (void)graph;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamEndCapture_ptsz(CUstream stream, CUgraph *graph)
{
    (void)stream;
    (void)graph;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphGetNodes(CUgraph graph, CUgraphNode *nodes, size_t *count)
{
    (void)graph;
    (void)nodes;
    (void)count;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphNodeGetType(CUgraphNode node, CUgraphNodeType *type)
{
    (void)node;
    (void)type;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphChildGraphNodeGetGraph(CUgraphNode node, CUgraph *graph)
{
    (void)node;
    (void)graph;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphMemAllocNodeGetParams(CUgraphNode node, CUDA_MEM_ALLOC_NODE_PARAMS *parameters)
{
    (void)node;
    (void)parameters;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphMemFreeNodeGetParams(CUgraphNode node, CUdeviceptr *address)
{
    (void)node;
    (void)address;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphNodeGetParams(CUgraphNode node, CUgraphNodeParams *parameters)
{
    (void)node;
    (void)parameters;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphInstantiate(CUgraphExec *exec, CUgraph graph, CUgraphNode *error_node, char *log, size_t log_bytes)
{
    (void)exec;
    (void)graph;
    (void)error_node;
    (void)log;
    (void)log_bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphInstantiate_v2(CUgraphExec *exec, CUgraph graph, CUgraphNode *error_node, char *log, size_t log_bytes)
{
    (void)exec;
    (void)graph;
    (void)error_node;
    (void)log;
    (void)log_bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphInstantiateWithFlags(CUgraphExec *exec, CUgraph graph, unsigned long long flags)
{
    (void)exec;
    (void)graph;
    (void)flags;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphInstantiateWithParams(CUgraphExec *exec, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *parameters)
{
    (void)exec;
    (void)graph;
    (void)parameters;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphInstantiateWithParams_ptsz(CUgraphExec *exec, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *parameters)
{
    (void)exec;
    (void)graph;
    (void)parameters;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphUpload(CUgraphExec exec, CUstream stream)
{
    (void)exec;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphUpload_ptsz(CUgraphExec exec, CUstream stream)
{
    (void)exec;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphLaunch(CUgraphExec exec, CUstream stream)
{
    (void)exec;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphLaunch_ptsz(CUgraphExec exec, CUstream stream)
{
    (void)exec;
    (void)stream;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphExecUpdate(CUgraphExec exec, CUgraph graph, CUgraphNode *error_node, CUgraphExecUpdateResult *result)
{
    (void)exec;
    (void)graph;
    (void)error_node;
    (void)result;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphExecUpdate_v2(CUgraphExec exec, CUgraph graph, CUgraphExecUpdateResultInfo *info)
{
    (void)exec;
    (void)graph;
    (void)info;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuGraphExecDestroy(CUgraphExec exec)
{
    (void)exec;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDeviceGraphMemTrim(CUdevice device)
{
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDeviceGetGraphMemAttribute(CUdevice device, CUgraphMem_attribute attribute, void *value)
{
    (void)device;
    (void)attribute;
    (void)value;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxCreate(CUcontext *context, unsigned int flags, CUdevice device)
{
    (void)context;
    (void)flags;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDeviceTotalMem(unsigned int *bytes, CUdevice device)
{
    (void)bytes;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemAlloc(CUdeviceptr_v1 *address, unsigned int bytes)
{
    (void)address;
    (void)bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemAllocPitch(CUdeviceptr_v1 *address, unsigned int *pitch, unsigned int width, unsigned int height, unsigned int element_bytes)
{
    (void)address;
    (void)pitch;
    (void)width;
    (void)height;
    (void)element_bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemFree(CUdeviceptr_v1 address)
{
    (void)address;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuMemGetInfo(unsigned int *free_bytes, unsigned int *total_bytes)
{
    (void)free_bytes;
    (void)total_bytes;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuArrayCreate(CUarray *array, const CUDA_ARRAY_DESCRIPTOR_v1 *descriptor)
{
    (void)array;
    (void)descriptor;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuArray3DCreate(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR_v1 *descriptor)
{
    (void)array;
    (void)descriptor;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamGetCtx(CUstream stream, CUcontext *context)
{
    (void)stream;
    (void)context;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuStreamGetCtx_ptsz(CUstream stream, CUcontext *context)
{
    (void)stream;
    (void)context;
    return CUDA_ERROR_NOT_FOUND;
}

const struct real_cuda real_cuda_absent = {
    .cuInit = absent_cuInit,
    .cuGetProcAddress = absent_cuGetProcAddress,
    .cuGetProcAddress_v2 = absent_cuGetProcAddress_v2,
    .cuDeviceGetCount = absent_cuDeviceGetCount,
    .cuDeviceGetUuid = absent_cuDeviceGetUuid,
    .cuDeviceTotalMem_v2 = absent_cuDeviceTotalMem_v2,
    .cuDeviceGetAttribute = absent_cuDeviceGetAttribute,
    .cuDevicePrimaryCtxRetain = absent_cuDevicePrimaryCtxRetain,
    .cuDevicePrimaryCtxRelease = absent_cuDevicePrimaryCtxRelease,
    .cuDevicePrimaryCtxRelease_v2 = absent_cuDevicePrimaryCtxRelease_v2,
    .cuDevicePrimaryCtxReset = absent_cuDevicePrimaryCtxReset,
    .cuDevicePrimaryCtxReset_v2 = absent_cuDevicePrimaryCtxReset_v2,
    .cuDevicePrimaryCtxGetState = absent_cuDevicePrimaryCtxGetState,
    .cuCtxCreate_v2 = absent_cuCtxCreate_v2,
    .cuCtxCreate_v3 = absent_cuCtxCreate_v3,
    .cuCtxCreate_v4 = absent_cuCtxCreate_v4,
    .cuCtxDestroy = absent_cuCtxDestroy,
    .cuCtxDestroy_v2 = absent_cuCtxDestroy_v2,
    .cuCtxSetCurrent = absent_cuCtxSetCurrent,
    .cuCtxGetCurrent = absent_cuCtxGetCurrent,
    .cuCtxPushCurrent_v2 = absent_cuCtxPushCurrent_v2,
    .cuCtxPopCurrent_v2 = absent_cuCtxPopCurrent_v2,
    .cuCtxGetDevice = absent_cuCtxGetDevice,
    .cuCtxSynchronize = absent_cuCtxSynchronize,
    .cuCtxSynchronize_v2 = absent_cuCtxSynchronize_v2,
    .cuMemAlloc_v2 = absent_cuMemAlloc_v2,
    .cuMemAllocManaged = absent_cuMemAllocManaged,
    .cuMemAllocPitch_v2 = absent_cuMemAllocPitch_v2,
    .cuMemAdvise = absent_cuMemAdvise,
    .cuMemAdvise_v2 = absent_cuMemAdvise_v2,
    .cuPointerGetAttribute = absent_cuPointerGetAttribute,
    .cuMemFree_v2 = absent_cuMemFree_v2,
    .cuMemGetInfo_v2 = absent_cuMemGetInfo_v2,
    .cuMemcpy = absent_cuMemcpy,
    .cuMemcpy_ptds = absent_cuMemcpy_ptds,
    .cuMemcpyAsync = absent_cuMemcpyAsync,
    .cuMemcpyAsync_ptsz = absent_cuMemcpyAsync_ptsz,
    .cuMemcpyPeer = absent_cuMemcpyPeer,
    .cuMemcpyPeer_ptds = absent_cuMemcpyPeer_ptds,
    .cuMemcpyPeerAsync = absent_cuMemcpyPeerAsync,
    .cuMemcpyPeerAsync_ptsz = absent_cuMemcpyPeerAsync_ptsz,
    .cuMemcpyHtoD = absent_cuMemcpyHtoD,
    .cuMemcpyHtoD_v2 = absent_cuMemcpyHtoD_v2,
    .cuMemcpyHtoD_v2_ptds = absent_cuMemcpyHtoD_v2_ptds,
    .cuMemcpyHtoDAsync = absent_cuMemcpyHtoDAsync,
    .cuMemcpyHtoDAsync_v2 = absent_cuMemcpyHtoDAsync_v2,
    .cuMemcpyHtoDAsync_v2_ptsz = absent_cuMemcpyHtoDAsync_v2_ptsz,
    .cuMemcpyDtoH = absent_cuMemcpyDtoH,
    .cuMemcpyDtoH_v2 = absent_cuMemcpyDtoH_v2,
    .cuMemcpyDtoH_v2_ptds = absent_cuMemcpyDtoH_v2_ptds,
    .cuMemcpyDtoHAsync = absent_cuMemcpyDtoHAsync,
    .cuMemcpyDtoHAsync_v2 = absent_cuMemcpyDtoHAsync_v2,
    .cuMemcpyDtoHAsync_v2_ptsz = absent_cuMemcpyDtoHAsync_v2_ptsz,
    .cuMemcpyDtoD = absent_cuMemcpyDtoD,
    .cuMemcpyDtoD_v2 = absent_cuMemcpyDtoD_v2,
    .cuMemcpyDtoD_v2_ptds = absent_cuMemcpyDtoD_v2_ptds,
    .cuMemcpyDtoDAsync = absent_cuMemcpyDtoDAsync,
    .cuMemcpyDtoDAsync_v2 = absent_cuMemcpyDtoDAsync_v2,
    .cuMemcpyDtoDAsync_v2_ptsz = absent_cuMemcpyDtoDAsync_v2_ptsz,
    .cuMemcpyDtoA = absent_cuMemcpyDtoA,
    .cuMemcpyDtoA_v2 = absent_cuMemcpyDtoA_v2,
    .cuMemcpyDtoA_v2_ptds = absent_cuMemcpyDtoA_v2_ptds,
    .cuMemcpyAtoD = absent_cuMemcpyAtoD,
    .cuMemcpyAtoD_v2 = absent_cuMemcpyAtoD_v2,
    .cuMemcpyAtoD_v2_ptds = absent_cuMemcpyAtoD_v2_ptds,
    .cuMemcpyHtoA = absent_cuMemcpyHtoA,
    .cuMemcpyHtoA_v2 = absent_cuMemcpyHtoA_v2,
    .cuMemcpyHtoA_v2_ptds = absent_cuMemcpyHtoA_v2_ptds,
    .cuMemcpyHtoAAsync = absent_cuMemcpyHtoAAsync,
    .cuMemcpyHtoAAsync_v2 = absent_cuMemcpyHtoAAsync_v2,
    .cuMemcpyHtoAAsync_v2_ptsz = absent_cuMemcpyHtoAAsync_v2_ptsz,
    .cuMemcpyAtoH = absent_cuMemcpyAtoH,
    .cuMemcpyAtoH_v2 = absent_cuMemcpyAtoH_v2,
    .cuMemcpyAtoH_v2_ptds = absent_cuMemcpyAtoH_v2_ptds,
    .cuMemcpyAtoHAsync = absent_cuMemcpyAtoHAsync,
    .cuMemcpyAtoHAsync_v2 = absent_cuMemcpyAtoHAsync_v2,
    .cuMemcpyAtoHAsync_v2_ptsz = absent_cuMemcpyAtoHAsync_v2_ptsz,
    .cuMemcpyAtoA = absent_cuMemcpyAtoA,
    .cuMemcpyAtoA_v2 = absent_cuMemcpyAtoA_v2,
    .cuMemcpyAtoA_v2_ptds = absent_cuMemcpyAtoA_v2_ptds,
    .cuMemcpy2D = absent_cuMemcpy2D,
    .cuMemcpy2D_v2 = absent_cuMemcpy2D_v2,
    .cuMemcpy2D_v2_ptds = absent_cuMemcpy2D_v2_ptds,
    .cuMemcpy2DUnaligned = absent_cuMemcpy2DUnaligned,
    .cuMemcpy2DUnaligned_v2 = absent_cuMemcpy2DUnaligned_v2,
    .cuMemcpy2DUnaligned_v2_ptds = absent_cuMemcpy2DUnaligned_v2_ptds,
    .cuMemcpy2DAsync = absent_cuMemcpy2DAsync,
    .cuMemcpy2DAsync_v2 = absent_cuMemcpy2DAsync_v2,
    .cuMemcpy2DAsync_v2_ptsz = absent_cuMemcpy2DAsync_v2_ptsz,
    .cuMemcpy3D = absent_cuMemcpy3D,
    .cuMemcpy3D_v2 = absent_cuMemcpy3D_v2,
    .cuMemcpy3D_v2_ptds = absent_cuMemcpy3D_v2_ptds,
    .cuMemcpy3DAsync = absent_cuMemcpy3DAsync,
    .cuMemcpy3DAsync_v2 = absent_cuMemcpy3DAsync_v2,
    .cuMemcpy3DAsync_v2_ptsz = absent_cuMemcpy3DAsync_v2_ptsz,
    .cuMemcpy3DPeer = absent_cuMemcpy3DPeer,
    .cuMemcpy3DPeer_ptds = absent_cuMemcpy3DPeer_ptds,
    .cuMemcpy3DPeerAsync = absent_cuMemcpy3DPeerAsync,
    .cuMemcpy3DPeerAsync_ptsz = absent_cuMemcpy3DPeerAsync_ptsz,
    .cuMemcpyBatchAsync = absent_cuMemcpyBatchAsync,
    .cuMemcpyBatchAsync_ptsz = absent_cuMemcpyBatchAsync_ptsz,
    .cuMemcpyBatchAsync_v2 = absent_cuMemcpyBatchAsync_v2,
    .cuMemcpyBatchAsync_v2_ptsz = absent_cuMemcpyBatchAsync_v2_ptsz,
    .cuMemcpy3DBatchAsync = absent_cuMemcpy3DBatchAsync,
    .cuMemcpy3DBatchAsync_ptsz = absent_cuMemcpy3DBatchAsync_ptsz,
    .cuMemcpy3DBatchAsync_v2 = absent_cuMemcpy3DBatchAsync_v2,
    .cuMemcpy3DBatchAsync_v2_ptsz = absent_cuMemcpy3DBatchAsync_v2_ptsz,
    .cuMemcpyWithAttributesAsync = absent_cuMemcpyWithAttributesAsync,
    .cuMemcpyWithAttributesAsync_ptsz = absent_cuMemcpyWithAttributesAsync_ptsz,
    .cuMemcpy3DWithAttributesAsync = absent_cuMemcpy3DWithAttributesAsync,
    .cuMemcpy3DWithAttributesAsync_ptsz = absent_cuMemcpy3DWithAttributesAsync_ptsz,
    .cuMemsetD8 = absent_cuMemsetD8,
    .cuMemsetD8_v2 = absent_cuMemsetD8_v2,
    .cuMemsetD8_v2_ptds = absent_cuMemsetD8_v2_ptds,
    .cuMemsetD8Async = absent_cuMemsetD8Async,
    .cuMemsetD8Async_ptsz = absent_cuMemsetD8Async_ptsz,
    .cuMemsetD2D8 = absent_cuMemsetD2D8,
    .cuMemsetD2D8_v2 = absent_cuMemsetD2D8_v2,
    .cuMemsetD2D8_v2_ptds = absent_cuMemsetD2D8_v2_ptds,
    .cuMemsetD2D8Async = absent_cuMemsetD2D8Async,
    .cuMemsetD2D8Async_ptsz = absent_cuMemsetD2D8Async_ptsz,
    .cuMemsetD16 = absent_cuMemsetD16,
    .cuMemsetD16_v2 = absent_cuMemsetD16_v2,
    .cuMemsetD16_v2_ptds = absent_cuMemsetD16_v2_ptds,
    .cuMemsetD16Async = absent_cuMemsetD16Async,
    .cuMemsetD16Async_ptsz = absent_cuMemsetD16Async_ptsz,
    .cuMemsetD2D16 = absent_cuMemsetD2D16,
    .cuMemsetD2D16_v2 = absent_cuMemsetD2D16_v2,
    .cuMemsetD2D16_v2_ptds = absent_cuMemsetD2D16_v2_ptds,
    .cuMemsetD2D16Async = absent_cuMemsetD2D16Async,
    .cuMemsetD2D16Async_ptsz = absent_cuMemsetD2D16Async_ptsz,
    .cuMemsetD32 = absent_cuMemsetD32,
    .cuMemsetD32_v2 = absent_cuMemsetD32_v2,
    .cuMemsetD32_v2_ptds = absent_cuMemsetD32_v2_ptds,
    .cuMemsetD32Async = absent_cuMemsetD32Async,
    .cuMemsetD32Async_ptsz = absent_cuMemsetD32Async_ptsz,
    .cuMemsetD2D32 = absent_cuMemsetD2D32,
    .cuMemsetD2D32_v2 = absent_cuMemsetD2D32_v2,
    .cuMemsetD2D32_v2_ptds = absent_cuMemsetD2D32_v2_ptds,
    .cuMemsetD2D32Async = absent_cuMemsetD2D32Async,
    .cuMemsetD2D32Async_ptsz = absent_cuMemsetD2D32Async_ptsz,
    .cuMemPrefetchAsync = absent_cuMemPrefetchAsync,
    .cuMemPrefetchAsync_ptsz = absent_cuMemPrefetchAsync_ptsz,
    .cuMemPrefetchAsync_v2 = absent_cuMemPrefetchAsync_v2,
    .cuMemPrefetchAsync_v2_ptsz = absent_cuMemPrefetchAsync_v2_ptsz,
    .cuMemPrefetchBatchAsync = absent_cuMemPrefetchBatchAsync,
    .cuMemPrefetchBatchAsync_ptsz = absent_cuMemPrefetchBatchAsync_ptsz,
    .cuMemDiscardAndPrefetchBatchAsync = absent_cuMemDiscardAndPrefetchBatchAsync,
    .cuMemDiscardAndPrefetchBatchAsync_ptsz = absent_cuMemDiscardAndPrefetchBatchAsync_ptsz,
    .cuMemAllocAsync = absent_cuMemAllocAsync,
    .cuMemAllocAsync_ptsz = absent_cuMemAllocAsync_ptsz,
    .cuMemAllocFromPoolAsync = absent_cuMemAllocFromPoolAsync,
    .cuMemAllocFromPoolAsync_ptsz = absent_cuMemAllocFromPoolAsync_ptsz,
    .cuMemFreeAsync = absent_cuMemFreeAsync,
    .cuMemFreeAsync_ptsz = absent_cuMemFreeAsync_ptsz,
    .cuMemPoolCreate = absent_cuMemPoolCreate,
    .cuMemPoolDestroy = absent_cuMemPoolDestroy,
    .cuMemPoolTrimTo = absent_cuMemPoolTrimTo,
    .cuMemPoolGetAttribute = absent_cuMemPoolGetAttribute,
    .cuMemPoolSetAttribute = absent_cuMemPoolSetAttribute,
    .cuDeviceGetDefaultMemPool = absent_cuDeviceGetDefaultMemPool,
    .cuDeviceGetMemPool = absent_cuDeviceGetMemPool,
    .cuStreamDestroy_v2 = absent_cuStreamDestroy_v2,
    .cuStreamDestroy = absent_cuStreamDestroy,
    .cuStreamSynchronize = absent_cuStreamSynchronize,
    .cuStreamSynchronize_ptsz = absent_cuStreamSynchronize_ptsz,
    .cuStreamIsCapturing = absent_cuStreamIsCapturing,
    .cuStreamIsCapturing_ptsz = absent_cuStreamIsCapturing_ptsz,
    .cuThreadExchangeStreamCaptureMode = absent_cuThreadExchangeStreamCaptureMode,
    .cuEventCreate = absent_cuEventCreate,
    .cuEventDestroy_v2 = absent_cuEventDestroy_v2,
    .cuEventRecord = absent_cuEventRecord,
    .cuEventRecord_ptsz = absent_cuEventRecord_ptsz,
    .cuEventSynchronize = absent_cuEventSynchronize,
    .cuEventElapsedTime = absent_cuEventElapsedTime,
    .cuEventQuery = absent_cuEventQuery,
    .cuMemCreate = absent_cuMemCreate,
    .cuMemRelease = absent_cuMemRelease,
    .cuMemMap = absent_cuMemMap,
    .cuMemUnmap = absent_cuMemUnmap,
    .cuMemRetainAllocationHandle = absent_cuMemRetainAllocationHandle,
    .cuMemMapArrayAsync = absent_cuMemMapArrayAsync,
    .cuMemMapArrayAsync_ptsz = absent_cuMemMapArrayAsync_ptsz,
    .cuArrayCreate_v2 = absent_cuArrayCreate_v2,
    .cuArray3DCreate_v2 = absent_cuArray3DCreate_v2,
    .cuArrayDestroy = absent_cuArrayDestroy,
    .cuMipmappedArrayCreate = absent_cuMipmappedArrayCreate,
    .cuMipmappedArrayDestroy = absent_cuMipmappedArrayDestroy,
    .cuIpcGetMemHandle = absent_cuIpcGetMemHandle,
    .cuModuleUnload = absent_cuModuleUnload,
    .cuLibraryUnload = absent_cuLibraryUnload,
    .cuLaunchKernel = absent_cuLaunchKernel,
    .cuLaunchKernel_ptsz = absent_cuLaunchKernel_ptsz,
    .cuLaunchKernelEx = absent_cuLaunchKernelEx,
    .cuLaunchKernelEx_ptsz = absent_cuLaunchKernelEx_ptsz,
    .cuLaunchCooperativeKernel = absent_cuLaunchCooperativeKernel,
    .cuLaunchCooperativeKernel_ptsz = absent_cuLaunchCooperativeKernel_ptsz,
    .cuLaunchCooperativeKernelMultiDevice = absent_cuLaunchCooperativeKernelMultiDevice,
    .cuLaunch = absent_cuLaunch,
    .cuLaunchGrid = absent_cuLaunchGrid,
    .cuLaunchGridAsync = absent_cuLaunchGridAsync,
    .cuStreamBeginCapture = absent_cuStreamBeginCapture,
    .cuStreamBeginCapture_ptsz = absent_cuStreamBeginCapture_ptsz,
    .cuStreamBeginCapture_v2 = absent_cuStreamBeginCapture_v2,
    .cuStreamBeginCapture_v2_ptsz = absent_cuStreamBeginCapture_v2_ptsz,
    .cuStreamBeginCaptureToGraph = absent_cuStreamBeginCaptureToGraph,
    .cuStreamBeginCaptureToGraph_ptsz = absent_cuStreamBeginCaptureToGraph_ptsz,
    .cuStreamEndCapture = absent_cuStreamEndCapture,
    .cuStreamEndCapture_ptsz = absent_cuStreamEndCapture_ptsz,
    .cuGraphGetNodes = absent_cuGraphGetNodes,
    .cuGraphNodeGetType = absent_cuGraphNodeGetType,
    .cuGraphChildGraphNodeGetGraph = absent_cuGraphChildGraphNodeGetGraph,
    .cuGraphMemAllocNodeGetParams = absent_cuGraphMemAllocNodeGetParams,
    .cuGraphMemFreeNodeGetParams = absent_cuGraphMemFreeNodeGetParams,
    .cuGraphNodeGetParams = absent_cuGraphNodeGetParams,
    .cuGraphInstantiate = absent_cuGraphInstantiate,
    .cuGraphInstantiate_v2 = absent_cuGraphInstantiate_v2,
    .cuGraphInstantiateWithFlags = absent_cuGraphInstantiateWithFlags,
    .cuGraphInstantiateWithParams = absent_cuGraphInstantiateWithParams,
    .cuGraphInstantiateWithParams_ptsz = absent_cuGraphInstantiateWithParams_ptsz,
    .cuGraphUpload = absent_cuGraphUpload,
    .cuGraphUpload_ptsz = absent_cuGraphUpload_ptsz,
    .cuGraphLaunch = absent_cuGraphLaunch,
    .cuGraphLaunch_ptsz = absent_cuGraphLaunch_ptsz,
    .cuGraphExecUpdate = absent_cuGraphExecUpdate,
    .cuGraphExecUpdate_v2 = absent_cuGraphExecUpdate_v2,
    .cuGraphExecDestroy = absent_cuGraphExecDestroy,
    .cuDeviceGraphMemTrim = absent_cuDeviceGraphMemTrim,
    .cuDeviceGetGraphMemAttribute = absent_cuDeviceGetGraphMemAttribute,
    .cuCtxCreate = absent_cuCtxCreate,
    .cuDeviceTotalMem = absent_cuDeviceTotalMem,
    .cuMemAlloc = absent_cuMemAlloc,
    .cuMemAllocPitch = absent_cuMemAllocPitch,
    .cuMemFree = absent_cuMemFree,
    .cuMemGetInfo = absent_cuMemGetInfo,
    .cuArrayCreate = absent_cuArrayCreate,
    .cuArray3DCreate = absent_cuArray3DCreate,
    .cuStreamGetCtx = absent_cuStreamGetCtx,
    .cuStreamGetCtx_ptsz = absent_cuStreamGetCtx_ptsz,
};

const struct real_symbol real_cuda_symbols[] = {
    {"cuInit", offsetof(struct real_cuda, cuInit)},
    {"cuGetProcAddress", offsetof(struct real_cuda, cuGetProcAddress)},
    {"cuGetProcAddress_v2", offsetof(struct real_cuda, cuGetProcAddress_v2)},
    {"cuDeviceGetCount", offsetof(struct real_cuda, cuDeviceGetCount)},
    {"cuDeviceGetUuid", offsetof(struct real_cuda, cuDeviceGetUuid)},
    {"cuDeviceTotalMem_v2", offsetof(struct real_cuda, cuDeviceTotalMem_v2)},
    {"cuDeviceGetAttribute", offsetof(struct real_cuda, cuDeviceGetAttribute)},
    {"cuDevicePrimaryCtxRetain", offsetof(struct real_cuda, cuDevicePrimaryCtxRetain)},
    {"cuDevicePrimaryCtxRelease", offsetof(struct real_cuda, cuDevicePrimaryCtxRelease)},
    {"cuDevicePrimaryCtxRelease_v2", offsetof(struct real_cuda, cuDevicePrimaryCtxRelease_v2)},
    {"cuDevicePrimaryCtxReset", offsetof(struct real_cuda, cuDevicePrimaryCtxReset)},
    {"cuDevicePrimaryCtxReset_v2", offsetof(struct real_cuda, cuDevicePrimaryCtxReset_v2)},
    {"cuDevicePrimaryCtxGetState", offsetof(struct real_cuda, cuDevicePrimaryCtxGetState)},
    {"cuCtxCreate_v2", offsetof(struct real_cuda, cuCtxCreate_v2)},
    {"cuCtxCreate_v3", offsetof(struct real_cuda, cuCtxCreate_v3)},
    {"cuCtxCreate_v4", offsetof(struct real_cuda, cuCtxCreate_v4)},
    {"cuCtxDestroy", offsetof(struct real_cuda, cuCtxDestroy)},
    {"cuCtxDestroy_v2", offsetof(struct real_cuda, cuCtxDestroy_v2)},
    {"cuCtxSetCurrent", offsetof(struct real_cuda, cuCtxSetCurrent)},
    {"cuCtxGetCurrent", offsetof(struct real_cuda, cuCtxGetCurrent)},
    {"cuCtxPushCurrent_v2", offsetof(struct real_cuda, cuCtxPushCurrent_v2)},
    {"cuCtxPopCurrent_v2", offsetof(struct real_cuda, cuCtxPopCurrent_v2)},
    {"cuCtxGetDevice", offsetof(struct real_cuda, cuCtxGetDevice)},
    {"cuCtxSynchronize", offsetof(struct real_cuda, cuCtxSynchronize)},
    {"cuCtxSynchronize_v2", offsetof(struct real_cuda, cuCtxSynchronize_v2)},
    {"cuMemAlloc_v2", offsetof(struct real_cuda, cuMemAlloc_v2)},
    {"cuMemAllocManaged", offsetof(struct real_cuda, cuMemAllocManaged)},
    {"cuMemAllocPitch_v2", offsetof(struct real_cuda, cuMemAllocPitch_v2)},
    {"cuMemAdvise", offsetof(struct real_cuda, cuMemAdvise)},
    {"cuMemAdvise_v2", offsetof(struct real_cuda, cuMemAdvise_v2)},
    {"cuPointerGetAttribute", offsetof(struct real_cuda, cuPointerGetAttribute)},
    {"cuMemFree_v2", offsetof(struct real_cuda, cuMemFree_v2)},
    {"cuMemGetInfo_v2", offsetof(struct real_cuda, cuMemGetInfo_v2)},
    {"cuMemcpy", offsetof(struct real_cuda, cuMemcpy)},
    {"cuMemcpy_ptds", offsetof(struct real_cuda, cuMemcpy_ptds)},
    {"cuMemcpyAsync", offsetof(struct real_cuda, cuMemcpyAsync)},
    {"cuMemcpyAsync_ptsz", offsetof(struct real_cuda, cuMemcpyAsync_ptsz)},
    {"cuMemcpyPeer", offsetof(struct real_cuda, cuMemcpyPeer)},
    {"cuMemcpyPeer_ptds", offsetof(struct real_cuda, cuMemcpyPeer_ptds)},
    {"cuMemcpyPeerAsync", offsetof(struct real_cuda, cuMemcpyPeerAsync)},
    {"cuMemcpyPeerAsync_ptsz", offsetof(struct real_cuda, cuMemcpyPeerAsync_ptsz)},
    {"cuMemcpyHtoD", offsetof(struct real_cuda, cuMemcpyHtoD)},
    {"cuMemcpyHtoD_v2", offsetof(struct real_cuda, cuMemcpyHtoD_v2)},
    {"cuMemcpyHtoD_v2_ptds", offsetof(struct real_cuda, cuMemcpyHtoD_v2_ptds)},
    {"cuMemcpyHtoDAsync", offsetof(struct real_cuda, cuMemcpyHtoDAsync)},
    {"cuMemcpyHtoDAsync_v2", offsetof(struct real_cuda, cuMemcpyHtoDAsync_v2)},
    {"cuMemcpyHtoDAsync_v2_ptsz", offsetof(struct real_cuda, cuMemcpyHtoDAsync_v2_ptsz)},
    {"cuMemcpyDtoH", offsetof(struct real_cuda, cuMemcpyDtoH)},
    {"cuMemcpyDtoH_v2", offsetof(struct real_cuda, cuMemcpyDtoH_v2)},
    {"cuMemcpyDtoH_v2_ptds", offsetof(struct real_cuda, cuMemcpyDtoH_v2_ptds)},
    {"cuMemcpyDtoHAsync", offsetof(struct real_cuda, cuMemcpyDtoHAsync)},
    {"cuMemcpyDtoHAsync_v2", offsetof(struct real_cuda, cuMemcpyDtoHAsync_v2)},
    {"cuMemcpyDtoHAsync_v2_ptsz", offsetof(struct real_cuda, cuMemcpyDtoHAsync_v2_ptsz)},
    {"cuMemcpyDtoD", offsetof(struct real_cuda, cuMemcpyDtoD)},
    {"cuMemcpyDtoD_v2", offsetof(struct real_cuda, cuMemcpyDtoD_v2)},
    {"cuMemcpyDtoD_v2_ptds", offsetof(struct real_cuda, cuMemcpyDtoD_v2_ptds)},
    {"cuMemcpyDtoDAsync", offsetof(struct real_cuda, cuMemcpyDtoDAsync)},
    {"cuMemcpyDtoDAsync_v2", offsetof(struct real_cuda, cuMemcpyDtoDAsync_v2)},
    {"cuMemcpyDtoDAsync_v2_ptsz", offsetof(struct real_cuda, cuMemcpyDtoDAsync_v2_ptsz)},
    {"cuMemcpyDtoA", offsetof(struct real_cuda, cuMemcpyDtoA)},
    {"cuMemcpyDtoA_v2", offsetof(struct real_cuda, cuMemcpyDtoA_v2)},
    {"cuMemcpyDtoA_v2_ptds", offsetof(struct real_cuda, cuMemcpyDtoA_v2_ptds)},
    {"cuMemcpyAtoD", offsetof(struct real_cuda, cuMemcpyAtoD)},
    {"cuMemcpyAtoD_v2", offsetof(struct real_cuda, cuMemcpyAtoD_v2)},
    {"cuMemcpyAtoD_v2_ptds", offsetof(struct real_cuda, cuMemcpyAtoD_v2_ptds)},
    {"cuMemcpyHtoA", offsetof(struct real_cuda, cuMemcpyHtoA)},
    {"cuMemcpyHtoA_v2", offsetof(struct real_cuda, cuMemcpyHtoA_v2)},
    {"cuMemcpyHtoA_v2_ptds", offsetof(struct real_cuda, cuMemcpyHtoA_v2_ptds)},
    {"cuMemcpyHtoAAsync", offsetof(struct real_cuda, cuMemcpyHtoAAsync)},
    {"cuMemcpyHtoAAsync_v2", offsetof(struct real_cuda, cuMemcpyHtoAAsync_v2)},
    {"cuMemcpyHtoAAsync_v2_ptsz", offsetof(struct real_cuda, cuMemcpyHtoAAsync_v2_ptsz)},
    {"cuMemcpyAtoH", offsetof(struct real_cuda, cuMemcpyAtoH)},
    {"cuMemcpyAtoH_v2", offsetof(struct real_cuda, cuMemcpyAtoH_v2)},
    {"cuMemcpyAtoH_v2_ptds", offsetof(struct real_cuda, cuMemcpyAtoH_v2_ptds)},
    {"cuMemcpyAtoHAsync", offsetof(struct real_cuda, cuMemcpyAtoHAsync)},
    {"cuMemcpyAtoHAsync_v2", offsetof(struct real_cuda, cuMemcpyAtoHAsync_v2)},
    {"cuMemcpyAtoHAsync_v2_ptsz", offsetof(struct real_cuda, cuMemcpyAtoHAsync_v2_ptsz)},
    {"cuMemcpyAtoA", offsetof(struct real_cuda, cuMemcpyAtoA)},
    {"cuMemcpyAtoA_v2", offsetof(struct real_cuda, cuMemcpyAtoA_v2)},
    {"cuMemcpyAtoA_v2_ptds", offsetof(struct real_cuda, cuMemcpyAtoA_v2_ptds)},
    {"cuMemcpy2D", offsetof(struct real_cuda, cuMemcpy2D)},
    {"cuMemcpy2D_v2", offsetof(struct real_cuda, cuMemcpy2D_v2)},
    {"cuMemcpy2D_v2_ptds", offsetof(struct real_cuda, cuMemcpy2D_v2_ptds)},
    {"cuMemcpy2DUnaligned", offsetof(struct real_cuda, cuMemcpy2DUnaligned)},
    {"cuMemcpy2DUnaligned_v2", offsetof(struct real_cuda, cuMemcpy2DUnaligned_v2)},
    {"cuMemcpy2DUnaligned_v2_ptds", offsetof(struct real_cuda, cuMemcpy2DUnaligned_v2_ptds)},
    {"cuMemcpy2DAsync", offsetof(struct real_cuda, cuMemcpy2DAsync)},
    {"cuMemcpy2DAsync_v2", offsetof(struct real_cuda, cuMemcpy2DAsync_v2)},
    {"cuMemcpy2DAsync_v2_ptsz", offsetof(struct real_cuda, cuMemcpy2DAsync_v2_ptsz)},
    {"cuMemcpy3D", offsetof(struct real_cuda, cuMemcpy3D)},
    {"cuMemcpy3D_v2", offsetof(struct real_cuda, cuMemcpy3D_v2)},
    {"cuMemcpy3D_v2_ptds", offsetof(struct real_cuda, cuMemcpy3D_v2_ptds)},
    {"cuMemcpy3DAsync", offsetof(struct real_cuda, cuMemcpy3DAsync)},
    {"cuMemcpy3DAsync_v2", offsetof(struct real_cuda, cuMemcpy3DAsync_v2)},
    {"cuMemcpy3DAsync_v2_ptsz", offsetof(struct real_cuda, cuMemcpy3DAsync_v2_ptsz)},
    {"cuMemcpy3DPeer", offsetof(struct real_cuda, cuMemcpy3DPeer)},
    {"cuMemcpy3DPeer_ptds", offsetof(struct real_cuda, cuMemcpy3DPeer_ptds)},
    {"cuMemcpy3DPeerAsync", offsetof(struct real_cuda, cuMemcpy3DPeerAsync)},
    {"cuMemcpy3DPeerAsync_ptsz", offsetof(struct real_cuda, cuMemcpy3DPeerAsync_ptsz)},
    {"cuMemcpyBatchAsync", offsetof(struct real_cuda, cuMemcpyBatchAsync)},
    {"cuMemcpyBatchAsync_ptsz", offsetof(struct real_cuda, cuMemcpyBatchAsync_ptsz)},
    {"cuMemcpyBatchAsync_v2", offsetof(struct real_cuda, cuMemcpyBatchAsync_v2)},
    {"cuMemcpyBatchAsync_v2_ptsz", offsetof(struct real_cuda, cuMemcpyBatchAsync_v2_ptsz)},
    {"cuMemcpy3DBatchAsync", offsetof(struct real_cuda, cuMemcpy3DBatchAsync)},
    {"cuMemcpy3DBatchAsync_ptsz", offsetof(struct real_cuda, cuMemcpy3DBatchAsync_ptsz)},
    {"cuMemcpy3DBatchAsync_v2", offsetof(struct real_cuda, cuMemcpy3DBatchAsync_v2)},
    {"cuMemcpy3DBatchAsync_v2_ptsz", offsetof(struct real_cuda, cuMemcpy3DBatchAsync_v2_ptsz)},
    {"cuMemcpyWithAttributesAsync", offsetof(struct real_cuda, cuMemcpyWithAttributesAsync)},
    {"cuMemcpyWithAttributesAsync_ptsz", offsetof(struct real_cuda, cuMemcpyWithAttributesAsync_ptsz)},
    {"cuMemcpy3DWithAttributesAsync", offsetof(struct real_cuda, cuMemcpy3DWithAttributesAsync)},
    {"cuMemcpy3DWithAttributesAsync_ptsz", offsetof(struct real_cuda, cuMemcpy3DWithAttributesAsync_ptsz)},
    {"cuMemsetD8", offsetof(struct real_cuda, cuMemsetD8)},
    {"cuMemsetD8_v2", offsetof(struct real_cuda, cuMemsetD8_v2)},
    {"cuMemsetD8_v2_ptds", offsetof(struct real_cuda, cuMemsetD8_v2_ptds)},
    {"cuMemsetD8Async", offsetof(struct real_cuda, cuMemsetD8Async)},
    {"cuMemsetD8Async_ptsz", offsetof(struct real_cuda, cuMemsetD8Async_ptsz)},
    {"cuMemsetD2D8", offsetof(struct real_cuda, cuMemsetD2D8)},
    {"cuMemsetD2D8_v2", offsetof(struct real_cuda, cuMemsetD2D8_v2)},
    {"cuMemsetD2D8_v2_ptds", offsetof(struct real_cuda, cuMemsetD2D8_v2_ptds)},
    {"cuMemsetD2D8Async", offsetof(struct real_cuda, cuMemsetD2D8Async)},
    {"cuMemsetD2D8Async_ptsz", offsetof(struct real_cuda, cuMemsetD2D8Async_ptsz)},
    {"cuMemsetD16", offsetof(struct real_cuda, cuMemsetD16)},
    {"cuMemsetD16_v2", offsetof(struct real_cuda, cuMemsetD16_v2)},
    {"cuMemsetD16_v2_ptds", offsetof(struct real_cuda, cuMemsetD16_v2_ptds)},
    {"cuMemsetD16Async", offsetof(struct real_cuda, cuMemsetD16Async)},
    {"cuMemsetD16Async_ptsz", offsetof(struct real_cuda, cuMemsetD16Async_ptsz)},
    {"cuMemsetD2D16", offsetof(struct real_cuda, cuMemsetD2D16)},
    {"cuMemsetD2D16_v2", offsetof(struct real_cuda, cuMemsetD2D16_v2)},
    {"cuMemsetD2D16_v2_ptds", offsetof(struct real_cuda, cuMemsetD2D16_v2_ptds)},
    {"cuMemsetD2D16Async", offsetof(struct real_cuda, cuMemsetD2D16Async)},
    {"cuMemsetD2D16Async_ptsz", offsetof(struct real_cuda, cuMemsetD2D16Async_ptsz)},
    {"cuMemsetD32", offsetof(struct real_cuda, cuMemsetD32)},
    {"cuMemsetD32_v2", offsetof(struct real_cuda, cuMemsetD32_v2)},
    {"cuMemsetD32_v2_ptds", offsetof(struct real_cuda, cuMemsetD32_v2_ptds)},
    {"cuMemsetD32Async", offsetof(struct real_cuda, cuMemsetD32Async)},
    {"cuMemsetD32Async_ptsz", offsetof(struct real_cuda, cuMemsetD32Async_ptsz)},
    {"cuMemsetD2D32", offsetof(struct real_cuda, cuMemsetD2D32)},
    {"cuMemsetD2D32_v2", offsetof(struct real_cuda, cuMemsetD2D32_v2)},
    {"cuMemsetD2D32_v2_ptds", offsetof(struct real_cuda, cuMemsetD2D32_v2_ptds)},
    {"cuMemsetD2D32Async", offsetof(struct real_cuda, cuMemsetD2D32Async)},
    {"cuMemsetD2D32Async_ptsz", offsetof(struct real_cuda, cuMemsetD2D32Async_ptsz)},
    {"cuMemPrefetchAsync", offsetof(struct real_cuda, cuMemPrefetchAsync)},
    {"cuMemPrefetchAsync_ptsz", offsetof(struct real_cuda, cuMemPrefetchAsync_ptsz)},
    {"cuMemPrefetchAsync_v2", offsetof(struct real_cuda, cuMemPrefetchAsync_v2)},
    {"cuMemPrefetchAsync_v2_ptsz", offsetof(struct real_cuda, cuMemPrefetchAsync_v2_ptsz)},
    {"cuMemPrefetchBatchAsync", offsetof(struct real_cuda, cuMemPrefetchBatchAsync)},
    {"cuMemPrefetchBatchAsync_ptsz", offsetof(struct real_cuda, cuMemPrefetchBatchAsync_ptsz)},
    {"cuMemDiscardAndPrefetchBatchAsync", offsetof(struct real_cuda, cuMemDiscardAndPrefetchBatchAsync)},
    {"cuMemDiscardAndPrefetchBatchAsync_ptsz", offsetof(struct real_cuda, cuMemDiscardAndPrefetchBatchAsync_ptsz)},
    {"cuMemAllocAsync", offsetof(struct real_cuda, cuMemAllocAsync)},
    {"cuMemAllocAsync_ptsz", offsetof(struct real_cuda, cuMemAllocAsync_ptsz)},
    {"cuMemAllocFromPoolAsync", offsetof(struct real_cuda, cuMemAllocFromPoolAsync)},
    {"cuMemAllocFromPoolAsync_ptsz", offsetof(struct real_cuda, cuMemAllocFromPoolAsync_ptsz)},
    {"cuMemFreeAsync", offsetof(struct real_cuda, cuMemFreeAsync)},
    {"cuMemFreeAsync_ptsz", offsetof(struct real_cuda, cuMemFreeAsync_ptsz)},
    {"cuMemPoolCreate", offsetof(struct real_cuda, cuMemPoolCreate)},
    {"cuMemPoolDestroy", offsetof(struct real_cuda, cuMemPoolDestroy)},
    {"cuMemPoolTrimTo", offsetof(struct real_cuda, cuMemPoolTrimTo)},
    {"cuMemPoolGetAttribute", offsetof(struct real_cuda, cuMemPoolGetAttribute)},
    {"cuMemPoolSetAttribute", offsetof(struct real_cuda, cuMemPoolSetAttribute)},
    {"cuDeviceGetDefaultMemPool", offsetof(struct real_cuda, cuDeviceGetDefaultMemPool)},
    {"cuDeviceGetMemPool", offsetof(struct real_cuda, cuDeviceGetMemPool)},
    {"cuStreamDestroy_v2", offsetof(struct real_cuda, cuStreamDestroy_v2)},
    {"cuStreamDestroy", offsetof(struct real_cuda, cuStreamDestroy)},
    {"cuStreamSynchronize", offsetof(struct real_cuda, cuStreamSynchronize)},
    {"cuStreamSynchronize_ptsz", offsetof(struct real_cuda, cuStreamSynchronize_ptsz)},
    {"cuStreamIsCapturing", offsetof(struct real_cuda, cuStreamIsCapturing)},
    {"cuStreamIsCapturing_ptsz", offsetof(struct real_cuda, cuStreamIsCapturing_ptsz)},
    {"cuThreadExchangeStreamCaptureMode", offsetof(struct real_cuda, cuThreadExchangeStreamCaptureMode)},
    {"cuEventCreate", offsetof(struct real_cuda, cuEventCreate)},
    {"cuEventDestroy_v2", offsetof(struct real_cuda, cuEventDestroy_v2)},
    {"cuEventRecord", offsetof(struct real_cuda, cuEventRecord)},
    {"cuEventRecord_ptsz", offsetof(struct real_cuda, cuEventRecord_ptsz)},
    {"cuEventSynchronize", offsetof(struct real_cuda, cuEventSynchronize)},
    {"cuEventElapsedTime", offsetof(struct real_cuda, cuEventElapsedTime)},
    {"cuEventQuery", offsetof(struct real_cuda, cuEventQuery)},
    {"cuMemCreate", offsetof(struct real_cuda, cuMemCreate)},
    {"cuMemRelease", offsetof(struct real_cuda, cuMemRelease)},
    {"cuMemMap", offsetof(struct real_cuda, cuMemMap)},
    {"cuMemUnmap", offsetof(struct real_cuda, cuMemUnmap)},
    {"cuMemRetainAllocationHandle", offsetof(struct real_cuda, cuMemRetainAllocationHandle)},
    {"cuMemMapArrayAsync", offsetof(struct real_cuda, cuMemMapArrayAsync)},
    {"cuMemMapArrayAsync_ptsz", offsetof(struct real_cuda, cuMemMapArrayAsync_ptsz)},
    {"cuArrayCreate_v2", offsetof(struct real_cuda, cuArrayCreate_v2)},
    {"cuArray3DCreate_v2", offsetof(struct real_cuda, cuArray3DCreate_v2)},
    {"cuArrayDestroy", offsetof(struct real_cuda, cuArrayDestroy)},
    {"cuMipmappedArrayCreate", offsetof(struct real_cuda, cuMipmappedArrayCreate)},
    {"cuMipmappedArrayDestroy", offsetof(struct real_cuda, cuMipmappedArrayDestroy)},
    {"cuIpcGetMemHandle", offsetof(struct real_cuda, cuIpcGetMemHandle)},
    {"cuModuleUnload", offsetof(struct real_cuda, cuModuleUnload)},
    {"cuLibraryUnload", offsetof(struct real_cuda, cuLibraryUnload)},
    {"cuLaunchKernel", offsetof(struct real_cuda, cuLaunchKernel)},
    {"cuLaunchKernel_ptsz", offsetof(struct real_cuda, cuLaunchKernel_ptsz)},
    {"cuLaunchKernelEx", offsetof(struct real_cuda, cuLaunchKernelEx)},
    {"cuLaunchKernelEx_ptsz", offsetof(struct real_cuda, cuLaunchKernelEx_ptsz)},
    {"cuLaunchCooperativeKernel", offsetof(struct real_cuda, cuLaunchCooperativeKernel)},
    {"cuLaunchCooperativeKernel_ptsz", offsetof(struct real_cuda, cuLaunchCooperativeKernel_ptsz)},
    {"cuLaunchCooperativeKernelMultiDevice", offsetof(struct real_cuda, cuLaunchCooperativeKernelMultiDevice)},
    {"cuLaunch", offsetof(struct real_cuda, cuLaunch)},
    {"cuLaunchGrid", offsetof(struct real_cuda, cuLaunchGrid)},
    {"cuLaunchGridAsync", offsetof(struct real_cuda, cuLaunchGridAsync)},
    {"cuStreamBeginCapture", offsetof(struct real_cuda, cuStreamBeginCapture)},
    {"cuStreamBeginCapture_ptsz", offsetof(struct real_cuda, cuStreamBeginCapture_ptsz)},
    {"cuStreamBeginCapture_v2", offsetof(struct real_cuda, cuStreamBeginCapture_v2)},
    {"cuStreamBeginCapture_v2_ptsz", offsetof(struct real_cuda, cuStreamBeginCapture_v2_ptsz)},
    {"cuStreamBeginCaptureToGraph", offsetof(struct real_cuda, cuStreamBeginCaptureToGraph)},
    {"cuStreamBeginCaptureToGraph_ptsz", offsetof(struct real_cuda, cuStreamBeginCaptureToGraph_ptsz)},
    {"cuStreamEndCapture", offsetof(struct real_cuda, cuStreamEndCapture)},
    {"cuStreamEndCapture_ptsz", offsetof(struct real_cuda, cuStreamEndCapture_ptsz)},
    {"cuGraphGetNodes", offsetof(struct real_cuda, cuGraphGetNodes)},
    {"cuGraphNodeGetType", offsetof(struct real_cuda, cuGraphNodeGetType)},
    {"cuGraphChildGraphNodeGetGraph", offsetof(struct real_cuda, cuGraphChildGraphNodeGetGraph)},
    {"cuGraphMemAllocNodeGetParams", offsetof(struct real_cuda, cuGraphMemAllocNodeGetParams)},
    {"cuGraphMemFreeNodeGetParams", offsetof(struct real_cuda, cuGraphMemFreeNodeGetParams)},
    {"cuGraphNodeGetParams", offsetof(struct real_cuda, cuGraphNodeGetParams)},
    {"cuGraphInstantiate", offsetof(struct real_cuda, cuGraphInstantiate)},
    {"cuGraphInstantiate_v2", offsetof(struct real_cuda, cuGraphInstantiate_v2)},
    {"cuGraphInstantiateWithFlags", offsetof(struct real_cuda, cuGraphInstantiateWithFlags)},
    {"cuGraphInstantiateWithParams", offsetof(struct real_cuda, cuGraphInstantiateWithParams)},
    {"cuGraphInstantiateWithParams_ptsz", offsetof(struct real_cuda, cuGraphInstantiateWithParams_ptsz)},
    {"cuGraphUpload", offsetof(struct real_cuda, cuGraphUpload)},
    {"cuGraphUpload_ptsz", offsetof(struct real_cuda, cuGraphUpload_ptsz)},
    {"cuGraphLaunch", offsetof(struct real_cuda, cuGraphLaunch)},
    {"cuGraphLaunch_ptsz", offsetof(struct real_cuda, cuGraphLaunch_ptsz)},
    {"cuGraphExecUpdate", offsetof(struct real_cuda, cuGraphExecUpdate)},
    {"cuGraphExecUpdate_v2", offsetof(struct real_cuda, cuGraphExecUpdate_v2)},
    {"cuGraphExecDestroy", offsetof(struct real_cuda, cuGraphExecDestroy)},
    {"cuDeviceGraphMemTrim", offsetof(struct real_cuda, cuDeviceGraphMemTrim)},
    {"cuDeviceGetGraphMemAttribute", offsetof(struct real_cuda, cuDeviceGetGraphMemAttribute)},
    {"cuCtxCreate", offsetof(struct real_cuda, cuCtxCreate)},
    {"cuDeviceTotalMem", offsetof(struct real_cuda, cuDeviceTotalMem)},
    {"cuMemAlloc", offsetof(struct real_cuda, cuMemAlloc)},
    {"cuMemAllocPitch", offsetof(struct real_cuda, cuMemAllocPitch)},
    {"cuMemFree", offsetof(struct real_cuda, cuMemFree)},
    {"cuMemGetInfo", offsetof(struct real_cuda, cuMemGetInfo)},
    {"cuArrayCreate", offsetof(struct real_cuda, cuArrayCreate)},
    {"cuArray3DCreate", offsetof(struct real_cuda, cuArray3DCreate)},
    {"cuStreamGetCtx", offsetof(struct real_cuda, cuStreamGetCtx)},
    {"cuStreamGetCtx_ptsz", offsetof(struct real_cuda, cuStreamGetCtx_ptsz)},
};
const size_t real_cuda_symbols_count = sizeof real_cuda_symbols / sizeof *real_cuda_symbols;

static nvmlReturn_t absent_nvmlInit_v2(void)
{
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlShutdown(void)
{
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetCount_v2(unsigned int *count)
{
    (void)count;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device)
{
    (void)index;
    (void)device;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length)
{
    (void)device;
    (void)uuid;
    (void)length;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory)
{
    (void)device;
    (void)memory;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory)
{
    (void)device;
    (void)memory;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization)
{
    (void)device;
    (void)utilization;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetComputeRunningProcesses(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetComputeRunningProcesses_v2(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetGraphicsRunningProcesses(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetGraphicsRunningProcesses_v2(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetMPSComputeRunningProcesses(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetMPSComputeRunningProcesses_v2(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetMPSComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetProcessUtilization(nvmlDevice_t device, nvmlProcessUtilizationSample_t *samples, unsigned int *count, unsigned long long since_us)
{
    (void)device;
    (void)samples;
    (void)count;
    (void)since_us;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetProcessesUtilizationInfo(nvmlDevice_t device, nvmlProcessesUtilizationInfo_t *info)
{
    (void)device;
    (void)info;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetAccountingPids(nvmlDevice_t device, unsigned int *count, unsigned int *pids)
{
    (void)device;
    (void)count;
    (void)pids;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetAccountingStats(nvmlDevice_t device, unsigned int pid, nvmlAccountingStats_t *stats)
{
    (void)device;
    (void)pid;
    (void)stats;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetAccountingStats_v2(nvmlDevice_t device, nvmlAccountingStats_v2_t *stats)
{
    (void)device;
    (void)stats;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetRunningProcessDetailList(nvmlDevice_t device, nvmlProcessDetailList_t *list)
{
    (void)device;
    (void)list;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetSamples(nvmlDevice_t device, nvmlSamplingType_t kind, unsigned long long since_us, nvmlValueType_t *type, unsigned int *count, nvmlSample_t *samples)
{
    (void)device;
    (void)kind;
    (void)since_us;
    (void)type;
    (void)count;
    (void)samples;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDevicePerfMetricsGetSamples_v1(nvmlDevice_t device, nvmlPerfMetricsSamples_v1_t *samples)
{
    (void)device;
    (void)samples;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetDynamicPstatesInfo(nvmlDevice_t device, nvmlGpuDynamicPstatesInfo_t *info)
{
    (void)device;
    (void)info;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetEncoderUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    (void)device;
    (void)percent;
    (void)period_us;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetDecoderUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    (void)device;
    (void)percent;
    (void)period_us;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetJpgUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    (void)device;
    (void)percent;
    (void)period_us;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetOfaUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    (void)device;
    (void)percent;
    (void)period_us;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetEncoderStats(nvmlDevice_t device, unsigned int *sessions, unsigned int *frames_per_s, unsigned int *latency_us)
{
    (void)device;
    (void)sessions;
    (void)frames_per_s;
    (void)latency_us;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetEncoderSessions(nvmlDevice_t device, unsigned int *count, nvmlEncoderSessionInfo_t *sessions)
{
    (void)device;
    (void)count;
    (void)sessions;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetFBCStats(nvmlDevice_t device, nvmlFBCStats_t *stats)
{
    (void)device;
    (void)stats;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetFBCSessions(nvmlDevice_t device, unsigned int *count, nvmlFBCSessionInfo_t *sessions)
{
    (void)device;
    (void)count;
    (void)sessions;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlGpmQueryDeviceSupport(nvmlDevice_t device, nvmlGpmSupport_t *support)
{
    (void)device;
    (void)support;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlGpmSampleGet(nvmlDevice_t device, nvmlGpmSample_t sample)
{
    (void)device;
    (void)sample;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlGpmMigSampleGet(nvmlDevice_t device, unsigned int gpu_instance, nvmlGpmSample_t sample)
{
    (void)device;
    (void)gpu_instance;
    (void)sample;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

static nvmlReturn_t absent_nvmlDeviceGetDeviceHandleFromMigDeviceHandle(nvmlDevice_t mig, nvmlDevice_t *device)
{
    (void)mig;
    (void)device;
    return NVML_ERROR_FUNCTION_NOT_FOUND;
}

const struct real_nvml real_nvml_absent = {
    .nvmlInit_v2 = absent_nvmlInit_v2,
    .nvmlShutdown = absent_nvmlShutdown,
    .nvmlDeviceGetCount_v2 = absent_nvmlDeviceGetCount_v2,
    .nvmlDeviceGetHandleByIndex_v2 = absent_nvmlDeviceGetHandleByIndex_v2,
    .nvmlDeviceGetUUID = absent_nvmlDeviceGetUUID,
    .nvmlDeviceGetMemoryInfo = absent_nvmlDeviceGetMemoryInfo,
    .nvmlDeviceGetMemoryInfo_v2 = absent_nvmlDeviceGetMemoryInfo_v2,
    .nvmlDeviceGetUtilizationRates = absent_nvmlDeviceGetUtilizationRates,
    .nvmlDeviceGetComputeRunningProcesses = absent_nvmlDeviceGetComputeRunningProcesses,
    .nvmlDeviceGetComputeRunningProcesses_v2 = absent_nvmlDeviceGetComputeRunningProcesses_v2,
    .nvmlDeviceGetComputeRunningProcesses_v3 = absent_nvmlDeviceGetComputeRunningProcesses_v3,
    .nvmlDeviceGetGraphicsRunningProcesses = absent_nvmlDeviceGetGraphicsRunningProcesses,
    .nvmlDeviceGetGraphicsRunningProcesses_v2 = absent_nvmlDeviceGetGraphicsRunningProcesses_v2,
    .nvmlDeviceGetGraphicsRunningProcesses_v3 = absent_nvmlDeviceGetGraphicsRunningProcesses_v3,
    .nvmlDeviceGetMPSComputeRunningProcesses = absent_nvmlDeviceGetMPSComputeRunningProcesses,
    .nvmlDeviceGetMPSComputeRunningProcesses_v2 = absent_nvmlDeviceGetMPSComputeRunningProcesses_v2,
    .nvmlDeviceGetMPSComputeRunningProcesses_v3 = absent_nvmlDeviceGetMPSComputeRunningProcesses_v3,
    .nvmlDeviceGetProcessUtilization = absent_nvmlDeviceGetProcessUtilization,
    .nvmlDeviceGetProcessesUtilizationInfo = absent_nvmlDeviceGetProcessesUtilizationInfo,
    .nvmlDeviceGetAccountingPids = absent_nvmlDeviceGetAccountingPids,
    .nvmlDeviceGetAccountingStats = absent_nvmlDeviceGetAccountingStats,
    .nvmlDeviceGetAccountingStats_v2 = absent_nvmlDeviceGetAccountingStats_v2,
    .nvmlDeviceGetRunningProcessDetailList = absent_nvmlDeviceGetRunningProcessDetailList,
    .nvmlDeviceGetSamples = absent_nvmlDeviceGetSamples,
    .nvmlDevicePerfMetricsGetSamples_v1 = absent_nvmlDevicePerfMetricsGetSamples_v1,
    .nvmlDeviceGetDynamicPstatesInfo = absent_nvmlDeviceGetDynamicPstatesInfo,
    .nvmlDeviceGetEncoderUtilization = absent_nvmlDeviceGetEncoderUtilization,
    .nvmlDeviceGetDecoderUtilization = absent_nvmlDeviceGetDecoderUtilization,
    .nvmlDeviceGetJpgUtilization = absent_nvmlDeviceGetJpgUtilization,
    .nvmlDeviceGetOfaUtilization = absent_nvmlDeviceGetOfaUtilization,
    .nvmlDeviceGetEncoderStats = absent_nvmlDeviceGetEncoderStats,
    .nvmlDeviceGetEncoderSessions = absent_nvmlDeviceGetEncoderSessions,
    .nvmlDeviceGetFBCStats = absent_nvmlDeviceGetFBCStats,
    .nvmlDeviceGetFBCSessions = absent_nvmlDeviceGetFBCSessions,
    .nvmlGpmQueryDeviceSupport = absent_nvmlGpmQueryDeviceSupport,
    .nvmlGpmSampleGet = absent_nvmlGpmSampleGet,
    .nvmlGpmMigSampleGet = absent_nvmlGpmMigSampleGet,
    .nvmlDeviceGetDeviceHandleFromMigDeviceHandle = absent_nvmlDeviceGetDeviceHandleFromMigDeviceHandle,
};

const struct real_symbol real_nvml_symbols[] = {
    {"nvmlInit_v2", offsetof(struct real_nvml, nvmlInit_v2)},
    {"nvmlShutdown", offsetof(struct real_nvml, nvmlShutdown)},
    {"nvmlDeviceGetCount_v2", offsetof(struct real_nvml, nvmlDeviceGetCount_v2)},
    {"nvmlDeviceGetHandleByIndex_v2", offsetof(struct real_nvml, nvmlDeviceGetHandleByIndex_v2)},
    {"nvmlDeviceGetUUID", offsetof(struct real_nvml, nvmlDeviceGetUUID)},
    {"nvmlDeviceGetMemoryInfo", offsetof(struct real_nvml, nvmlDeviceGetMemoryInfo)},
    {"nvmlDeviceGetMemoryInfo_v2", offsetof(struct real_nvml, nvmlDeviceGetMemoryInfo_v2)},
    {"nvmlDeviceGetUtilizationRates", offsetof(struct real_nvml, nvmlDeviceGetUtilizationRates)},
    {"nvmlDeviceGetComputeRunningProcesses", offsetof(struct real_nvml, nvmlDeviceGetComputeRunningProcesses)},
    {"nvmlDeviceGetComputeRunningProcesses_v2", offsetof(struct real_nvml, nvmlDeviceGetComputeRunningProcesses_v2)},
    {"nvmlDeviceGetComputeRunningProcesses_v3", offsetof(struct real_nvml, nvmlDeviceGetComputeRunningProcesses_v3)},
    {"nvmlDeviceGetGraphicsRunningProcesses", offsetof(struct real_nvml, nvmlDeviceGetGraphicsRunningProcesses)},
    {"nvmlDeviceGetGraphicsRunningProcesses_v2", offsetof(struct real_nvml, nvmlDeviceGetGraphicsRunningProcesses_v2)},
    {"nvmlDeviceGetGraphicsRunningProcesses_v3", offsetof(struct real_nvml, nvmlDeviceGetGraphicsRunningProcesses_v3)},
    {"nvmlDeviceGetMPSComputeRunningProcesses", offsetof(struct real_nvml, nvmlDeviceGetMPSComputeRunningProcesses)},
    {"nvmlDeviceGetMPSComputeRunningProcesses_v2", offsetof(struct real_nvml, nvmlDeviceGetMPSComputeRunningProcesses_v2)},
    {"nvmlDeviceGetMPSComputeRunningProcesses_v3", offsetof(struct real_nvml, nvmlDeviceGetMPSComputeRunningProcesses_v3)},
    {"nvmlDeviceGetProcessUtilization", offsetof(struct real_nvml, nvmlDeviceGetProcessUtilization)},
    {"nvmlDeviceGetProcessesUtilizationInfo", offsetof(struct real_nvml, nvmlDeviceGetProcessesUtilizationInfo)},
    {"nvmlDeviceGetAccountingPids", offsetof(struct real_nvml, nvmlDeviceGetAccountingPids)},
    {"nvmlDeviceGetAccountingStats", offsetof(struct real_nvml, nvmlDeviceGetAccountingStats)},
    {"nvmlDeviceGetAccountingStats_v2", offsetof(struct real_nvml, nvmlDeviceGetAccountingStats_v2)},
    {"nvmlDeviceGetRunningProcessDetailList", offsetof(struct real_nvml, nvmlDeviceGetRunningProcessDetailList)},
    {"nvmlDeviceGetSamples", offsetof(struct real_nvml, nvmlDeviceGetSamples)},
    {"nvmlDevicePerfMetricsGetSamples_v1", offsetof(struct real_nvml, nvmlDevicePerfMetricsGetSamples_v1)},
    {"nvmlDeviceGetDynamicPstatesInfo", offsetof(struct real_nvml, nvmlDeviceGetDynamicPstatesInfo)},
    {"nvmlDeviceGetEncoderUtilization", offsetof(struct real_nvml, nvmlDeviceGetEncoderUtilization)},
    {"nvmlDeviceGetDecoderUtilization", offsetof(struct real_nvml, nvmlDeviceGetDecoderUtilization)},
    {"nvmlDeviceGetJpgUtilization", offsetof(struct real_nvml, nvmlDeviceGetJpgUtilization)},
    {"nvmlDeviceGetOfaUtilization", offsetof(struct real_nvml, nvmlDeviceGetOfaUtilization)},
    {"nvmlDeviceGetEncoderStats", offsetof(struct real_nvml, nvmlDeviceGetEncoderStats)},
    {"nvmlDeviceGetEncoderSessions", offsetof(struct real_nvml, nvmlDeviceGetEncoderSessions)},
    {"nvmlDeviceGetFBCStats", offsetof(struct real_nvml, nvmlDeviceGetFBCStats)},
    {"nvmlDeviceGetFBCSessions", offsetof(struct real_nvml, nvmlDeviceGetFBCSessions)},
    {"nvmlGpmQueryDeviceSupport", offsetof(struct real_nvml, nvmlGpmQueryDeviceSupport)},
    {"nvmlGpmSampleGet", offsetof(struct real_nvml, nvmlGpmSampleGet)},
    {"nvmlGpmMigSampleGet", offsetof(struct real_nvml, nvmlGpmMigSampleGet)},
    {"nvmlDeviceGetDeviceHandleFromMigDeviceHandle", offsetof(struct real_nvml, nvmlDeviceGetDeviceHandleFromMigDeviceHandle)},
};
const size_t real_nvml_symbols_count = sizeof real_nvml_symbols / sizeof *real_nvml_symbols;
