#include "card_streams.h"

#include "card_queue.h"

/* The NULL stream waits for what others were asked for before it, and they for it. Works are in order within a stream, so heads say it all. */
static bool is_in_turn(const struct card_time *card, const struct card_time_context *context, uint32_t stream)
{
    const struct card_time_stream *streams = context->streams;
    uint64_t order = card->works[streams[stream].head].order;
    if (streams[stream].concurrent)
        return true;
    if (stream)
        return !streams[0].head || card->works[streams[0].head].order > order;
    for (uint64_t left = context->with_work & ~UINT64_C(1); left; left &= left - 1) {
        const struct card_time_stream *other = &streams[__builtin_ctzll(left)];
        if (!other->concurrent && card->works[other->head].order < order)
            return false;
    }
    return true;
}

static bool is_held(const struct card_time *card, const struct card_time_work *work)
{
    return (work->kind == CARD_WORK_WAIT && !card_time_done(card, work->value)) || (work->kind == CARD_WORK_HOLD && work->reached);
}

static bool can_go_on(const struct card_time *card, const struct card_time_context *context, uint32_t stream)
{
    return !is_held(card, &card->works[context->streams[stream].head]) && is_in_turn(card, context, stream);
}

bool card_streams_are_ready(const struct card_time *card, uint32_t index)
{
    const struct card_time_context *context = &card->contexts[index];
    for (uint64_t left = context->with_work; left; left &= left - 1)
        if (can_go_on(card, context, (uint32_t)__builtin_ctzll(left)))
            return true;
    return false;
}

static void stamp(struct card_time *card, struct card_time_place place, uint64_t index)
{
    struct card_time_event *event = &card->events[index];
    /* Recorded again since then, or ended and another's: the stamp is not of this record. */
    if (event->ticket == card_ticket(place, card->contexts[place.context].streams[place.stream].completed + 1))
        event->stamp_ns = card->now_ns;
}

/* What takes no time of the card at the head of a stream goes by. Whether something did. */
static bool pass(struct card_time *card, struct card_time_place place)
{
    const struct card_time_context *context = &card->contexts[place.context];
    bool passed = false;
    while (context->streams[place.stream].head && can_go_on(card, context, place.stream)) {
        struct card_time_work *work = &card->works[context->streams[place.stream].head];
        if (work->kind == CARD_WORK_KERNEL)
            break;
        passed = true;
        if (work->kind == CARD_WORK_HOLD) {
            work->reached = 1;
            break;
        }
        if (work->kind == CARD_WORK_RECORD)
            stamp(card, place, work->value);
        card_queue_complete(card, place);
    }
    return passed;
}

/* Streams of a context wait for one another. */
bool card_streams_pass(struct card_time *card, uint32_t index)
{
    const struct card_time_context *context = &card->contexts[index];
    uint64_t streams;
    bool passed, any = false;
    do {
        passed = false;
        streams = context->with_work;
        for (uint64_t left = streams; left; left &= left - 1)
            passed |= pass(card, (struct card_time_place){index, (uint32_t)__builtin_ctzll(left)});
        any |= passed;
    } while (passed && streams & (streams - 1));
    return any;
}

/* 1 + a stream; 0: none. */
static uint32_t oldest_ready(const struct card_time *card, const struct card_time_context *context)
{
    uint32_t found = 0;
    uint64_t order = UINT64_MAX;
    for (uint64_t left = context->with_work; left; left &= left - 1) {
        uint32_t stream = (uint32_t)__builtin_ctzll(left);
        const struct card_time_work *work = &card->works[context->streams[stream].head];
        if (work->kind == CARD_WORK_KERNEL && work->order < order && is_in_turn(card, context, stream)) {
            order = work->order;
            found = stream + 1;
        }
    }
    return found;
}

bool card_streams_begin(struct card_time *card, uint32_t index)
{
    struct card_time_context *context = &card->contexts[index];
    if (!context->started)
        context->started = oldest_ready(card, context);
    return context->started != 0;
}

uint64_t *card_streams_left_ns(struct card_time *card, uint32_t index)
{
    const struct card_time_context *context = &card->contexts[index];
    return &card->works[context->streams[context->started - 1].head].value;
}

void card_streams_end_kernel(struct card_time *card, uint32_t index)
{
    struct card_time_context *context = &card->contexts[index];
    card_queue_complete(card, (struct card_time_place){index, (uint32_t)context->started - 1});
    context->started = 0;
}

uint32_t card_streams_next_context(const struct card_time *card, uint32_t from)
{
    for (uint32_t word = from / 64; word < CARD_TIME_CONTEXTS / 64; word++) {
        uint64_t left = card->with_work[word];
        if (word == from / 64)
            left &= ~UINT64_C(0) << from % 64;
        if (left)
            return word * 64 + (uint32_t)__builtin_ctzll(left);
    }
    return CARD_TIME_CONTEXTS;
}
