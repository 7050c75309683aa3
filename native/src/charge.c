#include "charge.h"

#include <stdlib.h>
#include <time.h>

#include "atomics.h"
#include "saturating.h"
#include "slot.h"

/* With several shares of a card, processes that each took a part of what was left may all be refused though one could have been
 * served: so a refusal with enough room in sight is tried again. */
#define TRIES 4

#define SWEEP_INTERVAL_NS 10000000u /* coarse clocks tick every 4 ms or so */
#define TEARDOWN_NS UINT64_C(2000000000) /* a driver may take so long to take apart what a dead process held */

uint64_t charge_slabs(uint64_t bytes)
{
    return saturating_round_up(bytes, CHARGE_GRANULARITY_BYTES);
}

/* CLOCK_MONOTONIC, within a tick; 0 where it cannot be read. */
static uint64_t coarse_now_ns(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC_COARSE, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
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
    uint64_t *const kinds[] = {
        [CHARGE_BUFFER] = &slot->buffer_bytes, [CHARGE_MANAGED] = &slot->managed_bytes, [CHARGE_ARRAY] = &slot->array_bytes,
        [CHARGE_POOL] = &slot->pool_bytes,     [CHARGE_VMM] = &slot->vmm_bytes,         [CHARGE_CONTEXT] = &slot->context_bytes,
    };
    uint64_t *bytes = kinds[kind];
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
    return false;
}

void charge_count_refusal(const struct card *card)
{
    if (card->share_count)
        add_relaxed(&card->shares[0]->pages.usage->refusals, 1);
}

bool charge_resize_inside(struct process *process, struct charge *charge, uint64_t bytes)
{
    if (bytes > charge->bytes)
        return grow(process, charge, bytes);
    shrink(process, charge, bytes);
    return true;
}

bool charge_resize(struct charge *charge, uint64_t bytes)
{
    struct process *process = process_enter();
    bool granted = charge_resize_inside(process, charge, bytes);
    process_leave(process);
    return granted;
}

struct charge *charge_try_reserve(const struct card *card, enum charge_kind kind, uint64_t bytes)
{
    struct process *process = process_enter();
    if (!process)
        return NULL;
    struct charge *charge = calloc(1, sizeof *charge + card->share_count * sizeof *charge->parts);
    bool granted = false;
    if (charge && address_map_reserve(&process->map)) {
        charge->card = card;
        charge->kind = kind;
        granted = bytes == 0 || grow(process, charge, bytes);
    }
    process_leave(process);
    if (granted)
        return charge;
    free(charge);
    return NULL;
}

struct charge *charge_reserve(const struct card *card, enum charge_kind kind, uint64_t bytes)
{
    struct charge *charge = charge_try_reserve(card, kind, bytes);
    if (!charge)
        charge_count_refusal(card);
    return charge;
}

void charge_keep(struct charge *charge, enum address_kind kind, CUdeviceptr address, CUcontext context)
{
    struct process *process = process_enter();
    charge->entry.kind = kind;
    charge->entry.address = address;
    charge->entry.context = context;
    address_map_put(&process->map, &charge->entry);
    process_leave(process);
}

/* Whether a process that died was refunded on the card within the last TEARDOWN_NS, as far as this process saw it. */
static bool refunded_lately(struct membership *membership, const struct share *share, uint64_t now_ns)
{
    uint64_t reaps = load_relaxed(&share->pages.usage->reaps);
    if (reaps != membership->reaps_seen) {
        membership->reaps_seen = reaps;
        membership->refunded_at_ns = now_ns;
    }
    return membership->refunded_at_ns && now_ns - membership->refunded_at_ns < TEARDOWN_NS;
}

bool charge_card_refunded_lately(const struct card *card)
{
    bool lately = false;
    struct process *process = process_enter();
    if (!process)
        return false;
    for (unsigned i = 0; i < card->share_count; i++)
        lately |= refunded_lately(&process->memberships[card->shares[i]->number], card->shares[i], coarse_now_ns());
    process_leave(process);
    return lately;
}

struct charge *charge_take(enum address_kind kind, CUdeviceptr address)
{
    struct process *process = process_enter();
    if (!process)
        return NULL;
    struct address_entry *entry = address_map_take(&process->map, kind, address);
    process_leave(process);
    return (struct charge *)entry;
}

void charge_cancel(struct charge *charge)
{
    struct process *process = process_enter();
    shrink(process, charge, 0);
    process_leave(process);
    free(charge);
}

uint64_t charge_mark(void)
{
    struct process *process = process_enter();
    if (!process)
        return 0;
    uint64_t mark = process->map.last_serial;
    process_leave(process);
    return mark;
}

void charge_cancel_context(CUcontext context, uint64_t mark)
{
    struct process *process = process_enter();
    if (!process)
        return;
    struct address_entry *entry = address_map_take_context(&process->map, context, mark);
    while (entry) {
        struct charge *charge = (struct charge *)entry;
        entry = entry->next;
        shrink(process, charge, 0);
        free(charge);
    }
    process_leave(process);
}

/* Whoever asks what is left, asks often, and looking for the dead costs microseconds: once in a while will do. A refusal does not
 * wait for it (grow). */
static bool sweep_is_due(struct process *process, const struct card *card)
{
    uint64_t now_ns = coarse_now_ns();
    if (!card->share_count || !now_ns)
        return false;
    uint64_t *swept_at_ns = &process->memberships[card->shares[0]->number].swept_at_ns;
    if (*swept_at_ns && now_ns - *swept_at_ns < SWEEP_INTERVAL_NS)
        return false;
    *swept_at_ns = now_ns;
    return true;
}

struct card_memory charge_card_memory(const struct card *card)
{
    struct card_memory memory = {0, 0};
    struct process *process = process_enter();
    if (!process)
        return memory;
    if (sweep_is_due(process, card))
        sweep(process, card);
    for (unsigned i = 0; i < card->share_count; i++) {
        const struct hami_limits_record *limits = limits_of(process, card->shares[i]);
        memory.limit += limits ? limits->memory_bytes : 0;
        memory.used += (limits ? limits->overhead_bytes : 0) + account_used(card->shares[i]->pages.usage);
    }
    process_leave(process);
    return memory;
}
