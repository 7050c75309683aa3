/* Covers: how time goes on a card whose contexts overlap, as the clients of an MPS server. */
#include "card_time_fixture.h"

static void one_context_alone_has_all_of_the_card(void)
{
    struct card_time *card = new_overlapping_card(0);
    struct card_time_place place = place_on(card);
    uint32_t before = record_on(card, US(100), place);
    card_time_kernel(card, US(100), place, US(30));
    uint32_t between = record_on(card, US(100), place);
    card_time_kernel(card, US(100), place, US(50));
    uint32_t after = record_on(card, US(100), place);
    CHECK(card_time_next_change_ns(card) == US(130)); /* nobody switches */
    run_out(card);
    CHECK(card_time_stamp_ns(card, before) == US(100) && card_time_stamp_ns(card, between) == US(130) && card_time_stamp_ns(card, after) == US(180));
    CHECK(card_time_busy_ns(card, place.context) == US(80) && card_time_work_ns(card, place.context) == US(80));
}

static void kernels_that_overlap_are_slower_in_proportion(void)
{
    struct card_time *card = new_overlapping_card(0);
    struct card_time_place long_one = place_on(card), brief = place_on(card);
    card_time_kernel(card, 0, long_one, MS(3));
    uint32_t long_end = record_on(card, 0, long_one);
    card_time_kernel(card, 0, brief, MS(1));
    uint32_t brief_end = record_on(card, 0, brief);
    run_out(card);
    /* Until 2 ms each had a half; then the long one had all. */
    CHECK(card_time_stamp_ns(card, brief_end) == MS(2) && card_time_stamp_ns(card, long_end) == MS(4));
    CHECK(card_time_busy_ns(card, long_one.context) == MS(4) && card_time_busy_ns(card, brief.context) == MS(2));
    CHECK(card_time_work_ns(card, long_one.context) == MS(3) && card_time_work_ns(card, brief.context) == MS(1));
    CHECK(card_time_busy_ns(card, CARD_TIME_NONE) == MS(4));
}

static void who_comes_has_a_part_at_once_and_nobody_is_preempted(void)
{
    struct card_time *card = new_overlapping_card(0);
    struct card_time_place first = place_on(card), second = place_on(card), third = place_on(card);
    card_time_kernel(card, 0, first, MS(10));
    uint32_t first_end = record_on(card, 0, first);
    card_time_kernel(card, MS(4), second, MS(2));
    uint32_t second_end = record_on(card, MS(4), second);
    card_time_kernel(card, MS(6), third, MS(1));
    uint32_t third_end = record_on(card, MS(6), third);
    run_out(card);
    /* At 6 ms there are 5 and 1 ms left, and 1 of the third: two of them end at 9, and the last 4 ms are the first's alone. */
    CHECK(card_time_stamp_ns(card, second_end) == MS(9) && card_time_stamp_ns(card, third_end) == MS(9));
    CHECK(card_time_stamp_ns(card, first_end) == MS(13));
}

static void within_a_context_one_kernel_runs_at_a_time(void)
{
    struct card_time *card = new_overlapping_card(0);
    struct card_time_place place = place_on(card), other = place_on(card), side = stream_on(card, place, true);
    card_time_kernel(card, 0, place, MS(1));
    card_time_kernel(card, 0, side, MS(1));
    uint32_t side_end = record_on(card, 0, side);
    card_time_kernel(card, 0, other, MS(5));
    card_time_advance(card, S(1));
    CHECK(card_time_stamp_ns(card, side_end) == MS(4)); /* two contexts share the card, not three kernels */
}

static void contexts_wait_for_one_another_and_for_the_host(void)
{
    struct card_time *card = new_overlapping_card(0);
    struct card_time_place first = place_on(card), second = place_on(card);
    uint64_t gate = card_time_hold(card, 0, first);
    card_time_kernel(card, 0, first, MS(1));
    uint64_t done = card_time_kernel(card, 0, first, MS(1));
    card_time_wait(card, 0, second, done);
    card_time_kernel(card, 0, second, MS(1));
    uint32_t end = record_on(card, 0, second);
    CHECK(card_time_reached(card, gate) && card_time_next_change_ns(card) == CARD_TIME_NEVER);
    card_time_release(card, MS(5), gate);
    run_out(card);
    CHECK(card_time_stamp_ns(card, end) == MS(8));
    CHECK(card_time_busy_ns(card, CARD_TIME_NONE) == MS(3));
}

static void the_end_of_a_context_leaves_its_part_to_the_others(void)
{
    struct card_time *card = new_overlapping_card(0);
    struct card_time_place stays = place_on(card), leaves = place_on(card);
    card_time_kernel(card, 0, stays, MS(4));
    uint32_t end = record_on(card, 0, stays);
    card_time_kernel(card, 0, leaves, MS(100));
    card_time_end_context(card, MS(2), leaves.context);
    run_out(card);
    CHECK(card_time_stamp_ns(card, end) == MS(5));
}

static void a_card_that_is_mended_goes_on(void)
{
    struct card_time *card = new_overlapping_card(0);
    struct card_time_place first = place_on(card), second = place_on(card);
    card_time_kernel(card, 0, first, MS(4));
    uint32_t end = record_on(card, 0, first);
    card_time_kernel(card, 0, second, MS(4));
    card_time_advance(card, MS(2));
    card_time_mend(card);
    run_out(card);
    CHECK(card_time_stamp_ns(card, end) == MS(8));
}

/* A mixture of kernels in three contexts, looked at all `every_ns`: 0: at its ends alone. When the last work of each ended. */
static void run_mixture(uint64_t every_ns, uint64_t ends_ns[3])
{
    struct card_time *card = new_overlapping_card(0);
    struct card_time_place places[3] = {place_on(card), place_on(card), place_on(card)};
    uint64_t seed = 7;
    for (unsigned i = 0; i < 300; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
        uint64_t asked_ns = i * US(37);
        for (uint64_t look = (asked_ns ? asked_ns - US(37) : 0) + every_ns; every_ns && look < asked_ns; look += every_ns)
            card_time_advance(card, look);
        card_time_kernel(card, asked_ns, places[i % 3], 1 + (seed >> 33) % US(50));
    }
    for (unsigned i = 0; i < 3; i++)
        (void)record_on(card, US(300 * 37), places[i]);
    uint64_t tickets[3];
    for (unsigned i = 0; i < 3; i++)
        tickets[i] = card_time_last(card, places[i]);
    for (unsigned left = 3; left; left = 3u - card_time_done(card, tickets[0]) - card_time_done(card, tickets[1]) - card_time_done(card, tickets[2]))
        card_time_advance(card, every_ns ? card->now_ns + every_ns : card_time_next_change_ns(card));
    for (unsigned i = 0; i < 3; i++)
        ends_ns[i] = card_time_stamp_ns(card, i);
}

static void looking_changes_nothing(void)
{
    uint64_t seldom[3], often[3];
    run_mixture(0, seldom);
    run_mixture(701, often);
    for (unsigned i = 0; i < 3; i++)
        CHECK(seldom[i] && seldom[i] == often[i]);
}

static void nothing_of_the_cards_time_is_lost(void)
{
    struct card_time *card = new_overlapping_card(0);
    struct card_time_place places[3] = {place_on(card), place_on(card), place_on(card)};
    uint64_t asked = 0;
    for (unsigned i = 0; i < 999; i++) {
        asked += 1000 + i * 7;
        card_time_kernel(card, i, places[i % 3], 1000 + i * 7);
    }
    run_out(card);
    uint64_t busy = card_time_busy_ns(card, CARD_TIME_NONE), worked = 0;
    for (unsigned i = 0; i < 3; i++)
        worked += card_time_work_ns(card, places[i].context);
    CHECK(worked == asked && busy >= asked && busy - asked < 1000); /* rounding: a ns or two for each kernel at most */
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"one context alone has all of the card", one_context_alone_has_all_of_the_card},
        {"kernels that overlap are slower in proportion", kernels_that_overlap_are_slower_in_proportion},
        {"who comes has a part at once, and nobody is preempted", who_comes_has_a_part_at_once_and_nobody_is_preempted},
        {"within a context one kernel runs at a time", within_a_context_one_kernel_runs_at_a_time},
        {"contexts wait for one another and for the host", contexts_wait_for_one_another_and_for_the_host},
        {"the end of a context leaves its part to the others", the_end_of_a_context_leaves_its_part_to_the_others},
        {"a card that is mended goes on", a_card_that_is_mended_goes_on},
        {"looking changes nothing", looking_changes_nothing},
        {"nothing of the card's time is lost", nothing_of_the_cards_time_is_lost},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
