#include "card_time.h"

#include "card_busy.h"
#include "card_overlap.h"
#include "card_queue.h"
#include "card_turns.h"

void card_time_init(struct card_time *card, struct card_time_parameters parameters, uint64_t now_ns)
{
    card->parameters = parameters;
    card->now_ns = now_ns;
    card->loaded = CARD_TIME_NONE;
}

void card_time_advance(struct card_time *card, uint64_t now_ns)
{
    if (card->parameters.overlap)
        card_overlap_advance(card, now_ns);
    else
        card_turns_advance(card, now_ns);
}

uint64_t card_time_next_change_ns(const struct card_time *card)
{
    return card->parameters.overlap ? card_overlap_next_change_ns(card) : card_turns_next_change_ns(card);
}

/* After a change to the works of a context. */
static void look_again(struct card_time *card, uint32_t context)
{
    if (card->parameters.overlap)
        card_overlap_look_again(card);
    else
        card_turns_look_again(card, context);
}

static void mend_events(struct card_time *card)
{
    card->free_event = 0;
    for (uint32_t i = 0; i < card->events_used; i++)
        if (!card->events[i].used_by)
            card_time_end_event(card, i);
}

void card_time_mend(struct card_time *card)
{
    card_queue_mend(card);
    mend_events(card);
    if (card->parameters.overlap)
        card_overlap_look_again(card);
    else
        card_turns_begin_again(card);
}

uint32_t card_time_begin_context(struct card_time *card)
{
    uint32_t index = 0;
    while (index < card->contexts_used && card->contexts[index].used)
        index++;
    if (index == CARD_TIME_CONTEXTS)
        return CARD_TIME_NONE;
    if (index == card->contexts_used)
        card->contexts_used++;
    struct card_time_context *context = &card->contexts[index];
    context->used = context->streams[0].used = 1;
    context->work_ns = 0;
    context->busy = (struct card_time_busy){.window = card_time_window(card->now_ns)};
    return index;
}

void card_time_end_context(struct card_time *card, uint64_t now_ns, uint32_t index)
{
    struct card_time_context *context = &card->contexts[index];
    card_time_advance(card, now_ns);
    card_queue_drop(card, index);
    for (uint32_t i = 0; i < CARD_TIME_STREAMS; i++)
        context->streams[i].used = context->streams[i].concurrent = 0;
    context->used = 0;
    for (uint32_t i = 0; i < card->events_used; i++)
        if (card->events[i].used_by == index + 1)
            card_time_end_event(card, i);
    look_again(card, index); /* others may have waited for it */
}

uint32_t card_time_begin_stream(struct card_time *card, uint32_t context, bool concurrent)
{
    struct card_time_stream *streams = card->contexts[context].streams;
    for (uint32_t i = 1; i < CARD_TIME_STREAMS; i++)
        if (!streams[i].used && !streams[i].head) {
            streams[i].used = 1;
            streams[i].concurrent = concurrent;
            return i;
        }
    return CARD_TIME_NONE;
}

void card_time_end_stream(struct card_time *card, struct card_time_place place)
{
    card->contexts[place.context].streams[place.stream].used = 0;
}

uint32_t card_time_begin_event(struct card_time *card, uint32_t context)
{
    uint32_t index = card->free_event;
    if (index)
        card->free_event = card->events[--index].next_free;
    else if (card->events_used < CARD_TIME_EVENTS)
        index = card->events_used++;
    else
        return CARD_TIME_NONE;
    card->events[index] = (struct card_time_event){.used_by = context + 1};
    return index;
}

void card_time_end_event(struct card_time *card, uint32_t index)
{
    card->events[index] = (struct card_time_event){.next_free = card->free_event};
    card->free_event = index + 1;
}

uint64_t card_time_recorded(const struct card_time *card, uint32_t event)
{
    return card->events[event].ticket;
}

uint64_t card_time_stamp_ns(const struct card_time *card, uint32_t event)
{
    return card->events[event].stamp_ns;
}

static const struct card_time_stream *stream_of(const struct card_time *card, struct card_time_place place)
{
    return &card->contexts[place.context].streams[place.stream];
}

static uint64_t submit(struct card_time *card, uint64_t now_ns, struct card_time_place place, enum card_work_kind kind, uint64_t value)
{
    card_time_advance(card, now_ns);
    uint64_t ticket = card_queue_append(card, place, kind, value);
    if (ticket == CARD_TIME_FULL)
        return CARD_TIME_FULL;
    if (kind == CARD_WORK_RECORD)
        card->events[value] = (struct card_time_event){.ticket = ticket, .used_by = card->events[value].used_by};
    look_again(card, place.context);
    return ticket;
}

uint64_t card_time_kernel(struct card_time *card, uint64_t now_ns, struct card_time_place place, uint64_t ns)
{
    return submit(card, now_ns, place, CARD_WORK_KERNEL, ns ? ns : 1);
}

uint64_t card_time_record(struct card_time *card, uint64_t now_ns, struct card_time_place place, uint32_t event)
{
    return submit(card, now_ns, place, CARD_WORK_RECORD, event);
}

uint64_t card_time_wait(struct card_time *card, uint64_t now_ns, struct card_time_place place, uint64_t ticket)
{
    return submit(card, now_ns, place, CARD_WORK_WAIT, ticket);
}

uint64_t card_time_hold(struct card_time *card, uint64_t now_ns, struct card_time_place place)
{
    return submit(card, now_ns, place, CARD_WORK_HOLD, 0);
}

bool card_time_is_concurrent(const struct card_time *card, struct card_time_place place)
{
    return stream_of(card, place)->concurrent;
}

uint64_t card_time_last(const struct card_time *card, struct card_time_place place)
{
    return card_ticket(place, stream_of(card, place)->submitted);
}

bool card_time_reached(const struct card_time *card, uint64_t ticket)
{
    const struct card_time_stream *stream = stream_of(card, card_ticket_place(ticket));
    const struct card_time_work *head = &card->works[stream->head];
    return stream->head && stream->completed + 1 == card_ticket_number(ticket) && head->kind == CARD_WORK_HOLD && head->reached;
}

void card_time_release(struct card_time *card, uint64_t now_ns, uint64_t ticket)
{
    card_time_advance(card, now_ns);
    if (!card_time_reached(card, ticket))
        return;
    card_queue_complete(card, card_ticket_place(ticket));
    look_again(card, card_ticket_place(ticket).context);
}

uint64_t card_time_soonest_ns(const struct card_time *card, uint64_t ticket)
{
    const struct card_time_stream *stream = stream_of(card, card_ticket_place(ticket));
    uint64_t soonest_ns = card->now_ns, number = stream->completed;
    for (uint32_t i = stream->head; i && number < card_ticket_number(ticket); i = card->works[i].next, number++)
        if (card->works[i].kind == CARD_WORK_KERNEL)
            soonest_ns += card->works[i].value;
    return soonest_ns;
}

static const struct card_time_busy *busy_of(const struct card_time *card, uint32_t context)
{
    return context == CARD_TIME_NONE ? &card->busy : &card->contexts[context].busy;
}

uint64_t card_time_busy_ns(const struct card_time *card, uint32_t context)
{
    return busy_of(card, context)->total_ns;
}

uint64_t card_time_work_ns(const struct card_time *card, uint32_t context)
{
    return card->contexts[context].work_ns;
}

uint64_t card_time_busy_in_window_ns(const struct card_time *card, uint32_t context, uint64_t window)
{
    return card_busy_in_window_ns(busy_of(card, context), window);
}

uint32_t card_time_busy_percent(const struct card_time *card, uint32_t context, uint64_t window)
{
    return (uint32_t)(card_time_busy_in_window_ns(card, context, window) * 100 / CARD_TIME_WINDOW_NS);
}
