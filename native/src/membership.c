#include "membership.h"

#include "atomics.h"
#include "slot.h"

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

const struct hami_limits_record *membership_limits(struct process *process, const struct share *share)
{
    struct hami_limits_record *limits = &process->memberships[share->number].limits;
    bool current = limits->version && load_acquire(&share->pages.limits->version) == limits->version;
    if (!current && pages_read_limits(&share->pages, limits))
        show_limits(&process->memberships[share->number]);
    return limits->version ? limits : NULL;
}

struct membership *membership_of(struct process *process, const struct share *share)
{
    struct membership *membership = &process->memberships[share->number];
    if (membership->state == NOT_CLAIMED)
        membership->state = slot_claim(&share->pages, &membership->account) ? CLAIMED : CANNOT_CLAIM;
    return membership->state == CLAIMED && membership_limits(process, share) ? membership : NULL;
}

unsigned membership_slot(const struct share *share)
{
    struct process *process = process_enter();
    if (!process)
        return HAMI_SLOTS;
    struct membership *membership = membership_of(process, share);
    unsigned slot = membership ? membership->account.slot : HAMI_SLOTS;
    process_leave(process);
    return slot;
}

void membership_sweep(struct process *process, const struct card *card)
{
    for (unsigned i = 0; i < card->share_count; i++) {
        const struct membership *membership = &process->memberships[card->shares[i]->number];
        slot_sweep(&card->shares[i]->pages, membership->state == CLAIMED ? membership->account.slot : HAMI_SLOTS);
    }
}
