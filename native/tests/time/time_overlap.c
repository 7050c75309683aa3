/* What becomes of limits where the kernels of several tenants overlap, as those of an MPS server's clients do: on a virtual card that all of them
 * share evenly while they have a kernel there. A share's time is the time in which it has one there; what it gets done meanwhile is less beside
 * others. The node takes no samples there (dra_driver.accounting.utilization), so shares go by their own clock. */
#include <math.h>
#include <stdio.h>

#include "outcome.h"
#include "tenants.h"
#include "test.h"

#define SEED UINT64_C(693147)

struct part {
    double time, work; /* percent of the card's */
};

static unsigned seconds(void)
{
    return tenants_are_long() ? 40 : 15;
}

/* What each had after five seconds; `worst`: how far any mean of ten seconds of a share with a limit was from it. */
static void run(struct world *world, const struct tenant *tenants, unsigned count, struct part *parts, double *worst)
{
    uint64_t before[OUTCOME_SHARES], after[OUTCOME_SHARES];
    world_run(world, 5 * SECOND);
    for (unsigned i = 0; i < count; i++)
        before[i] = world_work_ns(world, i);
    struct outcome outcome = outcome_of(world, count, seconds());
    *worst = 0;
    for (unsigned i = 0; i < count; i++) {
        after[i] = world_work_ns(world, i);
        parts[i] = (struct part){outcome_mean(&outcome, i), (double)(after[i] - before[i]) * 100 / ((double)seconds() * (double)SECOND)};
        *worst = tenants[i].plan.cores ? fmax(*worst, outcome_worst(&outcome, i, tenants[i].plan.cores)) : *worst;
    }
    world_end(world);
}

static void say(const char *what, unsigned unit_us, const struct part *parts, unsigned count)
{
    double work = 0;
    if (!tenants_are_long())
        return;
    printf("| %s | %g ms |", what, unit_us / 1000.0);
    for (unsigned i = 0; i < count; i++) {
        printf("%s %.1f (%.1f)", i ? " /" : "", parts[i].time, parts[i].work);
        work += parts[i].work;
    }
    printf(" | %.1f |\n", work);
}

/* Tenants that the node does not sample. */
static double clients(const char *what, struct tenant *tenants, unsigned count, struct part *parts)
{
    double worst;
    for (unsigned i = 0; i < count; i++)
        tenants[i].plan.unsampled = true;
    run(inhabited_by_clients(SEED, tenants, count), tenants, count, parts, &worst);
    say(what, (unsigned)(tenants[0].program.unit_ns / MICROSECOND), parts, count);
    return worst;
}

static const unsigned UNITS_US[] = {20, 100, 1000, 5000, 20000, 50000};
enum { UNITS = sizeof UNITS_US / sizeof *UNITS_US };

/* As for neighbours that take turns. */
static double bound(unsigned unit_us)
{
    return unit_us <= 5000 ? 1.5 : 3;
}

static void neighbours_with_limits_take_turns_all_the_same(void)
{
    struct part parts[3];
    for (unsigned i = 0; i < UNITS; i++) {
        struct tenant pair[] = {tenant(30, SATURATING, UNITS_US[i]), tenant(70, SATURATING, UNITS_US[i])};
        CHECK(clients("30/70", pair, 2, parts) <= bound(UNITS_US[i]));
        CHECK(parts[0].work >= parts[0].time - 0.5 && parts[1].work >= parts[1].time - 0.5); /* alone on the card, by the lease */
        CHECK(parts[0].work + parts[1].work >= 98.5);
        struct tenant thirds[] = {pair[0], pair[0], pair[0]};
        for (unsigned k = 0; k < 3; k++)
            thirds[k].plan.cores = 33;
        CHECK(clients("thirds", thirds, 3, parts) <= bound(UNITS_US[i]));
        CHECK(parts[0].work + parts[1].work + parts[2].work >= 97.5);
    }
}

static void a_share_beside_an_idle_one_has_its_limit(void)
{
    struct part parts[2];
    for (unsigned i = 0; i < UNITS; i++) {
        struct tenant two[] = {tenant(30, SATURATING, UNITS_US[i]), tenant(70, SATURATING, UNITS_US[i])};
        two[1].program.pauses_ns = 4 * SECOND;
        two[1].program.resumes_ns = 100 * SECOND;
        clients("30, and one that idles", two, 2, parts);
        CHECK(fabs(parts[0].time - 30) <= bound(UNITS_US[i]) && fabs(parts[0].work - 30) <= bound(UNITS_US[i]));
    }
}

/* It has a kernel on the card for its part of the time; of what it could get done then, the neighbour takes half. */
static void beside_a_tenant_without_limit_a_share_has_its_time_and_half_of_the_work(void)
{
    struct part parts[2];
    for (unsigned i = 0; i < UNITS; i++) {
        struct tenant two[] = {tenant(30, SATURATING, UNITS_US[i]), tenant(0, SATURATING, 1000)};
        CHECK(clients("30, and one without limit", two, 2, parts) <= bound(UNITS_US[i]));
        CHECK(fabs(parts[0].work - 15) <= bound(UNITS_US[i]) && parts[0].work + parts[1].work >= 98.5);
    }
}

/* Why the lease is worth its gaps there, too. */
static void without_the_lease_limits_hold_and_the_card_is_not_used_up(void)
{
    struct part parts[2];
    for (unsigned i = 0; i < UNITS; i++) {
        struct tenant pair[] = {tenant(30, SATURATING, UNITS_US[i]), tenant(70, SATURATING, UNITS_US[i])};
        pair[0].plan.without_card = pair[1].plan.without_card = true;
        CHECK(clients("30/70 without the lease", pair, 2, parts) <= bound(UNITS_US[i]));
        CHECK(parts[0].work + parts[1].work <= 80);
    }
}

/* Processes of one share overlap too: a time in which two of them have a kernel on the card counts once (but for what
 * time_faults.c says of several processes), in samples of clients twice. */
static void processes_of_a_share_keep_its_limit_together(void)
{
    struct tenant one = tenant(80, SATURATING, 1000);
    struct part part;
    double worst;
    for (unsigned sampled = 0; sampled < 2; sampled++) {
        one.plan.unsampled = !sampled;
        struct world *world = inhabited_by_clients(SEED, &one, 1);
        (void)world_add_process(world, 0, one.program);
        run(world, &one, 1, &part, &worst);
        say(sampled ? "two processes of a share of 80, were they sampled" : "two processes of a share of 80", 1000, &part, 1);
        CHECK(part.work <= 81 && part.work >= (sampled ? 72 : 79));
    }
}

/* Where NVML says of each client when it had a kernel on the card, samples would change nothing. But it may know of the server alone: then
 * a share whose work is in nobody's samples would be thought to have done nothing, and its limit would go. */
static void samples_of_clients_change_nothing_and_none_must_not_count_as_idleness(void)
{
    struct part parts[2];
    double worst;
    for (unsigned i = 0; i < UNITS; i++) {
        struct tenant pair[] = {tenant(30, SATURATING, UNITS_US[i]), tenant(70, SATURATING, UNITS_US[i])};
        run(inhabited_by_clients(SEED, pair, 2), pair, 2, parts, &worst);
        say("30/70, were clients sampled", UNITS_US[i], parts, 2);
        CHECK(worst <= bound(UNITS_US[i]));
        struct tenant alone = tenant(30, SATURATING, UNITS_US[i]);
        alone.plan.hidden = true;
        run(inhabited_by_clients(SEED, &alone, 1), &alone, 1, parts, &worst);
        say("30, were the server's samples all that counts", UNITS_US[i], parts, 1);
        CHECK(parts[0].time > 80);
    }
}

/* Under a lease the gaps of hosts stay idle, whether or not contexts overlap. */
static void gaps_of_hosts_stay_idle(void)
{
    struct part parts[2];
    struct tenant two[] = {tenant(30, DECODING, 1), tenant(70, DECODING, 1)};
    clients("two that decode, 30/70", two, 2, parts);
    CHECK(parts[0].time <= 31 && parts[0].time >= 28 && parts[1].time <= 71 && parts[1].time >= 60);
}

static const struct test TESTS[] = {
    {"neighbours with limits take turns by the lease, and have what they would without MPS", neighbours_with_limits_take_turns_all_the_same},
    {"a share beside one that idles has its limit", a_share_beside_an_idle_one_has_its_limit},
    {"beside a tenant without a limit a share has its time, and gets half as much done",
     beside_a_tenant_without_limit_a_share_has_its_time_and_half_of_the_work},
    {"without the lease limits hold, and the card is not used up", without_the_lease_limits_hold_and_the_card_is_not_used_up},
    {"processes of a share keep its limit together", processes_of_a_share_keep_its_limit_together},
    {"samples of clients would change nothing; that there are none must not count as idleness",
     samples_of_clients_change_nothing_and_none_must_not_count_as_idleness},
    {"under a lease the gaps of hosts stay idle", gaps_of_hosts_stay_idle},
};

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    return RUN_TESTS(TESTS);
}
