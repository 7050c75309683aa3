/* The driver's own functions that the interceptor calls.
 * Generated from native/manifest/cuda.def and nvml.def by `python -m native.generator`; do not edit. */
#ifndef HAMI_REAL_H
#define HAMI_REAL_H

#include "cuda_api.h"
#include "nvml_api.h"

/* Where the pointer to a symbol belongs in its struct. */
struct real_symbol {
    const char *symbol;
    size_t offset;
};

struct real_cuda {
    CUresult (*cuInit)(unsigned int flags);
    CUresult (*cuGetProcAddress)(const char *symbol, void **function, int cuda_version, cuuint64_t flags);
    CUresult (*cuGetProcAddress_v2)(const char *symbol, void **function, int cuda_version, cuuint64_t flags, CUdriverProcAddressQueryResult *status);
    CUresult (*cuDeviceGetUuid)(CUuuid *uuid, CUdevice device);
    CUresult (*cuDeviceTotalMem_v2)(size_t *bytes, CUdevice device);
    CUresult (*cuDevicePrimaryCtxRetain)(CUcontext *context, CUdevice device);
    CUresult (*cuDevicePrimaryCtxRelease_v2)(CUdevice device);
    CUresult (*cuDevicePrimaryCtxGetState)(CUdevice device, unsigned int *flags, int *active);
    CUresult (*cuCtxDestroy_v2)(CUcontext context);
    CUresult (*cuCtxGetCurrent)(CUcontext *context);
    CUresult (*cuCtxGetDevice)(CUdevice *device);
    CUresult (*cuMemAlloc_v2)(CUdeviceptr *address, size_t bytes);
    CUresult (*cuMemAllocManaged)(CUdeviceptr *address, size_t bytes, unsigned int flags);
    CUresult (*cuMemAllocPitch_v2)(CUdeviceptr *address, size_t *pitch, size_t width, size_t height, unsigned int element_bytes);
    CUresult (*cuMemFree_v2)(CUdeviceptr address);
    CUresult (*cuMemGetInfo_v2)(size_t *free_bytes, size_t *total_bytes);
};

/* Every function answers CUDA_ERROR_NOT_FOUND: the state before, and without, a driver. */
extern const struct real_cuda real_cuda_absent;
extern const struct real_symbol real_cuda_symbols[];
extern const size_t real_cuda_symbols_count;

struct real_nvml {
    nvmlReturn_t (*nvmlDeviceGetUUID)(nvmlDevice_t device, char *uuid, unsigned int length);
    nvmlReturn_t (*nvmlDeviceGetMemoryInfo)(nvmlDevice_t device, nvmlMemory_t *memory);
    nvmlReturn_t (*nvmlDeviceGetMemoryInfo_v2)(nvmlDevice_t device, nvmlMemory_v2_t *memory);
};

/* Every function answers NVML_ERROR_FUNCTION_NOT_FOUND: the state before, and without, a driver. */
extern const struct real_nvml real_nvml_absent;
extern const struct real_symbol real_nvml_symbols[];
extern const size_t real_nvml_symbols_count;

#endif
