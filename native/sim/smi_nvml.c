#include "smi_nvml.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static struct {
    nvmlReturn_t (*init)(void);
    const char *(*error_string)(nvmlReturn_t);
    nvmlReturn_t (*driver_version)(char *, unsigned);
    nvmlReturn_t (*cuda_version)(int *);
    nvmlReturn_t (*count)(unsigned *);
    nvmlReturn_t (*handle)(unsigned, nvmlDevice_t *);
    nvmlReturn_t (*uuid)(nvmlDevice_t, char *, unsigned);
    nvmlReturn_t (*name)(nvmlDevice_t, char *, unsigned);
    nvmlReturn_t (*pci)(nvmlDevice_t, nvmlPciInfo_t *);
    nvmlReturn_t (*memory)(nvmlDevice_t, nvmlMemory_t *);
    nvmlReturn_t (*utilization)(nvmlDevice_t, nvmlUtilization_t *);
    nvmlReturn_t (*temperature)(nvmlDevice_t, nvmlTemperatureSensors_t, unsigned *);
    nvmlReturn_t (*power)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*processes)(nvmlDevice_t, unsigned *, nvmlProcessInfo_t *);
    nvmlReturn_t (*max_instances)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*instance)(nvmlDevice_t, unsigned, nvmlDevice_t *);
} nvml;

static const struct {
    const char *symbol;
    void *pointer;
} table[] = {
    {"nvmlInit_v2", &nvml.init},
    {"nvmlErrorString", &nvml.error_string},
    {"nvmlSystemGetDriverVersion", &nvml.driver_version},
    {"nvmlSystemGetCudaDriverVersion_v2", &nvml.cuda_version},
    {"nvmlDeviceGetCount_v2", &nvml.count},
    {"nvmlDeviceGetHandleByIndex_v2", &nvml.handle},
    {"nvmlDeviceGetUUID", &nvml.uuid},
    {"nvmlDeviceGetName", &nvml.name},
    {"nvmlDeviceGetPciInfo_v3", &nvml.pci},
    {"nvmlDeviceGetMemoryInfo", &nvml.memory},
    {"nvmlDeviceGetUtilizationRates", &nvml.utilization},
    {"nvmlDeviceGetTemperature", &nvml.temperature},
    {"nvmlDeviceGetPowerUsage", &nvml.power},
    {"nvmlDeviceGetComputeRunningProcesses_v3", &nvml.processes},
    {"nvmlDeviceGetMaxMigDeviceCount", &nvml.max_instances},
    {"nvmlDeviceGetMigDeviceHandleByIndex", &nvml.instance},
};

static const char *load(void)
{
    static char problem[160];
    void *library = dlopen("libnvidia-ml.so.1", RTLD_NOW);
    if (!library)
        return "libnvidia-ml.so.1 cannot be loaded: is the driver's library folder mounted here?";
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        *(void **)table[i].pointer = dlsym(library, table[i].symbol);
        if (*(void **)table[i].pointer)
            continue;
        snprintf(problem, sizeof problem, "libnvidia-ml.so.1 has no %s: it is of another version", table[i].symbol);
        return problem;
    }
    return NULL;
}

static const char *sentence(nvmlReturn_t result)
{
    return result == NVML_SUCCESS ? NULL : nvml.error_string(result);
}

const char *smi_open(struct smi_node *node)
{
    const char *problem = load();
    if (problem)
        return problem;
    nvmlReturn_t result = nvml.init();
    if (result == NVML_SUCCESS)
        result = nvml.driver_version(node->driver_version, sizeof node->driver_version);
    if (result == NVML_SUCCESS)
        result = nvml.cuda_version(&node->cuda_version);
    if (result == NVML_SUCCESS)
        result = nvml.count(&node->count);
    return sentence(result);
}

static nvmlReturn_t read_state(nvmlDevice_t device, struct smi_card *card)
{
    nvmlUtilization_t utilization = {0, 0};
    nvmlReturn_t result = nvml.memory(device, &card->memory);
    nvmlReturn_t told = result == NVML_SUCCESS ? nvml.utilization(device, &utilization) : result;
    if (told != NVML_ERROR_NOT_SUPPORTED)
        result = told;
    if (result == NVML_SUCCESS)
        result = nvml.temperature(device, NVML_TEMPERATURE_GPU, &card->temperature_c);
    if (result == NVML_SUCCESS)
        result = nvml.power(device, &card->power_mw);
    card->busy_percent = told == NVML_ERROR_NOT_SUPPORTED ? -1 : (int)utilization.gpu;
    card->process_count = SMI_PROCESSES;
    if (result == NVML_SUCCESS)
        result = nvml.processes(device, &card->process_count, card->processes);
    if (result != NVML_ERROR_INSUFFICIENT_SIZE)
        return result;
    card->process_count = SMI_PROCESSES; /* there are more: the first are shown */
    return NVML_SUCCESS;
}

/* The profile is what the name of a MIG device ends with, behind the card's. */
static nvmlReturn_t read_instance(nvmlDevice_t device, struct smi_instance *instance)
{
    char name[SMI_TEXT];
    nvmlReturn_t result = nvml.uuid(device, instance->uuid, sizeof instance->uuid);
    if (result == NVML_SUCCESS)
        result = nvml.name(device, name, sizeof name);
    if (result == NVML_SUCCESS)
        result = nvml.memory(device, &instance->memory);
    const char *profile = result == NVML_SUCCESS ? strstr(name, " MIG ") : NULL;
    snprintf(instance->profile, sizeof instance->profile, "%s", profile ? profile + strlen(" MIG ") : "");
    return result;
}

static nvmlReturn_t read_instances(nvmlDevice_t device, struct smi_card *card)
{
    unsigned most = 0;
    nvmlReturn_t result = nvml.max_instances(device, &most);
    card->instance_count = 0;
    for (unsigned i = 0; result == NVML_SUCCESS && i < most && i < SMI_INSTANCES; i++) {
        nvmlDevice_t instance;
        result = nvml.instance(device, i, &instance);
        if (result == NVML_ERROR_NOT_FOUND)
            return NVML_SUCCESS; /* there are no further ones */
        if (result == NVML_SUCCESS)
            result = read_instance(instance, &card->instances[card->instance_count++]);
    }
    return result;
}

const char *smi_read(unsigned index, struct smi_card *card)
{
    nvmlDevice_t device;
    nvmlPciInfo_t pci;
    card->index = index;
    nvmlReturn_t result = nvml.handle(index, &device);
    if (result == NVML_SUCCESS)
        result = nvml.uuid(device, card->uuid, sizeof card->uuid);
    if (result == NVML_SUCCESS)
        result = nvml.name(device, card->name, sizeof card->name);
    if (result == NVML_SUCCESS)
        result = nvml.pci(device, &pci);
    if (result == NVML_SUCCESS)
        result = read_instances(device, card);
    if (result != NVML_SUCCESS)
        return sentence(result);
    snprintf(card->bus_id, sizeof card->bus_id, "%s", pci.busId);
    return sentence(read_state(device, card));
}
