/* Virtual memory: physical memory by handle, mapped where the program wants it. */
#include "cards.h"
#include "grant.h"
#include "resolve.h"
#include "teardown.h"
#include "vmm.h"

enum { MAP_OPERATION = 1 }; /* of cuMemMapArrayAsync */

CUresult cuMemCreate(CUmemGenericAllocationHandle *handle, size_t bytes, const CUmemAllocationProp *properties,
                     unsigned long long flags)
{
    const struct real_cuda *real = resolve_cuda();
    bool on_device = properties && properties->location.type == CU_MEM_LOCATION_TYPE_DEVICE;
    const struct card *card = on_device ? cards_of_device(real, properties->location.id) : NO_CARD;
    if (card == NO_CARD)
        return real->cuMemCreate(handle, bytes, properties, flags);
    struct charge *charge = grant_reserve(real, card, CHARGE_VMM, charge_slabs(bytes));
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    struct vmm_handle *prepared = vmm_prepare(charge);
    if (!prepared) {
        charge_cancel(charge);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    CUresult result = real->cuMemCreate(handle, bytes, properties, flags);
    if (teardown_waited(result, card))
        result = real->cuMemCreate(handle, bytes, properties, flags);
    if (result == CUDA_SUCCESS)
        vmm_keep(prepared, *handle);
    else
        vmm_cancel(prepared);
    return result;
}

CUresult cuMemRelease(CUmemGenericAllocationHandle handle)
{
    struct vmm_handle *taken = shares_none() ? NULL : vmm_take(handle);
    CUresult result = resolve_cuda()->cuMemRelease(handle);
    if (taken && result == CUDA_SUCCESS)
        vmm_released(taken);
    else if (taken)
        vmm_put_back(taken);
    return result;
}

CUresult cuMemMap(CUdeviceptr address, size_t bytes, size_t offset, CUmemGenericAllocationHandle handle, unsigned long long flags)
{
    struct vmm_mapping *prepared = shares_none() ? NULL : vmm_prepare_mapping(handle, bytes);
    CUresult result = resolve_cuda()->cuMemMap(address, bytes, offset, handle, flags);
    if (prepared && result == CUDA_SUCCESS)
        vmm_keep_mapping(prepared, address);
    else if (prepared)
        vmm_cancel_mapping(prepared);
    return result;
}

CUresult cuMemUnmap(CUdeviceptr address, size_t bytes)
{
    struct vmm_mapping *taken = shares_none() ? NULL : vmm_take_mappings(address, bytes);
    CUresult result = resolve_cuda()->cuMemUnmap(address, bytes);
    if (result == CUDA_SUCCESS)
        vmm_unmapped(taken);
    else
        vmm_put_back_mappings(taken);
    return result;
}

CUresult cuMemRetainAllocationHandle(CUmemGenericAllocationHandle *handle, void *address)
{
    CUresult result = resolve_cuda()->cuMemRetainAllocationHandle(handle, address);
    if (result == CUDA_SUCCESS && !shares_none())
        vmm_retained(*handle, (CUdeviceptr)(uintptr_t)address);
    return result;
}

static void pin_mapped(const CUarrayMapInfo *maps, unsigned int count)
{
    for (unsigned int i = 0; i < count; i++)
        if (maps[i].operation == MAP_OPERATION)
            vmm_pin(maps[i].handle);
}

CUresult cuMemMapArrayAsync(CUarrayMapInfo *maps, unsigned int count, CUstream stream)
{
    CUresult result = resolve_cuda()->cuMemMapArrayAsync(maps, count, stream);
    if (result == CUDA_SUCCESS && !shares_none())
        pin_mapped(maps, count);
    return result;
}

CUresult cuMemMapArrayAsync_ptsz(CUarrayMapInfo *maps, unsigned int count, CUstream stream)
{
    CUresult result = resolve_cuda()->cuMemMapArrayAsync_ptsz(maps, count, stream);
    if (result == CUDA_SUCCESS && !shares_none())
        pin_mapped(maps, count);
    return result;
}
