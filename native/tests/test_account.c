/* Covers: account.c: sums and ceilings. What kills and orders of accesses do: tests/proof. */
#include <sys/mman.h>

#include "account.h"
#include "fixture.h"
#include "test.h"

#define MINE 3u
#define OTHER 7u

static struct hami_usage *empty_page(void)
{
    void *page = mmap(NULL, sizeof(struct hami_usage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    return page;
}

static void bytes_are_charged_and_given_back(void)
{
    struct hami_usage *usage = empty_page();
    struct account account = account_take_up(usage, MINE);
    CHECK(account_reserve(&account, 100, 1000) && account_reserve(&account, 50, 1000));
    CHECK(account_used(usage) == 150 && account_held(&account) == 150);
    account_release(&account, 100);
    CHECK(account_used(usage) == 50 && account_held(&account) == 50 && usage->peak_bytes == 150);
}

static void the_ceiling_is_reached_exactly_and_not_passed(void)
{
    struct hami_usage *usage = empty_page();
    struct account account = account_take_up(usage, MINE);
    CHECK(account_reserve(&account, 999, 1000) && !account_reserve(&account, 2, 1000) && account_reserve(&account, 1, 1000));
    CHECK(!account_reserve(&account, 1, 1000) && account_used(usage) == 1000);
}

static void no_size_wraps_around(void)
{
    struct hami_usage *usage = empty_page();
    struct account account = account_take_up(usage, MINE);
    CHECK(account_reserve(&account, 10, 1000) && !account_reserve(&account, UINT64_MAX, 1000));
    CHECK(!account_reserve(&account, UINT64_MAX - 5, 1000) && account_used(usage) == 10);
}

static void a_lowered_ceiling_refuses_and_lets_release(void)
{
    struct hami_usage *usage = empty_page();
    struct account account = account_take_up(usage, MINE);
    CHECK(account_reserve(&account, 800, 1000) && !account_reserve(&account, 1, 500));
    account_release(&account, 400);
    CHECK(account_reserve(&account, 100, 500) && account_used(usage) == 500);
}

static void a_refused_operation_leaves_no_trace(void)
{
    struct hami_usage *usage = empty_page();
    struct account account = account_take_up(usage, MINE);
    CHECK(account_reserve(&account, 10, 100) && !account_reserve(&account, 1000, 100));
    struct account again = account_take_up(usage, MINE);
    CHECK(again.seq == account.seq && account_held(&again) == 10);
    account_reap(usage, MINE);
    CHECK(account_used(usage) == 0);
}

static void reaping_gives_back_all_and_only_once(void)
{
    struct hami_usage *usage = empty_page();
    struct account mine = account_take_up(usage, MINE), other = account_take_up(usage, OTHER);
    CHECK(account_reserve(&mine, 10, 100) && account_reserve(&other, 20, 100));
    account_reap(usage, MINE);
    account_reap(usage, MINE);
    CHECK(account_used(usage) == 20 && usage->reaps == 1 && account_held(&other) == 20);
}

static void reaping_forgets_the_kinds_of_a_slot_that_holds_nothing(void)
{
    struct hami_usage *usage = empty_page();
    struct account account = account_take_up(usage, MINE);
    CHECK(account_reserve(&account, 10, 100));
    usage->slots[MINE].pool_bytes = usage->slots[MINE].module_bytes = 10;
    account_release(&account, 10); /* and killed before it noted that */
    account_reap(usage, MINE);
    CHECK(usage->slots[MINE].pool_bytes == 0 && usage->slots[MINE].module_bytes == 0 && usage->reaps == 0);
}

static void a_tag_that_names_no_slot_is_passed_over(void)
{
    struct hami_usage *usage = empty_page();
    usage->word.tag = UINT64_MAX;
    struct account account = account_take_up(usage, MINE);
    CHECK(account_reserve(&account, 10, 100) && account_used(usage) == 10);
}

static const struct test tests[] = {
    {"account: bytes are charged and given back", bytes_are_charged_and_given_back},
    {"account: the ceiling is reached exactly and not passed", the_ceiling_is_reached_exactly_and_not_passed},
    {"account: no size wraps around", no_size_wraps_around},
    {"account: a lowered ceiling refuses and lets release", a_lowered_ceiling_refuses_and_lets_release},
    {"account: a refused operation leaves no trace", a_refused_operation_leaves_no_trace},
    {"account: reaping gives back all and only once", reaping_gives_back_all_and_only_once},
    {"account: reaping forgets the kinds of a slot that holds nothing", reaping_forgets_the_kinds_of_a_slot_that_holds_nothing},
    {"account: a tag that names no slot is passed over", a_tag_that_names_no_slot_is_passed_over},
};

int main(void)
{
    return RUN_TESTS(tests);
}
