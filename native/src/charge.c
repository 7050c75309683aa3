#include "charge.h"

#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include "atomics.h"
#include "pinned.h"
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

/* The limits as last read, for who has not the lock (glance_at). */
static void show_limits(struct membership *membership)
{
    struct glance *glance = &membership->glance;
    store_relaxed(&glance->version, 0);
    __atomic_thread_fence(__ATOMIC_RELEASE); /* who sees one of these values, sees that the version is another */
    store_relaxed(&glance->memory_bytes, membership->limits.memory_bytes);
    store_relaxed(&glance->overhead_bytes, membership->limits.overhead_bytes);
    store_release(&glance->version, membership->limits.version);
}

/* The limits in force on a share, or, where its page is torn, those that were last in force; NULL where there never were any. */
static const struct hami_limits_record *limits_of(struct process *process, const struct share *share)
{
    struct hami_limits_record *limits = &process->memberships[share->number].limits;
    bool current = limits->version && load_acquire(&share->pages.limits->version) == limits->version;
    if (!current && pages_read_limits(&share->pages, limits))
        show_limits(&process->memberships[share->number]);
    return limits->version ? limits : NULL;
}

/* This process's place on a share, with the limits in force; NULL where it can have none. */
static struct membership *member(struct process *process, const struct share *share)
{
    struct membership *membership = &process->memberships[share->number];
    if (membership->state == NOT_CLAIMED)
        membership->state = slot_claim(&share->pages, &membership->account) ? CLAIMED : CANNOT_CLAIM;
    return membership->state == CLAIMED && limits_of(process, share) ? membership : NULL;
}

unsigned charge_slot(const struct share *share)
{
    struct process *process = process_enter();
    if (!process)
        return HAMI_SLOTS;
    struct membership *membership = member(process, share);
    unsigned slot = membership ? membership->account.slot : HAMI_SLOTS;
    process_leave(process);
    return slot;
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
        struct membership *membership = member(process, charge->card->shares[i]);
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
        struct membership *membership = member(process, charge->card->shares[i]);
        sum += membership ? smaller(room(membership), pinned_room(membership, charge)) : 0;
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
        if (try_grow(process, charge, bytes))
            return true;
        bool in_sight = room_for(process, charge) >= bytes - charge->bytes;
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

struct charge *charge_try_reserve(const struct card *card, enum charge_kind kind, uint64_t bytes)
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
static bool sweep_is_due(const struct process *process, const struct card *card, uint64_t now_ns)
{
    if (!card->share_count || !now_ns)
        return false;
    uint64_t swept_at_ns = load_relaxed(&process->memberships[card->shares[0]->number].swept_at_ns);
    return !swept_at_ns || now_ns - swept_at_ns >= SWEEP_INTERVAL_NS;
}

static void sweep_once_in_a_while(struct process *process, const struct card *card)
{
    uint64_t now_ns = coarse_now_ns();
    if (!sweep_is_due(process, card, now_ns))
        return;
    store_relaxed(&process->memberships[card->shares[0]->number].swept_at_ns, now_ns);
    sweep(process, card);
}

/* What can be seen in passing, without the lock: nothing that holds; memory, which this process alone has a part of; or which others have, who
 * may be dead. */
enum sight { LIMITS_CHANGED, ALONE, AMONG_OTHERS };

/* Add a share's memory as it is now; LIMITS_CHANGED where the limits that this process knows are not those in force. */
static inline enum sight glance_at(const struct process *process, const struct share *share, struct card_memory *memory)
{
    const struct glance *glance = &process->memberships[share->number].glance;
    uint64_t version = load_acquire(&glance->version);
    uint64_t limit = load_relaxed(&glance->memory_bytes), overhead = load_relaxed(&glance->overhead_bytes);
    __atomic_thread_fence(__ATOMIC_ACQUIRE); /* both are read before the version is read again */
    if (!version || load_relaxed(&glance->version) != version || load_relaxed(&share->pages.limits->version) != version)
        return LIMITS_CHANGED;
    uint64_t used = account_used(share->pages.usage);
    memory->limit += limit;
    memory->used += overhead + used;
    return used == load_relaxed(&glance->held_bytes) ? ALONE : AMONG_OTHERS;
}

static struct card_memory sweep_and_add_up(struct process *process, const struct card *card)
{
    struct card_memory memory = {0, 0};
    sweep_once_in_a_while(process, card);
    for (unsigned i = 0; i < card->share_count; i++) {
        const struct hami_limits_record *limits = limits_of(process, card->shares[i]);
        memory.limit += limits ? limits->memory_bytes : 0;
        memory.used += (limits ? limits->overhead_bytes : 0) + account_used(card->shares[i]->pages.usage);
    }
    return memory;
}

/* Out of line, so that the glance has no frame to set up for it. */
static __attribute__((noinline)) struct card_memory look(const struct card *card, enum sight sight, struct card_memory seen)
{
    struct process *process = process_get();
    if (sight == AMONG_OTHERS && !sweep_is_due(process, card, coarse_now_ns()))
        return seen;
    lock_take(&process->lock);
    struct card_memory memory = sweep_and_add_up(process, card);
    process_leave(process);
    return memory;
}

struct card_memory charge_card_memory(const struct card *card)
{
    struct card_memory memory = {0, 0};
    enum sight sight = ALONE;
    const struct process *process = process_get();
    for (unsigned i = 0; process && i < card->share_count && sight != LIMITS_CHANGED; i++) {
        enum sight one = glance_at(process, card->shares[i], &memory);
        sight = one == ALONE ? sight : one;
    }
    return sight == ALONE ? memory : look(card, sight, memory);
}
