/* What a program says of managed memory, and what it can ask about any: advice is kept and told, and moves nothing. */
#include "cuda_context.h"
#include "cuda_memory.h"

static CUresult advise(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUdevice location)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    CUdevice *preferred = sim_memory_preferred(address, bytes);
    if (preferred && advice == CU_MEM_ADVISE_SET_PREFERRED_LOCATION)
        *preferred = location;
    else if (preferred && advice == CU_MEM_ADVISE_UNSET_PREFERRED_LOCATION)
        *preferred = CU_DEVICE_INVALID;
    sim_leave();
    return preferred ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuMemAdvise(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUdevice device)
{
    return advise(address, bytes, advice, device);
}

CUresult cuMemAdvise_v2(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUmemLocation location)
{
    return location.type == CU_MEM_LOCATION_TYPE_DEVICE ? advise(address, bytes, advice, location.id) : CUDA_ERROR_NOT_SUPPORTED;
}

CUresult cuMemRangeGetAttribute(void *data, size_t data_bytes, CUmem_range_attribute attribute, CUdeviceptr address, size_t bytes)
{
    if (!data || data_bytes != sizeof(CUdevice) || attribute != CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    const CUdevice *preferred = sim_memory_preferred(address, bytes);
    if (preferred)
        *(CUdevice *)data = *preferred;
    sim_leave();
    return preferred ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

/* The real driver says of managed memory too that it is a device's. */
CUresult cuPointerGetAttribute(void *data, CUpointer_attribute attribute, CUdeviceptr address)
{
    CUresult result = data ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    const struct sim_context *context = sim_memory_context(address);
    if (!context || (attribute != CU_POINTER_ATTRIBUTE_MEMORY_TYPE && attribute != CU_POINTER_ATTRIBUTE_IS_MANAGED &&
                     attribute != CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL))
        result = CUDA_ERROR_INVALID_VALUE;
    else if (attribute == CU_POINTER_ATTRIBUTE_IS_MANAGED)
        *(int *)data = sim_memory_is_managed(address);
    else
        *(int *)data = attribute == CU_POINTER_ATTRIBUTE_MEMORY_TYPE ? (int)CU_MEMORYTYPE_DEVICE : context->device->ordinal;
    sim_leave();
    return result;
}
