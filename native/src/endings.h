/* Before the program ends a stream or a context, what marks we have in it are given up, and what is known of it: nothing of ours is used after it.
 * Not here: how marks are made (waits.c). */
#ifndef HAMI_ENDINGS_H
#define HAMI_ENDINGS_H

#include "real.h"

/* A stream is about to end: what is open in it will not be marked. */
void endings_of_stream(CUstream stream);

/* A context is about to end, or may: our events in it are destroyed. What waits in it for work that takes longer than a second is left there
 * for the driver to send away. */
void endings_of_context(CUcontext context);

#endif
