#include "grant.h"

struct charge *grant_reserve(const struct real_cuda *real, const struct card *card, enum charge_kind kind, uint64_t bytes)
{
    struct charge *charge = charge_try_reserve(card, kind, bytes);
    if (!charge && pools_trim(real, card))
        charge = charge_try_reserve(card, kind, bytes);
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
    if (shares_none())
        return (struct grant_taken){NULL, NULL};
    struct charge *charge = charge_take(ADDRESS_MEMORY, address);
    return (struct grant_taken){charge, charge ? NULL : pools_take(address)};
}

struct grant_taken grant_take_array(const void *array)
{
    return (struct grant_taken){shares_none() ? NULL : charge_take(ADDRESS_ARRAY, (uintptr_t)array), NULL};
}

CUresult grant_freed(struct grant_taken taken, CUresult result)
{
    if (taken.charge && result == CUDA_SUCCESS)
        charge_cancel(taken.charge);
    else if (taken.charge)
        charge_keep(taken.charge, taken.charge->entry.kind, taken.charge->entry.address, taken.charge->entry.context);
    else if (taken.block && result == CUDA_SUCCESS)
        pools_freed(taken.block);
    else if (taken.block)
        pools_put_back(taken.block);
    return result;
}
