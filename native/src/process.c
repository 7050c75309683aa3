#include "process.h"

#include <pthread.h>
#include <sys/mman.h>

#include "once.h"

struct process *process_page; /* mapped once, and kept by children */
static once_t mapped;

static void map_page(void)
{
    void *memory = mmap(NULL, sizeof *process_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return;
    if (madvise(memory, sizeof *process_page, MADV_WIPEONFORK) == 0)
        __atomic_store_n(&process_page, memory, __ATOMIC_RELEASE);
    else
        munmap(memory, sizeof *process_page);
}

struct process *process_map(void)
{
    once_run(&mapped, map_page);
    return process_page;
}

struct process *process_enter(void)
{
    struct process *process = process_get();
    if (process)
        lock_take(&process->lock);
    return process;
}

void process_leave(struct process *process)
{
    lock_give(&process->lock);
}

static pthread_mutex_t fork_lock = PTHREAD_MUTEX_INITIALIZER;
static once_t registered;
static bool held_off;
static int cancel_state; /* of the thread that holds them off, before */

static void lock_forks(void)
{
    pthread_mutex_lock(&fork_lock);
}

static void unlock_forks(void)
{
    pthread_mutex_unlock(&fork_lock);
}

static void register_handlers(void)
{
    held_off = pthread_atfork(lock_forks, unlock_forks, unlock_forks) == 0;
}

bool process_hold_forks(void)
{
    once_run(&registered, register_handlers);
    if (!held_off)
        return false;
    int before;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    lock_forks();
    cancel_state = before;
    return true;
}

void process_let_fork(void)
{
    int before = cancel_state;
    unlock_forks();
    (void)pthread_setcancelstate(before, NULL);
}
