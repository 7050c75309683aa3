/* The table behind the simulated driver's cuGetProcAddress.
 * Generated from native/manifest/cuda.def by `python -m native.generator`; do not edit. */
#include "sim_entries.h"

#include <stddef.h>

#include "cuda_api.h"

#define ENTRY(function) ((void (*)(void))(function))

const struct sim_entry sim_entries[] = {
    {"cuCtxCreate", 3020, ENTRY(cuCtxCreate_v2), NULL, 0},
    {"cuCtxDestroy", 4000, ENTRY(cuCtxDestroy_v2), NULL, 0},
    {"cuCtxGetCurrent", 4000, ENTRY(cuCtxGetCurrent), NULL, 0},
    {"cuCtxGetDevice", 2000, ENTRY(cuCtxGetDevice), NULL, 0},
    {"cuCtxPopCurrent", 4000, ENTRY(cuCtxPopCurrent_v2), NULL, 0},
    {"cuCtxPushCurrent", 4000, ENTRY(cuCtxPushCurrent_v2), NULL, 0},
    {"cuCtxSetCurrent", 4000, ENTRY(cuCtxSetCurrent), NULL, 0},
    {"cuCtxSynchronize", 2000, ENTRY(cuCtxSynchronize), NULL, 0},
    {"cuDeviceGet", 2000, ENTRY(cuDeviceGet), NULL, 0},
    {"cuDeviceGetAttribute", 2000, ENTRY(cuDeviceGetAttribute), NULL, 0},
    {"cuDeviceGetCount", 2000, ENTRY(cuDeviceGetCount), NULL, 0},
    {"cuDeviceGetName", 2000, ENTRY(cuDeviceGetName), NULL, 0},
    {"cuDeviceGetPCIBusId", 4010, ENTRY(cuDeviceGetPCIBusId), NULL, 0},
    {"cuDeviceGetUuid", 11040, ENTRY(cuDeviceGetUuid_v2), NULL, 0},
    {"cuDeviceGetUuid", 9020, ENTRY(cuDeviceGetUuid), NULL, 0},
    {"cuDevicePrimaryCtxGetState", 7000, ENTRY(cuDevicePrimaryCtxGetState), NULL, 0},
    {"cuDevicePrimaryCtxRelease", 11000, ENTRY(cuDevicePrimaryCtxRelease_v2), NULL, 0},
    {"cuDevicePrimaryCtxRetain", 7000, ENTRY(cuDevicePrimaryCtxRetain), NULL, 0},
    {"cuDeviceTotalMem", 3020, ENTRY(cuDeviceTotalMem_v2), NULL, 0},
    {"cuDriverGetVersion", 2020, ENTRY(cuDriverGetVersion), NULL, 0},
    {"cuGetErrorName", 6000, ENTRY(cuGetErrorName), NULL, 0},
    {"cuGetErrorString", 6000, ENTRY(cuGetErrorString), NULL, 0},
    {"cuGetExportTable", 3000, ENTRY(cuGetExportTable), NULL, 0},
    {"cuGetProcAddress", 12000, ENTRY(cuGetProcAddress_v2), NULL, 0},
    {"cuGetProcAddress", 11030, ENTRY(cuGetProcAddress), NULL, 0},
    {"cuInit", 2000, ENTRY(cuInit), NULL, 0},
    {"cuMemAlloc", 3020, ENTRY(cuMemAlloc_v2), NULL, 0},
    {"cuMemAllocManaged", 6000, ENTRY(cuMemAllocManaged), NULL, 0},
    {"cuMemAllocPitch", 3020, ENTRY(cuMemAllocPitch_v2), NULL, 0},
    {"cuMemFree", 3020, ENTRY(cuMemFree_v2), NULL, 0},
    {"cuMemGetInfo", 3020, ENTRY(cuMemGetInfo_v2), NULL, 0},
    {"cuMemcpyDtoH", 3020, ENTRY(cuMemcpyDtoH_v2), ENTRY(cuMemcpyDtoH_v2_ptds), 7000},
    {"cuMemcpyHtoD", 3020, ENTRY(cuMemcpyHtoD_v2), ENTRY(cuMemcpyHtoD_v2_ptds), 7000},
    {"cuMemsetD8", 3020, ENTRY(cuMemsetD8_v2), ENTRY(cuMemsetD8_v2_ptds), 7000},
    {NULL, 0, NULL, NULL, 0},
};
