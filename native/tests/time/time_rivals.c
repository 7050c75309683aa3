/* What other ways of limiting make of the same programs on the same virtual card: the tests must be able to tell. Not what ships. */
#include <math.h>
#include <stdio.h>

#include "outcome.h"
#include "tenants.h"
#include "test.h"

#define SEED UINT64_C(301029)

static void say(const char *what, unsigned unit_us, const struct outcome *outcome)
{
    if (!tenants_are_long())
        return;
    printf("| %s | %g ms |", what, unit_us / 1000.0);
    for (unsigned share = 0; share < outcome->shares; share++)
        printf("%s %.1f", share ? " /" : "", outcome_mean(outcome, share));
    printf(" | %.1f |\n", outcome_card(outcome));
}

static struct outcome run(const struct tenant *tenants, unsigned count)
{
    struct world *world = inhabited(SEED, tenants, count);
    world_run(world, 5 * SECOND);
    struct outcome outcome = outcome_of(world, count, 40); /* the factor takes its time where few units fit a window of samples */
    world_end(world);
    return outcome;
}

/* The same controller, but what events say between time-sliced contexts is believed: no card page, so no lease, and no samples. */
static void to_charge_raw_event_time_misses_the_limit(void)
{
    for (unsigned unit_us = 1000; unit_us <= 20000; unit_us = unit_us == 5000 ? 20000 : unit_us * 5) {
        struct tenant two[] = {tenant(30, SATURATING, unit_us), tenant(70, SATURATING, unit_us)};
        for (unsigned i = 0; i < 2; i++)
            two[i].plan.without_card = two[i].plan.unsampled = true;
        struct outcome outcome = run(two, 2);
        say("raw event time, 30/70", unit_us, &outcome);
        CHECK(fabs(outcome_mean(&outcome, 0) - 30) > 5 || fabs(outcome_mean(&outcome, 1) - 70) > 5);
        CHECK(outcome_mean(&outcome, 1) < 65);
    }
}

static void to_count_blocks_misses_the_limit(void)
{
    const unsigned units[] = {100, 1000, 5000, 20000};
    for (unsigned i = 0; i < 4; i++) {
        struct tenant two[] = {tenant(30, SATURATING, units[i]), tenant(70, SATURATING, units[i])};
        for (unsigned limit = 30; limit <= 50; limit += 20) {
            struct tenant alone = tenant(limit, SATURATING, units[i]);
            alone.plan.gate = GATE_BLOCKS;
            struct outcome outcome = run(&alone, 1);
            say(limit == 30 ? "blocks counted, alone, 30" : "blocks counted, alone, 50", units[i], &outcome);
            CHECK(units[i] < 1000 || outcome_mean(&outcome, 0) > limit + 5);
        }
        two[0].plan.gate = two[1].plan.gate = GATE_BLOCKS;
        struct outcome outcome = run(two, 2);
        say("blocks counted, 30/70", units[i], &outcome);
        CHECK(units[i] < 1000 || fabs(outcome_mean(&outcome, 0) - 30) > 5);
    }
}

/* What a share with a limit gets of a card beside one that has none. */
static void beside_a_tenant_without_limit_the_factor_brings_the_limit_back(void)
{
    const unsigned units[] = {100, 1000, 5000, 20000, 50000};
    const double bounds[] = {1.5, 1.5, 1.5, 3, 6};
    for (unsigned i = 0; i < 5; i++) {
        struct tenant two[] = {tenant(30, SATURATING, units[i]), tenant(0, SATURATING, units[i])};
        struct outcome outcome = run(two, 2);
        say("beside a tenant without limit, 30", units[i], &outcome);
        CHECK(fabs(outcome_mean(&outcome, 0) - 30) <= bounds[i]);
        two[0].plan.unsampled = true;
        struct outcome unsampled = run(two, 2);
        say("the same, and the node has no samples", units[i], &unsampled);
        CHECK(outcome_mean(&unsampled, 0) <= 31);
    }
}

static void where_events_are_wrong_the_factor_brings_the_limit_back(void)
{
    for (unsigned unit_us = 100; unit_us <= 20000; unit_us *= unit_us == 100 ? 10 : 20)
        for (unsigned thrice = 0; thrice < 2; thrice++) {
            struct tenant alone = tenant(30, SATURATING, unit_us);
            alone.plan.cost_error = thrice ? 3 : 1.0 / 3;
            struct outcome outcome = run(&alone, 1);
            say(thrice ? "events say three times as much, 30" : "events say a third, 30", unit_us, &outcome);
            CHECK(fabs(outcome_mean(&outcome, 0) - 30) <= 4);
        }
}

/* Gaps in which hosts think stay idle under a lease: the limit holds, the card does not fill. */
static void gaps_of_hosts_stay_idle_under_a_lease(void)
{
    struct tenant two[] = {tenant(30, DECODING, 1), tenant(70, DECODING, 1)};
    struct outcome outcome = run(two, 2);
    say("two that decode, 30/70", 0, &outcome);
    CHECK(outcome_mean(&outcome, 0) <= 30.5 && outcome_mean(&outcome, 0) >= 28);
    CHECK(outcome_mean(&outcome, 1) <= 70.5 && outcome_mean(&outcome, 1) >= 60);
    struct tenant beside[] = {tenant(30, DECODING, 1), tenant(0, SATURATING, 1000)};
    struct outcome free = run(beside, 2);
    say("one that decodes beside a tenant without limit, 30", 0, &free);
    CHECK(outcome_mean(&free, 0) <= 31);
}

static const struct test TESTS[] = {
    {"to charge raw event time misses the limits of neighbours by more than five points", to_charge_raw_event_time_misses_the_limit},
    {"to count blocks misses limits by more than five points from units of 1 ms on", to_count_blocks_misses_the_limit},
    {"beside a tenant without a limit the factor brings a share's limit back", beside_a_tenant_without_limit_the_factor_brings_the_limit_back},
    {"where events are wrong threefold the factor brings the limit back", where_events_are_wrong_the_factor_brings_the_limit_back},
    {"under a lease the gaps of hosts stay idle, and limits hold", gaps_of_hosts_stay_idle_under_a_lease},
};

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    return RUN_TESTS(TESTS);
}
