/* Streams that capture: what is launched into them does not run, and what we did in them would become part of a program's graph.
 * Not here: what a launch does otherwise (gate.h). */
#ifndef HAMI_CAPTURES_H
#define HAMI_CAPTURES_H

#include <stdbool.h>

#include "real.h"

/* A capture began; one was asked to end, with this result. */
void captures_began(void);
void captures_ended(CUresult result);

/* Whether some stream of this process may be capturing. */
bool captures_any(void);

/* Whether work for this stream is to be left alone: it captures, or the driver does not say, as it does not in a host callback. */
bool captures_forbid(const struct real_cuda *real, CUstream stream, bool per_thread);

/* Between these two, calls of this thread that a capture would forbid neither fail nor spoil it. */
CUstreamCaptureMode captures_relax(const struct real_cuda *real);
void captures_restore(const struct real_cuda *real, CUstreamCaptureMode kept);

#endif
