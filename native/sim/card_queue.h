/* The works of a card's streams: their tickets, how they queue up, when they are done. Not here: which goes on when (card_streams.h). */
#ifndef HAMI_SIM_CARD_QUEUE_H
#define HAMI_SIM_CARD_QUEUE_H

#include "card_time.h"

enum card_work_kind {
    CARD_WORK_KERNEL,
    CARD_WORK_RECORD,
    CARD_WORK_WAIT,
    CARD_WORK_HOLD,
};

/* A ticket is a place and the number of a work in that place's stream. */
uint64_t card_ticket(struct card_time_place place, uint64_t number);
struct card_time_place card_ticket_place(uint64_t ticket);
uint64_t card_ticket_number(uint64_t ticket);

/* Put a work behind the last of its stream. Returns its ticket, or CARD_TIME_FULL. */
uint64_t card_queue_append(struct card_time *card, struct card_time_place place, enum card_work_kind kind, uint64_t value);

/* The head of a stream is done. */
void card_queue_complete(struct card_time *card, struct card_time_place place);

/* All that a context was asked for is as if done. */
void card_queue_drop(struct card_time *card, uint32_t context);

/* Make the queues of all streams, and the list of free works, whole again. */
void card_queue_mend(struct card_time *card);

#endif
