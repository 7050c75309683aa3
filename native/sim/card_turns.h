/* Who is on a card, and what goes on meanwhile. Not here: what is asked of it, and by whom (card_time.h). */
#ifndef HAMI_SIM_CARD_TURNS_H
#define HAMI_SIM_CARD_TURNS_H

#include "card_time.h"

/* After a change to the works of a context, at the card's present time. */
void card_turns_look_again(struct card_time *card, uint32_t context);

/* Forget who was on the card, and what ran there. */
void card_turns_begin_again(struct card_time *card);

#endif
