/* Covers: factor.c: a share's own clock follows the node's samples, and only as far as they can tell. */
#include "factor.h"

#include "test.h"

#define ONE (UINT64_C(1) << 32)
#define HALF_SECOND UINT64_C(500000000)

static struct hami_usage usage;
static struct hami_limits limits;

/* The node saw `busy_ns` in each half second, the share accounted `predicted_ns`. */
static void samples(unsigned count, uint64_t busy_ns, uint64_t predicted_ns)
{
    for (unsigned i = 0; i < count; i++) {
        limits.busy_ns += busy_ns;
        limits.sampled_at_ns += HALF_SECOND;
        usage.predicted_ns += predicted_ns;
        factor_update(&usage, &limits, 0, false);
    }
}

static void share_of(double times)
{
    CHECK((double)factor_q32(&usage) >= (times - 0.06) * (double)ONE && (double)factor_q32(&usage) <= (times + 0.06) * (double)ONE);
}

static void without_samples_it_is_one(void)
{
    CHECK(factor_q32(&usage) == ONE);
    usage.predicted_ns = HALF_SECOND;
    factor_update(&usage, &limits, 0, false);
    CHECK(factor_q32(&usage) == ONE);
}

static void it_goes_to_what_the_node_sees(void)
{
    limits.sampled_at_ns = HALF_SECOND;
    samples(20, HALF_SECOND / 4, HALF_SECOND / 2);
    share_of(0.5);
    samples(30, HALF_SECOND, HALF_SECOND / 2);
    share_of(2);
}

static void within_the_band_it_is_not_moved(void)
{
    limits.sampled_at_ns = HALF_SECOND;
    samples(20, HALF_SECOND * 29 / 100, HALF_SECOND * 30 / 100);
    CHECK(factor_q32(&usage) == ONE);
    usage.largest_unit_ns = 50000000;
    samples(20, HALF_SECOND * 26 / 100, HALF_SECOND * 30 / 100);
    CHECK(factor_q32(&usage) == ONE);
}

/* The node loses what a process of the share had of the card since its last sample, when that dies: one sample in which it saw too little. */
static void one_sample_that_is_unlike_the_others_does_not_move_it(void)
{
    limits.sampled_at_ns = HALF_SECOND;
    samples(10, HALF_SECOND / 2, HALF_SECOND / 2);
    samples(1, HALF_SECOND / 10, HALF_SECOND / 2);
    samples(4, HALF_SECOND * 51 / 100, HALF_SECOND / 2);
    CHECK(factor_q32(&usage) == ONE);
    samples(1, HALF_SECOND / 10, HALF_SECOND / 2);
    samples(1, HALF_SECOND / 10, HALF_SECOND / 2);
    CHECK(factor_q32(&usage) < ONE);
}

static void it_goes_back_to_one_where_the_samples_allow_it(void)
{
    limits.sampled_at_ns = HALF_SECOND;
    samples(20, HALF_SECOND / 4, HALF_SECOND / 2);
    samples(40, HALF_SECOND * 29 / 100, HALF_SECOND * 30 / 100);
    share_of(1);
}

static void it_stays_between_a_quarter_and_four(void)
{
    limits.sampled_at_ns = HALF_SECOND;
    samples(60, HALF_SECOND / 100, HALF_SECOND * 3);
    share_of(0.25);
    samples(60, HALF_SECOND, HALF_SECOND / 20);
    share_of(4);
    usage.factor.factor_q32 = 1;
    share_of(0.25);
    usage.factor.factor_q32 = UINT64_MAX;
    share_of(4);
}

static void what_is_unsettled_does_not_move_it(void)
{
    limits.sampled_at_ns = HALF_SECOND;
    for (unsigned i = 0; i < 20; i++) {
        limits.busy_ns += HALF_SECOND;
        limits.sampled_at_ns += HALF_SECOND;
        usage.predicted_ns += HALF_SECOND / 4;
        factor_update(&usage, &limits, 0, true);
    }
    CHECK(factor_q32(&usage) == ONE);
}

/* Whole percents of a thousand processes that are busy for less than one say nothing. */
static void where_the_node_sees_no_more_it_loosens_nothing(void)
{
    limits.sampled_at_ns = HALF_SECOND;
    samples(20, HALF_SECOND / 4, HALF_SECOND / 2);
    uint64_t last = limits.sampled_at_ns;
    limits.sampled_at_ns = 0;
    factor_update(&usage, &limits, 0, false);
    CHECK(factor_q32(&usage) == ONE);
    limits.sampled_at_ns = last;
    samples(20, HALF_SECOND / 4, HALF_SECOND / 2);
    share_of(0.5);
    samples(30, HALF_SECOND, HALF_SECOND / 2);
    limits.sampled_at_ns = 0;
    factor_update(&usage, &limits, 0, false);
    share_of(2); /* the share is held as strictly as it was */
}

static void where_the_node_is_silent_for_long_it_loosens_nothing(void)
{
    limits.sampled_at_ns = HALF_SECOND;
    samples(20, HALF_SECOND / 4, HALF_SECOND / 2);
    usage.refilled_at_ns = limits.sampled_at_ns + 9 * HALF_SECOND;
    factor_update(&usage, &limits, 0, false);
    share_of(0.5);
    usage.refilled_at_ns = limits.sampled_at_ns + 11 * HALF_SECOND;
    factor_update(&usage, &limits, 0, false);
    CHECK(factor_q32(&usage) == ONE);
    samples(20, HALF_SECOND / 4, HALF_SECOND / 2);
    share_of(0.5);
}

static void many_small_processes_do_not_move_it(void)
{
    limits.sampled_at_ns = HALF_SECOND;
    for (unsigned i = 0; i < 20; i++) {
        for (unsigned slot = 0; slot < 100; slot++)
            usage.slots[slot].last_launch_ns = limits.sampled_at_ns;
        samples(1, 0, HALF_SECOND * 30 / 100);
    }
    CHECK(factor_q32(&usage) == ONE);
}

/* The same, of which so much was copies. */
static void samples_with_copies(unsigned count, uint64_t busy_ns, uint64_t predicted_ns, uint64_t copied_ns)
{
    for (unsigned i = 0; i < count; i++) {
        usage.copied_ns += copied_ns;
        samples(1, busy_ns, predicted_ns);
    }
}

/* Whether the node counts none of them, some or all: a program of copies alone must not come to look as if it used nothing. */
static void copies_that_the_node_may_not_count_do_not_move_it(void)
{
    limits.sampled_at_ns = HALF_SECOND;
    samples_with_copies(30, 0, HALF_SECOND * 30 / 100, HALF_SECOND * 30 / 100);
    CHECK(factor_q32(&usage) == ONE);
    samples_with_copies(30, HALF_SECOND * 15 / 100, HALF_SECOND * 30 / 100, HALF_SECOND * 20 / 100);
    CHECK(factor_q32(&usage) == ONE);
    samples_with_copies(30, HALF_SECOND * 30 / 100, HALF_SECOND * 30 / 100, HALF_SECOND * 20 / 100);
    CHECK(factor_q32(&usage) == ONE);
}

static void beside_copies_kernels_still_move_it(void)
{
    limits.sampled_at_ns = HALF_SECOND;
    samples_with_copies(30, HALF_SECOND / 8, HALF_SECOND / 2, HALF_SECOND / 4);
    share_of(0.5);
    samples_with_copies(30, HALF_SECOND, HALF_SECOND / 2, HALF_SECOND / 4);
    share_of(2);
}

static void nonsense_in_the_rings_is_harmless(void)
{
    for (unsigned seed = 1; seed < 2000; seed++) {
        uint64_t *words = (uint64_t *)(void *)&usage.factor, state = seed;
        for (unsigned i = 0; i < sizeof usage.factor / 8; i++)
            words[i] = state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
        usage.largest_unit_ns = state;
        samples(3, state % HALF_SECOND, state);
        CHECK(factor_q32(&usage) >= ONE / 4 && factor_q32(&usage) <= ONE * 4);
    }
}

static const struct test TESTS[] = {
    {"without samples the factor is one", without_samples_it_is_one},
    {"it goes to where what the share accounts agrees with what the node sees", it_goes_to_what_the_node_sees},
    {"within what the samples can tell it is not moved", within_the_band_it_is_not_moved},
    {"one sample that is unlike the others does not move it", one_sample_that_is_unlike_the_others_does_not_move_it},
    {"it goes back to one where the samples allow it", it_goes_back_to_one_where_the_samples_allow_it},
    {"it stays between a quarter and four", it_stays_between_a_quarter_and_four},
    {"samples of unsettled work do not move it", what_is_unsettled_does_not_move_it},
    {"where the node sees no more, a factor below one ends", where_the_node_sees_no_more_it_loosens_nothing},
    {"where the node is silent for long, too", where_the_node_is_silent_for_long_it_loosens_nothing},
    {"many processes of less than a percent each do not move it", many_small_processes_do_not_move_it},
    {"copies that the node may not count do not move it", copies_that_the_node_may_not_count_do_not_move_it},
    {"beside copies kernels still move it", beside_copies_kernels_still_move_it},
    {"nonsense in the rings is harmless", nonsense_in_the_rings_is_harmless},
};

int main(void)
{
    return RUN_TESTS(TESTS);
}
