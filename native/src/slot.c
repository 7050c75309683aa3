#include "slot.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "libc.h"
#include "process.h"
#include "report.h"

static bool lock_slot(int descriptor, unsigned slot)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = HAMI_SLOT_LOCK_OFFSET + slot, .l_len = 1};
    return fcntl(descriptor, F_OFD_SETLK, &lock) == 0;
}

static void unlock_slot(int descriptor, unsigned slot)
{
    struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = HAMI_SLOT_LOCK_OFFSET + slot, .l_len = 1};
    (void)fcntl(descriptor, F_OFD_SETLK, &lock); /* closing the descriptor unlocks as well */
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Processes start looking in different places, so that a claim seldom meets a taken slot. */
static unsigned first_to_try(void)
{
    return (unsigned)(((uint64_t)getpid() * UINT64_C(0x9e3779b97f4a7c15) + now_ns()) >> 7) % HAMI_SLOTS;
}

static unsigned lock_any(int descriptor)
{
    unsigned first = first_to_try();
    for (unsigned i = 0; i < HAMI_SLOTS; i++)
        if (lock_slot(descriptor, (first + i) % HAMI_SLOTS))
            return (first + i) % HAMI_SLOTS;
    return HAMI_SLOTS;
}

/* The lock must end with this process's memory: not with a descriptor that a program may close or a child inherits, but with a
 * mapping that no child gets. */
static bool tie_to_memory(int descriptor)
{
    void *page = mmap(NULL, 1, PROT_NONE, MAP_SHARED, descriptor, 0);
    return page != MAP_FAILED && madvise(page, 1, MADV_DONTFORK) == 0;
}

static uint64_t start_time(void)
{
    char text[512];
    unsigned long long ticks = 0;
    int descriptor = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    ssize_t length = descriptor < 0 ? -1 : read(descriptor, text, sizeof text - 1);
    if (descriptor >= 0)
        close(descriptor);
    if (length <= 0)
        return 0;
    text[length] = 0;
    const char *rest = strrchr(text, ')'); /* the name before it may hold anything; the start is 20 fields on */
    if (rest)
        (void)sscanf(rest + 1, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu", &ticks);
    return ticks;
}

static void write_identity(struct hami_slot *slot)
{
    struct stat namespace;
    slot->pid_namespace = libc_stat("/proc/self/ns/pid", &namespace) == 0 ? namespace.st_ino : 0;
    slot->pid = (uint32_t)getpid();
    slot->tid = (uint32_t)libc_gettid();
    slot->started = start_time();
    slot->claimed_at_ns = now_ns();
}

/* A dead process has nothing in flight. What it used and waited for stays, until the slot is another one's. */
static void forget_work(struct hami_slot *slot)
{
    store_relaxed(&slot->in_flight_ns, 0);
    store_relaxed(&slot->expected_done_ns, 0);
}

static void forget_time(struct hami_slot *slot)
{
    forget_work(slot);
    store_relaxed(&slot->busy_ns, 0);
    store_relaxed(&slot->throttled_ns, 0);
    store_relaxed(&slot->launches, 0);
    store_relaxed(&slot->last_launch_ns, 0);
}

static const char *claim_any(const struct pages *pages, struct account *account)
{
    int descriptor = open(pages->usage_path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0)
        return "cannot be opened";
    unsigned slot = lock_any(descriptor);
    const char *trouble = NULL;
    if (slot == HAMI_SLOTS)
        trouble = "all its slots are held by living processes, or its file system has no locks";
    else if (!tie_to_memory(descriptor))
        trouble = "its lock cannot be kept";
    close(descriptor);
    if (trouble)
        return trouble;
    account_reap(pages->usage, slot);
    forget_time(&pages->usage->slots[slot]);
    write_identity(&pages->usage->slots[slot]);
    *account = account_take_up(pages->usage, slot);
    return NULL;
}

bool slot_claim(const struct pages *pages, struct account *account)
{
    const char *trouble = "forks cannot be held off";
    if (process_hold_forks()) {
        trouble = claim_any(pages, account);
        process_let_fork();
    }
    if (trouble)
        report(pages->usage_path, trouble, "allocations of this process are refused; restart the container");
    return !trouble;
}

static void sweep(const struct pages *pages, unsigned own)
{
    int descriptor = -1;
    for (unsigned i = 0; i < HAMI_SLOTS; i++) {
        if (i == own || !account_to_reap(pages->usage, i))
            continue;
        if (descriptor < 0 && (descriptor = open(pages->usage_path, O_RDWR | O_CLOEXEC)) < 0)
            return;
        if (!lock_slot(descriptor, i))
            continue;
        account_reap(pages->usage, i);
        forget_work(&pages->usage->slots[i]);
        unlock_slot(descriptor, i);
    }
    if (descriptor >= 0)
        close(descriptor);
}

void slot_sweep(const struct pages *pages, unsigned own)
{
    if (!process_hold_forks())
        return;
    sweep(pages, own);
    process_let_fork();
}

bool slot_any_held(const struct pages *pages)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = HAMI_SLOT_LOCK_OFFSET, .l_len = HAMI_SLOTS};
    int descriptor = open(pages->usage_path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0)
        return true;
    bool held = fcntl(descriptor, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
    close(descriptor);
    return held;
}

static bool is_overdue(const struct hami_slot *slot, uint64_t now_ns)
{
    return load_relaxed(&slot->in_flight_ns) && now_ns > load_relaxed(&slot->expected_done_ns);
}

void slot_forget_dead_work(const struct pages *pages, const struct hami_slot *own, uint64_t now_ns)
{
    if (!process_hold_forks())
        return;
    int descriptor = open(pages->usage_path, O_RDWR | O_CLOEXEC);
    for (unsigned i = 0; descriptor >= 0 && i < HAMI_SLOTS; i++) {
        struct hami_slot *slot = &pages->usage->slots[i];
        if (slot == own || !bit_is_set(pages->usage->working, i) || !is_overdue(slot, now_ns) || !lock_slot(descriptor, i))
            continue;
        forget_work(slot);
        unlock_slot(descriptor, i);
    }
    if (descriptor >= 0)
        close(descriptor);
    process_let_fork();
}
