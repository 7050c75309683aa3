/* What others do or leave undone costs a share its turn, and no more: a holder of the lease that stands still, a lease that somebody claims over and
 * over, processes of one share that launch for themselves. On a virtual card, by the objects that ship. Deaths and clocks: time_changes.c. */
#include <math.h>
#include <stdio.h>

#include "atomics.h"
#include "outcome.h"
#include "tenants.h"
#include "test.h"

#define SEED UINT64_C(301029)

static void run_until_held_by(struct world *world, int share)
{
    for (unsigned i = 0; i < 100000 && world_holder(world) != share; i++)
        world_run(world, world_now(world) + 100 * MICROSECOND);
    CHECK(world_holder(world) == share);
}

/* It lives, so nobody can tell that it is not to be waited for but by the time: its turn, and four windows or units. */
static void who_stands_still_with_the_lease_keeps_nobody_out(void)
{
    const unsigned units[] = {100, 2000, 20000};
    for (unsigned i = 0; i < 3; i++) {
        struct tenant three[] = {tenant(40, SATURATING, units[i]), tenant(30, SATURATING, units[i]), tenant(30, SATURATING, units[i])};
        struct world *world = inhabited(SEED, three, 3);
        world_run(world, 5 * SECOND);
        run_until_held_by(world, 0);
        world_stop(world, 0);
        world_run(world, world_now(world) + 20 * MILLISECOND + 5 * (units[i] > 5000 ? units[i] * 13 / 10 : 5000) * MICROSECOND);
        uint64_t before[] = {world_launches(world, 1), world_launches(world, 2)};
        world_run(world, world_now(world) + 300 * MILLISECOND);
        CHECK(world_launches(world, 1) > before[0] && world_launches(world, 2) > before[1]);
        CHECK(fabs(outcome_over(world, 1, SECOND) - 30) <= 4 && fabs(outcome_over(world, 2, SECOND) - 30) <= 4);
        world_continue(world, 0);
        world_run(world, world_now(world) + SECOND);
        CHECK(fabs(outcome_over(world, 0, SECOND) - 40) <= 4 && fabs(outcome_over(world, 1, SECOND) - 30) <= 4);
        world_end(world);
    }
}

/* Beside a neighbour without limit events say too much, and the factor makes up for that by what the node sees. When the node sees no more, and the
 * neighbour goes, that would let the share have twice its limit. */
static void a_node_that_is_gone_frees_nobody(void)
{
    for (unsigned unit_us = 1000; unit_us <= 5000; unit_us *= 5) {
        struct tenant two[] = {tenant(30, SATURATING, unit_us), tenant(0, SATURATING, unit_us)};
        struct world *world = inhabited(SEED, two, 2);
        world_run(world, 20 * SECOND);
        CHECK(fabs(outcome_over(world, 0, 2 * SECOND) - 30) <= 3);
        world_stop_node(world);
        world_kill(world, 1);
        world_run(world, world_now(world) + 5500 * MILLISECOND);
        double after = outcome_over(world, 0, 5 * SECOND);
        if (tenants_are_long())
            printf("| the node is gone, and so is a neighbour without limit, 30 | %g ms | %.1f |\n", unit_us / 1000.0, after);
        CHECK(fabs(after - 30) <= 1);
        world_end(world);
    }
}

/* Anybody may write the card's page. Then who waits goes on after two seconds, unit by unit; what it earns meanwhile it may have afterwards, and in all
 * no more than its limit. */
static void a_lease_that_somebody_claims_for_ever_stops_nobody(void)
{
    struct tenant two[] = {tenant(30, SATURATING, 1000), tenant(50, SATURATING, 1000)};
    struct world *world = inhabited(SEED, two, 2);
    world_run(world, 2 * SECOND);
    uint64_t launches[] = {world_launches(world, 0), world_launches(world, 1)}, busy[] = {world_busy_ns(world, 0), world_busy_ns(world, 1)};
    struct hami_card *card = world_card_page(world);
    for (uint64_t grant = 1 << 20; grant < (1 << 20) + 10000; grant++) {
        store_relaxed(&card->seats[40].since_ns, world_clock(world));
        store_relaxed(&card->seats[40].until_ns, world_clock(world) + 10 * MILLISECOND);
        store_relaxed(&card->lease, grant << 16 | 41);
        world_run(world, world_now(world) + MILLISECOND);
        CHECK(world_silent_ns(world, 0) < 2200 * MILLISECOND && world_silent_ns(world, 1) < 2200 * MILLISECOND);
    }
    CHECK(world_launches(world, 0) - launches[0] >= 4 && world_launches(world, 1) - launches[1] >= 4);
    store_relaxed(&card->lease, 0);
    world_run(world, 27 * SECOND);
    CHECK(world_busy_ns(world, 0) - busy[0] <= 31 * SECOND * 25 / 100 && world_busy_ns(world, 1) - busy[1] <= 51 * SECOND * 25 / 100);
    CHECK(fabs(outcome_over(world, 0, SECOND) - 30) <= 1.5 && fabs(outcome_over(world, 1, SECOND) - 50) <= 1.5);
    world_end(world);
}

/* Two or four processes each: how far the worst mean of ten seconds is from a limit. */
static double several_processes(const char *what, const struct tenant *tenants, unsigned shares, unsigned processes, double *card)
{
    struct world *world = inhabited(SEED, tenants, shares);
    double worst = 0;
    for (unsigned k = shares; k < shares * processes; k++)
        (void)world_add_process(world, k % shares, tenants[k % shares].program);
    world_run(world, 5 * SECOND);
    struct outcome outcome = outcome_of(world, shares, tenants_are_long() ? 40 : 15);
    if (tenants_are_long())
        printf("| %u processes each, %s | %g ms |", processes, what, (double)tenants[0].program.unit_ns / (double)MILLISECOND);
    for (unsigned k = 0; k < shares; k++) {
        double own = outcome_worst(&outcome, k, tenants[k].plan.cores);
        worst = fmax(worst, own);
        if (tenants_are_long())
            printf("%s %.1f: %.2f, %.2f", k ? ";" : "", outcome_mean(&outcome, k), own, outcome_spread(&outcome, k));
    }
    *card = outcome_card(&outcome);
    if (tenants_are_long())
        printf(" | %.1f |\n", *card);
    world_end(world);
    return worst;
}

/* Work of several processes counts once where it overlaps, in whatever order its ends are told: so no share has more than its limit. The lease is a
 * share's, and is not passed on while another process of it has work on the card: so beside neighbours they have one window in common, and some of the
 * card's time goes by as the last of them ends. */
static void shares_of_several_processes_keep_their_limits(void)
{
    const unsigned units[] = {100, 1000, 5000, 20000};
    double card;
    for (unsigned i = 0; i < 8; i++) {
        unsigned unit = units[i / 2], processes = i % 2 ? 4 : 2;
        struct tenant pair[] = {tenant(30, SATURATING, unit), tenant(70, SATURATING, unit)}, alone = tenant(30, SATURATING, unit);
        CHECK(several_processes("30", &alone, 1, processes, &card) <= 1);
        alone.plan.cores = 60;
        CHECK(several_processes("60", &alone, 1, processes, &card) <= 1);
        alone.plan.cores = 90;
        CHECK(several_processes("90", &alone, 1, processes, &card) <= 1.5);
        CHECK(several_processes("30/70", pair, 2, processes, &card) <= 3);
        CHECK(card >= 96.5);
    }
}

static const struct test TESTS[] = {
    {"who stands still with the lease keeps nobody out", who_stands_still_with_the_lease_keeps_nobody_out},
    {"a node that is gone frees nobody from a limit", a_node_that_is_gone_frees_nobody},
    {"a lease that somebody claims for ever stops nobody", a_lease_that_somebody_claims_for_ever_stops_nobody},
    {"shares of several processes keep their limits, and the card is busy", shares_of_several_processes_keep_their_limits},
};

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    return RUN_TESTS(TESTS);
}
