/* A lock between the threads of this process, over work of nanoseconds: where nobody waits, one atomic instruction takes it and none
 * gives it back; a pthread_mutex_t takes two, of four calls for each allocation that is made and freed. Zero is free. */
#ifndef HAMI_LOCK_H
#define HAMI_LOCK_H

#include <stdint.h>

#include "atomics.h"

struct lock {
    uint32_t held, waiters;
};

/* Not for callers: what lock_take and lock_give do where another thread has it or waits. */
void lock_wait(struct lock *lock);
void lock_wake(struct lock *lock);

static inline void lock_take(struct lock *lock)
{
    if (!raise_flag(&lock->held))
        lock_wait(lock);
}

/* The processor may look for waiters before it shows others that the lock is free, and miss one that has just gone to sleep:
 * so nobody sleeps for longer than a moment (lock.c). To rule it out would take a fence each time. */
static inline void lock_give(struct lock *lock)
{
    lower_flag(&lock->held);
    if (is_raised(&lock->waiters))
        lock_wake(lock);
}

#endif
