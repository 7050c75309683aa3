/* The NVML entry points that we stand before: what they tell of a card's memory is told of the container's shares of it. */
#include "cards.h"
#include "charge.h"
#include "resolve.h"

/* The share's memory in the terms of NVML, where total = used + free holds unless the card itself has less left. */
static void tell(struct card_memory memory, unsigned long long *total, unsigned long long *free, unsigned long long *used)
{
    uint64_t shown = memory.used < memory.limit ? memory.used : memory.limit;
    *total = memory.limit;
    *used = shown;
    if (memory.limit - shown < *free)
        *free = memory.limit - shown;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory)
{
    const struct real_nvml *real = resolve_nvml();
    nvmlReturn_t result = real->nvmlDeviceGetMemoryInfo(device, memory);
    const struct card *card = result == NVML_SUCCESS ? cards_of_handle(real, device) : NO_CARD;
    if (card != NO_CARD)
        tell(charge_card_memory(card), &memory->total, &memory->free, &memory->used);
    return result;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory)
{
    const struct real_nvml *real = resolve_nvml();
    nvmlReturn_t result = real->nvmlDeviceGetMemoryInfo_v2(device, memory);
    const struct card *card = result == NVML_SUCCESS ? cards_of_handle(real, device) : NO_CARD;
    if (card == NO_CARD)
        return result;
    tell(charge_card_memory(card), &memory->total, &memory->free, &memory->used);
    memory->reserved = 0; /* what the driver keeps for itself is the card's, not the share's */
    return result;
}
