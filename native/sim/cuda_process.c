#include "cuda_process.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

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

CUresult sim_enter(void)
{
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

struct sim_device *sim_device(CUdevice ordinal)
{
    return ordinal >= 0 && (size_t)ordinal < driver.count ? &driver.devices[ordinal] : NULL;
}

/* Before cuInit there are no devices: the first card file that is there tells, as all are of one driver. */
static unsigned version_of_first_card(void)
{
    struct sim_card card;
    char folder[SIM_MAX_PATH];
    unsigned indexes[SIM_MAX_CARDS];
    sim_dev_folder(folder);
    if (!sim_find_cards(folder, indexes) || !sim_card_view(&card, folder, indexes[0]))
        return CUDA_VERSION_WITHOUT_CARDS;
    unsigned version = card.file->card.cuda_version;
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

static CUresult find_devices(void)
{
    static struct sim_card cards[SIM_MAX_CARDS];
    char folder[SIM_MAX_PATH];
    unsigned indexes[SIM_MAX_CARDS];
    sim_dev_folder(folder);
    size_t count = sim_find_cards(folder, indexes);
    for (size_t i = 0; i < count; i++)
        if (!cards[i].file && !sim_card_map(&cards[i], folder, indexes[i]))
            return CUDA_ERROR_SYSTEM_DRIVER_MISMATCH;
    return map_visible(cards, count);
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
