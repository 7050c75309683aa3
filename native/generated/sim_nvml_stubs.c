/* What the simulated libnvidia-ml.so.1 answers where it simulates nothing.
 * Generated from native/manifest/nvml.def by `python -m native.generator`; do not edit. */
#include "nvml_api.h"

#define STUB __attribute__((weak))

STUB nvmlReturn_t nvmlInit_v2(void)
{
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlInitWithFlags(unsigned int flags)
{
    (void)flags;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlShutdown(void)
{
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB const char *nvmlErrorString(nvmlReturn_t result)
{
    (void)result;
    return "not simulated";
}

STUB nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length)
{
    (void)version;
    (void)length;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlSystemGetNVMLVersion(char *version, unsigned int length)
{
    (void)version;
    (void)length;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlSystemGetCudaDriverVersion(int *version)
{
    (void)version;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int *version)
{
    (void)version;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count)
{
    (void)count;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device)
{
    (void)index;
    (void)device;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device)
{
    (void)uuid;
    (void)device;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetHandleByPciBusId_v2(const char *bus_id, nvmlDevice_t *device)
{
    (void)bus_id;
    (void)device;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length)
{
    (void)device;
    (void)name;
    (void)length;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length)
{
    (void)device;
    (void)uuid;
    (void)length;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetIndex(nvmlDevice_t device, unsigned int *index)
{
    (void)device;
    (void)index;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetMinorNumber(nvmlDevice_t device, unsigned int *minor)
{
    (void)device;
    (void)minor;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetBrand(nvmlDevice_t device, nvmlBrandType_t *brand)
{
    (void)device;
    (void)brand;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetArchitecture(nvmlDevice_t device, nvmlDeviceArchitecture_t *architecture)
{
    (void)device;
    (void)architecture;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetCudaComputeCapability(nvmlDevice_t device, int *major, int *minor)
{
    (void)device;
    (void)major;
    (void)minor;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory)
{
    (void)device;
    (void)memory;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory)
{
    (void)device;
    (void)memory;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t *pci)
{
    (void)device;
    (void)pci;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned int *current, unsigned int *pending)
{
    (void)device;
    (void)current;
    (void)pending;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization)
{
    (void)device;
    (void)utilization;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetComputeRunningProcesses(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v2(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v2(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetMPSComputeRunningProcesses(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetMPSComputeRunningProcesses_v2(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetMPSComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetProcessUtilization(nvmlDevice_t device, nvmlProcessUtilizationSample_t *samples, unsigned int *count, unsigned long long since_us)
{
    (void)device;
    (void)samples;
    (void)count;
    (void)since_us;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetProcessesUtilizationInfo(nvmlDevice_t device, nvmlProcessesUtilizationInfo_t *info)
{
    (void)device;
    (void)info;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetAccountingPids(nvmlDevice_t device, unsigned int *count, unsigned int *pids)
{
    (void)device;
    (void)count;
    (void)pids;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetAccountingStats(nvmlDevice_t device, unsigned int pid, nvmlAccountingStats_t *stats)
{
    (void)device;
    (void)pid;
    (void)stats;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetAccountingStats_v2(nvmlDevice_t device, nvmlAccountingStats_v2_t *stats)
{
    (void)device;
    (void)stats;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetRunningProcessDetailList(nvmlDevice_t device, nvmlProcessDetailList_t *list)
{
    (void)device;
    (void)list;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetSamples(nvmlDevice_t device, nvmlSamplingType_t kind, unsigned long long since_us, nvmlValueType_t *type, unsigned int *count, nvmlSample_t *samples)
{
    (void)device;
    (void)kind;
    (void)since_us;
    (void)type;
    (void)count;
    (void)samples;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDevicePerfMetricsGetSamples_v1(nvmlDevice_t device, nvmlPerfMetricsSamples_v1_t *samples)
{
    (void)device;
    (void)samples;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetDynamicPstatesInfo(nvmlDevice_t device, nvmlGpuDynamicPstatesInfo_t *info)
{
    (void)device;
    (void)info;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetEncoderUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    (void)device;
    (void)percent;
    (void)period_us;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetDecoderUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    (void)device;
    (void)percent;
    (void)period_us;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetJpgUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    (void)device;
    (void)percent;
    (void)period_us;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetOfaUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    (void)device;
    (void)percent;
    (void)period_us;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetEncoderStats(nvmlDevice_t device, unsigned int *sessions, unsigned int *frames_per_s, unsigned int *latency_us)
{
    (void)device;
    (void)sessions;
    (void)frames_per_s;
    (void)latency_us;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetEncoderSessions(nvmlDevice_t device, unsigned int *count, nvmlEncoderSessionInfo_t *sessions)
{
    (void)device;
    (void)count;
    (void)sessions;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetFBCStats(nvmlDevice_t device, nvmlFBCStats_t *stats)
{
    (void)device;
    (void)stats;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetFBCSessions(nvmlDevice_t device, unsigned int *count, nvmlFBCSessionInfo_t *sessions)
{
    (void)device;
    (void)count;
    (void)sessions;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlGpmQueryDeviceSupport(nvmlDevice_t device, nvmlGpmSupport_t *support)
{
    (void)device;
    (void)support;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlGpmSampleGet(nvmlDevice_t device, nvmlGpmSample_t sample)
{
    (void)device;
    (void)sample;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlGpmMigSampleGet(nvmlDevice_t device, unsigned int gpu_instance, nvmlGpmSample_t sample)
{
    (void)device;
    (void)gpu_instance;
    (void)sample;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t device, unsigned int *count)
{
    (void)device;
    (void)count;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t device, unsigned int index, nvmlDevice_t *mig)
{
    (void)device;
    (void)index;
    (void)mig;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceIsMigDeviceHandle(nvmlDevice_t device, unsigned int *is_mig)
{
    (void)device;
    (void)is_mig;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetDeviceHandleFromMigDeviceHandle(nvmlDevice_t mig, nvmlDevice_t *device)
{
    (void)mig;
    (void)device;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetGpuInstanceId(nvmlDevice_t mig, unsigned int *id)
{
    (void)mig;
    (void)id;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetComputeInstanceId(nvmlDevice_t mig, unsigned int *id)
{
    (void)mig;
    (void)id;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetAttributes_v2(nvmlDevice_t mig, nvmlDeviceAttributes_t *attributes)
{
    (void)mig;
    (void)attributes;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetGpuInstanceById(nvmlDevice_t device, unsigned int id, nvmlGpuInstance_t *gpu_instance)
{
    (void)device;
    (void)id;
    (void)gpu_instance;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlGpuInstanceGetInfo(nvmlGpuInstance_t gpu_instance, nvmlGpuInstanceInfo_t *info)
{
    (void)gpu_instance;
    (void)info;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetNvLinkState(nvmlDevice_t device, unsigned int link, nvmlEnableState_t *active)
{
    (void)device;
    (void)link;
    (void)active;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetNvLinkRemotePciInfo_v2(nvmlDevice_t device, unsigned int link, nvmlPciInfo_t *pci)
{
    (void)device;
    (void)link;
    (void)pci;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, nvmlTemperatureSensors_t sensor, unsigned int *temperature)
{
    (void)device;
    (void)sensor;
    (void)temperature;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned int *milliwatts)
{
    (void)device;
    (void)milliwatts;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t device, nvmlMemoryErrorType_t error, nvmlEccCounterType_t counter, unsigned long long *count)
{
    (void)device;
    (void)error;
    (void)counter;
    (void)count;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetMemoryErrorCounter(nvmlDevice_t device, nvmlMemoryErrorType_t error, nvmlEccCounterType_t counter, nvmlMemoryLocation_t location, unsigned long long *count)
{
    (void)device;
    (void)error;
    (void)counter;
    (void)location;
    (void)count;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t device, int count, nvmlFieldValue_t *values)
{
    (void)device;
    (void)count;
    (void)values;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetSupportedEventTypes(nvmlDevice_t device, unsigned long long *kinds)
{
    (void)device;
    (void)kinds;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceRegisterEvents(nvmlDevice_t device, unsigned long long kinds, nvmlEventSet_t set)
{
    (void)device;
    (void)kinds;
    (void)set;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlEventSetCreate(nvmlEventSet_t *set)
{
    (void)set;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t *data, unsigned int timeout_ms)
{
    (void)set;
    (void)data;
    (void)timeout_ms;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlEventSetFree(nvmlEventSet_t set)
{
    (void)set;
    return NVML_ERROR_NOT_SUPPORTED;
}

/* Functions that we know by name alone. Each has an address of its own, as in the driver, and reads no argument. */
#pragma GCC visibility push(default)
#define SHORT_STUB(name) nvmlReturn_t name(void) { return NVML_ERROR_NOT_SUPPORTED; }
SHORT_STUB(nvmlComputeInstanceDestroy)
SHORT_STUB(nvmlComputeInstanceGetInfo)
SHORT_STUB(nvmlComputeInstanceGetInfo_v2)
SHORT_STUB(nvmlDeviceCcuGetStreamState)
SHORT_STUB(nvmlDeviceCcuSetStreamState)
SHORT_STUB(nvmlDeviceClearAccountingPids)
SHORT_STUB(nvmlDeviceClearCpuAffinity)
SHORT_STUB(nvmlDeviceClearEccErrorCounts)
SHORT_STUB(nvmlDeviceClearFieldValues)
SHORT_STUB(nvmlDeviceCreateGpuInstance)
SHORT_STUB(nvmlDeviceCreateGpuInstanceWithPlacement)
SHORT_STUB(nvmlDeviceDiscoverGpus)
SHORT_STUB(nvmlDeviceFreezeNvLinkUtilizationCounter)
SHORT_STUB(nvmlDeviceGetAPIRestriction)
SHORT_STUB(nvmlDeviceGetAccountingBufferSize)
SHORT_STUB(nvmlDeviceGetAccountingMode)
SHORT_STUB(nvmlDeviceGetActiveVgpus)
SHORT_STUB(nvmlDeviceGetAdaptiveClockInfoStatus)
SHORT_STUB(nvmlDeviceGetAdaptiveTgpModeInfo_v1)
SHORT_STUB(nvmlDeviceGetAddressingMode)
SHORT_STUB(nvmlDeviceGetApplicationsClock)
SHORT_STUB(nvmlDeviceGetAttributes)
SHORT_STUB(nvmlDeviceGetAutoBoostedClocksEnabled)
SHORT_STUB(nvmlDeviceGetBAR1MemoryInfo)
SHORT_STUB(nvmlDeviceGetBBXTimeData_v1)
SHORT_STUB(nvmlDeviceGetBankRemapperStatus_v1)
SHORT_STUB(nvmlDeviceGetBoardId)
SHORT_STUB(nvmlDeviceGetBoardPartNumber)
SHORT_STUB(nvmlDeviceGetBridgeChipInfo)
SHORT_STUB(nvmlDeviceGetBusType)
SHORT_STUB(nvmlDeviceGetC2cModeInfoV)
SHORT_STUB(nvmlDeviceGetCapabilities)
SHORT_STUB(nvmlDeviceGetClkMonStatus)
SHORT_STUB(nvmlDeviceGetClock)
SHORT_STUB(nvmlDeviceGetClockInfo)
SHORT_STUB(nvmlDeviceGetClockOffsets)
SHORT_STUB(nvmlDeviceGetComputeMode)
SHORT_STUB(nvmlDeviceGetConfComputeGpuAttestationReport)
SHORT_STUB(nvmlDeviceGetConfComputeGpuCertificate)
SHORT_STUB(nvmlDeviceGetConfComputeMemSizeInfo)
SHORT_STUB(nvmlDeviceGetConfComputeProtectedMemoryUsage)
SHORT_STUB(nvmlDeviceGetCoolerInfo)
SHORT_STUB(nvmlDeviceGetCount)
SHORT_STUB(nvmlDeviceGetCpuAffinity)
SHORT_STUB(nvmlDeviceGetCpuAffinityWithinScope)
SHORT_STUB(nvmlDeviceGetCreatableVgpus)
SHORT_STUB(nvmlDeviceGetCurrPcieLinkGeneration)
SHORT_STUB(nvmlDeviceGetCurrPcieLinkWidth)
SHORT_STUB(nvmlDeviceGetCurrentClockFreqs)
SHORT_STUB(nvmlDeviceGetCurrentClocksEventReasons)
SHORT_STUB(nvmlDeviceGetCurrentClocksThrottleReasons)
SHORT_STUB(nvmlDeviceGetDefaultApplicationsClock)
SHORT_STUB(nvmlDeviceGetDefaultEccMode)
SHORT_STUB(nvmlDeviceGetDetailedEccErrors)
SHORT_STUB(nvmlDeviceGetDisplayActive)
SHORT_STUB(nvmlDeviceGetDisplayMode)
SHORT_STUB(nvmlDeviceGetDramEncryptionMode)
SHORT_STUB(nvmlDeviceGetDriverModel)
SHORT_STUB(nvmlDeviceGetDriverModel_v2)
SHORT_STUB(nvmlDeviceGetEccMode)
SHORT_STUB(nvmlDeviceGetEncoderCapacity)
SHORT_STUB(nvmlDeviceGetEnforcedPowerLimit)
SHORT_STUB(nvmlDeviceGetFanControlPolicy_v2)
SHORT_STUB(nvmlDeviceGetFanSpeed)
SHORT_STUB(nvmlDeviceGetFanSpeedRPM)
SHORT_STUB(nvmlDeviceGetFanSpeed_v2)
SHORT_STUB(nvmlDeviceGetGpcClkMinMaxVfOffset)
SHORT_STUB(nvmlDeviceGetGpcClkVfOffset)
SHORT_STUB(nvmlDeviceGetGpuFabricInfo)
SHORT_STUB(nvmlDeviceGetGpuFabricInfoV)
SHORT_STUB(nvmlDeviceGetGpuFabricInfo_v4)
SHORT_STUB(nvmlDeviceGetGpuInstancePossiblePlacements)
SHORT_STUB(nvmlDeviceGetGpuInstancePossiblePlacements_v2)
SHORT_STUB(nvmlDeviceGetGpuInstanceProfileInfo)
SHORT_STUB(nvmlDeviceGetGpuInstanceProfileInfoByIdV)
SHORT_STUB(nvmlDeviceGetGpuInstanceProfileInfoV)
SHORT_STUB(nvmlDeviceGetGpuInstanceRemainingCapacity)
SHORT_STUB(nvmlDeviceGetGpuInstances)
SHORT_STUB(nvmlDeviceGetGpuMaxPcieLinkGeneration)
SHORT_STUB(nvmlDeviceGetGpuOperationMode)
SHORT_STUB(nvmlDeviceGetGpuUptime_v1)
SHORT_STUB(nvmlDeviceGetGridLicensableFeatures)
SHORT_STUB(nvmlDeviceGetGridLicensableFeatures_v2)
SHORT_STUB(nvmlDeviceGetGridLicensableFeatures_v3)
SHORT_STUB(nvmlDeviceGetGridLicensableFeatures_v4)
SHORT_STUB(nvmlDeviceGetGspFirmwareMode)
SHORT_STUB(nvmlDeviceGetGspFirmwareVersion)
SHORT_STUB(nvmlDeviceGetHandleByIndex)
SHORT_STUB(nvmlDeviceGetHandleByPciBusId)
SHORT_STUB(nvmlDeviceGetHandleBySerial)
SHORT_STUB(nvmlDeviceGetHandleByUUIDV)
SHORT_STUB(nvmlDeviceGetHostVgpuMode)
SHORT_STUB(nvmlDeviceGetHostname_v1)
SHORT_STUB(nvmlDeviceGetInforomConfigurationChecksum)
SHORT_STUB(nvmlDeviceGetInforomImageVersion)
SHORT_STUB(nvmlDeviceGetInforomVersion)
SHORT_STUB(nvmlDeviceGetIrqNum)
SHORT_STUB(nvmlDeviceGetLastBBXFlushTime)
SHORT_STUB(nvmlDeviceGetMarginTemperature)
SHORT_STUB(nvmlDeviceGetMaxClockInfo)
SHORT_STUB(nvmlDeviceGetMaxCustomerBoostClock)
SHORT_STUB(nvmlDeviceGetMaxPcieLinkGeneration)
SHORT_STUB(nvmlDeviceGetMaxPcieLinkWidth)
SHORT_STUB(nvmlDeviceGetMemClkMinMaxVfOffset)
SHORT_STUB(nvmlDeviceGetMemClkVfOffset)
SHORT_STUB(nvmlDeviceGetMemoryAffinity)
SHORT_STUB(nvmlDeviceGetMemoryBusWidth)
SHORT_STUB(nvmlDeviceGetMemoryLimits_v1)
SHORT_STUB(nvmlDeviceGetMinMaxClockOfPState)
SHORT_STUB(nvmlDeviceGetMinMaxFanSpeed)
SHORT_STUB(nvmlDeviceGetModuleId)
SHORT_STUB(nvmlDeviceGetMultiGpuBoard)
SHORT_STUB(nvmlDeviceGetNumFans)
SHORT_STUB(nvmlDeviceGetNumGpuCores)
SHORT_STUB(nvmlDeviceGetNumaNodeId)
SHORT_STUB(nvmlDeviceGetNvLinkCapability)
SHORT_STUB(nvmlDeviceGetNvLinkErrorCounter)
SHORT_STUB(nvmlDeviceGetNvLinkInfo)
SHORT_STUB(nvmlDeviceGetNvLinkInfo_v3)
SHORT_STUB(nvmlDeviceGetNvLinkRemoteDeviceType)
SHORT_STUB(nvmlDeviceGetNvLinkRemotePciInfo)
SHORT_STUB(nvmlDeviceGetNvLinkTelemetrySamples_v1)
SHORT_STUB(nvmlDeviceGetNvLinkUtilizationControl)
SHORT_STUB(nvmlDeviceGetNvLinkUtilizationCounter)
SHORT_STUB(nvmlDeviceGetNvLinkVersion)
SHORT_STUB(nvmlDeviceGetNvlinkBwMode)
SHORT_STUB(nvmlDeviceGetNvlinkNvlePrivateInfo_v1)
SHORT_STUB(nvmlDeviceGetNvlinkRemapTableInfo_v1)
SHORT_STUB(nvmlDeviceGetNvlinkSupportedBwModes)
SHORT_STUB(nvmlDeviceGetP2PStatus)
SHORT_STUB(nvmlDeviceGetPciInfo)
SHORT_STUB(nvmlDeviceGetPciInfoExt)
SHORT_STUB(nvmlDeviceGetPciInfo_v2)
SHORT_STUB(nvmlDeviceGetPcieLinkMaxSpeed)
SHORT_STUB(nvmlDeviceGetPcieReplayCounter)
SHORT_STUB(nvmlDeviceGetPcieSpeed)
SHORT_STUB(nvmlDeviceGetPcieThroughput)
SHORT_STUB(nvmlDeviceGetPdi)
SHORT_STUB(nvmlDeviceGetPerformanceModes)
SHORT_STUB(nvmlDeviceGetPerformanceState)
SHORT_STUB(nvmlDeviceGetPersistenceMode)
SHORT_STUB(nvmlDeviceGetPgpuMetadataString)
SHORT_STUB(nvmlDeviceGetPlatformInfo)
SHORT_STUB(nvmlDeviceGetPowerManagementDefaultLimit)
SHORT_STUB(nvmlDeviceGetPowerManagementLimit)
SHORT_STUB(nvmlDeviceGetPowerManagementLimitConstraints)
SHORT_STUB(nvmlDeviceGetPowerManagementMode)
SHORT_STUB(nvmlDeviceGetPowerMizerMode_v1)
SHORT_STUB(nvmlDeviceGetPowerMode)
SHORT_STUB(nvmlDeviceGetPowerSource)
SHORT_STUB(nvmlDeviceGetPowerState)
SHORT_STUB(nvmlDeviceGetRemappedRows)
SHORT_STUB(nvmlDeviceGetRemappedRows_v2)
SHORT_STUB(nvmlDeviceGetRepairStatus)
SHORT_STUB(nvmlDeviceGetRetiredPages)
SHORT_STUB(nvmlDeviceGetRetiredPagesPendingStatus)
SHORT_STUB(nvmlDeviceGetRetiredPages_v2)
SHORT_STUB(nvmlDeviceGetRowRemapperHistogram)
SHORT_STUB(nvmlDeviceGetSerial)
SHORT_STUB(nvmlDeviceGetSramEccErrorStatus)
SHORT_STUB(nvmlDeviceGetSramUniqueUncorrectedEccErrorCounts)
SHORT_STUB(nvmlDeviceGetSupportedClocksEventReasons)
SHORT_STUB(nvmlDeviceGetSupportedClocksThrottleReasons)
SHORT_STUB(nvmlDeviceGetSupportedGraphicsClocks)
SHORT_STUB(nvmlDeviceGetSupportedMemoryClocks)
SHORT_STUB(nvmlDeviceGetSupportedPerformanceStates)
SHORT_STUB(nvmlDeviceGetSupportedPowerModes)
SHORT_STUB(nvmlDeviceGetSupportedVgpus)
SHORT_STUB(nvmlDeviceGetTargetFanSpeed)
SHORT_STUB(nvmlDeviceGetTemperatureThreshold)
SHORT_STUB(nvmlDeviceGetTemperatureV)
SHORT_STUB(nvmlDeviceGetThermalSettings)
SHORT_STUB(nvmlDeviceGetTopologyCommonAncestor)
SHORT_STUB(nvmlDeviceGetTopologyNearestGpus)
SHORT_STUB(nvmlDeviceGetTotalEnergyConsumption)
SHORT_STUB(nvmlDeviceGetUnrepairableMemoryFlag_v1)
SHORT_STUB(nvmlDeviceGetVbiosVersion)
SHORT_STUB(nvmlDeviceGetVgpuCapabilities)
SHORT_STUB(nvmlDeviceGetVgpuHeterogeneousMode)
SHORT_STUB(nvmlDeviceGetVgpuInstancesUtilizationInfo)
SHORT_STUB(nvmlDeviceGetVgpuMetadata)
SHORT_STUB(nvmlDeviceGetVgpuProcessUtilization)
SHORT_STUB(nvmlDeviceGetVgpuProcessesUtilizationInfo)
SHORT_STUB(nvmlDeviceGetVgpuSchedulerCapabilities)
SHORT_STUB(nvmlDeviceGetVgpuSchedulerLog)
SHORT_STUB(nvmlDeviceGetVgpuSchedulerLog_v2)
SHORT_STUB(nvmlDeviceGetVgpuSchedulerState)
SHORT_STUB(nvmlDeviceGetVgpuSchedulerState_v2)
SHORT_STUB(nvmlDeviceGetVgpuTypeCreatablePlacements)
SHORT_STUB(nvmlDeviceGetVgpuTypeSupportedPlacements)
SHORT_STUB(nvmlDeviceGetVgpuUtilization)
SHORT_STUB(nvmlDeviceGetViolationStatus)
SHORT_STUB(nvmlDeviceGetVirtualizationMode)
SHORT_STUB(nvmlDeviceLockNvlinkRemapTable_v1)
SHORT_STUB(nvmlDeviceModifyDrainState)
SHORT_STUB(nvmlDeviceOnSameBoard)
SHORT_STUB(nvmlDevicePowerSmoothingActivatePresetProfile)
SHORT_STUB(nvmlDevicePowerSmoothingSetState)
SHORT_STUB(nvmlDevicePowerSmoothingUpdatePresetProfileParam)
SHORT_STUB(nvmlDeviceQueryDrainState)
SHORT_STUB(nvmlDeviceReadPRMCounters_v1)
SHORT_STUB(nvmlDeviceReadWritePRM_v1)
SHORT_STUB(nvmlDeviceRemoveGpu)
SHORT_STUB(nvmlDeviceRemoveGpu_v2)
SHORT_STUB(nvmlDeviceResetApplicationsClocks)
SHORT_STUB(nvmlDeviceResetGpuLockedClocks)
SHORT_STUB(nvmlDeviceResetMemoryLockedClocks)
SHORT_STUB(nvmlDeviceResetNvLinkErrorCounters)
SHORT_STUB(nvmlDeviceResetNvLinkUtilizationCounter)
SHORT_STUB(nvmlDeviceSetAPIRestriction)
SHORT_STUB(nvmlDeviceSetAccountingMode)
SHORT_STUB(nvmlDeviceSetAdaptiveTgpMode_v1)
SHORT_STUB(nvmlDeviceSetApplicationsClocks)
SHORT_STUB(nvmlDeviceSetAutoBoostedClocksEnabled)
SHORT_STUB(nvmlDeviceSetClockOffsets)
SHORT_STUB(nvmlDeviceSetComputeMode)
SHORT_STUB(nvmlDeviceSetConfComputeUnprotectedMemSize)
SHORT_STUB(nvmlDeviceSetCpuAffinity)
SHORT_STUB(nvmlDeviceSetDefaultAutoBoostedClocksEnabled)
SHORT_STUB(nvmlDeviceSetDefaultFanSpeed_v2)
SHORT_STUB(nvmlDeviceSetDramEncryptionMode)
SHORT_STUB(nvmlDeviceSetDriverModel)
SHORT_STUB(nvmlDeviceSetEccMode)
SHORT_STUB(nvmlDeviceSetFanControlPolicy)
SHORT_STUB(nvmlDeviceSetFanSpeed_v2)
SHORT_STUB(nvmlDeviceSetGpcClkVfOffset)
SHORT_STUB(nvmlDeviceSetGpuLockedClocks)
SHORT_STUB(nvmlDeviceSetGpuOperationMode)
SHORT_STUB(nvmlDeviceSetHostname_v1)
SHORT_STUB(nvmlDeviceSetMemClkVfOffset)
SHORT_STUB(nvmlDeviceSetMemoryLimits_v1)
SHORT_STUB(nvmlDeviceSetMemoryLockedClocks)
SHORT_STUB(nvmlDeviceSetMigMode)
SHORT_STUB(nvmlDeviceSetNvLinkDeviceLowPowerThreshold)
SHORT_STUB(nvmlDeviceSetNvLinkUtilizationControl)
SHORT_STUB(nvmlDeviceSetNvlinkBwMode)
SHORT_STUB(nvmlDeviceSetNvlinkBwModeAsync_v1)
SHORT_STUB(nvmlDeviceSetNvlinkNvleReady_v1)
SHORT_STUB(nvmlDeviceSetPersistenceMode)
SHORT_STUB(nvmlDeviceSetPowerManagementLimit)
SHORT_STUB(nvmlDeviceSetPowerManagementLimit_v2)
SHORT_STUB(nvmlDeviceSetPowerMizerMode_v1)
SHORT_STUB(nvmlDeviceSetPowerMode)
SHORT_STUB(nvmlDeviceSetRusdSettings_v1)
SHORT_STUB(nvmlDeviceSetTemperatureThreshold)
SHORT_STUB(nvmlDeviceSetVgpuCapabilities)
SHORT_STUB(nvmlDeviceSetVgpuHeterogeneousMode)
SHORT_STUB(nvmlDeviceSetVgpuSchedulerState)
SHORT_STUB(nvmlDeviceSetVgpuSchedulerState_v2)
SHORT_STUB(nvmlDeviceSetVirtualizationMode)
SHORT_STUB(nvmlDeviceSetupNvlinkNvleEncryptionKey_v1)
SHORT_STUB(nvmlDeviceValidateInforom)
SHORT_STUB(nvmlDeviceVgpuForceGspUnload)
SHORT_STUB(nvmlDeviceWorkloadPowerProfileClearRequestedProfiles)
SHORT_STUB(nvmlDeviceWorkloadPowerProfileGetCurrentProfiles)
SHORT_STUB(nvmlDeviceWorkloadPowerProfileGetProfilesInfo)
SHORT_STUB(nvmlDeviceWorkloadPowerProfileSetRequestedProfiles)
SHORT_STUB(nvmlDeviceWorkloadPowerProfileUpdateProfiles_v1)
SHORT_STUB(nvmlEventSetGetContextCount_v1)
SHORT_STUB(nvmlEventSetGetContextData_v1)
SHORT_STUB(nvmlEventSetGetContextInfo_v1)
SHORT_STUB(nvmlEventSetGetGpuOperationalEventContextLegacyXid_v1)
SHORT_STUB(nvmlEventSetRegisterGpuOperationalEvents_v1)
SHORT_STUB(nvmlEventSetWait)
SHORT_STUB(nvmlEventSetWait_v3)
SHORT_STUB(nvmlGetExcludedDeviceCount)
SHORT_STUB(nvmlGetExcludedDeviceInfoByIndex)
SHORT_STUB(nvmlGetVgpuCompatibility)
SHORT_STUB(nvmlGetVgpuDriverCapabilities)
SHORT_STUB(nvmlGetVgpuVersion)
SHORT_STUB(nvmlGpmMetricsGet)
SHORT_STUB(nvmlGpmQueryIfStreamingEnabled)
SHORT_STUB(nvmlGpmSampleAlloc)
SHORT_STUB(nvmlGpmSampleFree)
SHORT_STUB(nvmlGpmSetStreamingEnabled)
SHORT_STUB(nvmlGpuInstanceCreateComputeInstance)
SHORT_STUB(nvmlGpuInstanceCreateComputeInstanceWithPlacement)
SHORT_STUB(nvmlGpuInstanceDestroy)
SHORT_STUB(nvmlGpuInstanceGetActiveVgpus)
SHORT_STUB(nvmlGpuInstanceGetComputeInstanceById)
SHORT_STUB(nvmlGpuInstanceGetComputeInstancePossiblePlacements)
SHORT_STUB(nvmlGpuInstanceGetComputeInstanceProfileInfo)
SHORT_STUB(nvmlGpuInstanceGetComputeInstanceProfileInfoV)
SHORT_STUB(nvmlGpuInstanceGetComputeInstanceRemainingCapacity)
SHORT_STUB(nvmlGpuInstanceGetComputeInstances)
SHORT_STUB(nvmlGpuInstanceGetCreatableVgpus)
SHORT_STUB(nvmlGpuInstanceGetVgpuHeterogeneousMode)
SHORT_STUB(nvmlGpuInstanceGetVgpuSchedulerLog)
SHORT_STUB(nvmlGpuInstanceGetVgpuSchedulerLog_v2)
SHORT_STUB(nvmlGpuInstanceGetVgpuSchedulerState)
SHORT_STUB(nvmlGpuInstanceGetVgpuSchedulerState_v2)
SHORT_STUB(nvmlGpuInstanceGetVgpuTypeCreatablePlacements)
SHORT_STUB(nvmlGpuInstanceSetVgpuHeterogeneousMode)
SHORT_STUB(nvmlGpuInstanceSetVgpuSchedulerState)
SHORT_STUB(nvmlGpuInstanceSetVgpuSchedulerState_v2)
SHORT_STUB(nvmlInit)
SHORT_STUB(nvmlSetVgpuVersion)
SHORT_STUB(nvmlSystemEventSetCreate)
SHORT_STUB(nvmlSystemEventSetFree)
SHORT_STUB(nvmlSystemEventSetWait)
SHORT_STUB(nvmlSystemGetCPER_v1)
SHORT_STUB(nvmlSystemGetConfComputeCapabilities)
SHORT_STUB(nvmlSystemGetConfComputeGpusReadyState)
SHORT_STUB(nvmlSystemGetConfComputeKeyRotationThresholdInfo)
SHORT_STUB(nvmlSystemGetConfComputeSettings)
SHORT_STUB(nvmlSystemGetConfComputeSettings_v2)
SHORT_STUB(nvmlSystemGetConfComputeState)
SHORT_STUB(nvmlSystemGetDriverBranch)
SHORT_STUB(nvmlSystemGetHicVersion)
SHORT_STUB(nvmlSystemGetNvlinkBwMode)
SHORT_STUB(nvmlSystemGetProcessName)
SHORT_STUB(nvmlSystemGetTopologyGpuSet)
SHORT_STUB(nvmlSystemRegisterEvents)
SHORT_STUB(nvmlSystemSetConfComputeGpusReadyState)
SHORT_STUB(nvmlSystemSetConfComputeKeyRotationThresholdInfo)
SHORT_STUB(nvmlSystemSetNvlinkBwMode)
SHORT_STUB(nvmlUnitGetCount)
SHORT_STUB(nvmlUnitGetDevices)
SHORT_STUB(nvmlUnitGetFanSpeedInfo)
SHORT_STUB(nvmlUnitGetHandleByIndex)
SHORT_STUB(nvmlUnitGetLedState)
SHORT_STUB(nvmlUnitGetPsuInfo)
SHORT_STUB(nvmlUnitGetTemperature)
SHORT_STUB(nvmlUnitGetUnitInfo)
SHORT_STUB(nvmlUnitSetLedState)
SHORT_STUB(nvmlVgpuInstanceClearAccountingPids)
SHORT_STUB(nvmlVgpuInstanceGetAccountingMode)
SHORT_STUB(nvmlVgpuInstanceGetAccountingPids)
SHORT_STUB(nvmlVgpuInstanceGetAccountingStats)
SHORT_STUB(nvmlVgpuInstanceGetEccMode)
SHORT_STUB(nvmlVgpuInstanceGetEncoderCapacity)
SHORT_STUB(nvmlVgpuInstanceGetEncoderSessions)
SHORT_STUB(nvmlVgpuInstanceGetEncoderStats)
SHORT_STUB(nvmlVgpuInstanceGetFBCSessions)
SHORT_STUB(nvmlVgpuInstanceGetFBCStats)
SHORT_STUB(nvmlVgpuInstanceGetFbUsage)
SHORT_STUB(nvmlVgpuInstanceGetFrameRateLimit)
SHORT_STUB(nvmlVgpuInstanceGetGpuInstanceId)
SHORT_STUB(nvmlVgpuInstanceGetGpuPciId)
SHORT_STUB(nvmlVgpuInstanceGetLicenseInfo)
SHORT_STUB(nvmlVgpuInstanceGetLicenseInfo_v2)
SHORT_STUB(nvmlVgpuInstanceGetLicenseStatus)
SHORT_STUB(nvmlVgpuInstanceGetMdevUUID)
SHORT_STUB(nvmlVgpuInstanceGetMetadata)
SHORT_STUB(nvmlVgpuInstanceGetPlacementId)
SHORT_STUB(nvmlVgpuInstanceGetRuntimeStateSize)
SHORT_STUB(nvmlVgpuInstanceGetType)
SHORT_STUB(nvmlVgpuInstanceGetUUID)
SHORT_STUB(nvmlVgpuInstanceGetVmDriverVersion)
SHORT_STUB(nvmlVgpuInstanceGetVmID)
SHORT_STUB(nvmlVgpuInstanceSetEncoderCapacity)
SHORT_STUB(nvmlVgpuTypeGetBAR1Info)
SHORT_STUB(nvmlVgpuTypeGetCapabilities)
SHORT_STUB(nvmlVgpuTypeGetClass)
SHORT_STUB(nvmlVgpuTypeGetDeviceID)
SHORT_STUB(nvmlVgpuTypeGetFbReservation)
SHORT_STUB(nvmlVgpuTypeGetFrameRateLimit)
SHORT_STUB(nvmlVgpuTypeGetFramebufferSize)
SHORT_STUB(nvmlVgpuTypeGetGpuInstanceProfileId)
SHORT_STUB(nvmlVgpuTypeGetGspHeapSize)
SHORT_STUB(nvmlVgpuTypeGetLicense)
SHORT_STUB(nvmlVgpuTypeGetMaxInstances)
SHORT_STUB(nvmlVgpuTypeGetMaxInstancesPerGpuInstance)
SHORT_STUB(nvmlVgpuTypeGetMaxInstancesPerVm)
SHORT_STUB(nvmlVgpuTypeGetName)
SHORT_STUB(nvmlVgpuTypeGetNumDisplayHeads)
SHORT_STUB(nvmlVgpuTypeGetResolution)
#pragma GCC visibility pop
