#include "time_file.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAGIC UINT64_C(0x324d495443524148) /* "HARCTIM2" */
#define LOOK_FOR_DEAD_NS UINT64_C(1000000)
#define HOLDERS (2u * SIM_CARD_SLOTS)
#define TRIES 64u /* before it is asked whether the holder lives */

/* Who has a context. A slot may be another process's by now: its claim tells. */
struct owner {
    uint64_t claim; /* 0: nobody */
    uint32_t slot;
    uint32_t unused;
};

/* In the file. */
struct shared {
    uint64_t magic; /* written last */
    uint64_t boot;  /* its clock is of one boot of the machine */
    uint64_t holder; /* who has it to himself: his claim and slot, SIM_CARD_SLOTS for one who only looks; 0: nobody */
    uint64_t looked_ns; /* for the dead */
    struct owner owners[CARD_TIME_CONTEXTS];
    struct card_time time;
};

struct sim_time {
    struct shared *shared;
    const struct sim_card *card;
    unsigned slot;   /* SIM_CARD_SLOTS: it only looks, and holds the guard for that */
    int guard;
    uint64_t holder; /* the name of this process in it */
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

/* What is in the file may be of an earlier boot, or half begun by somebody who was killed: it goes, and its place on the disk with it. */
static void begin(int file, struct shared *shared, uint64_t boot)
{
    __atomic_store_n(&shared->magic, 0, __ATOMIC_RELEASE);
    if (fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, SIM_CARD_FILE_SIZE, sizeof *shared))
        memset(shared, 0, sizeof *shared);
    shared->boot = boot;
    card_time_init(&shared->time, CARD_TIME_USUAL, sim_time_now_ns());
    __atomic_store_n(&shared->magic, MAGIC, __ATOMIC_RELEASE);
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
    if (time->slot == SIM_CARD_SLOTS)
        sim_guard_leave(time->guard);
    free(time);
}

/* A name that no other process of this boot has. */
static uint64_t holder_of(uint64_t claim, unsigned slot)
{
    return claim * HOLDERS + slot;
}

struct sim_time *sim_time_map(const struct sim_card *card, unsigned slot)
{
    uint64_t boot = this_boot();
    struct sim_time *time = calloc(1, sizeof *time);
    int file = time ? sim_guard_alone(card) : -1;
    if (file >= 0)
        time->shared = map_shared(file);
    if (file >= 0 && time->shared && !is_of(time->shared, boot))
        begin(file, time->shared, boot);
    if (file >= 0)
        sim_guard_leave(file);
    if (file < 0 || !time->shared) {
        free(time);
        return NULL;
    }
    time->card = card;
    time->slot = slot;
    time->holder = holder_of(slot < SIM_CARD_SLOTS ? card->file->slots[slot].claim : sim_time_now_ns(), slot);
    return time;
}

struct sim_time *sim_time_view(const struct sim_card *card)
{
    struct stat status;
    bool has_time = !stat(card->path, &status) && status.st_size >= (off_t)FILE_BYTES;
    int guard = has_time ? sim_guard_time(card) : -1;
    struct sim_time *time = guard >= 0 ? sim_time_map(card, SIM_CARD_SLOTS) : NULL;
    if (time)
        time->guard = guard;
    else if (guard >= 0)
        sim_guard_leave(guard);
    return time;
}

static bool owner_lives(const struct sim_time *time, int file, const struct owner *owner)
{
    const struct sim_card_slot *slot = &time->card->file->slots[owner->slot];
    return slot->claim == owner->claim && (owner->slot == time->slot || sim_slot_lives(file, owner->slot));
}

static void end_dead(struct sim_time *time, uint64_t now_ns)
{
    struct shared *shared = time->shared;
    shared->looked_ns = now_ns;
    int file = sim_time_has_others(time) ? open(time->card->path, O_RDONLY | O_CLOEXEC) : -1;
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

/* Whether who has it to himself lives; true where that cannot be told. */
static bool holder_lives(const struct sim_time *time, uint64_t holder)
{
    unsigned slot = (unsigned)(holder % HOLDERS);
    int file = open(time->card->path, O_RDONLY | O_CLOEXEC);
    bool lives = file < 0;
    if (file >= 0 && slot == SIM_CARD_SLOTS)
        lives = time->slot != SIM_CARD_SLOTS && sim_time_is_guarded(file); /* of two who only look, the other one is dead */
    else if (file >= 0)
        lives = holder_of(time->card->file->slots[slot].claim, slot) == holder && sim_slot_lives(file, slot);
    if (file >= 0)
        close(file);
    return lives;
}

/* Have it for oneself; whether it was taken from one who was killed. It is held for microseconds, and the kernel tells who is dead by the lock
 * of his slot, across PID namespaces; so no robust mutex, which goes by PIDs. Acquire: what the one before wrote is seen. */
static bool take(struct sim_time *time)
{
    uint64_t *holder = &time->shared->holder;
    for (unsigned tries = 1;; tries++) {
        uint64_t seen = 0;
        if (__atomic_compare_exchange_n(holder, &seen, time->holder, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return false;
        if (tries % TRIES == 0 && !holder_lives(time, seen) &&
            __atomic_compare_exchange_n(holder, &seen, time->holder, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
        if (tries < TRIES)
            sched_yield();
        else
            nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
    }
}

struct card_time *sim_time_enter(struct sim_time *time)
{
    struct shared *shared = time->shared;
    if (take(time))
        card_time_mend(&shared->time);
    uint64_t now_ns = sim_time_now_ns();
    if (now_ns - shared->looked_ns > LOOK_FOR_DEAD_NS)
        end_dead(time, now_ns);
    card_time_advance(&shared->time, now_ns);
    return &shared->time;
}

void sim_time_leave(struct sim_time *time)
{
    __atomic_store_n(&time->shared->holder, 0, __ATOMIC_RELEASE);
}

uint32_t sim_time_begin_context(struct sim_time *time)
{
    uint32_t context = card_time_begin_context(&time->shared->time);
    if (context != CARD_TIME_NONE)
        time->shared->owners[context] = (struct owner){.claim = time->card->file->slots[time->slot].claim, .slot = time->slot};
    return context;
}

unsigned sim_time_slot(const struct sim_time *time, uint32_t context)
{
    bool used = context < time->shared->time.contexts_used && time->shared->owners[context].claim;
    return used ? time->shared->owners[context].slot : SIM_CARD_SLOTS;
}

bool sim_time_has_others(const struct sim_time *time)
{
    uint32_t i = 0;
    while (i < time->shared->time.contexts_used && (!time->shared->owners[i].claim || time->shared->owners[i].slot == time->slot))
        i++;
    return i < time->shared->time.contexts_used;
}
