/* Prints nvmlDeviceGetRunningProcessDetailList of the first card, in each mode. */
#include <dlfcn.h>
#include <stdio.h>

#include "nvml_api.h"

static nvmlReturn_t (*get_list)(nvmlDevice_t, nvmlProcessDetailList_t *);

static void print(const char *name, nvmlDevice_t device, unsigned int mode)
{
    nvmlProcessDetail_v1_t processes[8];
    nvmlProcessDetailList_t list = {.version = NVML_PROCESS_DETAIL_LIST_V1, .mode = mode, .numProcArrayEntries = 8, .procArray = processes};
    nvmlReturn_t result = get_list(device, &list);
    printf("%s: %d %u", name, result, list.numProcArrayEntries);
    for (unsigned int i = 0; result == NVML_SUCCESS && i < list.numProcArrayEntries; i++)
        printf(", %u %llu MiB", processes[i].pid, processes[i].usedGpuMemory >> 20);
    printf("\n");
}

static void print_refusal(const char *name, nvmlDevice_t device, unsigned int version, unsigned int mode)
{
    nvmlProcessDetailList_t list = {.version = version, .mode = mode};
    printf("%s: %d\n", name, get_list(device, &list));
}

int main(void)
{
    nvmlReturn_t (*init)(void), (*by_index)(unsigned int, nvmlDevice_t *);
    void *nvml = dlopen("libnvidia-ml.so.1", RTLD_NOW);
    if (!nvml)
        return 1;
    *(void **)&init = dlsym(nvml, "nvmlInit_v2");
    *(void **)&by_index = dlsym(nvml, "nvmlDeviceGetHandleByIndex_v2");
    *(void **)&get_list = dlsym(nvml, "nvmlDeviceGetRunningProcessDetailList");
    nvmlDevice_t device;
    if (init() != NVML_SUCCESS || by_index(0, &device) != NVML_SUCCESS)
        return 2;
    nvmlProcessDetailList_t empty = {.version = NVML_PROCESS_DETAIL_LIST_V1};
    nvmlReturn_t result = get_list(device, &empty);
    printf("asked for the number: %d %u\n", result, empty.numProcArrayEntries);
    print("compute", device, NVML_PROCESS_MODE_COMPUTE);
    print("graphics", device, NVML_PROCESS_MODE_GRAPHICS);
    print("mps", device, NVML_PROCESS_MODE_MPS);
    print("all", device, NVML_PROCESS_MODE_ALL);
    print_refusal("wrong version", device, 1, NVML_PROCESS_MODE_ALL);
    print_refusal("wrong mode", device, NVML_PROCESS_DETAIL_LIST_V1, 9);
    return 0;
}
