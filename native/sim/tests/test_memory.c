/* Covers: device memory as one program sees it: what an allocation takes, what is refused, and where its content is. */
#include <stdint.h>
#include <string.h>

#include "cuda_fixture.h"

static void memory_needs_a_context(void)
{
    CUdeviceptr address;
    size_t free_bytes, total;
    CUcontext context;
    sim_write_card(0, 64, 0);
    OK(cuInit(0));
    CHECK(cuMemAlloc_v2(&address, 1) == CUDA_ERROR_INVALID_CONTEXT);
    CHECK(cuMemGetInfo_v2(&free_bytes, &total) == CUDA_ERROR_INVALID_CONTEXT);
    OK(cuDevicePrimaryCtxRetain(&context, 0));
    CHECK(cuMemAlloc_v2(&address, 1) == CUDA_ERROR_INVALID_CONTEXT); /* retained is not current */
    OK(cuCtxSetCurrent(context));
    OK(cuMemAlloc_v2(&address, 1));
}

static void every_allocation_takes_whole_slabs(void)
{
    CUdeviceptr small, large;
    size_t free_bytes, total;
    sim_start_with_context(64, 0);
    OK(cuMemAlloc_v2(&small, 1));
    OK(cuMemAlloc_v2(&large, MIB(3)));
    OK(cuMemGetInfo_v2(&free_bytes, &total));
    CHECK(total == MIB(64));
    CHECK(free_bytes == MIB(64 - 2 - 4));
    OK(cuMemFree_v2(small));
    CHECK(cuMemFree_v2(small) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuMemFree_v2(large + 1) == CUDA_ERROR_INVALID_VALUE);
    OK(cuMemFree_v2(large));
    CHECK(sim_physical_mib(0) == 0);
}

static void an_allocation_beyond_the_card_is_out_of_memory(void)
{
    CUdeviceptr address;
    sim_start_with_context(64, 0);
    CHECK(cuMemAlloc_v2(&address, MIB(64) + 1) == CUDA_ERROR_OUT_OF_MEMORY);
    CHECK(cuMemAlloc_v2(&address, SIZE_MAX) == CUDA_ERROR_OUT_OF_MEMORY);
    CHECK(cuMemAlloc_v2(&address, 0) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuMemAlloc_v2(NULL, 1) == CUDA_ERROR_INVALID_VALUE);
    OK(cuMemAlloc_v2(&address, MIB(64)));
    CHECK(cuMemAlloc_v2(&address, 1) == CUDA_ERROR_OUT_OF_MEMORY);
}

static void pitched_memory_is_rows_of_512_bytes(void)
{
    CUdeviceptr address;
    size_t pitch = 0;
    sim_start_with_context(64, 0);
    OK(cuMemAllocPitch_v2(&address, &pitch, 1000, 4096, 4));
    CHECK(pitch == 1024);
    CHECK(sim_physical_mib(0) == 4);
    CHECK(cuMemAllocPitch_v2(&address, &pitch, 1000, 10, 3) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuMemAllocPitch_v2(&address, &pitch, SIZE_MAX, 2, 4) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuMemAllocPitch_v2(&address, &pitch, SIZE_MAX / 4, 8, 4) == CUDA_ERROR_INVALID_VALUE);
}

static void managed_memory_is_also_the_hosts(void)
{
    CUdeviceptr address;
    sim_start_with_context(64, 0);
    OK(cuMemAllocManaged(&address, 100, CU_MEM_ATTACH_GLOBAL));
    memset((void *)(uintptr_t)address, 7, 100);
    unsigned char copy[100];
    OK(cuMemcpyDtoH_v2(copy, address, 100));
    CHECK(copy[99] == 7);
    CHECK(sim_physical_mib(0) == 2);
    OK(cuMemFree_v2(address));
    CHECK(cuMemAllocManaged(&address, 100, 0) == CUDA_ERROR_INVALID_VALUE);
}

static void copies_reach_their_own_allocation_alone(void)
{
    CUdeviceptr first, second;
    unsigned char bytes[64] = {1, 2, 3};
    sim_start_with_context(64, 0);
    OK(cuMemAlloc_v2(&first, 64));
    OK(cuMemAlloc_v2(&second, 64));
    OK(cuMemsetD8_v2(second, 9, 64));
    OK(cuMemcpyHtoD_v2(first, bytes, sizeof bytes));
    OK(cuMemcpyDtoH_v2(bytes, first + 1, 2));
    CHECK(bytes[0] == 2 && bytes[1] == 3);
    OK(cuMemcpyDtoH_v2(bytes, second, 64));
    CHECK(bytes[0] == 9 && bytes[63] == 9);
    CHECK(cuMemcpyHtoD_v2(first, bytes, 65) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuMemcpyHtoD_v2(first - 1, bytes, 1) == CUDA_ERROR_INVALID_VALUE);
    OK(cuMemFree_v2(first));
    CHECK(cuMemcpyDtoH_v2(bytes, first, 1) == CUDA_ERROR_INVALID_VALUE);
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"memory needs a current context", memory_needs_a_context},
        {"every allocation takes whole slabs", every_allocation_takes_whole_slabs},
        {"an allocation beyond the card is out of memory", an_allocation_beyond_the_card_is_out_of_memory},
        {"pitched memory is rows of 512 bytes", pitched_memory_is_rows_of_512_bytes},
        {"managed memory is also the host's", managed_memory_is_also_the_hosts},
        {"copies reach their own allocation alone", copies_reach_their_own_allocation_alone},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
