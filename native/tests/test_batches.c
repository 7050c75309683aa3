/* Covers: batches.c, pacer.c: what is learnt of a unit where the end of what went before was seen late; for how long a launch waits behind one that
 * does not end. */
#include "batches.h"

#include "test.h"

#define MS UINT64_C(1000000)
#define BEGIN (UINT64_C(5000) * MS)

static struct pacer pacer;
static struct pacer_lane lane;
static struct costs costs;
static struct hami_limits limits;
static struct hami_usage usage;
static struct hami_limits_record record = {.cores_percent = 30, .policy = HAMI_CORES_FORCE, .priority = 1, .weight = 1};

/* A unit that nothing is known of, in a batch of its own. */
static void launch(uint64_t function, uint64_t now_ns)
{
    struct pacer_unit unit = {.function = function, .grid = 1, .stream = 1};
    CHECK(pacer_ask(&pacer, &lane, &record, &unit, now_ns, now_ns).kind == PACER_GO);
    CHECK(pacer_launched(&pacer, &lane, &unit, true, now_ns) && pacer_close(&pacer, &lane, 1, now_ns));
}

/* The first end is seen when the thread that looks gets to run, 50 ms late; then the events tell that the second unit had ended as well. */
static void a_unit_costs_what_passed_between_its_own_events(void)
{
    struct pacer_share share = {.limits = &limits, .usage = &usage, .seat = HAMI_SEATS, .slot = 3};
    pacer_begin(&pacer, &share, &costs);
    usage.refilled_at_ns = BEGIN;
    usage.credit_ns = 50 * MS;
    launch(64, BEGIN);
    launch(65, BEGIN + MS / 10);
    uint64_t seen_ns = BEGIN + 51 * MS;
    (void)pacer_completed(&pacer, 1, seen_ns - MS, seen_ns, seen_ns);
    (void)pacer_completed(&pacer, 2, seen_ns + MS / 100 - MS, seen_ns + MS / 100, seen_ns + MS / 50);
    CHECK(costs_find(&costs, 64, 1) == MS && costs_find(&costs, 65, 1) == MS);
}

static void a_unit_whose_beginning_is_not_known_is_not_learnt_to_take_nothing(void)
{
    struct pacer_share share = {.limits = &limits, .usage = &usage, .seat = HAMI_SEATS, .slot = 3};
    pacer_begin(&pacer, &share, &costs);
    usage.refilled_at_ns = BEGIN;
    usage.credit_ns = 50 * MS;
    launch(64, BEGIN);
    launch(65, BEGIN + MS / 10);
    uint64_t seen_ns = BEGIN + 51 * MS;
    (void)pacer_completed(&pacer, 1, 0, seen_ns, seen_ns);
    (void)pacer_completed(&pacer, 2, 0, seen_ns, seen_ns);
    CHECK(costs_find(&costs, 65, 1) == 0);
}

/* Units of a second were seen, and one is in flight that never ends. */
static void a_launch_waits_a_second_for_the_window_at_most(void)
{
    struct pacer_share share = {.limits = &limits, .usage = &usage, .seat = HAMI_SEATS, .slot = 3};
    struct pacer_unit unit = {.function = 64, .grid = 1, .cost_ns = 1000 * MS, .stream = 1}, next = {.function = 64, .grid = 1, .cost_ns = 1000 * MS, .stream = 2};
    pacer_begin(&pacer, &share, &costs);
    usage.refilled_at_ns = BEGIN;
    usage.largest_unit_ns = 1000 * MS;
    CHECK(pacer_ask(&pacer, &lane, &record, &unit, BEGIN, BEGIN).kind == PACER_GO);
    CHECK(pacer_launched(&pacer, &lane, &unit, true, BEGIN) && pacer_close(&pacer, &lane, 1, BEGIN));
    usage.credit_ns = 50 * MS;
    CHECK(pacer_ask(&pacer, &lane, &record, &next, BEGIN + 990 * MS, BEGIN).reason == PACER_COMPLETION);
    CHECK(pacer_ask(&pacer, &lane, &record, &next, BEGIN + 1001 * MS, BEGIN).kind == PACER_GO);
}

int main(void)
{
    static const struct test tests[] = {
        {"batches: a unit costs what passed between its own events", a_unit_costs_what_passed_between_its_own_events},
        {"batches: a unit whose beginning is not known is not learnt to take nothing",
         a_unit_whose_beginning_is_not_known_is_not_learnt_to_take_nothing},
        {"batches: a launch waits a second for the window at most", a_launch_waits_a_second_for_the_window_at_most},
    };
    return RUN_TESTS(tests);
}
