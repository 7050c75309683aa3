#include "lock.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LOOKS 64
#define SLEEP_NS 1000000

static void pause_briefly(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static bool taken_soon(struct lock *lock)
{
    for (int i = 0; i < LOOKS; i++) {
        if (!is_raised(&lock->held) && raise_flag(&lock->held))
            return true;
        pause_briefly();
    }
    return false;
}

/* Not pthread's or libc's ways to sleep, at which a thread could be cancelled. */
void lock_wait(struct lock *lock)
{
    static const struct timespec most = {.tv_nsec = SLEEP_NS};
    int kept = errno;
    if (taken_soon(lock))
        return;
    count_up(&lock->waiters);
    while (!raise_flag(&lock->held))
        (void)syscall(SYS_futex, &lock->held, FUTEX_WAIT_PRIVATE, 1, &most);
    count_down(&lock->waiters);
    errno = kept;
}

void lock_wake(struct lock *lock)
{
    int kept = errno;
    (void)syscall(SYS_futex, &lock->held, FUTEX_WAKE_PRIVATE, 1);
    errno = kept;
}
