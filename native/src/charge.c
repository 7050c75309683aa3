#include "charge.h"

#include <stddef.h>
#include <stdlib.h>

#include "atomics.h"
#include "membership.h"
#include "pinned.h"
#include "saturating.h"

/* With several shares of a card, processes that each took a part of what was left may all be refused though one could have been
 * served: so a refusal with enough room in sight is tried again. */
#define TRIES 4

uint64_t charge_slabs(uint64_t bytes)
{
    return saturating_round_up(bytes, CHARGE_GRANULARITY_BYTES);
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

/* After an operation: what this process holds now, for itself, and for display what that is made of. */
static void note(struct membership *membership, enum charge_kind kind, uint64_t change)
{
    static const uint8_t offsets[] = {
        [CHARGE_BUFFER] = offsetof(struct hami_slot, buffer_bytes), [CHARGE_MANAGED] = offsetof(struct hami_slot, managed_bytes),
        [CHARGE_ARRAY] = offsetof(struct hami_slot, array_bytes),   [CHARGE_POOL] = offsetof(struct hami_slot, pool_bytes),
        [CHARGE_VMM] = offsetof(struct hami_slot, vmm_bytes),       [CHARGE_CONTEXT] = offsetof(struct hami_slot, context_bytes),
        [CHARGE_GRAPH] = offsetof(struct hami_slot, graph_bytes),
    };
    struct hami_slot *slot = &membership->account.usage->slots[membership->account.slot];
    uint64_t *bytes = (uint64_t *)((char *)slot + offsets[kind]);
    store_relaxed(bytes, load_relaxed(bytes) + change);
    uint64_t *held = &membership->glance.held_bytes;
    store_relaxed(held, load_relaxed(held) + change);
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
        note(membership, charge->kind, 0 - part);
        charge->parts[i] -= part;
        charge->bytes -= part;
    }
}

/* What a share may pin by this charge; UINT64_MAX where that is not bounded. */
static uint64_t pinned_most(const struct membership *membership, const struct charge *charge)
{
    return pinned_kind(charge->card, charge->kind) ? pinned_ceiling(&membership->limits) : UINT64_MAX;
}

/* Bytes that the share may still pin by this charge. */
static uint64_t pinned_room(const struct membership *membership, const struct charge *charge)
{
    uint64_t most = pinned_most(membership, charge);
    if (most == UINT64_MAX)
        return UINT64_MAX;
    uint64_t held = pinned_held(charge->card, membership->account.usage);
    return most > held ? most - held : 0;
}

/* Whether the share pins more than it may, the part that was just noted included. Of processes that take the last of it at once each reserves and
 * notes its part before it looks at what the others have: so who does not see another's reservation in the sum is seen by that one among the
 * notes, and not both pass; at worst none does. A share that uses less in all pins less, and its slots need no walk. */
static bool pins_too_much(const struct membership *membership, const struct charge *charge)
{
    uint64_t most = pinned_most(membership, charge);
    if (most == UINT64_MAX)
        return false;
    order_all();
    return account_used(membership->account.usage) > most && pinned_held(charge->card, membership->account.usage) > most;
}

/* Take a part of a charge on one share. False: refused, nothing is taken. */
static bool take_part(struct membership *membership, const struct charge *charge, uint64_t part)
{
    if (!account_reserve(&membership->account, part, ceiling(membership)))
        return false;
    note(membership, charge->kind, part);
    if (!pins_too_much(membership, charge))
        return true;
    account_release(&membership->account, part);
    note(membership, charge->kind, 0 - part);
    return false;
}

static uint64_t smaller(uint64_t one, uint64_t other)
{
    return one < other ? one : other;
}

/* Take what each share has, in order; the last one must have the rest. What that one has is not looked at before: reading the sum would
 * bring its cache line here twice, and what it pins is a walk over all slots. */
static bool try_grow(struct process *process, struct charge *charge, uint64_t bytes)
{
    uint64_t before = charge->bytes;
    for (unsigned i = 0; i < charge->card->share_count && charge->bytes < bytes; i++) {
        struct membership *membership = membership_of(process, charge->card->shares[i]);
        if (!membership)
            continue;
        bool last = i + 1 == charge->card->share_count;
        uint64_t wanted = bytes - charge->bytes;
        uint64_t part = last ? wanted : smaller(wanted, smaller(room(membership), pinned_room(membership, charge)));
        if (!part || !take_part(membership, charge, part))
            continue;
        charge->parts[i] += part;
        charge->bytes += part;
    }
    if (charge->bytes >= bytes)
        return true;
    shrink(process, charge, before);
    return false;
}

static uint64_t room_for(struct process *process, const struct charge *charge)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < charge->card->share_count; i++) {
        struct membership *membership = membership_of(process, charge->card->shares[i]);
        sum += membership ? smaller(room(membership), pinned_room(membership, charge)) : 0;
    }
    return sum;
}

static bool grow(struct process *process, struct charge *charge, uint64_t bytes)
{
    bool swept = false;
    for (int try = 0; try < TRIES; try++) {
        if (try_grow(process, charge, bytes))
            return true;
        bool in_sight = room_for(process, charge) >= bytes - charge->bytes;
        if (!in_sight && swept)
            break;
        if (!in_sight)
            membership_sweep(process, charge->card);
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

/* Not by calloc, for which libc has no shortcut for small sizes. What is charged is entered by charge_keep. */
static struct charge *new_charge(const struct card *card, enum charge_kind kind)
{
    struct charge *charge = malloc(sizeof *charge + card->share_count * sizeof *charge->parts);
    if (!charge)
        return NULL;
    charge->card = card;
    charge->kind = kind;
    charge->bytes = 0;
    for (unsigned i = 0; i < card->share_count; i++)
        charge->parts[i] = 0;
    return charge;
}

struct charge *charge_reserve(const struct card *card, enum charge_kind kind, uint64_t bytes)
{
    struct process *process = process_enter();
    if (!process)
        return NULL;
    struct charge *charge = new_charge(card, kind);
    bool granted = charge && address_map_reserve(&process->map) && (bytes == 0 || grow(process, charge, bytes));
    process_leave(process);
    if (granted)
        return charge;
    free(charge);
    return NULL;
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
