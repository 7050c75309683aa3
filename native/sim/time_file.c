#include "time_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAGIC UINT64_C(0x454d495443524148) /* "HARCTIME" */
#define LOOK_FOR_DEAD_NS UINT64_C(1000000)

/* Who has a context. A slot may be another process's by now: its claim tells. */
struct owner {
    uint64_t claim; /* 0: nobody */
    uint32_t slot;
    uint32_t unused;
};

/* In the file. */
struct shared {
    uint64_t magic; /* written last */
    uint64_t boot;  /* the clock and the lock are of one boot of the machine */
    pthread_mutex_t lock;
    uint64_t looked_ns; /* for the dead */
    struct owner owners[CARD_TIME_CONTEXTS];
    struct card_time time;
};

struct sim_time {
    struct shared *shared;
    const struct sim_card *card;
};

#define FILE_BYTES (SIM_CARD_FILE_SIZE + sizeof(struct shared))
_Static_assert(SIM_CARD_FILE_SIZE % 4096 == 0, "what follows the slots can be mapped by itself");

uint64_t sim_time_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* A number that is another one after a restart of the machine; 0 where it cannot be told. */
static uint64_t this_boot(void)
{
    char text[17] = "";
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (!file)
        return 0;
    unsigned long long high = 0, low = 0;
    if (fgets(text, 9, file))
        high = strtoull(text, NULL, 16);
    if (fgetc(file) == '-' && fgets(text, 5, file))
        low = strtoull(text, NULL, 16);
    fclose(file);
    return high << 16 | low;
}

/* It crosses PID namespaces: its owner is known to the kernel by the name that the owner has for itself. */
static bool make_lock(pthread_mutex_t *lock)
{
    pthread_mutexattr_t attributes;
    bool made = !pthread_mutexattr_init(&attributes) && !pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) &&
                !pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) && !pthread_mutex_init(lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
    return made;
}

/* What is in the file may be of an earlier boot, or half begun by somebody who was killed: it goes, and its place on the disk with it. */
static bool begin(int file, struct shared *shared, uint64_t boot)
{
    __atomic_store_n(&shared->magic, 0, __ATOMIC_RELEASE);
    if (fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, SIM_CARD_FILE_SIZE, sizeof *shared))
        memset(shared, 0, sizeof *shared);
    if (!make_lock(&shared->lock))
        return false;
    shared->boot = boot;
    card_time_init(&shared->time, CARD_TIME_USUAL, sim_time_now_ns());
    __atomic_store_n(&shared->magic, MAGIC, __ATOMIC_RELEASE);
    return true;
}

static struct shared *map_shared(int file)
{
    struct stat status;
    if (fstat(file, &status) || (status.st_size < (off_t)FILE_BYTES && ftruncate(file, FILE_BYTES)))
        return NULL;
    void *map = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, SIM_CARD_FILE_SIZE);
    return map == MAP_FAILED ? NULL : map;
}

static bool is_of(const struct shared *shared, uint64_t boot)
{
    return shared->magic == MAGIC && (!boot || shared->boot == boot);
}

void sim_time_unmap(struct sim_time *time)
{
    munmap(time->shared, sizeof *time->shared);
    free(time);
}

struct sim_time *sim_time_map(const struct sim_card *card)
{
    uint64_t boot = this_boot();
    struct sim_time *time = calloc(1, sizeof *time);
    int file = time ? sim_guard_alone(card) : -1;
    if (file < 0) {
        free(time);
        return NULL;
    }
    time->card = card;
    time->shared = map_shared(file);
    bool mapped = time->shared && (is_of(time->shared, boot) || begin(file, time->shared, boot));
    sim_guard_leave(file);
    if (mapped)
        return time;
    if (time->shared)
        sim_time_unmap(time);
    else
        free(time);
    return NULL;
}

struct sim_time *sim_time_find(const struct sim_card *card)
{
    struct stat status;
    bool has_time = !stat(card->path, &status) && status.st_size >= (off_t)FILE_BYTES;
    return has_time ? sim_time_map(card) : NULL;
}

static bool owner_lives(const struct sim_time *time, int file, const struct owner *owner)
{
    const struct sim_card_slot *slot = &time->card->file->slots[owner->slot];
    return slot->claim == owner->claim && sim_slot_lives(file, owner->slot);
}

static void end_dead(struct sim_time *time, uint64_t now_ns)
{
    struct shared *shared = time->shared;
    shared->looked_ns = now_ns;
    int file = open(time->card->path, O_RDONLY | O_CLOEXEC);
    for (uint32_t i = 0; file >= 0 && i < shared->time.contexts_used; i++)
        if (shared->owners[i].claim && !owner_lives(time, file, &shared->owners[i]))
            sim_time_end_context(time, i, now_ns);
    if (file >= 0)
        close(file);
}

void sim_time_end_context(struct sim_time *time, uint32_t context, uint64_t now_ns)
{
    card_time_end_context(&time->shared->time, now_ns, context);
    time->shared->owners[context] = (struct owner){0};
}

struct card_time *sim_time_enter(struct sim_time *time)
{
    struct shared *shared = time->shared;
    if (pthread_mutex_lock(&shared->lock) == EOWNERDEAD) {
        card_time_mend(&shared->time);
        pthread_mutex_consistent(&shared->lock);
    }
    uint64_t now_ns = sim_time_now_ns();
    if (now_ns - shared->looked_ns > LOOK_FOR_DEAD_NS)
        end_dead(time, now_ns);
    card_time_advance(&shared->time, now_ns);
    return &shared->time;
}

void sim_time_leave(struct sim_time *time)
{
    pthread_mutex_unlock(&time->shared->lock);
}

uint32_t sim_time_begin_context(struct sim_time *time, unsigned slot)
{
    uint32_t context = card_time_begin_context(&time->shared->time);
    if (context != CARD_TIME_NONE)
        time->shared->owners[context] = (struct owner){.claim = time->card->file->slots[slot].claim, .slot = slot};
    return context;
}

unsigned sim_time_slot(const struct sim_time *time, uint32_t context)
{
    bool used = context < time->shared->time.contexts_used && time->shared->owners[context].claim;
    return used ? time->shared->owners[context].slot : SIM_CARD_SLOTS;
}

bool sim_time_has_others(const struct sim_time *time, unsigned slot)
{
    uint32_t i = 0;
    while (i < time->shared->time.contexts_used && (!time->shared->owners[i].claim || time->shared->owners[i].slot == slot))
        i++;
    return i < time->shared->time.contexts_used;
}
