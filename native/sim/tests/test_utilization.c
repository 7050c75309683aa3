/* Covers: how busy the simulated NVML says that a card and its processes are. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cuda_api.h"
#include "nvml_fixture.h"
#include "sim_card.h"
#include "tenant.h"

#define CUDA_OK(call) CHECK((call) == CUDA_SUCCESS)

static CUfunction begin_cuda(const char *name)
{
    CUcontext context;
    CUmodule module;
    CUfunction function;
    CUDA_OK(cuInit(0));
    CUDA_OK(cuCtxCreate_v2(&context, 0, 0));
    CUDA_OK(cuModuleLoadData(&module, "image"));
    CUDA_OK(cuModuleGetFunction(&function, module, name));
    return function;
}

static void be_busy(void)
{
    CUfunction function = begin_cuda("busy_10000000us");
    for (int i = 0; i < 1000; i++)
        CUDA_OK(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
}

static void be_idle(void)
{
    CUfunction function = begin_cuda("busy_1us");
    CUDA_OK(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
}

/* Ask until a window has passed in which so many processes were busy. */
static void wait_for_samples(nvmlDevice_t device, unsigned wanted, nvmlProcessUtilizationSample_t samples[4], unsigned long long since_us)
{
    unsigned count;
    nvmlReturn_t result;
    do {
        usleep(10000);
        count = 4;
        result = nvmlDeviceGetProcessUtilization(device, samples, &count, since_us);
    } while (result == NVML_ERROR_NOT_FOUND || count < wanted);
    CHECK(result == NVML_SUCCESS && count == wanted);
}

static void who_was_busy_is_told(void)
{
    nvmlProcessUtilizationSample_t samples[4];
    struct sim_tenant busy, idle;
    unsigned count = 4;
    nvmlDevice_t device = sim_nvml_start();
    CHECK(nvmlDeviceGetProcessUtilization(device, samples, &count, 0) == NVML_ERROR_NOT_FOUND && count == 0);
    sim_tenant_start(&idle, be_idle);
    sim_tenant_start(&busy, be_busy);
    wait_for_samples(device, 1, samples, 0);
    CHECK(samples[0].pid == (unsigned)busy.process && samples[0].smUtil >= 1 && samples[0].smUtil <= 100);
    unsigned long long before_us = samples[0].timeStamp;
    wait_for_samples(device, 1, samples, before_us);
    CHECK(samples[0].timeStamp > before_us && samples[0].smUtil >= 99); /* of windows that it had to itself */
    count = 4;
    CHECK(nvmlDeviceGetProcessUtilization(device, samples, &count, samples[0].timeStamp + 3600000000u) == NVML_ERROR_NOT_FOUND);
    sim_tenant_stop(&busy);
    sim_tenant_stop(&idle);
}

static void those_that_take_turns_have_the_card_together(void)
{
    nvmlProcessUtilizationSample_t samples[4];
    struct sim_tenant tenants[2];
    nvmlDevice_t device = sim_nvml_start();
    for (int i = 0; i < 2; i++)
        sim_tenant_start(&tenants[i], be_busy);
    wait_for_samples(device, 2, samples, 0);
    wait_for_samples(device, 2, samples, samples[0].timeStamp);
    CHECK(samples[0].smUtil + samples[1].smUtil >= 97 && samples[0].smUtil + samples[1].smUtil <= 100);
    CHECK(samples[0].smUtil >= 47 && samples[0].smUtil <= 52);
    for (int i = 0; i < 2; i++)
        sim_tenant_stop(&tenants[i]);
}

static void both_questions_have_the_same_answer(void)
{
    nvmlProcessUtilizationInfo_v1_t found[4];
    nvmlProcessUtilizationSample_t samples[4];
    nvmlProcessesUtilizationInfo_t info = {.version = NVML_PROCESSES_UTILIZATION_INFO_V1};
    struct sim_tenant busy;
    unsigned count = 0;
    nvmlDevice_t device = sim_nvml_start();
    sim_tenant_start(&busy, be_busy);
    wait_for_samples(device, 1, samples, 0);
    CHECK(nvmlDeviceGetProcessUtilization(device, NULL, &count, 0) == NVML_ERROR_INSUFFICIENT_SIZE && count == 1);
    CHECK(nvmlDeviceGetProcessesUtilizationInfo(device, &info) == NVML_ERROR_INSUFFICIENT_SIZE && info.processSamplesCount == 1);
    info.procUtilArray = found;
    OK(nvmlDeviceGetProcessesUtilizationInfo(device, &info));
    CHECK(info.processSamplesCount == 1 && found[0].pid == samples[0].pid && found[0].timeStamp >= samples[0].timeStamp);
    info.version = 0;
    CHECK(nvmlDeviceGetProcessesUtilizationInfo(device, &info) == NVML_ERROR_ARGUMENT_VERSION_MISMATCH);
    CHECK(nvmlDeviceGetProcessesUtilizationInfo(device, NULL) == NVML_ERROR_INVALID_ARGUMENT);
    CHECK(nvmlDeviceGetProcessUtilization(device, samples, NULL, 0) == NVML_ERROR_INVALID_ARGUMENT);
    CHECK(nvmlDeviceGetProcessUtilization(NULL, samples, &count, 0) == NVML_ERROR_INVALID_ARGUMENT);
    sim_tenant_stop(&busy);
}

static void a_card_is_as_busy_as_its_processes_or_as_it_is_said_to_be(void)
{
    nvmlUtilization_t rates;
    struct sim_tenant busy;
    nvmlDevice_t device = sim_nvml_start();
    OK(nvmlDeviceGetUtilizationRates(device, &rates));
    CHECK(rates.gpu == 0 && rates.memory == 0);
    sim_tenant_start(&busy, be_busy);
    do {
        usleep(10000);
        OK(nvmlDeviceGetUtilizationRates(device, &rates));
    } while (rates.gpu < 99);
    CHECK(rates.gpu <= 100 && rates.memory == 0);
    sim_set_state((struct sim_card_state){.gpu_percent = 42, .memory_percent = 7});
    OK(nvmlDeviceGetUtilizationRates(device, &rates));
    CHECK(rates.gpu == 42 && rates.memory == 7);
    CHECK(nvmlDeviceGetUtilizationRates(device, NULL) == NVML_ERROR_INVALID_ARGUMENT);
    sim_tenant_stop(&busy);
}

static void a_card_in_mig_mode_tells_nothing_of_processes(void)
{
    nvmlProcessUtilizationSample_t samples[4];
    nvmlDevice_t device;
    unsigned count = 4;
    sim_write_mig_card(0, 64);
    sim_write_instance(0, 0, 8);
    OK(nvmlInit_v2());
    OK(nvmlDeviceGetHandleByIndex_v2(0, &device));
    CHECK(nvmlDeviceGetProcessUtilization(device, samples, &count, 0) == NVML_ERROR_NOT_SUPPORTED);
}

static void a_card_tells_nothing_of_processes_that_is_said_not_to(void)
{
    nvmlProcessUtilizationSample_t samples[4];
    nvmlProcessInfo_t infos[4];
    struct sim_tenant busy;
    nvmlDevice_t device = sim_nvml_start();
    unsigned count = 4;
    sim_tenant_start(&busy, be_busy);
    sim_set_state((struct sim_card_state){.processes_refusal = NVML_ERROR_NO_PERMISSION, .samples_refusal = NVML_ERROR_NOT_SUPPORTED});
    CHECK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, infos) == NVML_ERROR_NO_PERMISSION);
    CHECK(nvmlDeviceGetProcessUtilization(device, samples, &count, 0) == NVML_ERROR_NOT_SUPPORTED);
    sim_set_state((struct sim_card_state){0});
    OK(nvmlDeviceGetComputeRunningProcesses_v3(device, &count, infos));
    CHECK(count == 1);
    sim_tenant_stop(&busy);
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"who was busy is told", who_was_busy_is_told},
        {"those that take turns have the card together", those_that_take_turns_have_the_card_together},
        {"both questions have the same answer", both_questions_have_the_same_answer},
        {"a card is as busy as its processes, or as it is said to be", a_card_is_as_busy_as_its_processes_or_as_it_is_said_to_be},
        {"a card in MIG mode tells nothing of processes", a_card_in_mig_mode_tells_nothing_of_processes},
        {"a card tells nothing of processes that is said not to", a_card_tells_nothing_of_processes_that_is_said_not_to},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
