#include "card_turns.h"

#include "card_busy.h"
#include "card_streams.h"

enum phase {
    IDLE,
    SWITCHING,
    RUNNING,
};

/* The first of the contexts from `from` on and before `to`, but for the one on the card, that has something ready; CARD_TIME_NONE: none has. */
static uint32_t ready_within(const struct card_time *card, uint32_t from, uint32_t to)
{
    for (uint32_t i = card_streams_next_context(card, from); i < to; i = card_streams_next_context(card, i + 1))
        if (i != card->loaded && card_streams_are_ready(card, i))
            return i;
    return CARD_TIME_NONE;
}

/* The next context in turn, after the one on the card, that has something ready; CARD_TIME_NONE if no other has. */
static uint32_t next_ready(const struct card_time *card)
{
    uint32_t first = (card->loaded + 1) % CARD_TIME_CONTEXTS, found = ready_within(card, first, CARD_TIME_CONTEXTS);
    return found == CARD_TIME_NONE ? ready_within(card, 0, first) : found;
}

/* The context on the card goes on; whether it has a kernel. */
static bool go_on(struct card_time *card)
{
    (void)card_streams_pass(card, card->loaded);
    if (!card_streams_begin(card, card->loaded))
        return false;
    card->phase = RUNNING;
    card->phase_end_ns = card->now_ns + *card_streams_left_ns(card, card->loaded);
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
    context->work_ns += time_ns - card->now_ns;
    *card_streams_left_ns(card, card->loaded) -= time_ns - card->now_ns;
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
    bool ended = until_ns == card->phase_end_ns;
    if (ended)
        card_streams_end_kernel(card, card->loaded);
    if (ended || until_ns >= card->slice_end_ns)
        decide(card);
}

void card_turns_advance(struct card_time *card, uint64_t now_ns)
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

uint64_t card_turns_next_change_ns(const struct card_time *card)
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
        (void)card_streams_pass(card, context);
}

void card_turns_begin_again(struct card_time *card)
{
    card->phase = IDLE;
    card->loaded = CARD_TIME_NONE;
    card->slice_end_ns = card->now_ns;
    decide(card);
}
