/* What the simulated NVML says of a card's health: ECC errors, and what to do about it. Not here: events (nvml_events.c). */
#include <time.h>

#include "nvml_session.h"

/* All uncorrected errors are volatile, since the driver was loaded, and of device memory; there are no corrected ones. */
static nvmlReturn_t count_errors(nvmlDevice_t device, nvmlMemoryErrorType_t error, nvmlEccCounterType_t counter,
                                 int counted_there, unsigned long long *count)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (!count || (unsigned)error > NVML_MEMORY_ERROR_TYPE_UNCORRECTED || (unsigned)counter > NVML_AGGREGATE_ECC)
        return NVML_ERROR_INVALID_ARGUMENT;
    *count = counted_there && error == NVML_MEMORY_ERROR_TYPE_UNCORRECTED ? sim_state(card).uncorrected_ecc_errors : 0;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t device, nvmlMemoryErrorType_t error, nvmlEccCounterType_t counter,
                                         unsigned long long *count)
{
    return count_errors(device, error, counter, 1, count);
}

nvmlReturn_t nvmlDeviceGetMemoryErrorCounter(nvmlDevice_t device, nvmlMemoryErrorType_t error,
                                             nvmlEccCounterType_t counter, nvmlMemoryLocation_t location,
                                             unsigned long long *count)
{
    if ((unsigned)location >= NVML_MEMORY_LOCATION_COUNT)
        return NVML_ERROR_INVALID_ARGUMENT;
    return count_errors(device, error, counter, location == NVML_MEMORY_LOCATION_DEVICE_MEMORY, count);
}

/* Errors that a program causes and that leave the card well: the driver advises nothing for them. */
static int is_program_error(unsigned xid)
{
    return xid == 13 || xid == 31 || xid == 43 || xid == 45 || xid == 68 || xid == 109;
}

static void fill_recovery_action(nvmlFieldValue_t *value, struct sim_card_state state)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int sick = (state.xid && !is_program_error(state.xid)) || state.uncorrected_ecc_errors;
    value->timestamp = now.tv_sec * 1000000LL + now.tv_nsec / 1000;
    value->latencyUsec = 0;
    value->valueType = NVML_VALUE_TYPE_UNSIGNED_INT;
    value->value.uiVal = sick ? NVML_GPU_RECOVERY_ACTION_GPU_RESET : NVML_GPU_RECOVERY_ACTION_NONE;
}

nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t device, int count, nvmlFieldValue_t *values)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (count < 0 || !values)
        return NVML_ERROR_INVALID_ARGUMENT;
    for (int i = 0; i < count; i++) {
        int known = values[i].fieldId == NVML_FI_DEV_GET_GPU_RECOVERY_ACTION;
        values[i].nvmlReturn = known ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
        if (known)
            fill_recovery_action(&values[i], sim_state(card));
    }
    return NVML_SUCCESS;
}
