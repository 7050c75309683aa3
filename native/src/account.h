/* Accounting on one usage page: every operation is one compare-and-swap of the word {used bytes, last writer}, arranged so that
 * what a process holds can be told exactly at whatever instruction it dies. Pure: it touches the page alone.
 *
 * An operation of slot s has the next sequence number q. It (1) writes what s will hold into charge_bytes[q & 1], (2) stores q
 * in `seq`, (3) reads the word, (4) raises `done` of the slot that wrote it last, since that trace is about to be overwritten,
 * (5) swaps in the new sum with its own tag (s, q). So q took effect if and only if the word still says (s, q) or s's `done`
 * has reached q; else charge_bytes[(q - 1) & 1] holds. A refused operation took no effect and its number is used again.
 * Over its own trace a slot writes without (4): it has stored the next number, and nobody asks for the last one any more.
 *
 * One writer per slot at a time: whoever holds the slot's lock (slot.h), one thread. Not here: locks, limits, addresses. */
#ifndef HAMI_ACCOUNT_H
#define HAMI_ACCOUNT_H

#include <stdbool.h>

#include "atomics.h"
#include "hami_pages.h"

/* A slot that the caller may write, and its last operation that took effect. */
struct account {
    struct hami_usage *usage;
    unsigned slot;
    uint64_t seq;
};

/* Take up a slot whose lock is held, dead or new. */
struct account account_take_up(struct hami_usage *usage, unsigned slot);

/* What the slot holds. */
uint64_t account_held(const struct account *account);

/* Charge bytes where the page's sum stays within the ceiling; false: refused, nothing changed. */
bool account_reserve(struct account *account, uint64_t bytes, uint64_t ceiling_bytes);

/* Give bytes back; at most what the slot holds. */
void account_release(struct account *account, uint64_t bytes);

/* Whether a slot has anything to refund or to forget, if its process is dead; of a living one it says nothing. */
bool account_to_reap(struct hami_usage *usage, unsigned slot);

/* Refund all that a dead process held, whose slot's lock the caller holds. Can be broken off and done again. */
void account_reap(struct hami_usage *usage, unsigned slot);

/* Bytes in use on the page. */
static inline uint64_t account_used(const struct hami_usage *usage)
{
    return load_relaxed(&usage->word.used_bytes);
}

#endif
