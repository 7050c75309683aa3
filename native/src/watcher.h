/* The thread of ours that sees work end: it waits for the oldest batch, tells pacer, passes the lease on and wakes who sleeps. It lives while there is work
 * and a moment longer, and leaves the driver before that takes itself apart. Not here: events (marks.h), how batches get theirs (waits.h). */
#ifndef HAMI_WATCHER_H
#define HAMI_WATCHER_H

#include "gate.h"

/* A batch was closed: there is work for the thread. Without the lock. */
void watcher_has_work(struct gate *gate);

#endif
