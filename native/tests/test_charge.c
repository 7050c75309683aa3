/* Covers: charge.c, shares.c, address_map.c: charges over one and several shares, by address and by context. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "card_memory.h"
#include "charge.h"
#include "fixture.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000001"
#define OTHER_CARD "GPU-00000000-0000-0000-0000-000000000002"

static CUcontext context(uintptr_t number)
{
    return (CUcontext)number;
}

static void sizes_are_whole_slabs(void)
{
    CHECK(charge_slabs(0) == 0 && charge_slabs(1) == MIB(2) && charge_slabs(MIB(2)) == MIB(2));
    CHECK(charge_slabs(MIB(2) + 1) == MIB(4) && charge_slabs(UINT64_MAX) == UINT64_MAX);
}

static void without_shares_there_is_no_card(void)
{
    fixture_folder();
    CHECK(shares_none() && shares_card(CARD) == NO_CARD);
}

static void without_the_folder_there_is_no_card(void)
{
    setenv("HAMI_TEST_SHARES", "/nonexistent/shares", 1);
    CHECK(shares_none() && shares_card(CARD) == NO_CARD);
}

static void a_share_limits_its_card_alone(void)
{
    fixture_share("a", CARD, MIB(10));
    CHECK(!shares_none() && shares_card(OTHER_CARD) == NO_CARD);
    const struct card *card = shares_card(CARD);
    struct charge *charge = charge_reserve(card, CHARGE_BUFFER, MIB(10));
    CHECK(charge && !charge_reserve(card, CHARGE_BUFFER, MIB(2)));
    charge_cancel(charge);
    CHECK(card_memory_of(card).used == 0 && card_memory_of(card).limit == MIB(10));
    CHECK(fixture_open("a").usage->refusals == 0);
    charge_count_refusal(card);
    CHECK(fixture_open("a").usage->refusals == 1);
}

static void shares_of_one_card_add_up(void)
{
    fixture_share("a", CARD, MIB(4));
    fixture_share("b", CARD, MIB(6));
    fixture_share("c", OTHER_CARD, MIB(100));
    const struct card *card = shares_card(CARD);
    CHECK(card->share_count == 2 && card_memory_of(card).limit == MIB(10));
    struct charge *charge = charge_reserve(card, CHARGE_BUFFER, MIB(8));
    CHECK(charge && !charge_reserve(card, CHARGE_BUFFER, MIB(4)));
    CHECK(account_used(fixture_open("a").usage) == MIB(4) && account_used(fixture_open("b").usage) == MIB(4));
    CHECK(charge_resize(charge, MIB(10)) && !charge_resize(charge, MIB(12)) && charge_resize(charge, MIB(2)));
    CHECK(account_used(fixture_open("a").usage) == MIB(2) && account_used(fixture_open("b").usage) == 0);
    charge_cancel(charge);
    CHECK(card_memory_of(card).used == 0);
}

static void a_page_that_cannot_be_trusted_refuses_everything(void)
{
    const char wrong = 1;
    fixture_share("a", CARD, MIB(4));
    fixture_share("b", OTHER_CARD, MIB(4));
    fixture_scribble("b", "usage", 0, &wrong, 1);
    CHECK(!shares_none());
    CHECK(!charge_reserve(shares_card(CARD), CHARGE_BUFFER, MIB(2)) && card_memory_of(shares_card(CARD)).limit == 0);
    CHECK(!charge_reserve(shares_card("GPU-any"), CHARGE_BUFFER, MIB(2)));
}

static void limits_that_change_hold_at_once(void)
{
    fixture_share("a", CARD, MIB(4));
    const struct card *card = shares_card(CARD);
    struct charge *charge = charge_reserve(card, CHARGE_BUFFER, MIB(4));
    CHECK(charge && !charge_resize(charge, MIB(6)));
    fixture_change_limit("a", MIB(6));
    CHECK(charge_resize(charge, MIB(6)) && card_memory_of(card).limit == MIB(6));
    fixture_change_limit("a", MIB(2));
    CHECK(!charge_reserve(card, CHARGE_BUFFER, MIB(2)) && charge_resize(charge, MIB(2)));
    CHECK(card_memory_of(card).used == MIB(2));
    charge_cancel(charge);
}

static bool can_take(const struct card *card, uint64_t bytes)
{
    struct charge *charge = charge_reserve(card, CHARGE_BUFFER, bytes);
    if (charge)
        charge_cancel(charge);
    return charge != NULL;
}

static void what_the_node_charges_beside_leaves_less(void)
{
    fixture_share("a", CARD, MIB(10));
    const struct card *card = shares_card(CARD);
    CHECK(can_take(card, MIB(10)));
    fixture_charge_overhead("a", MIB(4));
    CHECK(can_take(card, MIB(6)) && !can_take(card, MIB(8)) && card_memory_of(card).limit == MIB(10));
    fixture_charge_overhead("a", MIB(12));
    CHECK(!can_take(card, MIB(2)));
    fixture_charge_overhead("a", 0);
    CHECK(can_take(card, MIB(10)));
}

static void addresses_find_their_charges(void)
{
    enum { COUNT = 1000 };
    fixture_share("a", CARD, MIB(2 * COUNT));
    const struct card *card = shares_card(CARD);
    for (uint64_t i = 1; i <= COUNT; i++)
        charge_keep(charge_reserve(card, CHARGE_BUFFER, MIB(2)), ADDRESS_MEMORY, i << 21, NULL);
    CHECK(card_memory_of(card).used == MIB(2 * COUNT) && !charge_take(ADDRESS_MEMORY, 1));
    for (uint64_t i = COUNT; i >= 1; i--) {
        struct charge *charge = charge_take(ADDRESS_MEMORY, i << 21);
        CHECK(charge && !charge_take(ADDRESS_MEMORY, i << 21));
        charge_cancel(charge);
    }
    CHECK(card_memory_of(card).used == 0);
}

static void a_context_takes_its_charges_with_it(void)
{
    fixture_share("a", CARD, MIB(100));
    const struct card *card = shares_card(CARD);
    for (uintptr_t i = 1; i <= 20; i++)
        charge_keep(charge_reserve(card, CHARGE_BUFFER, MIB(2)), ADDRESS_MEMORY, i << 21, context(1 + i % 2));
    uint64_t mark = charge_mark();
    charge_keep(charge_reserve(card, CHARGE_BUFFER, MIB(2)), ADDRESS_MEMORY, 100u << 21, context(1)); /* of a later context at the same place */
    charge_cancel_context(context(1), mark);
    CHECK(card_memory_of(card).used == MIB(22));
    charge_cancel_context(context(2), mark);
    CHECK(card_memory_of(card).used == MIB(2));
    charge_cancel(charge_take(ADDRESS_MEMORY, 100u << 21));
}

static void a_child_charges_for_itself(void)
{
    fixture_share("a", CARD, MIB(10));
    const struct card *card = shares_card(CARD);
    charge_keep(charge_reserve(card, CHARGE_BUFFER, MIB(4)), ADDRESS_MEMORY, 1u << 21, NULL);
    pid_t child = fork();
    if (child == 0) {
        CHECK(!charge_take(ADDRESS_MEMORY, 1u << 21));
        CHECK(charge_reserve(card, CHARGE_MANAGED, MIB(6)) && !charge_reserve(card, CHARGE_BUFFER, MIB(2)));
        _exit(0); /* which leaves 6 MiB behind */
    }
    join(child);
    CHECK(card_memory_of(card).used == MIB(4));
    struct charge *charge = charge_reserve(card, CHARGE_BUFFER, MIB(6));
    CHECK(charge); /* for which the child was swept */
    charge_cancel(charge);
    charge_cancel(charge_take(ADDRESS_MEMORY, 1u << 21));
}

static void die_holding(void *card)
{
    CHECK(charge_reserve(card, CHARGE_BUFFER, MIB(6)));
    _exit(0); /* the parent's map is out of reach here, which the leak checker would tell */
}

static void the_dead_are_missed_by_who_asks_all_the_time(void)
{
    fixture_share("a", CARD, MIB(10));
    const struct card *card = shares_card(CARD);
    struct charge *charge = charge_reserve(card, CHARGE_BUFFER, MIB(4));
    CHECK(charge && card_memory_of(card).used == MIB(4));
    join(start(die_holding, (void *)card));
    alarm(60);
    while (card_memory_of(card).used != MIB(4))
        usleep(100);
    charge_cancel(charge);
    CHECK(card_memory_of(card).used == 0);
}

static void *allocate_and_free(void *card)
{
    for (int i = 0; i < 2000; i++) {
        struct charge *charge = charge_reserve(card, CHARGE_BUFFER, MIB(2 + 2 * (i % 4)));
        if (!charge)
            continue;
        CUdeviceptr address = (uintptr_t)charge;
        charge_keep(charge, ADDRESS_MEMORY, address, NULL);
        CHECK(card_memory_of(card).used <= MIB(16));
        charge_cancel(charge_take(ADDRESS_MEMORY, address));
    }
    return NULL;
}

static void threads_share_their_process_slot(void)
{
    fixture_share("a", CARD, MIB(8));
    fixture_share("b", CARD, MIB(8));
    const struct card *card = shares_card(CARD);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, allocate_and_free, (void *)card) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK(card_memory_of(card).used == 0);
}

/* Its first charge opens files, at which a thread that is to be cancelled would be. */
static void *charge_cancelled(void *charge)
{
    CHECK(pthread_cancel(pthread_self()) == 0);
    *(struct charge **)charge = charge_reserve(shares_card(CARD), CHARGE_BUFFER, MIB(2));
    pthread_testcancel();
    return charge;
}

static void a_thread_that_is_cancelled_leaves_no_lock(void)
{
    pthread_t thread;
    void *end;
    struct charge *charge = NULL;
    fixture_share("a", CARD, MIB(4));
    alarm(60);
    CHECK(pthread_create(&thread, NULL, charge_cancelled, &charge) == 0 && pthread_join(thread, &end) == 0);
    CHECK(end == PTHREAD_CANCELED && charge);
    charge_cancel(charge);
    CHECK(card_memory_of(shares_card(CARD)).used == 0);
}

static const struct test tests[] = {
    {"charge: sizes are whole slabs", sizes_are_whole_slabs},
    {"shares: an empty folder limits nothing", without_shares_there_is_no_card},
    {"shares: no folder limits nothing", without_the_folder_there_is_no_card},
    {"charge: a share limits its card alone", a_share_limits_its_card_alone},
    {"charge: shares of one card add up", shares_of_one_card_add_up},
    {"shares: a page that cannot be trusted refuses everything", a_page_that_cannot_be_trusted_refuses_everything},
    {"charge: limits that change hold at once", limits_that_change_hold_at_once},
    {"charge: what the node charges beside leaves less", what_the_node_charges_beside_leaves_less},
    {"charge: the dead are missed by who asks all the time", the_dead_are_missed_by_who_asks_all_the_time},
    {"charge: addresses find their charges", addresses_find_their_charges},
    {"charge: a context takes its charges with it", a_context_takes_its_charges_with_it},
    {"charge: a child charges for itself, and is refunded", a_child_charges_for_itself},
    {"charge: threads share their process's slot", threads_share_their_process_slot},
    {"charge: a thread that is cancelled leaves no lock", a_thread_that_is_cancelled_leaves_no_lock},
};

int main(void)
{
    return RUN_TESTS(tests);
}
