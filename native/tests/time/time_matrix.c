/* A share's limit is kept: the matrix of programs, limits and neighbours, on a virtual card, by the objects that ship. What is compared is the
 * card's own busy time. A quick part by default; HAMI_PROOF_LONG=1: all of it, with a table. Seeds are none that parameters were tried with: who changes a
 * parameter by what is seen here takes new ones. */
#include <math.h>
#include <stdio.h>

#include "outcome.h"
#include "tenants.h"
#include "test.h"

#define UNITS(...) ((const unsigned[]){__VA_ARGS__, 0})
static const uint64_t SEEDS[] = {569840, 324717, 839286, 754877, 220919};

static unsigned seeds(void)
{
    return tenants_are_long() ? 5 : 3;
}

static unsigned seconds(void)
{
    return tenants_are_long() ? 40 : 30;
}

/* Of one share, over all seeds: the largest distance of a mean of ten seconds from the limit; the standard deviation of a second, as the root of the mean
 * square of the seeds', and the largest of theirs. */
struct kept {
    double worst, squares, spread;
};

static double pooled(const struct kept *kept)
{
    return sqrt(kept->squares / seeds());
}

static bool keeps_limit(const struct tenant *tenant)
{
    return tenant->plan.cores && !tenant->program.pauses_ns;
}

static void print_row(const char *what, const char *unit, const struct outcome *outcome, const struct tenant *tenants, const struct kept *kept)
{
    if (!tenants_are_long())
        return;
    printf("| %s | %s |", what, unit);
    for (unsigned share = 0; share < outcome->shares; share++)
        printf(" %s%.1f: %.2f, %.2f (%.2f)", share ? "; " : "", outcome_mean(outcome, share), keeps_limit(&tenants[share]) ? kept[share].worst : 0.0,
               pooled(&kept[share]), kept[share].spread);
    printf(" | %.1f |\n", outcome_card(outcome));
}

/* What a row may miss by, in points: the mean of ten seconds, and the standard deviation of one, of all seeds together: the largest of a few is chance.
 * Of long units it is mostly their own: a unit more or less in a second. `card`: how busy it is to be. */
struct bounds {
    double worst, spread, card;
};

static void keep(struct kept *kept, const struct outcome *outcome, unsigned share, double limit)
{
    double spread = outcome_spread(outcome, share);
    kept->worst = fmax(kept->worst, outcome_worst(outcome, share, limit));
    kept->squares += spread * spread;
    kept->spread = fmax(kept->spread, spread);
}

/* Run tenants under each seed; each with a limit is to keep it, but for those that pause. Prints the mean, the worst distance and spread over all seeds. */
static void keep_their_limits(const char *what, const char *unit, const struct tenant *tenants, unsigned count, struct bounds bounds)
{
    struct kept kept[OUTCOME_SHARES] = {{0}};
    struct outcome outcome;
    double card = 100;
    for (unsigned i = 0; i < seeds(); i++) {
        struct world *world = inhabited(SEEDS[i], tenants, count);
        world_run(world, 5 * SECOND);
        outcome = outcome_of(world, count, seconds());
        card = fmin(card, outcome_card(&outcome));
        for (unsigned share = 0; share < count; share++)
            keep(&kept[share], &outcome, share, tenants[share].plan.cores);
        world_end(world);
    }
    print_row(what, unit, &outcome, tenants, kept);
    for (unsigned share = 0; share < count; share++) {
        CHECK(!keeps_limit(&tenants[share]) || kept[share].worst <= bounds.worst);
        CHECK(!keeps_limit(&tenants[share]) || pooled(&kept[share]) <= bounds.spread);
    }
    CHECK(card >= bounds.card);
}

static const char *said(unsigned unit_us)
{
    static char text[32];
    (void)snprintf(text, sizeof text, "%u %s", unit_us < 1000 ? unit_us : unit_us / 1000, unit_us < 1000 ? "us" : "ms");
    return text;
}

static void keep_limits_alone(const char *what, enum shape shape, const unsigned *limits, const unsigned *units, struct bounds bounds)
{
    for (; *units; units++)
        for (const unsigned *limit = limits; *limit; limit++) {
            struct tenant alone = tenant(*limit, shape, *units);
            keep_their_limits(what, said(*units), &alone, 1, bounds);
        }
}

static void alone_limits_hold_within_a_point(void)
{
    keep_limits_alone("alone", SATURATING, UNITS(10, 30, 50, 90), UNITS(20, 100, 1000, 5000, 20000), (struct bounds){1, 1.2, 0});
    keep_limits_alone("alone", SATURATING, UNITS(10, 30, 50, 90), UNITS(50000), (struct bounds){2, 4, 0});
}

/* The deviation of a second's share, of twelve minutes in all: so that it is known to a twenty-fifth of itself. */
static double deviation(const struct tenant *alone)
{
    double squares = 0;
    for (uint64_t seed = 0; seed < 12; seed++) {
        struct world *world = inhabited(SEEDS[0] + seed, alone, 1);
        world_run(world, 5 * SECOND);
        struct outcome outcome = outcome_of(world, 1, OUTCOME_SECONDS);
        squares += outcome_spread(&outcome, 0) * outcome_spread(&outcome, 0);
        world_end(world);
    }
    return sqrt(squares / 12);
}

/* Units that cannot be cut make the shares of seconds differ, whoever starts them: the peer knows all that there is to know. */
static void alone_limits_are_kept_as_evenly_as_units_allow(void)
{
    for (const unsigned *unit = UNITS(20000, 50000); *unit; unit++)
        for (const unsigned *limit = UNITS(10, 30, 50, 90); *limit; limit++) {
            struct tenant ours = tenant(*limit, SATURATING, *unit), ideal = ours;
            ideal.plan.gate = GATE_IDEAL;
            double had = deviation(&ours), least = deviation(&ideal);
            if (tenants_are_long())
                printf("| deviation of a second at %u %%, and of one who knows all | %s | %.2f, %.2f | |\n", *limit, said(*unit), had, least);
            CHECK(had <= least * 1.15 + 0.02);
        }
}

static void programs_of_other_shapes_keep_their_limit_alone(void)
{
    keep_limits_alone("waits for each", SYNCHRONISING, UNITS(30), UNITS(20, 100), (struct bounds){2, 2, 0});
    keep_limits_alone("waits for each", SYNCHRONISING, UNITS(10, 30, 50), UNITS(1000, 5000, 20000), (struct bounds){1, 1.2, 0});
    keep_limits_alone("four streams", FOUR_STREAMS, UNITS(10, 30, 50), UNITS(20, 1000, 5000, 20000), (struct bounds){1, 1.5, 0});
    keep_limits_alone("graphs of ten", GRAPHS, UNITS(10, 30, 90), UNITS(100, 5000, 20000), (struct bounds){1, 1.2, 0});
    keep_limits_alone("decoding", DECODING, UNITS(10, 30, 50), UNITS(1), (struct bounds){0.5, 0.5, 0}); /* time in which the host thinks is not the share's */
}

/* A mean of ten seconds cannot be told better than by the longest unit in it (twelve of the bimodal ones' length, with their jitter; twenty), so
 * from 20 ms on that is the bound; a second may have one more or less of them. */
static void units_that_differ_widely_keep_a_limit_by_the_longest(void)
{
    keep_limits_alone("bimodal", BIMODAL, UNITS(10, 30, 50, 90), UNITS(20, 100, 1000, 5000), (struct bounds){1, 2, 0});
    keep_limits_alone("bimodal", BIMODAL, UNITS(10, 30, 50, 90), UNITS(20000), (struct bounds){2.4, 8, 0});
    keep_limits_alone("bimodal", BIMODAL, UNITS(30, 50, 90), UNITS(50000), (struct bounds){6, 18, 0});
    keep_limits_alone("heavy-tailed", HEAVY_TAILED, UNITS(10, 30, 50, 90), UNITS(20, 100, 1000, 5000), (struct bounds){1, 3, 0});
    keep_limits_alone("heavy-tailed", HEAVY_TAILED, UNITS(10, 30, 50, 90), UNITS(20000), (struct bounds){4, 10, 0});
    keep_limits_alone("heavy-tailed", HEAVY_TAILED, UNITS(30, 50, 90), UNITS(50000), (struct bounds){10, 18, 0});
}

static void pair_and_thirds(enum shape shape, unsigned unit_us, const char *what, struct bounds bounds)
{
    struct tenant pair[] = {tenant(30, shape, unit_us), tenant(70, shape, unit_us)};
    keep_their_limits(what, said(unit_us), pair, 2, bounds);
    struct tenant thirds[] = {tenant(33, shape, unit_us), tenant(33, shape, unit_us), tenant(33, shape, unit_us)};
    bounds.card -= 1; /* the limits leave a percent */
    keep_their_limits(what, said(unit_us), thirds, 3, bounds);
}

/* From 20 ms on a turn of the lease has a few units, and one of them may be longer than it: then neighbours are promised no floor, and of units to
 * a quarter of a second and more it is looked at alone that the card is used. */
static void neighbours_whose_units_differ_widely_keep_theirs_to_5_ms(void)
{
    for (const unsigned *unit = UNITS(20, 100, 1000, 5000); *unit; unit++)
        pair_and_thirds(BIMODAL, *unit, "neighbours, bimodal", (struct bounds){1.5, 2.5, 98.5});
    pair_and_thirds(BIMODAL, 20000, "neighbours, bimodal", (struct bounds){12, 8, 93});
    pair_and_thirds(BIMODAL, 50000, "neighbours, bimodal", (struct bounds){50, 20, 80});
}

/* Who was at work and idles now takes nothing from the others: neither from one that is alone beside it nor from two that fill the card. */
static void beside_one_that_idles_limits_are_kept(void)
{
    for (const unsigned *unit = UNITS(20, 100, 1000, 5000, 20000, 50000); *unit; unit++) {
        struct tenant idle = tenant(50, SATURATING, *unit);
        idle.program.pauses_ns = 4 * SECOND;
        idle.program.resumes_ns = 100 * SECOND;
        struct tenant one[] = {tenant(30, SATURATING, *unit), idle};
        keep_their_limits("one idle", said(*unit), one, 2, *unit > 20000 ? (struct bounds){2, 4, 29} : (struct bounds){1, 1.2, 29});
        struct tenant pair[] = {tenant(30, SATURATING, *unit), tenant(70, SATURATING, *unit), idle};
        keep_their_limits("neighbours, one idle", said(*unit), pair, 3,
                          (struct bounds){*unit > 5000 ? 3 : 1.5, *unit > 20000 ? 4 : 1.5, 98.5});
    }
}

static void neighbours_with_limits_keep_them_and_the_card_busy(void)
{
    for (const unsigned *unit = UNITS(20, 100, 1000, 5000); *unit; unit++)
        pair_and_thirds(SATURATING, *unit, "neighbours", (struct bounds){1.5, 1.5, 98.5});
    for (const unsigned *unit = UNITS(20000, 50000); *unit; unit++)
        pair_and_thirds(SATURATING, *unit, "neighbours", (struct bounds){3, *unit > 20000 ? 4 : 1.5, 98.5});
    struct tenant unlike[] = {tenant(30, SATURATING, 100), tenant(70, SATURATING, 50000)};
    keep_their_limits("neighbours", "100 us, 50 ms", unlike, 2, (struct bounds){3, 4, 98.5});
    struct tenant alike[] = {tenant(70, SATURATING, 100), tenant(30, SATURATING, 50000)};
    keep_their_limits("neighbours", "100 us, 50 ms", alike, 2, (struct bounds){3, 4, 98.5});
    struct tenant graphs[] = {tenant(30, GRAPHS, 5000), tenant(70, GRAPHS, 5000)};
    keep_their_limits("neighbours, graphs", "5 ms", graphs, 2, (struct bounds){1.5, 1.5, 98.5});
}

static const struct test TESTS[] = {
    {"alone, a program has its limit of the card within a point, from units of 20 us to 20 ms, and within two at 50 ms", alone_limits_hold_within_a_point},
    {"and its seconds differ by no more than its units make them, as one shows who knows what each takes", alone_limits_are_kept_as_evenly_as_units_allow},
    {"so it has where it waits for each unit, has four streams, launches graphs or decodes",
     programs_of_other_shapes_keep_their_limit_alone},
    {"units that differ widely keep a limit, by the longest of them", units_that_differ_widely_keep_a_limit_by_the_longest},
    {"neighbours whose units differ widely keep theirs, to 5 ms", neighbours_whose_units_differ_widely_keep_theirs_to_5_ms},
    {"beside one that idles limits are kept", beside_one_that_idles_limits_are_kept},
    {"neighbours with limits have them, within 1.5 points to 5 ms and 3 to 50 ms, and the card is busy", neighbours_with_limits_keep_them_and_the_card_busy},
};

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    return RUN_TESTS(TESTS);
}
