/* A card in virtual time, for tests. */
#ifndef HAMI_SIM_CARD_TIME_FIXTURE_H
#define HAMI_SIM_CARD_TIME_FIXTURE_H

#include "../card_time.h"
#include "sim_test.h"

#define US(n) ((uint64_t)(n) * 1000)
#define MS(n) ((uint64_t)(n) * 1000000)
#define S(n) ((uint64_t)(n) * 1000000000)

/* The card of this test, new: contexts take turns on it, or overlap. */
struct card_time *new_card(uint64_t now_ns);
struct card_time *new_overlapping_card(uint64_t now_ns);

/* The NULL stream of a new context; a new stream of a place's context. */
struct card_time_place place_on(struct card_time *card);
struct card_time_place stream_on(struct card_time *card, struct card_time_place place, bool concurrent);

/* Record a new event of the place's context there. */
uint32_t record_on(struct card_time *card, uint64_t now_ns, struct card_time_place place);

/* Go on until nothing ends by itself any more. */
void run_out(struct card_time *card);

#endif
