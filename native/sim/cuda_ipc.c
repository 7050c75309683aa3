/* Memory of another process: it holds nothing of the card here. Contents are not simulated: copies to it fail. */
#include <string.h>

#include "cuda_context.h"
#include "cuda_memory.h"

#define HANDLE_MAGIC UINT64_C(0x656c646e61484d53)

static void note_closed(struct sim_owner *owner, uint64_t bytes)
{
    (void)owner;
    (void)bytes;
}

static struct sim_owner exporter = {note_closed};

CUresult cuIpcGetMemHandle(CUipcMemHandle *handle, CUdeviceptr address)
{
    const uint64_t words[] = {HANDLE_MAGIC, address};
    struct sim_context *context;
    CUresult result = handle ? sim_enter_context(&context) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    *handle = (CUipcMemHandle){{0}};
    memcpy(handle->reserved, words, sizeof words);
    sim_leave();
    return CUDA_SUCCESS;
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
