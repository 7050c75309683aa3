/* The time that the calls of a pacer are told: what a process does about a clock that goes back. Part of pacer.c, and as pure.
 * Not here: reading the clock (waits.h). */
#ifndef HAMI_PACER_CLOCK_H
#define HAMI_PACER_CLOCK_H

#include "pacer.h"

/* The clock as this process knows it: threads that look at it at once do not set it back; a clock that went back by more than that is believed. */
uint64_t pacer_clock(struct pacer *pacer, uint64_t now_ns);

#endif
