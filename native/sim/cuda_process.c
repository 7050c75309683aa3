#include "cuda_process.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device_order.h"
#include "physical.h"
#include "visible_devices.h"

#define CUDA_VERSION_WITHOUT_CARDS 13000u

static struct {
    pthread_mutex_t lock;
    pid_t pid; /* of the process that called cuInit; 0: none did */
    size_t count;
    struct sim_device devices[SIM_MAX_CARDS];
} driver = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void lock_driver(void)
{
    pthread_mutex_lock(&driver.lock);
}

static void unlock_driver(void)
{
    pthread_mutex_unlock(&driver.lock);
}

static _Thread_local bool in_program;

CUresult sim_enter(void)
{
    if (in_program)
        return CUDA_ERROR_NOT_PERMITTED;
    lock_driver();
    if (driver.pid && driver.pid == getpid())
        return CUDA_SUCCESS;
    unlock_driver();
    return CUDA_ERROR_NOT_INITIALIZED;
}

void sim_leave(void)
{
    unlock_driver();
}

void sim_enter_again(void)
{
    lock_driver();
}

void sim_call_program(void (*function)(void *argument), void *argument)
{
    in_program = true;
    function(argument);
    in_program = false;
}

struct sim_device *sim_device(CUdevice ordinal)
{
    return ordinal >= 0 && (size_t)ordinal < driver.count ? &driver.devices[ordinal] : NULL;
}

CUresult sim_enter_device(CUdevice ordinal, struct sim_device **device)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    *device = sim_device(ordinal);
    if (*device)
        return CUDA_SUCCESS;
    sim_leave();
    return CUDA_ERROR_INVALID_DEVICE;
}

/* Before cuInit there are no devices: the first card file that is there tells, as all are of one driver. Once: a program asks for hundreds
 * of functions before. */
static unsigned version_of_first_card(void)
{
    static unsigned version; /* under the driver's lock; 0: no card was there yet */
    if (version)
        return version;
    struct sim_card card;
    char folder[SIM_MAX_PATH];
    unsigned indexes[SIM_MAX_CARDS];
    sim_dev_folder(folder);
    if (!sim_find_cards(folder, indexes) || !sim_card_view(&card, folder, indexes[0]))
        return CUDA_VERSION_WITHOUT_CARDS;
    version = card.file->card.cuda_version;
    munmap(card.file, SIM_CARD_FILE_SIZE);
    return version;
}

unsigned sim_cuda_version(void)
{
    lock_driver();
    unsigned version = driver.count ? driver.devices[0].card.file->card.cuda_version : version_of_first_card();
    unlock_driver();
    return version;
}

static CUresult map_visible(const struct sim_card *cards, size_t count)
{
    size_t order[SIM_MAX_CARDS];
    driver.count = sim_visible_devices(getenv("CUDA_VISIBLE_DEVICES"), cards, count, order);
    for (size_t i = 0; i < driver.count; i++)
        driver.devices[i] =
            (struct sim_device){.card = cards[order[i]], .ordinal = (CUdevice)i, .slot = SIM_NO_SLOT};
    return driver.count ? CUDA_SUCCESS : CUDA_ERROR_NO_DEVICE;
}

/* What CUDA has its devices from: the cards, and in place of one in MIG mode its instances; 64 at most together. */
static struct {
    size_t count;
    struct sim_card cards[SIM_MAX_CARDS];
} mapped;

static void unmap_cards(void)
{
    while (mapped.count)
        munmap(mapped.cards[--mapped.count].file, SIM_CARD_FILE_SIZE);
}

static bool map_instances(const char *folder, unsigned index, const struct sim_card_static *card)
{
    unsigned instances[SIM_MAX_INSTANCES];
    size_t found = sim_find_instances(folder, index, instances);
    for (size_t i = 0; i < found && mapped.count < SIM_MAX_CARDS; i++, mapped.count++) {
        if (!sim_instance_map(&mapped.cards[mapped.count], folder, index, instances[i]))
            return false;
        memcpy(mapped.cards[mapped.count].whole_uuid, card->uuid, sizeof card->uuid);
    }
    return true;
}

static bool map_card(const char *folder, unsigned index)
{
    struct sim_card *card = &mapped.cards[mapped.count];
    if (!sim_card_map(card, folder, index))
        return false;
    if (card->file->card.mig_enabled) {
        const struct sim_card_static whole = card->file->card;
        munmap(card->file, SIM_CARD_FILE_SIZE);
        return map_instances(folder, index, &whole);
    }
    memcpy(card->whole_uuid, card->file->card.uuid, sizeof card->whole_uuid);
    mapped.count++;
    return true;
}

static bool map_cards(void)
{
    char folder[SIM_MAX_PATH];
    unsigned indexes[SIM_MAX_CARDS];
    sim_dev_folder(folder);
    size_t found = sim_find_cards(folder, indexes);
    for (size_t i = 0; i < found && mapped.count < SIM_MAX_CARDS; i++)
        if (!map_card(folder, indexes[i]))
            return false;
    sim_order_devices(getenv("CUDA_DEVICE_ORDER"), mapped.cards, mapped.count);
    return true;
}

static CUresult find_devices(void)
{
    CUresult result = map_cards() ? map_visible(mapped.cards, mapped.count) : CUDA_ERROR_SYSTEM_DRIVER_MISMATCH;
    if (result != CUDA_SUCCESS)
        unmap_cards(); /* the next call begins anew: there may be cards then */
    return result;
}

static CUresult start(void)
{
    CUresult result = find_devices();
    /* A fork in the midst of a call would copy a held lock, and descriptors of the card that outlive this process. */
    if (result == CUDA_SUCCESS && pthread_atfork(lock_driver, unlock_driver, unlock_driver))
        result = CUDA_ERROR_OUT_OF_MEMORY;
    if (result == CUDA_SUCCESS)
        driver.pid = getpid();
    return result;
}

CUresult cuInit(unsigned int flags)
{
    if (flags)
        return CUDA_ERROR_INVALID_VALUE;
    lock_driver();
    CUresult result = CUDA_SUCCESS;
    if (!driver.pid)
        result = start();
    else if (driver.pid != getpid())
        result = CUDA_ERROR_NOT_INITIALIZED;
    unlock_driver();
    return result;
}
