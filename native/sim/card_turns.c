#include "card_turns.h"

#include "card_busy.h"
#include "card_queue.h"

enum phase {
    IDLE,
    SWITCHING,
    RUNNING,
};

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

static bool is_ready(const struct card_time *card, uint32_t index)
{
    const struct card_time_context *context = &card->contexts[index];
    for (uint64_t left = context->with_work; left; left &= left - 1)
        if (can_go_on(card, context, (uint32_t)__builtin_ctzll(left)))
            return true;
    return false;
}

/* The next context in turn, after the one on the card, that has something ready; CARD_TIME_NONE if no other has. */
static uint32_t next_ready(const struct card_time *card)
{
    const uint32_t words = CARD_TIME_CONTEXTS / 64;
    uint32_t first = (card->loaded + 1) % CARD_TIME_CONTEXTS;
    for (uint32_t i = 0; i <= words; i++) {
        uint32_t word = (first / 64 + i) % words;
        uint64_t left = card->with_work[word];
        if (i == 0)
            left &= ~UINT64_C(0) << first % 64;
        if (i == words)
            left &= ~(~UINT64_C(0) << first % 64);
        for (; left; left &= left - 1) {
            uint32_t context = word * 64 + (uint32_t)__builtin_ctzll(left);
            if (context != card->loaded && is_ready(card, context))
                return context;
        }
    }
    return CARD_TIME_NONE;
}

static void stamp(struct card_time *card, struct card_time_place place, uint64_t index)
{
    struct card_time_event *event = &card->events[index];
    /* Recorded again since then, or ended and another's: the stamp is not of this record. */
    if (event->ticket == card_ticket(place, card->contexts[place.context].streams[place.stream].completed + 1))
        event->stamp_ns = card->now_ns;
}

/* Let what takes no time of the card at the head of a stream go by. Whether something did. */
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

/* The same for all streams of the context on the card, until nothing moves: they wait for one another. */
static void pass_all(struct card_time *card)
{
    const struct card_time_context *context = &card->contexts[card->loaded];
    uint64_t streams;
    bool passed;
    do {
        passed = false;
        streams = context->with_work;
        for (uint64_t left = streams; left; left &= left - 1)
            passed |= pass(card, (struct card_time_place){card->loaded, (uint32_t)__builtin_ctzll(left)});
    } while (passed && streams & (streams - 1));
}

/* 1 + the stream whose kernel runs next in the context on the card: the one that has begun, else the oldest that is ready; 0: none. */
static uint32_t next_kernel(const struct card_time *card)
{
    const struct card_time_context *context = &card->contexts[card->loaded];
    uint32_t found = (uint32_t)context->started;
    uint64_t order = UINT64_MAX;
    for (uint64_t left = found ? 0 : context->with_work; left; left &= left - 1) {
        uint32_t stream = (uint32_t)__builtin_ctzll(left);
        const struct card_time_work *work = &card->works[context->streams[stream].head];
        if (work->kind == CARD_WORK_KERNEL && work->order < order && is_in_turn(card, context, stream)) {
            order = work->order;
            found = stream + 1;
        }
    }
    return found;
}

static struct card_time_work *running(struct card_time *card)
{
    const struct card_time_context *context = &card->contexts[card->loaded];
    return &card->works[context->streams[context->started - 1].head];
}

/* The context on the card goes on; whether it has a kernel. */
static bool go_on(struct card_time *card)
{
    pass_all(card);
    uint32_t stream = next_kernel(card);
    if (!stream)
        return false;
    card->contexts[card->loaded].started = stream;
    card->phase = RUNNING;
    card->phase_end_ns = card->now_ns + running(card)->value;
    return true;
}

/* A slice that nobody else waits for is followed by another of the same context: the first that ends after `time_ns`. */
static void renew_slice(struct card_time *card, uint64_t time_ns)
{
    uint64_t over_ns = time_ns - card->slice_end_ns, slice_ns = card->parameters.slice_ns;
    card->slice_end_ns += (over_ns / slice_ns + 1) * slice_ns;
}

/* Who is on the card from now on. */
static void decide(struct card_time *card)
{
    card->phase = IDLE;
    bool over = card->now_ns >= card->slice_end_ns;
    uint32_t next = over ? next_ready(card) : CARD_TIME_NONE;
    if (card->loaded != CARD_TIME_NONE && next == CARD_TIME_NONE) {
        if (over)
            renew_slice(card, card->now_ns);
        if (go_on(card))
            return;
        next = next_ready(card);
    }
    if (next == CARD_TIME_NONE)
        return;
    card->loaded = next;
    card->phase = SWITCHING;
    card->phase_end_ns = card->now_ns + card->parameters.switch_ns;
}

static void end_switch(struct card_time *card)
{
    card->now_ns = card->phase_end_ns;
    card->slice_end_ns = card->now_ns + card->parameters.slice_ns;
    decide(card);
}

/* The kernel that runs has the card until `time_ns`. */
static void run_until(struct card_time *card, uint64_t time_ns)
{
    struct card_time_context *context = &card->contexts[card->loaded];
    card_busy_count(&context->busy, card->now_ns, time_ns);
    card_busy_count(&card->busy, card->now_ns, time_ns);
    running(card)->value -= time_ns - card->now_ns;
    card->now_ns = time_ns;
}

/* Run until the kernel or its slice ends, but not beyond `limit_ns`: what comes first. */
static void run(struct card_time *card, uint64_t limit_ns)
{
    uint64_t until_ns = card->phase_end_ns < limit_ns ? card->phase_end_ns : limit_ns;
    if (card->slice_end_ns < until_ns) {
        if (next_ready(card) == CARD_TIME_NONE)
            renew_slice(card, until_ns);
        else
            until_ns = card->slice_end_ns;
    }
    run_until(card, until_ns);
    struct card_time_context *context = &card->contexts[card->loaded];
    if (until_ns == card->phase_end_ns) {
        card_queue_complete(card, (struct card_time_place){card->loaded, (uint32_t)context->started - 1});
        context->started = 0;
    }
    if (!context->started || until_ns >= card->slice_end_ns)
        decide(card);
}

void card_time_advance(struct card_time *card, uint64_t now_ns)
{
    for (;;) {
        if (card->phase == RUNNING && (card->now_ns < now_ns || card->phase_end_ns <= now_ns))
            run(card, now_ns);
        else if (card->phase == SWITCHING && card->phase_end_ns <= now_ns)
            end_switch(card);
        else
            break;
    }
    if (card->now_ns < now_ns)
        card->now_ns = now_ns;
}

uint64_t card_time_next_change_ns(const struct card_time *card)
{
    if (card->phase == IDLE)
        return CARD_TIME_NEVER;
    if (card->phase == RUNNING && card->slice_end_ns < card->phase_end_ns && next_ready(card) != CARD_TIME_NONE)
        return card->slice_end_ns;
    return card->phase_end_ns;
}

void card_turns_look_again(struct card_time *card, uint32_t context)
{
    bool on_card = card->phase == RUNNING && card->loaded == context;
    if (card->phase == IDLE || (on_card && !card->contexts[context].started))
        decide(card);
    else if (on_card)
        pass_all(card);
}


void card_turns_begin_again(struct card_time *card)
{
    card->phase = IDLE;
    card->loaded = CARD_TIME_NONE;
    card->slice_end_ns = card->now_ns;
    decide(card);
}
