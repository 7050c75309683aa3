/* Busy time, in all and by windows: counting and reading. Not here: whose it is (card_turns.h, card_overlap.h). */
#ifndef HAMI_SIM_CARD_BUSY_H
#define HAMI_SIM_CARD_BUSY_H

#include "card_time.h"

/* A kernel ran from one time to another; times only go on. */
void card_busy_count(struct card_time_busy *busy, uint64_t from_ns, uint64_t to_ns);

/* Of a window; 0 where it is not kept. */
uint64_t card_busy_in_window_ns(const struct card_time_busy *busy, uint64_t window);

#endif
