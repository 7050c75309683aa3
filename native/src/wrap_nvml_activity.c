/* What NVML tells of the work of a card, and of who does it. That is of all tenants together, and the driver does not know a share's part: so
 * for a card with shares it is not supported, as for one in MIG mode. Not here: memory and processes (wrap_nvml.c). */
#include "cards.h"
#include "resolve.h"

/* Whether a device is a card with shares. One that the driver does not know is its own to refuse. */
static bool is_shared(const struct real_nvml *real, nvmlDevice_t device)
{
    char uuid[NVML_DEVICE_UUID_V2_BUFFER_SIZE];
    return !shares_none() && real->nvmlDeviceGetUUID(device, uuid, sizeof uuid) == NVML_SUCCESS &&
           cards_of_handle(real, device) != NO_CARD;
}

nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetUtilizationRates(device, utilization);
}

nvmlReturn_t nvmlDeviceGetProcessUtilization(nvmlDevice_t device, nvmlProcessUtilizationSample_t *samples, unsigned int *count,
                                             unsigned long long since_us)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetProcessUtilization(device, samples, count, since_us);
}

nvmlReturn_t nvmlDeviceGetProcessesUtilizationInfo(nvmlDevice_t device, nvmlProcessesUtilizationInfo_t *info)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetProcessesUtilizationInfo(device, info);
}

nvmlReturn_t nvmlDeviceGetAccountingPids(nvmlDevice_t device, unsigned int *count, unsigned int *pids)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetAccountingPids(device, count, pids);
}

nvmlReturn_t nvmlDeviceGetAccountingStats(nvmlDevice_t device, unsigned int pid, nvmlAccountingStats_t *stats)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetAccountingStats(device, pid, stats);
}

nvmlReturn_t nvmlDeviceGetAccountingStats_v2(nvmlDevice_t device, nvmlAccountingStats_v2_t *stats)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetAccountingStats_v2(device, stats);
}

nvmlReturn_t nvmlDevicePerfMetricsGetSamples_v1(nvmlDevice_t device, nvmlPerfMetricsSamples_v1_t *samples)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDevicePerfMetricsGetSamples_v1(device, samples);
}

nvmlReturn_t nvmlDeviceGetDynamicPstatesInfo(nvmlDevice_t device, nvmlGpuDynamicPstatesInfo_t *info)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetDynamicPstatesInfo(device, info);
}

nvmlReturn_t nvmlDeviceGetEncoderUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetEncoderUtilization(device, percent, period_us);
}

nvmlReturn_t nvmlDeviceGetDecoderUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetDecoderUtilization(device, percent, period_us);
}

nvmlReturn_t nvmlDeviceGetJpgUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetJpgUtilization(device, percent, period_us);
}

nvmlReturn_t nvmlDeviceGetOfaUtilization(nvmlDevice_t device, unsigned int *percent, unsigned int *period_us)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetOfaUtilization(device, percent, period_us);
}

nvmlReturn_t nvmlDeviceGetEncoderStats(nvmlDevice_t device, unsigned int *sessions, unsigned int *frames_per_s, unsigned int *latency_us)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetEncoderStats(device, sessions, frames_per_s, latency_us);
}

nvmlReturn_t nvmlDeviceGetEncoderSessions(nvmlDevice_t device, unsigned int *count, nvmlEncoderSessionInfo_t *sessions)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetEncoderSessions(device, count, sessions);
}

nvmlReturn_t nvmlDeviceGetFBCStats(nvmlDevice_t device, nvmlFBCStats_t *stats)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetFBCStats(device, stats);
}

nvmlReturn_t nvmlDeviceGetFBCSessions(nvmlDevice_t device, unsigned int *count, nvmlFBCSessionInfo_t *sessions)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlDeviceGetFBCSessions(device, count, sessions);
}

nvmlReturn_t nvmlGpmSampleGet(nvmlDevice_t device, nvmlGpmSample_t sample)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlGpmSampleGet(device, sample);
}

nvmlReturn_t nvmlGpmMigSampleGet(nvmlDevice_t device, unsigned int gpu_instance, nvmlGpmSample_t sample)
{
    const struct real_nvml *real = resolve_nvml();
    return is_shared(real, device) ? NVML_ERROR_NOT_SUPPORTED : real->nvmlGpmMigSampleGet(device, gpu_instance, sample);
}

/* A card's power and clocks are told, as of any. */
static bool is_of_tenants(nvmlSamplingType_t kind)
{
    return kind != NVML_TOTAL_POWER_SAMPLES && kind != NVML_PROCESSOR_CLK_SAMPLES && kind != NVML_MEMORY_CLK_SAMPLES &&
           kind != NVML_MODULE_POWER_SAMPLES;
}

nvmlReturn_t nvmlDeviceGetSamples(nvmlDevice_t device, nvmlSamplingType_t kind, unsigned long long since_us, nvmlValueType_t *type,
                                  unsigned int *count, nvmlSample_t *samples)
{
    const struct real_nvml *real = resolve_nvml();
    if (is_of_tenants(kind) && is_shared(real, device))
        return NVML_ERROR_NOT_SUPPORTED;
    return real->nvmlDeviceGetSamples(device, kind, since_us, type, count, samples);
}

nvmlReturn_t nvmlGpmQueryDeviceSupport(nvmlDevice_t device, nvmlGpmSupport_t *support)
{
    const struct real_nvml *real = resolve_nvml();
    nvmlReturn_t result = real->nvmlGpmQueryDeviceSupport(device, support);
    if (result == NVML_SUCCESS && is_shared(real, device))
        support->isSupportedDevice = 0;
    return result;
}
