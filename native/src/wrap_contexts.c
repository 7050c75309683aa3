/* The CUDA driver's entry points that make contexts. Their ends are where what was allocated in them is given back (wrap_cuda.c). */
#include "cards.h"
#include "contexts.h"
#include "resolve.h"
#include "teardown.h"

/* How the versions of cuCtxCreate differ. */
struct request {
    CUexecAffinityParam *affinities;
    int count;
    CUctxCreateParams *parameters;
    unsigned int flags;
    CUdevice device;
};

typedef CUresult (*ask_function)(const struct real_cuda *real, CUcontext *context, const struct request *request);

static CUresult create(ask_function ask, CUcontext *context, const struct request *request)
{
    const struct real_cuda *real = resolve_cuda();
    const struct card *card = cards_of_device(real, request->device);
    if (!contexts_bytes(card))
        return ask(real, context, request);
    struct charge *charge = contexts_reserve(real, card);
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = ask(real, context, request);
    if (teardown_waited(result, card))
        result = ask(real, context, request);
    if (result == CUDA_SUCCESS)
        charge_keep(charge, ADDRESS_CONTEXT, (uintptr_t)*context, *context);
    else
        charge_cancel(charge);
    return result;
}

static CUresult ask_v2(const struct real_cuda *real, CUcontext *context, const struct request *request)
{
    return real->cuCtxCreate_v2(context, request->flags, request->device);
}

static CUresult ask_v3(const struct real_cuda *real, CUcontext *context, const struct request *request)
{
    return real->cuCtxCreate_v3(context, request->affinities, request->count, request->flags, request->device);
}

static CUresult ask_v4(const struct real_cuda *real, CUcontext *context, const struct request *request)
{
    return real->cuCtxCreate_v4(context, request->parameters, request->flags, request->device);
}

CUresult cuCtxCreate_v2(CUcontext *context, unsigned int flags, CUdevice device)
{
    return create(ask_v2, context, &(struct request){.flags = flags, .device = device});
}

CUresult cuCtxCreate_v3(CUcontext *context, CUexecAffinityParam *affinities, int count, unsigned int flags, CUdevice device)
{
    return create(ask_v3, context, &(struct request){.affinities = affinities, .count = count, .flags = flags, .device = device});
}

CUresult cuCtxCreate_v4(CUcontext *context, CUctxCreateParams *parameters, unsigned int flags, CUdevice device)
{
    return create(ask_v4, context, &(struct request){.parameters = parameters, .flags = flags, .device = device});
}

/* Another thread may have ended, between the charge and the driver's answer, the context that was charged: then this is a new one. */
static bool is_charged(const struct real_cuda *real, const struct card *card, CUdevice device, CUcontext context)
{
    return contexts_bind_primary(device, context) ||
           (contexts_charge_primary(real, card, device) && contexts_bind_primary(device, context));
}

CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device)
{
    const struct real_cuda *real = resolve_cuda();
    const struct card *card = cards_of_device(real, device);
    if (!contexts_bytes(card))
        return real->cuDevicePrimaryCtxRetain(context, device);
    if (!contexts_charge_primary(real, card, device))
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = real->cuDevicePrimaryCtxRetain(context, device);
    if (teardown_waited(result, card))
        result = real->cuDevicePrimaryCtxRetain(context, device);
    if (result == CUDA_SUCCESS && is_charged(real, card, device, *context))
        return CUDA_SUCCESS;
    if (result == CUDA_SUCCESS) {
        (void)real->cuDevicePrimaryCtxRelease_v2(device);
        result = CUDA_ERROR_OUT_OF_MEMORY;
    }
    contexts_cancel_primary(device);
    return result;
}
