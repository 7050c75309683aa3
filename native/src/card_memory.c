#include "card_memory.h"

#include "account.h"
#include "atomics.h"
#include "coarse_clock.h"
#include "membership.h"

#define SWEEP_INTERVAL_NS 10000000u /* coarse clocks tick every 4 ms or so */

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
    uint64_t now_ns = coarse_clock_now_ns();
    if (!sweep_is_due(process, card, now_ns))
        return;
    store_relaxed(&process->memberships[card->shares[0]->number].swept_at_ns, now_ns);
    membership_sweep(process, card);
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
        const struct hami_limits_record *limits = membership_limits(process, card->shares[i]);
        memory.limit += limits ? limits->memory_bytes : 0;
        memory.used += (limits ? limits->overhead_bytes : 0) + account_used(card->shares[i]->pages.usage);
    }
    return memory;
}

/* Out of line, so that the glance has no frame to set up for it. */
static __attribute__((noinline)) struct card_memory look(const struct card *card, enum sight sight, struct card_memory seen)
{
    struct process *process = process_get();
    if (sight == AMONG_OTHERS && !sweep_is_due(process, card, coarse_clock_now_ns()))
        return seen;
    lock_take(&process->lock);
    struct card_memory memory = sweep_and_add_up(process, card);
    process_leave(process);
    return memory;
}

struct card_memory card_memory_of(const struct card *card)
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
