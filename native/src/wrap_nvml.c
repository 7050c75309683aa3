/* The NVML entry points that we stand before: what they tell of a card's memory is told of the container's shares of it, and the
 * processes that they list are those of the container. The driver knows them by the host's process IDs, which mean nothing here. */
#include <stdlib.h>

#include "card_memory.h"
#include "cards.h"
#include "living.h"
#include "resolve.h"

/* The share's memory in the terms of NVML, where total = used + free holds unless the card itself has less left and
 * nobody can be evicted from it. False: it is not limited, and what NVML says holds. */
static bool tell(const struct card *card, unsigned long long *total, unsigned long long *free, unsigned long long *used)
{
    struct card_memory memory = card_memory_of(card);
    if (memory.limit == CARD_MEMORY_NO_LIMIT)
        return false;
    uint64_t shown = memory.used < memory.limit ? memory.used : memory.limit;
    *total = memory.limit;
    *used = shown;
    if (memory.limit - shown < *free || card->is_oversubscribed)
        *free = memory.limit - shown;
    return true;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory)
{
    const struct real_nvml *real = resolve_nvml();
    nvmlReturn_t result = real->nvmlDeviceGetMemoryInfo(device, memory);
    const struct card *card = result == NVML_SUCCESS ? cards_of_handle(real, device) : NO_CARD;
    if (card != NO_CARD)
        (void)tell(card, &memory->total, &memory->free, &memory->used);
    return result;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory)
{
    const struct real_nvml *real = resolve_nvml();
    nvmlReturn_t result = real->nvmlDeviceGetMemoryInfo_v2(device, memory);
    const struct card *card = result == NVML_SUCCESS ? cards_of_handle(real, device) : NO_CARD;
    if (card == NO_CARD || !tell(card, &memory->total, &memory->free, &memory->used))
        return result;
    memory->reserved = 0; /* what the driver keeps for itself is the card's, not the share's */
    return result;
}

/* What NVML says of the instances of a card that is not divided. */
#define NO_INSTANCE 0xffffffffu

typedef nvmlReturn_t (*list_function)(nvmlDevice_t, unsigned int *, nvmlProcessInfo_t *);
typedef nvmlReturn_t (*plain_list_function)(nvmlDevice_t, unsigned int *, nvmlProcessInfo_v1_t *);

/* Whether we answer in the place of the driver, which is asked how many it would list: so its errors are its own. */
static bool is_ours(const struct card *card, nvmlReturn_t asked, const unsigned int *count, const void *infos)
{
    return card != NO_CARD && (asked == NVML_SUCCESS || asked == NVML_ERROR_INSUFFICIENT_SIZE) && count && (infos || !*count);
}

/* The processes of a card, by NVML's rule: *count is the room and becomes the number; NVML_ERROR_INSUFFICIENT_SIZE where that is less. */
static nvmlReturn_t list(const struct card *card, unsigned int *count, struct living **processes)
{
    size_t room = *count;
    *processes = room ? calloc(room, sizeof **processes) : NULL;
    if (room && !*processes)
        return NVML_ERROR_MEMORY;
    size_t number = living_processes(card, *processes, room);
    *count = (unsigned int)number;
    return number <= room ? NVML_SUCCESS : NVML_ERROR_INSUFFICIENT_SIZE;
}

static nvmlReturn_t list_compute(list_function real, nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    unsigned int none = 0;
    struct living *processes;
    const struct card *card = cards_of_handle(resolve_nvml(), device);
    if (!is_ours(card, real(device, &none, NULL), count, infos))
        return real(device, count, infos);
    nvmlReturn_t result = list(card, count, &processes);
    for (unsigned int i = 0; result == NVML_SUCCESS && i < *count; i++)
        infos[i] = (nvmlProcessInfo_t){.pid = processes[i].pid,
                                       .usedGpuMemory = processes[i].bytes,
                                       .gpuInstanceId = NO_INSTANCE,
                                       .computeInstanceId = NO_INSTANCE};
    free(processes);
    return result;
}

nvmlReturn_t nvmlDeviceGetComputeRunningProcesses(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos)
{
    unsigned int none = 0;
    struct living *processes;
    const struct real_nvml *real = resolve_nvml();
    const struct card *card = cards_of_handle(real, device);
    if (!is_ours(card, real->nvmlDeviceGetComputeRunningProcesses(device, &none, NULL), count, infos))
        return real->nvmlDeviceGetComputeRunningProcesses(device, count, infos);
    nvmlReturn_t result = list(card, count, &processes);
    for (unsigned int i = 0; result == NVML_SUCCESS && i < *count; i++)
        infos[i] = (nvmlProcessInfo_v1_t){.pid = processes[i].pid, .usedGpuMemory = processes[i].bytes};
    free(processes);
    return result;
}

nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v2(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    return list_compute(resolve_nvml()->nvmlDeviceGetComputeRunningProcesses_v2, device, count, infos);
}

nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    return list_compute(resolve_nvml()->nvmlDeviceGetComputeRunningProcesses_v3, device, count, infos);
}

/* How many the driver would list, for its errors. */
static nvmlReturn_t ask_details(const struct real_nvml *real, nvmlDevice_t device, const nvmlProcessDetailList_t *list)
{
    nvmlProcessDetailList_t asked = {.version = list->version, .mode = list->mode};
    return real->nvmlDeviceGetRunningProcessDetailList(device, &asked);
}

static bool lists_compute(const nvmlProcessDetailList_t *list)
{
    return list->mode == NVML_PROCESS_MODE_COMPUTE || list->mode == NVML_PROCESS_MODE_ALL;
}

nvmlReturn_t nvmlDeviceGetRunningProcessDetailList(nvmlDevice_t device, nvmlProcessDetailList_t *details)
{
    struct living *processes;
    const struct real_nvml *real = resolve_nvml();
    const struct card *card = details ? cards_of_handle(real, device) : NO_CARD;
    if (card == NO_CARD || !is_ours(card, ask_details(real, device, details), &details->numProcArrayEntries, details->procArray))
        return real->nvmlDeviceGetRunningProcessDetailList(device, details);
    if (!lists_compute(details)) {
        details->numProcArrayEntries = 0;
        return NVML_SUCCESS;
    }
    nvmlReturn_t result = list(card, &details->numProcArrayEntries, &processes);
    for (unsigned int i = 0; result == NVML_SUCCESS && i < details->numProcArrayEntries; i++)
        details->procArray[i] = (nvmlProcessDetail_v1_t){.pid = processes[i].pid,
                                                         .usedGpuMemory = processes[i].bytes,
                                                         .gpuInstanceId = NO_INSTANCE,
                                                         .computeInstanceId = NO_INSTANCE};
    free(processes);
    return result;
}

/* A process is listed once, as one that computes: the other lists are empty. */
static nvmlReturn_t list_none(list_function real, nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    unsigned int none = 0;
    if (!is_ours(cards_of_handle(resolve_nvml(), device), real(device, &none, NULL), count, infos))
        return real(device, count, infos);
    *count = 0;
    return NVML_SUCCESS;
}

static nvmlReturn_t list_none_plain(plain_list_function real, nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos)
{
    unsigned int none = 0;
    if (!is_ours(cards_of_handle(resolve_nvml(), device), real(device, &none, NULL), count, infos))
        return real(device, count, infos);
    *count = 0;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos)
{
    return list_none_plain(resolve_nvml()->nvmlDeviceGetGraphicsRunningProcesses, device, count, infos);
}

nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v2(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    return list_none(resolve_nvml()->nvmlDeviceGetGraphicsRunningProcesses_v2, device, count, infos);
}

nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    return list_none(resolve_nvml()->nvmlDeviceGetGraphicsRunningProcesses_v3, device, count, infos);
}

nvmlReturn_t nvmlDeviceGetMPSComputeRunningProcesses(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_v1_t *infos)
{
    return list_none_plain(resolve_nvml()->nvmlDeviceGetMPSComputeRunningProcesses, device, count, infos);
}

nvmlReturn_t nvmlDeviceGetMPSComputeRunningProcesses_v2(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    return list_none(resolve_nvml()->nvmlDeviceGetMPSComputeRunningProcesses_v2, device, count, infos);
}

nvmlReturn_t nvmlDeviceGetMPSComputeRunningProcesses_v3(nvmlDevice_t device, unsigned int *count, nvmlProcessInfo_t *infos)
{
    return list_none(resolve_nvml()->nvmlDeviceGetMPSComputeRunningProcesses_v3, device, count, infos);
}
