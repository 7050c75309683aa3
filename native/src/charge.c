#include "charge.h"

#include <stdlib.h>
#include <time.h>

#include "atomics.h"
#include "slot.h"

/* With several shares of a card, processes that each took a part of what was left may all be refused though one could have been
 * served: so a refusal with enough room in sight is tried again. */
#define TRIES 4

#define SWEEP_INTERVAL_NS 10000000u /* coarse clocks tick every 4 ms or so */

uint64_t charge_slabs(uint64_t bytes)
{
    uint64_t padded;
    if (__builtin_add_overflow(bytes, CHARGE_GRANULARITY_BYTES - 1, &padded))
        return UINT64_MAX;
    return padded & ~(CHARGE_GRANULARITY_BYTES - 1);
}

static struct process *enter(void)
{
    struct process *process = process_get();
    if (process)
        pthread_mutex_lock(&process->lock);
    return process;
}

static void leave(struct process *process)
{
    pthread_mutex_unlock(&process->lock);
}

/* The limits in force on a share, or, where its page is torn, those that were last in force; NULL where there never were any. */
static const struct hami_limits_record *limits_of(struct process *process, const struct share *share)
{
    struct hami_limits_record *limits = &process->memberships[share->number].limits;
    bool current = limits->version && load_acquire(&share->pages.limits->version) == limits->version;
    if (!current && !pages_read_limits(&share->pages, limits) && !limits->version)
        return NULL;
    return limits;
}

/* This process's place on a share, with the limits in force; NULL where it can have none. */
static struct membership *member(struct process *process, const struct share *share)
{
    struct membership *membership = &process->memberships[share->number];
    if (membership->state == NOT_CLAIMED)
        membership->state = slot_claim(&share->pages, &membership->account) ? CLAIMED : CANNOT_CLAIM;
    return membership->state == CLAIMED && limits_of(process, share) ? membership : NULL;
}

/* What processes may account on a share. */
static uint64_t ceiling(const struct membership *membership)
{
    const struct hami_limits_record *limits = &membership->limits;
    return limits->memory_bytes > limits->overhead_bytes ? limits->memory_bytes - limits->overhead_bytes : 0;
}

static uint64_t room(const struct membership *membership)
{
    uint64_t most = ceiling(membership), used = account_used(membership->account.usage);
    return most > used ? most - used : 0;
}

/* For display only: what the slot's charge is made of. */
static void note_kind(const struct membership *membership, enum charge_kind kind, uint64_t change)
{
    struct hami_slot *slot = &membership->account.usage->slots[membership->account.slot];
    uint64_t *bytes = kind == CHARGE_MANAGED ? &slot->managed_bytes : &slot->buffer_bytes;
    store_relaxed(bytes, load_relaxed(bytes) + change);
}

static void shrink(struct process *process, struct charge *charge, uint64_t bytes)
{
    for (unsigned i = charge->card->share_count; i-- > 0 && charge->bytes > bytes;) {
        uint64_t surplus = charge->bytes - bytes;
        uint64_t part = surplus < charge->parts[i] ? surplus : charge->parts[i];
        if (!part)
            continue;
        struct membership *membership = &process->memberships[charge->card->shares[i]->number];
        account_release(&membership->account, part);
        note_kind(membership, charge->kind, 0 - part);
        charge->parts[i] -= part;
        charge->bytes -= part;
    }
}

/* Take what each share has, in order; the last one must have the rest. */
static bool try_grow(struct process *process, struct charge *charge, uint64_t bytes)
{
    uint64_t before = charge->bytes;
    for (unsigned i = 0; i < charge->card->share_count && charge->bytes < bytes; i++) {
        struct membership *membership = member(process, charge->card->shares[i]);
        if (!membership)
            continue;
        uint64_t part = bytes - charge->bytes, left = room(membership);
        if (part > left && i + 1 < charge->card->share_count)
            part = left;
        if (!part || !account_reserve(&membership->account, part, ceiling(membership)))
            continue;
        note_kind(membership, charge->kind, part);
        charge->parts[i] += part;
        charge->bytes += part;
    }
    if (charge->bytes >= bytes)
        return true;
    shrink(process, charge, before);
    return false;
}

static uint64_t card_room(struct process *process, const struct card *card)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < card->share_count; i++) {
        struct membership *membership = member(process, card->shares[i]);
        sum += membership ? room(membership) : 0;
    }
    return sum;
}

static void sweep(struct process *process, const struct card *card)
{
    for (unsigned i = 0; i < card->share_count; i++) {
        const struct membership *membership = &process->memberships[card->shares[i]->number];
        slot_sweep(&card->shares[i]->pages, membership->state == CLAIMED ? membership->account.slot : HAMI_SLOTS);
    }
}

static bool grow(struct process *process, struct charge *charge, uint64_t bytes)
{
    bool swept = false;
    for (int try = 0; try < TRIES; try++) {
        bool in_sight = card_room(process, charge->card) >= bytes - charge->bytes;
        if (in_sight && try_grow(process, charge, bytes))
            return true;
        if (!in_sight && swept)
            break;
        if (!in_sight)
            sweep(process, charge->card);
        swept |= !in_sight;
    }
    if (charge->card->share_count)
        add_relaxed(&charge->card->shares[0]->pages.usage->refusals, 1);
    return false;
}

bool charge_resize(struct charge *charge, uint64_t bytes)
{
    struct process *process = enter();
    bool granted = true;
    if (bytes > charge->bytes)
        granted = grow(process, charge, bytes);
    else
        shrink(process, charge, bytes);
    leave(process);
    return granted;
}

struct charge *charge_reserve(const struct card *card, enum charge_kind kind, uint64_t bytes)
{
    struct process *process = enter();
    if (!process)
        return NULL;
    struct charge *charge = calloc(1, sizeof *charge + card->share_count * sizeof *charge->parts);
    bool granted = false;
    if (charge && address_map_reserve(&process->map)) {
        charge->card = card;
        charge->kind = kind;
        granted = bytes == 0 || grow(process, charge, bytes);
    }
    leave(process);
    if (granted)
        return charge;
    free(charge);
    return NULL;
}

void charge_keep(struct charge *charge, CUdeviceptr address, CUcontext context)
{
    struct process *process = enter();
    charge->entry.address = address;
    charge->entry.context = context;
    address_map_put(&process->map, &charge->entry);
    leave(process);
}

struct charge *charge_take(CUdeviceptr address)
{
    struct process *process = enter();
    if (!process)
        return NULL;
    struct address_entry *entry = address_map_take(&process->map, address);
    leave(process);
    return (struct charge *)entry;
}

void charge_cancel(struct charge *charge)
{
    struct process *process = enter();
    shrink(process, charge, 0);
    leave(process);
    free(charge);
}

uint64_t charge_mark(void)
{
    struct process *process = enter();
    if (!process)
        return 0;
    uint64_t mark = process->map.last_serial;
    leave(process);
    return mark;
}

void charge_cancel_context(CUcontext context, uint64_t mark)
{
    struct process *process = enter();
    if (!process)
        return;
    struct address_entry *entry = address_map_take_context(&process->map, context, mark);
    while (entry) {
        struct charge *charge = (struct charge *)entry;
        entry = entry->next;
        shrink(process, charge, 0);
        free(charge);
    }
    leave(process);
}

/* Whoever asks what is left, asks often, and looking for the dead costs microseconds: once in a while will do. A refusal does not
 * wait for it (grow). */
static bool sweep_is_due(struct process *process, const struct card *card)
{
    struct timespec now;
    if (!card->share_count || clock_gettime(CLOCK_MONOTONIC_COARSE, &now) != 0)
        return false;
    uint64_t now_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    uint64_t *swept_at_ns = &process->memberships[card->shares[0]->number].swept_at_ns;
    if (*swept_at_ns && now_ns - *swept_at_ns < SWEEP_INTERVAL_NS)
        return false;
    *swept_at_ns = now_ns;
    return true;
}

struct card_memory charge_card_memory(const struct card *card)
{
    struct card_memory memory = {0, 0};
    struct process *process = enter();
    if (!process)
        return memory;
    if (sweep_is_due(process, card))
        sweep(process, card);
    for (unsigned i = 0; i < card->share_count; i++) {
        const struct hami_limits_record *limits = limits_of(process, card->shares[i]);
        memory.limit += limits ? limits->memory_bytes : 0;
        memory.used += (limits ? limits->overhead_bytes : 0) + account_used(card->shares[i]->pages.usage);
    }
    leave(process);
    return memory;
}
