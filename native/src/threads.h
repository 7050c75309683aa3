/* A thread of ours, and the ends of the program's. Before glibc 2.34 the functions for it are libpthread's, which this library, needing libc
 * alone, cannot be linked to: so they are looked for in what the program has loaded, once a thread is wanted. Not here: what the thread does. */
#ifndef HAMI_THREADS_H
#define HAMI_THREADS_H

#include <stdbool.h>

/* Start a detached thread with all signals blocked, a small stack and this name (15 characters). False: it cannot be. */
bool threads_start(const char *name, void (*body)(void *), void *argument);

/* Have `left` called with `what`, not NULL, when the calling thread ends; what it said last counts. Where that cannot be, it never is. */
void threads_at_end(void (*left)(void *), void *what);

#endif
