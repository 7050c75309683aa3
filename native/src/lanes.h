/* The lanes of threads, one on each card that a thread launches on: which stream a lane covers, and what is open in it. They end with their threads.
 * Not here: what a lane may launch (pacer.h), the look at it (launch_gate.h). */
#ifndef HAMI_LANES_H
#define HAMI_LANES_H

#include "gate.h"

/* The lane of this thread on a card; `shown`: it is the one that the look goes by, else that has none. NULL: no memory. */
struct launch_lane *lanes_on(struct gate *gate, bool shown);

/* A stream as pacer tells it from others: a default one is one of its context, and of its thread. */
struct launch_open lanes_name(const struct launch_lane *lane, struct marks *marks, const struct gate_work *work);

/* The lane covers the stream of this work, by the handles that the two interfaces have for it; or none. */
void lanes_cover(struct launch_lane *lane, const struct gate_work *work);
void lanes_uncover(struct launch_lane *lane);

/* With the gate's lock held, keep what the end of a batch will be marked by. Returns the event of its start where that is not needed. */
CUevent lanes_keep_open(struct launch_lane *lane, const struct launch_open *open);

#endif
