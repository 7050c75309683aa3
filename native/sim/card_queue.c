#include "card_queue.h"

#define STREAM_SHIFT 48
#define CONTEXT_SHIFT 54
#define NUMBER_MASK ((UINT64_C(1) << STREAM_SHIFT) - 1)

_Static_assert(CARD_TIME_STREAMS == 1u << (CONTEXT_SHIFT - STREAM_SHIFT), "a stream fits its part of a ticket, and its bit a context's word");
_Static_assert(CARD_TIME_CONTEXTS <= 1u << (64 - CONTEXT_SHIFT), "a context fits its part of a ticket");

uint64_t card_ticket(struct card_time_place place, uint64_t number)
{
    return (uint64_t)place.context << CONTEXT_SHIFT | (uint64_t)place.stream << STREAM_SHIFT | number;
}

struct card_time_place card_ticket_place(uint64_t ticket)
{
    return (struct card_time_place){(uint32_t)(ticket >> CONTEXT_SHIFT) % CARD_TIME_CONTEXTS,
                                    (uint32_t)(ticket >> STREAM_SHIFT) % CARD_TIME_STREAMS};
}

uint64_t card_ticket_number(uint64_t ticket)
{
    return ticket & NUMBER_MASK;
}

static uint32_t take_work(struct card_time *card)
{
    uint32_t index = card->free_work;
    if (index)
        card->free_work = card->works[index].next;
    else if (card->works_used + 1 < CARD_TIME_WORKS)
        index = ++card->works_used;
    return index;
}

static void give_work(struct card_time *card, uint32_t index)
{
    card->works[index].next = card->free_work;
    card->free_work = index;
}

uint64_t card_queue_append(struct card_time *card, struct card_time_place place, enum card_work_kind kind, uint64_t value)
{
    struct card_time_context *context = &card->contexts[place.context];
    struct card_time_stream *stream = &context->streams[place.stream];
    uint32_t index = context->queued < CARD_TIME_QUEUE ? take_work(card) : 0;
    if (!index)
        return CARD_TIME_FULL;
    card->works[index] = (struct card_time_work){.order = ++card->orders, .value = value, .kind = (uint8_t)kind};
    if (stream->tail)
        card->works[stream->tail].next = index;
    else
        stream->head = index;
    stream->tail = index;
    context->queued++;
    context->with_work |= UINT64_C(1) << place.stream;
    card->with_work[place.context / 64] |= UINT64_C(1) << place.context % 64;
    return card_ticket(place, ++stream->submitted);
}

static void note_queue(struct card_time *card, uint32_t context)
{
    uint64_t bit = UINT64_C(1) << context % 64;
    if (card->contexts[context].with_work)
        card->with_work[context / 64] |= bit;
    else
        card->with_work[context / 64] &= ~bit;
}

void card_queue_complete(struct card_time *card, struct card_time_place place)
{
    struct card_time_context *context = &card->contexts[place.context];
    struct card_time_stream *stream = &context->streams[place.stream];
    uint32_t done = stream->head;
    stream->head = card->works[done].next;
    stream->completed++;
    context->queued--;
    give_work(card, done);
    if (stream->head)
        return;
    stream->tail = 0;
    context->with_work &= ~(UINT64_C(1) << place.stream);
    note_queue(card, place.context);
}

static void drop_stream(struct card_time *card, struct card_time_stream *stream)
{
    for (uint32_t i = stream->head, next; i; i = next) {
        next = card->works[i].next;
        give_work(card, i);
    }
    stream->completed = stream->submitted;
    stream->head = stream->tail = 0;
}

void card_queue_drop(struct card_time *card, uint32_t index)
{
    struct card_time_context *context = &card->contexts[index];
    for (uint32_t i = 0; i < CARD_TIME_STREAMS; i++)
        drop_stream(card, &context->streams[i]);
    context->with_work = context->started = 0;
    context->queued = 0;
    note_queue(card, index);
}

/* A stream keeps its works up to the first that is in no list, or in two; it counts what it has. */
static uint32_t mend_stream(struct card_time *card, struct card_time_stream *stream)
{
    uint32_t count = 0, *link = &stream->head;
    stream->tail = 0;
    while (*link && *link <= card->works_used && !card->works[*link].seen) {
        struct card_time_work *work = &card->works[*link];
        work->seen = 1;
        stream->tail = *link;
        count++;
        link = &work->next;
    }
    *link = 0;
    if (stream->submitted < count)
        stream->submitted = count;
    stream->completed = stream->submitted - count;
    return count;
}

static void mend_context(struct card_time *card, uint32_t index)
{
    struct card_time_context *context = &card->contexts[index];
    context->queued = 0;
    context->with_work = context->started = 0;
    for (uint32_t i = 0; i < CARD_TIME_STREAMS; i++) {
        uint32_t count = mend_stream(card, &context->streams[i]);
        context->queued += count;
        context->with_work |= (uint64_t)(count != 0) << i;
    }
    note_queue(card, index);
}

void card_queue_mend(struct card_time *card)
{
    for (uint32_t i = 1; i <= card->works_used; i++)
        card->works[i].seen = 0;
    for (uint32_t i = 0; i < card->contexts_used; i++)
        mend_context(card, i);
    card->free_work = 0;
    for (uint32_t i = 1; i <= card->works_used; i++)
        if (!card->works[i].seen)
            give_work(card, i);
}

bool card_time_done(const struct card_time *card, uint64_t ticket)
{
    struct card_time_place place = card_ticket_place(ticket);
    return card->contexts[place.context].streams[place.stream].completed >= card_ticket_number(ticket);
}
