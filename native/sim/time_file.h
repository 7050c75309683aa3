/* The time of a card, shared by all processes that have its file: it stands in the file, behind the slots, from when somebody first needs it.
 * Whoever has it to himself may be killed at any time: the next one is told, and makes it whole. Contexts of the dead are ended.
 * Not here: how time goes (card_time.h), and what CUDA makes of it (cuda_time.h). */
#ifndef HAMI_SIM_TIME_FILE_H
#define HAMI_SIM_TIME_FILE_H

#include "card.h"
#include "card_time.h"

struct sim_time;

/* Map the time of a card, which may be new, for the process of a slot; NULL where the file cannot be written. */
struct sim_time *sim_time_map(const struct sim_card *card, unsigned slot);

/* The time of a card that has one, for a process that has no slot, until unmap; NULL where it has none. One process at a time has it. */
struct sim_time *sim_time_view(const struct sim_card *card);
void sim_time_unmap(struct sim_time *time);

/* Have it for oneself, as it is now. Between the two: no other lock, no fork, no waiting. */
struct card_time *sim_time_enter(struct sim_time *time);
void sim_time_leave(struct sim_time *time);

/* A context for the process; CARD_TIME_NONE where all are taken. Between enter and leave. */
uint32_t sim_time_begin_context(struct sim_time *time);
void sim_time_end_context(struct sim_time *time, uint32_t context, uint64_t now_ns);

/* The slot of a context's process; SIM_CARD_SLOTS where nobody has the context. Between enter and leave. */
unsigned sim_time_slot(const struct sim_time *time, uint32_t context);

/* Whether other processes have contexts. Between enter and leave. */
bool sim_time_has_others(const struct sim_time *time);

/* The clock that it goes by: CLOCK_MONOTONIC, in ns. */
uint64_t sim_time_now_ns(void);

#endif
