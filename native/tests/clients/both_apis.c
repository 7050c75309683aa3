/* Initialize NVML, ask it for the memory of every card and MIG instance, and only then initialize CUDA and fill its first device: in this
 * order frameworks begin. Arguments: none. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "cuda_api.h"
#include "nvml_api.h"

#define MIB(n) ((n) >> 20)
#define SLAB (2u << 20)

static void *find(void *library, const char *symbol)
{
    void *found = dlsym(library, symbol);
    if (!found)
        exit(2);
    return found;
}

static void tell(void *nvml, nvmlDevice_t device)
{
    char uuid[NVML_DEVICE_UUID_V2_BUFFER_SIZE] = "?";
    nvmlMemory_t memory = {0};
    nvmlReturn_t (*get_uuid)(nvmlDevice_t, char *, unsigned int);
    nvmlReturn_t (*get_memory)(nvmlDevice_t, nvmlMemory_t *);
    *(void **)&get_uuid = find(nvml, "nvmlDeviceGetUUID");
    *(void **)&get_memory = find(nvml, "nvmlDeviceGetMemoryInfo");
    if (get_uuid(device, uuid, sizeof uuid) == NVML_SUCCESS && get_memory(device, &memory) == NVML_SUCCESS)
        printf("nvml %.12s: %llu of %llu MiB\n", uuid, MIB(memory.used), MIB(memory.total));
}

static void tell_all(void *nvml)
{
    nvmlReturn_t (*init)(void);
    nvmlReturn_t (*by_index)(unsigned int, nvmlDevice_t *);
    nvmlReturn_t (*mig_by_index)(nvmlDevice_t, unsigned int, nvmlDevice_t *);
    *(void **)&init = find(nvml, "nvmlInit_v2");
    *(void **)&by_index = find(nvml, "nvmlDeviceGetHandleByIndex_v2");
    *(void **)&mig_by_index = find(nvml, "nvmlDeviceGetMigDeviceHandleByIndex");
    nvmlDevice_t device, mig;
    if (init() != NVML_SUCCESS)
        exit(3);
    for (unsigned int i = 0; by_index(i, &device) == NVML_SUCCESS; i++) {
        tell(nvml, device);
        for (unsigned int j = 0; mig_by_index(device, j, &mig) == NVML_SUCCESS; j++)
            tell(nvml, mig);
    }
}

static void fill_first(void *cuda)
{
    CUresult (*init)(unsigned int), (*retain)(CUcontext *, CUdevice), (*set_current)(CUcontext), (*alloc)(CUdeviceptr *, size_t);
    CUresult (*get_info)(size_t *, size_t *);
    CUcontext context;
    CUdeviceptr address;
    size_t left = 0, total = 0, count = 0;
    *(void **)&init = find(cuda, "cuInit");
    *(void **)&retain = find(cuda, "cuDevicePrimaryCtxRetain");
    *(void **)&set_current = find(cuda, "cuCtxSetCurrent");
    *(void **)&alloc = find(cuda, "cuMemAlloc_v2");
    *(void **)&get_info = find(cuda, "cuMemGetInfo_v2");
    if (init(0) || retain(&context, 0) || set_current(context) || get_info(&left, &total))
        exit(4);
    while (alloc(&address, SLAB) == CUDA_SUCCESS)
        count++;
    printf("cuda 0: got %zu MiB, was told %zu of %zu MiB\n", count * MIB(SLAB), MIB(left), MIB(total));
}

int main(void)
{
    void *nvml = dlopen("libnvidia-ml.so.1", RTLD_NOW), *cuda = dlopen("libcuda.so.1", RTLD_NOW);
    if (!nvml || !cuda)
        return 1;
    tell_all(nvml);
    fill_first(cuda);
    tell_all(nvml);
    return 0;
}
