/* Covers: credit.c: time is given out once, by the limit, whoever asks; nonsense on the page gives nobody more. */
#include "credit.h"

#include <pthread.h>

#include "atomics.h"
#include "test.h"

#define BEGIN UINT64_C(7000000000)
#define MS INT64_C(1000000)

static struct hami_usage usage;

static void begin_at(int64_t credit)
{
    usage.refilled_at_ns = BEGIN;
    usage.credit_ns = credit;
}

static void credit_grows_by_the_limit_to_the_burst(void)
{
    begin_at(-40 * MS);
    credit_refill(&usage, 30, CREDIT_BURST_NS, BEGIN + 50 * MS);
    CHECK(credit_ns(&usage) == -25 * MS);
    for (int i = 2; i < 20; i++)
        credit_refill(&usage, 30, CREDIT_BURST_NS, BEGIN + 50 * i * MS);
    CHECK(credit_ns(&usage) == CREDIT_BURST_NS);
}

static void what_is_above_the_burst_is_kept(void)
{
    begin_at(80 * MS);
    credit_refill(&usage, 30, CREDIT_BURST_NS, BEGIN + 50 * MS);
    CHECK(credit_ns(&usage) == 80 * MS);
    CHECK(usage.refilled_at_ns == (uint64_t)(BEGIN + 50 * MS)); /* the time is used up all the same */
}

static void nothing_is_lost_to_rounding(void)
{
    begin_at(0);
    for (uint64_t now = BEGIN; now <= BEGIN + 10 * MS; now += 7)
        credit_refill(&usage, 30, CREDIT_BURST_NS, now);
    CHECK(credit_ns(&usage) >= 3 * MS - 30 && credit_ns(&usage) <= 3 * MS);
}

static void more_than_a_step_counts_as_a_step(void)
{
    begin_at(-400 * MS);
    credit_refill(&usage, 50, CREDIT_BURST_NS, BEGIN + 3000 * MS);
    CHECK(credit_ns(&usage) == -350 * MS);
    credit_refill(&usage, 50, CREDIT_BURST_NS, BEGIN + 3000 * MS);
    CHECK(credit_ns(&usage) == -350 * MS);
}

static void a_clock_that_goes_back_gives_nothing_and_goes_on(void)
{
    begin_at(0);
    credit_refill(&usage, 50, CREDIT_BURST_NS, BEGIN - MS);
    CHECK(credit_ns(&usage) == 0 && usage.refilled_at_ns == BEGIN);
    credit_refill(&usage, 50, CREDIT_BURST_NS, BEGIN - 1000 * MS);
    CHECK(credit_ns(&usage) == 0);
    credit_refill(&usage, 50, CREDIT_BURST_NS, BEGIN - 990 * MS);
    CHECK(credit_ns(&usage) == 5 * MS);
}

static void nonsense_on_the_page_comes_back_to_sense(void)
{
    const int64_t values[] = {INT64_MAX, INT64_MIN, INT64_MAX / 2, -(INT64_MAX / 2)};
    for (int i = 0; i < 4; i++) {
        begin_at(values[i]);
        credit_refill(&usage, 50, CREDIT_BURST_NS, BEGIN + 2 * MS);
        CHECK(credit_ns(&usage) <= CREDIT_BURST_NS || values[i] > 0);
    }
    usage.refilled_at_ns = UINT64_MAX;
    usage.credit_ns = 0;
    credit_refill(&usage, 100, CREDIT_BURST_NS, BEGIN);
    CHECK(credit_ns(&usage) == 0 && usage.refilled_at_ns == BEGIN);
}

static void waits_are_as_long_as_the_debt_takes(void)
{
    CHECK(credit_wait_ns(0, 30) == 0 && credit_wait_ns(5, 30) == 0);
    CHECK(credit_wait_ns(-30 * MS, 30) == 100 * MS + 1);
    CHECK(credit_wait_ns(-30 * MS, 0) == UINT64_C(86400000000000));
    CHECK(credit_wait_ns(INT64_MIN, 1) == UINT64_C(86400000000000));
}

static void products_end_at_the_largest_number(void)
{
    CHECK(credit_times(1000, UINT64_C(1) << 32) == 1000);
    CHECK(credit_times(1000, UINT64_C(1) << 31) == 500);
    CHECK(credit_times(UINT64_MAX, UINT64_MAX) == INT64_MAX);
}

#define THREADS 4
#define ROUNDS 20000

static void *refill_and_take(void *ignored)
{
    (void)ignored;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        credit_refill(&usage, 50, CREDIT_BURST_NS, BEGIN + i * 100);
        credit_add(&usage, -3);
        credit_add(&usage, 3);
    }
    return NULL;
}

static void many_who_refill_at_once_give_time_out_once(void)
{
    pthread_t threads[THREADS];
    begin_at(0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, refill_and_take, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(credit_ns(&usage) <= ROUNDS * 50 && credit_ns(&usage) >= (ROUNDS - 1) * 50 - 50);
}

static const struct test TESTS[] = {
    {"credit grows by the limit, up to the burst", credit_grows_by_the_limit_to_the_burst},
    {"what is above the burst is kept, and grows no more", what_is_above_the_burst_is_kept},
    {"nothing is lost to rounding, however often it is refilled", nothing_is_lost_to_rounding},
    {"more time at once than a step counts as a step", more_than_a_step_counts_as_a_step},
    {"a clock that goes back gives nothing, and credit goes on from there", a_clock_that_goes_back_gives_nothing_and_goes_on},
    {"nonsense on the page comes back to sense", nonsense_on_the_page_comes_back_to_sense},
    {"a wait is as long as the debt takes", waits_are_as_long_as_the_debt_takes},
    {"products end at the largest number", products_end_at_the_largest_number},
    {"many who refill at once give each time out once", many_who_refill_at_once_give_time_out_once},
};

int main(void)
{
    return RUN_TESTS(TESTS);
}
