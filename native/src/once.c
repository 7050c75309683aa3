#include "once.h"

#include <sched.h>
#include <unistd.h>

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
            work();
            store_release(once, ONCE_DONE);
            return;
        }
    }
}
