/* A library that is linked to the driver, as many of a framework's are, and allocates with the functions that the loader bound it to. */
#include "cuda_api.h"

#define MIB ((size_t)1 << 20)

/* MiB that device 0 gave until it refused; -1 where it could not be asked. */
__attribute__((visibility("default"))) long fill(void)
{
    CUcontext context;
    CUdeviceptr address;
    long got = 0;
    if (cuInit(0) || cuCtxCreate_v2(&context, 0, 0))
        return -1;
    while (cuMemAlloc_v2(&address, 2 * MIB) == CUDA_SUCCESS)
        got += 2;
    return got;
}
