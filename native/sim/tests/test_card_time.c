/* Covers: how time goes on a card: turns, streams, events, holds, busy windows. */
#include "card_time_fixture.h"

static void kernels_of_a_stream_follow_one_another(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place place = place_on(card);
    uint32_t before = record_on(card, US(100), place);
    uint64_t kernel = card_time_kernel(card, US(100), place, US(30));
    uint32_t between = record_on(card, US(100), place);
    CHECK(card_time_kernel(card, US(101), place, US(50)) != CARD_TIME_FULL);
    uint32_t after = record_on(card, US(101), place);
    CHECK(card_time_soonest_ns(card, card_time_recorded(card, after)) >= US(180));
    card_time_advance(card, US(149));
    CHECK(!card_time_done(card, kernel) && card_time_next_change_ns(card) == US(150)); /* 20 us to get on the card */
    card_time_advance(card, US(150));
    CHECK(card_time_done(card, kernel) && card_time_stamp_ns(card, between) == US(150));
    card_time_advance(card, S(1));
    CHECK(card_time_stamp_ns(card, before) == US(120) && card_time_stamp_ns(card, after) == US(200));
    CHECK(card_time_busy_ns(card, place.context) == US(80) && card_time_busy_ns(card, CARD_TIME_NONE) == US(80));
    CHECK(card_time_next_change_ns(card) == CARD_TIME_NEVER);
}

static void a_context_that_comes_back_alone_pays_no_switch(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place place = place_on(card);
    card_time_kernel(card, 0, place, US(10));
    card_time_advance(card, S(1));
    card_time_kernel(card, S(1), place, US(10));
    CHECK(card_time_next_change_ns(card) == S(1) + US(10));
}

static void contexts_take_turns_of_a_slice(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place places[3];
    uint32_t ends[3];
    for (int i = 0; i < 3; i++)
        places[i] = place_on(card);
    for (int i = 0; i < 3; i++) {
        card_time_kernel(card, 0, places[i], MS(3));
        ends[i] = record_on(card, 0, places[i]);
    }
    run_out(card);
    /* First slices end at 2.02, 4.04, 6.06 ms; then each has 1 ms left. */
    CHECK(card_time_stamp_ns(card, ends[0]) == MS(7) + US(80));
    CHECK(card_time_stamp_ns(card, ends[1]) == MS(8) + US(100));
    CHECK(card_time_stamp_ns(card, ends[2]) == MS(9) + US(120));
    CHECK(card_time_busy_ns(card, CARD_TIME_NONE) == MS(9));
}

static void saturating_contexts_have_equal_shares_whatever_their_units(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place small = place_on(card), large = place_on(card);
    for (uint64_t now = 0; now < S(1); now += US(500)) {
        while (card_time_kernel(card, now, small, US(20)) != CARD_TIME_FULL)
            ;
        while (card_time_kernel(card, now, large, MS(7)) != CARD_TIME_FULL)
            ;
    }
    card_time_advance(card, S(1));
    uint64_t one = card_time_busy_ns(card, small.context), other = card_time_busy_ns(card, large.context);
    CHECK(one + MS(3) > other && other + MS(3) > one);
    CHECK(one + other > MS(980) && one + other < MS(991)); /* a switch of 20 us for each 2 ms */
}

static void a_context_without_work_yields_at_once(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place brief = place_on(card), long_one = place_on(card);
    card_time_kernel(card, 0, brief, US(100));
    card_time_kernel(card, 0, long_one, MS(10));
    uint32_t end = record_on(card, 0, long_one);
    card_time_advance(card, S(1));
    CHECK(card_time_stamp_ns(card, end) == US(20 + 100 + 20) + MS(10));
}

static void who_comes_waits_for_the_end_of_the_slice(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place first = place_on(card), second = place_on(card);
    card_time_kernel(card, 0, first, S(1));
    card_time_advance(card, MS(5));
    CHECK(card_time_next_change_ns(card) == S(1) + US(20)); /* alone, it runs through */
    uint32_t start = record_on(card, MS(5), second);
    CHECK(card_time_next_change_ns(card) == MS(6) + US(20));
    card_time_advance(card, S(3));
    CHECK(card_time_stamp_ns(card, start) == MS(6) + US(40));
    CHECK(card_time_busy_ns(card, first.context) == S(1));
}

static void the_oldest_kernel_at_the_head_of_a_stream_runs(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place null = place_on(card);
    struct card_time_place one = stream_on(card, null, true), two = stream_on(card, null, true);
    uint64_t first = card_time_kernel(card, 0, one, US(10)), second = card_time_kernel(card, 0, two, US(10));
    uint64_t third = card_time_kernel(card, 0, one, US(10));
    card_time_advance(card, US(30));
    CHECK(card_time_done(card, first) && !card_time_done(card, second));
    card_time_advance(card, US(40));
    CHECK(card_time_done(card, second) && !card_time_done(card, third));
    card_time_advance(card, US(50));
    CHECK(card_time_done(card, third));
}

static void the_null_stream_waits_for_others_and_they_for_it(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place null = place_on(card);
    struct card_time_place other = stream_on(card, null, false), apart = stream_on(card, null, true);
    uint64_t hold = card_time_hold(card, 0, other);
    uint64_t in_null = card_time_kernel(card, 0, null, US(10));
    uint64_t behind = card_time_kernel(card, 0, stream_on(card, null, false), US(10));
    uint64_t concurrent = card_time_kernel(card, 0, apart, US(10));
    card_time_advance(card, MS(1));
    CHECK(card_time_done(card, concurrent) && !card_time_done(card, in_null) && !card_time_done(card, behind));
    card_time_release(card, MS(1), hold);
    card_time_advance(card, MS(1) + US(10));
    CHECK(card_time_done(card, in_null) && !card_time_done(card, behind));
    card_time_advance(card, MS(1) + US(20));
    CHECK(card_time_done(card, behind));
}

static void a_stream_waits_for_an_event_of_another_context(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place one = place_on(card), two = place_on(card);
    card_time_kernel(card, 0, one, MS(5));
    uint32_t event = record_on(card, 0, one);
    card_time_wait(card, 0, two, card_time_recorded(card, event));
    uint64_t kernel = card_time_kernel(card, 0, two, MS(1));
    uint64_t apart = card_time_kernel(card, 0, stream_on(card, two, true), US(100));
    card_time_advance(card, MS(5));
    CHECK(card_time_done(card, apart) && !card_time_done(card, kernel));
    card_time_advance(card, S(1));
    CHECK(card_time_done(card, kernel) && card_time_busy_ns(card, two.context) == MS(1) + US(100));
}

static void streams_of_a_context_wait_for_one_another_in_both_directions(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place null = place_on(card);
    struct card_time_place low = stream_on(card, null, true), high = stream_on(card, null, true);
    uint64_t hold = card_time_hold(card, 0, high);
    uint64_t in_high = card_time_last(card, high);
    card_time_wait(card, 0, low, in_high);
    uint64_t in_low = card_time_kernel(card, 0, low, US(10));
    card_time_wait(card, 0, high, in_low);
    uint32_t end = record_on(card, 0, high);
    card_time_advance(card, MS(1));
    CHECK(card_time_reached(card, hold) && card_time_next_change_ns(card) == CARD_TIME_NEVER);
    card_time_release(card, MS(1), hold);
    run_out(card);
    CHECK(card_time_stamp_ns(card, end) == MS(1) + US(10));
}

static void a_hold_is_reached_in_its_turn_and_costs_nothing(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place one = place_on(card), two = place_on(card);
    card_time_kernel(card, 0, one, US(100));
    uint64_t hold = card_time_hold(card, 0, one);
    uint32_t event = record_on(card, 0, one);
    uint64_t other = card_time_kernel(card, 0, two, MS(20));
    card_time_release(card, US(50), hold);
    CHECK(!card_time_reached(card, hold) && !card_time_done(card, hold));
    card_time_advance(card, MS(30));
    CHECK(card_time_reached(card, hold) && card_time_done(card, other));
    card_time_release(card, MS(30), hold);
    CHECK(!card_time_reached(card, hold) && card_time_done(card, hold) && card_time_stamp_ns(card, event) == 0);
    card_time_advance(card, MS(31));
    CHECK(card_time_stamp_ns(card, event) == MS(30) + US(20)); /* stamped on the card */
}

static void an_event_has_the_stamp_of_its_last_record(void)
{
    struct card_time *card = new_card(0);
    struct card_time_place place = place_on(card);
    uint32_t event = record_on(card, 0, place);
    uint64_t first = card_time_recorded(card, event);
    card_time_kernel(card, 0, place, US(50));
    card_time_record(card, 0, place, event);
    card_time_advance(card, US(30));
    CHECK(card_time_done(card, first) && card_time_stamp_ns(card, event) == 0);
    run_out(card);
    CHECK(card_time_stamp_ns(card, event) == US(70));
}

static void windows_say_how_busy_it_was(void)
{
    struct card_time *card = new_card(S(10));
    struct card_time_place place = place_on(card);
    uint64_t window = card_time_window(S(10)) + 1, start = window * CARD_TIME_WINDOW_NS;
    card_time_kernel(card, start - US(20), place, CARD_TIME_WINDOW_NS / 2);
    card_time_advance(card, start + CARD_TIME_WINDOW_NS);
    card_time_kernel(card, start + CARD_TIME_WINDOW_NS, place, 3 * CARD_TIME_WINDOW_NS);
    run_out(card);
    CHECK(card_time_busy_percent(card, place.context, window - 1) == 0);
    CHECK(card_time_busy_percent(card, place.context, window) == 49); /* rounded down */
    for (uint64_t i = 1; i <= 3; i++)
        CHECK(card_time_busy_percent(card, CARD_TIME_NONE, window + i) == 100);
    CHECK(card_time_busy_percent(card, place.context, window + 4) == 0);
    card_time_kernel(card, S(100), place, US(1));
    run_out(card);
    CHECK(card_time_busy_percent(card, place.context, window + 2) == 0); /* not kept any more */
}

static void a_clock_that_goes_back_is_one_that_stands(void)
{
    struct card_time *card = new_card(S(5));
    struct card_time_place place = place_on(card);
    uint64_t kernel = card_time_kernel(card, S(4), place, MS(1));
    card_time_advance(card, S(3));
    CHECK(!card_time_done(card, kernel));
    card_time_advance(card, S(5) + MS(1) + US(20));
    CHECK(card_time_done(card, kernel) && card_time_busy_ns(card, place.context) == MS(1));
}

struct look {
    uint64_t stamp_ns[200];
    uint64_t busy_ns[4];
};

/* A mixture of all kinds of work; `step_ns`: how often somebody looks meanwhile. */
static struct look mixture(uint64_t step_ns)
{
    struct card_time *card = new_card(0);
    struct card_time_place places[4][3];
    uint32_t events[200];
    uint64_t random = 12345;
    struct look look;
    for (unsigned i = 0; i < 4; i++) {
        places[i][0] = place_on(card);
        for (unsigned j = 1; j < 3; j++)
            places[i][j] = stream_on(card, places[i][0], j == 1);
    }
    uint64_t now = 0;
    for (unsigned i = 0; i < 200; i++) {
        random = random * UINT64_C(6364136223846793005) + 1;
        struct card_time_place place = places[random >> 60 & 3][(random >> 40) % 3];
        card_time_kernel(card, now, place, (random >> 20) % MS(1) + US(1) * (i % 10 == 0) * 5000);
        events[i] = record_on(card, now, place);
        if (i > 5 && i % 7 == 0)
            card_time_wait(card, now, places[random >> 58 & 3][(random >> 33) % 3], card_time_recorded(card, events[i - 5]));
        uint64_t next = now + (random >> 10) % MS(1);
        for (uint64_t t = now; step_ns && t < next; t += step_ns)
            card_time_advance(card, t);
        now = next;
    }
    run_out(card);
    for (unsigned i = 0; i < 200; i++)
        look.stamp_ns[i] = card_time_stamp_ns(card, events[i]);
    for (unsigned i = 0; i < 4; i++)
        look.busy_ns[i] = card_time_busy_ns(card, places[i][0].context);
    return look;
}

static void looking_changes_nothing(void)
{
    struct look seldom = mixture(0), often = mixture(US(3));
    for (unsigned i = 0; i < 200; i++)
        CHECK(seldom.stamp_ns[i] && seldom.stamp_ns[i] == often.stamp_ns[i]);
    for (unsigned i = 0; i < 4; i++)
        CHECK(seldom.busy_ns[i] && seldom.busy_ns[i] == often.busy_ns[i]);
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"kernels of a stream follow one another", kernels_of_a_stream_follow_one_another},
        {"a context that comes back alone pays no switch", a_context_that_comes_back_alone_pays_no_switch},
        {"contexts take turns of a slice", contexts_take_turns_of_a_slice},
        {"saturating contexts have equal shares, whatever their units", saturating_contexts_have_equal_shares_whatever_their_units},
        {"a context without work yields at once", a_context_without_work_yields_at_once},
        {"who comes waits for the end of the slice", who_comes_waits_for_the_end_of_the_slice},
        {"the oldest kernel at the head of a stream runs", the_oldest_kernel_at_the_head_of_a_stream_runs},
        {"the NULL stream waits for others, and they for it", the_null_stream_waits_for_others_and_they_for_it},
        {"a stream waits for an event of another context", a_stream_waits_for_an_event_of_another_context},
        {"streams of a context wait for one another in both directions", streams_of_a_context_wait_for_one_another_in_both_directions},
        {"a hold is reached in its turn and costs nothing", a_hold_is_reached_in_its_turn_and_costs_nothing},
        {"an event has the stamp of its last record", an_event_has_the_stamp_of_its_last_record},
        {"windows say how busy it was", windows_say_how_busy_it_was},
        {"a clock that goes back is one that stands", a_clock_that_goes_back_is_one_that_stands},
        {"looking changes nothing", looking_changes_nothing},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
