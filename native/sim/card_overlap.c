#include "card_overlap.h"

#include "card_busy.h"
#include "card_streams.h"

/* What takes no time goes by, in all contexts until nothing moves: they wait for one another. */
static void pass_all(struct card_time *card)
{
    bool passed;
    do {
        passed = false;
        for (uint32_t i = card_streams_next_context(card, 0); i < CARD_TIME_CONTEXTS; i = card_streams_next_context(card, i + 1))
            passed |= card_streams_pass(card, i);
    } while (passed);
}

void card_overlap_look_again(struct card_time *card)
{
    uint32_t running = 0;
    uint64_t least_ns = CARD_TIME_NEVER;
    pass_all(card);
    for (uint32_t i = card_streams_next_context(card, 0); i < CARD_TIME_CONTEXTS; i = card_streams_next_context(card, i + 1)) {
        if (!card_streams_begin(card, i))
            continue;
        running++;
        least_ns = *card_streams_left_ns(card, i) < least_ns ? *card_streams_left_ns(card, i) : least_ns;
    }
    if (running != card->running)
        card->spare_ns = 0;
    card->running = running;
    card->phase_end_ns = running ? card->now_ns + least_ns * running - card->spare_ns : CARD_TIME_NEVER;
}

/* The kernels of all have had the card together until `time_ns`, which is not after the first of them ends. What does not divide evenly is kept, so
 * that it makes no difference how often somebody looks. */
static void run_until(struct card_time *card, uint64_t time_ns)
{
    uint64_t together_ns = time_ns - card->now_ns + card->spare_ns, each_ns = together_ns / card->running;
    card->spare_ns = together_ns % card->running;
    card_busy_count(&card->busy, card->now_ns, time_ns);
    for (uint32_t i = card_streams_next_context(card, 0); i < CARD_TIME_CONTEXTS; i = card_streams_next_context(card, i + 1)) {
        struct card_time_context *context = &card->contexts[i];
        if (!context->started)
            continue;
        card_busy_count(&context->busy, card->now_ns, time_ns);
        context->work_ns += each_ns;
        *card_streams_left_ns(card, i) -= each_ns;
        if (!*card_streams_left_ns(card, i))
            card_streams_end_kernel(card, i);
    }
    card->now_ns = time_ns;
}

void card_overlap_advance(struct card_time *card, uint64_t now_ns)
{
    while (card->running && card->phase_end_ns <= now_ns) {
        run_until(card, card->phase_end_ns);
        card_overlap_look_again(card);
    }
    if (card->now_ns >= now_ns)
        return;
    if (card->running)
        run_until(card, now_ns);
    card->now_ns = now_ns;
}

uint64_t card_overlap_next_change_ns(const struct card_time *card)
{
    return card->running ? card->phase_end_ns : CARD_TIME_NEVER;
}
