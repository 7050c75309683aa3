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

STUB CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device)
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

STUB CUresult cuMemAllocAsync(CUdeviceptr *address, size_t bytes, CUstream stream)
{
    (void)address;
    (void)bytes;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemAllocAsync_ptsz(CUdeviceptr *address, size_t bytes, CUstream stream)
{
    return cuMemAllocAsync(address, bytes, stream);
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
    return cuMemAllocFromPoolAsync(address, bytes, pool, stream);
}

STUB CUresult cuMemFreeAsync(CUdeviceptr address, CUstream stream)
{
    (void)address;
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuMemFreeAsync_ptsz(CUdeviceptr address, CUstream stream)
{
    return cuMemFreeAsync(address, stream);
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

STUB CUresult cuStreamSynchronize(CUstream stream)
{
    (void)stream;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamSynchronize_ptsz(CUstream stream)
{
    return cuStreamSynchronize(stream);
}

STUB CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus *status)
{
    (void)stream;
    (void)status;
    return CUDA_ERROR_NOT_SUPPORTED;
}

STUB CUresult cuStreamIsCapturing_ptsz(CUstream stream, CUstreamCaptureStatus *status)
{
    return cuStreamIsCapturing(stream, status);
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
    return cuMemMapArrayAsync(maps, count, stream);
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
