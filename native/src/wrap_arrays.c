/* Arrays. The driver does not say what one takes of the card: it is charged by a layout in blocks that wastes no less than any we
 * know. Arrays that get their memory later, by mapping, are charged nothing here. */
#include "cards.h"
#include "grant.h"
#include "resolve.h"
#include "saturating.h"
#include "teardown.h"

#define ROW_BYTES UINT64_C(64)  /* of a block, which is so wide */
#define BLOCK_ROWS UINT64_C(8)  /* and so high */
#define FACES UINT64_C(6)       /* of a cubemap */

/* Bytes of one channel; of formats that we do not know, as many as the largest has. */
static uint64_t channel_bytes(int format)
{
    bool of_one = format == 0x01 || format == 0x08 || (format >= 0x91 && format <= 0x9e) || (format >= 0xc0 && format <= 0xc2) ||
                  (format >= 0xc6 && format <= 0xc8);
    bool of_two = format == 0x02 || format == 0x09 || format == 0x10 || (format >= 0xc3 && format <= 0xc5) ||
                  (format >= 0xc9 && format <= 0xcb);
    return of_one ? 1 : of_two ? 2 : 4;
}

static uint64_t at_least_one(uint64_t count)
{
    return count ? count : 1;
}

/* One level: rows of whole blocks, and, where there are several rows, blocks of them. */
static uint64_t level_bytes(const CUDA_ARRAY3D_DESCRIPTOR *array, unsigned int level)
{
    bool layered = array->flags & (CUDA_ARRAY3D_LAYERED | CUDA_ARRAY3D_CUBEMAP);
    uint64_t width = at_least_one(array->width >> level);
    uint64_t height = array->height ? saturating_round_up(at_least_one(array->height >> level), BLOCK_ROWS) : 1;
    uint64_t depth = at_least_one(layered ? array->depth : array->depth >> level);
    if (array->flags & CUDA_ARRAY3D_CUBEMAP && depth < FACES)
        depth = FACES;
    uint64_t row = saturating_round_up(saturating_product(width, saturating_product(channel_bytes(array->format), at_least_one(array->channels))), ROW_BYTES);
    return saturating_product(saturating_product(row, height), depth);
}

static uint64_t array_bytes(const CUDA_ARRAY3D_DESCRIPTOR *array, unsigned int levels)
{
    uint64_t sum = 0;
    if (array->flags & (CUDA_ARRAY3D_SPARSE | CUDA_ARRAY3D_DEFERRED_MAPPING))
        return 0;
    for (unsigned int level = 0; level < levels && level < 64; level++)
        if (__builtin_add_overflow(sum, level_bytes(array, level), &sum))
            return UINT64_MAX;
    return sum;
}

/* Reserve for an array of the current card. False: it is not held to a limit; NULL: refused. */
static bool reserve(const struct real_cuda *real, const CUDA_ARRAY3D_DESCRIPTOR *array, unsigned int levels, struct charge **charge)
{
    const struct card *card = cards_current(real);
    if (card == NO_CARD)
        return false;
    *charge = grant_reserve(real, card, CHARGE_ARRAY, charge_slabs(array_bytes(array, levels)));
    return true;
}

static CUresult keep(const struct real_cuda *real, struct charge *charge, CUresult result, const void *array)
{
    return grant_keep(real, charge, result, ADDRESS_ARRAY, (uintptr_t)array);
}

CUresult cuArrayCreate_v2(CUarray *array, const CUDA_ARRAY_DESCRIPTOR *descriptor)
{
    struct charge *charge;
    const struct real_cuda *real = resolve_cuda();
    CUDA_ARRAY3D_DESCRIPTOR flat = {0};
    if (descriptor)
        flat = (CUDA_ARRAY3D_DESCRIPTOR){
            .width = descriptor->width, .height = descriptor->height, .format = descriptor->format, .channels = descriptor->channels};
    if (!descriptor || !reserve(real, &flat, 1, &charge))
        return real->cuArrayCreate_v2(array, descriptor);
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = real->cuArrayCreate_v2(array, descriptor);
    if (teardown_waited(result, charge->card))
        result = real->cuArrayCreate_v2(array, descriptor);
    return keep(real, charge, result, result == CUDA_SUCCESS ? *array : NULL);
}

CUresult cuArray3DCreate_v2(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR *descriptor)
{
    struct charge *charge;
    const struct real_cuda *real = resolve_cuda();
    if (!descriptor || !reserve(real, descriptor, 1, &charge))
        return real->cuArray3DCreate_v2(array, descriptor);
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = real->cuArray3DCreate_v2(array, descriptor);
    if (teardown_waited(result, charge->card))
        result = real->cuArray3DCreate_v2(array, descriptor);
    return keep(real, charge, result, result == CUDA_SUCCESS ? *array : NULL);
}

/* Of the first binary interface (wrap_v1.c). */
CUresult cuArrayCreate(CUarray *array, const CUDA_ARRAY_DESCRIPTOR_v1 *descriptor)
{
    struct charge *charge;
    const struct real_cuda *real = resolve_cuda();
    CUDA_ARRAY3D_DESCRIPTOR wide = {0};
    if (descriptor)
        wide = (CUDA_ARRAY3D_DESCRIPTOR){
            .width = descriptor->width, .height = descriptor->height, .format = descriptor->format, .channels = descriptor->channels};
    if (!descriptor || !reserve(real, &wide, 1, &charge))
        return real->cuArrayCreate(array, descriptor);
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = real->cuArrayCreate(array, descriptor);
    if (teardown_waited(result, charge->card))
        result = real->cuArrayCreate(array, descriptor);
    return keep(real, charge, result, result == CUDA_SUCCESS ? *array : NULL);
}

CUresult cuArray3DCreate(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR_v1 *descriptor)
{
    struct charge *charge;
    const struct real_cuda *real = resolve_cuda();
    CUDA_ARRAY3D_DESCRIPTOR wide = {0};
    if (descriptor)
        wide = (CUDA_ARRAY3D_DESCRIPTOR){.width = descriptor->width,
                                         .height = descriptor->height,
                                         .depth = descriptor->depth,
                                         .format = descriptor->format,
                                         .channels = descriptor->channels,
                                         .flags = descriptor->flags};
    if (!descriptor || !reserve(real, &wide, 1, &charge))
        return real->cuArray3DCreate(array, descriptor);
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = real->cuArray3DCreate(array, descriptor);
    if (teardown_waited(result, charge->card))
        result = real->cuArray3DCreate(array, descriptor);
    return keep(real, charge, result, result == CUDA_SUCCESS ? *array : NULL);
}

CUresult cuMipmappedArrayCreate(CUmipmappedArray *array, const CUDA_ARRAY3D_DESCRIPTOR *descriptor, unsigned int levels)
{
    struct charge *charge;
    const struct real_cuda *real = resolve_cuda();
    if (!descriptor || !reserve(real, descriptor, levels, &charge))
        return real->cuMipmappedArrayCreate(array, descriptor, levels);
    if (!charge)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = real->cuMipmappedArrayCreate(array, descriptor, levels);
    if (teardown_waited(result, charge->card))
        result = real->cuMipmappedArrayCreate(array, descriptor, levels);
    return keep(real, charge, result, result == CUDA_SUCCESS ? *array : NULL);
}

CUresult cuArrayDestroy(CUarray array)
{
    struct grant_taken taken = grant_take_array(array);
    return grant_freed(taken, resolve_cuda()->cuArrayDestroy(array));
}

CUresult cuMipmappedArrayDestroy(CUmipmappedArray array)
{
    struct grant_taken taken = grant_take_array(array);
    return grant_freed(taken, resolve_cuda()->cuMipmappedArrayDestroy(array));
}
