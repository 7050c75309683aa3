/* Covers: MIG instances of a simulated card, as NVML lists them and as CUDA gives a process one of them. */
#include <stdlib.h>
#include <string.h>

#include "cuda_api.h"
#include "nvml_api.h"
#include "sim_card.h"
#include "sim_test.h"
#include "tenant.h"

#define OK(call) CHECK((call) == 0) /* which both call success */

static nvmlDevice_t start_in_mig_mode(void)
{
    nvmlDevice_t device;
    sim_write_mig_card(0, 256);
    sim_write_instance(0, 0, 64);
    sim_write_instance(0, 3, 64);
    OK(nvmlInit_v2());
    OK(nvmlDeviceGetHandleByIndex_v2(0, &device));
    return device;
}

static void mig_instances_are_found_below_their_card(void)
{
    unsigned count, current, pending;
    nvmlDevice_t device = start_in_mig_mode(), mig, parent;
    nvmlDeviceAttributes_t attributes;
    nvmlGpuInstance_t gpu_instance;
    nvmlGpuInstanceInfo_t info;
    OK(nvmlDeviceGetCount_v2(&count));
    CHECK(count == 1);
    OK(nvmlDeviceGetMigMode(device, &current, &pending));
    CHECK(current == NVML_DEVICE_MIG_ENABLE && pending == NVML_DEVICE_MIG_ENABLE);
    OK(nvmlDeviceGetMaxMigDeviceCount(device, &count));
    CHECK(count == 7);
    OK(nvmlDeviceGetMigDeviceHandleByIndex(device, 1, &mig));
    CHECK(nvmlDeviceGetMigDeviceHandleByIndex(device, 2, &parent) == NVML_ERROR_NOT_FOUND);
    CHECK(nvmlDeviceGetMigDeviceHandleByIndex(device, 7, &parent) == NVML_ERROR_INVALID_ARGUMENT);
    OK(nvmlDeviceGetGpuInstanceId(mig, &count));
    CHECK(count == 3);
    OK(nvmlDeviceGetComputeInstanceId(mig, &count));
    CHECK(count == 0);
    OK(nvmlDeviceGetDeviceHandleFromMigDeviceHandle(mig, &parent));
    CHECK(parent == device);
    OK(nvmlDeviceGetAttributes_v2(mig, &attributes));
    CHECK(attributes.memorySizeMB == 64 && attributes.multiprocessorCount == 14);
    OK(nvmlDeviceGetGpuInstanceById(device, 3, &gpu_instance));
    CHECK(nvmlDeviceGetGpuInstanceById(device, 1, &gpu_instance) == NVML_ERROR_NOT_FOUND);
    OK(nvmlGpuInstanceGetInfo(gpu_instance, &info));
    CHECK(info.device == device && info.id == 3 && info.placement.start == 6 && info.placement.size == 2);
}

static void a_mig_handle_answers_for_itself_and_is_no_card(void)
{
    char text[96];
    unsigned number;
    nvmlMemory_t memory;
    nvmlDevice_t device = start_in_mig_mode(), mig, again;
    OK(nvmlDeviceGetMigDeviceHandleByIndex(device, 0, &mig));
    OK(nvmlDeviceGetName(mig, text, sizeof text));
    CHECK(!strcmp(text, "Test card MIG 1g.20gb"));
    OK(nvmlDeviceGetUUID(mig, text, sizeof text));
    OK(nvmlDeviceGetHandleByUUID(text, &again));
    CHECK(again == mig);
    OK(nvmlDeviceGetMemoryInfo(mig, &memory));
    CHECK(memory.total == MIB(64));
    OK(nvmlDeviceIsMigDeviceHandle(mig, &number));
    CHECK(number == 1);
    OK(nvmlDeviceIsMigDeviceHandle(device, &number));
    CHECK(number == 0);
    CHECK(nvmlDeviceGetIndex(mig, &number) == NVML_ERROR_INVALID_ARGUMENT);
    CHECK(nvmlDeviceGetMinorNumber(mig, &number) == NVML_ERROR_INVALID_ARGUMENT);
    CHECK(nvmlDeviceGetGpuInstanceId(device, &number) == NVML_ERROR_INVALID_ARGUMENT);
    OK(nvmlShutdown());
    CHECK(nvmlDeviceGetGpuInstanceId(mig, &number) == NVML_ERROR_UNINITIALIZED);
}

static void a_mig_instance_is_lost_with_its_card(void)
{
    char text[96];
    nvmlDevice_t device = start_in_mig_mode(), mig;
    OK(nvmlDeviceGetMigDeviceHandleByIndex(device, 0, &mig));
    sim_set_state((struct sim_card_state){.lost = 1});
    CHECK(nvmlDeviceGetUUID(mig, text, sizeof text) == NVML_ERROR_GPU_IS_LOST);
}

static void a_card_without_mig_has_no_instances(void)
{
    unsigned count = 1;
    nvmlDevice_t device, mig;
    sim_write_card(0, 64, 2);
    OK(nvmlInit_v2());
    OK(nvmlDeviceGetHandleByIndex_v2(0, &device));
    OK(nvmlDeviceGetMaxMigDeviceCount(device, &count));
    CHECK(count == 0);
    CHECK(nvmlDeviceGetMigDeviceHandleByIndex(device, 0, &mig) == NVML_ERROR_NOT_FOUND);
}

static void hold_an_instance(void)
{
    CUdeviceptr address;
    CUcontext context;
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
    OK(cuMemAlloc_v2(&address, MIB(10)));
}

static void what_a_mig_instance_holds_is_its_own_and_the_cards(void)
{
    struct sim_tenant tenant;
    nvmlMemory_t memory;
    nvmlProcessInfo_t info;
    unsigned count = 1;
    nvmlDevice_t device = start_in_mig_mode(), mig, other;
    OK(nvmlDeviceGetMigDeviceHandleByIndex(device, 0, &mig));
    OK(nvmlDeviceGetMigDeviceHandleByIndex(device, 1, &other));
    sim_tenant_start(&tenant, hold_an_instance);
    OK(nvmlDeviceGetMemoryInfo(mig, &memory));
    CHECK(memory.used == MIB(10) && memory.free == MIB(54));
    OK(nvmlDeviceGetMemoryInfo(other, &memory));
    CHECK(memory.used == 0);
    OK(nvmlDeviceGetMemoryInfo(device, &memory));
    CHECK(memory.used == MIB(10));
    OK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, &info));
    CHECK(count == 1 && info.pid == (unsigned)tenant.process && info.gpuInstanceId == 0 && info.computeInstanceId == 0);
    count = 0;
    OK(nvmlDeviceGetComputeRunningProcesses_v3(other, &count, NULL));
    CHECK(count == 0);
    sim_tenant_stop(&tenant);
}

static void a_process_has_one_mig_instance_and_no_card_beside_it(void)
{
    int count;
    size_t bytes;
    CUuuid uuid;
    sim_write_card(0, 512, 0);
    sim_write_mig_card(1, 256);
    sim_write_instance(1, 0, 64);
    sim_write_instance(1, 2, 128);
    OK(cuInit(0));
    OK(cuDeviceGetCount(&count));
    CHECK(count == 1);
    OK(cuDeviceTotalMem_v2(&bytes, 0));
    CHECK(bytes == MIB(64));
    OK(cuDeviceGetUuid_v2(&uuid, 0));
    CHECK(!memcmp(uuid.bytes, "\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0", 16));
    OK(cuDeviceGetUuid(&uuid, 0));
    CHECK(!memcmp(uuid.bytes, "\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\xbe\xef", 16)); /* the card's */
}

static void choose_the_larger(void *name)
{
    size_t bytes;
    setenv("CUDA_VISIBLE_DEVICES", name, 1);
    OK(cuInit(0));
    OK(cuDeviceTotalMem_v2(&bytes, 0));
    CHECK(bytes == MIB(128));
}

static void find_nothing(void *name)
{
    setenv("CUDA_VISIBLE_DEVICES", name, 1);
    CHECK(cuInit(0) == CUDA_ERROR_NO_DEVICE);
}

static void a_mig_instance_is_chosen_by_its_place_on_its_card(void)
{
    sim_write_mig_card(0, 256);
    sim_write_instance(0, 0, 64);
    sim_write_instance(0, 1, 128);
    sim_join(sim_start(choose_the_larger, "MIG-GPU-00000000-0000-0000-0000-00000000beef/1/0"));
    sim_join(sim_start(choose_the_larger, "1"));
    sim_join(sim_start(find_nothing, "MIG-GPU-00000000-0000-0000-0000-00000000beef/1/1"));
    sim_join(sim_start(find_nothing, "MIG-GPU-00000000-0000-0000-0000-00000000beef/1"));
    sim_join(sim_start(find_nothing, "MIG-GPU-00000001-0000-0000-0000-00000000beef/1/0"));
}

static void a_mig_instance_is_chosen_by_its_uuid(void)
{
    size_t bytes;
    CUcontext context;
    CUdeviceptr address;
    sim_write_mig_card(0, 256);
    sim_write_instance(0, 0, 64);
    sim_write_instance(0, 1, 128);
    setenv("CUDA_VISIBLE_DEVICES", "MIG-00000000-0000-0000-0000-000000000001", 1);
    OK(cuInit(0));
    OK(cuDeviceTotalMem_v2(&bytes, 0));
    CHECK(bytes == MIB(128));
    OK(cuCtxCreate_v2(&context, 0, 0));
    OK(cuMemAlloc_v2(&address, MIB(128)));
    CHECK(cuMemAlloc_v2(&address, 1) == CUDA_ERROR_OUT_OF_MEMORY);
}

static void a_card_in_mig_mode_without_instances_is_no_device(void)
{
    sim_write_mig_card(0, 256);
    CHECK(cuInit(0) == CUDA_ERROR_NO_DEVICE);
    sim_write_instance(0, 0, 64);
    setenv("CUDA_VISIBLE_DEVICES", "GPU-00000000-0000-0000-0000-00000000beef", 1);
    CHECK(cuInit(0) == CUDA_ERROR_NO_DEVICE);
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"MIG instances are found below their card", mig_instances_are_found_below_their_card},
        {"a MIG handle answers for itself and is no card", a_mig_handle_answers_for_itself_and_is_no_card},
        {"a MIG instance is lost with its card", a_mig_instance_is_lost_with_its_card},
        {"a card without MIG has no instances", a_card_without_mig_has_no_instances},
        {"what a MIG instance holds is its own and the card's", what_a_mig_instance_holds_is_its_own_and_the_cards},
        {"a process has one MIG instance, and no card beside it", a_process_has_one_mig_instance_and_no_card_beside_it},
        {"a MIG instance is chosen by its UUID", a_mig_instance_is_chosen_by_its_uuid},
        {"a MIG instance is chosen by its place on its card", a_mig_instance_is_chosen_by_its_place_on_its_card},
        {"a card in MIG mode without instances is no device", a_card_in_mig_mode_without_instances_is_no_device},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
