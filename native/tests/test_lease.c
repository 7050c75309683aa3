/* Covers: lease.c: one share at a time has the card; who comes next; and what anybody may write on the page. */
#include "lease.h"

#include <pthread.h>
#include <stdlib.h>

#include "atomics.h"
#include "test.h"

#define NOW UINT64_C(9000000000)
#define MS UINT64_C(1000000)

static struct hami_card card;

static void comes(unsigned seat, uint32_t priority, uint32_t weight, uint64_t now)
{
    struct hami_limits_record record = {.cores_percent = 30, .priority = priority, .weight = weight};
    lease_announce(&card, seat, &record, now, now);
}

static void waits(unsigned seat, uint32_t priority, uint32_t weight, uint64_t now)
{
    comes(seat, priority, weight, now);
    lease_queue(&card, seat, now);
}

static void a_free_lease_is_taken_and_another_waits(void)
{
    comes(3, 1, 1, NOW);
    comes(4, 1, 1, NOW);
    CHECK(lease_holder(&card) < 0);
    CHECK(lease_take(&card, 3, NOW));
    CHECK(lease_holder(&card) == 3 && lease_grant(&card, 3) && !lease_grant(&card, 4));
    CHECK(lease_deadline(&card, 3, NOW) == NOW + LEASE_TURN_NS);
    CHECK(!lease_take(&card, 4, NOW));
    waits(4, 1, 1, NOW);
    CHECK(lease_awaited(&card, 3, NOW) && !lease_awaited(&card, 4, NOW));
    uint32_t before = card.seats[4].futex;
    CHECK(lease_pass(&card, 3, NOW + MS) == &card.seats[4].futex);
    CHECK(card.seats[4].futex != before && lease_holder(&card) == 4 && !lease_awaited(&card, 3, NOW));
}

/* To hand over costs the card time, so units of which few fit in a turn have a longer one. */
static void a_turn_is_four_units_within_bounds(void)
{
    const uint64_t units_ms[] = {0, 2, 4, 5, 50, 5000}, turns_ms[] = {10, 10, 16, 20, 20, 10};
    comes(3, 1, 1, NOW);
    for (int i = 0; i < 6; i++) {
        card.lease = 0;
        card.seats[3].largest_unit_ns = units_ms[i] * MS;
        CHECK(lease_take(&card, 3, NOW) && lease_deadline(&card, 3, NOW) == NOW + turns_ms[i] * MS);
    }
}

static void a_grant_is_told_from_the_one_before(void)
{
    waits(1, 1, 1, NOW);
    CHECK(lease_take(&card, 1, NOW));
    uint64_t first = lease_grant(&card, 1);
    CHECK(lease_pass(&card, 1, NOW) == NULL && lease_holder(&card) < 0);
    CHECK(lease_take(&card, 1, NOW));
    CHECK(lease_grant(&card, 1) != first);
    CHECK(lease_pass(&card, 2, NOW) == NULL && lease_holder(&card) == 1); /* it was not 2's */
}

static void priority_goes_first_then_who_had_least_then_who_waits_longest(void)
{
    waits(1, 1, 1, NOW);
    waits(2, 1, 1, NOW + 1);
    waits(3, 0, 1, NOW + 2);
    waits(4, 1, 1, NOW + 3);
    card.seats[1].turns_ns = 500;
    CHECK(lease_pass(&card, -1, NOW + 4) == &card.seats[3].futex);
    CHECK(lease_pass(&card, 3, NOW + 5) == &card.seats[2].futex);
    CHECK(lease_pass(&card, 2, NOW + 6) == &card.seats[4].futex);
    CHECK(lease_pass(&card, 4, NOW + 7) == &card.seats[1].futex);
    CHECK(lease_pass(&card, 1, NOW + 8) == NULL);
}

static void a_share_of_priority_0_takes_it_from_one_of_1(void)
{
    comes(1, 1, 1, NOW);
    comes(2, 0, 1, NOW);
    CHECK(lease_take(&card, 1, NOW) && lease_take(&card, 2, NOW));
    CHECK(lease_holder(&card) == 2 && !lease_take(&card, 1, NOW));
}

static void a_heavier_share_goes_on_until_it_had_its_weight(void)
{
    comes(1, 1, 3, NOW);
    CHECK(lease_take(&card, 1, NOW));
    waits(2, 1, 1, NOW);
    card.seats[2].turns_ns = card.seats[1].turns_ns + ((uint64_t)LEASE_TURN_NS << 10) - 10;
    uint64_t now = NOW;
    unsigned turns = 0;
    for (; lease_prolong(&card, 1, now += LEASE_TURN_NS); turns++)
        comes(2, 1, 1, now);
    CHECK(turns == 2);
    comes(2, 0, 1, now);
    card.seats[2].turns_ns = UINT64_MAX / 2;
    CHECK(!lease_prolong(&card, 1, now));
}

static void who_was_away_has_saved_up_no_turns(void)
{
    comes(1, 1, 1, NOW);
    card.turns_ns = 700 * MS;
    waits(1, 1, 1, NOW);
    CHECK(card.seats[1].turns_ns == 700 * MS);
}

static void who_is_silent_or_left_counts_no_more(void)
{
    waits(1, 1, 1, NOW);
    waits(2, 1, 1, NOW);
    CHECK(lease_neighbours(&card, 1, NOW).limited);
    CHECK(!lease_neighbours(&card, 1, NOW + LEASE_ACTIVE_NS).limited);
    CHECK(!lease_awaited(&card, 1, NOW + LEASE_ACTIVE_NS));
    CHECK(!lease_neighbours(&card, 1, NOW + 5000 * MS).any && !bit_is_set(card.active, 2)); /* and its bit is taken down */
    CHECK(lease_take(&card, 1, NOW + LEASE_ACTIVE_NS));
    waits(2, 1, 1, NOW + LEASE_ACTIVE_NS);
    CHECK(lease_drop_seat(&card, 1, NOW + LEASE_ACTIVE_NS) == &card.seats[2].futex);
    CHECK(lease_holder(&card) == 2 && lease_drop_seat(&card, 2, NOW + LEASE_ACTIVE_NS) == NULL && lease_holder(&card) < 0);
}

/* Nobody takes turns with it, and it takes none. */
static void a_share_whose_limit_is_not_held_is_at_work_without_one(void)
{
    struct hami_limits_record record = {.cores_percent = 30, .policy = HAMI_CORES_DISABLE, .priority = 1, .weight = 1};
    lease_announce(&card, 2, &record, NOW, NOW);
    CHECK(lease_neighbours(&card, 1, NOW).any && !lease_neighbours(&card, 1, NOW).limited);
    record.policy = HAMI_CORES_DEFAULT;
    lease_announce(&card, 2, &record, NOW, NOW);
    CHECK(lease_neighbours(&card, 1, NOW).limited);
}

static void a_share_without_limit_counts_while_it_is_there(void)
{
    set_bit(card.present, 9);
    CHECK(lease_neighbours(&card, 1, NOW).any && !lease_neighbours(&card, 1, NOW).limited);
    CHECK(!lease_neighbours(&card, 9, NOW).any);
    store_word(&card.seats[9].cores_percent, 20); /* one with a limit says when it works */
    CHECK(!lease_neighbours(&card, 1, NOW).any);
}

static void priority_0_is_known_for_a_while(void)
{
    CHECK(lease_high_until(&card, NOW) == 0);
    comes(1, 0, 1, NOW);
    CHECK(lease_high_until(&card, NOW) == NOW + LEASE_HIGH_NS);
    CHECK(lease_high_until(&card, NOW + LEASE_HIGH_NS) == 0);
    card.high_until_ns = UINT64_MAX;
    CHECK(lease_high_until(&card, NOW) == 0);
    card.high_until_ns = NOW + 900 * MS;
    CHECK(lease_high_until(&card, NOW) == NOW + LEASE_ACTIVE_NS);
}

static void who_keeps_it_too_long_is_overdue(void)
{
    CHECK(!lease_overdue(&card, 5 * MS, NOW));
    comes(1, 1, 1, NOW);
    CHECK(lease_take(&card, 1, NOW));
    CHECK(!lease_overdue(&card, 5 * MS, NOW + 30 * MS) && lease_overdue(&card, 5 * MS, NOW + 31 * MS));
    card.seats[1].largest_unit_ns = 50 * MS;
    CHECK(!lease_overdue(&card, 5 * MS, NOW + 200 * MS) && lease_overdue(&card, 5 * MS, NOW + 211 * MS));
    card.seats[1].largest_unit_ns = UINT64_MAX;
    CHECK(lease_overdue(&card, 5 * MS, NOW + 31 * MS));
    card.seats[1].until_ns = UINT64_MAX; /* a deadline that no grant has is over now */
    CHECK(lease_deadline(&card, 1, NOW) == NOW);
}

static void scribble(uint64_t seed)
{
    uint64_t *words = (uint64_t *)(void *)&card;
    for (size_t i = 0; i < sizeof card / 8; i++)
        words[i] = seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    if (seed % 3 == 0)
        card.lease = seed % 5 ? UINT64_MAX : seed;
}

static void nothing_on_the_page_leads_out_of_it_or_lasts(void)
{
    for (uint64_t seed = 1; seed < 300; seed++) {
        scribble(seed);
        waits(5, 1, 1, NOW);
        (void)lease_neighbours(&card, 5, NOW);
        (void)lease_high_until(&card, NOW);
        (void)lease_prolong(&card, 5, NOW);
        int holder = lease_holder(&card);
        CHECK(holder >= -1 && holder < HAMI_SEATS);
        CHECK(lease_deadline(&card, 5, NOW) <= NOW + LEASE_TURN_MOST_NS && lease_since(&card, 5, NOW) <= NOW);
        (void)lease_pass(&card, holder, NOW);
        (void)lease_take(&card, 5, NOW);
        (void)lease_drop_seat(&card, 5, NOW);
        CHECK(lease_grant(&card, 5) == 0);
        holder = lease_holder(&card);
        if (holder >= 0 && load_relaxed(&card.seats[holder].largest_unit_ns) > 2000 * MS)
            CHECK(lease_overdue(&card, 5 * MS, NOW + LEASE_TURN_MOST_NS + 21 * MS));
    }
}

#define THREADS 4
static uint64_t holders, most;

static void *take_turns(void *argument)
{
    unsigned seat = (unsigned)(uintptr_t)argument;
    for (uint64_t i = 0; i < 20000; i++) {
        if (!lease_take(&card, seat, NOW)) {
            waits(seat, 1, 1, NOW);
            continue;
        }
        uint64_t here = __atomic_add_fetch(&holders, 1, __ATOMIC_SEQ_CST);
        raise_to(&most, here);
        __atomic_fetch_sub(&holders, 1, __ATOMIC_SEQ_CST);
        (void)lease_pass(&card, (int)seat, NOW);
    }
    lease_leave_queue(&card, seat);
    return NULL;
}

static void two_never_have_it_at_once(void)
{
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++) {
        comes((unsigned)i, 1, 1, NOW);
        CHECK(pthread_create(&threads[i], NULL, take_turns, (void *)i) == 0);
    }
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(load_relaxed(&most) == 1);
}

static const struct test TESTS[] = {
    {"a free lease is taken, and passed to who waits", a_free_lease_is_taken_and_another_waits},
    {"a turn is four units, within bounds", a_turn_is_four_units_within_bounds},
    {"a grant is told from the one before", a_grant_is_told_from_the_one_before},
    {"priority goes first, then who had least, then who waits longest", priority_goes_first_then_who_had_least_then_who_waits_longest},
    {"a share of priority 0 takes the lease from one of priority 1", a_share_of_priority_0_takes_it_from_one_of_1},
    {"a heavier share goes on until it has had its weight", a_heavier_share_goes_on_until_it_had_its_weight},
    {"who was away has saved up no turns", who_was_away_has_saved_up_no_turns},
    {"who is silent or left counts no more", who_is_silent_or_left_counts_no_more},
    {"a share whose limit is not held is at work without one", a_share_whose_limit_is_not_held_is_at_work_without_one},
    {"a share without a limit counts while it has a context", a_share_without_limit_counts_while_it_is_there},
    {"priority 0 is known for a while, and never for long", priority_0_is_known_for_a_while},
    {"who keeps the lease for too long is overdue", who_keeps_it_too_long_is_overdue},
    {"nothing that stands on the page leads out of it, or lasts", nothing_on_the_page_leads_out_of_it_or_lasts},
    {"two never have the lease at once", two_never_have_it_at_once},
};

int main(void)
{
    return RUN_TESTS(TESTS);
}
