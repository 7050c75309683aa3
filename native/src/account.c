#include "account.h"

#include <string.h>

#include "atomics.h"

#define SEQ_BITS 48
#define SEQ_MASK ((UINT64_C(1) << SEQ_BITS) - 1)

static uint64_t tag_of(unsigned slot, uint64_t seq)
{
    return (uint64_t)slot << SEQ_BITS | (seq & SEQ_MASK);
}

struct account account_take_up(struct hami_usage *usage, unsigned slot)
{
    const struct hami_slot *place = &usage->slots[slot];
    struct account account = {.usage = usage, .slot = slot, .seq = load_acquire(&place->seq)};
    /* The tag before `done`: a peer raises `done` before it overwrites the tag, so one of the two is seen. */
    uint64_t tag = load_acquire(&usage->word.tag);
    uint64_t done = load_acquire(&place->done);
    if (account.seq && tag != tag_of(slot, account.seq) && done < account.seq)
        account.seq--;
    return account;
}

uint64_t account_held(const struct account *account)
{
    return load_relaxed(&account->usage->slots[account->slot].charge_bytes[account->seq & 1]);
}

static void begin(struct account *account, uint64_t held_after)
{
    struct hami_slot *slot = &account->usage->slots[account->slot];
    uint64_t seq = account->seq + 1;
    store_relaxed(&slot->charge_bytes[seq & 1], held_after);
    store_release(&slot->seq, seq);
}

static void acknowledge(const struct account *account, uint64_t tag)
{
    uint64_t writer = tag >> SEQ_BITS;
    if (writer >= HAMI_SLOTS)
        return; /* no slot: a page that was scribbled on must not lead us out of it */
    if (writer != account->slot)
        raise_to(&account->usage->slots[writer].done, tag & SEQ_MASK);
}

static struct hami_word read_word(const struct hami_usage *usage)
{
    own_line_soon(&usage->word);
    struct hami_word word = {.tag = load_acquire(&usage->word.tag)};
    word.used_bytes = load_relaxed(&usage->word.used_bytes);
    return word;
}

static bool try_swap(struct account *account, struct hami_word seen, uint64_t used_after)
{
    uint64_t seq = account->seq + 1;
    struct hami_word wanted = {.used_bytes = used_after, .tag = tag_of(account->slot, seq)};
    acknowledge(account, seen.tag);
    if (!swap_word(&account->usage->word, seen, wanted))
        return false;
    account->seq = seq;
    return true;
}

bool account_reserve(struct account *account, uint64_t bytes, uint64_t ceiling_bytes)
{
    struct hami_word seen;
    begin(account, account_held(account) + bytes);
    do {
        seen = read_word(account->usage);
        if (seen.used_bytes > ceiling_bytes || bytes > ceiling_bytes - seen.used_bytes)
            return false;
    } while (!try_swap(account, seen, seen.used_bytes + bytes));
    raise_to(&account->usage->peak_bytes, seen.used_bytes + bytes);
    return true;
}

void account_release(struct account *account, uint64_t bytes)
{
    struct hami_word seen;
    begin(account, account_held(account) - bytes);
    do
        seen = read_word(account->usage);
    while (!try_swap(account, seen, seen.used_bytes - bytes));
}

/* What the slot's charge is made of, for display. */
static void forget_kinds(struct hami_slot *slot)
{
    uint64_t *kinds = &slot->buffer_bytes;
    for (int kind = 0; kind < 8; kind++)
        if (load_relaxed(&kinds[kind]))
            store_relaxed(&kinds[kind], 0);
}

/* A process that died between a refund and its note of what that was leaves bytes by kind, and holds none. */
static bool shows_kinds(const struct hami_slot *slot)
{
    const uint64_t *kinds = &slot->buffer_bytes;
    uint64_t shown = 0;
    for (int kind = 0; kind < 8; kind++)
        shown |= load_relaxed(&kinds[kind]);
    return shown != 0;
}

bool account_to_reap(struct hami_usage *usage, unsigned slot)
{
    struct account account = account_take_up(usage, slot);
    return account.seq && (account_held(&account) || shows_kinds(&usage->slots[slot]));
}

void account_reap(struct hami_usage *usage, unsigned slot)
{
    struct account account = account_take_up(usage, slot);
    uint64_t held = account_held(&account);
    forget_kinds(&usage->slots[slot]); /* first: a reaper that dies before the refund leaves a slot that is reaped again */
    if (!held)
        return;
    account_release(&account, held);
    add_relaxed(&usage->reaps, 1);
}
