/* How much a process does at a time: what makes a batch, what a thread takes, which units are measured by themselves. Each batch costs an event, each
 * grain of a share that owes a sleep, and those are what holding a limit costs. Part of the pacer, and as pure.
 * Not here: what is in flight (batches.h), and whether anything may be launched (pacer.c). */
#ifndef HAMI_GRAINS_H
#define HAMI_GRAINS_H

#include "pacer.h"

/* Whether a share with a limit, and nobody beside it, may do more at a time, with units that are predicted to take so long: they are short, and of late
 * neither its host was seen to pause within a batch, which leaves that unmeasured, nor another process of it, which would wait for its turn for long. */
bool grains_are_steady(const struct pacer *pacer, uint64_t predicted_ns, uint64_t now_ns);

/* A batch and a grain, of a window: a quarter; or of a long window, what a limit of `percent` gives in 20 ms, if that is more than a short one's, up to half. */
uint64_t grains_whole_ns(uint64_t window_ns, uint32_t percent);

/* What a thread may take now: all grains together stay within the window, of whose rest each leaves the others half. 0: no more than a unit. */
uint64_t grains_next_ns(const struct pacer *pacer, uint64_t window_ns);

/* Whether a unit is to be the only one of its batch: it is unknown, or long, or what ended of late could not be measured. */
bool grains_is_alone(const struct pacer *pacer, const struct pacer_unit *unit, uint64_t predicted_ns, uint64_t now_ns);

#endif
