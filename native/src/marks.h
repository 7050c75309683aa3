/* Marks: events of ours in the program's streams, by which it is seen when work ended, on the clock of the host. One store for each
 * context, since an event is of one. Callers hold the gate's lock (gate.h) where nothing else is said; the driver is called without it.
 * Not here: what the times mean (pacer.h), who waits for them (waits.h). */
#ifndef HAMI_MARKS_H
#define HAMI_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "real.h"

enum { MARKS_IDLE = 32 };

struct marks {
    struct marks *next;
    CUcontext context; /* NULL: ended, and its events with it */
    uint64_t number;   /* tells contexts apart */
    unsigned uses;     /* by work that is launched or in flight: until there is none, the store is no other context's */
    unsigned idle_count;
    CUevent idle[MARKS_IDLE];
    CUevent base;      /* the two are the thread's alone that sees work end, but for their end */
    uint64_t base_ns;  /* CLOCK_MONOTONIC, when `base` happened */
};

/* The store of a context in a list, made where there is none; NULL: no memory. */
struct marks *marks_of(struct marks **list, CUcontext context);

/* An idle event of the store; NULL: there is none, and marks_make, without the lock and in its context, makes one. */
CUevent marks_take(struct marks *marks);
CUevent marks_make(const struct real_cuda *real);

/* Put an event back. False: there is no room, or the context has ended; the first is to be destroyed by the caller, without the lock. */
bool marks_put(struct marks *marks, CUevent event);

/* When an event that was seen to have happened, at `seen_ns`, did happen; without the lock. 0: the driver does not say. What the events
 * drift from the host's clock is made up: no event happens after it is seen, and those that are seen at once tell how long before.
 * *spare: an event to put back, or NULL. */
uint64_t marks_time(const struct real_cuda *real, struct marks *marks, CUevent event, uint64_t seen_ns, CUevent *spare);

/* The thread that sees work end is done with the store: where its context has ended meanwhile, it forgets what it learnt of it. */
void marks_settle(struct marks *marks);

/* What passed between two events, ns; UINT64_MAX: the driver does not say. */
uint64_t marks_between(const struct real_cuda *real, CUevent start, CUevent end);

#endif
