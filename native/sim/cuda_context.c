#include "cuda_context.h"

#include <stdlib.h>

#include "cuda_graph_memory.h"
#include "cuda_memory.h"
#include "cuda_pools.h"
#include "cuda_time.h"
#include "physical.h"

#define STACK_DEPTH 64u

/* Every context that the process ever had. A destroyed one keeps its record, so that a stale handle, on whatever thread's
 * stack, is told apart from a live one instead of being read after free. */
static struct sim_context *contexts;

static _Thread_local struct {
    struct sim_context *entries[STACK_DEPTH];
    size_t depth;
} stack;

static struct sim_context *current(void)
{
    return stack.depth ? stack.entries[stack.depth - 1] : NULL;
}

CUresult sim_enter_context(struct sim_context **context)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    *context = current();
    if (*context && (*context)->live)
        return CUDA_SUCCESS;
    sim_leave();
    return *context ? CUDA_ERROR_CONTEXT_IS_DESTROYED : CUDA_ERROR_INVALID_CONTEXT;
}

static struct sim_context *known(CUcontext handle)
{
    struct sim_context *context = contexts;
    while (context && (CUcontext)context != handle)
        context = context->next;
    return context;
}

static CUresult check(CUcontext handle, struct sim_context **context)
{
    *context = known(handle);
    if (!*context)
        return CUDA_ERROR_INVALID_CONTEXT;
    return (*context)->live ? CUDA_SUCCESS : CUDA_ERROR_CONTEXT_IS_DESTROYED;
}

static CUresult push(struct sim_context *context)
{
    if (stack.depth == STACK_DEPTH)
        return CUDA_ERROR_OUT_OF_MEMORY;
    stack.entries[stack.depth++] = context;
    return CUDA_SUCCESS;
}

static CUresult create(struct sim_device *device, struct sim_context **created)
{
    struct sim_context *context = calloc(1, sizeof *context);
    if (device->slot == SIM_NO_SLOT)
        device->slot = sim_slot_claim(&device->card);
    uint64_t bytes = sim_slabs(device->card.file->card.context_bytes);
    if (!context || device->slot == SIM_NO_SLOT || !sim_physical_take(&device->card, device->slot, bytes, 1)) {
        free(context);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    *context = (struct sim_context){.next = contexts, .device = device, .live = true};
    contexts = context;
    *created = context;
    return CUDA_SUCCESS;
}

static void destroy(struct sim_context *context)
{
    struct sim_device *device = context->device;
    sim_time_end_contexts_part(context);
    sim_memory_free_all(context);
    sim_physical_give(&device->card, device->slot, sim_slabs(device->card.file->card.context_bytes), 1);
    context->live = false;
}

CUresult cuDevicePrimaryCtxRetain(CUcontext *handle, CUdevice ordinal)
{
    struct sim_device *device;
    if (!handle)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter_device(ordinal, &device);
    if (result != CUDA_SUCCESS)
        return result;
    if (!device->primary)
        result = create(device, &device->primary);
    if (result == CUDA_SUCCESS) {
        device->primary_references++;
        *handle = (CUcontext)device->primary;
    }
    sim_leave();
    return result;
}

CUresult cuDevicePrimaryCtxRelease_v2(CUdevice ordinal)
{
    struct sim_device *device;
    CUresult result = sim_enter_device(ordinal, &device);
    if (result != CUDA_SUCCESS)
        return result;
    if (!device->primary)
        result = CUDA_ERROR_INVALID_CONTEXT;
    else if (--device->primary_references == 0) {
        destroy(device->primary);
        device->primary = NULL;
    }
    sim_leave();
    return result;
}

CUresult cuDevicePrimaryCtxRelease(CUdevice ordinal)
{
    return cuDevicePrimaryCtxRelease_v2(ordinal);
}

/* The primary context ends, whatever references there are. */
CUresult cuDevicePrimaryCtxReset_v2(CUdevice ordinal)
{
    struct sim_device *device;
    CUresult result = sim_enter_device(ordinal, &device);
    if (result != CUDA_SUCCESS)
        return result;
    if (device->primary)
        destroy(device->primary);
    device->primary = NULL;
    device->primary_references = 0;
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuDevicePrimaryCtxReset(CUdevice ordinal)
{
    return cuDevicePrimaryCtxReset_v2(ordinal);
}

CUresult cuDevicePrimaryCtxGetState(CUdevice ordinal, unsigned int *flags, int *active)
{
    struct sim_device *device;
    if (!flags || !active)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter_device(ordinal, &device);
    if (result != CUDA_SUCCESS)
        return result;
    *flags = 0;
    *active = device->primary != NULL;
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuCtxCreate_v2(CUcontext *handle, unsigned int flags, CUdevice ordinal)
{
    struct sim_device *device;
    struct sim_context *context = NULL;
    if (!handle || flags & ~0xffu)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter_device(ordinal, &device);
    if (result != CUDA_SUCCESS)
        return result;
    result = create(device, &context);
    if (result == CUDA_SUCCESS && (result = push(context)) != CUDA_SUCCESS)
        destroy(context);
    if (result == CUDA_SUCCESS)
        *handle = (CUcontext)context;
    sim_leave();
    return result;
}

/* There are no multiprocessors to have an affinity to. */
CUresult cuCtxCreate_v3(CUcontext *handle, CUexecAffinityParam *affinities, int count, unsigned int flags, CUdevice ordinal)
{
    (void)affinities;
    return count ? CUDA_ERROR_NOT_SUPPORTED : cuCtxCreate_v2(handle, flags, ordinal);
}

CUresult cuCtxCreate_v4(CUcontext *handle, CUctxCreateParams *parameters, unsigned int flags, CUdevice ordinal)
{
    return parameters ? CUDA_ERROR_NOT_SUPPORTED : cuCtxCreate_v2(handle, flags, ordinal);
}

CUresult cuCtxDestroy_v2(CUcontext handle)
{
    struct sim_context *context;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    result = check(handle, &context);
    if (result == CUDA_SUCCESS && context == context->device->primary)
        result = CUDA_ERROR_INVALID_CONTEXT; /* it is released, not destroyed */
    if (result == CUDA_SUCCESS) {
        stack.depth -= current() == context;
        destroy(context);
    }
    sim_leave();
    return result;
}

CUresult cuCtxDestroy(CUcontext handle)
{
    return cuCtxDestroy_v2(handle);
}

CUresult cuCtxPushCurrent_v2(CUcontext handle)
{
    struct sim_context *context;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    result = check(handle, &context);
    if (result == CUDA_SUCCESS)
        result = push(context);
    sim_leave();
    return result;
}

CUresult cuCtxPopCurrent_v2(CUcontext *handle)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    if (!stack.depth)
        result = CUDA_ERROR_INVALID_CONTEXT;
    else {
        struct sim_context *context = stack.entries[--stack.depth];
        if (handle)
            *handle = (CUcontext)context;
    }
    sim_leave();
    return result;
}

CUresult cuCtxSetCurrent(CUcontext handle)
{
    struct sim_context *context = NULL;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    if (handle)
        result = check(handle, &context);
    if (result == CUDA_SUCCESS) {
        stack.depth -= stack.depth > 0;
        result = context ? push(context) : CUDA_SUCCESS;
    }
    sim_leave();
    return result;
}

CUresult cuCtxGetCurrent(CUcontext *handle)
{
    if (!handle)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    *handle = (CUcontext)current();
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuCtxGetDevice(CUdevice *ordinal)
{
    struct sim_context *context;
    if (!ordinal)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS)
        return result;
    *ordinal = context->device->ordinal;
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuCtxSynchronize(void)
{
    struct sim_context *context;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS)
        return result;
    sim_time_wait_context(context);
    sim_pools_synchronize();
    sim_graph_memory_synchronize();
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuCtxSynchronize_v2(CUcontext handle)
{
    struct sim_context *context;
    if (!handle)
        return cuCtxSynchronize();
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    result = check(handle, &context);
    if (result == CUDA_SUCCESS) {
        sim_time_wait_context(context);
        sim_pools_synchronize();
        sim_graph_memory_synchronize();
    }
    sim_leave();
    return result;
}
