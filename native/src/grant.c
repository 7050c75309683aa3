#include "grant.h"

struct charge *grant_reserve(const struct real_cuda *real, const struct card *card, enum charge_kind kind, uint64_t bytes)
{
    struct charge *charge = charge_reserve(card, kind, bytes);
    if (!charge && stock_trim(real, card))
        charge = charge_reserve(card, kind, bytes);
    if (!charge)
        charge_count_refusal(card);
    return charge;
}

CUresult grant_keep(const struct real_cuda *real, struct charge *charge, CUresult result, enum address_kind kind, CUdeviceptr address)
{
    CUcontext context = NULL;
    if (result != CUDA_SUCCESS) {
        charge_cancel(charge);
        return result;
    }
    (void)real->cuCtxGetCurrent(&context); /* it cannot fail where something was just allocated */
    charge_keep(charge, kind, address, context);
    return result;
}

struct grant_taken grant_take_memory(CUdeviceptr address)
{
    struct process *process = shares_none() ? NULL : process_enter();
    if (!process)
        return (struct grant_taken){NULL};
    struct address_entry *entry = address_map_take_memory(&process->map, address);
    process_leave(process);
    return (struct grant_taken){entry};
}

struct grant_taken grant_take_array(const void *array)
{
    struct charge *charge = shares_none() ? NULL : charge_take(ADDRESS_ARRAY, (uintptr_t)array);
    return (struct grant_taken){charge ? &charge->entry : NULL};
}

static void put_back(struct address_entry *entry)
{
    struct process *process = process_enter();
    address_map_put(&process->map, entry);
    process_leave(process);
}

CUresult grant_freed(struct grant_taken taken, CUresult result)
{
    if (!taken.entry)
        return result;
    if (result != CUDA_SUCCESS)
        put_back(taken.entry);
    else if (taken.entry->kind == ADDRESS_BLOCK)
        pools_freed((struct pool_block *)taken.entry);
    else
        charge_cancel((struct charge *)taken.entry);
    return result;
}
