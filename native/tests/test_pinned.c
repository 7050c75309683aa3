/* Covers: what a share may pin of an oversubscribed card, on its pages: by kind, by processes together and dead, and by who takes the last. */
#include <sys/mman.h>
#include <unistd.h>

#include "charge.h"
#include "fixture.h"
#include "pinned.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-00000000beef"

static const struct card *oversubscribed(uint64_t memory_bytes, uint64_t pinned_bytes)
{
    fixture_share("a", CARD, memory_bytes);
    fixture_oversubscribe("a", true, pinned_bytes);
    CHECK(shares_card(CARD)->is_managed);
    return shares_card(CARD);
}

/* Take so much, and give it back. False: refused. */
static bool can_take(const struct card *card, enum charge_kind kind, uint64_t bytes)
{
    struct charge *charge = charge_reserve(card, kind, bytes);
    if (charge)
        charge_cancel(charge);
    return charge != NULL;
}

static void by_kind(void)
{
    static const enum charge_kind pinned[] = {CHARGE_ARRAY, CHARGE_POOL, CHARGE_VMM, CHARGE_CONTEXT, CHARGE_GRAPH};
    enum { KINDS = sizeof pinned / sizeof *pinned };
    const struct card *card = oversubscribed(MIB(100), MIB(20));
    struct charge *taken[KINDS];
    for (size_t i = 0; i < KINDS; i++)
        CHECK((taken[i] = charge_reserve(card, pinned[i], MIB(4))) != NULL);
    for (size_t i = 0; i < KINDS; i++)
        CHECK(!can_take(card, pinned[i], MIB(2)));
    struct charge *managed = charge_reserve(card, CHARGE_MANAGED, MIB(40)), *buffer = charge_reserve(card, CHARGE_BUFFER, MIB(40));
    CHECK(managed && buffer && !can_take(card, CHARGE_BUFFER, MIB(2)));
    CHECK(charge_resize(buffer, MIB(2)) && charge_resize(buffer, MIB(40)));
    CHECK(fixture_open("a").usage->word.used_bytes == MIB(100));
    charge_cancel(managed);
    charge_cancel(buffer);
    for (size_t i = 0; i < KINDS; i++)
        charge_cancel(taken[i]);
    CHECK(fixture_open("a").usage->word.used_bytes == 0);
}

/* A share of the card beside it that is not to be evicted makes all buffers device memory. */
static void buffers_beside_a_share_that_is_not_managed(void)
{
    fixture_share("a", CARD, MIB(100));
    fixture_oversubscribe("a", true, MIB(20));
    fixture_share("b", CARD, MIB(2));
    const struct card *card = shares_card(CARD);
    CHECK(card->is_oversubscribed && !card->is_managed);
    struct charge *buffer = charge_reserve(card, CHARGE_BUFFER, MIB(16));
    CHECK(buffer && !can_take(card, CHARGE_VMM, MIB(8)) && can_take(card, CHARGE_VMM, MIB(6)) && !can_take(card, CHARGE_BUFFER, MIB(8)));
    charge_cancel(buffer);
    CHECK(can_take(card, CHARGE_BUFFER, MIB(22)));
}

static void what_grows_is_bounded_too(void)
{
    const struct card *card = oversubscribed(MIB(100), MIB(20));
    struct charge *pool = charge_reserve(card, CHARGE_POOL, MIB(10));
    CHECK(pool && !charge_resize(pool, MIB(22)) && pool->bytes == MIB(10));
    CHECK(charge_resize(pool, MIB(20)) && fixture_open("a").usage->word.used_bytes == MIB(20));
    charge_cancel(pool);
    CHECK(fixture_open("a").usage->word.used_bytes == 0 && can_take(card, CHARGE_VMM, MIB(20)));
}

/* Pins 16 MiB, says so on a pipe, and stays. */
static void pin_and_stay(void *argument)
{
    const int *channel = argument;
    CHECK(charge_reserve(shares_card(CARD), CHARGE_VMM, MIB(16)) != NULL && write(channel[1], "x", 1) == 1);
    pause();
}

static void processes_together_and_dead_ones_not(void)
{
    const struct card *card = oversubscribed(MIB(100), MIB(20));
    int channel[2];
    char byte;
    CHECK(pipe(channel) == 0);
    pid_t process = start(pin_and_stay, channel);
    CHECK(read(channel[0], &byte, 1) == 1);
    CHECK(!can_take(card, CHARGE_VMM, MIB(6)));
    struct charge *charge = charge_reserve(card, CHARGE_VMM, MIB(4));
    CHECK(charge != NULL);
    kill_and_join(process);
    CHECK(!can_take(card, CHARGE_VMM, MIB(18)) && can_take(card, CHARGE_VMM, MIB(16)));
    charge_cancel(charge);
}

#define RACERS 4
#define ROUNDS 300

/* Takes more than half of what may be pinned, again and again; `argument` counts who has it at the moment. */
static void race(void *argument)
{
    int *holders = argument;
    for (int round = 0; round < ROUNDS; round++) {
        struct charge *charge = charge_reserve(shares_card(CARD), CHARGE_VMM, MIB(12));
        if (!charge)
            continue;
        CHECK(__atomic_add_fetch(holders, 1, __ATOMIC_SEQ_CST) == 1);
        __atomic_sub_fetch(holders, 1, __ATOMIC_SEQ_CST);
        charge_cancel(charge);
    }
}

static void races(void)
{
    const struct card *card = oversubscribed(MIB(1000), MIB(20));
    pid_t racers[RACERS];
    int *holders = mmap(NULL, sizeof *holders, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(holders != MAP_FAILED);
    for (int i = 0; i < RACERS; i++)
        racers[i] = start(race, holders);
    for (int i = 0; i < RACERS; i++)
        join(racers[i]);
    CHECK(can_take(card, CHARGE_VMM, MIB(20)));
}

static void overhead_is_pinned(void)
{
    struct hami_limits_record limits = {.flags = HAMI_LIMITS_MANAGED, .pinned_bytes = MIB(20), .overhead_bytes = MIB(5)};
    CHECK(pinned_ceiling(&limits) == MIB(15));
    limits.overhead_bytes = MIB(30);
    CHECK(pinned_ceiling(&limits) == 0);
    limits.pinned_bytes = 0;
    CHECK(pinned_ceiling(&limits) == UINT64_MAX);
    limits = (struct hami_limits_record){.pinned_bytes = MIB(20)};
    CHECK(pinned_ceiling(&limits) == UINT64_MAX);
}

static const struct test tests[] = {
    {"pinned: all kinds but buffers and managed memory are bounded together", by_kind},
    {"pinned: buffers are, beside a share of the card that is not managed", buffers_beside_a_share_that_is_not_managed},
    {"pinned: what grows is bounded too, and what is given back can be had again", what_grows_is_bounded_too},
    {"pinned: processes together, and dead ones not", processes_together_and_dead_ones_not},
    {"pinned: processes that take the last of it at once", races},
    {"pinned: overhead counts, and shares of other cards are not bounded", overhead_is_pinned},
};

int main(void)
{
    return RUN_TESTS(tests);
}
