/* The CUDA driver's entry points that we stand before: `enter`, `resolve`, `account` and `report` of the manifest.
 * Each asks the driver itself and passes its answer on; memory is reserved before, and given back where the driver failed. */
#include "card_memory.h"
#include "cards.h"
#include "endings.h"
#include "gate.h"
#include "grant.h"
#include "graphs.h"
#include "managed.h"
#include "resolve.h"
#include "saturating.h"
#include "teardown.h"
#include "unknown.h"

/* Rows of pitched memory are padded to no more than this by the cards we know; a driver that pads more is charged more. */
#define PITCH_BYTES UINT64_C(512)

CUresult cuInit(unsigned int flags)
{
    CUresult result = resolve_cuda()->cuInit(flags);
    if (result == CUDA_SUCCESS)
        (void)shares_none(); /* opens them now, so that trouble with their pages is told at the start */
    return result;
}

/* Whether a function that the driver has is not to be given out. */
static bool denies(const char *symbol, const void *function)
{
    return function && unknown_name(symbol) && !unknown_admit();
}

CUresult cuGetProcAddress(const char *symbol, void **function, int cuda_version, cuuint64_t flags)
{
    CUresult result = resolve_cuda()->cuGetProcAddress(symbol, function, cuda_version, flags);
    if (result != CUDA_SUCCESS || !function)
        return result;
    if (denies(symbol, *function)) {
        *function = NULL;
        return CUDA_ERROR_NOT_FOUND;
    }
    *function = resolve_replace_cuda(*function);
    return result;
}

CUresult cuGetProcAddress_v2(const char *symbol, void **function, int cuda_version, cuuint64_t flags,
                             CUdriverProcAddressQueryResult *status)
{
    CUresult result = resolve_cuda()->cuGetProcAddress_v2(symbol, function, cuda_version, flags, status);
    if (result != CUDA_SUCCESS || !function)
        return result;
    if (denies(symbol, *function)) {
        *function = NULL;
        if (status)
            *status = CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
        return result;
    }
    *function = resolve_replace_cuda(*function);
    return result;
}

static CUresult allocate(const struct real_cuda *real, const struct card *card, CUdeviceptr *address, size_t bytes)
{
    return card->is_managed ? managed_allocate(real, card, address, bytes) : real->cuMemAlloc_v2(address, bytes);
}

CUresult cuMemAlloc_v2(CUdeviceptr *address, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    const struct card *card = cards_current(real);
    if (card == NO_CARD)
        return real->cuMemAlloc_v2(address, bytes);
    struct charge *charge = grant_reserve(real, card, CHARGE_BUFFER, charge_slabs(bytes));
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = allocate(real, card, address, bytes);
    if (teardown_waited(result, card))
        result = allocate(real, card, address, bytes);
    return grant_keep(real, charge, result, ADDRESS_MEMORY, result == CUDA_SUCCESS ? *address : 0);
}

/* Managed memory is charged whole: it may all come to lie on the card. */
CUresult cuMemAllocManaged(CUdeviceptr *address, size_t bytes, unsigned int flags)
{
    const struct real_cuda *real = resolve_cuda();
    const struct card *card = cards_current(real);
    if (card == NO_CARD)
        return real->cuMemAllocManaged(address, bytes, flags);
    struct charge *charge = grant_reserve(real, card, CHARGE_MANAGED, charge_slabs(bytes));
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = real->cuMemAllocManaged(address, bytes, flags);
    if (teardown_waited(result, card))
        result = real->cuMemAllocManaged(address, bytes, flags);
    return grant_keep(real, charge, result, ADDRESS_MEMORY, result == CUDA_SUCCESS ? *address : 0);
}

static CUresult allocate_pitch(const struct real_cuda *real, const struct card *card, CUdeviceptr *address, size_t *pitch, size_t width, size_t height,
                               unsigned int element_bytes)
{
    return card->is_managed ? managed_allocate_pitch(real, card, address, pitch, width, height, element_bytes)
                            : real->cuMemAllocPitch_v2(address, pitch, width, height, element_bytes);
}

CUresult cuMemAllocPitch_v2(CUdeviceptr *address, size_t *pitch, size_t width, size_t height, unsigned int element_bytes)
{
    const struct real_cuda *real = resolve_cuda();
    const struct card *card = cards_current(real);
    if (card == NO_CARD)
        return real->cuMemAllocPitch_v2(address, pitch, width, height, element_bytes);
    struct charge *charge = grant_reserve(real, card, CHARGE_BUFFER, charge_slabs(saturating_product(saturating_round_up(width, PITCH_BYTES), height)));
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = allocate_pitch(real, card, address, pitch, width, height, element_bytes);
    if (teardown_waited(result, card))
        result = allocate_pitch(real, card, address, pitch, width, height, element_bytes);
    if (result == CUDA_SUCCESS && !charge_resize(charge, charge_slabs(saturating_product(*pitch, height)))) {
        (void)real->cuMemFree_v2(*address);
        result = CUDA_ERROR_OUT_OF_MEMORY;
    }
    return grant_keep(real, charge, result, ADDRESS_MEMORY, result == CUDA_SUCCESS ? *address : 0);
}

CUresult cuIpcGetMemHandle(CUipcMemHandle *handle, CUdeviceptr address)
{
    const struct real_cuda *real = resolve_cuda();
    CUresult result = real->cuIpcGetMemHandle(handle, address);
    const struct card *card = result == CUDA_SUCCESS ? NO_CARD : cards_current(real);
    if (card != NO_CARD && card->is_managed)
        managed_explain_ipc(card);
    return result;
}

CUresult cuMemFree_v2(CUdeviceptr address)
{
    struct grant_taken taken = grant_take_memory(address);
    return grant_freed(taken, resolve_cuda()->cuMemFree_v2(address));
}

/* What is left in a context is freed with it; graphs have their memory of the device, which may take it back. The driver uses the handles of
 * its functions again. */
static void end_context(CUcontext context, uint64_t mark)
{
    gate_forget_all();
    charge_cancel_context(context, mark);
    if (graphs_any())
        graphs_settle(resolve_cuda());
}

static CUresult destroy_context(CUresult (*destroy)(CUcontext), CUcontext context)
{
    uint64_t mark = shares_none() ? 0 : charge_mark();
    if (mark)
        endings_of_context(context);
    CUresult result = destroy(context);
    if (result == CUDA_SUCCESS && mark)
        end_context(context, mark);
    return result;
}

CUresult cuCtxDestroy(CUcontext context)
{
    return destroy_context(resolve_cuda()->cuCtxDestroy, context);
}

CUresult cuCtxDestroy_v2(CUcontext context)
{
    return destroy_context(resolve_cuda()->cuCtxDestroy_v2, context);
}

/* The primary context of a device that has one; NULL else. Asking for it costs a reference, which is given back at once. */
static CUcontext primary_context(const struct real_cuda *real, CUdevice device)
{
    unsigned int flags;
    int active = 0;
    CUcontext context = NULL;
    if (real->cuDevicePrimaryCtxGetState(device, &flags, &active) != CUDA_SUCCESS || !active)
        return NULL;
    if (real->cuDevicePrimaryCtxRetain(&context, device) != CUDA_SUCCESS)
        return NULL;
    (void)real->cuDevicePrimaryCtxRelease_v2(device);
    return context;
}

/* The last release ends the primary context, and with it all that was allocated in it. */
static CUresult release_primary(const struct real_cuda *real, CUresult (*release)(CUdevice), CUdevice device)
{
    uint64_t mark = shares_none() ? 0 : charge_mark();
    CUcontext context = mark ? primary_context(real, device) : NULL;
    endings_of_context(context);
    CUresult result = release(device);
    unsigned int flags;
    int active = 1;
    if (result == CUDA_SUCCESS && context && real->cuDevicePrimaryCtxGetState(device, &flags, &active) == CUDA_SUCCESS && !active)
        end_context(context, mark);
    return result;
}

CUresult cuDevicePrimaryCtxRelease(CUdevice device)
{
    const struct real_cuda *real = resolve_cuda();
    return release_primary(real, real->cuDevicePrimaryCtxRelease, device);
}

CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device)
{
    const struct real_cuda *real = resolve_cuda();
    return release_primary(real, real->cuDevicePrimaryCtxRelease_v2, device);
}

/* A reset frees what was allocated in the primary context, whoever still has a reference to it. */
static CUresult reset_primary(const struct real_cuda *real, CUresult (*reset)(CUdevice), CUdevice device)
{
    uint64_t mark = shares_none() ? 0 : charge_mark();
    CUcontext context = mark ? primary_context(real, device) : NULL;
    endings_of_context(context);
    CUresult result = reset(device);
    if (result == CUDA_SUCCESS && context)
        end_context(context, mark);
    return result;
}

CUresult cuDevicePrimaryCtxReset(CUdevice device)
{
    const struct real_cuda *real = resolve_cuda();
    return reset_primary(real, real->cuDevicePrimaryCtxReset, device);
}

CUresult cuDevicePrimaryCtxReset_v2(CUdevice device)
{
    const struct real_cuda *real = resolve_cuda();
    return reset_primary(real, real->cuDevicePrimaryCtxReset_v2, device);
}

CUresult cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes)
{
    const struct real_cuda *real = resolve_cuda();
    CUresult result = real->cuMemGetInfo_v2(free_bytes, total_bytes);
    const struct card *card = result == CUDA_SUCCESS ? cards_in_use(real) : NO_CARD;
    if (card == NO_CARD)
        return result;
    struct card_memory memory = card_memory_of(card);
    if (memory.limit == CARD_MEMORY_NO_LIMIT)
        return result;
    uint64_t left = memory.limit > memory.used ? memory.limit - memory.used : 0;
    *total_bytes = memory.limit;
    if (left < *free_bytes || card->is_oversubscribed) /* what the card has free is no bound where others can be evicted */
        *free_bytes = left;
    return result;
}

CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device)
{
    const struct real_cuda *real = resolve_cuda();
    CUresult result = real->cuDeviceTotalMem_v2(bytes, device);
    const struct card *card = result == CUDA_SUCCESS ? cards_of_device(real, device) : NO_CARD;
    uint64_t limit = card != NO_CARD ? card_memory_of(card).limit : CARD_MEMORY_NO_LIMIT;
    if (limit != CARD_MEMORY_NO_LIMIT)
        *bytes = limit;
    return result;
}
