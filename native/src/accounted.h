/* The time of a card that a share has accounted, on the usage page: work that overlaps, in streams or in processes, counts once, in whatever order
 * its ends are told. Kept is the last stretch that has no hole; of what lies before it nothing is remembered.
 * Not here: what work takes (batches.c). */
#ifndef HAMI_ACCOUNTED_H
#define HAMI_ACCOUNTED_H

#include <stdint.h>

#include "hami_pages.h"

/* Account the time from start to end: how much of it was not accounted yet, ns. A stretch that lies ahead of the clock is nonsense, and begun anew.
 * Lock-free; who loses to others a thousand times over counts its own whole. */
uint64_t accounted_add(struct hami_usage *usage, uint64_t start_ns, uint64_t end_ns, uint64_t now_ns);

/* Up to when the share's work is accounted; 0: nonsense stands there, or nothing. */
uint64_t accounted_until(const struct hami_usage *usage, uint64_t now_ns);

#endif
