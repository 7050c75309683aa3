/* The lanes of threads, one on each card that a thread launches on: which stream a lane covers, and what is open in it. They end with their threads.
 * Not here: what a lane may launch (pacer.h), the look at it (launch_gate.h). */
#ifndef HAMI_LANES_H
#define HAMI_LANES_H

#include "gate.h"

/* The lane of this thread on a card, made where there is none; NULL: no memory. */
struct launch_lane *lanes_on(struct gate *gate);

/* The lane of this thread on a card, and on the card that a stream, not a default one, is known to be of; NULL: none. */
struct launch_lane *lanes_of_card(const struct card *card);
struct launch_lane *lanes_of_stream(uint64_t stream);

/* Whether a stream is known to be of a lane's card. */
static inline bool lanes_have_seen(const struct launch_lane *lane, uint64_t stream)
{
    return __atomic_load_n(&lane->seen[LAUNCH_SEEN_PLACE(stream)], __ATOMIC_RELAXED) == stream;
}

/* A stream is of this lane's card, from now on until it ends. */
void lanes_see(struct launch_lane *lane, CUstream stream);

/* With the gate's lock held, of any thread's lane: a stream ends; streams that are not known do. */
void lanes_forget_stream(struct launch_lane *lane, CUstream stream);
void lanes_forget_streams(struct launch_lane *lane);

/* With the gate's lock held: while a stream captures, its card's lanes cover nothing. */
void lanes_show_costs(struct launch_lane *lane);

/* A stream as pacer tells it from others: a default one is one of its context, and of its thread. */
struct launch_open lanes_name(const struct launch_lane *lane, struct marks *marks, const struct gate_work *work);

/* The lane covers the stream of this work, by the handles that the two interfaces have for it, as far as these tell its card; or none. */
void lanes_cover(struct launch_lane *lane, const struct gate_work *work);
void lanes_uncover(struct launch_lane *lane);

/* Whether a batch is open in a stream of the lane, of the thread that calls. */
bool lanes_have_open(struct launch_lane *lane, uint64_t key);

/* With the gate's lock held, keep what the end of a batch will be marked by. Returns the event of its start where that is not needed. */
CUevent lanes_keep_open(struct launch_lane *lane, const struct launch_open *open);

#endif
