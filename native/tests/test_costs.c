/* Covers: costs.c: what units are predicted to take, in a table with a bound. */
#include "costs.h"
#include "test.h"

static struct costs costs;

static void an_unknown_unit_has_no_cost(void)
{
    CHECK(costs_find(&costs, 64, cost_grid(1, 1, 1)) == 0);
    costs_learn(&costs, 0, 0, 1000);
    CHECK(costs_find(&costs, 0, 0) == 0);
}

static void a_unit_is_known_by_function_and_grid(void)
{
    costs_learn(&costs, 64, cost_grid(1, 1, 1), 1000);
    costs_learn(&costs, 64, cost_grid(2, 1, 1), 2000);
    costs_learn(&costs, 64, cost_grid(1, 2, 1), 3000);
    CHECK(costs_find(&costs, 64, cost_grid(1, 1, 1)) == 1000);
    CHECK(costs_find(&costs, 64, cost_grid(2, 1, 1)) == 2000);
    CHECK(costs_find(&costs, 64, cost_grid(1, 2, 1)) == 3000);
    CHECK(costs_find(&costs, 128, cost_grid(1, 1, 1)) == 0);
}

static void the_first_measurements_count_alike_and_later_ones_less(void)
{
    costs_learn(&costs, 64, 0, 1000);
    costs_learn(&costs, 64, 0, 2000);
    CHECK(costs_find(&costs, 64, 0) == 1500);
    for (int i = 0; i < 200; i++)
        costs_learn(&costs, 64, 0, 8000);
    uint64_t before = costs_find(&costs, 64, 0);
    CHECK(before > 7900 && before <= 8000);
    costs_learn(&costs, 64, 0, 16000);
    CHECK(costs_find(&costs, 64, 0) - before <= 8100 / 16);
}

static void no_cost_is_zero_or_above_the_largest(void)
{
    costs_learn(&costs, 64, 0, 0);
    CHECK(costs_find(&costs, 64, 0) == 1);
    costs_learn(&costs, 128, 0, UINT64_MAX);
    CHECK(costs_find(&costs, 128, 0) == COSTS_LARGEST_NS);
}

static void a_unit_in_anothers_place_drives_it_out(void)
{
    uint64_t other = 128;
    while (cost_place(other, 0) != cost_place(64, 0))
        other += 64;
    costs_learn(&costs, 64, 0, 1000);
    costs_learn(&costs, other, 0, 5000);
    CHECK(costs_find(&costs, 64, 0) == 0);
    CHECK(costs_find(&costs, other, 0) == 5000);
    costs_learn(&costs, 64, 0, 3000);
    CHECK(costs_find(&costs, 64, 0) == 3000); /* from anew */
}

static void places_are_within_the_table_and_spread(void)
{
    static unsigned used[COSTS_PLACES];
    unsigned distinct = 0;
    for (uint64_t function = 0x7f0000001000; function < 0x7f0000001000 + 2048 * 64; function += 64) {
        uint64_t place = cost_place(function, cost_grid(132, 1, 1));
        CHECK(place < COSTS_PLACES);
        distinct += used[place]++ == 0;
    }
    CHECK(distinct > 1400); /* of 2,048 handles in a row, in 4,096 places */
    CHECK(cost_place(UINT64_MAX, UINT64_MAX) < COSTS_PLACES);
}

static void functions_are_forgotten_one_by_one_and_all(void)
{
    costs_learn(&costs, 64, 1, 1000);
    costs_learn(&costs, 64, 2, 1000);
    costs_learn(&costs, 128, 1, 1000);
    costs_forget(&costs, 64);
    CHECK(costs_find(&costs, 64, 1) == 0 && costs_find(&costs, 64, 2) == 0 && costs_find(&costs, 128, 1) == 1000);
    costs_forget_all(&costs);
    CHECK(costs_find(&costs, 128, 1) == 0);
}

static const struct test TESTS[] = {
    {"an unknown unit has no cost", an_unknown_unit_has_no_cost},
    {"a unit is known by its function and grid", a_unit_is_known_by_function_and_grid},
    {"the first measurements count alike, later ones a sixteenth", the_first_measurements_count_alike_and_later_ones_less},
    {"no cost that is known is 0, or above the largest", no_cost_is_zero_or_above_the_largest},
    {"a unit that takes another's place drives it out", a_unit_in_anothers_place_drives_it_out},
    {"places lie within the table, and handles in a row spread over it", places_are_within_the_table_and_spread},
    {"functions are forgotten one by one, and all at once", functions_are_forgotten_one_by_one_and_all},
};

int main(void)
{
    return RUN_TESTS(TESTS);
}
