/* Work that is done once in a process, however many threads come for it. pthread_once would do, but programs on an older glibc have it
 * only with libpthread (libc.h). Zero is a valid start. The work must not come back to the same state. */
#ifndef HAMI_ONCE_H
#define HAMI_ONCE_H

#include <stdint.h>

typedef uint64_t once_t;

/* Return when `work` has been done: by this call, or by another one, which is waited for. A child that was forked while a thread
 * of its parent was at it does it anew. */
void once_run(once_t *once, void (*work)(void));

#endif
