/* Covers: the simulated NVML where pynvml cannot reach: buffer sizes, structure versions, processes across PID namespaces,
 * health and events. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cuda_api.h"
#include "dev_folder.h"
#include "nvml_api.h"
#include "sim_card.h"
#include "sim_test.h"

#define OK(call) CHECK((call) == NVML_SUCCESS)

static nvmlDevice_t start(void)
{
    nvmlDevice_t device;
    sim_write_card(0, 64, 2);
    OK(nvmlInit_v2());
    OK(nvmlDeviceGetHandleByIndex_v2(0, &device));
    return device;
}

static void init_and_shutdown_are_counted(void)
{
    unsigned count;
    sim_write_card(0, 64, 0);
    CHECK(nvmlShutdown() == NVML_ERROR_UNINITIALIZED);
    OK(nvmlInit_v2());
    OK(nvmlInitWithFlags(0));
    OK(nvmlShutdown());
    OK(nvmlDeviceGetCount_v2(&count));
    CHECK(count == 1);
    OK(nvmlShutdown());
    CHECK(nvmlDeviceGetCount_v2(&count) == NVML_ERROR_UNINITIALIZED);
    sim_write_card(1, 64, 0);
    OK(nvmlInit_v2());
    OK(nvmlDeviceGetCount_v2(&count));
    CHECK(count == 2);
}

static void without_cards_the_driver_is_not_loaded(void)
{
    CHECK(nvmlInit_v2() == NVML_ERROR_DRIVER_NOT_LOADED);
}

static void short_buffers_and_wrong_handles_are_refused(void)
{
    char text[96];
    unsigned index;
    nvmlDevice_t device = start();
    CHECK(nvmlDeviceGetUUID(device, text, 10) == NVML_ERROR_INSUFFICIENT_SIZE);
    CHECK(nvmlDeviceGetUUID(device, NULL, 96) == NVML_ERROR_INVALID_ARGUMENT);
    OK(nvmlDeviceGetUUID(device, text, sizeof text));
    CHECK(!strcmp(text, "GPU-00000000-0000-0000-0000-00000000beef"));
    CHECK(nvmlDeviceGetIndex(NULL, &index) == NVML_ERROR_INVALID_ARGUMENT);
    CHECK(nvmlDeviceGetIndex(device, NULL) == NVML_ERROR_INVALID_ARGUMENT);
}

static void the_second_memory_structure_names_its_version(void)
{
    nvmlMemory_v2_t memory = {.version = 1};
    nvmlDevice_t device = start();
    CHECK(nvmlDeviceGetMemoryInfo_v2(device, &memory) == NVML_ERROR_ARGUMENT_VERSION_MISMATCH);
    memory.version = NVML_MEMORY_V2;
    OK(nvmlDeviceGetMemoryInfo_v2(device, &memory));
    CHECK(memory.total == MIB(64) && memory.free == MIB(64));
}

struct tenant {
    int ready[2];
    int process;
};

static void hold_a_context(void *argument)
{
    struct tenant *tenant = argument;
    CUcontext context;
    CHECK(cuInit(0) == CUDA_SUCCESS && cuCtxCreate_v2(&context, 0, 0) == CUDA_SUCCESS);
    CHECK(write(tenant->ready[1], "1", 1) == 1);
    for (;;)
        pause();
}

static void start_tenant(struct tenant *tenant)
{
    char byte;
    CHECK(pipe(tenant->ready) == 0);
    tenant->process = sim_start(hold_a_context, tenant);
    CHECK(read(tenant->ready[0], &byte, 1) == 1);
}

static void stop_tenant(const struct tenant *tenant)
{
    CHECK(kill(tenant->process, SIGKILL) == 0);
    CHECK(waitpid(tenant->process, NULL, 0) == tenant->process);
}

static void a_short_process_list_tells_its_size(void)
{
    struct tenant tenants[2];
    nvmlProcessInfo_t infos[2];
    unsigned count = 0;
    nvmlDevice_t device = start();
    OK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, NULL));
    CHECK(count == 0);
    start_tenant(&tenants[0]);
    start_tenant(&tenants[1]);
    CHECK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, NULL) == NVML_ERROR_INSUFFICIENT_SIZE);
    CHECK(count == 2);
    OK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, infos));
    CHECK(infos[0].pid == (unsigned)tenants[0].process && infos[1].pid == (unsigned)tenants[1].process);
    CHECK(infos[0].usedGpuMemory == MIB(2));
    stop_tenant(&tenants[0]);
    OK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, infos));
    CHECK(count == 1 && infos[0].pid == (unsigned)tenants[1].process);
    stop_tenant(&tenants[1]);
}

/* Start a tenant as process 1 of a PID namespace of its own, as a container's first process is; end when it was killed. */
static void run_container(void *names)
{
    struct tenant tenant;
    CHECK(unshare(geteuid() ? CLONE_NEWUSER | CLONE_NEWPID : CLONE_NEWPID) == 0);
    start_tenant(&tenant);
    CHECK(write(((int *)names)[1], &tenant.process, sizeof tenant.process) == sizeof tenant.process);
    waitpid(tenant.process, NULL, 0);
    _exit(0); /* without the sanitizers' last look: with its first process gone, the namespace lets nothing start */
}

static void a_container_process_has_its_name_on_the_node(void)
{
    int names[2], tenant;
    nvmlProcessInfo_t info;
    nvmlMemory_t memory;
    unsigned count = 1;
    nvmlDevice_t device = start();
    CHECK(pipe(names) == 0);
    int container = sim_start(run_container, names);
    CHECK(read(names[0], &tenant, sizeof tenant) == sizeof tenant);
    OK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, &info));
    CHECK(count == 1);
    CHECK(info.pid == (unsigned)tenant);
    OK(nvmlDeviceGetMemoryInfo(device, &memory));
    CHECK(memory.used == MIB(2));
    CHECK(kill(tenant, SIGKILL) == 0);
    sim_join(container);
    OK(nvmlDeviceGetMemoryInfo(device, &memory));
    CHECK(memory.used == 0);
}

/* Change how card 0 is, in its file, as the node driver does. */
static void set_state(struct sim_card_state state)
{
    char path[SIM_MAX_PATH];
    snprintf(path, sizeof path, "%s/hami-sim0", sim_test_folder());
    int file = open(path, O_WRONLY | O_CLOEXEC);
    CHECK(pwrite(file, &state, sizeof state, offsetof(struct sim_card_file, state)) == sizeof state);
    close(file);
}

static nvmlEventSet_t watch(nvmlDevice_t device)
{
    nvmlEventSet_t set;
    unsigned long long kinds;
    OK(nvmlDeviceGetSupportedEventTypes(device, &kinds));
    CHECK(kinds == (NVML_EVENT_XID_CRITICAL_ERROR | NVML_EVENT_DOUBLE_BIT_ECC_ERROR));
    OK(nvmlEventSetCreate(&set));
    OK(nvmlDeviceRegisterEvents(device, kinds, set));
    return set;
}

static void a_lost_card_answers_nothing_until_it_is_back(void)
{
    nvmlMemory_t memory;
    unsigned count;
    nvmlDevice_t device = start(), again;
    set_state((struct sim_card_state){.lost = 1});
    CHECK(nvmlDeviceGetMemoryInfo(device, &memory) == NVML_ERROR_GPU_IS_LOST);
    CHECK(nvmlDeviceGetHandleByIndex_v2(0, &again) == NVML_ERROR_GPU_IS_LOST);
    CHECK(nvmlDeviceGetHandleByUUID("GPU-00000000-0000-0000-0000-00000000beef", &again) == NVML_ERROR_GPU_IS_LOST);
    OK(nvmlDeviceGetCount_v2(&count));
    CHECK(count == 1);
    set_state((struct sim_card_state){0});
    OK(nvmlDeviceGetMemoryInfo(device, &memory));
}

static void each_event_is_told_once(void)
{
    nvmlEventData_t event;
    nvmlDevice_t device = start();
    set_state((struct sim_card_state){.xid = 13});
    nvmlEventSet_t set = watch(device);
    CHECK(nvmlEventSetWait_v2(set, &event, 0) == NVML_ERROR_TIMEOUT); /* it was so before */
    set_state((struct sim_card_state){.xid = 79, .uncorrected_ecc_errors = 2});
    OK(nvmlEventSetWait_v2(set, &event, 0));
    CHECK(event.device == device && event.eventType == NVML_EVENT_XID_CRITICAL_ERROR && event.eventData == 79);
    OK(nvmlEventSetWait_v2(set, &event, 0));
    CHECK(event.eventType == NVML_EVENT_DOUBLE_BIT_ECC_ERROR);
    CHECK(nvmlEventSetWait_v2(set, &event, 0) == NVML_ERROR_TIMEOUT);
    set_state((struct sim_card_state){.lost = 1});
    CHECK(nvmlEventSetWait_v2(set, &event, 0) == NVML_ERROR_GPU_IS_LOST);
    CHECK(nvmlEventSetWait_v2(set, &event, 0) == NVML_ERROR_TIMEOUT);
    set_state((struct sim_card_state){0});
    CHECK(nvmlEventSetWait_v2(set, &event, 0) == NVML_ERROR_TIMEOUT); /* recovery is no event */
    set_state((struct sim_card_state){.xid = 79});
    OK(nvmlEventSetWait_v2(set, &event, 0));
    OK(nvmlEventSetFree(set));
}

static void fall_ill(void *unused)
{
    (void)unused;
    usleep(150000);
    set_state((struct sim_card_state){.xid = 48});
}

static void a_wait_ends_when_an_event_comes(void)
{
    nvmlEventData_t event;
    nvmlEventSet_t set = watch(start());
    int other = sim_start(fall_ill, NULL);
    OK(nvmlEventSetWait_v2(set, &event, 60000));
    CHECK(event.eventData == 48);
    sim_join(other);
    CHECK(nvmlEventSetWait_v2(set, &event, 150) == NVML_ERROR_TIMEOUT);
    OK(nvmlEventSetFree(set));
}

static void events_that_cannot_be_had_are_refused(void)
{
    nvmlEventData_t event;
    nvmlDevice_t device = start();
    nvmlEventSet_t set = watch(device);
    CHECK(nvmlDeviceRegisterEvents(device, 0x4, set) == NVML_ERROR_NOT_SUPPORTED);
    CHECK(nvmlDeviceRegisterEvents(device, NVML_EVENT_XID_CRITICAL_ERROR, NULL) == NVML_ERROR_INVALID_ARGUMENT);
    CHECK(nvmlDeviceRegisterEvents(NULL, NVML_EVENT_XID_CRITICAL_ERROR, set) == NVML_ERROR_INVALID_ARGUMENT);
    CHECK(nvmlEventSetWait_v2(NULL, &event, 0) == NVML_ERROR_INVALID_ARGUMENT);
    CHECK(nvmlEventSetWait_v2(set, NULL, 0) == NVML_ERROR_INVALID_ARGUMENT);
    CHECK(nvmlEventSetFree(NULL) == NVML_ERROR_INVALID_ARGUMENT);
    OK(nvmlEventSetFree(set));
}

static unsigned advice(nvmlDevice_t device)
{
    nvmlFieldValue_t values[2] = {{.fieldId = NVML_FI_DEV_GET_GPU_RECOVERY_ACTION}, {.fieldId = 1}};
    OK(nvmlDeviceGetFieldValues(device, 2, values));
    CHECK(values[0].nvmlReturn == NVML_SUCCESS && values[0].valueType == NVML_VALUE_TYPE_UNSIGNED_INT);
    CHECK(values[1].nvmlReturn == NVML_ERROR_NOT_SUPPORTED);
    return values[0].value.uiVal;
}

static void errors_are_counted_and_advice_is_given(void)
{
    unsigned long long count;
    nvmlDevice_t device = start();
    CHECK(advice(device) == NVML_GPU_RECOVERY_ACTION_NONE);
    set_state((struct sim_card_state){.xid = 31});
    CHECK(advice(device) == NVML_GPU_RECOVERY_ACTION_NONE);
    set_state((struct sim_card_state){.uncorrected_ecc_errors = 3});
    CHECK(advice(device) == NVML_GPU_RECOVERY_ACTION_GPU_RESET);
    OK(nvmlDeviceGetTotalEccErrors(device, NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_VOLATILE_ECC, &count));
    CHECK(count == 3);
    OK(nvmlDeviceGetTotalEccErrors(device, NVML_MEMORY_ERROR_TYPE_CORRECTED, NVML_VOLATILE_ECC, &count));
    CHECK(count == 0);
    OK(nvmlDeviceGetMemoryErrorCounter(device, NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_VOLATILE_ECC,
                                       NVML_MEMORY_LOCATION_DEVICE_MEMORY, &count));
    CHECK(count == 3);
    CHECK(nvmlDeviceGetTotalEccErrors(device, NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_VOLATILE_ECC, NULL) ==
          NVML_ERROR_INVALID_ARGUMENT);
    CHECK(nvmlDeviceGetFieldValues(device, 1, NULL) == NVML_ERROR_INVALID_ARGUMENT);
    set_state((struct sim_card_state){.xid = 79});
    CHECK(advice(device) == NVML_GPU_RECOVERY_ACTION_GPU_RESET);
}

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
    set_state((struct sim_card_state){.lost = 1});
    CHECK(nvmlDeviceGetUUID(mig, text, sizeof text) == NVML_ERROR_GPU_IS_LOST);
}

static void a_card_without_mig_has_no_instances(void)
{
    unsigned count = 1;
    nvmlDevice_t device = start(), mig;
    OK(nvmlDeviceGetMaxMigDeviceCount(device, &count));
    CHECK(count == 0);
    CHECK(nvmlDeviceGetMigDeviceHandleByIndex(device, 0, &mig) == NVML_ERROR_NOT_FOUND);
}

static void hold_an_instance(void *argument)
{
    CUdeviceptr address;
    CUcontext context;
    struct tenant *tenant = argument;
    CHECK(cuInit(0) == CUDA_SUCCESS && cuCtxCreate_v2(&context, 0, 0) == CUDA_SUCCESS);
    CHECK(cuMemAlloc_v2(&address, MIB(10)) == CUDA_SUCCESS);
    CHECK(write(tenant->ready[1], "1", 1) == 1);
    for (;;)
        pause();
}

static void what_a_mig_instance_holds_is_its_own_and_the_cards(void)
{
    char byte;
    struct tenant tenant;
    nvmlMemory_t memory;
    nvmlProcessInfo_t info;
    unsigned count = 1;
    nvmlDevice_t device = start_in_mig_mode(), mig, other;
    OK(nvmlDeviceGetMigDeviceHandleByIndex(device, 0, &mig));
    OK(nvmlDeviceGetMigDeviceHandleByIndex(device, 1, &other));
    CHECK(pipe(tenant.ready) == 0);
    tenant.process = sim_start(hold_an_instance, &tenant);
    CHECK(read(tenant.ready[0], &byte, 1) == 1);
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
    stop_tenant(&tenant);
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"init and shutdown are counted", init_and_shutdown_are_counted},
        {"without cards the driver is not loaded", without_cards_the_driver_is_not_loaded},
        {"short buffers and wrong handles are refused", short_buffers_and_wrong_handles_are_refused},
        {"the second memory structure names its version", the_second_memory_structure_names_its_version},
        {"a short process list tells its size", a_short_process_list_tells_its_size},
        {"a container's process has its name on the node", a_container_process_has_its_name_on_the_node},
        {"a lost card answers nothing until it is back", a_lost_card_answers_nothing_until_it_is_back},
        {"each event is told once", each_event_is_told_once},
        {"a wait ends when an event comes", a_wait_ends_when_an_event_comes},
        {"events that cannot be had are refused", events_that_cannot_be_had_are_refused},
        {"errors are counted and advice is given", errors_are_counted_and_advice_is_given},
        {"MIG instances are found below their card", mig_instances_are_found_below_their_card},
        {"a MIG handle answers for itself and is no card", a_mig_handle_answers_for_itself_and_is_no_card},
        {"a MIG instance is lost with its card", a_mig_instance_is_lost_with_its_card},
        {"a card without MIG has no instances", a_card_without_mig_has_no_instances},
        {"what a MIG instance holds is its own and the card's", what_a_mig_instance_holds_is_its_own_and_the_cards},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
