#include "once.h"

#include <sched.h>
#include <unistd.h>

#include "atomics.h"

#define DONE UINT64_MAX

/* Else the state is the process that is at it, or 0. Release after the work, acquire before it is relied on. */
void once_run(once_t *once, void (*work)(void))
{
    uint64_t seen = load_acquire(once);
    while (seen != DONE) {
        uint64_t mine = (uint64_t)getpid();
        if (seen == mine) {
            sched_yield();
            seen = load_acquire(once);
        } else if (claim(once, &seen, mine)) {
            work();
            store_release(once, DONE);
            return;
        }
    }
}
