/* Covers: account.c as it ships: every order in which processes can access the page, under x86-TSO and with kills of owners and of
 * reapers after any access. In no state is more in use than the limit; at each end the sum is what the living believe to hold.
 * A wrong order is found only within what the scenarios do. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "account.h"
#include "actors.h"
#include "test.h"

#define LIMIT 100u
#define OPERATIONS_MAX 4
#define DEPTH_MAX 4000

/* What an actor does, and what it believes to hold. A negative operation gives back, if that much is held. */
struct part {
    uint64_t slot;
    uint64_t believed_bytes;
    int64_t operations[OPERATIONS_MAX];
};

struct scenario {
    unsigned actors, kills; /* of each actor; its reaper, which takes its place, included */
    bool buffers;           /* whether stores wait; else each is seen at once */
    int64_t operations[ACTORS_MAX][OPERATIONS_MAX];
    int64_t successor[OPERATIONS_MAX]; /* of whoever has reaped: it takes over the slot */
};

static struct hami_usage *usage;
static const struct scenario *scenario;

static void operate(struct part *part)
{
    struct account account = account_take_up(usage, (unsigned)part->slot);
    for (int i = 0; i < OPERATIONS_MAX; i++) {
        uint64_t bytes = (uint64_t)llabs(part->operations[i]);
        if (part->operations[i] > 0 && account_reserve(&account, bytes, LIMIT)) {
            part->believed_bytes += bytes;
        } else if (part->operations[i] < 0 && part->believed_bytes >= bytes) {
            account_release(&account, bytes);
            part->believed_bytes -= bytes;
        }
    }
}

static void own(void *part)
{
    operate(part);
}

static void reap_and_succeed(void *part)
{
    account_reap(usage, (unsigned)((struct part *)part)->slot);
    operate(part);
}

static struct part part_of(unsigned actor, const int64_t *operations)
{
    struct part part = {.slot = actor};
    memcpy(part.operations, operations, sizeof part.operations);
    return part;
}

/* Its process dies: what it stored is seen, and whoever gets the slot's lock reaps it. */
static void kill_actor(struct state *state, unsigned actor)
{
    struct part part = part_of(actor, scenario->successor);
    actor_flush_all(state, actor);
    state->actors[actor].kills--;
    actor_begin(state, actor, reap_and_succeed, &part, sizeof part);
}

static uint64_t used_bytes(const struct state *state)
{
    return ((const struct hami_word *)state->shared.word)->used_bytes;
}

static void check_end(const struct state *state)
{
    uint64_t sum = 0;
    static struct hami_usage copy;
    memcpy(&copy.word, state->shared.word, sizeof copy.word);
    memcpy(copy.slots, state->shared.slots, sizeof state->shared.slots);
    for (unsigned i = 0; i < scenario->actors; i++) {
        const struct part *part = actor_argument(state, i, sizeof *part);
        struct account account = account_take_up(&copy, i);
        CHECK(account_held(&account) == part->believed_bytes);
        sum += part->believed_bytes;
    }
    CHECK(used_bytes(state) == sum);
}

/* The states that were seen, by 128 bits of hash each. */
struct seen {
    uint64_t (*keys)[2];
    size_t count, capacity;
};

static struct seen seen;
static uint64_t transitions;

static bool add_key(struct seen *set, const uint64_t key[2])
{
    size_t i = key[0] & (set->capacity - 1);
    for (; set->keys[i][0] | set->keys[i][1]; i = (i + 1) & (set->capacity - 1))
        if (set->keys[i][0] == key[0] && set->keys[i][1] == key[1])
            return false;
    memcpy(set->keys[i], key, sizeof set->keys[i]);
    set->count++;
    return true;
}

static void grow_if_full(struct seen *set)
{
    if (set->capacity && set->count * 2 < set->capacity)
        return;
    struct seen larger = {.capacity = set->capacity ? set->capacity * 2 : 1 << 16};
    larger.keys = calloc(larger.capacity, sizeof *larger.keys);
    CHECK(larger.keys);
    for (size_t i = 0; i < set->capacity; i++)
        if (set->keys[i][0] | set->keys[i][1])
            add_key(&larger, set->keys[i]);
    free(set->keys);
    *set = larger;
}

static bool is_new(const struct state *state)
{
    uint64_t key[2] = {UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xc2b2ae3d27d4eb4f)};
    const uint64_t *words = (const uint64_t *)state;
    size_t count = (offsetof(struct state, actors) + scenario->actors * sizeof(struct actor)) / sizeof *words;
    for (size_t i = 0; i < count; i++) {
        key[0] = (key[0] ^ words[i]) * UINT64_C(0xff51afd7ed558ccd);
        key[0] ^= key[0] >> 32;
        key[1] = (key[1] + words[i]) * UINT64_C(0x9fb21c651e98df25);
        key[1] ^= key[1] >> 29;
    }
    grow_if_full(&seen);
    return add_key(&seen, key);
}

enum move { STEP, FLUSH, KILL, MOVES };

static bool can(const struct state *state, unsigned actor, enum move move)
{
    const struct actor *it = &state->actors[actor];
    if (move == STEP)
        return actor_can_step(state, actor);
    return move == FLUSH ? it->store_count > 0 : !it->finished && it->kills > 0;
}

static void make(struct state *state, unsigned actor, enum move move)
{
    if (move == FLUSH)
        return actor_flush(state, actor);
    if (move == KILL)
        return kill_actor(state, actor);
    actor_step(state, actor);
    if (!scenario->buffers)
        actor_flush_all(state, actor);
}

static void visit(struct state *states, unsigned depth);

static bool try(struct state *states, unsigned depth, unsigned actor, enum move move)
{
    if (!can(&states[depth], actor, move))
        return false;
    states[depth + 1] = states[depth];
    make(&states[depth + 1], actor, move);
    transitions++;
    CHECK(used_bytes(&states[depth + 1]) <= LIMIT);
    if (is_new(&states[depth + 1]))
        visit(states, depth + 1);
    return true;
}

static void visit(struct state *states, unsigned depth)
{
    bool goes_on = false;
    CHECK(depth + 1 < DEPTH_MAX);
    for (unsigned actor = 0; actor < scenario->actors; actor++)
        for (int move = STEP; move < MOVES; move++)
            goes_on |= try(states, depth, actor, move);
    if (!goes_on)
        check_end(&states[depth]);
}

static void explore(const struct scenario *chosen)
{
    struct state *states = mmap(NULL, DEPTH_MAX * sizeof *states, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(states != MAP_FAILED);
    scenario = chosen;
    usage = actors_open();
    for (unsigned i = 0; i < scenario->actors; i++) {
        struct part part = part_of(i, scenario->operations[i]);
        states[0].actors[i].kills = scenario->kills;
        actor_begin(&states[0], i, own, &part, sizeof part);
    }
    visit(states, 0);
    printf("        %zu states, %llu transitions\n", seen.count, (unsigned long long)transitions);
    CHECK(seen.count > 1000);
}

static void two_owners(void)
{
    explore(&(const struct scenario){.actors = 2, .kills = 1, .operations = {{60, 70, -60}, {50, -50, 30}}});
}

static void two_owners_whose_stores_wait(void)
{
    explore(&(const struct scenario){.actors = 2, .kills = 1, .buffers = true, .operations = {{60, -60}, {50}}});
}

static void three_owners(void)
{
    explore(&(const struct scenario){.actors = 3, .operations = {{60}, {50, -50}, {40}}});
}

static void two_owners_and_successors(void)
{
    explore(&(const struct scenario){.actors = 2, .kills = 1, .operations = {{60}, {50}}, .successor = {20}});
}

static void two_owners_whose_stores_wait_for_long(void)
{
    explore(&(const struct scenario){.actors = 2, .kills = 1, .buffers = true, .operations = {{60, 70, -60}, {50, -50, 30}}});
}

static const struct test tests[] = {
    {"explore: two owners and their reapers, in every order", two_owners},
    {"explore: two owners and their reapers under x86-TSO, in every order", two_owners_whose_stores_wait},
    {"explore: three owners, in every order", three_owners},
};

/* HAMI_PROOF_LONG=1: a minute. More actors or kills than these did not end within several. */
static const struct test long_tests[] = {
    {"explore: two owners, their reapers, and the successors of these", two_owners_and_successors},
    {"explore: two owners of three operations under x86-TSO, and their reapers", two_owners_whose_stores_wait_for_long},
};

int main(void)
{
    int status = RUN_TESTS(tests);
    return getenv("HAMI_PROOF_LONG") && !status ? RUN_TESTS(long_tests) : status;
}
