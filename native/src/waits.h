/* What pacer.h's answers ask for: marks go behind batches, and threads sleep.
 * Not here: who is asked when (gate.c), events themselves (marks.h), the thread that sees work end (watcher.h). */
#ifndef HAMI_WAITS_H
#define HAMI_WAITS_H

#include "gate.h"

/* CLOCK_MONOTONIC, ns. */
uint64_t waits_now_ns(void);

/* Record an event of ours in a stream of a lane's; NULL: there can be none. */
CUevent waits_mark(const struct real_cuda *real, struct launch_lane *lane, const struct launch_open *open);

/* Mark the end of a lane's open batch in the stream with this key, and close it. */
void waits_close(const struct real_cuda *real, struct launch_lane *lane, uint64_t key);

/* Close what is open in a lane without marks, as its thread ends, in which the driver is not called any more. */
void waits_abandon(const struct real_cuda *real, struct launch_lane *lane);

/* Sleep as an answer says: until its time, or its word changes. */
void waits_sleep(struct gate *gate, const struct pacer_answer *answer);

/* Sleep for a moment. */
void waits_pause(uint64_t ns);

/* Wake who sleeps on a word of a page; NULL: none. */
void waits_wake(uint32_t *word);

/* Sleep on a word of this process's memory while it is as expected, and no longer than that; wake who does. */
void waits_on_own(const uint32_t *word, uint32_t expected, uint64_t ns);
void waits_wake_own(const uint32_t *word);

/* An event that nobody needs any more. Without the lock. */
void waits_return(const struct real_cuda *real, struct gate *gate, struct marks *marks, CUevent event);

/* Look whether a seat of the card's page is free, and tell pacer. Without the lock. */
void waits_probe(struct gate *gate, int seat);

#endif
