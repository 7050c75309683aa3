/* Actors: functions of the shipped object code that share one usage page, and are run one access to that page at a time. The page is
 * out of reach while they run, so that each access faults; it is let through alone, by a single step. All of an actor (registers,
 * stack, stores under way) can be copied, so every order of accesses can be tried from one and the same state.
 *
 * Memory is x86-TSO: a store waits in its actor's buffer until it is flushed, loads see the own buffer first, and an instruction with
 * a lock prefix waits until the buffer is empty. Not here: what actors do, and in which orders (proof_explore.c). x86-64 only. */
#ifndef HAMI_PROOF_ACTORS_H
#define HAMI_PROOF_ACTORS_H

#include <stdbool.h>

#include "hami_pages.h"

enum { ACTORS_MAX = 3, ACTOR_STACK_BYTES = 1024, ACTOR_STORES_MAX = 16, ACTOR_REGISTERS = 18, ACTOR_SLOTS = 3 };

/* What a state has of the page: the lines that accounting touches. Slots from 0 on. */
struct shared {
    uint8_t word[64], totals[64];
    struct hami_slot slots[ACTOR_SLOTS];
};

struct buffered_store {
    uint64_t offset_bytes, value;
};

struct actor {
    uint64_t registers[ACTOR_REGISTERS];
    uint8_t vectors[256];
    uint8_t stack[ACTOR_STACK_BYTES]; /* its argument lies at the top of it */
    struct buffered_store stores[ACTOR_STORES_MAX];
    uint64_t store_count;
    uint64_t next_store; /* offset of the access that comes next, if it is a plain store; else NO_STORE */
    uint64_t finished, locked, kills;
};
#define NO_STORE UINT64_MAX

struct state {
    struct shared shared;
    struct actor actors[ACTORS_MAX];
};

/* The page as actors see it: to be handed to them only. Call this first. */
struct hami_usage *actors_open(void);

/* Let an actor begin: it comes as far as its first access. `argument` is copied to its own memory. */
void actor_begin(struct state *state, unsigned actor, void (*body)(void *), const void *argument, unsigned long bytes);

/* What its argument has become. */
const void *actor_argument(const struct state *state, unsigned actor, unsigned long bytes);

/* Whether its next access can be made now; and make it. */
bool actor_can_step(const struct state *state, unsigned actor);
void actor_step(struct state *state, unsigned actor);

/* Let the oldest store of its buffer reach the page; or all, as the kernel does when a process dies. */
void actor_flush(struct state *state, unsigned actor);
void actor_flush_all(struct state *state, unsigned actor);

#endif
