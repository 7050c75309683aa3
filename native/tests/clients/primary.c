/* Allocates in a primary context that is retained twice, releases it twice, and says what is left after each step; then does what
 * a forked child may do: nothing, since the driver does not survive a fork. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cuda_api.h"

#define MIB ((size_t)1 << 20)

static void fail(const char *what, CUresult result)
{
    if (result != CUDA_SUCCESS) {
        printf("%s: %d\n", what, result);
        _exit(1);
    }
}

static void print_left(const char *when)
{
    size_t left, total;
    fail("cuMemGetInfo", cuMemGetInfo_v2(&left, &total));
    printf("%s: %zu of %zu MiB left\n", when, left / MIB, total / MIB);
    fflush(stdout);
}

int main(void)
{
    CUcontext primary, own;
    CUdeviceptr address;
    fail("cuInit", cuInit(0));
    fail("cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(&primary, 0));
    fail("cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(&primary, 0));
    fail("cuCtxCreate", cuCtxCreate_v2(&own, 0, 0));
    fail("cuMemAlloc", cuMemAlloc_v2(&address, 10 * MIB));
    fail("cuCtxPushCurrent", cuCtxPushCurrent_v2(primary));
    fail("cuMemAlloc", cuMemAlloc_v2(&address, 20 * MIB));
    print_left("allocated");
    fail("cuCtxPopCurrent", cuCtxPopCurrent_v2(&primary));
    fail("cuDevicePrimaryCtxRelease", cuDevicePrimaryCtxRelease_v2(0));
    print_left("released once");
    fail("cuDevicePrimaryCtxRelease", cuDevicePrimaryCtxRelease_v2(0));
    print_left("released twice");
    if (fork() == 0) {
        printf("child: %d\n", cuMemAlloc_v2(&address, MIB));
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
    print_left("after the child");
    return 0;
}
