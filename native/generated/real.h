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
    CUresult (*cuDeviceGetCount)(int *count);
    CUresult (*cuDeviceGetUuid)(CUuuid *uuid, CUdevice device);
    CUresult (*cuDeviceTotalMem_v2)(size_t *bytes, CUdevice device);
    CUresult (*cuDeviceGetAttribute)(int *value, CUdevice_attribute attribute, CUdevice device);
    CUresult (*cuDevicePrimaryCtxRetain)(CUcontext *context, CUdevice device);
    CUresult (*cuDevicePrimaryCtxRelease)(CUdevice device);
    CUresult (*cuDevicePrimaryCtxRelease_v2)(CUdevice device);
    CUresult (*cuDevicePrimaryCtxReset)(CUdevice device);
    CUresult (*cuDevicePrimaryCtxReset_v2)(CUdevice device);
    CUresult (*cuDevicePrimaryCtxGetState)(CUdevice device, unsigned int *flags, int *active);
    CUresult (*cuCtxCreate_v2)(CUcontext *context, unsigned int flags, CUdevice device);
    CUresult (*cuCtxCreate_v3)(CUcontext *context, CUexecAffinityParam *affinities, int count, unsigned int flags, CUdevice device);
    CUresult (*cuCtxCreate_v4)(CUcontext *context, CUctxCreateParams *parameters, unsigned int flags, CUdevice device);
    CUresult (*cuCtxDestroy)(CUcontext context);
    CUresult (*cuCtxDestroy_v2)(CUcontext context);
    CUresult (*cuCtxSetCurrent)(CUcontext context);
    CUresult (*cuCtxGetCurrent)(CUcontext *context);
    CUresult (*cuCtxPushCurrent_v2)(CUcontext context);
    CUresult (*cuCtxPopCurrent_v2)(CUcontext *context);
    CUresult (*cuCtxGetDevice)(CUdevice *device);
    CUresult (*cuCtxSynchronize)(void);
    CUresult (*cuCtxSynchronize_v2)(CUcontext context);
    CUresult (*cuMemAlloc_v2)(CUdeviceptr *address, size_t bytes);
    CUresult (*cuMemAllocManaged)(CUdeviceptr *address, size_t bytes, unsigned int flags);
    CUresult (*cuMemAllocPitch_v2)(CUdeviceptr *address, size_t *pitch, size_t width, size_t height, unsigned int element_bytes);
    CUresult (*cuMemAdvise)(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUdevice device);
    CUresult (*cuMemAdvise_v2)(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUmemLocation location);
    CUresult (*cuMemFree_v2)(CUdeviceptr address);
    CUresult (*cuMemGetInfo_v2)(size_t *free_bytes, size_t *total_bytes);
    CUresult (*cuMemAllocAsync)(CUdeviceptr *address, size_t bytes, CUstream stream);
    CUresult (*cuMemAllocAsync_ptsz)(CUdeviceptr *address, size_t bytes, CUstream stream);
    CUresult (*cuMemAllocFromPoolAsync)(CUdeviceptr *address, size_t bytes, CUmemoryPool pool, CUstream stream);
    CUresult (*cuMemAllocFromPoolAsync_ptsz)(CUdeviceptr *address, size_t bytes, CUmemoryPool pool, CUstream stream);
    CUresult (*cuMemFreeAsync)(CUdeviceptr address, CUstream stream);
    CUresult (*cuMemFreeAsync_ptsz)(CUdeviceptr address, CUstream stream);
    CUresult (*cuMemPoolCreate)(CUmemoryPool *pool, const CUmemPoolProps *properties);
    CUresult (*cuMemPoolDestroy)(CUmemoryPool pool);
    CUresult (*cuMemPoolTrimTo)(CUmemoryPool pool, size_t keep_bytes);
    CUresult (*cuMemPoolGetAttribute)(CUmemoryPool pool, CUmemPool_attribute attribute, void *value);
    CUresult (*cuMemPoolSetAttribute)(CUmemoryPool pool, CUmemPool_attribute attribute, void *value);
    CUresult (*cuDeviceGetDefaultMemPool)(CUmemoryPool *pool, CUdevice device);
    CUresult (*cuDeviceGetMemPool)(CUmemoryPool *pool, CUdevice device);
    CUresult (*cuStreamDestroy_v2)(CUstream stream);
    CUresult (*cuStreamDestroy)(CUstream stream);
    CUresult (*cuStreamSynchronize)(CUstream stream);
    CUresult (*cuStreamSynchronize_ptsz)(CUstream stream);
    CUresult (*cuStreamIsCapturing)(CUstream stream, CUstreamCaptureStatus *status);
    CUresult (*cuStreamIsCapturing_ptsz)(CUstream stream, CUstreamCaptureStatus *status);
    CUresult (*cuThreadExchangeStreamCaptureMode)(CUstreamCaptureMode *mode);
    CUresult (*cuEventCreate)(CUevent *event, unsigned int flags);
    CUresult (*cuEventDestroy_v2)(CUevent event);
    CUresult (*cuEventRecord)(CUevent event, CUstream stream);
    CUresult (*cuEventRecord_ptsz)(CUevent event, CUstream stream);
    CUresult (*cuEventSynchronize)(CUevent event);
    CUresult (*cuEventElapsedTime)(float *milliseconds, CUevent start, CUevent end);
    CUresult (*cuEventQuery)(CUevent event);
    CUresult (*cuMemCreate)(CUmemGenericAllocationHandle *handle, size_t bytes, const CUmemAllocationProp *properties, unsigned long long flags);
    CUresult (*cuMemRelease)(CUmemGenericAllocationHandle handle);
    CUresult (*cuMemMap)(CUdeviceptr address, size_t bytes, size_t offset, CUmemGenericAllocationHandle handle, unsigned long long flags);
    CUresult (*cuMemUnmap)(CUdeviceptr address, size_t bytes);
    CUresult (*cuMemRetainAllocationHandle)(CUmemGenericAllocationHandle *handle, void *address);
    CUresult (*cuMemMapArrayAsync)(CUarrayMapInfo *maps, unsigned int count, CUstream stream);
    CUresult (*cuMemMapArrayAsync_ptsz)(CUarrayMapInfo *maps, unsigned int count, CUstream stream);
    CUresult (*cuArrayCreate_v2)(CUarray *array, const CUDA_ARRAY_DESCRIPTOR *descriptor);
    CUresult (*cuArray3DCreate_v2)(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR *descriptor);
    CUresult (*cuArrayDestroy)(CUarray array);
    CUresult (*cuMipmappedArrayCreate)(CUmipmappedArray *array, const CUDA_ARRAY3D_DESCRIPTOR *descriptor, unsigned int levels);
    CUresult (*cuMipmappedArrayDestroy)(CUmipmappedArray array);
    CUresult (*cuIpcGetMemHandle)(CUipcMemHandle *handle, CUdeviceptr address);
    CUresult (*cuModuleUnload)(CUmodule module);
    CUresult (*cuLibraryUnload)(CUlibrary library);
    CUresult (*cuLaunchKernel)(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters, void **extra);
    CUresult (*cuLaunchKernel_ptsz)(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters, void **extra);
    CUresult (*cuLaunchKernelEx)(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra);
    CUresult (*cuLaunchKernelEx_ptsz)(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra);
    CUresult (*cuLaunchCooperativeKernel)(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters);
    CUresult (*cuLaunchCooperativeKernel_ptsz)(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters);
    CUresult (*cuLaunchCooperativeKernelMultiDevice)(CUDA_LAUNCH_PARAMS *launches, unsigned int count, unsigned int flags);
    CUresult (*cuLaunch)(CUfunction function);
    CUresult (*cuLaunchGrid)(CUfunction function, int width, int height);
    CUresult (*cuLaunchGridAsync)(CUfunction function, int width, int height, CUstream stream);
    CUresult (*cuStreamBeginCapture)(CUstream stream);
    CUresult (*cuStreamBeginCapture_ptsz)(CUstream stream);
    CUresult (*cuStreamBeginCapture_v2)(CUstream stream, CUstreamCaptureMode mode);
    CUresult (*cuStreamBeginCapture_v2_ptsz)(CUstream stream, CUstreamCaptureMode mode);
    CUresult (*cuStreamBeginCaptureToGraph)(CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, CUstreamCaptureMode mode);
    CUresult (*cuStreamBeginCaptureToGraph_ptsz)(CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count, CUstreamCaptureMode mode);
    CUresult (*cuStreamEndCapture)(CUstream stream, CUgraph *graph);
    CUresult (*cuStreamEndCapture_ptsz)(CUstream stream, CUgraph *graph);
    CUresult (*cuGraphGetNodes)(CUgraph graph, CUgraphNode *nodes, size_t *count);
    CUresult (*cuGraphNodeGetType)(CUgraphNode node, CUgraphNodeType *type);
    CUresult (*cuGraphChildGraphNodeGetGraph)(CUgraphNode node, CUgraph *graph);
    CUresult (*cuGraphMemAllocNodeGetParams)(CUgraphNode node, CUDA_MEM_ALLOC_NODE_PARAMS *parameters);
    CUresult (*cuGraphMemFreeNodeGetParams)(CUgraphNode node, CUdeviceptr *address);
    CUresult (*cuGraphNodeGetParams)(CUgraphNode node, CUgraphNodeParams *parameters);
    CUresult (*cuGraphInstantiate)(CUgraphExec *exec, CUgraph graph, CUgraphNode *error_node, char *log, size_t log_bytes);
    CUresult (*cuGraphInstantiate_v2)(CUgraphExec *exec, CUgraph graph, CUgraphNode *error_node, char *log, size_t log_bytes);
    CUresult (*cuGraphInstantiateWithFlags)(CUgraphExec *exec, CUgraph graph, unsigned long long flags);
    CUresult (*cuGraphInstantiateWithParams)(CUgraphExec *exec, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *parameters);
    CUresult (*cuGraphInstantiateWithParams_ptsz)(CUgraphExec *exec, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *parameters);
    CUresult (*cuGraphUpload)(CUgraphExec exec, CUstream stream);
    CUresult (*cuGraphUpload_ptsz)(CUgraphExec exec, CUstream stream);
    CUresult (*cuGraphLaunch)(CUgraphExec exec, CUstream stream);
    CUresult (*cuGraphLaunch_ptsz)(CUgraphExec exec, CUstream stream);
    CUresult (*cuGraphExecUpdate)(CUgraphExec exec, CUgraph graph, CUgraphNode *error_node, CUgraphExecUpdateResult *result);
    CUresult (*cuGraphExecUpdate_v2)(CUgraphExec exec, CUgraph graph, CUgraphExecUpdateResultInfo *info);
    CUresult (*cuGraphExecDestroy)(CUgraphExec exec);
    CUresult (*cuDeviceGraphMemTrim)(CUdevice device);
    CUresult (*cuDeviceGetGraphMemAttribute)(CUdevice device, CUgraphMem_attribute attribute, void *value);
    CUresult (*cuCtxCreate)(CUcontext *context, unsigned int flags, CUdevice device);
    CUresult (*cuDeviceTotalMem)(unsigned int *bytes, CUdevice device);
    CUresult (*cuMemAlloc)(CUdeviceptr_v1 *address, unsigned int bytes);
    CUresult (*cuMemAllocPitch)(CUdeviceptr_v1 *address, unsigned int *pitch, unsigned int width, unsigned int height, unsigned int element_bytes);
    CUresult (*cuMemFree)(CUdeviceptr_v1 address);
    CUresult (*cuMemGetInfo)(unsigned int *free_bytes, unsigned int *total_bytes);
    CUresult (*cuArrayCreate)(CUarray *array, const CUDA_ARRAY_DESCRIPTOR_v1 *descriptor);
    CUresult (*cuArray3DCreate)(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR_v1 *descriptor);
    CUresult (*cuStreamGetCtx)(CUstream stream, CUcontext *context);
    CUresult (*cuStreamGetCtx_ptsz)(CUstream stream, CUcontext *context);
};

/* Every function answers CUDA_ERROR_NOT_FOUND: the state before, and without, a driver. */
extern const struct real_cuda real_cuda_absent;
extern const struct real_symbol real_cuda_symbols[];
extern const size_t real_cuda_symbols_count;

struct real_nvml {
    nvmlReturn_t (*nvmlInit_v2)(void);
    nvmlReturn_t (*nvmlShutdown)(void);
    nvmlReturn_t (*nvmlDeviceGetCount_v2)(unsigned int *count);
    nvmlReturn_t (*nvmlDeviceGetHandleByIndex_v2)(unsigned int index, nvmlDevice_t *device);
    nvmlReturn_t (*nvmlDeviceGetUUID)(nvmlDevice_t device, char *uuid, unsigned int length);
    nvmlReturn_t (*nvmlDeviceGetMemoryInfo)(nvmlDevice_t device, nvmlMemory_t *memory);
    nvmlReturn_t (*nvmlDeviceGetMemoryInfo_v2)(nvmlDevice_t device, nvmlMemory_v2_t *memory);
    nvmlReturn_t (*nvmlDeviceGetUtilizationRates)(nvmlDevice_t device, nvmlUtilization_t *utilization);
    nvmlReturn_t (*nvmlDeviceGetComputeRunningProcesses)(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos);
    nvmlReturn_t (*nvmlDeviceGetComputeRunningProcesses_v2)(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos);
    nvmlReturn_t (*nvmlDeviceGetComputeRunningProcesses_v3)(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos);
    nvmlReturn_t (*nvmlDeviceGetGraphicsRunningProcesses)(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos);
    nvmlReturn_t (*nvmlDeviceGetGraphicsRunningProcesses_v2)(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos);
    nvmlReturn_t (*nvmlDeviceGetGraphicsRunningProcesses_v3)(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos);
    nvmlReturn_t (*nvmlDeviceGetMPSComputeRunningProcesses)(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos);
    nvmlReturn_t (*nvmlDeviceGetMPSComputeRunningProcesses_v2)(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos);
    nvmlReturn_t (*nvmlDeviceGetMPSComputeRunningProcesses_v3)(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos);
    nvmlReturn_t (*nvmlDeviceGetProcessUtilization)(nvmlDevice_t device, nvmlProcessUtilizationSample_t *samples, unsigned int *count, unsigned long long since_us);
    nvmlReturn_t (*nvmlDeviceGetProcessesUtilizationInfo)(nvmlDevice_t device, nvmlProcessesUtilizationInfo_t *info);
    nvmlReturn_t (*nvmlDeviceGetAccountingPids)(nvmlDevice_t device, unsigned int *count, unsigned int *pids);
    nvmlReturn_t (*nvmlDeviceGetAccountingStats)(nvmlDevice_t device, unsigned int pid, nvmlAccountingStats_t *stats);
    nvmlReturn_t (*nvmlDeviceGetAccountingStats_v2)(nvmlDevice_t device, nvmlAccountingStats_v2_t *stats);
    nvmlReturn_t (*nvmlDeviceGetRunningProcessDetailList)(nvmlDevice_t device, nvmlProcessDetailList_t *list);
    nvmlReturn_t (*nvmlDeviceGetSamples)(nvmlDevice_t device, nvmlSamplingType_t kind, unsigned long long since_us, nvmlValueType_t *type, unsigned int *count, nvmlSample_t *samples);
    nvmlReturn_t (*nvmlDevicePerfMetricsGetSamples_v1)(nvmlDevice_t device, nvmlPerfMetricsSamples_v1_t *samples);
    nvmlReturn_t (*nvmlDeviceGetDynamicPstatesInfo)(nvmlDevice_t device, nvmlGpuDynamicPstatesInfo_t *info);
    nvmlReturn_t (*nvmlDeviceGetEncoderUtilization)(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us);
    nvmlReturn_t (*nvmlDeviceGetDecoderUtilization)(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us);
    nvmlReturn_t (*nvmlDeviceGetJpgUtilization)(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us);
    nvmlReturn_t (*nvmlDeviceGetOfaUtilization)(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us);
    nvmlReturn_t (*nvmlDeviceGetEncoderStats)(nvmlDevice_t device, unsigned int *sessions, unsigned int *frames_per_s, unsigned int *latency_us);
    nvmlReturn_t (*nvmlDeviceGetEncoderSessions)(nvmlDevice_t device, unsigned int *count, nvmlEncoderSessionInfo_t *sessions);
    nvmlReturn_t (*nvmlDeviceGetFBCStats)(nvmlDevice_t device, nvmlFBCStats_t *stats);
    nvmlReturn_t (*nvmlDeviceGetFBCSessions)(nvmlDevice_t device, unsigned int *count, nvmlFBCSessionInfo_t *sessions);
    nvmlReturn_t (*nvmlGpmQueryDeviceSupport)(nvmlDevice_t device, nvmlGpmSupport_t *support);
    nvmlReturn_t (*nvmlGpmSampleGet)(nvmlDevice_t device, nvmlGpmSample_t sample);
    nvmlReturn_t (*nvmlGpmMigSampleGet)(nvmlDevice_t device, unsigned int gpu_instance, nvmlGpmSample_t sample);
    nvmlReturn_t (*nvmlDeviceGetDeviceHandleFromMigDeviceHandle)(nvmlDevice_t mig, nvmlDevice_t *device);
};

/* Every function answers NVML_ERROR_FUNCTION_NOT_FOUND: the state before, and without, a driver. */
extern const struct real_nvml real_nvml_absent;
extern const struct real_symbol real_nvml_symbols[];
extern const size_t real_nvml_symbols_count;

#endif
