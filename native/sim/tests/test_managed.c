/* Covers: managed memory of the simulated card: where it lies, who is evicted, and what cannot be. */
#include "../physical.h"
#include "cuda_fixture.h"
#include "tenant.h"

static const CUmemAllocationProp pinned = {.type = CU_MEM_ALLOCATION_TYPE_PINNED, .location = {CU_MEM_LOCATION_TYPE_DEVICE, 0}};

static struct sim_card_slot slot_of(int process)
{
    static struct sim_card_slot living[SIM_CARD_SLOTS];
    struct sim_card card;
    CHECK(sim_card_view(&card, sim_test_folder(), 0));
    size_t count = sim_processes(&card, living, SIM_CARD_SLOTS);
    for (size_t i = 0; i < count; i++)
        if (living[i].pid == (uint32_t)process)
            return living[i];
    CHECK(!"the process is on the card");
    return living[0];
}

static void take_forty(void)
{
    CUcontext context;
    CUdeviceptr address;
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
    OK(cuMemAllocManaged(&address, MIB(40), CU_MEM_ATTACH_GLOBAL));
}

static void more_than_the_card_has_can_be_taken(void)
{
    CUdeviceptr first, second;
    sim_start_with_context(64, 0);
    OK(cuMemAllocManaged(&first, MIB(40), CU_MEM_ATTACH_GLOBAL));
    OK(cuMemAllocManaged(&second, MIB(60), CU_MEM_ATTACH_GLOBAL));
    CHECK(sim_physical_mib(0) == 64);
    OK(cuMemsetD8_v2(first, 1, MIB(40)));
    OK(cuMemsetD8_v2(second, 2, MIB(60)));
    CHECK(sim_physical_mib(0) == 64);
    OK(cuMemFree_v2(second));
    CHECK(sim_physical_mib(0) == 40);
    OK(cuMemFree_v2(first));
    CHECK(sim_physical_mib(0) == 0);
}

static void whoever_used_his_longest_ago_is_evicted_until_he_uses_it(void)
{
    struct sim_tenant oldest = {.process = 0}, newer = {.process = 0};
    CUdeviceptr address;
    sim_write_card(0, 100, 0);
    sim_tenant_start(&oldest, take_forty);
    sim_tenant_start(&newer, take_forty);
    take_forty();
    CHECK(slot_of(oldest.process).resident_bytes == MIB(20) && slot_of(newer.process).resident_bytes == MIB(40));
    CHECK(slot_of(oldest.process).managed_bytes == MIB(40) && slot_of(oldest.process).memory_bytes == MIB(20));
    OK(cuMemAllocManaged(&address, MIB(30), CU_MEM_ATTACH_GLOBAL));
    CHECK(slot_of(oldest.process).resident_bytes == 0 && slot_of(newer.process).resident_bytes == MIB(30));
    sim_tenant_stop(&newer);
    OK(cuMemFree_v2(address));
    CHECK(sim_physical_mib(0) == 40);
    sim_tenant_stop(&oldest);
}

static void pinned_memory_evicts_and_is_not_evicted(void)
{
    struct sim_tenant tenant = {.process = 0};
    CUdeviceptr address;
    CUmemGenericAllocationHandle handle;
    CUcontext context;
    sim_write_card(0, 100, 0);
    sim_tenant_start(&tenant, take_forty);
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
    OK(cuMemCreate(&handle, MIB(50), &pinned, 0));
    OK(cuMemAlloc_v2(&address, MIB(40)));
    CHECK(slot_of(tenant.process).resident_bytes == MIB(10));
    CHECK(cuMemAlloc_v2(&address, MIB(12)) == CUDA_ERROR_OUT_OF_MEMORY);
    CHECK(slot_of(tenant.process).resident_bytes == MIB(10)); /* in vain nobody is evicted */
    OK(cuMemAllocManaged(&address, MIB(200), CU_MEM_ATTACH_GLOBAL));
    CHECK(slot_of(tenant.process).resident_bytes == 0 && sim_physical_mib(0) == 100);
    sim_tenant_stop(&tenant);
}

static void advice_is_kept(void)
{
    CUdeviceptr address, plain;
    CUdevice location = 7;
    const CUmemLocation device = {CU_MEM_LOCATION_TYPE_DEVICE, 0};
    sim_start_with_context(64, 0);
    OK(cuMemAlloc_v2(&plain, MIB(2)));
    OK(cuMemAllocManaged(&address, MIB(2), CU_MEM_ATTACH_GLOBAL));
    OK(cuMemRangeGetAttribute(&location, sizeof location, CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION, address, MIB(2)));
    CHECK(location == CU_DEVICE_INVALID);
    OK(cuMemAdvise_v2(address, MIB(2), CU_MEM_ADVISE_SET_PREFERRED_LOCATION, device));
    OK(cuMemRangeGetAttribute(&location, sizeof location, CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION, address, MIB(2)));
    CHECK(location == 0);
    OK(cuMemAdvise(address, MIB(2), CU_MEM_ADVISE_UNSET_PREFERRED_LOCATION, 0));
    OK(cuMemRangeGetAttribute(&location, sizeof location, CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION, address, MIB(2)));
    CHECK(location == CU_DEVICE_INVALID);
    CHECK(cuMemAdvise(plain, MIB(2), CU_MEM_ADVISE_SET_PREFERRED_LOCATION, 0) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuMemAdvise(address, MIB(4), CU_MEM_ADVISE_SET_PREFERRED_LOCATION, 0) == CUDA_ERROR_INVALID_VALUE);
}

static void what_is_told_of_an_address(void)
{
    CUdeviceptr address, plain;
    CUipcMemHandle handle;
    int value;
    sim_start_with_context(64, 0);
    OK(cuMemAlloc_v2(&plain, MIB(2)));
    OK(cuMemAllocManaged(&address, MIB(2), CU_MEM_ATTACH_GLOBAL));
    OK(cuPointerGetAttribute(&value, CU_POINTER_ATTRIBUTE_IS_MANAGED, address + 100));
    CHECK(value == 1);
    OK(cuPointerGetAttribute(&value, CU_POINTER_ATTRIBUTE_IS_MANAGED, plain));
    CHECK(value == 0);
    OK(cuPointerGetAttribute(&value, CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL, address));
    CHECK(value == 0);
    CHECK(cuPointerGetAttribute(&value, CU_POINTER_ATTRIBUTE_IS_MANAGED, 1) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuIpcGetMemHandle(&handle, address) == CUDA_ERROR_INVALID_VALUE);
    OK(cuIpcGetMemHandle(&handle, plain));
}

static void cards_before_pascal_keep_it(void)
{
    CUcontext context;
    CUdeviceptr address;
    int concurrent = 7;
    sim_write_old_card(0, 64);
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
    OK(cuDeviceGetAttribute(&concurrent, CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS, 0));
    CHECK(concurrent == 0);
    OK(cuMemAllocManaged(&address, MIB(40), CU_MEM_ATTACH_GLOBAL));
    CHECK(cuMemAllocManaged(&address, MIB(40), CU_MEM_ATTACH_GLOBAL) == CUDA_ERROR_OUT_OF_MEMORY);
    CHECK(cuMemAlloc_v2(&address, MIB(40)) == CUDA_ERROR_OUT_OF_MEMORY);
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"more managed memory than the card has can be taken and used", more_than_the_card_has_can_be_taken},
        {"whoever used managed memory longest ago is evicted", whoever_used_his_longest_ago_is_evicted_until_he_uses_it},
        {"pinned memory evicts, and is not evicted", pinned_memory_evicts_and_is_not_evicted},
        {"advice on managed memory is kept and told", advice_is_kept},
        {"what is told of an address, managed or not", what_is_told_of_an_address},
        {"cards before Pascal keep managed memory", cards_before_pascal_keep_it},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
