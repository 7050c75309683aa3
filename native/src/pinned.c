#include "pinned.h"

#include "atomics.h"

/* Buffers are managed memory on a managed card; where the container has a share of the card beside it that is not to be, they are not. */
bool pinned_kind(const struct card *card, enum charge_kind kind)
{
    return kind == CHARGE_BUFFER ? !card->is_managed : kind != CHARGE_MANAGED;
}

uint64_t pinned_held(const struct card *card, const struct hami_usage *usage)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < HAMI_SLOTS; i++) {
        const struct hami_slot *slot = &usage->slots[i];
        sum += load_relaxed(&slot->array_bytes) + load_relaxed(&slot->pool_bytes) + load_relaxed(&slot->vmm_bytes) +
               load_relaxed(&slot->graph_bytes) + load_relaxed(&slot->context_bytes);
        if (!card->is_managed)
            sum += load_relaxed(&slot->buffer_bytes);
    }
    return sum;
}

uint64_t pinned_ceiling(const struct hami_limits_record *limits)
{
    if (!(limits->flags & HAMI_LIMITS_MANAGED) || !limits->pinned_bytes)
        return UINT64_MAX;
    return limits->pinned_bytes > limits->overhead_bytes ? limits->pinned_bytes - limits->overhead_bytes : 0;
}
