#include "once.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

/* A thread that was cancelled amidst it would leave all others waiting. */
static void do_whole(void (*work)(void))
{
    int before;
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    work();
    (void)pthread_setcancelstate(before, NULL);
}

/* The state is ONCE_DONE, or the process that is at it, or 0. Release after the work, acquire before it is relied on. */
void once_wait(once_t *once, void (*work)(void))
{
    uint64_t seen = load_acquire(once);
    while (seen != ONCE_DONE) {
        uint64_t mine = (uint64_t)getpid();
        if (seen == mine) {
            sched_yield();
            seen = load_acquire(once);
        } else if (claim(once, &seen, mine)) {
            do_whole(work);
            store_release(once, ONCE_DONE);
            return;
        }
    }
}
