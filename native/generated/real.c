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

static CUresult absent_cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device)
{
    (void)context;
    (void)device;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuDevicePrimaryCtxRelease_v2(CUdevice device)
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

static CUresult absent_cuCtxDestroy_v2(CUcontext context)
{
    (void)context;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxGetCurrent(CUcontext *context)
{
    (void)context;
    return CUDA_ERROR_NOT_FOUND;
}

static CUresult absent_cuCtxGetDevice(CUdevice *device)
{
    (void)device;
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

const struct real_cuda real_cuda_absent = {
    .cuInit = absent_cuInit,
    .cuGetProcAddress = absent_cuGetProcAddress,
    .cuGetProcAddress_v2 = absent_cuGetProcAddress_v2,
    .cuDeviceGetUuid = absent_cuDeviceGetUuid,
    .cuDeviceTotalMem_v2 = absent_cuDeviceTotalMem_v2,
    .cuDevicePrimaryCtxRetain = absent_cuDevicePrimaryCtxRetain,
    .cuDevicePrimaryCtxRelease_v2 = absent_cuDevicePrimaryCtxRelease_v2,
    .cuDevicePrimaryCtxGetState = absent_cuDevicePrimaryCtxGetState,
    .cuCtxDestroy_v2 = absent_cuCtxDestroy_v2,
    .cuCtxGetCurrent = absent_cuCtxGetCurrent,
    .cuCtxGetDevice = absent_cuCtxGetDevice,
    .cuMemAlloc_v2 = absent_cuMemAlloc_v2,
    .cuMemAllocManaged = absent_cuMemAllocManaged,
    .cuMemAllocPitch_v2 = absent_cuMemAllocPitch_v2,
    .cuMemFree_v2 = absent_cuMemFree_v2,
    .cuMemGetInfo_v2 = absent_cuMemGetInfo_v2,
};

const struct real_symbol real_cuda_symbols[] = {
    {"cuInit", offsetof(struct real_cuda, cuInit)},
    {"cuGetProcAddress", offsetof(struct real_cuda, cuGetProcAddress)},
    {"cuGetProcAddress_v2", offsetof(struct real_cuda, cuGetProcAddress_v2)},
    {"cuDeviceGetUuid", offsetof(struct real_cuda, cuDeviceGetUuid)},
    {"cuDeviceTotalMem_v2", offsetof(struct real_cuda, cuDeviceTotalMem_v2)},
    {"cuDevicePrimaryCtxRetain", offsetof(struct real_cuda, cuDevicePrimaryCtxRetain)},
    {"cuDevicePrimaryCtxRelease_v2", offsetof(struct real_cuda, cuDevicePrimaryCtxRelease_v2)},
    {"cuDevicePrimaryCtxGetState", offsetof(struct real_cuda, cuDevicePrimaryCtxGetState)},
    {"cuCtxDestroy_v2", offsetof(struct real_cuda, cuCtxDestroy_v2)},
    {"cuCtxGetCurrent", offsetof(struct real_cuda, cuCtxGetCurrent)},
    {"cuCtxGetDevice", offsetof(struct real_cuda, cuCtxGetDevice)},
    {"cuMemAlloc_v2", offsetof(struct real_cuda, cuMemAlloc_v2)},
    {"cuMemAllocManaged", offsetof(struct real_cuda, cuMemAllocManaged)},
    {"cuMemAllocPitch_v2", offsetof(struct real_cuda, cuMemAllocPitch_v2)},
    {"cuMemFree_v2", offsetof(struct real_cuda, cuMemFree_v2)},
    {"cuMemGetInfo_v2", offsetof(struct real_cuda, cuMemGetInfo_v2)},
};
const size_t real_cuda_symbols_count = sizeof real_cuda_symbols / sizeof *real_cuda_symbols;

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

const struct real_nvml real_nvml_absent = {
    .nvmlDeviceGetUUID = absent_nvmlDeviceGetUUID,
    .nvmlDeviceGetMemoryInfo = absent_nvmlDeviceGetMemoryInfo,
    .nvmlDeviceGetMemoryInfo_v2 = absent_nvmlDeviceGetMemoryInfo_v2,
};

const struct real_symbol real_nvml_symbols[] = {
    {"nvmlDeviceGetUUID", offsetof(struct real_nvml, nvmlDeviceGetUUID)},
    {"nvmlDeviceGetMemoryInfo", offsetof(struct real_nvml, nvmlDeviceGetMemoryInfo)},
    {"nvmlDeviceGetMemoryInfo_v2", offsetof(struct real_nvml, nvmlDeviceGetMemoryInfo_v2)},
};
const size_t real_nvml_symbols_count = sizeof real_nvml_symbols / sizeof *real_nvml_symbols;
