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
