/* The first binary interface, with 32-bit addresses and sizes: memory of its own addresses, which begin where no program has anything,
 * and are given once. What 32 bits cannot say is said as the most that they can. */
#include <stdlib.h>

#include "cuda_context.h"
#include "cuda_memory.h"
#include "physical.h"

#define FIRST_ADDRESS (UINT64_C(1) << 24)
#define PITCH_BYTES 512u

/* Who has taken memory of a card for it. */
struct owner {
    struct sim_owner owner; /* first: memory that is freed comes back as a pointer to it */
    struct sim_device *device;
};

static struct owner owners[SIM_MAX_CARDS];
static uint64_t next_address = FIRST_ADDRESS;

static unsigned int narrow(uint64_t bytes)
{
    return bytes < UINT32_MAX ? (unsigned int)bytes : UINT32_MAX;
}

static void give(struct sim_owner *owner, uint64_t bytes)
{
    struct sim_device *device = ((struct owner *)owner)->device;
    sim_physical_give(&device->card, device->slot, bytes, 0);
}

static CUresult allocate(struct sim_context *context, uint64_t bytes, CUdeviceptr_v1 *address)
{
    struct sim_device *device = context->device;
    struct owner *owner = &owners[device->ordinal];
    uint64_t held = sim_slabs(bytes);
    if (held > UINT32_MAX - next_address || !sim_physical_take(&device->card, device->slot, held, 0))
        return CUDA_ERROR_OUT_OF_MEMORY;
    *owner = (struct owner){{.freed = give}, device};
    CUresult result = sim_memory_place_at(context, next_address, held, &owner->owner);
    if (result != CUDA_SUCCESS) {
        give(&owner->owner, held);
        return result;
    }
    *address = (CUdeviceptr_v1)next_address;
    next_address += held;
    return CUDA_SUCCESS;
}

CUresult cuMemAlloc(CUdeviceptr_v1 *address, unsigned int bytes)
{
    struct sim_context *context;
    CUresult result = address && bytes ? sim_enter_context(&context) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    result = allocate(context, bytes, address);
    sim_leave();
    return result;
}

CUresult cuMemAllocPitch(CUdeviceptr_v1 *address, unsigned int *pitch, unsigned int width, unsigned int height, unsigned int element_bytes)
{
    uint64_t row = ((uint64_t)width + PITCH_BYTES - 1) / PITCH_BYTES * PITCH_BYTES;
    if (!pitch || !width || !height || (element_bytes != 4 && element_bytes != 8 && element_bytes != 16))
        return CUDA_ERROR_INVALID_VALUE;
    if (row * height > UINT32_MAX)
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = cuMemAlloc(address, (unsigned int)(row * height));
    if (result == CUDA_SUCCESS)
        *pitch = (unsigned int)row;
    return result;
}

CUresult cuMemFree(CUdeviceptr_v1 address)
{
    return cuMemFree_v2(address);
}

CUresult cuMemGetInfo(unsigned int *free_bytes, unsigned int *total_bytes)
{
    size_t left, total;
    if (!free_bytes || !total_bytes)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = cuMemGetInfo_v2(&left, &total);
    if (result == CUDA_SUCCESS) {
        *free_bytes = narrow(left);
        *total_bytes = narrow(total);
    }
    return result;
}

CUresult cuDeviceTotalMem(unsigned int *bytes, CUdevice device)
{
    size_t total;
    CUresult result = bytes ? cuDeviceTotalMem_v2(&total, device) : CUDA_ERROR_INVALID_VALUE;
    if (result == CUDA_SUCCESS)
        *bytes = narrow(total);
    return result;
}

CUresult cuArrayCreate(CUarray *array, const CUDA_ARRAY_DESCRIPTOR_v1 *descriptor)
{
    if (!descriptor)
        return CUDA_ERROR_INVALID_VALUE;
    const CUDA_ARRAY_DESCRIPTOR wide = {
        .width = descriptor->width, .height = descriptor->height, .format = descriptor->format, .channels = descriptor->channels};
    return cuArrayCreate_v2(array, &wide);
}

CUresult cuArray3DCreate(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR_v1 *descriptor)
{
    if (!descriptor)
        return CUDA_ERROR_INVALID_VALUE;
    const CUDA_ARRAY3D_DESCRIPTOR wide = {.width = descriptor->width,
                                          .height = descriptor->height,
                                          .depth = descriptor->depth,
                                          .format = descriptor->format,
                                          .channels = descriptor->channels,
                                          .flags = descriptor->flags};
    return cuArray3DCreate_v2(array, &wide);
}

CUresult cuCtxCreate(CUcontext *context, unsigned int flags, CUdevice device)
{
    return cuCtxCreate_v2(context, flags, device);
}
