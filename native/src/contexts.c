#include "contexts.h"

#include "grant.h"

uint64_t contexts_bytes(const struct card *card)
{
    uint64_t most = 0;
    for (unsigned i = 0; card != NO_CARD && i < card->share_count; i++) {
        uint64_t bytes = card->shares[i]->pages.limits->head.context_bytes; /* the head of a page never changes */
        most = bytes > most ? bytes : most;
    }
    return charge_slabs(most);
}

struct charge *contexts_reserve(const struct real_cuda *real, const struct card *card)
{
    return grant_reserve(real, card, CHARGE_CONTEXT, contexts_bytes(card));
}

/* Looking and reserving are one step under the process's lock: of threads that begin at once, one reserves and the others find it. */
static bool find_or_reserve(const struct card *card, CUdevice device)
{
    struct charge *charge = charge_reserve(card, CHARGE_CONTEXT, 0);
    if (!charge)
        return false;
    struct process *process = process_enter();
    bool found = address_map_find(&process->map, ADDRESS_PRIMARY, (CUdeviceptr)device);
    bool reserved = !found && charge_resize_inside(process, charge, contexts_bytes(card));
    if (reserved) {
        charge->entry.kind = ADDRESS_PRIMARY;
        charge->entry.address = (CUdeviceptr)device;
        charge->entry.context = NULL;
        address_map_put(&process->map, &charge->entry);
    }
    process_leave(process);
    if (!reserved)
        charge_cancel(charge);
    return found || reserved;
}

bool contexts_charge_primary(const struct real_cuda *real, const struct card *card, CUdevice device)
{
    if (find_or_reserve(card, device) || (stock_trim(real, card) && find_or_reserve(card, device)))
        return true;
    charge_count_refusal(card);
    return false;
}

bool contexts_bind_primary(CUdevice device, CUcontext context)
{
    struct process *process = process_enter();
    if (!process)
        return false;
    struct address_entry *entry = address_map_take(&process->map, ADDRESS_PRIMARY, (CUdeviceptr)device);
    if (entry) {
        entry->context = context;
        address_map_put(&process->map, entry); /* younger than the mark of whoever ends an older context of the same handle */
    }
    process_leave(process);
    return entry != NULL;
}

void contexts_cancel_primary(CUdevice device)
{
    struct process *process = process_enter();
    if (!process)
        return;
    struct address_entry *entry = address_map_find(&process->map, ADDRESS_PRIMARY, (CUdeviceptr)device);
    bool unbound = entry && !entry->context;
    if (unbound)
        (void)address_map_take(&process->map, ADDRESS_PRIMARY, (CUdeviceptr)device);
    process_leave(process);
    if (unbound)
        charge_cancel((struct charge *)entry);
}
