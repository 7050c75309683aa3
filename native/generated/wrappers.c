/* The table of wrappers.
 * Generated from native/manifest/cuda.def and nvml.def by `python -m native.generator`; do not edit. */
#include "wrappers.h"

#include "real.h"

#define ENTRY(function) ((void (*)(void))(function))

const struct wrapper wrappers_cuda[] = {
    {"cuArray3DCreate_v2", "cuArray3DCreate", 3020, 0, offsetof(struct real_cuda, cuArray3DCreate_v2), ENTRY(cuArray3DCreate_v2)},
    {"cuArrayCreate_v2", "cuArrayCreate", 3020, 0, offsetof(struct real_cuda, cuArrayCreate_v2), ENTRY(cuArrayCreate_v2)},
    {"cuArrayDestroy", "cuArrayDestroy", 2000, 0, offsetof(struct real_cuda, cuArrayDestroy), ENTRY(cuArrayDestroy)},
    {"cuCtxCreate_v2", "cuCtxCreate", 3020, 0, offsetof(struct real_cuda, cuCtxCreate_v2), ENTRY(cuCtxCreate_v2)},
    {"cuCtxCreate_v3", "cuCtxCreate", 11040, 0, offsetof(struct real_cuda, cuCtxCreate_v3), ENTRY(cuCtxCreate_v3)},
    {"cuCtxCreate_v4", "cuCtxCreate", 12050, 0, offsetof(struct real_cuda, cuCtxCreate_v4), ENTRY(cuCtxCreate_v4)},
    {"cuCtxDestroy", "cuCtxDestroy", 2000, 0, offsetof(struct real_cuda, cuCtxDestroy), ENTRY(cuCtxDestroy)},
    {"cuCtxDestroy_v2", "cuCtxDestroy", 4000, 0, offsetof(struct real_cuda, cuCtxDestroy_v2), ENTRY(cuCtxDestroy_v2)},
    {"cuCtxSynchronize", "cuCtxSynchronize", 2000, 0, offsetof(struct real_cuda, cuCtxSynchronize), ENTRY(cuCtxSynchronize)},
    {"cuCtxSynchronize_v2", "cuCtxSynchronize", 13000, 0, offsetof(struct real_cuda, cuCtxSynchronize_v2), ENTRY(cuCtxSynchronize_v2)},
    {"cuDevicePrimaryCtxRelease", "cuDevicePrimaryCtxRelease", 7000, 0, offsetof(struct real_cuda, cuDevicePrimaryCtxRelease), ENTRY(cuDevicePrimaryCtxRelease)},
    {"cuDevicePrimaryCtxRelease_v2", "cuDevicePrimaryCtxRelease", 11000, 0, offsetof(struct real_cuda, cuDevicePrimaryCtxRelease_v2), ENTRY(cuDevicePrimaryCtxRelease_v2)},
    {"cuDevicePrimaryCtxReset", "cuDevicePrimaryCtxReset", 7000, 0, offsetof(struct real_cuda, cuDevicePrimaryCtxReset), ENTRY(cuDevicePrimaryCtxReset)},
    {"cuDevicePrimaryCtxReset_v2", "cuDevicePrimaryCtxReset", 11000, 0, offsetof(struct real_cuda, cuDevicePrimaryCtxReset_v2), ENTRY(cuDevicePrimaryCtxReset_v2)},
    {"cuDevicePrimaryCtxRetain", "cuDevicePrimaryCtxRetain", 7000, 0, offsetof(struct real_cuda, cuDevicePrimaryCtxRetain), ENTRY(cuDevicePrimaryCtxRetain)},
    {"cuDeviceTotalMem_v2", "cuDeviceTotalMem", 3020, 0, offsetof(struct real_cuda, cuDeviceTotalMem_v2), ENTRY(cuDeviceTotalMem_v2)},
    {"cuEventSynchronize", "cuEventSynchronize", 2000, 0, offsetof(struct real_cuda, cuEventSynchronize), ENTRY(cuEventSynchronize)},
    {"cuGetProcAddress", "cuGetProcAddress", 11030, 0, offsetof(struct real_cuda, cuGetProcAddress), ENTRY(cuGetProcAddress)},
    {"cuGetProcAddress_v2", "cuGetProcAddress", 12000, 0, offsetof(struct real_cuda, cuGetProcAddress_v2), ENTRY(cuGetProcAddress_v2)},
    {"cuInit", "cuInit", 2000, 0, offsetof(struct real_cuda, cuInit), ENTRY(cuInit)},
    {"cuMemAllocAsync", "cuMemAllocAsync", 11020, 0, offsetof(struct real_cuda, cuMemAllocAsync), ENTRY(cuMemAllocAsync)},
    {"cuMemAllocAsync_ptsz", "cuMemAllocAsync", 11020, 2, offsetof(struct real_cuda, cuMemAllocAsync_ptsz), ENTRY(cuMemAllocAsync_ptsz)},
    {"cuMemAllocFromPoolAsync", "cuMemAllocFromPoolAsync", 11020, 0, offsetof(struct real_cuda, cuMemAllocFromPoolAsync), ENTRY(cuMemAllocFromPoolAsync)},
    {"cuMemAllocFromPoolAsync_ptsz", "cuMemAllocFromPoolAsync", 11020, 2, offsetof(struct real_cuda, cuMemAllocFromPoolAsync_ptsz), ENTRY(cuMemAllocFromPoolAsync_ptsz)},
    {"cuMemAllocManaged", "cuMemAllocManaged", 6000, 0, offsetof(struct real_cuda, cuMemAllocManaged), ENTRY(cuMemAllocManaged)},
    {"cuMemAllocPitch_v2", "cuMemAllocPitch", 3020, 0, offsetof(struct real_cuda, cuMemAllocPitch_v2), ENTRY(cuMemAllocPitch_v2)},
    {"cuMemAlloc_v2", "cuMemAlloc", 3020, 0, offsetof(struct real_cuda, cuMemAlloc_v2), ENTRY(cuMemAlloc_v2)},
    {"cuMemCreate", "cuMemCreate", 10020, 0, offsetof(struct real_cuda, cuMemCreate), ENTRY(cuMemCreate)},
    {"cuMemFreeAsync", "cuMemFreeAsync", 11020, 0, offsetof(struct real_cuda, cuMemFreeAsync), ENTRY(cuMemFreeAsync)},
    {"cuMemFreeAsync_ptsz", "cuMemFreeAsync", 11020, 2, offsetof(struct real_cuda, cuMemFreeAsync_ptsz), ENTRY(cuMemFreeAsync_ptsz)},
    {"cuMemFree_v2", "cuMemFree", 3020, 0, offsetof(struct real_cuda, cuMemFree_v2), ENTRY(cuMemFree_v2)},
    {"cuMemGetInfo_v2", "cuMemGetInfo", 3020, 0, offsetof(struct real_cuda, cuMemGetInfo_v2), ENTRY(cuMemGetInfo_v2)},
    {"cuMemMap", "cuMemMap", 10020, 0, offsetof(struct real_cuda, cuMemMap), ENTRY(cuMemMap)},
    {"cuMemMapArrayAsync", "cuMemMapArrayAsync", 11010, 0, offsetof(struct real_cuda, cuMemMapArrayAsync), ENTRY(cuMemMapArrayAsync)},
    {"cuMemMapArrayAsync_ptsz", "cuMemMapArrayAsync", 11010, 2, offsetof(struct real_cuda, cuMemMapArrayAsync_ptsz), ENTRY(cuMemMapArrayAsync_ptsz)},
    {"cuMemPoolCreate", "cuMemPoolCreate", 11020, 0, offsetof(struct real_cuda, cuMemPoolCreate), ENTRY(cuMemPoolCreate)},
    {"cuMemPoolDestroy", "cuMemPoolDestroy", 11020, 0, offsetof(struct real_cuda, cuMemPoolDestroy), ENTRY(cuMemPoolDestroy)},
    {"cuMemPoolTrimTo", "cuMemPoolTrimTo", 11020, 0, offsetof(struct real_cuda, cuMemPoolTrimTo), ENTRY(cuMemPoolTrimTo)},
    {"cuMemRelease", "cuMemRelease", 10020, 0, offsetof(struct real_cuda, cuMemRelease), ENTRY(cuMemRelease)},
    {"cuMemRetainAllocationHandle", "cuMemRetainAllocationHandle", 11000, 0, offsetof(struct real_cuda, cuMemRetainAllocationHandle), ENTRY(cuMemRetainAllocationHandle)},
    {"cuMemUnmap", "cuMemUnmap", 10020, 0, offsetof(struct real_cuda, cuMemUnmap), ENTRY(cuMemUnmap)},
    {"cuMipmappedArrayCreate", "cuMipmappedArrayCreate", 5000, 0, offsetof(struct real_cuda, cuMipmappedArrayCreate), ENTRY(cuMipmappedArrayCreate)},
    {"cuMipmappedArrayDestroy", "cuMipmappedArrayDestroy", 5000, 0, offsetof(struct real_cuda, cuMipmappedArrayDestroy), ENTRY(cuMipmappedArrayDestroy)},
    {"cuStreamSynchronize", "cuStreamSynchronize", 2000, 0, offsetof(struct real_cuda, cuStreamSynchronize), ENTRY(cuStreamSynchronize)},
    {"cuStreamSynchronize_ptsz", "cuStreamSynchronize", 7000, 2, offsetof(struct real_cuda, cuStreamSynchronize_ptsz), ENTRY(cuStreamSynchronize_ptsz)},
};

const struct wrapper wrappers_nvml[] = {
    {"nvmlDeviceGetComputeRunningProcesses", "nvmlDeviceGetComputeRunningProcesses", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetComputeRunningProcesses), ENTRY(nvmlDeviceGetComputeRunningProcesses)},
    {"nvmlDeviceGetComputeRunningProcesses_v2", "nvmlDeviceGetComputeRunningProcesses", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetComputeRunningProcesses_v2), ENTRY(nvmlDeviceGetComputeRunningProcesses_v2)},
    {"nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetComputeRunningProcesses_v3), ENTRY(nvmlDeviceGetComputeRunningProcesses_v3)},
    {"nvmlDeviceGetGraphicsRunningProcesses", "nvmlDeviceGetGraphicsRunningProcesses", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetGraphicsRunningProcesses), ENTRY(nvmlDeviceGetGraphicsRunningProcesses)},
    {"nvmlDeviceGetGraphicsRunningProcesses_v2", "nvmlDeviceGetGraphicsRunningProcesses", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetGraphicsRunningProcesses_v2), ENTRY(nvmlDeviceGetGraphicsRunningProcesses_v2)},
    {"nvmlDeviceGetGraphicsRunningProcesses_v3", "nvmlDeviceGetGraphicsRunningProcesses", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetGraphicsRunningProcesses_v3), ENTRY(nvmlDeviceGetGraphicsRunningProcesses_v3)},
    {"nvmlDeviceGetMPSComputeRunningProcesses", "nvmlDeviceGetMPSComputeRunningProcesses", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetMPSComputeRunningProcesses), ENTRY(nvmlDeviceGetMPSComputeRunningProcesses)},
    {"nvmlDeviceGetMPSComputeRunningProcesses_v2", "nvmlDeviceGetMPSComputeRunningProcesses", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetMPSComputeRunningProcesses_v2), ENTRY(nvmlDeviceGetMPSComputeRunningProcesses_v2)},
    {"nvmlDeviceGetMPSComputeRunningProcesses_v3", "nvmlDeviceGetMPSComputeRunningProcesses", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetMPSComputeRunningProcesses_v3), ENTRY(nvmlDeviceGetMPSComputeRunningProcesses_v3)},
    {"nvmlDeviceGetMemoryInfo", "nvmlDeviceGetMemoryInfo", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetMemoryInfo), ENTRY(nvmlDeviceGetMemoryInfo)},
    {"nvmlDeviceGetMemoryInfo_v2", "nvmlDeviceGetMemoryInfo", 0, 0, offsetof(struct real_nvml, nvmlDeviceGetMemoryInfo_v2), ENTRY(nvmlDeviceGetMemoryInfo_v2)},
};
