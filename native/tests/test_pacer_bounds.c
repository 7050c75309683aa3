/* Covers: pacer.c: what ends a wait that nothing else ends, who holds the lease where nobody has to, and what is kept and corrected over time. */
#include "batches.h"
#include "credit.h"
#include "paced.h"

/* What ends the wait ends it for one launch: the next one waits as long again. */
static void a_full_window_lets_one_launch_through_at_its_bound(void)
{
    begin(false);
    usage.credit_ns = CREDIT_BURST_NS;
    know(64, 4 * MS);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 2);
    uint64_t asked = now;
    struct pacer_unit what = unit(64, 1);
    now += 21 * MS;
    usage.credit_ns = CREDIT_BURST_NS;
    CHECK(pacer_ask(&pacer, &lane, &record, &what, now, asked).kind == PACER_GO);
    CHECK(pacer_launched(&pacer, &lane, &what, true, now) && pacer_close(&pacer, &lane, 1, now) == 3);
    struct pacer_answer answer = pacer_ask(&pacer, &lane, &record, &what, now, asked);
    CHECK(answer.kind == PACER_WAIT && answer.reason == PACER_COMPLETION);
    now += 19 * MS;
    CHECK(pacer_ask(&pacer, &lane, &record, &what, now, asked).kind == PACER_WAIT);
    now += 2 * MS;
    CHECK(pacer_ask(&pacer, &lane, &record, &what, now, asked).kind == PACER_GO);
}

/* A holder that neither gives it back nor is overdue, as one that lies on the page: nobody waits for the lease for ever. */
static void who_waited_long_enough_for_the_lease_goes_on_without_it(void)
{
    begin(true);
    know(64, MS);
    usage.credit_ns = 20 * (int64_t)MS;
    a_neighbour_comes(9, 1);
    card.lease = UINT64_C(1) << 16 | 10;
    struct pacer_unit what = unit(64, 1);
    uint64_t asked = now;
    for (; now < asked + 1990 * MS; now += 10 * MS) {
        a_neighbour_comes(9, 1);
        card.seats[9].until_ns = now + 5 * MS;
        CHECK(pacer_ask(&pacer, &lane, &record, &what, now, asked).kind == PACER_WAIT);
    }
    now = asked + 2001 * MS;
    a_neighbour_comes(9, 1);
    card.seats[9].until_ns = now + 5 * MS;
    CHECK(pacer_ask(&pacer, &lane, &record, &what, now, asked).kind == PACER_GO && (card.lease & 0xffff) == 10);
    CHECK(lane.open[0].shared && lane.grain_ns == MS); /* it has this unit alone, */
    (void)pacer_launched(&pacer, &lane, &what, true, now);
    CHECK(pacer_close(&pacer, &lane, 1, now) == 1);
    int64_t before = usage.credit_ns;
    now += 9 * MS;
    (void)pacer_completed(&pacer, 1, now - 8 * MS, now, now);
    CHECK(usage.credit_ns == before && costs_find(&costs, 64, 1) == MS); /* and what that takes beside the holder's tells nothing */
}

/* It is to be passed on to the first neighbour that comes as soon as nothing is in flight. One that is held to its limit leaves it alone. */
static void a_lone_share_that_nothing_limits_holds_the_lease_with_its_turn_over(void)
{
    begin(true);
    know(64, MS);
    usage.credit_ns = 20 * (int64_t)MS;
    CHECK(ask(64, 1).kind == PACER_GO && (card.lease & 0xffff) == 0);
    record.policy = HAMI_CORES_DEFAULT;
    CHECK(ask(64, 1).kind == PACER_GO && (card.lease & 0xffff) == 8 && card.seats[7].until_ns <= now);
    record.policy = HAMI_CORES_FORCE;
    CHECK(ask(64, 1).kind == PACER_GO && (card.lease & 0xffff) == 0);
}

/* The credit ends at a bound, but for what cannot be used. */
static void what_a_share_earns_while_a_unit_overruns_is_kept(void)
{
    begin(true);
    know(64, 4 * MS);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1);
    pacer_leave(&pacer, &lane, now);
    usage.credit_ns = CREDIT_BURST_NS;
    now += 90 * MS;
    (void)ask(64, 1);
    CHECK(usage.credit_ns + lane.grain_ns == CREDIT_BURST_NS + 86 * (int64_t)MS * 30 / 100); /* it is late by 86 ms */
}

static void what_a_share_earns_while_it_waits_for_the_lease_is_kept(void)
{
    begin(true);
    know(64, MS);
    usage.credit_ns = CREDIT_BURST_NS;
    now += 90 * MS;
    CHECK(ask(64, 1).kind == PACER_GO && usage.credit_ns <= CREDIT_BURST_NS);
    pacer_leave(&pacer, &lane, now);
    usage.credit_ns = CREDIT_BURST_NS;
    a_neighbour_comes(9, 1);
    card.seats[9].until_ns = now + 10 * MS;
    card.lease = UINT64_C(1) << 16 | 10;
    CHECK(ask(64, 1).reason == PACER_LEASE);
    now += 90 * MS;
    a_neighbour_comes(9, 1);
    card.seats[9].until_ns = now + 10 * MS;
    CHECK(ask(64, 1).reason == PACER_LEASE && usage.credit_ns == CREDIT_BURST_NS + 27 * (int64_t)MS);
}

/* Units that are too short to be measured by themselves: that they take twice what is known of them is seen by their sum. */
static void short_units_that_take_longer_are_charged_more(void)
{
    begin(false);
    know(64, 100000);
    for (uint64_t number = 1; number <= 8; number++) {
        usage.credit_ns = CREDIT_BURST_NS;
        pacer.measured_ns = now;
        CHECK(!launch(64, 1));
        while (launch_covered(&lane, &costs, 64, 1))
            ;
        CHECK(pacer_close(&pacer, &lane, 1, now) == number);
        uint64_t took = 2 * pacer.batches[number].units * 100000;
        now += took + MS;
        (void)pacer_completed(&pacer, number, now - took, now, now);
    }
    CHECK(pacer.scale_q32 > UINT64_C(17) << 28 && pacer.scale_q32 < UINT64_C(40) << 28 && costs_find(&costs, 64, 1) == 100000);
    usage.credit_ns = CREDIT_BURST_NS;
    pacer_leave(&pacer, &lane, now);
    uint64_t before = usage.predicted_ns;
    CHECK(!launch(64, 1));
    pacer_leave(&pacer, &lane, now);
    CHECK(usage.predicted_ns - before > 106000 && usage.predicted_ns - before < 250000);
}

/* A clock that jumped ahead with a unit in flight costs its share no more than the longest unit that there is. */
static void no_unit_is_charged_more_than_the_longest_there_is(void)
{
    begin(false);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1);
    pacer_leave(&pacer, &lane, now);
    now += 60000 * MS;
    (void)pacer_completed(&pacer, 1, now - 60000 * MS, now, now);
    CHECK(usage.predicted_ns == COSTS_LARGEST_NS && usage.credit_ns == -(int64_t)COSTS_LARGEST_NS);
    CHECK(costs_find(&costs, 64, 1) == COSTS_LARGEST_NS && usage.largest_unit_ns == COSTS_LARGEST_NS);
}

/* How long others wait for a share, and it for itself, goes by its largest unit: one of long ago is forgotten by and by. */
static void the_largest_unit_is_the_largest_of_late(void)
{
    begin(false);
    know(64, MS);
    usage.largest_unit_ns = 50 * MS;
    for (uint64_t number = 1; number <= 200; number++) {
        usage.credit_ns = CREDIT_BURST_NS;
        CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == number);
        now += 2 * MS;
        (void)pacer_completed(&pacer, number, now - MS, now, now);
        CHECK(number > 1 || usage.largest_unit_ns > 49 * MS);
    }
    CHECK(usage.largest_unit_ns >= MS && usage.largest_unit_ns < 15 * MS);
}

/* Another process of the share may have the card with it meanwhile. */
static void the_bound_of_a_full_window_goes_by_the_shares_longest_unit(void)
{
    begin(false);
    usage.credit_ns = CREDIT_BURST_NS;
    usage.largest_unit_ns = 50 * MS;
    know(64, 4 * MS);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 2);
    uint64_t asked = now;
    struct pacer_unit what = unit(64, 1);
    usage.credit_ns = CREDIT_BURST_NS;
    now += 199 * MS;
    CHECK(pacer_ask(&pacer, &lane, &record, &what, now, asked).reason == PACER_COMPLETION);
    now += 2 * MS;
    CHECK(pacer_ask(&pacer, &lane, &record, &what, now, asked).kind == PACER_GO);
}

/* Of work that runs side by side one gets the time of both, and which is not to be told. */
static void a_unit_beside_another_streams_does_not_teach_its_own_cost(void)
{
    begin(false);
    usage.credit_ns = CREDIT_BURST_NS;
    know(64, 2 * MS);
    know(128, 2 * MS);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1);
    CHECK(launch(128, 2) && pacer_close(&pacer, &lane, 2, now) == 2);
    now += 8 * MS;
    (void)pacer_completed(&pacer, 1, now - 8 * MS, now - 7 * MS, now);
    (void)pacer_completed(&pacer, 2, now - 8 * MS, now, now);
    CHECK(usage.predicted_ns >= 8 * MS && costs_find(&costs, 128, 1) == 2 * MS);
}

/* Threads that took a grain and do nothing with it leave the others short of the window, and not for ever. */
static void grains_that_nobody_uses_are_forgotten(void)
{
    enum { IDLE = 12 };
    static struct pacer_lane idle[IDLE];
    begin(true);
    know(64, 100000);
    a_neighbour_comes(9, 1);
    usage.credit_ns = CREDIT_BURST_NS;
    for (unsigned i = 0; i < IDLE; i++) {
        struct pacer_unit what = unit(64, i + 2);
        CHECK(pacer_ask(&pacer, &idle[i], &record, &what, now, now).kind == PACER_GO);
    }
    CHECK(idle[0].grain_ns > 100000 && idle[IDLE - 1].grain_ns == 100000);
    now += 1100 * MS;
    pacer.measured_ns = now;
    a_neighbour_comes(9, 1);
    card.lease = 0;
    usage.credit_ns = CREDIT_BURST_NS;
    (void)ask(64, 1); /* which takes a last small one, at which they are forgotten */
    pacer_leave(&pacer, &lane, now);
    CHECK(ask(64, 1).kind == PACER_GO && lane.grain_ns > 100000);
}

/* Its thread may be gone, or do something else: nobody may wait for it for ever, siblings and neighbours neither. */
static void an_open_batch_that_nobody_closes_counts_for_a_while(void)
{
    begin(false);
    know(64, 100000);
    CHECK(!launch(64, 1) && usage.slots[3].in_flight_ns >= 100000 && bit_is_set(usage.working, 3));
    for (unsigned passed_ms = 0; passed_ms < 40; passed_ms += 10) {
        now += 10 * MS;
        (void)pacer_yield(&pacer, now); /* by which it knows the time */
        batches_publish(&pacer);
        CHECK(bit_is_set(usage.working, 3) == (passed_ms < 20));
    }
    CHECK(usage.slots[3].in_flight_ns == 0 && batches_in_flight(&pacer, now) == 0);
}

/* One seat is tried at a time, so it is none that matters to nobody. */
static void only_shares_that_count_by_being_there_are_suspects(void)
{
    begin(true);
    for (unsigned seat = 5; seat < 12; seat++)
        set_bit(card.present, seat);
    for (unsigned seat = 5; seat < 12; seat++)
        card.seats[seat].cores_percent = seat == 9 || seat == 11 ? 0 : 30;
    CHECK(pacer_suspect(&pacer) == 9 && pacer_suspect(&pacer) == 11 && pacer_suspect(&pacer) == 9);
    clear_bit(card.present, 9);
    clear_bit(card.present, 11);
    CHECK(pacer_suspect(&pacer) < 0);
}

static const struct test TESTS[] = {
    {"a full window lets one launch through at its bound", a_full_window_lets_one_launch_through_at_its_bound},
    {"who waited long enough for the lease goes on without it", who_waited_long_enough_for_the_lease_goes_on_without_it},
    {"a lone share that nothing limits holds the lease with its turn over", a_lone_share_that_nothing_limits_holds_the_lease_with_its_turn_over},
    {"what a share earns while a unit overruns is kept", what_a_share_earns_while_a_unit_overruns_is_kept},
    {"what a share earns while it waits for the lease is kept", what_a_share_earns_while_it_waits_for_the_lease_is_kept},
    {"short units that take longer are charged more", short_units_that_take_longer_are_charged_more},
    {"no unit is charged more than the longest there is", no_unit_is_charged_more_than_the_longest_there_is},
    {"the largest unit is the largest of late", the_largest_unit_is_the_largest_of_late},
    {"the bound of a full window goes by the share's longest unit", the_bound_of_a_full_window_goes_by_the_shares_longest_unit},
    {"a unit beside another stream's does not teach its own cost", a_unit_beside_another_streams_does_not_teach_its_own_cost},
    {"grains that nobody uses are forgotten", grains_that_nobody_uses_are_forgotten},
    {"an open batch that nobody closes counts for a while", an_open_batch_that_nobody_closes_counts_for_a_while},
    {"only shares that count by being there are suspects", only_shares_that_count_by_being_there_are_suspects},
};

int main(void)
{
    return RUN_TESTS(TESTS);
}
