/* What the simulated libcuda.so.1 answers where it simulates nothing.
 * Generated from native/manifest/cuda.def by `python -m native.generator`; do not edit. */
#include "cuda_api.h"

#define STUB __attribute__((weak))

STUB CUresult cuInit(unsigned int flags)
{
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDriverGetVersion(int *version)
{
    (void)version;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGetErrorName(CUresult error, const char **name)
{
    (void)error;
    (void)name;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGetErrorString(CUresult error, const char **text)
{
    (void)error;
    (void)text;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGetProcAddress(const char *symbol, void **function, int cuda_version, cuuint64_t flags)
{
    (void)symbol;
    (void)function;
    (void)cuda_version;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGetProcAddress_v2(const char *symbol, void **function, int cuda_version, cuuint64_t flags, CUdriverProcAddressQueryResult *status)
{
    (void)symbol;
    (void)function;
    (void)cuda_version;
    (void)flags;
    (void)status;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGetExportTable(const void **table, const CUuuid *table_id)
{
    (void)table;
    (void)table_id;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceGet(CUdevice *device, int ordinal)
{
    (void)device;
    (void)ordinal;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceGetCount(int *count)
{
    (void)count;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceGetName(char *name, int length, CUdevice device)
{
    (void)name;
    (void)length;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceGetUuid(CUuuid *uuid, CUdevice device)
{
    (void)uuid;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceGetUuid_v2(CUuuid *uuid, CUdevice device)
{
    (void)uuid;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device)
{
    (void)bytes;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice device)
{
    (void)value;
    (void)attribute;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceGetPCIBusId(char *bus_id, int length, CUdevice device)
{
    (void)bus_id;
    (void)length;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device)
{
    (void)context;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDevicePrimaryCtxRelease(CUdevice device)
{
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device)
{
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDevicePrimaryCtxReset(CUdevice device)
{
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDevicePrimaryCtxReset_v2(CUdevice device)
{
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned int *flags, int *active)
{
    (void)device;
    (void)flags;
    (void)active;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxCreate_v2(CUcontext *context, unsigned int flags, CUdevice device)
{
    (void)context;
    (void)flags;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxCreate_v3(CUcontext *context, CUexecAffinityParam *affinities, int count, unsigned int flags, CUdevice device)
{
    (void)context;
    (void)affinities;
    (void)count;
    (void)flags;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxCreate_v4(CUcontext *context, CUctxCreateParams *parameters, unsigned int flags, CUdevice device)
{
    (void)context;
    (void)parameters;
    (void)flags;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxDestroy(CUcontext context)
{
    (void)context;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxDestroy_v2(CUcontext context)
{
    (void)context;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxSetCurrent(CUcontext context)
{
    (void)context;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxGetCurrent(CUcontext *context)
{
    (void)context;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxPushCurrent_v2(CUcontext context)
{
    (void)context;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxPopCurrent_v2(CUcontext *context)
{
    (void)context;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxGetDevice(CUdevice *device)
{
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxSynchronize(void)
{
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxSynchronize_v2(CUcontext context)
{
    (void)context;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAlloc_v2(CUdeviceptr *address, size_t bytes)
{
    (void)address;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAllocManaged(CUdeviceptr *address, size_t bytes, unsigned int flags)
{
    (void)address;
    (void)bytes;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAllocPitch_v2(CUdeviceptr *address, size_t *pitch, size_t width, size_t height, unsigned int element_bytes)
{
    (void)address;
    (void)pitch;
    (void)width;
    (void)height;
    (void)element_bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAdvise(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUdevice device)
{
    (void)address;
    (void)bytes;
    (void)advice;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAdvise_v2(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUmemLocation location)
{
    (void)address;
    (void)bytes;
    (void)advice;
    (void)location;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemRangeGetAttribute(void *data, size_t data_bytes, CUmem_range_attribute attribute, CUdeviceptr address, size_t bytes)
{
    (void)data;
    (void)data_bytes;
    (void)attribute;
    (void)address;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuPointerGetAttribute(void *data, CUpointer_attribute attribute, CUdeviceptr address)
{
    (void)data;
    (void)attribute;
    (void)address;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemFree_v2(CUdeviceptr address)
{
    (void)address;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes)
{
    (void)free_bytes;
    (void)total_bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    return cuMemcpy(target, source, bytes);
}

STUB CUresult cuMemcpyAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyAsync_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    return cuMemcpyAsync(target, source, bytes, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpyPeer(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes)
{
    (void)target;
    (void)target_context;
    (void)source;
    (void)source_context;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyPeer_ptds(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes)
{
    return cuMemcpyPeer(target, target_context, source, source_context, bytes);
}

STUB CUresult cuMemcpyPeerAsync(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes, CUstream stream)
{
    (void)target;
    (void)target_context;
    (void)source;
    (void)source_context;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyPeerAsync_ptsz(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes, CUstream stream)
{
    return cuMemcpyPeerAsync(target, target_context, source, source_context, bytes, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpyHtoD(CUdeviceptr_v1 target, const void *source, unsigned int bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyHtoD_v2(CUdeviceptr target, const void *source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyHtoD_v2_ptds(CUdeviceptr target, const void *source, size_t bytes)
{
    return cuMemcpyHtoD_v2(target, source, bytes);
}

STUB CUresult cuMemcpyHtoDAsync(CUdeviceptr_v1 target, const void *source, unsigned int bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void *source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyHtoDAsync_v2_ptsz(CUdeviceptr target, const void *source, size_t bytes, CUstream stream)
{
    return cuMemcpyHtoDAsync_v2(target, source, bytes, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpyDtoH(void *target, CUdeviceptr_v1 source, unsigned int bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyDtoH_v2(void *target, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyDtoH_v2_ptds(void *target, CUdeviceptr source, size_t bytes)
{
    return cuMemcpyDtoH_v2(target, source, bytes);
}

STUB CUresult cuMemcpyDtoHAsync(void *target, CUdeviceptr_v1 source, unsigned int bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyDtoHAsync_v2(void *target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyDtoHAsync_v2_ptsz(void *target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    return cuMemcpyDtoHAsync_v2(target, source, bytes, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpyDtoD(CUdeviceptr_v1 target, CUdeviceptr_v1 source, unsigned int bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyDtoD_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyDtoD_v2_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    return cuMemcpyDtoD_v2(target, source, bytes);
}

STUB CUresult cuMemcpyDtoDAsync(CUdeviceptr_v1 target, CUdeviceptr_v1 source, unsigned int bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyDtoDAsync_v2_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    return cuMemcpyDtoDAsync_v2(target, source, bytes, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpyDtoA(CUarray target, unsigned int offset, CUdeviceptr_v1 source, unsigned int bytes)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyDtoA_v2(CUarray target, size_t offset, CUdeviceptr source, size_t bytes)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyDtoA_v2_ptds(CUarray target, size_t offset, CUdeviceptr source, size_t bytes)
{
    return cuMemcpyDtoA_v2(target, offset, source, bytes);
}

STUB CUresult cuMemcpyAtoD(CUdeviceptr_v1 target, CUarray source, unsigned int offset, unsigned int bytes)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyAtoD_v2(CUdeviceptr target, CUarray source, size_t offset, size_t bytes)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyAtoD_v2_ptds(CUdeviceptr target, CUarray source, size_t offset, size_t bytes)
{
    return cuMemcpyAtoD_v2(target, source, offset, bytes);
}

STUB CUresult cuMemcpyHtoA(CUarray target, unsigned int offset, const void *source, unsigned int bytes)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyHtoA_v2(CUarray target, size_t offset, const void *source, size_t bytes)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyHtoA_v2_ptds(CUarray target, size_t offset, const void *source, size_t bytes)
{
    return cuMemcpyHtoA_v2(target, offset, source, bytes);
}

STUB CUresult cuMemcpyHtoAAsync(CUarray target, unsigned int offset, const void *source, unsigned int bytes, CUstream stream)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyHtoAAsync_v2(CUarray target, size_t offset, const void *source, size_t bytes, CUstream stream)
{
    (void)target;
    (void)offset;
    (void)source;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyHtoAAsync_v2_ptsz(CUarray target, size_t offset, const void *source, size_t bytes, CUstream stream)
{
    return cuMemcpyHtoAAsync_v2(target, offset, source, bytes, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpyAtoH(void *target, CUarray source, unsigned int offset, unsigned int bytes)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyAtoH_v2(void *target, CUarray source, size_t offset, size_t bytes)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyAtoH_v2_ptds(void *target, CUarray source, size_t offset, size_t bytes)
{
    return cuMemcpyAtoH_v2(target, source, offset, bytes);
}

STUB CUresult cuMemcpyAtoHAsync(void *target, CUarray source, unsigned int offset, unsigned int bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyAtoHAsync_v2(void *target, CUarray source, size_t offset, size_t bytes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)offset;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyAtoHAsync_v2_ptsz(void *target, CUarray source, size_t offset, size_t bytes, CUstream stream)
{
    return cuMemcpyAtoHAsync_v2(target, source, offset, bytes, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpyAtoA(CUarray target, unsigned int target_offset, CUarray source, unsigned int source_offset, unsigned int bytes)
{
    (void)target;
    (void)target_offset;
    (void)source;
    (void)source_offset;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyAtoA_v2(CUarray target, size_t target_offset, CUarray source, size_t source_offset, size_t bytes)
{
    (void)target;
    (void)target_offset;
    (void)source;
    (void)source_offset;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyAtoA_v2_ptds(CUarray target, size_t target_offset, CUarray source, size_t source_offset, size_t bytes)
{
    return cuMemcpyAtoA_v2(target, target_offset, source, source_offset, bytes);
}

STUB CUresult cuMemcpy2D(const CUDA_MEMCPY2D_v1 *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy2D_v2(const CUDA_MEMCPY2D *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy2D_v2_ptds(const CUDA_MEMCPY2D *copy)
{
    return cuMemcpy2D_v2(copy);
}

STUB CUresult cuMemcpy2DUnaligned(const CUDA_MEMCPY2D_v1 *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy2DUnaligned_v2(const CUDA_MEMCPY2D *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy2DUnaligned_v2_ptds(const CUDA_MEMCPY2D *copy)
{
    return cuMemcpy2DUnaligned_v2(copy);
}

STUB CUresult cuMemcpy2DAsync(const CUDA_MEMCPY2D_v1 *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy2DAsync_v2_ptsz(const CUDA_MEMCPY2D *copy, CUstream stream)
{
    return cuMemcpy2DAsync_v2(copy, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpy3D(const CUDA_MEMCPY3D_v1 *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy3D_v2(const CUDA_MEMCPY3D *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy3D_v2_ptds(const CUDA_MEMCPY3D *copy)
{
    return cuMemcpy3D_v2(copy);
}

STUB CUresult cuMemcpy3DAsync(const CUDA_MEMCPY3D_v1 *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy3DAsync_v2(const CUDA_MEMCPY3D *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy3DAsync_v2_ptsz(const CUDA_MEMCPY3D *copy, CUstream stream)
{
    return cuMemcpy3DAsync_v2(copy, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpy3DPeer(const CUDA_MEMCPY3D_PEER *copy)
{
    (void)copy;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy3DPeer_ptds(const CUDA_MEMCPY3D_PEER *copy)
{
    return cuMemcpy3DPeer(copy);
}

STUB CUresult cuMemcpy3DPeerAsync(const CUDA_MEMCPY3D_PEER *copy, CUstream stream)
{
    (void)copy;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy3DPeerAsync_ptsz(const CUDA_MEMCPY3D_PEER *copy, CUstream stream)
{
    return cuMemcpy3DPeerAsync(copy, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpyBatchAsync(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, size_t *failed, CUstream stream)
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
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyBatchAsync_ptsz(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, size_t *failed, CUstream stream)
{
    return cuMemcpyBatchAsync(targets, sources, sizes, count, attributes, attribute_places, attribute_count, failed, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpyBatchAsync_v2(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, CUstream stream)
{
    (void)targets;
    (void)sources;
    (void)sizes;
    (void)count;
    (void)attributes;
    (void)attribute_places;
    (void)attribute_count;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyBatchAsync_v2_ptsz(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, CUstream stream)
{
    return cuMemcpyBatchAsync_v2(targets, sources, sizes, count, attributes, attribute_places, attribute_count, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpy3DBatchAsync(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, size_t *failed, unsigned long long flags, CUstream stream)
{
    (void)count;
    (void)copies;
    (void)failed;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy3DBatchAsync_ptsz(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, size_t *failed, unsigned long long flags, CUstream stream)
{
    return cuMemcpy3DBatchAsync(count, copies, failed, flags, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpy3DBatchAsync_v2(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, unsigned long long flags, CUstream stream)
{
    (void)count;
    (void)copies;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy3DBatchAsync_v2_ptsz(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, unsigned long long flags, CUstream stream)
{
    return cuMemcpy3DBatchAsync_v2(count, copies, flags, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpyWithAttributesAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUmemcpyAttributes *attributes, CUstream stream)
{
    (void)target;
    (void)source;
    (void)bytes;
    (void)attributes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpyWithAttributesAsync_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUmemcpyAttributes *attributes, CUstream stream)
{
    return cuMemcpyWithAttributesAsync(target, source, bytes, attributes, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemcpy3DWithAttributesAsync(CUDA_MEMCPY3D_BATCH_OP *copy, unsigned long long flags, CUstream stream)
{
    (void)copy;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemcpy3DWithAttributesAsync_ptsz(CUDA_MEMCPY3D_BATCH_OP *copy, unsigned long long flags, CUstream stream)
{
    return cuMemcpy3DWithAttributesAsync(copy, flags, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemsetD8(CUdeviceptr_v1 target, unsigned char value, unsigned int count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD8_v2(CUdeviceptr target, unsigned char value, size_t count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD8_v2_ptds(CUdeviceptr target, unsigned char value, size_t count)
{
    return cuMemsetD8_v2(target, value, count);
}

STUB CUresult cuMemsetD8Async(CUdeviceptr target, unsigned char value, size_t count, CUstream stream)
{
    (void)target;
    (void)value;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD8Async_ptsz(CUdeviceptr target, unsigned char value, size_t count, CUstream stream)
{
    return cuMemsetD8Async(target, value, count, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemsetD2D8(CUdeviceptr_v1 target, unsigned int pitch, unsigned char value, unsigned int width, unsigned int height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD2D8_v2(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD2D8_v2_ptds(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height)
{
    return cuMemsetD2D8_v2(target, pitch, value, width, height);
}

STUB CUresult cuMemsetD2D8Async(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height, CUstream stream)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD2D8Async_ptsz(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height, CUstream stream)
{
    return cuMemsetD2D8Async(target, pitch, value, width, height, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemsetD16(CUdeviceptr_v1 target, unsigned short value, unsigned int count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD16_v2(CUdeviceptr target, unsigned short value, size_t count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD16_v2_ptds(CUdeviceptr target, unsigned short value, size_t count)
{
    return cuMemsetD16_v2(target, value, count);
}

STUB CUresult cuMemsetD16Async(CUdeviceptr target, unsigned short value, size_t count, CUstream stream)
{
    (void)target;
    (void)value;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD16Async_ptsz(CUdeviceptr target, unsigned short value, size_t count, CUstream stream)
{
    return cuMemsetD16Async(target, value, count, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemsetD2D16(CUdeviceptr_v1 target, unsigned int pitch, unsigned short value, unsigned int width, unsigned int height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD2D16_v2(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD2D16_v2_ptds(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height)
{
    return cuMemsetD2D16_v2(target, pitch, value, width, height);
}

STUB CUresult cuMemsetD2D16Async(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height, CUstream stream)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD2D16Async_ptsz(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height, CUstream stream)
{
    return cuMemsetD2D16Async(target, pitch, value, width, height, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemsetD32(CUdeviceptr_v1 target, unsigned int value, unsigned int count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD32_v2(CUdeviceptr target, unsigned int value, size_t count)
{
    (void)target;
    (void)value;
    (void)count;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD32_v2_ptds(CUdeviceptr target, unsigned int value, size_t count)
{
    return cuMemsetD32_v2(target, value, count);
}

STUB CUresult cuMemsetD32Async(CUdeviceptr target, unsigned int value, size_t count, CUstream stream)
{
    (void)target;
    (void)value;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD32Async_ptsz(CUdeviceptr target, unsigned int value, size_t count, CUstream stream)
{
    return cuMemsetD32Async(target, value, count, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemsetD2D32(CUdeviceptr_v1 target, unsigned int pitch, unsigned int value, unsigned int width, unsigned int height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD2D32_v2(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD2D32_v2_ptds(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height)
{
    return cuMemsetD2D32_v2(target, pitch, value, width, height);
}

STUB CUresult cuMemsetD2D32Async(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height, CUstream stream)
{
    (void)target;
    (void)pitch;
    (void)value;
    (void)width;
    (void)height;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemsetD2D32Async_ptsz(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height, CUstream stream)
{
    return cuMemsetD2D32Async(target, pitch, value, width, height, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemPrefetchAsync(CUdeviceptr address, size_t bytes, CUdevice device, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)device;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemPrefetchAsync_ptsz(CUdeviceptr address, size_t bytes, CUdevice device, CUstream stream)
{
    return cuMemPrefetchAsync(address, bytes, device, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemPrefetchAsync_v2(CUdeviceptr address, size_t bytes, CUmemLocation location, unsigned int flags, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)location;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemPrefetchAsync_v2_ptsz(CUdeviceptr address, size_t bytes, CUmemLocation location, unsigned int flags, CUstream stream)
{
    return cuMemPrefetchAsync_v2(address, bytes, location, flags, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemPrefetchBatchAsync(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    (void)addresses;
    (void)sizes;
    (void)count;
    (void)locations;
    (void)location_places;
    (void)location_count;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemPrefetchBatchAsync_ptsz(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    return cuMemPrefetchBatchAsync(addresses, sizes, count, locations, location_places, location_count, flags, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemDiscardAndPrefetchBatchAsync(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    (void)addresses;
    (void)sizes;
    (void)count;
    (void)locations;
    (void)location_places;
    (void)location_count;
    (void)flags;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemDiscardAndPrefetchBatchAsync_ptsz(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    return cuMemDiscardAndPrefetchBatchAsync(addresses, sizes, count, locations, location_places, location_count, flags, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemAllocHost_v2(void **address, size_t bytes)
{
    (void)address;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemHostAlloc(void **address, size_t bytes, unsigned int flags)
{
    (void)address;
    (void)bytes;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemFreeHost(void *address)
{
    (void)address;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemHostRegister_v2(void *address, size_t bytes, unsigned int flags)
{
    (void)address;
    (void)bytes;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemHostUnregister(void *address)
{
    (void)address;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAllocAsync(CUdeviceptr *address, size_t bytes, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAllocAsync_ptsz(CUdeviceptr *address, size_t bytes, CUstream stream)
{
    return cuMemAllocAsync(address, bytes, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemAllocFromPoolAsync(CUdeviceptr *address, size_t bytes, CUmemoryPool pool, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)pool;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAllocFromPoolAsync_ptsz(CUdeviceptr *address, size_t bytes, CUmemoryPool pool, CUstream stream)
{
    return cuMemAllocFromPoolAsync(address, bytes, pool, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemFreeAsync(CUdeviceptr address, CUstream stream)
{
    (void)address;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemFreeAsync_ptsz(CUdeviceptr address, CUstream stream)
{
    return cuMemFreeAsync(address, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemPoolCreate(CUmemoryPool *pool, const CUmemPoolProps *properties)
{
    (void)pool;
    (void)properties;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemPoolDestroy(CUmemoryPool pool)
{
    (void)pool;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemPoolTrimTo(CUmemoryPool pool, size_t keep_bytes)
{
    (void)pool;
    (void)keep_bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemPoolGetAttribute(CUmemoryPool pool, CUmemPool_attribute attribute, void *value)
{
    (void)pool;
    (void)attribute;
    (void)value;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemPoolSetAttribute(CUmemoryPool pool, CUmemPool_attribute attribute, void *value)
{
    (void)pool;
    (void)attribute;
    (void)value;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceGetDefaultMemPool(CUmemoryPool *pool, CUdevice device)
{
    (void)pool;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceGetMemPool(CUmemoryPool *pool, CUdevice device)
{
    (void)pool;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceSetMemPool(CUdevice device, CUmemoryPool pool)
{
    (void)device;
    (void)pool;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamCreate(CUstream *stream, unsigned int flags)
{
    (void)stream;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamDestroy_v2(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamDestroy(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamSynchronize(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamSynchronize_ptsz(CUstream stream)
{
    return cuStreamSynchronize(stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus *status)
{
    (void)stream;
    (void)status;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamIsCapturing_ptsz(CUstream stream, CUstreamCaptureStatus *status)
{
    return cuStreamIsCapturing(stream ? stream : CU_STREAM_PER_THREAD, status);
}

STUB CUresult cuThreadExchangeStreamCaptureMode(CUstreamCaptureMode *mode)
{
    (void)mode;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuEventCreate(CUevent *event, unsigned int flags)
{
    (void)event;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuEventDestroy_v2(CUevent event)
{
    (void)event;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuEventRecord(CUevent event, CUstream stream)
{
    (void)event;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuEventRecord_ptsz(CUevent event, CUstream stream)
{
    return cuEventRecord(event, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuEventSynchronize(CUevent event)
{
    (void)event;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuEventElapsedTime(float *milliseconds, CUevent start, CUevent end)
{
    (void)milliseconds;
    (void)start;
    (void)end;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuEventQuery(CUevent event)
{
    (void)event;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAddressReserve(CUdeviceptr *address, size_t bytes, size_t alignment, CUdeviceptr wanted, unsigned long long flags)
{
    (void)address;
    (void)bytes;
    (void)alignment;
    (void)wanted;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAddressFree(CUdeviceptr address, size_t bytes)
{
    (void)address;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemCreate(CUmemGenericAllocationHandle *handle, size_t bytes, const CUmemAllocationProp *properties, unsigned long long flags)
{
    (void)handle;
    (void)bytes;
    (void)properties;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemRelease(CUmemGenericAllocationHandle handle)
{
    (void)handle;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemMap(CUdeviceptr address, size_t bytes, size_t offset, CUmemGenericAllocationHandle handle, unsigned long long flags)
{
    (void)address;
    (void)bytes;
    (void)offset;
    (void)handle;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemUnmap(CUdeviceptr address, size_t bytes)
{
    (void)address;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemSetAccess(CUdeviceptr address, size_t bytes, const CUmemAccessDesc *access, size_t count)
{
    (void)address;
    (void)bytes;
    (void)access;
    (void)count;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemRetainAllocationHandle(CUmemGenericAllocationHandle *handle, void *address)
{
    (void)handle;
    (void)address;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemMapArrayAsync(CUarrayMapInfo *maps, unsigned int count, CUstream stream)
{
    (void)maps;
    (void)count;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemMapArrayAsync_ptsz(CUarrayMapInfo *maps, unsigned int count, CUstream stream)
{
    return cuMemMapArrayAsync(maps, count, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuMemGetAllocationGranularity(size_t *bytes, const CUmemAllocationProp *properties, CUmemAllocationGranularity_flags option)
{
    (void)bytes;
    (void)properties;
    (void)option;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemExportToShareableHandle(void *shareable, CUmemGenericAllocationHandle handle, CUmemAllocationHandleType type, unsigned long long flags)
{
    (void)shareable;
    (void)handle;
    (void)type;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemImportFromShareableHandle(CUmemGenericAllocationHandle *handle, void *shareable, CUmemAllocationHandleType type)
{
    (void)handle;
    (void)shareable;
    (void)type;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuArrayCreate_v2(CUarray *array, const CUDA_ARRAY_DESCRIPTOR *descriptor)
{
    (void)array;
    (void)descriptor;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuArray3DCreate_v2(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR *descriptor)
{
    (void)array;
    (void)descriptor;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuArrayDestroy(CUarray array)
{
    (void)array;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMipmappedArrayCreate(CUmipmappedArray *array, const CUDA_ARRAY3D_DESCRIPTOR *descriptor, unsigned int levels)
{
    (void)array;
    (void)descriptor;
    (void)levels;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMipmappedArrayDestroy(CUmipmappedArray array)
{
    (void)array;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuIpcGetMemHandle(CUipcMemHandle *handle, CUdeviceptr address)
{
    (void)handle;
    (void)address;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuIpcOpenMemHandle_v2(CUdeviceptr *address, CUipcMemHandle handle, unsigned int flags)
{
    (void)address;
    (void)handle;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuIpcCloseMemHandle(CUdeviceptr address)
{
    (void)address;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuModuleGetLoadingMode(CUmoduleLoadingMode *mode)
{
    (void)mode;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuModuleLoadData(CUmodule *module, const void *image)
{
    (void)module;
    (void)image;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuModuleUnload(CUmodule module)
{
    (void)module;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuLibraryUnload(CUlibrary library)
{
    (void)library;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name)
{
    (void)function;
    (void)module;
    (void)name;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuLaunchKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters, void **extra)
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
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuLaunchKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters, void **extra)
{
    return cuLaunchKernel(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream ? stream : CU_STREAM_PER_THREAD, parameters, extra);
}

STUB CUresult cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra)
{
    (void)config;
    (void)function;
    (void)parameters;
    (void)extra;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuLaunchKernelEx_ptsz(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra)
{
    return cuLaunchKernelEx(config, function, parameters, extra);
}

STUB CUresult cuLaunchCooperativeKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters)
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
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuLaunchCooperativeKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters)
{
    return cuLaunchCooperativeKernel(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream ? stream : CU_STREAM_PER_THREAD, parameters);
}

STUB CUresult cuLaunchCooperativeKernelMultiDevice(CUDA_LAUNCH_PARAMS *launches, unsigned int count, unsigned int flags)
{
    (void)launches;
    (void)count;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuLaunch(CUfunction function)
{
    (void)function;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuLaunchGrid(CUfunction function, int width, int height)
{
    (void)function;
    (void)width;
    (void)height;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuLaunchGridAsync(CUfunction function, int width, int height, CUstream stream)
{
    (void)function;
    (void)width;
    (void)height;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamBeginCapture(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamBeginCapture_ptsz(CUstream stream)
{
    return cuStreamBeginCapture(stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuStreamBeginCapture_v2(CUstream stream, CUstreamCaptureMode mode)
{
    (void)stream;
    (void)mode;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamBeginCapture_v2_ptsz(CUstream stream, CUstreamCaptureMode mode)
{
    return cuStreamBeginCapture_v2(stream ? stream : CU_STREAM_PER_THREAD, mode);
}

STUB CUresult cuStreamBeginCaptureToGraph(CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, CUstreamCaptureMode mode)
{
    (void)stream;
    (void)graph;
    (void)dependencies;
    (void)edges;
    (void)count;
    (void)mode;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamBeginCaptureToGraph_ptsz(CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, CUstreamCaptureMode mode)
{
    return cuStreamBeginCaptureToGraph(stream ? stream : CU_STREAM_PER_THREAD, graph, dependencies, edges, count, mode);
}

STUB CUresult cuStreamEndCapture(CUstream stream, CUgraph *graph)
{
    (void)stream;
    (void)graph;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamEndCapture_ptsz(CUstream stream, CUgraph *graph)
{
    return cuStreamEndCapture(stream ? stream : CU_STREAM_PER_THREAD, graph);
}

STUB CUresult cuStreamGetCaptureInfo(CUstream stream, CUstreamCaptureStatus *status, cuuint64_t *id)
{
    (void)stream;
    (void)status;
    (void)id;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamGetCaptureInfo_ptsz(CUstream stream, CUstreamCaptureStatus *status, cuuint64_t *id)
{
    return cuStreamGetCaptureInfo(stream ? stream : CU_STREAM_PER_THREAD, status, id);
}

STUB CUresult cuStreamGetCaptureInfo_v2(CUstream stream, CUstreamCaptureStatus *status, cuuint64_t *id, CUgraph *graph, const CUgraphNode **dependencies, size_t *count)
{
    (void)stream;
    (void)status;
    (void)id;
    (void)graph;
    (void)dependencies;
    (void)count;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamGetCaptureInfo_v2_ptsz(CUstream stream, CUstreamCaptureStatus *status, cuuint64_t *id, CUgraph *graph, const CUgraphNode **dependencies, size_t *count)
{
    return cuStreamGetCaptureInfo_v2(stream ? stream : CU_STREAM_PER_THREAD, status, id, graph, dependencies, count);
}

STUB CUresult cuGraphCreate(CUgraph *graph, unsigned int flags)
{
    (void)graph;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphDestroy(CUgraph graph)
{
    (void)graph;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphAddEmptyNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count)
{
    (void)node;
    (void)graph;
    (void)dependencies;
    (void)count;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphAddKernelNode_v2(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, const CUDA_KERNEL_NODE_PARAMS_v2 *parameters)
{
    (void)node;
    (void)graph;
    (void)dependencies;
    (void)count;
    (void)parameters;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphAddChildGraphNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUgraph child)
{
    (void)node;
    (void)graph;
    (void)dependencies;
    (void)count;
    (void)child;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphAddMemAllocNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUDA_MEM_ALLOC_NODE_PARAMS *parameters)
{
    (void)node;
    (void)graph;
    (void)dependencies;
    (void)count;
    (void)parameters;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphAddMemFreeNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUdeviceptr address)
{
    (void)node;
    (void)graph;
    (void)dependencies;
    (void)count;
    (void)address;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphAddNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUgraphNodeParams *parameters)
{
    (void)node;
    (void)graph;
    (void)dependencies;
    (void)count;
    (void)parameters;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphAddNode_v2(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, CUgraphNodeParams *parameters)
{
    (void)node;
    (void)graph;
    (void)dependencies;
    (void)edges;
    (void)count;
    (void)parameters;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphGetNodes(CUgraph graph, CUgraphNode *nodes, size_t *count)
{
    (void)graph;
    (void)nodes;
    (void)count;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphNodeGetType(CUgraphNode node, CUgraphNodeType *type)
{
    (void)node;
    (void)type;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphChildGraphNodeGetGraph(CUgraphNode node, CUgraph *graph)
{
    (void)node;
    (void)graph;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphMemAllocNodeGetParams(CUgraphNode node, CUDA_MEM_ALLOC_NODE_PARAMS *parameters)
{
    (void)node;
    (void)parameters;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphMemFreeNodeGetParams(CUgraphNode node, CUdeviceptr *address)
{
    (void)node;
    (void)address;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphNodeGetParams(CUgraphNode node, CUgraphNodeParams *parameters)
{
    (void)node;
    (void)parameters;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphConditionalHandleCreate(CUgraphConditionalHandle *handle, CUgraph graph, CUcontext context, unsigned int launch_value, unsigned int flags)
{
    (void)handle;
    (void)graph;
    (void)context;
    (void)launch_value;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphInstantiate(CUgraphExec *exec, CUgraph graph, CUgraphNode *error_node, char *log, size_t log_bytes)
{
    (void)exec;
    (void)graph;
    (void)error_node;
    (void)log;
    (void)log_bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphInstantiate_v2(CUgraphExec *exec, CUgraph graph, CUgraphNode *error_node, char *log, size_t log_bytes)
{
    (void)exec;
    (void)graph;
    (void)error_node;
    (void)log;
    (void)log_bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphInstantiateWithFlags(CUgraphExec *exec, CUgraph graph, unsigned long long flags)
{
    (void)exec;
    (void)graph;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphInstantiateWithParams(CUgraphExec *exec, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *parameters)
{
    (void)exec;
    (void)graph;
    (void)parameters;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphInstantiateWithParams_ptsz(CUgraphExec *exec, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *parameters)
{
    return cuGraphInstantiateWithParams(exec, graph, parameters);
}

STUB CUresult cuGraphUpload(CUgraphExec exec, CUstream stream)
{
    (void)exec;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphUpload_ptsz(CUgraphExec exec, CUstream stream)
{
    return cuGraphUpload(exec, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuGraphLaunch(CUgraphExec exec, CUstream stream)
{
    (void)exec;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphLaunch_ptsz(CUgraphExec exec, CUstream stream)
{
    return cuGraphLaunch(exec, stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuGraphExecUpdate(CUgraphExec exec, CUgraph graph, CUgraphNode *error_node, CUgraphExecUpdateResult *result)
{
    (void)exec;
    (void)graph;
    (void)error_node;
    (void)result;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphExecUpdate_v2(CUgraphExec exec, CUgraph graph, CUgraphExecUpdateResultInfo *info)
{
    (void)exec;
    (void)graph;
    (void)info;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuGraphExecDestroy(CUgraphExec exec)
{
    (void)exec;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceGraphMemTrim(CUdevice device)
{
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceGetGraphMemAttribute(CUdevice device, CUgraphMem_attribute attribute, void *value)
{
    (void)device;
    (void)attribute;
    (void)value;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuCtxCreate(CUcontext *context, unsigned int flags, CUdevice device)
{
    (void)context;
    (void)flags;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDeviceTotalMem(unsigned int *bytes, CUdevice device)
{
    (void)bytes;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAlloc(CUdeviceptr_v1 *address, unsigned int bytes)
{
    (void)address;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAllocPitch(CUdeviceptr_v1 *address, unsigned int *pitch, unsigned int width, unsigned int height, unsigned int element_bytes)
{
    (void)address;
    (void)pitch;
    (void)width;
    (void)height;
    (void)element_bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemFree(CUdeviceptr_v1 address)
{
    (void)address;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemGetInfo(unsigned int *free_bytes, unsigned int *total_bytes)
{
    (void)free_bytes;
    (void)total_bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuArrayCreate(CUarray *array, const CUDA_ARRAY_DESCRIPTOR_v1 *descriptor)
{
    (void)array;
    (void)descriptor;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuArray3DCreate(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR_v1 *descriptor)
{
    (void)array;
    (void)descriptor;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuImportExternalMemory(CUexternalMemory *memory, const CUDA_EXTERNAL_MEMORY_HANDLE_DESC *descriptor)
{
    (void)memory;
    (void)descriptor;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuExternalMemoryGetMappedBuffer(CUdeviceptr *address, CUexternalMemory memory, const CUDA_EXTERNAL_MEMORY_BUFFER_DESC *descriptor)
{
    (void)address;
    (void)memory;
    (void)descriptor;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuDestroyExternalMemory(CUexternalMemory memory)
{
    (void)memory;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemPoolExportToShareableHandle(void *shareable, CUmemoryPool pool, CUmemAllocationHandleType type, unsigned long long flags)
{
    (void)shareable;
    (void)pool;
    (void)type;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemPoolImportFromShareableHandle(CUmemoryPool *pool, void *shareable, CUmemAllocationHandleType type, unsigned long long flags)
{
    (void)pool;
    (void)shareable;
    (void)type;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemPoolExportPointer(CUmemPoolPtrExportData *data, CUdeviceptr address)
{
    (void)data;
    (void)address;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemPoolImportPointer(CUdeviceptr *address, CUmemoryPool pool, CUmemPoolPtrExportData *data)
{
    (void)address;
    (void)pool;
    (void)data;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMulticastCreate(CUmemGenericAllocationHandle *multicast, const CUmulticastObjectProp *properties)
{
    (void)multicast;
    (void)properties;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMulticastAddDevice(CUmemGenericAllocationHandle multicast, CUdevice device)
{
    (void)multicast;
    (void)device;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMulticastBindMem(CUmemGenericAllocationHandle multicast, size_t multicast_offset, CUmemGenericAllocationHandle memory, size_t memory_offset, size_t bytes, unsigned long long flags)
{
    (void)multicast;
    (void)multicast_offset;
    (void)memory;
    (void)memory_offset;
    (void)bytes;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMulticastUnbind(CUmemGenericAllocationHandle multicast, CUdevice device, size_t offset, size_t bytes)
{
    (void)multicast;
    (void)device;
    (void)offset;
    (void)bytes;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamCreateWithPriority(CUstream *stream, unsigned int flags, int priority)
{
    (void)stream;
    (void)flags;
    (void)priority;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamGetFlags(CUstream stream, unsigned int *flags)
{
    (void)stream;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamGetFlags_ptsz(CUstream stream, unsigned int *flags)
{
    return cuStreamGetFlags(stream ? stream : CU_STREAM_PER_THREAD, flags);
}

STUB CUresult cuStreamGetCtx(CUstream stream, CUcontext *context)
{
    (void)stream;
    (void)context;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamGetCtx_ptsz(CUstream stream, CUcontext *context)
{
    return cuStreamGetCtx(stream ? stream : CU_STREAM_PER_THREAD, context);
}

STUB CUresult cuStreamQuery(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamQuery_ptsz(CUstream stream)
{
    return cuStreamQuery(stream ? stream : CU_STREAM_PER_THREAD);
}

STUB CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned int flags)
{
    (void)stream;
    (void)event;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamWaitEvent_ptsz(CUstream stream, CUevent event, unsigned int flags)
{
    return cuStreamWaitEvent(stream ? stream : CU_STREAM_PER_THREAD, event, flags);
}

STUB CUresult cuStreamAddCallback(CUstream stream, CUstreamCallback callback, void *argument, unsigned int flags)
{
    (void)stream;
    (void)callback;
    (void)argument;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamAddCallback_ptsz(CUstream stream, CUstreamCallback callback, void *argument, unsigned int flags)
{
    return cuStreamAddCallback(stream ? stream : CU_STREAM_PER_THREAD, callback, argument, flags);
}

STUB CUresult cuStreamWaitValue32(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    (void)stream;
    (void)address;
    (void)value;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamWaitValue32_ptsz(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    return cuStreamWaitValue32(stream ? stream : CU_STREAM_PER_THREAD, address, value, flags);
}

STUB CUresult cuStreamWaitValue32_v2(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    (void)stream;
    (void)address;
    (void)value;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamWaitValue32_v2_ptsz(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    return cuStreamWaitValue32_v2(stream ? stream : CU_STREAM_PER_THREAD, address, value, flags);
}

STUB CUresult cuStreamWaitValue64(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    (void)stream;
    (void)address;
    (void)value;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamWaitValue64_ptsz(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    return cuStreamWaitValue64(stream ? stream : CU_STREAM_PER_THREAD, address, value, flags);
}

STUB CUresult cuStreamWaitValue64_v2(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    (void)stream;
    (void)address;
    (void)value;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamWaitValue64_v2_ptsz(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    return cuStreamWaitValue64_v2(stream ? stream : CU_STREAM_PER_THREAD, address, value, flags);
}

STUB CUresult cuStreamWriteValue32(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    (void)stream;
    (void)address;
    (void)value;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamWriteValue32_ptsz(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    return cuStreamWriteValue32(stream ? stream : CU_STREAM_PER_THREAD, address, value, flags);
}

STUB CUresult cuStreamWriteValue32_v2(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    (void)stream;
    (void)address;
    (void)value;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamWriteValue32_v2_ptsz(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    return cuStreamWriteValue32_v2(stream ? stream : CU_STREAM_PER_THREAD, address, value, flags);
}

STUB CUresult cuStreamWriteValue64(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    (void)stream;
    (void)address;
    (void)value;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamWriteValue64_ptsz(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    return cuStreamWriteValue64(stream ? stream : CU_STREAM_PER_THREAD, address, value, flags);
}

STUB CUresult cuStreamWriteValue64_v2(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    (void)stream;
    (void)address;
    (void)value;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamWriteValue64_v2_ptsz(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    return cuStreamWriteValue64_v2(stream ? stream : CU_STREAM_PER_THREAD, address, value, flags);
}

STUB CUresult cuLaunchHostFunc(CUstream stream, CUhostFn function, void *argument)
{
    (void)stream;
    (void)function;
    (void)argument;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuLaunchHostFunc_ptsz(CUstream stream, CUhostFn function, void *argument)
{
    return cuLaunchHostFunc(stream ? stream : CU_STREAM_PER_THREAD, function, argument);
}

STUB CUresult cuEventElapsedTime_v2(float *milliseconds, CUevent start, CUevent end)
{
    (void)milliseconds;
    (void)start;
    (void)end;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuEventRecordWithFlags(CUevent event, CUstream stream, unsigned int flags)
{
    (void)event;
    (void)stream;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuEventRecordWithFlags_ptsz(CUevent event, CUstream stream, unsigned int flags)
{
    return cuEventRecordWithFlags(event, stream ? stream : CU_STREAM_PER_THREAD, flags);
}

STUB CUresult cuFuncSetBlockShape(CUfunction function, int x, int y, int z)
{
    (void)function;
    (void)x;
    (void)y;
    (void)z;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr *address, void *host, unsigned int flags)
{
    (void)address;
    (void)host;
    (void)flags;
    return CUDA_ERROR_NOT_SUPPORTED;
}

/* Functions that we know by name alone. Each has an address of its own, as in the driver, and reads no argument. */
#pragma GCC visibility push(default)
#define SHORT_STUB(name) CUresult name(void) { return CUDA_ERROR_NOT_SUPPORTED; }
SHORT_STUB(cuArray3DGetDescriptor)
SHORT_STUB(cuArray3DGetDescriptor_v2)
SHORT_STUB(cuArrayGetDescriptor)
SHORT_STUB(cuArrayGetDescriptor_v2)
SHORT_STUB(cuArrayGetMemoryRequirements)
SHORT_STUB(cuArrayGetPlane)
SHORT_STUB(cuArrayGetSparseProperties)
SHORT_STUB(cuCheckpointOperationComplete)
SHORT_STUB(cuCheckpointProcessCheckpoint)
SHORT_STUB(cuCheckpointProcessGetRestoreThreadId)
SHORT_STUB(cuCheckpointProcessGetState)
SHORT_STUB(cuCheckpointProcessLock)
SHORT_STUB(cuCheckpointProcessRestore)
SHORT_STUB(cuCheckpointProcessUnlock)
SHORT_STUB(cuCoredumpDeregisterCompleteCallback)
SHORT_STUB(cuCoredumpDeregisterStartCallback)
SHORT_STUB(cuCoredumpGetAttribute)
SHORT_STUB(cuCoredumpGetAttributeGlobal)
SHORT_STUB(cuCoredumpRegisterCompleteCallback)
SHORT_STUB(cuCoredumpRegisterStartCallback)
SHORT_STUB(cuCoredumpSetAttribute)
SHORT_STUB(cuCoredumpSetAttributeGlobal)
SHORT_STUB(cuCtxAttach)
SHORT_STUB(cuCtxDetach)
SHORT_STUB(cuCtxDisablePeerAccess)
SHORT_STUB(cuCtxEnablePeerAccess)
SHORT_STUB(cuCtxFromGreenCtx)
SHORT_STUB(cuCtxGetApiVersion)
SHORT_STUB(cuCtxGetCacheConfig)
SHORT_STUB(cuCtxGetDevResource)
SHORT_STUB(cuCtxGetDevice_v2)
SHORT_STUB(cuCtxGetExecAffinity)
SHORT_STUB(cuCtxGetFlags)
SHORT_STUB(cuCtxGetId)
SHORT_STUB(cuCtxGetLimit)
SHORT_STUB(cuCtxGetSharedMemConfig)
SHORT_STUB(cuCtxGetStreamPriorityRange)
SHORT_STUB(cuCtxPopCurrent)
SHORT_STUB(cuCtxPushCurrent)
SHORT_STUB(cuCtxRecordEvent)
SHORT_STUB(cuCtxResetPersistingL2Cache)
SHORT_STUB(cuCtxSetCacheConfig)
SHORT_STUB(cuCtxSetFlags)
SHORT_STUB(cuCtxSetLimit)
SHORT_STUB(cuCtxSetSharedMemConfig)
SHORT_STUB(cuCtxWaitEvent)
SHORT_STUB(cuDestroyExternalSemaphore)
SHORT_STUB(cuDevResourceGenerateDesc)
SHORT_STUB(cuDevSmResourceSplit)
SHORT_STUB(cuDevSmResourceSplitByCount)
SHORT_STUB(cuDeviceCanAccessPeer)
SHORT_STUB(cuDeviceComputeCapability)
SHORT_STUB(cuDeviceGetByPCIBusId)
SHORT_STUB(cuDeviceGetCliqueCount)
SHORT_STUB(cuDeviceGetCliqueInfo)
SHORT_STUB(cuDeviceGetDevResource)
SHORT_STUB(cuDeviceGetExecAffinitySupport)
SHORT_STUB(cuDeviceGetFabricClusterUuid)
SHORT_STUB(cuDeviceGetHostAtomicCapabilities)
SHORT_STUB(cuDeviceGetLuid)
SHORT_STUB(cuDeviceGetNvSciSyncAttributes)
SHORT_STUB(cuDeviceGetP2PAtomicCapabilities)
SHORT_STUB(cuDeviceGetP2PAttribute)
SHORT_STUB(cuDeviceGetProperties)
SHORT_STUB(cuDeviceGetTexture1DLinearMaxWidth)
SHORT_STUB(cuDevicePrimaryCtxSetFlags)
SHORT_STUB(cuDevicePrimaryCtxSetFlags_v2)
SHORT_STUB(cuDeviceRegisterAsyncNotification)
SHORT_STUB(cuDeviceSetGraphMemAttribute)
SHORT_STUB(cuDeviceUnregisterAsyncNotification)
SHORT_STUB(cuEGLStreamConsumerAcquireFrame)
SHORT_STUB(cuEGLStreamConsumerConnect)
SHORT_STUB(cuEGLStreamConsumerConnectWithFlags)
SHORT_STUB(cuEGLStreamConsumerDisconnect)
SHORT_STUB(cuEGLStreamConsumerReleaseFrame)
SHORT_STUB(cuEGLStreamProducerConnect)
SHORT_STUB(cuEGLStreamProducerDisconnect)
SHORT_STUB(cuEGLStreamProducerPresentFrame)
SHORT_STUB(cuEGLStreamProducerReturnFrame)
SHORT_STUB(cuEventCreateFromEGLSync)
SHORT_STUB(cuEventDestroy)
SHORT_STUB(cuExternalMemoryGetMappedMipmappedArray)
SHORT_STUB(cuFabricCpyBatchAsync)
SHORT_STUB(cuFabricCpyBatchAsync_ptsz)
SHORT_STUB(cuFlushGPUDirectRDMAWrites)
SHORT_STUB(cuFuncGetAttribute)
SHORT_STUB(cuFuncGetModule)
SHORT_STUB(cuFuncGetName)
SHORT_STUB(cuFuncGetParamCount)
SHORT_STUB(cuFuncGetParamInfo)
SHORT_STUB(cuFuncIsLoaded)
SHORT_STUB(cuFuncLoad)
SHORT_STUB(cuFuncSetAttribute)
SHORT_STUB(cuFuncSetCacheConfig)
SHORT_STUB(cuFuncSetSharedMemConfig)
SHORT_STUB(cuFuncSetSharedSize)
SHORT_STUB(cuGLCtxCreate)
SHORT_STUB(cuGLCtxCreate_v2)
SHORT_STUB(cuGLGetDevices)
SHORT_STUB(cuGLGetDevices_v2)
SHORT_STUB(cuGLInit)
SHORT_STUB(cuGLMapBufferObject)
SHORT_STUB(cuGLMapBufferObjectAsync)
SHORT_STUB(cuGLMapBufferObjectAsync_v2)
SHORT_STUB(cuGLMapBufferObjectAsync_v2_ptsz)
SHORT_STUB(cuGLMapBufferObject_v2)
SHORT_STUB(cuGLMapBufferObject_v2_ptds)
SHORT_STUB(cuGLRegisterBufferObject)
SHORT_STUB(cuGLSetBufferObjectMapFlags)
SHORT_STUB(cuGLUnmapBufferObject)
SHORT_STUB(cuGLUnmapBufferObjectAsync)
SHORT_STUB(cuGLUnregisterBufferObject)
SHORT_STUB(cuGraphAddBatchMemOpNode)
SHORT_STUB(cuGraphAddDependencies)
SHORT_STUB(cuGraphAddDependencies_v2)
SHORT_STUB(cuGraphAddEventRecordNode)
SHORT_STUB(cuGraphAddEventWaitNode)
SHORT_STUB(cuGraphAddExternalSemaphoresSignalNode)
SHORT_STUB(cuGraphAddExternalSemaphoresWaitNode)
SHORT_STUB(cuGraphAddHostNode)
SHORT_STUB(cuGraphAddKernelNode)
SHORT_STUB(cuGraphAddMemcpyNode)
SHORT_STUB(cuGraphAddMemsetNode)
SHORT_STUB(cuGraphAddNode_v3)
SHORT_STUB(cuGraphBatchMemOpNodeGetParams)
SHORT_STUB(cuGraphBatchMemOpNodeSetParams)
SHORT_STUB(cuGraphClone)
SHORT_STUB(cuGraphDebugDotPrint)
SHORT_STUB(cuGraphDestroyNode)
SHORT_STUB(cuGraphEventRecordNodeGetEvent)
SHORT_STUB(cuGraphEventRecordNodeSetEvent)
SHORT_STUB(cuGraphEventWaitNodeGetEvent)
SHORT_STUB(cuGraphEventWaitNodeSetEvent)
SHORT_STUB(cuGraphExecBatchMemOpNodeSetParams)
SHORT_STUB(cuGraphExecChildGraphNodeSetParams)
SHORT_STUB(cuGraphExecEventRecordNodeSetEvent)
SHORT_STUB(cuGraphExecEventWaitNodeSetEvent)
SHORT_STUB(cuGraphExecExternalSemaphoresSignalNodeSetParams)
SHORT_STUB(cuGraphExecExternalSemaphoresWaitNodeSetParams)
SHORT_STUB(cuGraphExecGetFlags)
SHORT_STUB(cuGraphExecGetId)
SHORT_STUB(cuGraphExecHostNodeSetParams)
SHORT_STUB(cuGraphExecKernelNodeSetParams)
SHORT_STUB(cuGraphExecKernelNodeSetParams_v2)
SHORT_STUB(cuGraphExecMemcpyNodeSetParams)
SHORT_STUB(cuGraphExecMemsetNodeSetParams)
SHORT_STUB(cuGraphExecNodeSetParams)
SHORT_STUB(cuGraphExternalSemaphoresSignalNodeGetParams)
SHORT_STUB(cuGraphExternalSemaphoresSignalNodeSetParams)
SHORT_STUB(cuGraphExternalSemaphoresWaitNodeGetParams)
SHORT_STUB(cuGraphExternalSemaphoresWaitNodeSetParams)
SHORT_STUB(cuGraphGetEdges)
SHORT_STUB(cuGraphGetEdges_v2)
SHORT_STUB(cuGraphGetId)
SHORT_STUB(cuGraphGetRootNodes)
SHORT_STUB(cuGraphHostNodeGetParams)
SHORT_STUB(cuGraphHostNodeSetParams)
SHORT_STUB(cuGraphKernelNodeCopyAttributes)
SHORT_STUB(cuGraphKernelNodeGetAttribute)
SHORT_STUB(cuGraphKernelNodeGetParams)
SHORT_STUB(cuGraphKernelNodeGetParams_v2)
SHORT_STUB(cuGraphKernelNodeSetAttribute)
SHORT_STUB(cuGraphKernelNodeSetParams)
SHORT_STUB(cuGraphKernelNodeSetParams_v2)
SHORT_STUB(cuGraphMemcpyNodeGetParams)
SHORT_STUB(cuGraphMemcpyNodeSetParams)
SHORT_STUB(cuGraphMemsetNodeGetParams)
SHORT_STUB(cuGraphMemsetNodeSetParams)
SHORT_STUB(cuGraphNodeFindInClone)
SHORT_STUB(cuGraphNodeGetContainingGraph)
SHORT_STUB(cuGraphNodeGetDependencies)
SHORT_STUB(cuGraphNodeGetDependencies_v2)
SHORT_STUB(cuGraphNodeGetDependentNodes)
SHORT_STUB(cuGraphNodeGetDependentNodes_v2)
SHORT_STUB(cuGraphNodeGetEnabled)
SHORT_STUB(cuGraphNodeGetLocalId)
SHORT_STUB(cuGraphNodeGetToolsId)
SHORT_STUB(cuGraphNodeSetEnabled)
SHORT_STUB(cuGraphNodeSetParams)
SHORT_STUB(cuGraphNodeSetParams_v2)
SHORT_STUB(cuGraphReleaseUserObject)
SHORT_STUB(cuGraphRemoveDependencies)
SHORT_STUB(cuGraphRemoveDependencies_v2)
SHORT_STUB(cuGraphRetainUserObject)
SHORT_STUB(cuGraphicsEGLRegisterImage)
SHORT_STUB(cuGraphicsGLRegisterBuffer)
SHORT_STUB(cuGraphicsGLRegisterImage)
SHORT_STUB(cuGraphicsMapResources)
SHORT_STUB(cuGraphicsMapResources_ptsz)
SHORT_STUB(cuGraphicsResourceGetMappedEglFrame)
SHORT_STUB(cuGraphicsResourceGetMappedMipmappedArray)
SHORT_STUB(cuGraphicsResourceGetMappedPointer)
SHORT_STUB(cuGraphicsResourceGetMappedPointer_v2)
SHORT_STUB(cuGraphicsResourceSetMapFlags)
SHORT_STUB(cuGraphicsResourceSetMapFlags_v2)
SHORT_STUB(cuGraphicsSubResourceGetMappedArray)
SHORT_STUB(cuGraphicsUnmapResources)
SHORT_STUB(cuGraphicsUnmapResources_ptsz)
SHORT_STUB(cuGraphicsUnregisterResource)
SHORT_STUB(cuGraphicsVDPAURegisterOutputSurface)
SHORT_STUB(cuGraphicsVDPAURegisterVideoSurface)
SHORT_STUB(cuGreenCtxCreate)
SHORT_STUB(cuGreenCtxDestroy)
SHORT_STUB(cuGreenCtxGetDevResource)
SHORT_STUB(cuGreenCtxGetId)
SHORT_STUB(cuGreenCtxRecordEvent)
SHORT_STUB(cuGreenCtxStreamCreate)
SHORT_STUB(cuGreenCtxWaitEvent)
SHORT_STUB(cuImportExternalSemaphore)
SHORT_STUB(cuIpcGetEventHandle)
SHORT_STUB(cuIpcOpenEventHandle)
SHORT_STUB(cuIpcOpenMemHandle)
SHORT_STUB(cuKernelGetAttribute)
SHORT_STUB(cuKernelGetFunction)
SHORT_STUB(cuKernelGetLibrary)
SHORT_STUB(cuKernelGetName)
SHORT_STUB(cuKernelGetParamCount)
SHORT_STUB(cuKernelGetParamInfo)
SHORT_STUB(cuKernelSetAttribute)
SHORT_STUB(cuKernelSetCacheConfig)
SHORT_STUB(cuLaunchHostFunc_v2)
SHORT_STUB(cuLaunchHostFunc_v2_ptsz)
SHORT_STUB(cuLibraryEnumerateKernels)
SHORT_STUB(cuLibraryGetGlobal)
SHORT_STUB(cuLibraryGetKernel)
SHORT_STUB(cuLibraryGetKernelCount)
SHORT_STUB(cuLibraryGetManaged)
SHORT_STUB(cuLibraryGetModule)
SHORT_STUB(cuLibraryGetUnifiedFunction)
SHORT_STUB(cuLibraryLoadData)
SHORT_STUB(cuLibraryLoadFromFile)
SHORT_STUB(cuLinkAddData)
SHORT_STUB(cuLinkAddData_v2)
SHORT_STUB(cuLinkAddFile)
SHORT_STUB(cuLinkAddFile_v2)
SHORT_STUB(cuLinkComplete)
SHORT_STUB(cuLinkCreate)
SHORT_STUB(cuLinkCreate_v2)
SHORT_STUB(cuLinkDestroy)
SHORT_STUB(cuLogicalEndpointAddDevice)
SHORT_STUB(cuLogicalEndpointBindAddr)
SHORT_STUB(cuLogicalEndpointBindMem)
SHORT_STUB(cuLogicalEndpointCreate)
SHORT_STUB(cuLogicalEndpointDestroy)
SHORT_STUB(cuLogicalEndpointExport)
SHORT_STUB(cuLogicalEndpointGetLimits)
SHORT_STUB(cuLogicalEndpointIdRelease)
SHORT_STUB(cuLogicalEndpointIdReserve)
SHORT_STUB(cuLogicalEndpointImport)
SHORT_STUB(cuLogicalEndpointQuery)
SHORT_STUB(cuLogicalEndpointUnbind)
SHORT_STUB(cuLogsCurrent)
SHORT_STUB(cuLogsDumpToFile)
SHORT_STUB(cuLogsDumpToMemory)
SHORT_STUB(cuLogsRegisterCallback)
SHORT_STUB(cuLogsUnregisterCallback)
SHORT_STUB(cuMemAllocHost)
SHORT_STUB(cuMemBatchDecompressAsync)
SHORT_STUB(cuMemBatchDecompressAsync_ptsz)
SHORT_STUB(cuMemDiscardBatchAsync)
SHORT_STUB(cuMemDiscardBatchAsync_ptsz)
SHORT_STUB(cuMemGetAccess)
SHORT_STUB(cuMemGetAddressRange)
SHORT_STUB(cuMemGetAddressRange_v2)
SHORT_STUB(cuMemGetAllocationPropertiesFromHandle)
SHORT_STUB(cuMemGetDefaultMemPool)
SHORT_STUB(cuMemGetHandleForAddressRange)
SHORT_STUB(cuMemGetLocationInfo)
SHORT_STUB(cuMemGetMemPool)
SHORT_STUB(cuMemHostGetDevicePointer)
SHORT_STUB(cuMemHostGetFlags)
SHORT_STUB(cuMemHostRegister)
SHORT_STUB(cuMemPoolGetAccess)
SHORT_STUB(cuMemPoolSetAccess)
SHORT_STUB(cuMemRangeGetAttributes)
SHORT_STUB(cuMemSetMemPool)
SHORT_STUB(cuMipmappedArrayGetLevel)
SHORT_STUB(cuMipmappedArrayGetMemoryRequirements)
SHORT_STUB(cuMipmappedArrayGetSparseProperties)
SHORT_STUB(cuModuleEnumerateFunctions)
SHORT_STUB(cuModuleGetFunctionCount)
SHORT_STUB(cuModuleGetGlobal)
SHORT_STUB(cuModuleGetGlobal_v2)
SHORT_STUB(cuModuleGetSurfRef)
SHORT_STUB(cuModuleGetTexRef)
SHORT_STUB(cuModuleLoad)
SHORT_STUB(cuModuleLoadDataEx)
SHORT_STUB(cuModuleLoadFatBinary)
SHORT_STUB(cuMulticastBindAddr)
SHORT_STUB(cuMulticastBindAddr_v2)
SHORT_STUB(cuMulticastBindMem_v2)
SHORT_STUB(cuMulticastGetGranularity)
SHORT_STUB(cuOccupancyAvailableDynamicSMemPerBlock)
SHORT_STUB(cuOccupancyMaxActiveBlocksPerMultiprocessor)
SHORT_STUB(cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags)
SHORT_STUB(cuOccupancyMaxActiveClusters)
SHORT_STUB(cuOccupancyMaxPotentialBlockSize)
SHORT_STUB(cuOccupancyMaxPotentialBlockSizeWithFlags)
SHORT_STUB(cuOccupancyMaxPotentialClusterSize)
SHORT_STUB(cuParamSetSize)
SHORT_STUB(cuParamSetTexRef)
SHORT_STUB(cuParamSetf)
SHORT_STUB(cuParamSeti)
SHORT_STUB(cuParamSetv)
SHORT_STUB(cuPointerGetAttributes)
SHORT_STUB(cuPointerSetAttribute)
SHORT_STUB(cuProfilerInitialize)
SHORT_STUB(cuProfilerStart)
SHORT_STUB(cuProfilerStop)
SHORT_STUB(cuSignalExternalSemaphoresAsync)
SHORT_STUB(cuSignalExternalSemaphoresAsync_ptsz)
SHORT_STUB(cuStreamAttachMemAsync)
SHORT_STUB(cuStreamAttachMemAsync_ptsz)
SHORT_STUB(cuStreamBatchMemOp)
SHORT_STUB(cuStreamBatchMemOp_ptsz)
SHORT_STUB(cuStreamBatchMemOp_v2)
SHORT_STUB(cuStreamBatchMemOp_v2_ptsz)
SHORT_STUB(cuStreamBeginCaptureToCig)
SHORT_STUB(cuStreamBeginCaptureToCig_ptsz)
SHORT_STUB(cuStreamBeginRecaptureToGraph)
SHORT_STUB(cuStreamBeginRecaptureToGraph_ptsz)
SHORT_STUB(cuStreamCopyAttributes)
SHORT_STUB(cuStreamCopyAttributes_ptsz)
SHORT_STUB(cuStreamEndCaptureToCig)
SHORT_STUB(cuStreamEndCaptureToCig_ptsz)
SHORT_STUB(cuStreamGetAttribute)
SHORT_STUB(cuStreamGetAttribute_ptsz)
SHORT_STUB(cuStreamGetCaptureInfo_v3)
SHORT_STUB(cuStreamGetCaptureInfo_v3_ptsz)
SHORT_STUB(cuStreamGetCtx_v2)
SHORT_STUB(cuStreamGetCtx_v2_ptsz)
SHORT_STUB(cuStreamGetDevResource)
SHORT_STUB(cuStreamGetDevResource_ptsz)
SHORT_STUB(cuStreamGetDevice)
SHORT_STUB(cuStreamGetDevice_ptsz)
SHORT_STUB(cuStreamGetGreenCtx)
SHORT_STUB(cuStreamGetId)
SHORT_STUB(cuStreamGetId_ptsz)
SHORT_STUB(cuStreamGetPriority)
SHORT_STUB(cuStreamGetPriority_ptsz)
SHORT_STUB(cuStreamSetAttribute)
SHORT_STUB(cuStreamSetAttribute_ptsz)
SHORT_STUB(cuStreamUpdateCaptureDependencies)
SHORT_STUB(cuStreamUpdateCaptureDependencies_ptsz)
SHORT_STUB(cuStreamUpdateCaptureDependencies_v2)
SHORT_STUB(cuStreamUpdateCaptureDependencies_v2_ptsz)
SHORT_STUB(cuSubgridCreate)
SHORT_STUB(cuSubgridWorkerGridCreate)
SHORT_STUB(cuSubgridWorksetCreate)
SHORT_STUB(cuSurfObjectCreate)
SHORT_STUB(cuSurfObjectDestroy)
SHORT_STUB(cuSurfObjectGetResourceDesc)
SHORT_STUB(cuSurfRefGetArray)
SHORT_STUB(cuSurfRefSetArray)
SHORT_STUB(cuTensorMapEncodeIm2col)
SHORT_STUB(cuTensorMapEncodeIm2colWide)
SHORT_STUB(cuTensorMapEncodeTiled)
SHORT_STUB(cuTensorMapReplaceAddress)
SHORT_STUB(cuTensorMapSetAllocationClass)
SHORT_STUB(cuTexObjectCreate)
SHORT_STUB(cuTexObjectDestroy)
SHORT_STUB(cuTexObjectGetResourceDesc)
SHORT_STUB(cuTexObjectGetResourceViewDesc)
SHORT_STUB(cuTexObjectGetTextureDesc)
SHORT_STUB(cuTexRefCreate)
SHORT_STUB(cuTexRefDestroy)
SHORT_STUB(cuTexRefGetAddress)
SHORT_STUB(cuTexRefGetAddressMode)
SHORT_STUB(cuTexRefGetAddress_v2)
SHORT_STUB(cuTexRefGetArray)
SHORT_STUB(cuTexRefGetBorderColor)
SHORT_STUB(cuTexRefGetFilterMode)
SHORT_STUB(cuTexRefGetFlags)
SHORT_STUB(cuTexRefGetFormat)
SHORT_STUB(cuTexRefGetMaxAnisotropy)
SHORT_STUB(cuTexRefGetMipmapFilterMode)
SHORT_STUB(cuTexRefGetMipmapLevelBias)
SHORT_STUB(cuTexRefGetMipmapLevelClamp)
SHORT_STUB(cuTexRefGetMipmappedArray)
SHORT_STUB(cuTexRefSetAddress)
SHORT_STUB(cuTexRefSetAddress2D)
SHORT_STUB(cuTexRefSetAddress2D_v2)
SHORT_STUB(cuTexRefSetAddress2D_v3)
SHORT_STUB(cuTexRefSetAddressMode)
SHORT_STUB(cuTexRefSetAddress_v2)
SHORT_STUB(cuTexRefSetArray)
SHORT_STUB(cuTexRefSetBorderColor)
SHORT_STUB(cuTexRefSetFilterMode)
SHORT_STUB(cuTexRefSetFlags)
SHORT_STUB(cuTexRefSetFormat)
SHORT_STUB(cuTexRefSetMaxAnisotropy)
SHORT_STUB(cuTexRefSetMipmapFilterMode)
SHORT_STUB(cuTexRefSetMipmapLevelBias)
SHORT_STUB(cuTexRefSetMipmapLevelClamp)
SHORT_STUB(cuTexRefSetMipmappedArray)
SHORT_STUB(cuUserObjectCreate)
SHORT_STUB(cuUserObjectRelease)
SHORT_STUB(cuUserObjectRetain)
SHORT_STUB(cuVDPAUCtxCreate)
SHORT_STUB(cuVDPAUCtxCreate_v2)
SHORT_STUB(cuVDPAUGetDevice)
SHORT_STUB(cuWaitExternalSemaphoresAsync)
SHORT_STUB(cuWaitExternalSemaphoresAsync_ptsz)
#pragma GCC visibility pop
