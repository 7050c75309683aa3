/* What the simulated CUDA driver says of its devices: all of it stands in the card file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuda_process.h"

#define END_OF_ATTRIBUTES 256 /* above the last of any CUDA version so far */

/* Begin a question about one device: the static part of its card, which never changes while it is in use. */
static CUresult find(CUdevice ordinal, const struct sim_card_static **card)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    const struct sim_device *device = sim_device(ordinal);
    if (device)
        *card = &device->card.file->card;
    sim_leave();
    return device ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

CUresult cuDriverGetVersion(int *version)
{
    if (!version)
        return CUDA_ERROR_INVALID_VALUE;
    *version = (int)sim_cuda_version();
    return CUDA_SUCCESS;
}

CUresult cuDeviceGet(CUdevice *device, int ordinal)
{
    const struct sim_card_static *card;
    if (!device)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = find(ordinal, &card);
    if (result == CUDA_SUCCESS)
        *device = ordinal;
    return result;
}

CUresult cuDeviceGetCount(int *count)
{
    if (!count)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    for (*count = 0; sim_device(*count);)
        ++*count;
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuDeviceGetName(char *name, int length, CUdevice device)
{
    const struct sim_card_static *card;
    if (!name || length <= 0)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = find(device, &card);
    if (result == CUDA_SUCCESS)
        snprintf(name, (size_t)length, "%s", card->name);
    return result;
}

/* The UUID of a device's MIG instance, where it is one, or of the card that it is on. */
static CUresult find_uuid(CUdevice ordinal, bool of_whole, char text[64])
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    const struct sim_device *device = sim_device(ordinal);
    if (device)
        memcpy(text, of_whole ? device->card.whole_uuid : device->card.file->card.uuid, 64);
    sim_leave();
    return device ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

static CUresult get_uuid(CUuuid *uuid, CUdevice device, bool of_whole)
{
    char text[64];
    if (!uuid)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = find_uuid(device, of_whole, text);
    if (result != CUDA_SUCCESS)
        return result;
    const char *digit = text + strlen("GPU-");
    for (size_t i = 0; i < sizeof uuid->bytes; i++, digit += 2) {
        digit += *digit == '-';
        const char pair[] = {digit[0], digit[1], '\0'};
        uuid->bytes[i] = (char)strtoul(pair, NULL, 16);
    }
    return CUDA_SUCCESS;
}

CUresult cuDeviceGetUuid_v2(CUuuid *uuid, CUdevice device)
{
    return get_uuid(uuid, device, false);
}

/* It is older than MIG: it tells of the card. */
CUresult cuDeviceGetUuid(CUuuid *uuid, CUdevice device)
{
    return get_uuid(uuid, device, true);
}

CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device)
{
    const struct sim_card_static *card;
    if (!bytes)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = find(device, &card);
    if (result == CUDA_SUCCESS)
        *bytes = card->memory_bytes - card->reserved_bytes; /* what allocations can have, as cuMemGetInfo's total */
    return result;
}

CUresult cuDeviceGetPCIBusId(char *bus_id, int length, CUdevice device)
{
    const struct sim_card_static *card;
    if (!bus_id || length <= 0)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = find(device, &card);
    if (result == CUDA_SUCCESS && strlen(card->pci_bus_id) >= (size_t)length)
        return CUDA_ERROR_INVALID_VALUE;
    if (result == CUDA_SUCCESS)
        strcpy(bus_id, card->pci_bus_id);
    return result;
}

/* The number at place `part` (0 domain, 1 bus, 2 device) of a PCI address. */
static int address_part(const char *bus_id, unsigned part)
{
    unsigned parts[3] = {0, 0, 0};
    sscanf(bus_id, "%x:%x:%x", &parts[0], &parts[1], &parts[2]);
    return (int)parts[part];
}

/* Attributes that differ by card, or that a program needs to start; all others of the API are 0: not present. */
static int attribute_value(const struct sim_card_static *card, CUdevice_attribute attribute)
{
    switch ((int)attribute) {
    case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK: return 1024;
    case CU_DEVICE_ATTRIBUTE_WARP_SIZE: return 32;
    case CU_DEVICE_ATTRIBUTE_CLOCK_RATE: return 1410000; /* kHz */
    case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT: return (int)card->multiprocessors;
    case CU_DEVICE_ATTRIBUTE_PCI_BUS_ID: return address_part(card->pci_bus_id, 1);
    case CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID: return address_part(card->pci_bus_id, 2);
    case CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID: return address_part(card->pci_bus_id, 0);
    case CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING: return 1;
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR: return (int)card->compute_major;
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR: return (int)card->compute_minor;
    case CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY: return 1;
    case CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS: return card->compute_major >= 6; /* since Pascal, on Linux */
    default: return 0;
    }
}

CUresult cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice device)
{
    const struct sim_card_static *card;
    if (!value || (int)attribute <= 0 || (int)attribute >= END_OF_ATTRIBUTES)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = find(device, &card);
    if (result == CUDA_SUCCESS)
        *value = attribute_value(card, attribute);
    return result;
}
