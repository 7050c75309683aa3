/* What goes on within one context of a card: the works at the heads of its streams, in their order.
 * Not here: when a context's kernels run, and how fast (card_turns.h, card_overlap.h). */
#ifndef HAMI_SIM_CARD_STREAMS_H
#define HAMI_SIM_CARD_STREAMS_H

#include "card_time.h"

/* Whether a context has something that can go on. */
bool card_streams_are_ready(const struct card_time *card, uint32_t context);

/* Let what takes no time of the card go by, at the card's present time, until nothing of the context moves. Whether something did. */
bool card_streams_pass(struct card_time *card, uint32_t context);

/* Let the kernel begin that runs next: the one that has begun, else the oldest that is ready. False: there is none. */
bool card_streams_begin(struct card_time *card, uint32_t context);

/* What is left of the kernel that has begun; and its end. */
uint64_t *card_streams_left_ns(struct card_time *card, uint32_t context);
void card_streams_end_kernel(struct card_time *card, uint32_t context);

/* The next context from `from` on that was asked for something; CARD_TIME_CONTEXTS: none. */
uint32_t card_streams_next_context(const struct card_time *card, uint32_t from);

#endif
