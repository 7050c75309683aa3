/* Covers: what ends a wait that nothing else ends, in pacer.c, and who holds the lease where nobody has to. */
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

static const struct test TESTS[] = {
    {"a full window lets one launch through at its bound", a_full_window_lets_one_launch_through_at_its_bound},
    {"who waited long enough for the lease goes on without it", who_waited_long_enough_for_the_lease_goes_on_without_it},
    {"a lone share that nothing limits holds the lease with its turn over", a_lone_share_that_nothing_limits_holds_the_lease_with_its_turn_over},
};

int main(void)
{
    return RUN_TESTS(TESTS);
}
