/* Covers: the simulated NVML where pynvml cannot reach: buffer sizes, structure versions, processes across PID namespaces. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cuda_api.h"
#include "nvml_api.h"
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

int main(void)
{
    static const struct sim_test tests[] = {
        {"init and shutdown are counted", init_and_shutdown_are_counted},
        {"without cards the driver is not loaded", without_cards_the_driver_is_not_loaded},
        {"short buffers and wrong handles are refused", short_buffers_and_wrong_handles_are_refused},
        {"the second memory structure names its version", the_second_memory_structure_names_its_version},
        {"a short process list tells its size", a_short_process_list_tells_its_size},
        {"a container's process has its name on the node", a_container_process_has_its_name_on_the_node},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
