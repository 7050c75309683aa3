/* Contexts that overlap on a card, as the clients of an MPS server do: the kernels of all that have one run at once, each with an equal part of the
 * card, so that together they get done what one alone would. Nobody switches, nobody is preempted.
 * Not here: what is asked of it, and by whom (card_time.h), the order within a context (card_streams.h). */
#ifndef HAMI_SIM_CARD_OVERLAP_H
#define HAMI_SIM_CARD_OVERLAP_H

#include "card_time.h"

/* Go on to `now_ns`; when something ends by itself next. */
void card_overlap_advance(struct card_time *card, uint64_t now_ns);
uint64_t card_overlap_next_change_ns(const struct card_time *card);

/* After a change to the works of any context, at the card's present time. */
void card_overlap_look_again(struct card_time *card);

#endif
