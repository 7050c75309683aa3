/* The physical memory of a card, shared by every process that has its file: never handed out beyond capacity, and back
 * when its process dies. A process is known by its slot. Not here: addresses (cuda_memory.h). */
#ifndef HAMI_SIM_PHYSICAL_H
#define HAMI_SIM_PHYSICAL_H

#include "card.h"

#define SIM_NO_SLOT SIM_CARD_SLOTS

/* What allocations can have of the card. */
uint64_t sim_physical_capacity(const struct sim_card *card);

/* Whole slabs for `bytes`; 0 where that does not fit 64 bits. */
uint64_t sim_slabs(uint64_t bytes);

/* Bytes that living processes hold; a card that cannot be read counts as full. */
uint64_t sim_physical_used(const struct sim_card *card);

/* Give this process a slot; SIM_NO_SLOT where all are held by living processes or the file cannot be written. */
unsigned sim_slot_claim(const struct sim_card *card);

/* Take or give back memory of the card for a slot of this process; `contexts` of it are contexts (0 or 1).
 * Taking is refused (false) where the card has not that much left. */
bool sim_physical_take(const struct sim_card *card, unsigned slot, uint64_t bytes, unsigned contexts);
void sim_physical_give(const struct sim_card *card, unsigned slot, uint64_t bytes, unsigned contexts);

/* Copy the slots of living processes to `living`, at most `limit`; return how many there are. */
size_t sim_processes(const struct sim_card *card, struct sim_card_slot *living, size_t limit);

#endif
