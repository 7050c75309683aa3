#include "places.h"

#include "cards.h"
#include "launch_gate.h"

static struct place in_another(const struct real_cuda *real, CUcontext context)
{
    bool pushed = real->cuCtxPushCurrent_v2(context) == CUDA_SUCCESS;
    struct place place = {context, cards_in_use(real), pushed};
    if (pushed)
        (void)real->cuCtxPopCurrent_v2(&context);
    return place;
}

/* A driver that has no cuStreamGetCtx has no kernels without contexts either. */
struct place places_of(const struct real_cuda *real, CUstream stream)
{
    CUcontext current = NULL, own = NULL;
    (void)real->cuCtxGetCurrent(&current);
    if (launch_is_default(stream) || real->cuStreamGetCtx(stream, &own) != CUDA_SUCCESS || !own)
        own = current;
    return own == current ? (struct place){current, cards_in_use(real), true} : in_another(real, own);
}
