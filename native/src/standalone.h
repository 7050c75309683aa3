/* The shares of a process outside a managed container: one of each card that the environment limits, opened when the card is first
 * spoken of, in pages that all processes of one cache path have together. Not here: what makes a container a managed one (shares.c). */
#ifndef HAMI_STANDALONE_H
#define HAMI_STANDALONE_H

#include "shares.h"

/* The cards of this container in NVML's order: limits of a card go by it. */
struct card_order {
    unsigned count;
    char uuids[][sizeof ((struct hami_head *)0)->card_uuid];
};

/* Read the environment; once, before all others here. */
void standalone_start(void);

/* Whether nothing is limited, and nothing of the environment was refused. */
bool standalone_is_free(void);

/* Whether the environment limits a card's time. */
bool standalone_limits_cores(void);

/* Whether it has copies charged to that. */
bool standalone_charges_copies(void);

/* As shares_card, shares_count and shares_at have it, of the shares that were opened so far. */
const struct card *standalone_card(const char *uuid);
unsigned standalone_count(void);
const struct share *standalone_at(unsigned place);

/* Whether cards have limits of their own and their order is not known yet. */
bool standalone_wants_order(void);

/* Tell the order, which is kept; NULL: it cannot be known, and all cards are refused. */
void standalone_tell_order(const struct card_order *order);

#endif
