/* The table behind the simulated driver's cuGetProcAddress.
 * Generated from native/manifest/cuda.def by `python -m native.generator`; do not edit. */
#include "sim_entries.h"

#include <stddef.h>

#include "cuda_api.h"

#define ENTRY(function) ((void (*)(void))(function))

CUresult cuArray3DGetDescriptor(void);
CUresult cuArray3DGetDescriptor_v2(void);
CUresult cuArrayGetDescriptor(void);
CUresult cuArrayGetDescriptor_v2(void);
CUresult cuArrayGetMemoryRequirements(void);
CUresult cuArrayGetPlane(void);
CUresult cuArrayGetSparseProperties(void);
CUresult cuCheckpointOperationComplete(void);
CUresult cuCheckpointProcessCheckpoint(void);
CUresult cuCheckpointProcessGetRestoreThreadId(void);
CUresult cuCheckpointProcessGetState(void);
CUresult cuCheckpointProcessLock(void);
CUresult cuCheckpointProcessRestore(void);
CUresult cuCheckpointProcessUnlock(void);
CUresult cuCoredumpDeregisterCompleteCallback(void);
CUresult cuCoredumpDeregisterStartCallback(void);
CUresult cuCoredumpGetAttribute(void);
CUresult cuCoredumpGetAttributeGlobal(void);
CUresult cuCoredumpRegisterCompleteCallback(void);
CUresult cuCoredumpRegisterStartCallback(void);
CUresult cuCoredumpSetAttribute(void);
CUresult cuCoredumpSetAttributeGlobal(void);
CUresult cuCtxAttach(void);
CUresult cuCtxDetach(void);
CUresult cuCtxDisablePeerAccess(void);
CUresult cuCtxEnablePeerAccess(void);
CUresult cuCtxFromGreenCtx(void);
CUresult cuCtxGetApiVersion(void);
CUresult cuCtxGetCacheConfig(void);
CUresult cuCtxGetDevResource(void);
CUresult cuCtxGetDevice_v2(void);
CUresult cuCtxGetExecAffinity(void);
CUresult cuCtxGetFlags(void);
CUresult cuCtxGetId(void);
CUresult cuCtxGetLimit(void);
CUresult cuCtxGetSharedMemConfig(void);
CUresult cuCtxGetStreamPriorityRange(void);
CUresult cuCtxPopCurrent(void);
CUresult cuCtxPushCurrent(void);
CUresult cuCtxRecordEvent(void);
CUresult cuCtxResetPersistingL2Cache(void);
CUresult cuCtxSetCacheConfig(void);
CUresult cuCtxSetFlags(void);
CUresult cuCtxSetLimit(void);
CUresult cuCtxSetSharedMemConfig(void);
CUresult cuCtxWaitEvent(void);
CUresult cuDestroyExternalSemaphore(void);
CUresult cuDevResourceGenerateDesc(void);
CUresult cuDevSmResourceSplit(void);
CUresult cuDevSmResourceSplitByCount(void);
CUresult cuDeviceCanAccessPeer(void);
CUresult cuDeviceComputeCapability(void);
CUresult cuDeviceGetByPCIBusId(void);
CUresult cuDeviceGetCliqueCount(void);
CUresult cuDeviceGetCliqueInfo(void);
CUresult cuDeviceGetDevResource(void);
CUresult cuDeviceGetExecAffinitySupport(void);
CUresult cuDeviceGetFabricClusterUuid(void);
CUresult cuDeviceGetHostAtomicCapabilities(void);
CUresult cuDeviceGetLuid(void);
CUresult cuDeviceGetNvSciSyncAttributes(void);
CUresult cuDeviceGetP2PAtomicCapabilities(void);
CUresult cuDeviceGetP2PAttribute(void);
CUresult cuDeviceGetProperties(void);
CUresult cuDeviceGetTexture1DLinearMaxWidth(void);
CUresult cuDevicePrimaryCtxSetFlags(void);
CUresult cuDevicePrimaryCtxSetFlags_v2(void);
CUresult cuDeviceRegisterAsyncNotification(void);
CUresult cuDeviceSetGraphMemAttribute(void);
CUresult cuDeviceUnregisterAsyncNotification(void);
CUresult cuEGLStreamConsumerAcquireFrame(void);
CUresult cuEGLStreamConsumerConnect(void);
CUresult cuEGLStreamConsumerConnectWithFlags(void);
CUresult cuEGLStreamConsumerDisconnect(void);
CUresult cuEGLStreamConsumerReleaseFrame(void);
CUresult cuEGLStreamProducerConnect(void);
CUresult cuEGLStreamProducerDisconnect(void);
CUresult cuEGLStreamProducerPresentFrame(void);
CUresult cuEGLStreamProducerReturnFrame(void);
CUresult cuEventCreateFromEGLSync(void);
CUresult cuEventDestroy(void);
CUresult cuExternalMemoryGetMappedMipmappedArray(void);
CUresult cuFabricCpyBatchAsync(void);
CUresult cuFabricCpyBatchAsync_ptsz(void);
CUresult cuFlushGPUDirectRDMAWrites(void);
CUresult cuFuncGetAttribute(void);
CUresult cuFuncGetModule(void);
CUresult cuFuncGetName(void);
CUresult cuFuncGetParamCount(void);
CUresult cuFuncGetParamInfo(void);
CUresult cuFuncIsLoaded(void);
CUresult cuFuncLoad(void);
CUresult cuFuncSetAttribute(void);
CUresult cuFuncSetCacheConfig(void);
CUresult cuFuncSetSharedMemConfig(void);
CUresult cuFuncSetSharedSize(void);
CUresult cuGLCtxCreate(void);
CUresult cuGLCtxCreate_v2(void);
CUresult cuGLGetDevices(void);
CUresult cuGLGetDevices_v2(void);
CUresult cuGLInit(void);
CUresult cuGLMapBufferObject(void);
CUresult cuGLMapBufferObjectAsync(void);
CUresult cuGLMapBufferObjectAsync_v2(void);
CUresult cuGLMapBufferObjectAsync_v2_ptsz(void);
CUresult cuGLMapBufferObject_v2(void);
CUresult cuGLMapBufferObject_v2_ptds(void);
CUresult cuGLRegisterBufferObject(void);
CUresult cuGLSetBufferObjectMapFlags(void);
CUresult cuGLUnmapBufferObject(void);
CUresult cuGLUnmapBufferObjectAsync(void);
CUresult cuGLUnregisterBufferObject(void);
CUresult cuGraphAddBatchMemOpNode(void);
CUresult cuGraphAddDependencies(void);
CUresult cuGraphAddDependencies_v2(void);
CUresult cuGraphAddEventRecordNode(void);
CUresult cuGraphAddEventWaitNode(void);
CUresult cuGraphAddExternalSemaphoresSignalNode(void);
CUresult cuGraphAddExternalSemaphoresWaitNode(void);
CUresult cuGraphAddHostNode(void);
CUresult cuGraphAddKernelNode(void);
CUresult cuGraphAddMemcpyNode(void);
CUresult cuGraphAddMemsetNode(void);
CUresult cuGraphAddNode_v3(void);
CUresult cuGraphBatchMemOpNodeGetParams(void);
CUresult cuGraphBatchMemOpNodeSetParams(void);
CUresult cuGraphClone(void);
CUresult cuGraphDebugDotPrint(void);
CUresult cuGraphDestroyNode(void);
CUresult cuGraphEventRecordNodeGetEvent(void);
CUresult cuGraphEventRecordNodeSetEvent(void);
CUresult cuGraphEventWaitNodeGetEvent(void);
CUresult cuGraphEventWaitNodeSetEvent(void);
CUresult cuGraphExecBatchMemOpNodeSetParams(void);
CUresult cuGraphExecChildGraphNodeSetParams(void);
CUresult cuGraphExecEventRecordNodeSetEvent(void);
CUresult cuGraphExecEventWaitNodeSetEvent(void);
CUresult cuGraphExecExternalSemaphoresSignalNodeSetParams(void);
CUresult cuGraphExecExternalSemaphoresWaitNodeSetParams(void);
CUresult cuGraphExecGetFlags(void);
CUresult cuGraphExecGetId(void);
CUresult cuGraphExecHostNodeSetParams(void);
CUresult cuGraphExecKernelNodeSetParams(void);
CUresult cuGraphExecKernelNodeSetParams_v2(void);
CUresult cuGraphExecMemcpyNodeSetParams(void);
CUresult cuGraphExecMemsetNodeSetParams(void);
CUresult cuGraphExecNodeSetParams(void);
CUresult cuGraphExternalSemaphoresSignalNodeGetParams(void);
CUresult cuGraphExternalSemaphoresSignalNodeSetParams(void);
CUresult cuGraphExternalSemaphoresWaitNodeGetParams(void);
CUresult cuGraphExternalSemaphoresWaitNodeSetParams(void);
CUresult cuGraphGetEdges(void);
CUresult cuGraphGetEdges_v2(void);
CUresult cuGraphGetId(void);
CUresult cuGraphGetRootNodes(void);
CUresult cuGraphHostNodeGetParams(void);
CUresult cuGraphHostNodeSetParams(void);
CUresult cuGraphKernelNodeCopyAttributes(void);
CUresult cuGraphKernelNodeGetAttribute(void);
CUresult cuGraphKernelNodeGetParams(void);
CUresult cuGraphKernelNodeGetParams_v2(void);
CUresult cuGraphKernelNodeSetAttribute(void);
CUresult cuGraphKernelNodeSetParams(void);
CUresult cuGraphKernelNodeSetParams_v2(void);
CUresult cuGraphMemcpyNodeGetParams(void);
CUresult cuGraphMemcpyNodeSetParams(void);
CUresult cuGraphMemsetNodeGetParams(void);
CUresult cuGraphMemsetNodeSetParams(void);
CUresult cuGraphNodeFindInClone(void);
CUresult cuGraphNodeGetContainingGraph(void);
CUresult cuGraphNodeGetDependencies(void);
CUresult cuGraphNodeGetDependencies_v2(void);
CUresult cuGraphNodeGetDependentNodes(void);
CUresult cuGraphNodeGetDependentNodes_v2(void);
CUresult cuGraphNodeGetEnabled(void);
CUresult cuGraphNodeGetLocalId(void);
CUresult cuGraphNodeGetToolsId(void);
CUresult cuGraphNodeSetEnabled(void);
CUresult cuGraphNodeSetParams(void);
CUresult cuGraphNodeSetParams_v2(void);
CUresult cuGraphReleaseUserObject(void);
CUresult cuGraphRemoveDependencies(void);
CUresult cuGraphRemoveDependencies_v2(void);
CUresult cuGraphRetainUserObject(void);
CUresult cuGraphicsEGLRegisterImage(void);
CUresult cuGraphicsGLRegisterBuffer(void);
CUresult cuGraphicsGLRegisterImage(void);
CUresult cuGraphicsMapResources(void);
CUresult cuGraphicsMapResources_ptsz(void);
CUresult cuGraphicsResourceGetMappedEglFrame(void);
CUresult cuGraphicsResourceGetMappedMipmappedArray(void);
CUresult cuGraphicsResourceGetMappedPointer(void);
CUresult cuGraphicsResourceGetMappedPointer_v2(void);
CUresult cuGraphicsResourceSetMapFlags(void);
CUresult cuGraphicsResourceSetMapFlags_v2(void);
CUresult cuGraphicsSubResourceGetMappedArray(void);
CUresult cuGraphicsUnmapResources(void);
CUresult cuGraphicsUnmapResources_ptsz(void);
CUresult cuGraphicsUnregisterResource(void);
CUresult cuGraphicsVDPAURegisterOutputSurface(void);
CUresult cuGraphicsVDPAURegisterVideoSurface(void);
CUresult cuGreenCtxCreate(void);
CUresult cuGreenCtxDestroy(void);
CUresult cuGreenCtxGetDevResource(void);
CUresult cuGreenCtxGetId(void);
CUresult cuGreenCtxRecordEvent(void);
CUresult cuGreenCtxStreamCreate(void);
CUresult cuGreenCtxWaitEvent(void);
CUresult cuImportExternalSemaphore(void);
CUresult cuIpcGetEventHandle(void);
CUresult cuIpcOpenEventHandle(void);
CUresult cuIpcOpenMemHandle(void);
CUresult cuKernelGetAttribute(void);
CUresult cuKernelGetFunction(void);
CUresult cuKernelGetLibrary(void);
CUresult cuKernelGetName(void);
CUresult cuKernelGetParamCount(void);
CUresult cuKernelGetParamInfo(void);
CUresult cuKernelSetAttribute(void);
CUresult cuKernelSetCacheConfig(void);
CUresult cuLaunchHostFunc_v2(void);
CUresult cuLaunchHostFunc_v2_ptsz(void);
CUresult cuLibraryEnumerateKernels(void);
CUresult cuLibraryGetGlobal(void);
CUresult cuLibraryGetKernel(void);
CUresult cuLibraryGetKernelCount(void);
CUresult cuLibraryGetManaged(void);
CUresult cuLibraryGetModule(void);
CUresult cuLibraryGetUnifiedFunction(void);
CUresult cuLibraryLoadData(void);
CUresult cuLibraryLoadFromFile(void);
CUresult cuLinkAddData(void);
CUresult cuLinkAddData_v2(void);
CUresult cuLinkAddFile(void);
CUresult cuLinkAddFile_v2(void);
CUresult cuLinkComplete(void);
CUresult cuLinkCreate(void);
CUresult cuLinkCreate_v2(void);
CUresult cuLinkDestroy(void);
CUresult cuLogicalEndpointAddDevice(void);
CUresult cuLogicalEndpointBindAddr(void);
CUresult cuLogicalEndpointBindMem(void);
CUresult cuLogicalEndpointCreate(void);
CUresult cuLogicalEndpointDestroy(void);
CUresult cuLogicalEndpointExport(void);
CUresult cuLogicalEndpointGetLimits(void);
CUresult cuLogicalEndpointIdRelease(void);
CUresult cuLogicalEndpointIdReserve(void);
CUresult cuLogicalEndpointImport(void);
CUresult cuLogicalEndpointQuery(void);
CUresult cuLogicalEndpointUnbind(void);
CUresult cuLogsCurrent(void);
CUresult cuLogsDumpToFile(void);
CUresult cuLogsDumpToMemory(void);
CUresult cuLogsRegisterCallback(void);
CUresult cuLogsUnregisterCallback(void);
CUresult cuMemAllocHost(void);
CUresult cuMemBatchDecompressAsync(void);
CUresult cuMemBatchDecompressAsync_ptsz(void);
CUresult cuMemDiscardBatchAsync(void);
CUresult cuMemDiscardBatchAsync_ptsz(void);
CUresult cuMemGetAccess(void);
CUresult cuMemGetAddressRange(void);
CUresult cuMemGetAddressRange_v2(void);
CUresult cuMemGetAllocationPropertiesFromHandle(void);
CUresult cuMemGetDefaultMemPool(void);
CUresult cuMemGetHandleForAddressRange(void);
CUresult cuMemGetLocationInfo(void);
CUresult cuMemGetMemPool(void);
CUresult cuMemHostGetDevicePointer(void);
CUresult cuMemHostGetFlags(void);
CUresult cuMemHostRegister(void);
CUresult cuMemPoolGetAccess(void);
CUresult cuMemPoolSetAccess(void);
CUresult cuMemRangeGetAttributes(void);
CUresult cuMemSetMemPool(void);
CUresult cuMipmappedArrayGetLevel(void);
CUresult cuMipmappedArrayGetMemoryRequirements(void);
CUresult cuMipmappedArrayGetSparseProperties(void);
CUresult cuModuleEnumerateFunctions(void);
CUresult cuModuleGetFunctionCount(void);
CUresult cuModuleGetGlobal(void);
CUresult cuModuleGetGlobal_v2(void);
CUresult cuModuleGetSurfRef(void);
CUresult cuModuleGetTexRef(void);
CUresult cuModuleLoad(void);
CUresult cuModuleLoadDataEx(void);
CUresult cuModuleLoadFatBinary(void);
CUresult cuMulticastBindAddr(void);
CUresult cuMulticastBindAddr_v2(void);
CUresult cuMulticastBindMem_v2(void);
CUresult cuMulticastGetGranularity(void);
CUresult cuOccupancyAvailableDynamicSMemPerBlock(void);
CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(void);
CUresult cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(void);
CUresult cuOccupancyMaxActiveClusters(void);
CUresult cuOccupancyMaxPotentialBlockSize(void);
CUresult cuOccupancyMaxPotentialBlockSizeWithFlags(void);
CUresult cuOccupancyMaxPotentialClusterSize(void);
CUresult cuParamSetSize(void);
CUresult cuParamSetTexRef(void);
CUresult cuParamSetf(void);
CUresult cuParamSeti(void);
CUresult cuParamSetv(void);
CUresult cuPointerGetAttributes(void);
CUresult cuPointerSetAttribute(void);
CUresult cuProfilerInitialize(void);
CUresult cuProfilerStart(void);
CUresult cuProfilerStop(void);
CUresult cuSignalExternalSemaphoresAsync(void);
CUresult cuSignalExternalSemaphoresAsync_ptsz(void);
CUresult cuStreamAttachMemAsync(void);
CUresult cuStreamAttachMemAsync_ptsz(void);
CUresult cuStreamBatchMemOp(void);
CUresult cuStreamBatchMemOp_ptsz(void);
CUresult cuStreamBatchMemOp_v2(void);
CUresult cuStreamBatchMemOp_v2_ptsz(void);
CUresult cuStreamBeginCaptureToCig(void);
CUresult cuStreamBeginCaptureToCig_ptsz(void);
CUresult cuStreamBeginRecaptureToGraph(void);
CUresult cuStreamBeginRecaptureToGraph_ptsz(void);
CUresult cuStreamCopyAttributes(void);
CUresult cuStreamCopyAttributes_ptsz(void);
CUresult cuStreamEndCaptureToCig(void);
CUresult cuStreamEndCaptureToCig_ptsz(void);
CUresult cuStreamGetAttribute(void);
CUresult cuStreamGetAttribute_ptsz(void);
CUresult cuStreamGetCaptureInfo_v3(void);
CUresult cuStreamGetCaptureInfo_v3_ptsz(void);
CUresult cuStreamGetCtx_v2(void);
CUresult cuStreamGetCtx_v2_ptsz(void);
CUresult cuStreamGetDevResource(void);
CUresult cuStreamGetDevResource_ptsz(void);
CUresult cuStreamGetDevice(void);
CUresult cuStreamGetDevice_ptsz(void);
CUresult cuStreamGetGreenCtx(void);
CUresult cuStreamGetId(void);
CUresult cuStreamGetId_ptsz(void);
CUresult cuStreamGetPriority(void);
CUresult cuStreamGetPriority_ptsz(void);
CUresult cuStreamSetAttribute(void);
CUresult cuStreamSetAttribute_ptsz(void);
CUresult cuStreamUpdateCaptureDependencies(void);
CUresult cuStreamUpdateCaptureDependencies_ptsz(void);
CUresult cuStreamUpdateCaptureDependencies_v2(void);
CUresult cuStreamUpdateCaptureDependencies_v2_ptsz(void);
CUresult cuSubgridCreate(void);
CUresult cuSubgridWorkerGridCreate(void);
CUresult cuSubgridWorksetCreate(void);
CUresult cuSurfObjectCreate(void);
CUresult cuSurfObjectDestroy(void);
CUresult cuSurfObjectGetResourceDesc(void);
CUresult cuSurfRefGetArray(void);
CUresult cuSurfRefSetArray(void);
CUresult cuTensorMapEncodeIm2col(void);
CUresult cuTensorMapEncodeIm2colWide(void);
CUresult cuTensorMapEncodeTiled(void);
CUresult cuTensorMapReplaceAddress(void);
CUresult cuTensorMapSetAllocationClass(void);
CUresult cuTexObjectCreate(void);
CUresult cuTexObjectDestroy(void);
CUresult cuTexObjectGetResourceDesc(void);
CUresult cuTexObjectGetResourceViewDesc(void);
CUresult cuTexObjectGetTextureDesc(void);
CUresult cuTexRefCreate(void);
CUresult cuTexRefDestroy(void);
CUresult cuTexRefGetAddress(void);
CUresult cuTexRefGetAddressMode(void);
CUresult cuTexRefGetAddress_v2(void);
CUresult cuTexRefGetArray(void);
CUresult cuTexRefGetBorderColor(void);
CUresult cuTexRefGetFilterMode(void);
CUresult cuTexRefGetFlags(void);
CUresult cuTexRefGetFormat(void);
CUresult cuTexRefGetMaxAnisotropy(void);
CUresult cuTexRefGetMipmapFilterMode(void);
CUresult cuTexRefGetMipmapLevelBias(void);
CUresult cuTexRefGetMipmapLevelClamp(void);
CUresult cuTexRefGetMipmappedArray(void);
CUresult cuTexRefSetAddress(void);
CUresult cuTexRefSetAddress2D(void);
CUresult cuTexRefSetAddress2D_v2(void);
CUresult cuTexRefSetAddress2D_v3(void);
CUresult cuTexRefSetAddressMode(void);
CUresult cuTexRefSetAddress_v2(void);
CUresult cuTexRefSetArray(void);
CUresult cuTexRefSetBorderColor(void);
CUresult cuTexRefSetFilterMode(void);
CUresult cuTexRefSetFlags(void);
CUresult cuTexRefSetFormat(void);
CUresult cuTexRefSetMaxAnisotropy(void);
CUresult cuTexRefSetMipmapFilterMode(void);
CUresult cuTexRefSetMipmapLevelBias(void);
CUresult cuTexRefSetMipmapLevelClamp(void);
CUresult cuTexRefSetMipmappedArray(void);
CUresult cuUserObjectCreate(void);
CUresult cuUserObjectRelease(void);
CUresult cuUserObjectRetain(void);
CUresult cuVDPAUCtxCreate(void);
CUresult cuVDPAUCtxCreate_v2(void);
CUresult cuVDPAUGetDevice(void);
CUresult cuWaitExternalSemaphoresAsync(void);
CUresult cuWaitExternalSemaphoresAsync_ptsz(void);

const struct sim_entry sim_entries[] = {
    {"cuArray3DCreate", 3020, ENTRY(cuArray3DCreate_v2), NULL, 0},
    {"cuArray3DCreate", 2000, ENTRY(cuArray3DCreate), NULL, 0},
    {"cuArray3DGetDescriptor", 3020, ENTRY(cuArray3DGetDescriptor_v2), NULL, 0},
    {"cuArray3DGetDescriptor", 2000, ENTRY(cuArray3DGetDescriptor), NULL, 0},
    {"cuArrayCreate", 3020, ENTRY(cuArrayCreate_v2), NULL, 0},
    {"cuArrayCreate", 2000, ENTRY(cuArrayCreate), NULL, 0},
    {"cuArrayDestroy", 2000, ENTRY(cuArrayDestroy), NULL, 0},
    {"cuArrayGetDescriptor", 3020, ENTRY(cuArrayGetDescriptor_v2), NULL, 0},
    {"cuArrayGetDescriptor", 2000, ENTRY(cuArrayGetDescriptor), NULL, 0},
    {"cuArrayGetMemoryRequirements", 11060, ENTRY(cuArrayGetMemoryRequirements), NULL, 0},
    {"cuArrayGetPlane", 11020, ENTRY(cuArrayGetPlane), NULL, 0},
    {"cuArrayGetSparseProperties", 11010, ENTRY(cuArrayGetSparseProperties), NULL, 0},
    {"cuCheckpointOperationComplete", 13040, ENTRY(cuCheckpointOperationComplete), NULL, 0},
    {"cuCheckpointProcessCheckpoint", 12080, ENTRY(cuCheckpointProcessCheckpoint), NULL, 0},
    {"cuCheckpointProcessGetRestoreThreadId", 12080, ENTRY(cuCheckpointProcessGetRestoreThreadId), NULL, 0},
    {"cuCheckpointProcessGetState", 12080, ENTRY(cuCheckpointProcessGetState), NULL, 0},
    {"cuCheckpointProcessLock", 12080, ENTRY(cuCheckpointProcessLock), NULL, 0},
    {"cuCheckpointProcessRestore", 12080, ENTRY(cuCheckpointProcessRestore), NULL, 0},
    {"cuCheckpointProcessUnlock", 12080, ENTRY(cuCheckpointProcessUnlock), NULL, 0},
    {"cuCoredumpDeregisterCompleteCallback", 13020, ENTRY(cuCoredumpDeregisterCompleteCallback), NULL, 0},
    {"cuCoredumpDeregisterStartCallback", 13020, ENTRY(cuCoredumpDeregisterStartCallback), NULL, 0},
    {"cuCoredumpGetAttribute", 12010, ENTRY(cuCoredumpGetAttribute), NULL, 0},
    {"cuCoredumpGetAttributeGlobal", 12010, ENTRY(cuCoredumpGetAttributeGlobal), NULL, 0},
    {"cuCoredumpRegisterCompleteCallback", 13020, ENTRY(cuCoredumpRegisterCompleteCallback), NULL, 0},
    {"cuCoredumpRegisterStartCallback", 13020, ENTRY(cuCoredumpRegisterStartCallback), NULL, 0},
    {"cuCoredumpSetAttribute", 12010, ENTRY(cuCoredumpSetAttribute), NULL, 0},
    {"cuCoredumpSetAttributeGlobal", 12010, ENTRY(cuCoredumpSetAttributeGlobal), NULL, 0},
    {"cuCtxAttach", 2000, ENTRY(cuCtxAttach), NULL, 0},
    {"cuCtxCreate", 12050, ENTRY(cuCtxCreate_v4), NULL, 0},
    {"cuCtxCreate", 11040, ENTRY(cuCtxCreate_v3), NULL, 0},
    {"cuCtxCreate", 3020, ENTRY(cuCtxCreate_v2), NULL, 0},
    {"cuCtxCreate", 2000, ENTRY(cuCtxCreate), NULL, 0},
    {"cuCtxDestroy", 4000, ENTRY(cuCtxDestroy_v2), NULL, 0},
    {"cuCtxDestroy", 2000, ENTRY(cuCtxDestroy), NULL, 0},
    {"cuCtxDetach", 2000, ENTRY(cuCtxDetach), NULL, 0},
    {"cuCtxDisablePeerAccess", 4000, ENTRY(cuCtxDisablePeerAccess), NULL, 0},
    {"cuCtxEnablePeerAccess", 4000, ENTRY(cuCtxEnablePeerAccess), NULL, 0},
    {"cuCtxFromGreenCtx", 12040, ENTRY(cuCtxFromGreenCtx), NULL, 0},
    {"cuCtxGetApiVersion", 3020, ENTRY(cuCtxGetApiVersion), NULL, 0},
    {"cuCtxGetCacheConfig", 3020, ENTRY(cuCtxGetCacheConfig), NULL, 0},
    {"cuCtxGetCurrent", 4000, ENTRY(cuCtxGetCurrent), NULL, 0},
    {"cuCtxGetDevResource", 12040, ENTRY(cuCtxGetDevResource), NULL, 0},
    {"cuCtxGetDevice", 13000, ENTRY(cuCtxGetDevice_v2), NULL, 0},
    {"cuCtxGetDevice", 2000, ENTRY(cuCtxGetDevice), NULL, 0},
    {"cuCtxGetExecAffinity", 11040, ENTRY(cuCtxGetExecAffinity), NULL, 0},
    {"cuCtxGetFlags", 7000, ENTRY(cuCtxGetFlags), NULL, 0},
    {"cuCtxGetId", 12000, ENTRY(cuCtxGetId), NULL, 0},
    {"cuCtxGetLimit", 3010, ENTRY(cuCtxGetLimit), NULL, 0},
    {"cuCtxGetSharedMemConfig", 4020, ENTRY(cuCtxGetSharedMemConfig), NULL, 0},
    {"cuCtxGetStreamPriorityRange", 5050, ENTRY(cuCtxGetStreamPriorityRange), NULL, 0},
    {"cuCtxPopCurrent", 4000, ENTRY(cuCtxPopCurrent_v2), NULL, 0},
    {"cuCtxPopCurrent", 2000, ENTRY(cuCtxPopCurrent), NULL, 0},
    {"cuCtxPushCurrent", 4000, ENTRY(cuCtxPushCurrent_v2), NULL, 0},
    {"cuCtxPushCurrent", 2000, ENTRY(cuCtxPushCurrent), NULL, 0},
    {"cuCtxRecordEvent", 12050, ENTRY(cuCtxRecordEvent), NULL, 0},
    {"cuCtxResetPersistingL2Cache", 11000, ENTRY(cuCtxResetPersistingL2Cache), NULL, 0},
    {"cuCtxSetCacheConfig", 3020, ENTRY(cuCtxSetCacheConfig), NULL, 0},
    {"cuCtxSetCurrent", 4000, ENTRY(cuCtxSetCurrent), NULL, 0},
    {"cuCtxSetFlags", 12010, ENTRY(cuCtxSetFlags), NULL, 0},
    {"cuCtxSetLimit", 3010, ENTRY(cuCtxSetLimit), NULL, 0},
    {"cuCtxSetSharedMemConfig", 4020, ENTRY(cuCtxSetSharedMemConfig), NULL, 0},
    {"cuCtxSynchronize", 13000, ENTRY(cuCtxSynchronize_v2), NULL, 0},
    {"cuCtxSynchronize", 2000, ENTRY(cuCtxSynchronize), NULL, 0},
    {"cuCtxWaitEvent", 12050, ENTRY(cuCtxWaitEvent), NULL, 0},
    {"cuDestroyExternalMemory", 10000, ENTRY(cuDestroyExternalMemory), NULL, 0},
    {"cuDestroyExternalSemaphore", 10000, ENTRY(cuDestroyExternalSemaphore), NULL, 0},
    {"cuDevResourceGenerateDesc", 12040, ENTRY(cuDevResourceGenerateDesc), NULL, 0},
    {"cuDevSmResourceSplit", 13010, ENTRY(cuDevSmResourceSplit), NULL, 0},
    {"cuDevSmResourceSplitByCount", 12040, ENTRY(cuDevSmResourceSplitByCount), NULL, 0},
    {"cuDeviceCanAccessPeer", 4000, ENTRY(cuDeviceCanAccessPeer), NULL, 0},
    {"cuDeviceComputeCapability", 2000, ENTRY(cuDeviceComputeCapability), NULL, 0},
    {"cuDeviceGet", 2000, ENTRY(cuDeviceGet), NULL, 0},
    {"cuDeviceGetAttribute", 2000, ENTRY(cuDeviceGetAttribute), NULL, 0},
    {"cuDeviceGetByPCIBusId", 4010, ENTRY(cuDeviceGetByPCIBusId), NULL, 0},
    {"cuDeviceGetCliqueCount", 13040, ENTRY(cuDeviceGetCliqueCount), NULL, 0},
    {"cuDeviceGetCliqueInfo", 13040, ENTRY(cuDeviceGetCliqueInfo), NULL, 0},
    {"cuDeviceGetCount", 2000, ENTRY(cuDeviceGetCount), NULL, 0},
    {"cuDeviceGetDefaultMemPool", 11020, ENTRY(cuDeviceGetDefaultMemPool), NULL, 0},
    {"cuDeviceGetDevResource", 12040, ENTRY(cuDeviceGetDevResource), NULL, 0},
    {"cuDeviceGetExecAffinitySupport", 11040, ENTRY(cuDeviceGetExecAffinitySupport), NULL, 0},
    {"cuDeviceGetFabricClusterUuid", 13040, ENTRY(cuDeviceGetFabricClusterUuid), NULL, 0},
    {"cuDeviceGetGraphMemAttribute", 11040, ENTRY(cuDeviceGetGraphMemAttribute), NULL, 0},
    {"cuDeviceGetHostAtomicCapabilities", 13000, ENTRY(cuDeviceGetHostAtomicCapabilities), NULL, 0},
    {"cuDeviceGetLuid", 10000, ENTRY(cuDeviceGetLuid), NULL, 0},
    {"cuDeviceGetMemPool", 11020, ENTRY(cuDeviceGetMemPool), NULL, 0},
    {"cuDeviceGetName", 2000, ENTRY(cuDeviceGetName), NULL, 0},
    {"cuDeviceGetNvSciSyncAttributes", 10020, ENTRY(cuDeviceGetNvSciSyncAttributes), NULL, 0},
    {"cuDeviceGetP2PAtomicCapabilities", 13000, ENTRY(cuDeviceGetP2PAtomicCapabilities), NULL, 0},
    {"cuDeviceGetP2PAttribute", 8000, ENTRY(cuDeviceGetP2PAttribute), NULL, 0},
    {"cuDeviceGetPCIBusId", 4010, ENTRY(cuDeviceGetPCIBusId), NULL, 0},
    {"cuDeviceGetProperties", 2000, ENTRY(cuDeviceGetProperties), NULL, 0},
    {"cuDeviceGetTexture1DLinearMaxWidth", 11010, ENTRY(cuDeviceGetTexture1DLinearMaxWidth), NULL, 0},
    {"cuDeviceGetUuid", 11040, ENTRY(cuDeviceGetUuid_v2), NULL, 0},
    {"cuDeviceGetUuid", 9020, ENTRY(cuDeviceGetUuid), NULL, 0},
    {"cuDeviceGraphMemTrim", 11040, ENTRY(cuDeviceGraphMemTrim), NULL, 0},
    {"cuDevicePrimaryCtxGetState", 7000, ENTRY(cuDevicePrimaryCtxGetState), NULL, 0},
    {"cuDevicePrimaryCtxRelease", 11000, ENTRY(cuDevicePrimaryCtxRelease_v2), NULL, 0},
    {"cuDevicePrimaryCtxRelease", 7000, ENTRY(cuDevicePrimaryCtxRelease), NULL, 0},
    {"cuDevicePrimaryCtxReset", 11000, ENTRY(cuDevicePrimaryCtxReset_v2), NULL, 0},
    {"cuDevicePrimaryCtxReset", 7000, ENTRY(cuDevicePrimaryCtxReset), NULL, 0},
    {"cuDevicePrimaryCtxRetain", 7000, ENTRY(cuDevicePrimaryCtxRetain), NULL, 0},
    {"cuDevicePrimaryCtxSetFlags", 11000, ENTRY(cuDevicePrimaryCtxSetFlags_v2), NULL, 0},
    {"cuDevicePrimaryCtxSetFlags", 7000, ENTRY(cuDevicePrimaryCtxSetFlags), NULL, 0},
    {"cuDeviceRegisterAsyncNotification", 12040, ENTRY(cuDeviceRegisterAsyncNotification), NULL, 0},
    {"cuDeviceSetGraphMemAttribute", 11040, ENTRY(cuDeviceSetGraphMemAttribute), NULL, 0},
    {"cuDeviceSetMemPool", 11020, ENTRY(cuDeviceSetMemPool), NULL, 0},
    {"cuDeviceTotalMem", 3020, ENTRY(cuDeviceTotalMem_v2), NULL, 0},
    {"cuDeviceTotalMem", 2000, ENTRY(cuDeviceTotalMem), NULL, 0},
    {"cuDeviceUnregisterAsyncNotification", 12040, ENTRY(cuDeviceUnregisterAsyncNotification), NULL, 0},
    {"cuDriverGetVersion", 2020, ENTRY(cuDriverGetVersion), NULL, 0},
    {"cuEGLStreamConsumerAcquireFrame", 7000, ENTRY(cuEGLStreamConsumerAcquireFrame), NULL, 0},
    {"cuEGLStreamConsumerConnect", 7000, ENTRY(cuEGLStreamConsumerConnect), NULL, 0},
    {"cuEGLStreamConsumerConnectWithFlags", 8000, ENTRY(cuEGLStreamConsumerConnectWithFlags), NULL, 0},
    {"cuEGLStreamConsumerDisconnect", 7000, ENTRY(cuEGLStreamConsumerDisconnect), NULL, 0},
    {"cuEGLStreamConsumerReleaseFrame", 7000, ENTRY(cuEGLStreamConsumerReleaseFrame), NULL, 0},
    {"cuEGLStreamProducerConnect", 7000, ENTRY(cuEGLStreamProducerConnect), NULL, 0},
    {"cuEGLStreamProducerDisconnect", 7000, ENTRY(cuEGLStreamProducerDisconnect), NULL, 0},
    {"cuEGLStreamProducerPresentFrame", 7000, ENTRY(cuEGLStreamProducerPresentFrame), NULL, 0},
    {"cuEGLStreamProducerReturnFrame", 7000, ENTRY(cuEGLStreamProducerReturnFrame), NULL, 0},
    {"cuEventCreate", 2000, ENTRY(cuEventCreate), NULL, 0},
    {"cuEventCreateFromEGLSync", 9000, ENTRY(cuEventCreateFromEGLSync), NULL, 0},
    {"cuEventDestroy", 4000, ENTRY(cuEventDestroy_v2), NULL, 0},
    {"cuEventDestroy", 2000, ENTRY(cuEventDestroy), NULL, 0},
    {"cuEventElapsedTime", 12080, ENTRY(cuEventElapsedTime_v2), NULL, 0},
    {"cuEventElapsedTime", 2000, ENTRY(cuEventElapsedTime), NULL, 0},
    {"cuEventQuery", 2000, ENTRY(cuEventQuery), NULL, 0},
    {"cuEventRecord", 2000, ENTRY(cuEventRecord), ENTRY(cuEventRecord_ptsz), 7000},
    {"cuEventRecordWithFlags", 11010, ENTRY(cuEventRecordWithFlags), ENTRY(cuEventRecordWithFlags_ptsz), 7000},
    {"cuEventSynchronize", 2000, ENTRY(cuEventSynchronize), NULL, 0},
    {"cuExternalMemoryGetMappedBuffer", 10000, ENTRY(cuExternalMemoryGetMappedBuffer), NULL, 0},
    {"cuExternalMemoryGetMappedMipmappedArray", 10000, ENTRY(cuExternalMemoryGetMappedMipmappedArray), NULL, 0},
    {"cuFabricCpyBatchAsync", 13050, ENTRY(cuFabricCpyBatchAsync), ENTRY(cuFabricCpyBatchAsync_ptsz), 7000},
    {"cuFlushGPUDirectRDMAWrites", 11030, ENTRY(cuFlushGPUDirectRDMAWrites), NULL, 0},
    {"cuFuncGetAttribute", 2020, ENTRY(cuFuncGetAttribute), NULL, 0},
    {"cuFuncGetModule", 11000, ENTRY(cuFuncGetModule), NULL, 0},
    {"cuFuncGetName", 12030, ENTRY(cuFuncGetName), NULL, 0},
    {"cuFuncGetParamCount", 13020, ENTRY(cuFuncGetParamCount), NULL, 0},
    {"cuFuncGetParamInfo", 12040, ENTRY(cuFuncGetParamInfo), NULL, 0},
    {"cuFuncIsLoaded", 12040, ENTRY(cuFuncIsLoaded), NULL, 0},
    {"cuFuncLoad", 12040, ENTRY(cuFuncLoad), NULL, 0},
    {"cuFuncSetAttribute", 9000, ENTRY(cuFuncSetAttribute), NULL, 0},
    {"cuFuncSetBlockShape", 2000, ENTRY(cuFuncSetBlockShape), NULL, 0},
    {"cuFuncSetCacheConfig", 3000, ENTRY(cuFuncSetCacheConfig), NULL, 0},
    {"cuFuncSetSharedMemConfig", 4020, ENTRY(cuFuncSetSharedMemConfig), NULL, 0},
    {"cuFuncSetSharedSize", 2000, ENTRY(cuFuncSetSharedSize), NULL, 0},
    {"cuGLCtxCreate", 3020, ENTRY(cuGLCtxCreate_v2), NULL, 0},
    {"cuGLCtxCreate", 2000, ENTRY(cuGLCtxCreate), NULL, 0},
    {"cuGLGetDevices", 6050, ENTRY(cuGLGetDevices_v2), NULL, 0},
    {"cuGLGetDevices", 4010, ENTRY(cuGLGetDevices), NULL, 0},
    {"cuGLInit", 2000, ENTRY(cuGLInit), NULL, 0},
    {"cuGLMapBufferObject", 3020, ENTRY(cuGLMapBufferObject_v2), ENTRY(cuGLMapBufferObject_v2_ptds), 7000},
    {"cuGLMapBufferObject", 2000, ENTRY(cuGLMapBufferObject), NULL, 0},
    {"cuGLMapBufferObjectAsync", 3020, ENTRY(cuGLMapBufferObjectAsync_v2), ENTRY(cuGLMapBufferObjectAsync_v2_ptsz), 7000},
    {"cuGLMapBufferObjectAsync", 2030, ENTRY(cuGLMapBufferObjectAsync), NULL, 0},
    {"cuGLRegisterBufferObject", 2000, ENTRY(cuGLRegisterBufferObject), NULL, 0},
    {"cuGLSetBufferObjectMapFlags", 2030, ENTRY(cuGLSetBufferObjectMapFlags), NULL, 0},
    {"cuGLUnmapBufferObject", 2000, ENTRY(cuGLUnmapBufferObject), NULL, 0},
    {"cuGLUnmapBufferObjectAsync", 2030, ENTRY(cuGLUnmapBufferObjectAsync), NULL, 0},
    {"cuGLUnregisterBufferObject", 2000, ENTRY(cuGLUnregisterBufferObject), NULL, 0},
    {"cuGetErrorName", 6000, ENTRY(cuGetErrorName), NULL, 0},
    {"cuGetErrorString", 6000, ENTRY(cuGetErrorString), NULL, 0},
    {"cuGetExportTable", 3000, ENTRY(cuGetExportTable), NULL, 0},
    {"cuGetProcAddress", 12000, ENTRY(cuGetProcAddress_v2), NULL, 0},
    {"cuGetProcAddress", 11030, ENTRY(cuGetProcAddress), NULL, 0},
    {"cuGraphAddBatchMemOpNode", 11070, ENTRY(cuGraphAddBatchMemOpNode), NULL, 0},
    {"cuGraphAddChildGraphNode", 10000, ENTRY(cuGraphAddChildGraphNode), NULL, 0},
    {"cuGraphAddDependencies", 12030, ENTRY(cuGraphAddDependencies_v2), NULL, 0},
    {"cuGraphAddDependencies", 10000, ENTRY(cuGraphAddDependencies), NULL, 0},
    {"cuGraphAddEmptyNode", 10000, ENTRY(cuGraphAddEmptyNode), NULL, 0},
    {"cuGraphAddEventRecordNode", 11010, ENTRY(cuGraphAddEventRecordNode), NULL, 0},
    {"cuGraphAddEventWaitNode", 11010, ENTRY(cuGraphAddEventWaitNode), NULL, 0},
    {"cuGraphAddExternalSemaphoresSignalNode", 11020, ENTRY(cuGraphAddExternalSemaphoresSignalNode), NULL, 0},
    {"cuGraphAddExternalSemaphoresWaitNode", 11020, ENTRY(cuGraphAddExternalSemaphoresWaitNode), NULL, 0},
    {"cuGraphAddHostNode", 10000, ENTRY(cuGraphAddHostNode), NULL, 0},
    {"cuGraphAddKernelNode", 12000, ENTRY(cuGraphAddKernelNode_v2), NULL, 0},
    {"cuGraphAddKernelNode", 10000, ENTRY(cuGraphAddKernelNode), NULL, 0},
    {"cuGraphAddMemAllocNode", 11040, ENTRY(cuGraphAddMemAllocNode), NULL, 0},
    {"cuGraphAddMemFreeNode", 11040, ENTRY(cuGraphAddMemFreeNode), NULL, 0},
    {"cuGraphAddMemcpyNode", 10000, ENTRY(cuGraphAddMemcpyNode), NULL, 0},
    {"cuGraphAddMemsetNode", 10000, ENTRY(cuGraphAddMemsetNode), NULL, 0},
    {"cuGraphAddNode", 13040, ENTRY(cuGraphAddNode_v3), NULL, 0},
    {"cuGraphAddNode", 12030, ENTRY(cuGraphAddNode_v2), NULL, 0},
    {"cuGraphAddNode", 12020, ENTRY(cuGraphAddNode), NULL, 0},
    {"cuGraphBatchMemOpNodeGetParams", 11070, ENTRY(cuGraphBatchMemOpNodeGetParams), NULL, 0},
    {"cuGraphBatchMemOpNodeSetParams", 11070, ENTRY(cuGraphBatchMemOpNodeSetParams), NULL, 0},
    {"cuGraphChildGraphNodeGetGraph", 10000, ENTRY(cuGraphChildGraphNodeGetGraph), NULL, 0},
    {"cuGraphClone", 10000, ENTRY(cuGraphClone), NULL, 0},
    {"cuGraphConditionalHandleCreate", 12030, ENTRY(cuGraphConditionalHandleCreate), NULL, 0},
    {"cuGraphCreate", 10000, ENTRY(cuGraphCreate), NULL, 0},
    {"cuGraphDebugDotPrint", 11030, ENTRY(cuGraphDebugDotPrint), NULL, 0},
    {"cuGraphDestroy", 10000, ENTRY(cuGraphDestroy), NULL, 0},
    {"cuGraphDestroyNode", 10000, ENTRY(cuGraphDestroyNode), NULL, 0},
    {"cuGraphEventRecordNodeGetEvent", 11010, ENTRY(cuGraphEventRecordNodeGetEvent), NULL, 0},
    {"cuGraphEventRecordNodeSetEvent", 11010, ENTRY(cuGraphEventRecordNodeSetEvent), NULL, 0},
    {"cuGraphEventWaitNodeGetEvent", 11010, ENTRY(cuGraphEventWaitNodeGetEvent), NULL, 0},
    {"cuGraphEventWaitNodeSetEvent", 11010, ENTRY(cuGraphEventWaitNodeSetEvent), NULL, 0},
    {"cuGraphExecBatchMemOpNodeSetParams", 11070, ENTRY(cuGraphExecBatchMemOpNodeSetParams), NULL, 0},
    {"cuGraphExecChildGraphNodeSetParams", 11010, ENTRY(cuGraphExecChildGraphNodeSetParams), NULL, 0},
    {"cuGraphExecDestroy", 10000, ENTRY(cuGraphExecDestroy), NULL, 0},
    {"cuGraphExecEventRecordNodeSetEvent", 11010, ENTRY(cuGraphExecEventRecordNodeSetEvent), NULL, 0},
    {"cuGraphExecEventWaitNodeSetEvent", 11010, ENTRY(cuGraphExecEventWaitNodeSetEvent), NULL, 0},
    {"cuGraphExecExternalSemaphoresSignalNodeSetParams", 11020, ENTRY(cuGraphExecExternalSemaphoresSignalNodeSetParams), NULL, 0},
    {"cuGraphExecExternalSemaphoresWaitNodeSetParams", 11020, ENTRY(cuGraphExecExternalSemaphoresWaitNodeSetParams), NULL, 0},
    {"cuGraphExecGetFlags", 12000, ENTRY(cuGraphExecGetFlags), NULL, 0},
    {"cuGraphExecGetId", 13010, ENTRY(cuGraphExecGetId), NULL, 0},
    {"cuGraphExecHostNodeSetParams", 10020, ENTRY(cuGraphExecHostNodeSetParams), NULL, 0},
    {"cuGraphExecKernelNodeSetParams", 12000, ENTRY(cuGraphExecKernelNodeSetParams_v2), NULL, 0},
    {"cuGraphExecKernelNodeSetParams", 10010, ENTRY(cuGraphExecKernelNodeSetParams), NULL, 0},
    {"cuGraphExecMemcpyNodeSetParams", 10020, ENTRY(cuGraphExecMemcpyNodeSetParams), NULL, 0},
    {"cuGraphExecMemsetNodeSetParams", 10020, ENTRY(cuGraphExecMemsetNodeSetParams), NULL, 0},
    {"cuGraphExecNodeSetParams", 12020, ENTRY(cuGraphExecNodeSetParams), NULL, 0},
    {"cuGraphExecUpdate", 12000, ENTRY(cuGraphExecUpdate_v2), NULL, 0},
    {"cuGraphExecUpdate", 10020, ENTRY(cuGraphExecUpdate), NULL, 0},
    {"cuGraphExternalSemaphoresSignalNodeGetParams", 11020, ENTRY(cuGraphExternalSemaphoresSignalNodeGetParams), NULL, 0},
    {"cuGraphExternalSemaphoresSignalNodeSetParams", 11020, ENTRY(cuGraphExternalSemaphoresSignalNodeSetParams), NULL, 0},
    {"cuGraphExternalSemaphoresWaitNodeGetParams", 11020, ENTRY(cuGraphExternalSemaphoresWaitNodeGetParams), NULL, 0},
    {"cuGraphExternalSemaphoresWaitNodeSetParams", 11020, ENTRY(cuGraphExternalSemaphoresWaitNodeSetParams), NULL, 0},
    {"cuGraphGetEdges", 12030, ENTRY(cuGraphGetEdges_v2), NULL, 0},
    {"cuGraphGetEdges", 10000, ENTRY(cuGraphGetEdges), NULL, 0},
    {"cuGraphGetId", 13010, ENTRY(cuGraphGetId), NULL, 0},
    {"cuGraphGetNodes", 10000, ENTRY(cuGraphGetNodes), NULL, 0},
    {"cuGraphGetRootNodes", 10000, ENTRY(cuGraphGetRootNodes), NULL, 0},
    {"cuGraphHostNodeGetParams", 10000, ENTRY(cuGraphHostNodeGetParams), NULL, 0},
    {"cuGraphHostNodeSetParams", 10000, ENTRY(cuGraphHostNodeSetParams), NULL, 0},
    {"cuGraphInstantiate", 11000, ENTRY(cuGraphInstantiate_v2), NULL, 0},
    {"cuGraphInstantiate", 10000, ENTRY(cuGraphInstantiate), NULL, 0},
    {"cuGraphInstantiateWithFlags", 11040, ENTRY(cuGraphInstantiateWithFlags), NULL, 0},
    {"cuGraphInstantiateWithParams", 12000, ENTRY(cuGraphInstantiateWithParams), ENTRY(cuGraphInstantiateWithParams_ptsz), 7000},
    {"cuGraphKernelNodeCopyAttributes", 11000, ENTRY(cuGraphKernelNodeCopyAttributes), NULL, 0},
    {"cuGraphKernelNodeGetAttribute", 11000, ENTRY(cuGraphKernelNodeGetAttribute), NULL, 0},
    {"cuGraphKernelNodeGetParams", 12000, ENTRY(cuGraphKernelNodeGetParams_v2), NULL, 0},
    {"cuGraphKernelNodeGetParams", 10000, ENTRY(cuGraphKernelNodeGetParams), NULL, 0},
    {"cuGraphKernelNodeSetAttribute", 11000, ENTRY(cuGraphKernelNodeSetAttribute), NULL, 0},
    {"cuGraphKernelNodeSetParams", 12000, ENTRY(cuGraphKernelNodeSetParams_v2), NULL, 0},
    {"cuGraphKernelNodeSetParams", 10000, ENTRY(cuGraphKernelNodeSetParams), NULL, 0},
    {"cuGraphLaunch", 10000, ENTRY(cuGraphLaunch), ENTRY(cuGraphLaunch_ptsz), 7000},
    {"cuGraphMemAllocNodeGetParams", 11040, ENTRY(cuGraphMemAllocNodeGetParams), NULL, 0},
    {"cuGraphMemFreeNodeGetParams", 11040, ENTRY(cuGraphMemFreeNodeGetParams), NULL, 0},
    {"cuGraphMemcpyNodeGetParams", 10000, ENTRY(cuGraphMemcpyNodeGetParams), NULL, 0},
    {"cuGraphMemcpyNodeSetParams", 10000, ENTRY(cuGraphMemcpyNodeSetParams), NULL, 0},
    {"cuGraphMemsetNodeGetParams", 10000, ENTRY(cuGraphMemsetNodeGetParams), NULL, 0},
    {"cuGraphMemsetNodeSetParams", 10000, ENTRY(cuGraphMemsetNodeSetParams), NULL, 0},
    {"cuGraphNodeFindInClone", 10000, ENTRY(cuGraphNodeFindInClone), NULL, 0},
    {"cuGraphNodeGetContainingGraph", 13010, ENTRY(cuGraphNodeGetContainingGraph), NULL, 0},
    {"cuGraphNodeGetDependencies", 12030, ENTRY(cuGraphNodeGetDependencies_v2), NULL, 0},
    {"cuGraphNodeGetDependencies", 10000, ENTRY(cuGraphNodeGetDependencies), NULL, 0},
    {"cuGraphNodeGetDependentNodes", 12030, ENTRY(cuGraphNodeGetDependentNodes_v2), NULL, 0},
    {"cuGraphNodeGetDependentNodes", 10000, ENTRY(cuGraphNodeGetDependentNodes), NULL, 0},
    {"cuGraphNodeGetEnabled", 11060, ENTRY(cuGraphNodeGetEnabled), NULL, 0},
    {"cuGraphNodeGetLocalId", 13010, ENTRY(cuGraphNodeGetLocalId), NULL, 0},
    {"cuGraphNodeGetParams", 13020, ENTRY(cuGraphNodeGetParams), NULL, 0},
    {"cuGraphNodeGetToolsId", 13010, ENTRY(cuGraphNodeGetToolsId), NULL, 0},
    {"cuGraphNodeGetType", 10000, ENTRY(cuGraphNodeGetType), NULL, 0},
    {"cuGraphNodeSetEnabled", 11060, ENTRY(cuGraphNodeSetEnabled), NULL, 0},
    {"cuGraphNodeSetParams", 13040, ENTRY(cuGraphNodeSetParams_v2), NULL, 0},
    {"cuGraphNodeSetParams", 12020, ENTRY(cuGraphNodeSetParams), NULL, 0},
    {"cuGraphReleaseUserObject", 11030, ENTRY(cuGraphReleaseUserObject), NULL, 0},
    {"cuGraphRemoveDependencies", 12030, ENTRY(cuGraphRemoveDependencies_v2), NULL, 0},
    {"cuGraphRemoveDependencies", 10000, ENTRY(cuGraphRemoveDependencies), NULL, 0},
    {"cuGraphRetainUserObject", 11030, ENTRY(cuGraphRetainUserObject), NULL, 0},
    {"cuGraphUpload", 11010, ENTRY(cuGraphUpload), ENTRY(cuGraphUpload_ptsz), 7000},
    {"cuGraphicsEGLRegisterImage", 7000, ENTRY(cuGraphicsEGLRegisterImage), NULL, 0},
    {"cuGraphicsGLRegisterBuffer", 3000, ENTRY(cuGraphicsGLRegisterBuffer), NULL, 0},
    {"cuGraphicsGLRegisterImage", 3000, ENTRY(cuGraphicsGLRegisterImage), NULL, 0},
    {"cuGraphicsMapResources", 3000, ENTRY(cuGraphicsMapResources), ENTRY(cuGraphicsMapResources_ptsz), 7000},
    {"cuGraphicsResourceGetMappedEglFrame", 7000, ENTRY(cuGraphicsResourceGetMappedEglFrame), NULL, 0},
    {"cuGraphicsResourceGetMappedMipmappedArray", 5000, ENTRY(cuGraphicsResourceGetMappedMipmappedArray), NULL, 0},
    {"cuGraphicsResourceGetMappedPointer", 3020, ENTRY(cuGraphicsResourceGetMappedPointer_v2), NULL, 0},
    {"cuGraphicsResourceGetMappedPointer", 3000, ENTRY(cuGraphicsResourceGetMappedPointer), NULL, 0},
    {"cuGraphicsResourceSetMapFlags", 6050, ENTRY(cuGraphicsResourceSetMapFlags_v2), NULL, 0},
    {"cuGraphicsResourceSetMapFlags", 3000, ENTRY(cuGraphicsResourceSetMapFlags), NULL, 0},
    {"cuGraphicsSubResourceGetMappedArray", 3000, ENTRY(cuGraphicsSubResourceGetMappedArray), NULL, 0},
    {"cuGraphicsUnmapResources", 3000, ENTRY(cuGraphicsUnmapResources), ENTRY(cuGraphicsUnmapResources_ptsz), 7000},
    {"cuGraphicsUnregisterResource", 3000, ENTRY(cuGraphicsUnregisterResource), NULL, 0},
    {"cuGraphicsVDPAURegisterOutputSurface", 3010, ENTRY(cuGraphicsVDPAURegisterOutputSurface), NULL, 0},
    {"cuGraphicsVDPAURegisterVideoSurface", 3010, ENTRY(cuGraphicsVDPAURegisterVideoSurface), NULL, 0},
    {"cuGreenCtxCreate", 12040, ENTRY(cuGreenCtxCreate), NULL, 0},
    {"cuGreenCtxDestroy", 12040, ENTRY(cuGreenCtxDestroy), NULL, 0},
    {"cuGreenCtxGetDevResource", 12040, ENTRY(cuGreenCtxGetDevResource), NULL, 0},
    {"cuGreenCtxGetId", 12090, ENTRY(cuGreenCtxGetId), NULL, 0},
    {"cuGreenCtxRecordEvent", 12040, ENTRY(cuGreenCtxRecordEvent), NULL, 0},
    {"cuGreenCtxStreamCreate", 12050, ENTRY(cuGreenCtxStreamCreate), NULL, 0},
    {"cuGreenCtxWaitEvent", 12040, ENTRY(cuGreenCtxWaitEvent), NULL, 0},
    {"cuImportExternalMemory", 10000, ENTRY(cuImportExternalMemory), NULL, 0},
    {"cuImportExternalSemaphore", 10000, ENTRY(cuImportExternalSemaphore), NULL, 0},
    {"cuInit", 2000, ENTRY(cuInit), NULL, 0},
    {"cuIpcCloseMemHandle", 4010, ENTRY(cuIpcCloseMemHandle), NULL, 0},
    {"cuIpcGetEventHandle", 4010, ENTRY(cuIpcGetEventHandle), NULL, 0},
    {"cuIpcGetMemHandle", 4010, ENTRY(cuIpcGetMemHandle), NULL, 0},
    {"cuIpcOpenEventHandle", 4010, ENTRY(cuIpcOpenEventHandle), NULL, 0},
    {"cuIpcOpenMemHandle", 11000, ENTRY(cuIpcOpenMemHandle_v2), NULL, 0},
    {"cuIpcOpenMemHandle", 4010, ENTRY(cuIpcOpenMemHandle), NULL, 0},
    {"cuKernelGetAttribute", 12000, ENTRY(cuKernelGetAttribute), NULL, 0},
    {"cuKernelGetFunction", 12000, ENTRY(cuKernelGetFunction), NULL, 0},
    {"cuKernelGetLibrary", 12050, ENTRY(cuKernelGetLibrary), NULL, 0},
    {"cuKernelGetName", 12030, ENTRY(cuKernelGetName), NULL, 0},
    {"cuKernelGetParamCount", 13020, ENTRY(cuKernelGetParamCount), NULL, 0},
    {"cuKernelGetParamInfo", 12040, ENTRY(cuKernelGetParamInfo), NULL, 0},
    {"cuKernelSetAttribute", 12000, ENTRY(cuKernelSetAttribute), NULL, 0},
    {"cuKernelSetCacheConfig", 12000, ENTRY(cuKernelSetCacheConfig), NULL, 0},
    {"cuLaunch", 2000, ENTRY(cuLaunch), NULL, 0},
    {"cuLaunchCooperativeKernel", 9000, ENTRY(cuLaunchCooperativeKernel), ENTRY(cuLaunchCooperativeKernel_ptsz), 7000},
    {"cuLaunchCooperativeKernelMultiDevice", 9000, ENTRY(cuLaunchCooperativeKernelMultiDevice), NULL, 0},
    {"cuLaunchGrid", 2000, ENTRY(cuLaunchGrid), NULL, 0},
    {"cuLaunchGridAsync", 2000, ENTRY(cuLaunchGridAsync), NULL, 0},
    {"cuLaunchHostFunc", 13010, ENTRY(cuLaunchHostFunc_v2), ENTRY(cuLaunchHostFunc_v2_ptsz), 7000},
    {"cuLaunchHostFunc", 10000, ENTRY(cuLaunchHostFunc), ENTRY(cuLaunchHostFunc_ptsz), 7000},
    {"cuLaunchKernel", 4000, ENTRY(cuLaunchKernel), ENTRY(cuLaunchKernel_ptsz), 7000},
    {"cuLaunchKernelEx", 11060, ENTRY(cuLaunchKernelEx), ENTRY(cuLaunchKernelEx_ptsz), 7000},
    {"cuLibraryEnumerateKernels", 12040, ENTRY(cuLibraryEnumerateKernels), NULL, 0},
    {"cuLibraryGetGlobal", 12000, ENTRY(cuLibraryGetGlobal), NULL, 0},
    {"cuLibraryGetKernel", 12000, ENTRY(cuLibraryGetKernel), NULL, 0},
    {"cuLibraryGetKernelCount", 12040, ENTRY(cuLibraryGetKernelCount), NULL, 0},
    {"cuLibraryGetManaged", 12000, ENTRY(cuLibraryGetManaged), NULL, 0},
    {"cuLibraryGetModule", 12000, ENTRY(cuLibraryGetModule), NULL, 0},
    {"cuLibraryGetUnifiedFunction", 12000, ENTRY(cuLibraryGetUnifiedFunction), NULL, 0},
    {"cuLibraryLoadData", 12000, ENTRY(cuLibraryLoadData), NULL, 0},
    {"cuLibraryLoadFromFile", 12000, ENTRY(cuLibraryLoadFromFile), NULL, 0},
    {"cuLibraryUnload", 12000, ENTRY(cuLibraryUnload), NULL, 0},
    {"cuLinkAddData", 6050, ENTRY(cuLinkAddData_v2), NULL, 0},
    {"cuLinkAddData", 5050, ENTRY(cuLinkAddData), NULL, 0},
    {"cuLinkAddFile", 6050, ENTRY(cuLinkAddFile_v2), NULL, 0},
    {"cuLinkAddFile", 5050, ENTRY(cuLinkAddFile), NULL, 0},
    {"cuLinkComplete", 5050, ENTRY(cuLinkComplete), NULL, 0},
    {"cuLinkCreate", 6050, ENTRY(cuLinkCreate_v2), NULL, 0},
    {"cuLinkCreate", 5050, ENTRY(cuLinkCreate), NULL, 0},
    {"cuLinkDestroy", 5050, ENTRY(cuLinkDestroy), NULL, 0},
    {"cuLogicalEndpointAddDevice", 13030, ENTRY(cuLogicalEndpointAddDevice), NULL, 0},
    {"cuLogicalEndpointBindAddr", 13030, ENTRY(cuLogicalEndpointBindAddr), NULL, 0},
    {"cuLogicalEndpointBindMem", 13030, ENTRY(cuLogicalEndpointBindMem), NULL, 0},
    {"cuLogicalEndpointCreate", 13030, ENTRY(cuLogicalEndpointCreate), NULL, 0},
    {"cuLogicalEndpointDestroy", 13030, ENTRY(cuLogicalEndpointDestroy), NULL, 0},
    {"cuLogicalEndpointExport", 13030, ENTRY(cuLogicalEndpointExport), NULL, 0},
    {"cuLogicalEndpointGetLimits", 13030, ENTRY(cuLogicalEndpointGetLimits), NULL, 0},
    {"cuLogicalEndpointIdRelease", 13030, ENTRY(cuLogicalEndpointIdRelease), NULL, 0},
    {"cuLogicalEndpointIdReserve", 13030, ENTRY(cuLogicalEndpointIdReserve), NULL, 0},
    {"cuLogicalEndpointImport", 13030, ENTRY(cuLogicalEndpointImport), NULL, 0},
    {"cuLogicalEndpointQuery", 13030, ENTRY(cuLogicalEndpointQuery), NULL, 0},
    {"cuLogicalEndpointUnbind", 13030, ENTRY(cuLogicalEndpointUnbind), NULL, 0},
    {"cuLogsCurrent", 12090, ENTRY(cuLogsCurrent), NULL, 0},
    {"cuLogsDumpToFile", 12090, ENTRY(cuLogsDumpToFile), NULL, 0},
    {"cuLogsDumpToMemory", 12090, ENTRY(cuLogsDumpToMemory), NULL, 0},
    {"cuLogsRegisterCallback", 12090, ENTRY(cuLogsRegisterCallback), NULL, 0},
    {"cuLogsUnregisterCallback", 12090, ENTRY(cuLogsUnregisterCallback), NULL, 0},
    {"cuMemAddressFree", 10020, ENTRY(cuMemAddressFree), NULL, 0},
    {"cuMemAddressReserve", 10020, ENTRY(cuMemAddressReserve), NULL, 0},
    {"cuMemAdvise", 12020, ENTRY(cuMemAdvise_v2), NULL, 0},
    {"cuMemAdvise", 8000, ENTRY(cuMemAdvise), NULL, 0},
    {"cuMemAlloc", 3020, ENTRY(cuMemAlloc_v2), NULL, 0},
    {"cuMemAlloc", 2000, ENTRY(cuMemAlloc), NULL, 0},
    {"cuMemAllocAsync", 11020, ENTRY(cuMemAllocAsync), ENTRY(cuMemAllocAsync_ptsz), 7000},
    {"cuMemAllocFromPoolAsync", 11020, ENTRY(cuMemAllocFromPoolAsync), ENTRY(cuMemAllocFromPoolAsync_ptsz), 7000},
    {"cuMemAllocHost", 3020, ENTRY(cuMemAllocHost_v2), NULL, 0},
    {"cuMemAllocHost", 2000, ENTRY(cuMemAllocHost), NULL, 0},
    {"cuMemAllocManaged", 6000, ENTRY(cuMemAllocManaged), NULL, 0},
    {"cuMemAllocPitch", 3020, ENTRY(cuMemAllocPitch_v2), NULL, 0},
    {"cuMemAllocPitch", 2000, ENTRY(cuMemAllocPitch), NULL, 0},
    {"cuMemBatchDecompressAsync", 12060, ENTRY(cuMemBatchDecompressAsync), ENTRY(cuMemBatchDecompressAsync_ptsz), 7000},
    {"cuMemCreate", 10020, ENTRY(cuMemCreate), NULL, 0},
    {"cuMemDiscardAndPrefetchBatchAsync", 13000, ENTRY(cuMemDiscardAndPrefetchBatchAsync), ENTRY(cuMemDiscardAndPrefetchBatchAsync_ptsz), 7000},
    {"cuMemDiscardBatchAsync", 13000, ENTRY(cuMemDiscardBatchAsync), ENTRY(cuMemDiscardBatchAsync_ptsz), 7000},
    {"cuMemExportToShareableHandle", 10020, ENTRY(cuMemExportToShareableHandle), NULL, 0},
    {"cuMemFree", 3020, ENTRY(cuMemFree_v2), NULL, 0},
    {"cuMemFree", 2000, ENTRY(cuMemFree), NULL, 0},
    {"cuMemFreeAsync", 11020, ENTRY(cuMemFreeAsync), ENTRY(cuMemFreeAsync_ptsz), 7000},
    {"cuMemFreeHost", 2000, ENTRY(cuMemFreeHost), NULL, 0},
    {"cuMemGetAccess", 10020, ENTRY(cuMemGetAccess), NULL, 0},
    {"cuMemGetAddressRange", 3020, ENTRY(cuMemGetAddressRange_v2), NULL, 0},
    {"cuMemGetAddressRange", 2000, ENTRY(cuMemGetAddressRange), NULL, 0},
    {"cuMemGetAllocationGranularity", 10020, ENTRY(cuMemGetAllocationGranularity), NULL, 0},
    {"cuMemGetAllocationPropertiesFromHandle", 10020, ENTRY(cuMemGetAllocationPropertiesFromHandle), NULL, 0},
    {"cuMemGetDefaultMemPool", 13000, ENTRY(cuMemGetDefaultMemPool), NULL, 0},
    {"cuMemGetHandleForAddressRange", 11070, ENTRY(cuMemGetHandleForAddressRange), NULL, 0},
    {"cuMemGetInfo", 3020, ENTRY(cuMemGetInfo_v2), NULL, 0},
    {"cuMemGetInfo", 2000, ENTRY(cuMemGetInfo), NULL, 0},
    {"cuMemGetLocationInfo", 13040, ENTRY(cuMemGetLocationInfo), NULL, 0},
    {"cuMemGetMemPool", 13000, ENTRY(cuMemGetMemPool), NULL, 0},
    {"cuMemHostAlloc", 2020, ENTRY(cuMemHostAlloc), NULL, 0},
    {"cuMemHostGetDevicePointer", 3020, ENTRY(cuMemHostGetDevicePointer_v2), NULL, 0},
    {"cuMemHostGetDevicePointer", 2020, ENTRY(cuMemHostGetDevicePointer), NULL, 0},
    {"cuMemHostGetFlags", 2030, ENTRY(cuMemHostGetFlags), NULL, 0},
    {"cuMemHostRegister", 6050, ENTRY(cuMemHostRegister_v2), NULL, 0},
    {"cuMemHostRegister", 4000, ENTRY(cuMemHostRegister), NULL, 0},
    {"cuMemHostUnregister", 4000, ENTRY(cuMemHostUnregister), NULL, 0},
    {"cuMemImportFromShareableHandle", 10020, ENTRY(cuMemImportFromShareableHandle), NULL, 0},
    {"cuMemMap", 10020, ENTRY(cuMemMap), NULL, 0},
    {"cuMemMapArrayAsync", 11010, ENTRY(cuMemMapArrayAsync), ENTRY(cuMemMapArrayAsync_ptsz), 7000},
    {"cuMemPoolCreate", 11020, ENTRY(cuMemPoolCreate), NULL, 0},
    {"cuMemPoolDestroy", 11020, ENTRY(cuMemPoolDestroy), NULL, 0},
    {"cuMemPoolExportPointer", 11020, ENTRY(cuMemPoolExportPointer), NULL, 0},
    {"cuMemPoolExportToShareableHandle", 11020, ENTRY(cuMemPoolExportToShareableHandle), NULL, 0},
    {"cuMemPoolGetAccess", 11020, ENTRY(cuMemPoolGetAccess), NULL, 0},
    {"cuMemPoolGetAttribute", 11020, ENTRY(cuMemPoolGetAttribute), NULL, 0},
    {"cuMemPoolImportFromShareableHandle", 11020, ENTRY(cuMemPoolImportFromShareableHandle), NULL, 0},
    {"cuMemPoolImportPointer", 11020, ENTRY(cuMemPoolImportPointer), NULL, 0},
    {"cuMemPoolSetAccess", 11020, ENTRY(cuMemPoolSetAccess), NULL, 0},
    {"cuMemPoolSetAttribute", 11020, ENTRY(cuMemPoolSetAttribute), NULL, 0},
    {"cuMemPoolTrimTo", 11020, ENTRY(cuMemPoolTrimTo), NULL, 0},
    {"cuMemPrefetchAsync", 12020, ENTRY(cuMemPrefetchAsync_v2), ENTRY(cuMemPrefetchAsync_v2_ptsz), 7000},
    {"cuMemPrefetchAsync", 8000, ENTRY(cuMemPrefetchAsync), ENTRY(cuMemPrefetchAsync_ptsz), 7000},
    {"cuMemPrefetchBatchAsync", 13000, ENTRY(cuMemPrefetchBatchAsync), ENTRY(cuMemPrefetchBatchAsync_ptsz), 7000},
    {"cuMemRangeGetAttribute", 8000, ENTRY(cuMemRangeGetAttribute), NULL, 0},
    {"cuMemRangeGetAttributes", 8000, ENTRY(cuMemRangeGetAttributes), NULL, 0},
    {"cuMemRelease", 10020, ENTRY(cuMemRelease), NULL, 0},
    {"cuMemRetainAllocationHandle", 11000, ENTRY(cuMemRetainAllocationHandle), NULL, 0},
    {"cuMemSetAccess", 10020, ENTRY(cuMemSetAccess), NULL, 0},
    {"cuMemSetMemPool", 13000, ENTRY(cuMemSetMemPool), NULL, 0},
    {"cuMemUnmap", 10020, ENTRY(cuMemUnmap), NULL, 0},
    {"cuMemcpy", 4000, ENTRY(cuMemcpy), ENTRY(cuMemcpy_ptds), 7000},
    {"cuMemcpy2D", 3020, ENTRY(cuMemcpy2D_v2), ENTRY(cuMemcpy2D_v2_ptds), 7000},
    {"cuMemcpy2D", 2000, ENTRY(cuMemcpy2D), NULL, 0},
    {"cuMemcpy2DAsync", 3020, ENTRY(cuMemcpy2DAsync_v2), ENTRY(cuMemcpy2DAsync_v2_ptsz), 7000},
    {"cuMemcpy2DAsync", 2000, ENTRY(cuMemcpy2DAsync), NULL, 0},
    {"cuMemcpy2DUnaligned", 3020, ENTRY(cuMemcpy2DUnaligned_v2), ENTRY(cuMemcpy2DUnaligned_v2_ptds), 7000},
    {"cuMemcpy2DUnaligned", 2000, ENTRY(cuMemcpy2DUnaligned), NULL, 0},
    {"cuMemcpy3D", 3020, ENTRY(cuMemcpy3D_v2), ENTRY(cuMemcpy3D_v2_ptds), 7000},
    {"cuMemcpy3D", 2000, ENTRY(cuMemcpy3D), NULL, 0},
    {"cuMemcpy3DAsync", 3020, ENTRY(cuMemcpy3DAsync_v2), ENTRY(cuMemcpy3DAsync_v2_ptsz), 7000},
    {"cuMemcpy3DAsync", 2000, ENTRY(cuMemcpy3DAsync), NULL, 0},
    {"cuMemcpy3DBatchAsync", 13000, ENTRY(cuMemcpy3DBatchAsync_v2), ENTRY(cuMemcpy3DBatchAsync_v2_ptsz), 7000},
    {"cuMemcpy3DBatchAsync", 12080, ENTRY(cuMemcpy3DBatchAsync), ENTRY(cuMemcpy3DBatchAsync_ptsz), 7000},
    {"cuMemcpy3DPeer", 4000, ENTRY(cuMemcpy3DPeer), ENTRY(cuMemcpy3DPeer_ptds), 7000},
    {"cuMemcpy3DPeerAsync", 4000, ENTRY(cuMemcpy3DPeerAsync), ENTRY(cuMemcpy3DPeerAsync_ptsz), 7000},
    {"cuMemcpy3DWithAttributesAsync", 13020, ENTRY(cuMemcpy3DWithAttributesAsync), ENTRY(cuMemcpy3DWithAttributesAsync_ptsz), 7000},
    {"cuMemcpyAsync", 4000, ENTRY(cuMemcpyAsync), ENTRY(cuMemcpyAsync_ptsz), 7000},
    {"cuMemcpyAtoA", 3020, ENTRY(cuMemcpyAtoA_v2), ENTRY(cuMemcpyAtoA_v2_ptds), 7000},
    {"cuMemcpyAtoA", 2000, ENTRY(cuMemcpyAtoA), NULL, 0},
    {"cuMemcpyAtoD", 3020, ENTRY(cuMemcpyAtoD_v2), ENTRY(cuMemcpyAtoD_v2_ptds), 7000},
    {"cuMemcpyAtoD", 2000, ENTRY(cuMemcpyAtoD), NULL, 0},
    {"cuMemcpyAtoH", 3020, ENTRY(cuMemcpyAtoH_v2), ENTRY(cuMemcpyAtoH_v2_ptds), 7000},
    {"cuMemcpyAtoH", 2000, ENTRY(cuMemcpyAtoH), NULL, 0},
    {"cuMemcpyAtoHAsync", 3020, ENTRY(cuMemcpyAtoHAsync_v2), ENTRY(cuMemcpyAtoHAsync_v2_ptsz), 7000},
    {"cuMemcpyAtoHAsync", 2000, ENTRY(cuMemcpyAtoHAsync), NULL, 0},
    {"cuMemcpyBatchAsync", 13000, ENTRY(cuMemcpyBatchAsync_v2), ENTRY(cuMemcpyBatchAsync_v2_ptsz), 7000},
    {"cuMemcpyBatchAsync", 12080, ENTRY(cuMemcpyBatchAsync), ENTRY(cuMemcpyBatchAsync_ptsz), 7000},
    {"cuMemcpyDtoA", 3020, ENTRY(cuMemcpyDtoA_v2), ENTRY(cuMemcpyDtoA_v2_ptds), 7000},
    {"cuMemcpyDtoA", 2000, ENTRY(cuMemcpyDtoA), NULL, 0},
    {"cuMemcpyDtoD", 3020, ENTRY(cuMemcpyDtoD_v2), ENTRY(cuMemcpyDtoD_v2_ptds), 7000},
    {"cuMemcpyDtoD", 2000, ENTRY(cuMemcpyDtoD), NULL, 0},
    {"cuMemcpyDtoDAsync", 3020, ENTRY(cuMemcpyDtoDAsync_v2), ENTRY(cuMemcpyDtoDAsync_v2_ptsz), 7000},
    {"cuMemcpyDtoDAsync", 3000, ENTRY(cuMemcpyDtoDAsync), NULL, 0},
    {"cuMemcpyDtoH", 3020, ENTRY(cuMemcpyDtoH_v2), ENTRY(cuMemcpyDtoH_v2_ptds), 7000},
    {"cuMemcpyDtoH", 2000, ENTRY(cuMemcpyDtoH), NULL, 0},
    {"cuMemcpyDtoHAsync", 3020, ENTRY(cuMemcpyDtoHAsync_v2), ENTRY(cuMemcpyDtoHAsync_v2_ptsz), 7000},
    {"cuMemcpyDtoHAsync", 2000, ENTRY(cuMemcpyDtoHAsync), NULL, 0},
    {"cuMemcpyHtoA", 3020, ENTRY(cuMemcpyHtoA_v2), ENTRY(cuMemcpyHtoA_v2_ptds), 7000},
    {"cuMemcpyHtoA", 2000, ENTRY(cuMemcpyHtoA), NULL, 0},
    {"cuMemcpyHtoAAsync", 3020, ENTRY(cuMemcpyHtoAAsync_v2), ENTRY(cuMemcpyHtoAAsync_v2_ptsz), 7000},
    {"cuMemcpyHtoAAsync", 2000, ENTRY(cuMemcpyHtoAAsync), NULL, 0},
    {"cuMemcpyHtoD", 3020, ENTRY(cuMemcpyHtoD_v2), ENTRY(cuMemcpyHtoD_v2_ptds), 7000},
    {"cuMemcpyHtoD", 2000, ENTRY(cuMemcpyHtoD), NULL, 0},
    {"cuMemcpyHtoDAsync", 3020, ENTRY(cuMemcpyHtoDAsync_v2), ENTRY(cuMemcpyHtoDAsync_v2_ptsz), 7000},
    {"cuMemcpyHtoDAsync", 2000, ENTRY(cuMemcpyHtoDAsync), NULL, 0},
    {"cuMemcpyPeer", 4000, ENTRY(cuMemcpyPeer), ENTRY(cuMemcpyPeer_ptds), 7000},
    {"cuMemcpyPeerAsync", 4000, ENTRY(cuMemcpyPeerAsync), ENTRY(cuMemcpyPeerAsync_ptsz), 7000},
    {"cuMemcpyWithAttributesAsync", 13020, ENTRY(cuMemcpyWithAttributesAsync), ENTRY(cuMemcpyWithAttributesAsync_ptsz), 7000},
    {"cuMemsetD16", 3020, ENTRY(cuMemsetD16_v2), ENTRY(cuMemsetD16_v2_ptds), 7000},
    {"cuMemsetD16", 2000, ENTRY(cuMemsetD16), NULL, 0},
    {"cuMemsetD16Async", 3020, ENTRY(cuMemsetD16Async), ENTRY(cuMemsetD16Async_ptsz), 7000},
    {"cuMemsetD2D16", 3020, ENTRY(cuMemsetD2D16_v2), ENTRY(cuMemsetD2D16_v2_ptds), 7000},
    {"cuMemsetD2D16", 2000, ENTRY(cuMemsetD2D16), NULL, 0},
    {"cuMemsetD2D16Async", 3020, ENTRY(cuMemsetD2D16Async), ENTRY(cuMemsetD2D16Async_ptsz), 7000},
    {"cuMemsetD2D32", 3020, ENTRY(cuMemsetD2D32_v2), ENTRY(cuMemsetD2D32_v2_ptds), 7000},
    {"cuMemsetD2D32", 2000, ENTRY(cuMemsetD2D32), NULL, 0},
    {"cuMemsetD2D32Async", 3020, ENTRY(cuMemsetD2D32Async), ENTRY(cuMemsetD2D32Async_ptsz), 7000},
    {"cuMemsetD2D8", 3020, ENTRY(cuMemsetD2D8_v2), ENTRY(cuMemsetD2D8_v2_ptds), 7000},
    {"cuMemsetD2D8", 2000, ENTRY(cuMemsetD2D8), NULL, 0},
    {"cuMemsetD2D8Async", 3020, ENTRY(cuMemsetD2D8Async), ENTRY(cuMemsetD2D8Async_ptsz), 7000},
    {"cuMemsetD32", 3020, ENTRY(cuMemsetD32_v2), ENTRY(cuMemsetD32_v2_ptds), 7000},
    {"cuMemsetD32", 2000, ENTRY(cuMemsetD32), NULL, 0},
    {"cuMemsetD32Async", 3020, ENTRY(cuMemsetD32Async), ENTRY(cuMemsetD32Async_ptsz), 7000},
    {"cuMemsetD8", 3020, ENTRY(cuMemsetD8_v2), ENTRY(cuMemsetD8_v2_ptds), 7000},
    {"cuMemsetD8", 2000, ENTRY(cuMemsetD8), NULL, 0},
    {"cuMemsetD8Async", 3020, ENTRY(cuMemsetD8Async), ENTRY(cuMemsetD8Async_ptsz), 7000},
    {"cuMipmappedArrayCreate", 5000, ENTRY(cuMipmappedArrayCreate), NULL, 0},
    {"cuMipmappedArrayDestroy", 5000, ENTRY(cuMipmappedArrayDestroy), NULL, 0},
    {"cuMipmappedArrayGetLevel", 5000, ENTRY(cuMipmappedArrayGetLevel), NULL, 0},
    {"cuMipmappedArrayGetMemoryRequirements", 11060, ENTRY(cuMipmappedArrayGetMemoryRequirements), NULL, 0},
    {"cuMipmappedArrayGetSparseProperties", 11010, ENTRY(cuMipmappedArrayGetSparseProperties), NULL, 0},
    {"cuModuleEnumerateFunctions", 12040, ENTRY(cuModuleEnumerateFunctions), NULL, 0},
    {"cuModuleGetFunction", 2000, ENTRY(cuModuleGetFunction), NULL, 0},
    {"cuModuleGetFunctionCount", 12040, ENTRY(cuModuleGetFunctionCount), NULL, 0},
    {"cuModuleGetGlobal", 3020, ENTRY(cuModuleGetGlobal_v2), NULL, 0},
    {"cuModuleGetGlobal", 2000, ENTRY(cuModuleGetGlobal), NULL, 0},
    {"cuModuleGetLoadingMode", 11070, ENTRY(cuModuleGetLoadingMode), NULL, 0},
    {"cuModuleGetSurfRef", 3000, ENTRY(cuModuleGetSurfRef), NULL, 0},
    {"cuModuleGetTexRef", 2000, ENTRY(cuModuleGetTexRef), NULL, 0},
    {"cuModuleLoad", 2000, ENTRY(cuModuleLoad), NULL, 0},
    {"cuModuleLoadData", 2000, ENTRY(cuModuleLoadData), NULL, 0},
    {"cuModuleLoadDataEx", 2010, ENTRY(cuModuleLoadDataEx), NULL, 0},
    {"cuModuleLoadFatBinary", 2000, ENTRY(cuModuleLoadFatBinary), NULL, 0},
    {"cuModuleUnload", 2000, ENTRY(cuModuleUnload), NULL, 0},
    {"cuMulticastAddDevice", 12010, ENTRY(cuMulticastAddDevice), NULL, 0},
    {"cuMulticastBindAddr", 13010, ENTRY(cuMulticastBindAddr_v2), NULL, 0},
    {"cuMulticastBindAddr", 12010, ENTRY(cuMulticastBindAddr), NULL, 0},
    {"cuMulticastBindMem", 13010, ENTRY(cuMulticastBindMem_v2), NULL, 0},
    {"cuMulticastBindMem", 12010, ENTRY(cuMulticastBindMem), NULL, 0},
    {"cuMulticastCreate", 12010, ENTRY(cuMulticastCreate), NULL, 0},
    {"cuMulticastGetGranularity", 12010, ENTRY(cuMulticastGetGranularity), NULL, 0},
    {"cuMulticastUnbind", 12010, ENTRY(cuMulticastUnbind), NULL, 0},
    {"cuOccupancyAvailableDynamicSMemPerBlock", 10020, ENTRY(cuOccupancyAvailableDynamicSMemPerBlock), NULL, 0},
    {"cuOccupancyMaxActiveBlocksPerMultiprocessor", 6050, ENTRY(cuOccupancyMaxActiveBlocksPerMultiprocessor), NULL, 0},
    {"cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags", 7000, ENTRY(cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags), NULL, 0},
    {"cuOccupancyMaxActiveClusters", 11070, ENTRY(cuOccupancyMaxActiveClusters), NULL, 0},
    {"cuOccupancyMaxPotentialBlockSize", 6050, ENTRY(cuOccupancyMaxPotentialBlockSize), NULL, 0},
    {"cuOccupancyMaxPotentialBlockSizeWithFlags", 7000, ENTRY(cuOccupancyMaxPotentialBlockSizeWithFlags), NULL, 0},
    {"cuOccupancyMaxPotentialClusterSize", 11070, ENTRY(cuOccupancyMaxPotentialClusterSize), NULL, 0},
    {"cuParamSetSize", 2000, ENTRY(cuParamSetSize), NULL, 0},
    {"cuParamSetTexRef", 2000, ENTRY(cuParamSetTexRef), NULL, 0},
    {"cuParamSetf", 2000, ENTRY(cuParamSetf), NULL, 0},
    {"cuParamSeti", 2000, ENTRY(cuParamSeti), NULL, 0},
    {"cuParamSetv", 2000, ENTRY(cuParamSetv), NULL, 0},
    {"cuPointerGetAttribute", 4000, ENTRY(cuPointerGetAttribute), NULL, 0},
    {"cuPointerGetAttributes", 7000, ENTRY(cuPointerGetAttributes), NULL, 0},
    {"cuPointerSetAttribute", 6000, ENTRY(cuPointerSetAttribute), NULL, 0},
    {"cuProfilerInitialize", 4000, ENTRY(cuProfilerInitialize), NULL, 0},
    {"cuProfilerStart", 4000, ENTRY(cuProfilerStart), NULL, 0},
    {"cuProfilerStop", 4000, ENTRY(cuProfilerStop), NULL, 0},
    {"cuSignalExternalSemaphoresAsync", 10000, ENTRY(cuSignalExternalSemaphoresAsync), ENTRY(cuSignalExternalSemaphoresAsync_ptsz), 7000},
    {"cuStreamAddCallback", 5000, ENTRY(cuStreamAddCallback), ENTRY(cuStreamAddCallback_ptsz), 7000},
    {"cuStreamAttachMemAsync", 6000, ENTRY(cuStreamAttachMemAsync), ENTRY(cuStreamAttachMemAsync_ptsz), 7000},
    {"cuStreamBatchMemOp", 11070, ENTRY(cuStreamBatchMemOp_v2), ENTRY(cuStreamBatchMemOp_v2_ptsz), 7000},
    {"cuStreamBatchMemOp", 8000, ENTRY(cuStreamBatchMemOp), ENTRY(cuStreamBatchMemOp_ptsz), 7000},
    {"cuStreamBeginCapture", 10010, ENTRY(cuStreamBeginCapture_v2), ENTRY(cuStreamBeginCapture_v2_ptsz), 7000},
    {"cuStreamBeginCapture", 10000, ENTRY(cuStreamBeginCapture), ENTRY(cuStreamBeginCapture_ptsz), 7000},
    {"cuStreamBeginCaptureToCig", 13010, ENTRY(cuStreamBeginCaptureToCig), ENTRY(cuStreamBeginCaptureToCig_ptsz), 7000},
    {"cuStreamBeginCaptureToGraph", 12030, ENTRY(cuStreamBeginCaptureToGraph), ENTRY(cuStreamBeginCaptureToGraph_ptsz), 7000},
    {"cuStreamBeginRecaptureToGraph", 13030, ENTRY(cuStreamBeginRecaptureToGraph), ENTRY(cuStreamBeginRecaptureToGraph_ptsz), 7000},
    {"cuStreamCopyAttributes", 11000, ENTRY(cuStreamCopyAttributes), ENTRY(cuStreamCopyAttributes_ptsz), 7000},
    {"cuStreamCreate", 2000, ENTRY(cuStreamCreate), NULL, 0},
    {"cuStreamCreateWithPriority", 5050, ENTRY(cuStreamCreateWithPriority), NULL, 0},
    {"cuStreamDestroy", 4000, ENTRY(cuStreamDestroy_v2), NULL, 0},
    {"cuStreamDestroy", 2000, ENTRY(cuStreamDestroy), NULL, 0},
    {"cuStreamEndCapture", 10000, ENTRY(cuStreamEndCapture), ENTRY(cuStreamEndCapture_ptsz), 7000},
    {"cuStreamEndCaptureToCig", 13010, ENTRY(cuStreamEndCaptureToCig), ENTRY(cuStreamEndCaptureToCig_ptsz), 7000},
    {"cuStreamGetAttribute", 11000, ENTRY(cuStreamGetAttribute), ENTRY(cuStreamGetAttribute_ptsz), 7000},
    {"cuStreamGetCaptureInfo", 12030, ENTRY(cuStreamGetCaptureInfo_v3), ENTRY(cuStreamGetCaptureInfo_v3_ptsz), 7000},
    {"cuStreamGetCaptureInfo", 11030, ENTRY(cuStreamGetCaptureInfo_v2), ENTRY(cuStreamGetCaptureInfo_v2_ptsz), 7000},
    {"cuStreamGetCaptureInfo", 10010, ENTRY(cuStreamGetCaptureInfo), ENTRY(cuStreamGetCaptureInfo_ptsz), 7000},
    {"cuStreamGetCtx", 12050, ENTRY(cuStreamGetCtx_v2), ENTRY(cuStreamGetCtx_v2_ptsz), 7000},
    {"cuStreamGetCtx", 9020, ENTRY(cuStreamGetCtx), ENTRY(cuStreamGetCtx_ptsz), 7000},
    {"cuStreamGetDevResource", 13010, ENTRY(cuStreamGetDevResource), ENTRY(cuStreamGetDevResource_ptsz), 7000},
    {"cuStreamGetDevice", 12080, ENTRY(cuStreamGetDevice), ENTRY(cuStreamGetDevice_ptsz), 7000},
    {"cuStreamGetFlags", 5050, ENTRY(cuStreamGetFlags), ENTRY(cuStreamGetFlags_ptsz), 7000},
    {"cuStreamGetGreenCtx", 12040, ENTRY(cuStreamGetGreenCtx), NULL, 0},
    {"cuStreamGetId", 12000, ENTRY(cuStreamGetId), ENTRY(cuStreamGetId_ptsz), 7000},
    {"cuStreamGetPriority", 5050, ENTRY(cuStreamGetPriority), ENTRY(cuStreamGetPriority_ptsz), 7000},
    {"cuStreamIsCapturing", 10000, ENTRY(cuStreamIsCapturing), ENTRY(cuStreamIsCapturing_ptsz), 7000},
    {"cuStreamQuery", 2000, ENTRY(cuStreamQuery), ENTRY(cuStreamQuery_ptsz), 7000},
    {"cuStreamSetAttribute", 11000, ENTRY(cuStreamSetAttribute), ENTRY(cuStreamSetAttribute_ptsz), 7000},
    {"cuStreamSynchronize", 2000, ENTRY(cuStreamSynchronize), ENTRY(cuStreamSynchronize_ptsz), 7000},
    {"cuStreamUpdateCaptureDependencies", 12030, ENTRY(cuStreamUpdateCaptureDependencies_v2), ENTRY(cuStreamUpdateCaptureDependencies_v2_ptsz), 7000},
    {"cuStreamUpdateCaptureDependencies", 11030, ENTRY(cuStreamUpdateCaptureDependencies), ENTRY(cuStreamUpdateCaptureDependencies_ptsz), 7000},
    {"cuStreamWaitEvent", 3020, ENTRY(cuStreamWaitEvent), ENTRY(cuStreamWaitEvent_ptsz), 7000},
    {"cuStreamWaitValue32", 11070, ENTRY(cuStreamWaitValue32_v2), ENTRY(cuStreamWaitValue32_v2_ptsz), 7000},
    {"cuStreamWaitValue32", 8000, ENTRY(cuStreamWaitValue32), ENTRY(cuStreamWaitValue32_ptsz), 7000},
    {"cuStreamWaitValue64", 11070, ENTRY(cuStreamWaitValue64_v2), ENTRY(cuStreamWaitValue64_v2_ptsz), 7000},
    {"cuStreamWaitValue64", 9000, ENTRY(cuStreamWaitValue64), ENTRY(cuStreamWaitValue64_ptsz), 7000},
    {"cuStreamWriteValue32", 11070, ENTRY(cuStreamWriteValue32_v2), ENTRY(cuStreamWriteValue32_v2_ptsz), 7000},
    {"cuStreamWriteValue32", 8000, ENTRY(cuStreamWriteValue32), ENTRY(cuStreamWriteValue32_ptsz), 7000},
    {"cuStreamWriteValue64", 11070, ENTRY(cuStreamWriteValue64_v2), ENTRY(cuStreamWriteValue64_v2_ptsz), 7000},
    {"cuStreamWriteValue64", 9000, ENTRY(cuStreamWriteValue64), ENTRY(cuStreamWriteValue64_ptsz), 7000},
    {"cuSubgridCreate", 13030, ENTRY(cuSubgridCreate), NULL, 0},
    {"cuSubgridWorkerGridCreate", 13030, ENTRY(cuSubgridWorkerGridCreate), NULL, 0},
    {"cuSubgridWorksetCreate", 13030, ENTRY(cuSubgridWorksetCreate), NULL, 0},
    {"cuSurfObjectCreate", 5000, ENTRY(cuSurfObjectCreate), NULL, 0},
    {"cuSurfObjectDestroy", 5000, ENTRY(cuSurfObjectDestroy), NULL, 0},
    {"cuSurfObjectGetResourceDesc", 5000, ENTRY(cuSurfObjectGetResourceDesc), NULL, 0},
    {"cuSurfRefGetArray", 3000, ENTRY(cuSurfRefGetArray), NULL, 0},
    {"cuSurfRefSetArray", 3000, ENTRY(cuSurfRefSetArray), NULL, 0},
    {"cuTensorMapEncodeIm2col", 12000, ENTRY(cuTensorMapEncodeIm2col), NULL, 0},
    {"cuTensorMapEncodeIm2colWide", 12080, ENTRY(cuTensorMapEncodeIm2colWide), NULL, 0},
    {"cuTensorMapEncodeTiled", 12000, ENTRY(cuTensorMapEncodeTiled), NULL, 0},
    {"cuTensorMapReplaceAddress", 12000, ENTRY(cuTensorMapReplaceAddress), NULL, 0},
    {"cuTensorMapSetAllocationClass", 13050, ENTRY(cuTensorMapSetAllocationClass), NULL, 0},
    {"cuTexObjectCreate", 5000, ENTRY(cuTexObjectCreate), NULL, 0},
    {"cuTexObjectDestroy", 5000, ENTRY(cuTexObjectDestroy), NULL, 0},
    {"cuTexObjectGetResourceDesc", 5000, ENTRY(cuTexObjectGetResourceDesc), NULL, 0},
    {"cuTexObjectGetResourceViewDesc", 5000, ENTRY(cuTexObjectGetResourceViewDesc), NULL, 0},
    {"cuTexObjectGetTextureDesc", 5000, ENTRY(cuTexObjectGetTextureDesc), NULL, 0},
    {"cuTexRefCreate", 2000, ENTRY(cuTexRefCreate), NULL, 0},
    {"cuTexRefDestroy", 2000, ENTRY(cuTexRefDestroy), NULL, 0},
    {"cuTexRefGetAddress", 3020, ENTRY(cuTexRefGetAddress_v2), NULL, 0},
    {"cuTexRefGetAddress", 2000, ENTRY(cuTexRefGetAddress), NULL, 0},
    {"cuTexRefGetAddressMode", 2000, ENTRY(cuTexRefGetAddressMode), NULL, 0},
    {"cuTexRefGetArray", 2000, ENTRY(cuTexRefGetArray), NULL, 0},
    {"cuTexRefGetBorderColor", 8000, ENTRY(cuTexRefGetBorderColor), NULL, 0},
    {"cuTexRefGetFilterMode", 2000, ENTRY(cuTexRefGetFilterMode), NULL, 0},
    {"cuTexRefGetFlags", 2000, ENTRY(cuTexRefGetFlags), NULL, 0},
    {"cuTexRefGetFormat", 2000, ENTRY(cuTexRefGetFormat), NULL, 0},
    {"cuTexRefGetMaxAnisotropy", 5000, ENTRY(cuTexRefGetMaxAnisotropy), NULL, 0},
    {"cuTexRefGetMipmapFilterMode", 5000, ENTRY(cuTexRefGetMipmapFilterMode), NULL, 0},
    {"cuTexRefGetMipmapLevelBias", 5000, ENTRY(cuTexRefGetMipmapLevelBias), NULL, 0},
    {"cuTexRefGetMipmapLevelClamp", 5000, ENTRY(cuTexRefGetMipmapLevelClamp), NULL, 0},
    {"cuTexRefGetMipmappedArray", 5000, ENTRY(cuTexRefGetMipmappedArray), NULL, 0},
    {"cuTexRefSetAddress", 3020, ENTRY(cuTexRefSetAddress_v2), NULL, 0},
    {"cuTexRefSetAddress", 2000, ENTRY(cuTexRefSetAddress), NULL, 0},
    {"cuTexRefSetAddress2D", 4010, ENTRY(cuTexRefSetAddress2D_v3), NULL, 0},
    {"cuTexRefSetAddress2D", 3020, ENTRY(cuTexRefSetAddress2D_v2), NULL, 0},
    {"cuTexRefSetAddress2D", 2020, ENTRY(cuTexRefSetAddress2D), NULL, 0},
    {"cuTexRefSetAddressMode", 2000, ENTRY(cuTexRefSetAddressMode), NULL, 0},
    {"cuTexRefSetArray", 2000, ENTRY(cuTexRefSetArray), NULL, 0},
    {"cuTexRefSetBorderColor", 8000, ENTRY(cuTexRefSetBorderColor), NULL, 0},
    {"cuTexRefSetFilterMode", 2000, ENTRY(cuTexRefSetFilterMode), NULL, 0},
    {"cuTexRefSetFlags", 2000, ENTRY(cuTexRefSetFlags), NULL, 0},
    {"cuTexRefSetFormat", 2000, ENTRY(cuTexRefSetFormat), NULL, 0},
    {"cuTexRefSetMaxAnisotropy", 5000, ENTRY(cuTexRefSetMaxAnisotropy), NULL, 0},
    {"cuTexRefSetMipmapFilterMode", 5000, ENTRY(cuTexRefSetMipmapFilterMode), NULL, 0},
    {"cuTexRefSetMipmapLevelBias", 5000, ENTRY(cuTexRefSetMipmapLevelBias), NULL, 0},
    {"cuTexRefSetMipmapLevelClamp", 5000, ENTRY(cuTexRefSetMipmapLevelClamp), NULL, 0},
    {"cuTexRefSetMipmappedArray", 5000, ENTRY(cuTexRefSetMipmappedArray), NULL, 0},
    {"cuThreadExchangeStreamCaptureMode", 10010, ENTRY(cuThreadExchangeStreamCaptureMode), NULL, 0},
    {"cuUserObjectCreate", 11030, ENTRY(cuUserObjectCreate), NULL, 0},
    {"cuUserObjectRelease", 11030, ENTRY(cuUserObjectRelease), NULL, 0},
    {"cuUserObjectRetain", 11030, ENTRY(cuUserObjectRetain), NULL, 0},
    {"cuVDPAUCtxCreate", 3020, ENTRY(cuVDPAUCtxCreate_v2), NULL, 0},
    {"cuVDPAUCtxCreate", 3010, ENTRY(cuVDPAUCtxCreate), NULL, 0},
    {"cuVDPAUGetDevice", 3010, ENTRY(cuVDPAUGetDevice), NULL, 0},
    {"cuWaitExternalSemaphoresAsync", 10000, ENTRY(cuWaitExternalSemaphoresAsync), ENTRY(cuWaitExternalSemaphoresAsync_ptsz), 7000},
    {NULL, 0, NULL, NULL, 0},
};

const size_t sim_entries_count = sizeof sim_entries / sizeof *sim_entries - 1;
