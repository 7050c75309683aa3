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

STUB nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization)
{
    (void)device;
    (void)utilization;
    return NVML_ERROR_NOT_SUPPORTED;
}

STUB nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    (void)device;
    (void)count;
    (void)infos;
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
