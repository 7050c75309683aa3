/* Covers: the simulated NVML where pynvml cannot reach: buffer sizes, structure versions, processes across PID namespaces,
 * health and events. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cuda_api.h"
#include "nvml_fixture.h"
#include "sim_card.h"
#include "tenant.h"

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
    nvmlDevice_t device = sim_nvml_start();
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
    nvmlDevice_t device = sim_nvml_start();
    CHECK(nvmlDeviceGetMemoryInfo_v2(device, &memory) == NVML_ERROR_ARGUMENT_VERSION_MISMATCH);
    memory.version = NVML_MEMORY_V2;
    OK(nvmlDeviceGetMemoryInfo_v2(device, &memory));
    CHECK(memory.total == MIB(64) && memory.free == MIB(64));
}

static void hold_a_context(void)
{
    CUcontext context;
    CHECK(cuInit(0) == CUDA_SUCCESS && cuCtxCreate_v2(&context, 0, 0) == CUDA_SUCCESS);
}

static void a_short_process_list_tells_its_size(void)
{
    struct sim_tenant tenants[2];
    nvmlProcessInfo_t infos[2];
    unsigned count = 0;
    nvmlDevice_t device = sim_nvml_start();
    OK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, NULL));
    CHECK(count == 0);
    sim_tenant_start(&tenants[0], hold_a_context);
    sim_tenant_start(&tenants[1], hold_a_context);
    CHECK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, NULL) == NVML_ERROR_INSUFFICIENT_SIZE);
    CHECK(count == 2);
    OK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, infos));
    CHECK(infos[0].pid == (unsigned)tenants[0].process && infos[1].pid == (unsigned)tenants[1].process);
    CHECK(infos[0].usedGpuMemory == MIB(2));
    sim_tenant_stop(&tenants[0]);
    OK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, infos));
    CHECK(count == 1 && infos[0].pid == (unsigned)tenants[1].process);
    sim_tenant_stop(&tenants[1]);
}

/* Start a tenant as process 1 of a PID namespace of its own, as a container's first process is; end when it was killed. */
static void run_container(void *names)
{
    struct sim_tenant tenant;
    CHECK(unshare(geteuid() ? CLONE_NEWUSER | CLONE_NEWPID : CLONE_NEWPID) == 0);
    sim_tenant_start(&tenant, hold_a_context);
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
    nvmlDevice_t device = sim_nvml_start();
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
    nvmlDevice_t device = sim_nvml_start(), again;
    sim_set_state((struct sim_card_state){.lost = 1});
    CHECK(nvmlDeviceGetMemoryInfo(device, &memory) == NVML_ERROR_GPU_IS_LOST);
    CHECK(nvmlDeviceGetHandleByIndex_v2(0, &again) == NVML_ERROR_GPU_IS_LOST);
    CHECK(nvmlDeviceGetHandleByUUID("GPU-00000000-0000-0000-0000-00000000beef", &again) == NVML_ERROR_GPU_IS_LOST);
    OK(nvmlDeviceGetCount_v2(&count));
    CHECK(count == 1);
    sim_set_state((struct sim_card_state){0});
    OK(nvmlDeviceGetMemoryInfo(device, &memory));
}

static void each_event_is_told_once(void)
{
    nvmlEventData_t event;
    nvmlDevice_t device = sim_nvml_start();
    sim_set_state((struct sim_card_state){.xid = 13});
    nvmlEventSet_t set = watch(device);
    CHECK(nvmlEventSetWait_v2(set, &event, 0) == NVML_ERROR_TIMEOUT); /* it was so before */
    sim_set_state((struct sim_card_state){.xid = 79, .uncorrected_ecc_errors = 2});
    OK(nvmlEventSetWait_v2(set, &event, 0));
    CHECK(event.device == device && event.eventType == NVML_EVENT_XID_CRITICAL_ERROR && event.eventData == 79);
    OK(nvmlEventSetWait_v2(set, &event, 0));
    CHECK(event.eventType == NVML_EVENT_DOUBLE_BIT_ECC_ERROR);
    CHECK(nvmlEventSetWait_v2(set, &event, 0) == NVML_ERROR_TIMEOUT);
    sim_set_state((struct sim_card_state){.lost = 1});
    CHECK(nvmlEventSetWait_v2(set, &event, 0) == NVML_ERROR_GPU_IS_LOST);
    CHECK(nvmlEventSetWait_v2(set, &event, 0) == NVML_ERROR_TIMEOUT);
    sim_set_state((struct sim_card_state){0});
    CHECK(nvmlEventSetWait_v2(set, &event, 0) == NVML_ERROR_TIMEOUT); /* recovery is no event */
    sim_set_state((struct sim_card_state){.xid = 79});
    OK(nvmlEventSetWait_v2(set, &event, 0));
    OK(nvmlEventSetFree(set));
}

static void fall_ill(void *unused)
{
    (void)unused;
    usleep(150000);
    sim_set_state((struct sim_card_state){.xid = 48});
}

static void a_wait_ends_when_an_event_comes(void)
{
    nvmlEventData_t event;
    nvmlEventSet_t set = watch(sim_nvml_start());
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
    nvmlDevice_t device = sim_nvml_start();
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
    nvmlDevice_t device = sim_nvml_start();
    CHECK(advice(device) == NVML_GPU_RECOVERY_ACTION_NONE);
    sim_set_state((struct sim_card_state){.xid = 31});
    CHECK(advice(device) == NVML_GPU_RECOVERY_ACTION_NONE);
    sim_set_state((struct sim_card_state){.uncorrected_ecc_errors = 3});
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
    sim_set_state((struct sim_card_state){.xid = 79});
    CHECK(advice(device) == NVML_GPU_RECOVERY_ACTION_GPU_RESET);
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
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
