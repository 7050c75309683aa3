/* Arrays and mipmapped arrays: what they take of the card, and nothing else. Rows are padded to 32 bytes, and levels to none; that is
 * this card's layout, and nobody is told. */
#include <stdlib.h>

#include "cuda_context.h"
#include "cuda_memory.h"
#include "physical.h"

#define ROW_BYTES 32u

static uint64_t channel_bytes(int format)
{
    switch (format) {
    case 0x01:
    case 0x08:
        return 1;
    case 0x02:
    case 0x09:
    case 0x10:
        return 2;
    case 0x03:
    case 0x0a:
    case 0x20:
        return 4;
    }
    return 0;
}

static uint64_t level(uint64_t extent, unsigned int number)
{
    uint64_t shrunk = extent >> number;
    return shrunk ? shrunk : 1;
}

/* 0 where the driver would not make such an array. */
static uint64_t array_bytes(const CUDA_ARRAY3D_DESCRIPTOR *array, unsigned int levels)
{
    uint64_t sum = 0, element = channel_bytes(array->format) * array->channels;
    bool layered = array->flags & CUDA_ARRAY3D_LAYERED;
    if (!array->width || (array->channels != 1 && array->channels != 2 && array->channels != 4) || array->width > 1u << 20 ||
        array->height > 1u << 20 || array->depth > 1u << 14)
        return 0;
    for (unsigned int i = 0; i < levels && i < 32; i++) {
        uint64_t row = (level(array->width, i) * element + ROW_BYTES - 1) / ROW_BYTES * ROW_BYTES;
        sum += row * level(array->height, i) * (layered ? level(array->depth, 0) : level(array->depth, i));
    }
    return sum;
}

/* An array is an allocation whose address nobody gets. */
struct array {
    struct array *next;
    CUdeviceptr address;
};

static struct array *arrays;

static CUresult create(void **handle, const CUDA_ARRAY3D_DESCRIPTOR *descriptor, unsigned int levels)
{
    uint64_t bytes = handle && descriptor && levels ? array_bytes(descriptor, levels) : 0;
    struct array *array = bytes ? calloc(1, sizeof *array) : NULL;
    if (!array)
        return bytes ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_ERROR_INVALID_VALUE;
    CUresult result = cuMemAlloc_v2(&array->address, bytes);
    if (result == CUDA_SUCCESS && (result = sim_enter()) == CUDA_SUCCESS) {
        array->next = arrays;
        arrays = array;
        *handle = array;
        sim_leave();
        return CUDA_SUCCESS;
    }
    free(array);
    return result;
}

static CUresult destroy(const void *handle)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    struct array **place = &arrays;
    while (*place && *place != handle)
        place = &(*place)->next;
    struct array *array = *place;
    if (array) {
        *place = array->next;
        (void)sim_memory_free(array->address);
        free(array);
    }
    sim_leave();
    return array ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

CUresult cuArrayCreate_v2(CUarray *handle, const CUDA_ARRAY_DESCRIPTOR *descriptor)
{
    if (!descriptor)
        return CUDA_ERROR_INVALID_VALUE;
    CUDA_ARRAY3D_DESCRIPTOR flat = {
        .width = descriptor->width, .height = descriptor->height, .format = descriptor->format, .channels = descriptor->channels};
    return create((void **)handle, &flat, 1);
}

CUresult cuArray3DCreate_v2(CUarray *handle, const CUDA_ARRAY3D_DESCRIPTOR *descriptor)
{
    return create((void **)handle, descriptor, 1);
}

CUresult cuArrayDestroy(CUarray handle)
{
    return destroy(handle);
}

CUresult cuMipmappedArrayCreate(CUmipmappedArray *handle, const CUDA_ARRAY3D_DESCRIPTOR *descriptor, unsigned int levels)
{
    return create((void **)handle, descriptor, levels);
}

CUresult cuMipmappedArrayDestroy(CUmipmappedArray handle)
{
    return destroy(handle);
}
