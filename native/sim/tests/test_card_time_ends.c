/* Covers: the bounds of a card, and what ends on it: streams, contexts, and users in the midst of a change. */
#include "card_time_fixture.h"

static void a_queue_is_full_and_takes_again_after_a_change(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place place = place_on(card), other = place_on(card);
    for (unsigned i = 0; i < CARD_TIME_QUEUE; i++)
        CHECK(card_time_kernel(card, 0, place, US(10)) != CARD_TIME_FULL);
    CHECK(card_time_kernel(card, 0, place, US(10)) == CARD_TIME_FULL);
    CHECK(card_time_kernel(card, 0, other, US(10)) != CARD_TIME_FULL);
    uint64_t change = card_time_next_change_ns(card);
    CHECK(card_time_kernel(card, change, place, US(10)) == CARD_TIME_FULL); /* that was the switch */
    CHECK(card_time_kernel(card, card_time_next_change_ns(card), place, US(10)) != CARD_TIME_FULL);
}

static void all_contexts_together_have_a_bound(void)
{
    struct card_time *card = new_card(0);
    uint32_t contexts[CARD_TIME_CONTEXTS];
    unsigned works = 0;
    for (unsigned i = 0; i < CARD_TIME_CONTEXTS; i++) {
        contexts[i] = card_time_begin_context(card);
        for (unsigned j = 0; j < 100; j++)
            works += card_time_hold(card, 0, (struct card_time_place){contexts[i], 0}) != CARD_TIME_FULL;
    }
    CHECK(works == CARD_TIME_WORKS - 1 && card_time_begin_context(card) == CARD_TIME_NONE);
    for (unsigned i = 0; i < CARD_TIME_CONTEXTS; i++)
        card_time_end_context(card, 0, contexts[i]);
    struct card_time_place place = place_on(card);
    CHECK(card_time_hold(card, 0, place) != CARD_TIME_FULL);
    for (unsigned i = 1; i < CARD_TIME_STREAMS; i++)
        stream_on(card, place, true);
    CHECK(card_time_begin_stream(card, place.context, true) == CARD_TIME_NONE);
    for (unsigned i = 0; i < CARD_TIME_EVENTS; i++)
        CHECK(card_time_begin_event(card, place.context) == i);
    CHECK(card_time_begin_event(card, place.context) == CARD_TIME_NONE);
    card_time_end_event(card, 7);
    CHECK(card_time_begin_event(card, place.context) == 7);
}

static void the_end_of_a_context_drops_its_work_and_frees_who_waits_for_it(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place dying = place_on(card), waiting = place_on(card);
    card_time_kernel(card, 0, dying, S(100));
    uint32_t event = record_on(card, 0, dying);
    uint64_t ticket = card_time_recorded(card, event);
    card_time_wait(card, 0, waiting, ticket);
    uint64_t kernel = card_time_kernel(card, 0, waiting, MS(1));
    card_time_end_context(card, S(1), dying.context);
    CHECK(card_time_done(card, ticket) && !card_time_done(card, kernel));
    card_time_advance(card, S(1) + MS(1) + US(20));
    CHECK(card_time_done(card, kernel));
    struct card_time_place next = place_on(card);
    CHECK(next.context == dying.context && card_time_busy_ns(card, next.context) == 0);
    uint64_t other = card_time_kernel(card, S(2), next, MS(1));
    CHECK(other != ticket && !card_time_done(card, other) && card_time_done(card, ticket));
}

static void a_stream_that_ends_finishes_before_its_place_is_anothers(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place null = place_on(card), stream = stream_on(card, null, true);
    uint64_t kernel = card_time_kernel(card, 0, stream, MS(1));
    card_time_end_stream(card, stream);
    CHECK(stream_on(card, null, true).stream != stream.stream);
    card_time_advance(card, MS(2));
    CHECK(card_time_done(card, kernel));
    CHECK(stream_on(card, null, true).stream == stream.stream);
}

/* A user is killed at whatever store: the words that it had not yet written are those of before. */
static void what_was_left_in_the_midst_of_a_change_is_made_whole(void)
{
    static struct card_time before, after;
    struct card_time *card = new_card(0);
    struct card_time_place place = place_on(card), other = stream_on(card, place, true), neighbour = place_on(card);
    for (unsigned i = 0; i < 20; i++) {
        card_time_kernel(card, i, i % 2 ? place : other, US(50));
        card_time_kernel(card, i, neighbour, US(70));
        record_on(card, i, place);
    }
    before = *card;
    card_time_end_event(card, record_on(card, US(60), other));
    card_time_advance(card, US(300)); /* works end, and are free */
    card_time_kernel(card, US(300), place, US(10));
    after = *card;
    static unsigned places[1000];
    unsigned changed = 0;
    for (unsigned i = 0; i < sizeof after / sizeof(uint64_t); i++)
        if (((uint64_t *)&before)[i] != ((uint64_t *)&after)[i] && changed < 1000)
            places[changed++] = i;
    CHECK(changed > 30 && changed < 1000);
    for (unsigned kept = 0; kept < 2 * changed; kept++) {
        uint64_t random = kept * UINT64_C(0x9e3779b97f4a7c15);
        *card = before;
        for (unsigned i = 0; i < changed; i++)
            if (kept < changed ? i < kept : (random = random * UINT64_C(6364136223846793005) + 1) >> 63)
                ((uint64_t *)card)[places[i]] = ((uint64_t *)&after)[places[i]];
        card_time_mend(card);
        run_out(card);
        CHECK(card_time_done(card, card_time_last(card, place)) && card_time_done(card, card_time_last(&before, place)));
        for (unsigned i = 0; i < CARD_TIME_QUEUE; i++)
            CHECK(card_time_kernel(card, S(1), neighbour, US(1)) != CARD_TIME_FULL);
        CHECK(card_time_begin_event(card, place.context) != CARD_TIME_NONE);
        run_out(card);
        CHECK(card_time_done(card, card_time_last(card, neighbour)));
    }
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"a queue is full, and takes again after a change", a_queue_is_full_and_takes_again_after_a_change},
        {"all contexts together have a bound", all_contexts_together_have_a_bound},
        {"the end of a context drops its work and frees who waits for it", the_end_of_a_context_drops_its_work_and_frees_who_waits_for_it},
        {"a stream that ends finishes before its place is another's", a_stream_that_ends_finishes_before_its_place_is_anothers},
        {"what was left in the midst of a change is made whole", what_was_left_in_the_midst_of_a_change_is_made_whole},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
