/* Drivers unlike the simulated one, for the tests of resolution. With FUTURE: one with a function that nobody knows yet, whose resolver
 * gives out other addresses than its symbols have, as a driver may. Without: one from before cuGetProcAddress. */
#include <string.h>

#include "cuda_types.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT CUresult cuInit(unsigned int flags)
{
    return flags ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}

EXPORT CUresult cuMemAlloc_v2(CUdeviceptr *address, size_t bytes)
{
    *address = bytes;
    return CUDA_SUCCESS;
}

#ifdef FUTURE
static CUresult inner_allocate(CUdeviceptr *address, size_t bytes)
{
    *address = bytes + 1;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuFutureAlloc(CUdeviceptr *address, size_t bytes)
{
    return inner_allocate(address, bytes + 1);
}

static void *answer(const char *symbol)
{
    if (strcmp(symbol, "cuMemAlloc") == 0)
        return (void *)inner_allocate;
    if (strcmp(symbol, "cuInit") == 0)
        return (void *)cuInit;
    return strcmp(symbol, "cuFutureAlloc") == 0 ? (void *)cuFutureAlloc : NULL;
}

EXPORT CUresult cuGetProcAddress_v2(const char *symbol, void **function, int cuda_version, cuuint64_t flags,
                                    CUdriverProcAddressQueryResult *status)
{
    (void)cuda_version, (void)flags;
    *function = answer(symbol);
    if (status)
        *status = *function ? CU_GET_PROC_ADDRESS_SUCCESS : CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuGetProcAddress(const char *symbol, void **function, int cuda_version, cuuint64_t flags)
{
    CUresult result = cuGetProcAddress_v2(symbol, function, cuda_version, flags, NULL);
    return result == CUDA_SUCCESS && !*function ? CUDA_ERROR_NOT_FOUND : result;
}
#endif
