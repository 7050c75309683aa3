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

/* Take or give back pinned memory of the card for a slot of this process; `contexts` of it are contexts (0 or 1).
 * Taking evicts managed memory where the card is full, and is refused (false) where that is not enough. */
bool sim_physical_take(const struct sim_card *card, unsigned slot, uint64_t bytes, unsigned contexts);
void sim_physical_give(const struct sim_card *card, unsigned slot, uint64_t bytes, unsigned contexts);

/* Whether the card evicts managed memory to the host when room is wanted: since Pascal. */
bool sim_can_evict(const struct sim_card *card);

/* Managed memory, of a card that can evict it. Taking is never refused: what does not fit beside pinned memory stays with the host. Using so many
 * bytes of it brings them back, and evicts those of other processes, of whoever used his longest ago first. */
void sim_managed_take(const struct sim_card *card, unsigned slot, uint64_t bytes);
void sim_managed_use(const struct sim_card *card, unsigned slot, uint64_t bytes);
void sim_managed_give(const struct sim_card *card, unsigned slot, uint64_t bytes);

/* Copy the slots of living processes to `living`, at most `limit`; return how many there are. */
size_t sim_processes(const struct sim_card *card, struct sim_card_slot *living, size_t limit);

#endif
