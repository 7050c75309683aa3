/* Work that is done once in a process, however many threads come for it. pthread_once would do, but programs on an older glibc have it
 * only with libpthread (libc.h). Zero is a valid start. The work must not come back to the same state. */
#ifndef HAMI_ONCE_H
#define HAMI_ONCE_H

#include <stdint.h>

#include "atomics.h"

#define ONCE_DONE UINT64_MAX

typedef uint64_t once_t;

/* Not for callers: once_run where the work is not done yet. */
void once_wait(once_t *once, void (*work)(void));

/* Return when `work` has been done: by this call, or by another one, which is waited for. A child that was forked while a thread
 * of its parent was at it does it anew. */
static inline void once_run(once_t *once, void (*work)(void))
{
    if (load_acquire(once) != ONCE_DONE)
        once_wait(once, work);
}

#endif
