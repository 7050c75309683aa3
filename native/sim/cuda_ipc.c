/* Memory of another process or driver: it holds nothing of the card here. Contents are not simulated: copies to it fail. */
#include <string.h>

#include "cuda_context.h"
#include "cuda_handles.h"
#include "cuda_memory.h"

#define HANDLE_MAGIC UINT64_C(0x656c646e61484d53)

static void note_closed(struct sim_owner *owner, uint64_t bytes)
{
    (void)owner;
    (void)bytes;
}

static struct sim_owner exporter = {.freed = note_closed};

CUresult cuIpcGetMemHandle(CUipcMemHandle *handle, CUdeviceptr address)
{
    const uint64_t words[] = {HANDLE_MAGIC, address};
    struct sim_context *context;
    CUresult result = handle ? sim_enter_context(&context) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    *handle = (CUipcMemHandle){{0}};
    memcpy(handle->reserved, words, sizeof words);
    if (sim_memory_is_managed(address)) /* it has no place on the card that another process could map */
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

CUresult cuIpcOpenMemHandle_v2(CUdeviceptr *address, CUipcMemHandle handle, unsigned int flags)
{
    uint64_t words[2];
    struct sim_context *context;
    (void)flags;
    memcpy(words, handle.reserved, sizeof words);
    CUresult result = address && words[0] == HANDLE_MAGIC ? sim_enter_context(&context) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    result = sim_memory_place(context, 2u << 20, &exporter, address);
    sim_leave();
    return result;
}

CUresult cuIpcCloseMemHandle(CUdeviceptr address)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    bool known = sim_memory_free(address);
    sim_leave();
    return known ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

/* External memory: of a graphics driver, by a descriptor that nobody looks at. Its mapped buffers are freed as memory is. */
static struct sim_handle *external, *imported_pools;

CUresult cuImportExternalMemory(CUexternalMemory *memory, const CUDA_EXTERNAL_MEMORY_HANDLE_DESC *descriptor)
{
    if (!memory || !descriptor || !descriptor->bytes || descriptor->type != CU_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    *memory = sim_handle_make(&external, sizeof *external);
    sim_leave();
    return *memory ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuExternalMemoryGetMappedBuffer(CUdeviceptr *address, CUexternalMemory memory, const CUDA_EXTERNAL_MEMORY_BUFFER_DESC *descriptor)
{
    struct sim_context *context;
    CUresult result = address && descriptor && descriptor->bytes ? sim_enter_context(&context) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    result = sim_handle_known(external, memory) ? sim_memory_place(context, descriptor->bytes, &exporter, address) : CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

CUresult cuDestroyExternalMemory(CUexternalMemory memory)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    if (sim_handle_known(external, memory))
        sim_handle_end(&external, memory);
    else
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

/* A pool of another process, and an allocation of it by what that process has said. The descriptor is not looked at. */
CUresult cuMemPoolImportFromShareableHandle(CUmemoryPool *pool, void *shareable, CUmemAllocationHandleType type, unsigned long long flags)
{
    (void)shareable;
    CUresult result = pool && !flags && type == CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    *pool = sim_handle_make(&imported_pools, sizeof *imported_pools);
    sim_leave();
    return *pool ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuMemPoolExportPointer(CUmemPoolPtrExportData *data, CUdeviceptr address)
{
    CUipcMemHandle handle;
    CUresult result = data ? cuIpcGetMemHandle(&handle, address) : CUDA_ERROR_INVALID_VALUE;
    if (result == CUDA_SUCCESS)
        memcpy(data->reserved, handle.reserved, sizeof data->reserved);
    return result;
}

CUresult cuMemPoolImportPointer(CUdeviceptr *address, CUmemoryPool pool, CUmemPoolPtrExportData *data)
{
    CUipcMemHandle handle;
    CUresult result = data ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    bool known = sim_handle_known(imported_pools, pool);
    sim_leave();
    memcpy(handle.reserved, data->reserved, sizeof handle.reserved);
    return known ? cuIpcOpenMemHandle_v2(address, handle, 0) : CUDA_ERROR_INVALID_VALUE;
}
