#include "nvml_session.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct instance {
    struct sim_card device;
    const struct sim_card *card;
};

static struct {
    pthread_mutex_t lock;
    unsigned references; /* one nvmlShutdown for each nvmlInit */
    size_t count, instance_count;
    struct sim_card cards[SIM_MAX_CARDS];
    struct instance instances[SIM_MAX_CARDS * SIM_MAX_INSTANCES];
} session = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void close_cards(void)
{
    for (size_t i = 0; i < session.count; i++)
        munmap(session.cards[i].file, SIM_CARD_FILE_SIZE);
    for (size_t i = 0; i < session.instance_count; i++)
        munmap(session.instances[i].device.file, SIM_CARD_FILE_SIZE);
    session.count = session.instance_count = 0;
}

static bool open_instances(const struct sim_card *card, const char *folder, unsigned index)
{
    unsigned numbers[SIM_MAX_INSTANCES];
    size_t found = card->file->card.mig_enabled ? sim_find_instances(folder, index, numbers) : 0;
    for (size_t i = 0; i < found; i++) {
        struct instance *instance = &session.instances[session.instance_count];
        if (!sim_instance_view(&instance->device, folder, index, numbers[i]))
            return false;
        instance->card = card;
        session.instance_count++;
    }
    return true;
}

static nvmlReturn_t open_cards(void)
{
    char folder[SIM_MAX_PATH];
    unsigned indexes[SIM_MAX_CARDS];
    sim_dev_folder(folder);
    size_t found = sim_find_cards(folder, indexes);
    bool good = found > 0;
    for (size_t i = 0; i < found && good; i++) {
        struct sim_card *card = &session.cards[i];
        good = sim_card_view(card, folder, indexes[i]);
        session.count += good;
        good = good && open_instances(card, folder, indexes[i]);
    }
    if (good)
        return NVML_SUCCESS;
    close_cards();
    return found ? NVML_ERROR_LIB_RM_VERSION_MISMATCH : NVML_ERROR_DRIVER_NOT_LOADED;
}

nvmlReturn_t nvmlInit_v2(void)
{
    pthread_mutex_lock(&session.lock);
    nvmlReturn_t result = session.references ? NVML_SUCCESS : open_cards();
    session.references += result == NVML_SUCCESS;
    pthread_mutex_unlock(&session.lock);
    return result;
}

/* The flags ask for leniency where there are no cards (1), or none attached (2). */
nvmlReturn_t nvmlInitWithFlags(unsigned int flags)
{
    return flags & ~3u ? NVML_ERROR_INVALID_ARGUMENT : nvmlInit_v2();
}

nvmlReturn_t nvmlShutdown(void)
{
    pthread_mutex_lock(&session.lock);
    nvmlReturn_t result = session.references ? NVML_SUCCESS : NVML_ERROR_UNINITIALIZED;
    if (session.references && --session.references == 0)
        close_cards();
    pthread_mutex_unlock(&session.lock);
    return result;
}

static size_t count_cards(void)
{
    pthread_mutex_lock(&session.lock);
    size_t count = session.references ? session.count : 0;
    pthread_mutex_unlock(&session.lock);
    return count;
}

static size_t count_instances(void)
{
    pthread_mutex_lock(&session.lock);
    size_t count = session.references ? session.instance_count : 0;
    pthread_mutex_unlock(&session.lock);
    return count;
}

/* What a card that is asked anything answers first. */
static nvmlReturn_t answer_of(const struct sim_card *card)
{
    return sim_state(card).lost ? NVML_ERROR_GPU_IS_LOST : NVML_SUCCESS;
}

nvmlReturn_t sim_nvml_card(nvmlDevice_t handle, const struct sim_card **card)
{
    size_t count = count_cards();
    if (!count)
        return NVML_ERROR_UNINITIALIZED;
    for (size_t i = 0; i < count; i++)
        if ((nvmlDevice_t)&session.cards[i] == handle) {
            *card = &session.cards[i];
            return answer_of(*card);
        }
    return NVML_ERROR_INVALID_ARGUMENT;
}

nvmlReturn_t sim_nvml_instance(nvmlDevice_t handle, const struct sim_card **instance, const struct sim_card **card)
{
    size_t count = count_instances();
    for (size_t i = 0; i < count; i++)
        if ((nvmlDevice_t)&session.instances[i].device == handle) {
            *instance = &session.instances[i].device;
            *card = session.instances[i].card;
            return answer_of(*card);
        }
    return count_cards() ? NVML_ERROR_INVALID_ARGUMENT : NVML_ERROR_UNINITIALIZED;
}

nvmlReturn_t sim_nvml_device(nvmlDevice_t handle, const struct sim_card **device)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(handle, device);
    return result == NVML_ERROR_INVALID_ARGUMENT ? sim_nvml_instance(handle, device, &card) : result;
}

const struct sim_card *sim_nvml_instance_at(const struct sim_card *card, unsigned place)
{
    size_t count = count_instances();
    for (size_t i = 0; i < count; i++)
        if (session.instances[i].card == card && place-- == 0)
            return &session.instances[i].device;
    return NULL;
}

unsigned sim_nvml_index(const struct sim_card *card)
{
    return (unsigned)(card - session.cards);
}

nvmlReturn_t sim_nvml_text(const char *text, char *buffer, unsigned size)
{
    if (!buffer)
        return NVML_ERROR_INVALID_ARGUMENT;
    size_t length = strlen(text) + 1;
    if (length > size)
        return NVML_ERROR_INSUFFICIENT_SIZE;
    memcpy(buffer, text, length);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length)
{
    return count_cards() ? sim_nvml_text(session.cards[0].file->card.driver_version, version, length)
                         : NVML_ERROR_UNINITIALIZED;
}

nvmlReturn_t nvmlSystemGetNVMLVersion(char *version, unsigned int length)
{
    char text[96];
    if (!count_cards())
        return NVML_ERROR_UNINITIALIZED;
    const struct sim_card_static *card = &session.cards[0].file->card;
    snprintf(text, sizeof text, "%u.%s", card->cuda_version / 1000, card->driver_version);
    return sim_nvml_text(text, version, length);
}

nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int *version)
{
    if (!version)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (!count_cards())
        return NVML_ERROR_UNINITIALIZED;
    *version = (int)session.cards[0].file->card.cuda_version;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlSystemGetCudaDriverVersion(int *version)
{
    return nvmlSystemGetCudaDriverVersion_v2(version);
}

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count)
{
    if (!count)
        return NVML_ERROR_INVALID_ARGUMENT;
    *count = (unsigned)count_cards();
    return *count ? NVML_SUCCESS : NVML_ERROR_UNINITIALIZED;
}

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *handle)
{
    size_t count = count_cards();
    if (!count)
        return NVML_ERROR_UNINITIALIZED;
    if (!handle || index >= count)
        return NVML_ERROR_INVALID_ARGUMENT;
    *handle = (nvmlDevice_t)&session.cards[index];
    return answer_of(&session.cards[index]);
}

nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *handle)
{
    size_t count = count_cards();
    if (!count)
        return NVML_ERROR_UNINITIALIZED;
    if (!uuid || !handle)
        return NVML_ERROR_INVALID_ARGUMENT;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(session.cards[i].file->card.uuid, uuid))
            return nvmlDeviceGetHandleByIndex_v2((unsigned)i, handle);
    count = count_instances();
    for (size_t i = 0; i < count; i++)
        if (!strcmp(session.instances[i].device.file->card.uuid, uuid)) {
            *handle = (nvmlDevice_t)&session.instances[i].device;
            return answer_of(session.instances[i].card);
        }
    return NVML_ERROR_NOT_FOUND;
}

static bool same_address(const char *left, const char *right)
{
    unsigned a[4], b[4];
    static const char form[] = "%x:%x:%x.%x";
    return sscanf(left, form, &a[0], &a[1], &a[2], &a[3]) == 4 &&
           sscanf(right, form, &b[0], &b[1], &b[2], &b[3]) == 4 && !memcmp(a, b, sizeof a);
}

nvmlReturn_t nvmlDeviceGetHandleByPciBusId_v2(const char *bus_id, nvmlDevice_t *handle)
{
    size_t count = count_cards();
    if (!count)
        return NVML_ERROR_UNINITIALIZED;
    if (!bus_id || !handle)
        return NVML_ERROR_INVALID_ARGUMENT;
    for (size_t i = 0; i < count; i++)
        if (same_address(session.cards[i].file->card.pci_bus_id, bus_id))
            return nvmlDeviceGetHandleByIndex_v2((unsigned)i, handle);
    return NVML_ERROR_NOT_FOUND;
}

const char *nvmlErrorString(nvmlReturn_t result)
{
    switch (result) {
    case NVML_SUCCESS: return "Success";
    case NVML_ERROR_UNINITIALIZED: return "Uninitialized: call nvmlInit first";
    case NVML_ERROR_INVALID_ARGUMENT: return "Invalid argument";
    case NVML_ERROR_NOT_SUPPORTED: return "Not supported by this simulated card";
    case NVML_ERROR_NOT_FOUND: return "Not found";
    case NVML_ERROR_INSUFFICIENT_SIZE: return "Buffer too small";
    case NVML_ERROR_DRIVER_NOT_LOADED: return "Driver not loaded: there is no file of a simulated card";
    case NVML_ERROR_TIMEOUT: return "Timeout";
    case NVML_ERROR_GPU_IS_LOST: return "GPU is lost: this simulated card fell off the bus";
    case NVML_ERROR_LIB_RM_VERSION_MISMATCH: return "Card file of another version, or not readable";
    case NVML_ERROR_MEMORY: return "Out of host memory";
    case NVML_ERROR_ARGUMENT_VERSION_MISMATCH: return "Structure of another version";
    default: return "Unknown error";
    }
}
