/* What the simulated NVML says of one card: its file's static part, and the state of its physical memory. Names, memory and
 * processes are asked of MIG instances too. Not here: what only they have (nvml_mig.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nvml_session.h"
#include "physical.h"
#include "pids.h"

#define NOT_MIG 0xffffffffu

nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_device(device, &card);
    return result == NVML_SUCCESS ? sim_nvml_text(card->file->card.name, name, length) : result;
}

nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_device(device, &card);
    return result == NVML_SUCCESS ? sim_nvml_text(card->file->card.uuid, uuid, length) : result;
}

/* Write one number that is known of the card. */
static nvmlReturn_t number(nvmlReturn_t found, unsigned value, unsigned *target)
{
    if (found == NVML_SUCCESS && !target)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (found == NVML_SUCCESS)
        *target = value;
    return found;
}

nvmlReturn_t nvmlDeviceGetIndex(nvmlDevice_t device, unsigned int *index)
{
    const struct sim_card *card = NULL;
    nvmlReturn_t found = sim_nvml_card(device, &card);
    return number(found, found == NVML_SUCCESS ? sim_nvml_index(card) : 0, index);
}

nvmlReturn_t nvmlDeviceGetMinorNumber(nvmlDevice_t device, unsigned int *minor)
{
    const struct sim_card *card = NULL;
    nvmlReturn_t found = sim_nvml_card(device, &card);
    return number(found, found == NVML_SUCCESS ? card->file->card.minor_number : 0, minor);
}

nvmlReturn_t nvmlDeviceGetArchitecture(nvmlDevice_t device, nvmlDeviceArchitecture_t *architecture)
{
    const struct sim_card *card = NULL;
    nvmlReturn_t found = sim_nvml_card(device, &card);
    return number(found, found == NVML_SUCCESS ? card->file->card.architecture : 0, architecture);
}

nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned int *power)
{
    const struct sim_card *card = NULL;
    nvmlReturn_t found = sim_nvml_card(device, &card);
    return number(found, found == NVML_SUCCESS ? card->file->card.idle_power_mw : 0, power);
}

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, nvmlTemperatureSensors_t sensor, unsigned int *temperature)
{
    const struct sim_card *card = NULL;
    nvmlReturn_t found = sim_nvml_card(device, &card);
    if (found == NVML_SUCCESS && sensor != NVML_TEMPERATURE_GPU)
        return NVML_ERROR_INVALID_ARGUMENT;
    return number(found, found == NVML_SUCCESS ? card->file->card.idle_temperature_c : 0, temperature);
}

nvmlReturn_t nvmlDeviceGetBrand(nvmlDevice_t device, nvmlBrandType_t *brand)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result == NVML_SUCCESS && !brand)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (result == NVML_SUCCESS)
        *brand = (nvmlBrandType_t)card->file->card.brand;
    return result;
}

nvmlReturn_t nvmlDeviceGetCudaComputeCapability(nvmlDevice_t device, int *major, int *minor)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (!major || !minor)
        return NVML_ERROR_INVALID_ARGUMENT;
    *major = (int)card->file->card.compute_major;
    *minor = (int)card->file->card.compute_minor;
    return NVML_SUCCESS;
}

/* What processes hold of a card, of its MIG instances included. */
static uint64_t used_of(const struct sim_card *card)
{
    uint64_t used = sim_physical_used(card);
    const struct sim_card *instance;
    for (unsigned i = 0; (instance = sim_nvml_instance_at(card, i)); i++)
        used += sim_physical_used(instance);
    return used;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_device(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (!memory)
        return NVML_ERROR_INVALID_ARGUMENT;
    memory->total = card->file->card.memory_bytes;
    memory->used = card->file->card.reserved_bytes + used_of(card);
    memory->free = memory->total - memory->used;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_device(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (!memory)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (memory->version != (sizeof *memory | 2u << 24))
        return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    memory->total = card->file->card.memory_bytes;
    memory->reserved = card->file->card.reserved_bytes;
    memory->used = used_of(card);
    memory->free = memory->total - memory->reserved - memory->used;
    return NVML_SUCCESS;
}

static void fill_address(nvmlPciInfo_t *pci, const char *bus_id)
{
    unsigned function;
    memset(pci, 0, sizeof *pci);
    if (sscanf(bus_id, "%x:%x:%x.%x", &pci->domain, &pci->bus, &pci->device, &function) != 4)
        return;
    snprintf(pci->busIdLegacy, sizeof pci->busIdLegacy, "%04X:%02X:%02X.0", pci->domain & 0xffffu, pci->bus & 0xffu,
             pci->device & 0xffu);
    snprintf(pci->busId, sizeof pci->busId, "%08X:%02X:%02X.0", pci->domain, pci->bus & 0xffu, pci->device & 0xffu);
}

nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, nvmlPciInfo_t *pci)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (!pci)
        return NVML_ERROR_INVALID_ARGUMENT;
    fill_address(pci, card->file->card.pci_bus_id);
    pci->pciDeviceId = card->file->card.pci_device_id;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned int *current, unsigned int *pending)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (!current || !pending)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (!card->file->card.mig_capable)
        return NVML_ERROR_NOT_SUPPORTED;
    *current = *pending = card->file->card.mig_enabled;
    return NVML_SUCCESS;
}

static nvmlReturn_t find_link(nvmlDevice_t device, unsigned link, const struct sim_card_link **found)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (link >= SIM_CARD_LINKS)
        return NVML_ERROR_INVALID_ARGUMENT;
    *found = &card->file->card.links[link];
    return link < card->file->card.link_count ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
}

nvmlReturn_t nvmlDeviceGetNvLinkState(nvmlDevice_t device, unsigned int link, nvmlEnableState_t *active)
{
    const struct sim_card_link *found;
    nvmlReturn_t result = find_link(device, link, &found);
    if (result == NVML_SUCCESS && !active)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (result == NVML_SUCCESS)
        *active = found->active ? NVML_FEATURE_ENABLED : NVML_FEATURE_DISABLED;
    return result;
}

nvmlReturn_t nvmlDeviceGetNvLinkRemotePciInfo_v2(nvmlDevice_t device, unsigned int link, nvmlPciInfo_t *pci)
{
    const struct sim_card_link *found;
    nvmlReturn_t result = find_link(device, link, &found);
    if (result == NVML_SUCCESS && !pci)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (result == NVML_SUCCESS)
        fill_address(pci, found->remote_pci_bus_id);
    return result;
}

/* Add the processes of a card or MIG instance that have a PID here to `listed` others; return how many those are then. */
static unsigned list_processes(const struct sim_card *device, struct sim_card_slot *slots, nvmlProcessInfo_t *infos,
                               unsigned room, unsigned listed)
{
    const struct sim_card_static *said = &device->file->card;
    size_t count = sim_processes(device, slots, SIM_CARD_SLOTS);
    for (size_t i = 0; i < count; i++) {
        uint32_t pid = sim_pid_here(slots[i].pid, slots[i].pid_namespace);
        if (pid && listed < room)
            infos[listed] = (nvmlProcessInfo_t){.pid = pid,
                                                .usedGpuMemory = slots[i].memory_bytes,
                                                .gpuInstanceId = said->is_instance ? said->gpu_instance : NOT_MIG,
                                                .computeInstanceId = said->is_instance ? said->compute_instance : NOT_MIG};
        listed += pid != 0;
    }
    return listed;
}

/* Those of a card in MIG mode are those of its instances. */
nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    const struct sim_card *card, *instance;
    nvmlReturn_t result = sim_nvml_device(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (!count || (*count && !infos))
        return NVML_ERROR_INVALID_ARGUMENT;
    nvmlReturn_t refusal = (nvmlReturn_t)sim_state(card).processes_refusal;
    if (refusal != NVML_SUCCESS)
        return refusal;
    struct sim_card_slot *slots = calloc(SIM_CARD_SLOTS, sizeof *slots);
    if (!slots)
        return NVML_ERROR_MEMORY;
    unsigned room = *count;
    *count = list_processes(card, slots, infos, room, 0);
    for (unsigned i = 0; (instance = sim_nvml_instance_at(card, i)); i++)
        *count = list_processes(instance, slots, infos, room, *count);
    free(slots);
    return *count > room ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS;
}

/* Each process computes: it is not among those of the other modes. */
nvmlReturn_t nvmlDeviceGetRunningProcessDetailList(nvmlDevice_t device, nvmlProcessDetailList_t *list)
{
    if (!list || list->version != NVML_PROCESS_DETAIL_LIST_V1 || list->mode > NVML_PROCESS_MODE_ALL)
        return NVML_ERROR_INVALID_ARGUMENT;
    unsigned count = list->procArray ? list->numProcArrayEntries : 0;
    nvmlProcessInfo_t *infos = calloc(count + 1u, sizeof *infos);
    if (!infos)
        return NVML_ERROR_MEMORY;
    nvmlReturn_t result = nvmlDeviceGetComputeRunningProcesses_v3(device, &count, infos);
    bool computing = list->mode == NVML_PROCESS_MODE_COMPUTE || list->mode == NVML_PROCESS_MODE_ALL;
    list->numProcArrayEntries = computing ? count : 0;
    for (unsigned i = 0; result == NVML_SUCCESS && i < list->numProcArrayEntries; i++)
        list->procArray[i] = (nvmlProcessDetail_v1_t){.pid = infos[i].pid,
                                                      .usedGpuMemory = infos[i].usedGpuMemory,
                                                      .gpuInstanceId = infos[i].gpuInstanceId,
                                                      .computeInstanceId = infos[i].computeInstanceId};
    free(infos);
    return result == NVML_ERROR_INSUFFICIENT_SIZE && !computing ? NVML_SUCCESS : result;
}
