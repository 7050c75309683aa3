/* Covers: grains.c, and what it spares: how much a process does at a time, alone and beside others, and how long it sleeps. */
#include "grains.h"
#include "credit.h"
#include "lease.h"
#include "paced.h"

/* How many launches a grain covers, with that which asked for it. */
static unsigned launches_in_a_grain(void)
{
    unsigned count = 1;
    pacer_leave(&pacer, &lane, now);
    usage.credit_ns = LEASE_TURN_NS;
    CHECK(!launch(64, 1));
    for (; launch_covered(&lane, &costs, 64, 1); count++)
        ;
    return count;
}

static void a_lone_share_takes_what_its_limit_gives_in_20_ms(void)
{
    begin(true);
    know(64, 100000);
    CHECK(launches_in_a_grain() == 60);
    record.cores_percent = 90;
    CHECK(launches_in_a_grain() == 100); /* but half of the window */
    record.cores_percent = 2;
    CHECK(launches_in_a_grain() == 12);
    record.cores_percent = 30;
    record.flags = HAMI_LIMITS_YIELDS;
    CHECK(launches_in_a_grain() == 12);
    record.flags = 0;
    a_neighbour_comes(9, 1);
    CHECK(launches_in_a_grain() == 12);
}

static void grains_of_threads_stay_within_the_window_together(void)
{
    static struct pacer_lane others[15];
    begin(true);
    know(64, 100000);
    record.cores_percent = 90;
    CHECK(!launch(64, 1) && lane.grain_ns == 10 * (int64_t)MS - 100000);
    for (unsigned i = 0; i < 15; i++) {
        struct pacer_unit what = unit(64, 2);
        usage.credit_ns = MS;
        CHECK(pacer_ask(&pacer, &others[i], &record, &what, now, now).kind == PACER_GO);
        CHECK(pacer.unspent_ns <= PACER_WINDOW_ALONE_NS + i * 100000);
    }
    CHECK(others[0].grain_ns == 5050000 && others[1].grain_ns == 2525000 && others[14].grain_ns == 100000);
}

static void a_lone_share_whose_host_pauses_in_batches_has_short_ones(void)
{
    begin(true);
    know(64, 100000);
    CHECK(!launch(64, 1));
    now += 3 * MS;
    CHECK(launch_covered(&lane, &costs, 64, 1) && pacer_close(&pacer, &lane, 1, now) == 1);
    now += MS;
    (void)pacer_completed(&pacer, 1, now - 4 * MS, now, now);
    know(64, 100000);
    CHECK(launches_in_a_grain() == 12);
    now += 3001 * MS;
    know(64, 100000);
    CHECK(launches_in_a_grain() == 60);
}

static void a_process_that_is_not_the_only_one_of_its_share_takes_short_ones(void)
{
    begin(true);
    know(64, 100000);
    usage.slots[5] = (struct hami_slot){.in_flight_ns = MS, .expected_done_ns = now + MS};
    set_bit(usage.working, 5);
    CHECK(launches_in_a_grain() == 12);
    clear_bit(usage.working, 5); /* between two batches of it */
    CHECK(launches_in_a_grain() == 12);
}

static void one_wait_covers_batches_that_leave_the_window_some_work(void)
{
    begin(false);
    for (uint64_t number = 1; number <= 8; number++)
        pacer.batches[number] = (struct pacer_batch){.predicted_ns = MS, .stream = number < 6 ? 1 : 2};
    pacer.closed = 8;
    CHECK(pacer_awaited(&pacer, 1) == 3 && pacer_awaited(&pacer, 4) == 5 && pacer_awaited(&pacer, 6) == 8 && pacer_awaited(&pacer, 8) == 8);
    pacer.batches[2].guessed = true;
    CHECK(pacer_awaited(&pacer, 1) == 1 && pacer_awaited(&pacer, 2) == 2 && pacer_awaited(&pacer, 3) == 5);
    pacer.batches[3].predicted_ns = 20 * MS;
    CHECK(pacer_awaited(&pacer, 3) == 3);
}

static void units_that_a_lone_share_knows_nothing_of_are_few_in_flight(void)
{
    begin(true);
    usage.credit_ns = CREDIT_BURST_NS;
    for (uint64_t function = 64; function < 68; function++)
        CHECK(launch(function, 1) && pacer_close(&pacer, &lane, 1, now));
    CHECK(ask(68, 1).reason == PACER_COMPLETION);
    know(128, 100000);
    CHECK(ask(128, 1).kind == PACER_GO);
}

static void where_nothing_that_ended_was_measured_one_unit_is_measured_by_itself(void)
{
    begin(false);
    know(64, 100000);
    now += 15 * MS;
    CHECK(!launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1); /* nothing ended, and nothing was missed */
    (void)pacer_completed(&pacer, 1, 0, 0, now);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 2);
    CHECK(!launch(64, 1) && launch_covered(&lane, &costs, 64, 1)); /* one is on its way to be */
    now += 15 * MS;
    CHECK(launch(64, 2));
}

/* Whoever waits for the lease sleeps until the holder's turn is over: it is woken when it is passed on. */
static void who_waits_for_the_lease_sleeps_through_the_holders_turn(void)
{
    begin(true);
    know(64, MS);
    usage.credit_ns = 20 * (int64_t)MS;
    a_neighbour_comes(9, 1);
    card.lease = 1 << 16 | 10;
    card.seats[9].since_ns = now;
    card.seats[9].until_ns = now + 8 * MS;
    struct pacer_answer answer = ask(64, 1);
    CHECK(answer.reason == PACER_LEASE && answer.until_ns == now + 10 * MS && answer.futex == &card.seats[7].futex);
    usage.credit_ns = 0;
    CHECK(ask(64, 1).reason == PACER_CREDIT); /* half a turn is saved up first */
}

/* A holder that owes for longer than it keeps the lease is to save up for the next turn at once. */
static void a_holder_that_owes_sleeps_until_it_may_ask_for_its_next_turn(void)
{
    begin(true);
    know(64, MS);
    a_neighbour_comes(9, 1);
    card.lease = 1 << 16 | 8;
    card.seats[7].since_ns = now;
    card.seats[7].until_ns = now + 10 * MS;
    usage.credit_ns = -60000;
    CHECK(ask(64, 1).until_ns == now + 200001);
    usage.credit_ns = -(int64_t)MS;
    CHECK(ask(64, 1).until_ns == now + 20 * MS + 1);
}

static const struct test TESTS[] = {
    {"a lone share takes what its limit gives in 20 ms", a_lone_share_takes_what_its_limit_gives_in_20_ms},
    {"grains of threads stay within the window together", grains_of_threads_stay_within_the_window_together},
    {"a lone share whose host pauses in batches has short ones", a_lone_share_whose_host_pauses_in_batches_has_short_ones},
    {"a process that is not the only one of its share takes short ones", a_process_that_is_not_the_only_one_of_its_share_takes_short_ones},
    {"one wait covers batches that together leave the window some work", one_wait_covers_batches_that_leave_the_window_some_work},
    {"units that a lone share knows nothing of are few in flight", units_that_a_lone_share_knows_nothing_of_are_few_in_flight},
    {"where nothing that ended could be measured for long, one unit is measured by itself", where_nothing_that_ended_was_measured_one_unit_is_measured_by_itself},
    {"who waits for the lease sleeps through the holder's turn", who_waits_for_the_lease_sleeps_through_the_holders_turn},
    {"a holder that owes sleeps until it may ask for its next turn", a_holder_that_owes_sleeps_until_it_may_ask_for_its_next_turn},
};

int main(void)
{
    return RUN_TESTS(TESTS);
}
