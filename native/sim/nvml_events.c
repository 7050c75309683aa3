/* The simulated NVML's event sets: a new XID error, more uncorrected ECC errors, and a card that is lost. A set remembers how
 * each card was when last looked at; what has changed since is an event. Not here: how a card is (card.h). */
#include <stdlib.h>
#include <time.h>

#include "nvml_session.h"

#define LOOK_EVERY_MS 500u
#define NOT_MIG 0xffffffffu

static const unsigned long long known_kinds = NVML_EVENT_DOUBLE_BIT_ECC_ERROR | NVML_EVENT_XID_CRITICAL_ERROR;

struct watched {
    nvmlDevice_t device;
    unsigned long long kinds;
    struct sim_card_state seen;
};

struct nvmlEventSet_st {
    size_t count;
    struct watched cards[SIM_MAX_CARDS];
};

nvmlReturn_t nvmlEventSetCreate(nvmlEventSet_t *set)
{
    if (!set)
        return NVML_ERROR_INVALID_ARGUMENT;
    *set = calloc(1, sizeof **set);
    return *set ? NVML_SUCCESS : NVML_ERROR_MEMORY;
}

nvmlReturn_t nvmlEventSetFree(nvmlEventSet_t set)
{
    if (!set)
        return NVML_ERROR_INVALID_ARGUMENT;
    free(set);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetSupportedEventTypes(nvmlDevice_t device, unsigned long long *kinds)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result == NVML_SUCCESS && !kinds)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (result == NVML_SUCCESS)
        *kinds = known_kinds;
    return result;
}

static struct watched *place_of(nvmlEventSet_t set, nvmlDevice_t device)
{
    size_t i = 0;
    while (i < set->count && set->cards[i].device != device)
        i++;
    return i < SIM_MAX_CARDS ? &set->cards[i] : NULL;
}

nvmlReturn_t nvmlDeviceRegisterEvents(nvmlDevice_t device, unsigned long long kinds, nvmlEventSet_t set)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (kinds & ~known_kinds)
        return NVML_ERROR_NOT_SUPPORTED;
    struct watched *place = set ? place_of(set, device) : NULL;
    if (!place)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (place == &set->cards[set->count])
        *place = (struct watched){.device = device, .seen = sim_state(card)};
    place->kinds |= kinds;
    set->count += place == &set->cards[set->count];
    return NVML_SUCCESS;
}

/* The event that the change from one state to another is; 0: none. An error that goes away is none. */
static unsigned long long change(const struct sim_card_state *from, const struct sim_card_state *to)
{
    if (to->xid && to->xid != from->xid)
        return NVML_EVENT_XID_CRITICAL_ERROR;
    return to->uncorrected_ecc_errors > from->uncorrected_ecc_errors ? NVML_EVENT_DOUBLE_BIT_ECC_ERROR : 0;
}

/* Look at one card. A lost one is told once; so is each event. */
static nvmlReturn_t look(struct watched *watched, nvmlEventData_t *data)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(watched->device, &card);
    if (result != NVML_SUCCESS && result != NVML_ERROR_GPU_IS_LOST)
        return result;
    struct sim_card_state now = sim_state(card), before = watched->seen;
    unsigned long long kind = change(&before, &now);
    if (now.lost) {
        watched->seen.lost = 1;
        return before.lost ? NVML_ERROR_TIMEOUT : NVML_ERROR_GPU_IS_LOST;
    }
    watched->seen = now;
    if (kind == NVML_EVENT_XID_CRITICAL_ERROR) /* the other change, if there is one, is for the next look */
        watched->seen.uncorrected_ecc_errors = before.uncorrected_ecc_errors;
    if (!(kind & watched->kinds))
        return NVML_ERROR_TIMEOUT;
    *data = (nvmlEventData_t){.device = watched->device,
                              .eventType = kind,
                              .eventData = kind == NVML_EVENT_XID_CRITICAL_ERROR ? now.xid : 0,
                              .gpuInstanceId = NOT_MIG,
                              .computeInstanceId = NOT_MIG};
    return NVML_SUCCESS;
}

static nvmlReturn_t look_at_all(nvmlEventSet_t set, nvmlEventData_t *data)
{
    nvmlReturn_t result = NVML_ERROR_TIMEOUT;
    for (size_t i = 0; i < set->count && result == NVML_ERROR_TIMEOUT; i++)
        result = look(&set->cards[i], data);
    return result;
}

nvmlReturn_t nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t *data, unsigned int timeout_ms)
{
    if (!set || !data)
        return NVML_ERROR_INVALID_ARGUMENT;
    nvmlReturn_t result = look_at_all(set, data);
    while (result == NVML_ERROR_TIMEOUT && timeout_ms) {
        unsigned pause_ms = timeout_ms < LOOK_EVERY_MS ? timeout_ms : LOOK_EVERY_MS;
        nanosleep(&(struct timespec){.tv_nsec = pause_ms * 1000000L}, NULL);
        timeout_ms -= pause_ms;
        result = look_at_all(set, data);
    }
    return result;
}
