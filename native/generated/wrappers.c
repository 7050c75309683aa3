/* The table of wrappers.
 * Generated from native/manifest/cuda.def and nvml.def by `python -m native.generator`; do not edit. */
#include "wrappers.h"

#include "real.h"

#define ENTRY(function) ((void (*)(void))(function))

const struct wrapper wrappers_cuda[] = {
    {"cuCtxDestroy_v2", "cuCtxDestroy", 4000, 0, offsetof(struct real_cuda, cuCtxDestroy_v2), ENTRY(cuCtxDestroy_v2)},
    {"cuDevicePrimaryCtxRelease_v2", "cuDevicePrimaryCtxRelease", 11000, 0, offsetof(struct real_cuda, cuDevicePrimaryCtxRelease_v2), ENTRY(cuDevicePrimaryCtxRelease_v2)},
    {"cuDeviceTotalMem_v2", "cuDeviceTotalMem", 3020, 0, offsetof(struct real_cuda, cuDeviceTotalMem_v2), ENTRY(cuDeviceTotalMem_v2)},
    {"cuGetProcAddress", "cuGetProcAddress", 11030, 0, offsetof(struct real_cuda, cuGetProcAddress), ENTRY(cuGetProcAddress)},
    {"cuGetProcAddress_v2", "cuGetProcAddress", 12000, 0, offsetof(struct real_cuda, cuGetProcAddress_v2), ENTRY(cuGetProcAddress_v2)},
    {"cuInit", "cuInit", 2000, 0, offsetof(struct real_cuda, cuInit), ENTRY(cuInit)},
    {"cuMemAllocManaged", "cuMemAllocManaged", 6000, 0, offsetof(struct real_cuda, cuMemAllocManaged), ENTRY(cuMemAllocManaged)},
    {"cuMemAllocPitch_v2", "cuMemAllocPitch", 3020, 0, offsetof(struct real_cuda, cuMemAllocPitch_v2), ENTRY(cuMemAllocPitch_v2)},
    {"cuMemAlloc_v2", "cuMemAlloc", 3020, 0, offsetof(struct real_cuda, cuMemAlloc_v2), ENTRY(cuMemAlloc_v2)},
    {"cuMemFree_v2", "cuMemFree", 3020, 0, offsetof(struct real_cuda, cuMemFree_v2), ENTRY(cuMemFree_v2)},
    {"cuMemGetInfo_v2", "cuMemGetInfo", 3020, 0, offsetof(struct real_cuda, cuMemGetInfo_v2), ENTRY(cuMemGetInfo_v2)},
};

const struct wrapper wrappers_nvml[] = {
    {"nvmlDeviceGetMemoryInfo", "nvmlDeviceGetMemoryInfo", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetMemoryInfo), ENTRY(nvmlDeviceGetMemoryInfo)},
    {"nvmlDeviceGetMemoryInfo_v2", "nvmlDeviceGetMemoryInfo", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetMemoryInfo_v2), ENTRY(nvmlDeviceGetMemoryInfo_v2)},
};
