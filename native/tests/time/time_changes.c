/* What changes on a card while shares of it are at work: limits, neighbours, priorities; death at any moment, clocks that go back, pages that
 * somebody scribbles on; many processes of one share, and collectives that spin. On a virtual card, by the objects that ship. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "outcome.h"
#include "tenants.h"
#include "test.h"

#define SEED UINT64_C(618033)

static unsigned rounds(unsigned quick, unsigned full)
{
    return tenants_are_long() ? full : quick;
}

static void say(const char *what, unsigned unit_us, double value, const char *of)
{
    if (tenants_are_long())
        printf("| %s | %g ms | %.1f %s |\n", what, unit_us / 1000.0, value, of);
}

/* How long after a unit's size a change is to have settled, and how near one second is to the limit then, in points. */
static uint64_t settling_ns(unsigned unit_us)
{
    return unit_us <= 5000 ? 300 * MILLISECOND : SECOND;
}

static double nearness(unsigned unit_us)
{
    return unit_us <= 5000 ? 1.5 : unit_us <= 20000 ? 3 : 8;
}

static void a_limit_that_changes_is_kept_soon(void)
{
    for (unsigned unit_us = 100; unit_us <= 50000; unit_us = unit_us == 5000 ? 20000 : unit_us == 20000 ? 50000 : unit_us * 10 / (unit_us == 1000 ? 2 : 1))
        for (unsigned to = 20; to <= 80; to += 60) {
            struct tenant alone = tenant(50, SATURATING, unit_us);
            struct world *world = inhabited(SEED, &alone, 1);
            world_run(world, 5 * SECOND);
            world_limit(world, 0, to);
            world_run(world, world_now(world) + settling_ns(unit_us));
            double share = outcome_over(world, 0, SECOND);
            say(to == 20 ? "limit 50 becomes 20" : "limit 50 becomes 80", unit_us, share, "% of the second after it settled");
            CHECK(fabs(share - to) <= nearness(unit_us));
            world_end(world);
        }
}

/* A neighbour that idles leaves a share its limit, and one that comes and goes changes nothing of it. */
static void an_idle_neighbour_changes_nothing(void)
{
    struct tenant two[] = {tenant(30, SATURATING, 1000), tenant(70, SATURATING, 1000)};
    two[1].program.pauses_ns = 8 * SECOND;
    two[1].program.resumes_ns = 12 * SECOND;
    struct world *world = inhabited(SEED, two, 2);
    world_run(world, 5 * SECOND);
    CHECK(fabs(outcome_over(world, 0, 2 * SECOND) - 30) <= 1);
    world_run(world, 8500 * MILLISECOND);
    CHECK(fabs(outcome_over(world, 0, 3 * SECOND) - 30) <= 1);
    world_run(world, 12300 * MILLISECOND);
    double second = outcome_over(world, 1, 2 * SECOND);
    CHECK(second >= 68 && second <= 71);
    world_end(world);
}

/* With the policy `default` a share has the card while it is alone there, and its limit soon after somebody comes. */
static void a_lone_share_has_the_card_until_somebody_comes(void)
{
    const unsigned units[] = {100, 1000, 5000, 20000, 50000}, after_ms[] = {300, 300, 600, 600, 2000};
    for (unsigned i = 0; i < 5; i++) {
        struct tenant two[] = {tenant(30, SATURATING, units[i]), tenant(70, SATURATING, units[i])};
        two[0].plan.policy = HAMI_CORES_DEFAULT;
        two[1].program.begins_ns = 6 * SECOND;
        struct world *world = inhabited(SEED, two, 2);
        world_run(world, 4 * SECOND);
        double before = outcome_over(world, 0, SECOND);
        CHECK(before >= 97);
        world_run(world, 6 * SECOND + after_ms[i] * MILLISECOND);
        double after = outcome_over(world, 0, SECOND);
        say("default policy, a neighbour came", units[i], after, "% of the second after it settled, limit 30");
        CHECK(after <= 30 + nearness(units[i]));
        world_end(world);
    }
}

/* One without limit says nothing at its launches: it counts from when it is there. */
static void a_lone_share_has_its_limit_beside_one_without(void)
{
    const unsigned units[] = {100, 1000, 5000, 20000};
    for (unsigned i = 0; i < 4; i++) {
        struct tenant one = tenant(30, SATURATING, units[i]), other = tenant(0, SATURATING, units[i]);
        one.plan.policy = HAMI_CORES_DEFAULT;
        struct world *world = inhabited(SEED, &one, 1);
        world_run(world, 3 * SECOND);
        CHECK(outcome_over(world, 0, SECOND) >= 97);
        (void)world_add_process(world, world_add_share(world, other.plan), other.program);
        world_run(world, world_now(world) + 600 * MILLISECOND);
        double after = outcome_over(world, 0, SECOND);
        say("default policy, a neighbour without limit came", units[i], after, "% of the second after it settled, limit 30");
        CHECK(after <= 30 + nearness(units[i]));
        world_end(world);
    }
}

/* And has it again when they have gone. */
static void a_share_that_is_alone_again_has_the_card_again(void)
{
    struct tenant two[] = {tenant(30, SATURATING, 1000), tenant(70, SATURATING, 1000)};
    two[0].plan.policy = HAMI_CORES_DEFAULT;
    struct world *world = inhabited(SEED, two, 2);
    world_run(world, 5 * SECOND);
    world_kill(world, 1);
    world_run(world, world_now(world) + 500 * MILLISECOND);
    CHECK(outcome_over(world, 0, SECOND) >= 97);
    world_end(world);
}

/* From 10 ms and twice what is left of a unit after it came, a share of priority 0 that saturates the card has all of it. */
static void a_share_of_priority_0_goes_first(void)
{
    const unsigned units[] = {100, 1000, 5000, 20000, 50000};
    for (unsigned i = 0; i < 5; i++) {
        struct tenant two[] = {tenant(90, SATURATING, units[i]), tenant(0, SATURATING, 1000)};
        two[1].plan.priority = 0;
        two[1].program.begins_ns = 5 * SECOND;
        struct world *world = inhabited(SEED, two, 2);
        world_run(world, 5 * SECOND + 10 * MILLISECOND + 2 * units[i] * 2 * MICROSECOND);
        double low = outcome_over(world, 0, SECOND);
        say("priority 1 beside a saturating share of priority 0", units[i], low, "% of the second after 10 ms and twice two units");
        CHECK(low <= 1);
        CHECK(outcome_over(world, 1, SECOND) >= 98);
        world_end(world);
    }
}

/* What it leaves is there for others, and when it stops they have their limit again. */
static void what_priority_0_leaves_is_used(void)
{
    struct tenant two[] = {tenant(60, SATURATING, 1000), tenant(30, SATURATING, 1000)};
    two[1].plan.priority = 0;
    struct world *world = inhabited(SEED, two, 2);
    world_run(world, 5 * SECOND);
    struct outcome outcome = outcome_of(world, 2, 10);
    say("priority 1, limit 60, beside priority 0, limit 30", 1000, outcome_mean(&outcome, 0), "%");
    CHECK(fabs(outcome_mean(&outcome, 1) - 30) <= 1.5);
    CHECK(outcome_mean(&outcome, 0) >= 40 && outcome_mean(&outcome, 0) <= 61);
    world_kill(world, 1);
    world_run(world, world_now(world) + 300 * MILLISECOND);
    CHECK(fabs(outcome_over(world, 0, 2 * SECOND) - 60) <= 1.5);
    world_end(world);
}

/* Without cores, or with cores that are not held, a share of priority 1 waits for priority 0 as those with cores do, and is limited by nothing else. */
static void without_cores_a_share_waits_for_priority_0_too(void)
{
    const unsigned units[] = {100, 1000, 5000, 20000, 50000};
    for (unsigned i = 0; i < 5; i++) {
        struct tenant two[] = {tenant(i % 2 ? 30 : 0, SATURATING, units[i]), tenant(0, SATURATING, 1000)};
        two[0].plan.policy = HAMI_CORES_DISABLE;
        two[0].plan.flags = HAMI_LIMITS_YIELDS;
        two[1].plan.priority = 0;
        two[1].program.begins_ns = 5 * SECOND;
        two[1].program.pauses_ns = 8 * SECOND;
        two[1].program.resumes_ns = 20 * SECOND;
        struct world *world = inhabited(SEED, two, 2);
        world_run(world, SECOND);
        double before = outcome_over(world, 0, 3 * SECOND);
        world_run(world, 5 * SECOND + 10 * MILLISECOND + 2 * units[i] * 2 * MICROSECOND);
        double low = outcome_over(world, 0, SECOND), high = outcome_over(world, 1, SECOND);
        world_run(world, 8 * SECOND + 200 * MILLISECOND);
        double after = outcome_over(world, 0, 3 * SECOND);
        say("no cores, beside a saturating share of priority 0", units[i], low, "% of the second after 10 ms and twice two units");
        say("the same, before and after it", units[i], before < after ? before : after, "%");
        CHECK(low <= 1 && high >= 98);
        CHECK(before >= 98 && after >= 98);
        world_end(world);
    }
}

static void without_cores_a_share_has_what_priority_0_leaves(void)
{
    struct tenant two[] = {tenant(0, SATURATING, 100), tenant(30, SATURATING, 1000)};
    two[0].plan.flags = HAMI_LIMITS_YIELDS;
    two[1].plan.priority = 0;
    struct world *world = inhabited(SEED, two, 2);
    world_run(world, 5 * SECOND);
    struct outcome outcome = outcome_of(world, 2, 10);
    say("no cores, beside priority 0, limit 30", 100, outcome_mean(&outcome, 0), "%");
    say("that priority 0", 1000, outcome_mean(&outcome, 1), "%");
    CHECK(outcome_mean(&outcome, 0) >= 28 && outcome_mean(&outcome, 1) >= 25 && outcome_mean(&outcome, 1) <= 31);
    world_end(world);
}

static void shares_that_wait_go_by_their_weights(void)
{
    for (unsigned unit_us = 100; unit_us <= 10000; unit_us *= 10) {
        struct tenant two[] = {tenant(100, SATURATING, unit_us), tenant(100, SATURATING, unit_us)};
        two[1].plan.weight = 3;
        struct world *world = inhabited(SEED, two, 2);
        world_run(world, 5 * SECOND);
        struct outcome outcome = outcome_of(world, 2, 10);
        say("weights 1 and 3, no limit that binds", unit_us, outcome_mean(&outcome, 0), "% for weight 1");
        CHECK(fabs(outcome_mean(&outcome, 0) - 25) <= 4);
        CHECK(outcome_card(&outcome) >= 98);
        world_end(world);
    }
}

/* Run until a share holds the lease, and on for a while. */
static void run_into_grant(struct world *world, int share, uint64_t further_ns)
{
    for (unsigned i = 0; i < 100000 && world_holder(world) != share; i++)
        world_run(world, world_now(world) + 100 * MICROSECOND);
    CHECK(world_holder(world) == share);
    world_run(world, world_now(world) + further_ns);
}

static void who_dies_with_the_lease_leaves_it_to_the_others(void)
{
    for (unsigned i = 0; i < rounds(20, 200); i++) {
        unsigned unit_us = i % 3 == 0 ? 100 : i % 3 == 1 ? 2000 : 20000;
        struct tenant three[] = {tenant(40, SATURATING, unit_us), tenant(30, SATURATING, unit_us), tenant(30, SATURATING, unit_us)};
        struct world *world = inhabited(SEED + i, three, 3);
        world_run(world, 2 * SECOND);
        run_into_grant(world, 0, i * 137 % 12000 * MICROSECOND);
        world_kill(world, 0);
        uint64_t before = world_busy_ns(world, 1) + world_busy_ns(world, 2);
        world_run(world, world_now(world) + 25 * MILLISECOND + 2 * unit_us * MICROSECOND);
        CHECK(world_busy_ns(world, 1) + world_busy_ns(world, 2) > before);
        world_run(world, world_now(world) + 200 * MILLISECOND);
        CHECK(fabs(outcome_over(world, 1, SECOND) - 30) <= 4);
        CHECK(fabs(outcome_over(world, 2, SECOND) - 30) <= 4);
        world_end(world);
    }
}

/* Whenever one of them dies: it waits, it launches, it holds the lease, its work is on the card. */
static void whenever_a_process_dies_the_others_go_on(void)
{
    for (unsigned i = 0; i < rounds(30, 500); i++) {
        struct tenant two[] = {tenant(30, i % 2 ? SATURATING : DECODING, 1000), tenant(50, SATURATING, i % 4 < 2 ? 300 : 7000)};
        struct world *world = inhabited(SEED + i, two, 2);
        unsigned sibling = world_add_process(world, 1, two[1].program);
        world_run(world, SECOND + i * 7919 % 100000 * MICROSECOND);
        world_kill(world, i % 3);
        world_run(world, world_now(world) + SECOND);
        for (unsigned process = 0; process <= sibling; process++)
            CHECK(process == i % 3 || world_silent_ns(world, process) < 200 * MILLISECOND);
        CHECK(outcome_over(world, 1, 2 * SECOND) <= 53);
        world_end(world);
    }
}

static void a_clock_that_goes_back_neither_stops_nor_frees_a_program(void)
{
    const int64_t steps[] = {-4 * (int64_t)MILLISECOND, -30 * (int64_t)MILLISECOND, -700 * (int64_t)MILLISECOND, -5 * (int64_t)SECOND, -3000 * (int64_t)SECOND};
    for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct tenant two[] = {tenant(30, SATURATING, 1000), tenant(50, SATURATING, 1000)};
        struct world *world = inhabited(SEED + i, two, 2);
        world_run(world, 3 * SECOND);
        for (unsigned both = 0; both < 2; both++)
            world_set_clock(world, both, steps[i]);
        CHECK(outcome_over(world, 0, SECOND) <= 36); /* a step may count as one of 100 ms, and what is in flight as nothing */
        CHECK(world_silent_ns(world, 0) < 100 * MILLISECOND);
        CHECK(fabs(outcome_over(world, 0, 2 * SECOND) - 30) <= 1.5);
        CHECK(fabs(outcome_over(world, 1, 2 * SECOND) - 50) <= 1.5);
        world_end(world);
    }
}

/* One container's clock that differs from the others' (no kernel does that by itself) may cost it the order of the lease, and no more. */
static void a_clock_unlike_the_neighbours_stops_nobody(void)
{
    const int64_t steps[] = {-700 * (int64_t)MILLISECOND, -3000 * (int64_t)SECOND};
    for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct tenant two[] = {tenant(30, SATURATING, 1000), tenant(50, SATURATING, 1000)};
        struct world *world = inhabited(SEED + i, two, 2);
        world_run(world, 3 * SECOND);
        world_set_clock(world, 0, steps[i]);
        world_run(world, world_now(world) + SECOND);
        double first = outcome_over(world, 0, 4 * SECOND), second = outcome_over(world, 1, 2 * SECOND);
        CHECK(first >= 10 && first <= 36);
        CHECK(second >= 20 && second <= 56);
        world_end(world);
    }
}

/* Whatever any container writes on the card's page, a share gets no more than its limit, and goes on. */
static void a_card_page_that_is_scribbled_on_frees_and_stops_nobody(void)
{
    struct tenant two[] = {tenant(30, SATURATING, 1000), tenant(50, SATURATING, 300)};
    struct world *world = inhabited(SEED, two, 2);
    struct chance chance = chance_seeded(SEED);
    double first = 0, second = 0;
    world_run(world, SECOND);
    for (unsigned i = 0; i < rounds(2000, 20000); i++) {
        uint64_t *words = (uint64_t *)(void *)world_card_page(world);
        for (unsigned k = 0; k < 40; k++) {
            size_t limit = k % 2 ? 2 * HAMI_CARD_HEADER_BYTES : HAMI_CARD_BYTES;
            words[(size_t)(chance_even(&chance) * (double)limit) / 8] = k % 3 ? (uint64_t)(chance_even(&chance) * 0x1p64) : k % 2 ? 0 : UINT64_MAX;
        }
        uint64_t before[2] = {world_busy_ns(world, 0), world_busy_ns(world, 1)};
        world_run(world, world_now(world) + 2 * MILLISECOND);
        first += (double)(world_busy_ns(world, 0) - before[0]);
        second += (double)(world_busy_ns(world, 1) - before[1]);
    }
    double percent = 100.0 / (rounds(2000, 20000) * 2.0 * (double)MILLISECOND);
    say("limits 30 and 50, the card's page is scribbled on", 1000, first * percent, "% for the first");
    CHECK(first * percent <= 32 && first * percent >= 3);
    CHECK(second * percent <= 52 && second * percent >= 3);
    world_end(world);
}

static void a_thousand_processes_of_a_share_keep_its_limit_together(void)
{
    struct tenant one = tenant(30, SATURATING, 1000);
    struct world *world = inhabited(SEED, &one, 1);
    for (unsigned i = 1; i < 1024; i++)
        (void)world_add_process(world, 0, one.program);
    world_run(world, SECOND);
    double share = outcome_over(world, 0, rounds(1, 4) * SECOND);
    say("1,024 processes of a share, limit 30", 1000, share, "%");
    CHECK(share <= 32 && share >= 25);
    world_end(world);
}

static void four_processes_with_long_units_keep_their_limit(void)
{
    struct tenant one = tenant(30, SATURATING, 20000);
    struct world *world = inhabited(SEED, &one, 1);
    for (unsigned i = 1; i < 4; i++)
        (void)world_add_process(world, 0, one.program);
    world_run(world, 5 * SECOND);
    double share = outcome_over(world, 0, 10 * SECOND);
    say("four processes of a share, limit 30", 20000, share, "%");
    CHECK(fabs(share - 30) <= 1.5);
    world_end(world);
}

/* Two ranks, each of whose units spins on the card until the other's has begun. Fair would be what two ranks without a limit do, times it. */
static void ranks_that_spin_go_on(void)
{
    for (unsigned i = 0; i < 4; i++) {
        unsigned apart = i % 2, unit_us = i < 2 ? 100 : 1000;
        double progress[2];
        for (unsigned limited = 0; limited < 2; limited++) {
            struct tenant one = tenant(limited ? apart ? 25 : 50 : 0, RANK, unit_us);
            struct world *world = inhabited(SEED, &one, 1);
            (void)world_add_process(world, apart ? world_add_share(world, one.plan) : 0, one.program);
            world_run(world, rounds(5, 20) * SECOND);
            progress[limited] = (double)world_launches(world, 0);
            world_end(world);
        }
        double fair = progress[1] / (progress[0] * 0.5) * 100;
        say(apart ? "two ranks in two shares of 25" : "two ranks in a share of 50", unit_us, fair, "% of fair progress");
        CHECK(fair >= (unit_us < 1000 ? 10 : 25));
    }
}

static const struct test TESTS[] = {
    {"a limit that changes is kept after 300 ms, with units over 5 ms after a second", a_limit_that_changes_is_kept_soon},
    {"a neighbour that idles, comes or goes changes nothing of a share", an_idle_neighbour_changes_nothing},
    {"by the default policy a share has the card alone, and its limit soon after a neighbour comes", a_lone_share_has_the_card_until_somebody_comes},
    {"so it has where the neighbour has no limit", a_lone_share_has_its_limit_beside_one_without},
    {"and the card again when the neighbour has gone", a_share_that_is_alone_again_has_the_card_again},
    {"a share of priority 0 has the card within 10 ms and what is left of a unit", a_share_of_priority_0_goes_first},
    {"what it leaves is used by the others", what_priority_0_leaves_is_used},
    {"a share without cores waits for priority 0 too, and is not limited else", without_cores_a_share_waits_for_priority_0_too},
    {"a share without cores has what priority 0 leaves", without_cores_a_share_has_what_priority_0_leaves},
    {"shares that wait for the card go by their weights", shares_that_wait_go_by_their_weights},
    {"who dies with the lease leaves it to the others", who_dies_with_the_lease_leaves_it_to_the_others},
    {"whenever a process dies the others go on, under their limits", whenever_a_process_dies_the_others_go_on},
    {"a clock that goes back neither stops nor frees a program", a_clock_that_goes_back_neither_stops_nor_frees_a_program},
    {"a clock unlike its neighbours' stops nobody, and frees nobody from a limit", a_clock_unlike_the_neighbours_stops_nobody},
    {"a card page that is scribbled on frees nobody from a limit, and stops nobody", a_card_page_that_is_scribbled_on_frees_and_stops_nobody},
    {"1,024 processes of a share keep its limit together", a_thousand_processes_of_a_share_keep_its_limit_together},
    {"four processes with long units keep their share's limit", four_processes_with_long_units_keep_their_limit},
    {"ranks of a collective that spin on one card go on", ranks_that_spin_go_on},
};

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    return RUN_TESTS(TESTS);
}
