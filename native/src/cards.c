#include "cards.h"

#include <stdio.h>
#include <string.h>

#include "card_order.h"

const struct card cards_none;
const struct card *cards_remembered[CARDS_ORDINALS];
bool cards_several; /* devices: the driver must be asked which is in use */
const struct card *cards_only;

static void format_uuid(const CUuuid *uuid, char text[NVML_DEVICE_UUID_V2_BUFFER_SIZE])
{
    const unsigned char *b = (const unsigned char *)uuid->bytes;
    snprintf(text, NVML_DEVICE_UUID_V2_BUFFER_SIZE,
             "GPU-%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5], b[6],
             b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static const struct card *named(const char *uuid)
{
    if (shares_want_order())
        card_order_learn();
    return shares_card(uuid);
}

static const struct card *ask_device(const struct real_cuda *real, CUdevice device)
{
    CUuuid uuid;
    char text[NVML_DEVICE_UUID_V2_BUFFER_SIZE];
    if (real->cuDeviceGetUuid(&uuid, device) != CUDA_SUCCESS)
        return shares_refused_card();
    format_uuid(&uuid, text);
    return named(text);
}

static const struct card *of_device(const struct real_cuda *real, CUdevice device)
{
    if ((unsigned)device >= CARDS_ORDINALS)
        return ask_device(real, device);
    const struct card *card = __atomic_load_n(&cards_remembered[device], __ATOMIC_ACQUIRE);
    if (!card) {
        card = ask_device(real, device);
        if (card != shares_refused_card()) /* which may be for want of cuInit */
            __atomic_store_n(&cards_remembered[device], card ? card : &cards_none, __ATOMIC_RELEASE);
    }
    return card == &cards_none ? NO_CARD : card;
}

const struct card *cards_of_device(const struct real_cuda *real, CUdevice device)
{
    return shares_none() ? NO_CARD : of_device(real, device);
}

const struct card *cards_current(const struct real_cuda *real)
{
    CUdevice device;
    if (shares_none() || real->cuCtxGetDevice(&device) != CUDA_SUCCESS)
        return NO_CARD;
    return of_device(real, device);
}

const struct card *cards_ask_in_use(const struct real_cuda *real)
{
    int count;
    const struct card *card = cards_current(real);
    if (card == NO_CARD || card == shares_refused_card() || __atomic_load_n(&cards_several, __ATOMIC_RELAXED))
        return card;
    if (real->cuDeviceGetCount(&count) != CUDA_SUCCESS)
        return card;
    if (count == 1)
        __atomic_store_n(&cards_only, card, __ATOMIC_RELEASE);
    else
        __atomic_store_n(&cards_several, true, __ATOMIC_RELAXED);
    return card;
}

const struct card *cards_of_handle(const struct real_nvml *real, nvmlDevice_t handle)
{
    char uuid[NVML_DEVICE_UUID_V2_BUFFER_SIZE];
    if (shares_none())
        return NO_CARD;
    if (real->nvmlDeviceGetUUID(handle, uuid, sizeof uuid) != NVML_SUCCESS)
        return shares_refused_card();
    if (strncmp(uuid, "MIG-", 4) == 0 && (real->nvmlDeviceGetDeviceHandleFromMigDeviceHandle(handle, &handle) != NVML_SUCCESS ||
                                          real->nvmlDeviceGetUUID(handle, uuid, sizeof uuid) != NVML_SUCCESS))
        return shares_refused_card();
    return named(uuid);
}
