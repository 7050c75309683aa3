#include "card.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool ends(const char *text, size_t size)
{
    return memchr(text, '\0', size) != NULL;
}

static bool is_card(const struct sim_card_static *card)
{
    return card->magic == SIM_CARD_MAGIC && card->version == SIM_CARD_VERSION &&
           card->file_bytes == SIM_CARD_FILE_SIZE && card->link_count <= SIM_CARD_LINKS &&
           card->reserved_bytes <= card->memory_bytes && ends(card->uuid, sizeof card->uuid) &&
           ends(card->name, sizeof card->name) && ends(card->pci_bus_id, sizeof card->pci_bus_id) &&
           ends(card->driver_version, sizeof card->driver_version);
}

static bool map_file(struct sim_card *card, int open_mode, int protection)
{
    int file = open(card->path, open_mode | O_CLOEXEC);
    if (file < 0)
        return false;
    struct stat status;
    void *map = MAP_FAILED;
    if (!fstat(file, &status) && status.st_size >= (off_t)SIM_CARD_FILE_SIZE)
        map = mmap(NULL, SIM_CARD_FILE_SIZE, protection, MAP_SHARED, file, 0);
    close(file);
    if (map == MAP_FAILED)
        return false;
    card->file = map;
    if (is_card(&card->file->card))
        return true;
    munmap(map, SIM_CARD_FILE_SIZE);
    card->file = NULL;
    return false;
}

static bool fits_path(int length)
{
    return length >= 0 && length < (int)SIM_MAX_PATH;
}

static bool name_card(struct sim_card *card, const char *folder, unsigned index)
{
    return fits_path(snprintf(card->path, sizeof card->path, "%s/hami-sim%u", folder, index));
}

static bool name_instance(struct sim_card *card, const char *folder, unsigned index, unsigned instance)
{
    return fits_path(snprintf(card->path, sizeof card->path, "%s/hami-sim%umig%u", folder, index, instance));
}

bool sim_card_map(struct sim_card *card, const char *folder, unsigned index)
{
    return name_card(card, folder, index) && map_file(card, O_RDWR, PROT_READ | PROT_WRITE);
}

bool sim_card_view(struct sim_card *card, const char *folder, unsigned index)
{
    return name_card(card, folder, index) && map_file(card, O_RDONLY, PROT_READ);
}

bool sim_instance_map(struct sim_card *card, const char *folder, unsigned index, unsigned instance)
{
    return name_instance(card, folder, index, instance) && map_file(card, O_RDWR, PROT_READ | PROT_WRITE);
}

bool sim_instance_view(struct sim_card *card, const char *folder, unsigned index, unsigned instance)
{
    return name_instance(card, folder, index, instance) && map_file(card, O_RDONLY, PROT_READ);
}

struct sim_card_state sim_state(const struct sim_card *card)
{
    /* Relaxed: no field says anything of another, so there is nothing to order; each must only be read whole. */
    const struct sim_card_state *state = &card->file->state;
    return (struct sim_card_state){
        .lost = __atomic_load_n(&state->lost, __ATOMIC_RELAXED),
        .xid = __atomic_load_n(&state->xid, __ATOMIC_RELAXED),
        .uncorrected_ecc_errors = __atomic_load_n(&state->uncorrected_ecc_errors, __ATOMIC_RELAXED),
        .gpu_percent = __atomic_load_n(&state->gpu_percent, __ATOMIC_RELAXED),
        .memory_percent = __atomic_load_n(&state->memory_percent, __ATOMIC_RELAXED),
        .processes_refusal = __atomic_load_n(&state->processes_refusal, __ATOMIC_RELAXED),
        .samples_refusal = __atomic_load_n(&state->samples_refusal, __ATOMIC_RELAXED),
    };
}

static int lock(int file, int command, short type, uint64_t byte)
{
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)byte, .l_len = 1};
    int result;
    do
        result = fcntl(file, command, &range);
    while (result < 0 && errno == EINTR);
    return result;
}

static int guard(const struct sim_card *card, int open_mode, short type, uint64_t byte)
{
    int file = open(card->path, open_mode | O_CLOEXEC);
    if (file >= 0 && lock(file, F_OFD_SETLKW, type, byte) < 0) {
        close(file);
        return -1;
    }
    return file;
}

int sim_guard_alone(const struct sim_card *card)
{
    return guard(card, O_RDWR, F_WRLCK, SIM_CARD_GUARD_BYTE);
}

int sim_guard_shared(const struct sim_card *card)
{
    return guard(card, O_RDONLY, F_RDLCK, SIM_CARD_GUARD_BYTE);
}

int sim_guard_time(const struct sim_card *card)
{
    return guard(card, O_RDWR, F_WRLCK, SIM_CARD_TIME_BYTE);
}

void sim_guard_leave(int guard)
{
    /* By name, as a child that was forked meanwhile may hold the descriptor too. */
    lock(guard, F_OFD_SETLK, F_UNLCK, SIM_CARD_GUARD_BYTE);
    lock(guard, F_OFD_SETLK, F_UNLCK, SIM_CARD_TIME_BYTE);
    close(guard);
}

/* A question that fails must not free the memory of a living process. */
static bool is_locked(int file, uint64_t byte)
{
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)byte, .l_len = 1};
    return fcntl(file, F_OFD_GETLK, &range) < 0 || range.l_type != F_UNLCK;
}

bool sim_slot_lives(int guard, unsigned slot)
{
    return is_locked(guard, SIM_CARD_SLOT_LOCK_BYTE + slot);
}

bool sim_time_is_guarded(int guard)
{
    return is_locked(guard, SIM_CARD_TIME_BYTE);
}

bool sim_slot_hold(const struct sim_card *card, unsigned slot)
{
    int file = open(card->path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return false;
    /* The lock lives as long as the open file, the open file as long as this mapping, and that dies with the process. */
    bool held = lock(file, F_OFD_SETLK, F_WRLCK, SIM_CARD_SLOT_LOCK_BYTE + slot) == 0;
    if (held) {
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        void *anchor = mmap(NULL, page, PROT_NONE, MAP_SHARED, file, 0);
        held = anchor != MAP_FAILED && madvise(anchor, page, MADV_DONTFORK) == 0;
        if (!held && anchor != MAP_FAILED)
            munmap(anchor, page);
    }
    close(file);
    return held;
}
