#include "siblings.h"

#include "atomics.h"
#include "slot.h"

#define LOOK_NS UINT64_C(5000000)

static bool is_late(const struct hami_slot *slot, uint64_t now_ns)
{
    return load_relaxed(&slot->in_flight_ns) && now_ns > load_relaxed(&slot->expected_done_ns);
}

/* Only slots that are said to have work are looked at, since this is done at every question. */
static bool any_is_late(const struct hami_usage *usage, const struct hami_slot *own, uint64_t now_ns)
{
    for (unsigned word = 0; word < HAMI_SLOTS / 64; word++)
        for (uint64_t bits = load_relaxed(&usage->working[word]); bits; bits &= bits - 1) {
            const struct hami_slot *slot = &usage->slots[word * 64 + (unsigned)__builtin_ctzll(bits)];
            if (slot != own && is_late(slot, now_ns))
                return true;
        }
    return false;
}

void siblings_forget_dead(const struct pages *pages, const struct hami_slot *own, uint64_t now_ns, uint64_t *looked_at_ns)
{
    uint64_t looked = load_relaxed(looked_at_ns);
    if (now_ns - looked < LOOK_NS || !any_is_late(pages->usage, own, now_ns) || !claim(looked_at_ns, &looked, now_ns))
        return;
    slot_forget_dead_work(pages, own, now_ns);
}
