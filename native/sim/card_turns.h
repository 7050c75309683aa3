/* Contexts that take turns on a card: who is on it, and what goes on meanwhile. Not here: what is asked of it, and by whom (card_time.h), the
 * order within a context (card_streams.h). */
#ifndef HAMI_SIM_CARD_TURNS_H
#define HAMI_SIM_CARD_TURNS_H

#include "card_time.h"

/* Go on to `now_ns`; when something ends by itself next. */
void card_turns_advance(struct card_time *card, uint64_t now_ns);
uint64_t card_turns_next_change_ns(const struct card_time *card);

/* After a change to the works of a context, at the card's present time. */
void card_turns_look_again(struct card_time *card, uint32_t context);

/* Forget who was on the card, and what ran there. */
void card_turns_begin_again(struct card_time *card);

#endif
