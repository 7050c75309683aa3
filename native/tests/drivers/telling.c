/* An NVML that tells all it is asked of two cards. */
#include <stdio.h>
#include <string.h>

#include "activity.h"
#include "nvml_types.h"

#define EXPORT __attribute__((visibility("default")))

static nvmlReturn_t answer(nvmlDevice_t device)
{
    return device == FIRST_CARD || device == SECOND_CARD ? NVML_SUCCESS : NVML_ERROR_INVALID_ARGUMENT;
}

EXPORT nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length)
{
    if (answer(device) == NVML_SUCCESS)
        snprintf(uuid, length, "GPU-%08x-0000-0000-0000-00000000beef", device == FIRST_CARD ? 0 : 1);
    return answer(device);
}

/* They read no argument but the first. */
#define TELL(name) \
    EXPORT nvmlReturn_t name(nvmlDevice_t device) \
    { \
        return answer(device); \
    }
ACTIVITY_FUNCTIONS(TELL)
TELL(nvmlDeviceGetSamples)

EXPORT nvmlReturn_t nvmlGpmQueryDeviceSupport(nvmlDevice_t device, nvmlGpmSupport_t *support)
{
    support->isSupportedDevice = 1;
    return answer(device);
}
