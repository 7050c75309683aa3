/* Memory by the first binary interface, of before CUDA 3.2, with 32-bit addresses and sizes: drivers still have it, and a program that looks
 * up a function by its plain name gets it. Arrays of it are with the others (wrap_arrays.c). On an oversubscribed card it has no memory: what can
 * be evicted has no address of 32 bits. */
#include "card_memory.h"
#include "cards.h"
#include "grant.h"
#include "resolve.h"
#include "saturating.h"
#include "teardown.h"

#define PITCH_BYTES UINT64_C(512) /* as in wrap_cuda.c */

static unsigned int narrow(uint64_t bytes)
{
    return bytes < UINT32_MAX ? (unsigned int)bytes : UINT32_MAX;
}

CUresult cuMemAlloc(CUdeviceptr_v1 *address, unsigned int bytes)
{
    const struct real_cuda *real = resolve_cuda();
    const struct card *card = cards_current(real);
    if (card == NO_CARD)
        return real->cuMemAlloc(address, bytes);
    if (card->is_managed)
        return CUDA_ERROR_NOT_SUPPORTED;
    struct charge *charge = grant_reserve(real, card, CHARGE_BUFFER, charge_slabs(bytes));
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = real->cuMemAlloc(address, bytes);
    if (teardown_waited(result, card))
        result = real->cuMemAlloc(address, bytes);
    return grant_keep(real, charge, result, ADDRESS_MEMORY, result == CUDA_SUCCESS ? *address : 0);
}

CUresult cuMemAllocPitch(CUdeviceptr_v1 *address, unsigned int *pitch, unsigned int width, unsigned int height, unsigned int element_bytes)
{
    const struct real_cuda *real = resolve_cuda();
    const struct card *card = cards_current(real);
    if (card == NO_CARD)
        return real->cuMemAllocPitch(address, pitch, width, height, element_bytes);
    if (card->is_managed)
        return CUDA_ERROR_NOT_SUPPORTED;
    uint64_t bytes = saturating_product(saturating_round_up(width, PITCH_BYTES), height);
    struct charge *charge = grant_reserve(real, card, CHARGE_BUFFER, charge_slabs(bytes));
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = real->cuMemAllocPitch(address, pitch, width, height, element_bytes);
    if (teardown_waited(result, card))
        result = real->cuMemAllocPitch(address, pitch, width, height, element_bytes);
    if (result == CUDA_SUCCESS && !charge_resize(charge, charge_slabs(saturating_product(*pitch, height)))) {
        (void)real->cuMemFree(*address);
        result = CUDA_ERROR_OUT_OF_MEMORY;
    }
    return grant_keep(real, charge, result, ADDRESS_MEMORY, result == CUDA_SUCCESS ? *address : 0);
}

CUresult cuMemFree(CUdeviceptr_v1 address)
{
    struct grant_taken taken = grant_take_memory(address);
    return grant_freed(taken, resolve_cuda()->cuMemFree(address));
}

/* What is more than 32 bits can say is said as the most that they can. */
CUresult cuMemGetInfo(unsigned int *free_bytes, unsigned int *total_bytes)
{
    const struct real_cuda *real = resolve_cuda();
    CUresult result = real->cuMemGetInfo(free_bytes, total_bytes);
    const struct card *card = result == CUDA_SUCCESS ? cards_current(real) : NO_CARD;
    if (card == NO_CARD)
        return result;
    struct card_memory memory = card_memory_of(card);
    if (memory.limit == CARD_MEMORY_NO_LIMIT)
        return result;
    unsigned int left = narrow(memory.limit > memory.used ? memory.limit - memory.used : 0);
    *total_bytes = narrow(memory.limit);
    if (left < *free_bytes || card->is_oversubscribed)
        *free_bytes = left;
    return result;
}

CUresult cuDeviceTotalMem(unsigned int *bytes, CUdevice device)
{
    const struct real_cuda *real = resolve_cuda();
    CUresult result = real->cuDeviceTotalMem(bytes, device);
    const struct card *card = result == CUDA_SUCCESS ? cards_of_device(real, device) : NO_CARD;
    uint64_t limit = card != NO_CARD ? card_memory_of(card).limit : CARD_MEMORY_NO_LIMIT;
    if (limit != CARD_MEMORY_NO_LIMIT)
        *bytes = narrow(limit);
    return result;
}
