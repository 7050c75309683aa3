/* What a CUDA program does at its start, as its runtime does it: open the driver, look up every function, make a context, allocate. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "cuda_api.h"
#include "sim_entries.h"

static void need(CUresult result)
{
    if (result != CUDA_SUCCESS)
        exit(1);
}

static void *symbol(void *driver, const char *name)
{
    void *found = dlsym(driver, name);
    if (!found)
        exit(1);
    return found;
}

/* Each name once; how many the driver does not have at this version is its own affair. */
static void look_up_all(void *driver)
{
    CUresult (*resolve)(const char *, void **, int, cuuint64_t, CUdriverProcAddressQueryResult *);
    CUdriverProcAddressQueryResult status;
    *(void **)&resolve = symbol(driver, "cuGetProcAddress_v2");
    for (const struct sim_entry *entry = sim_entries; entry->family; entry++) {
        void *found;
        if (entry == sim_entries || strcmp(entry->family, entry[-1].family) != 0)
            need(resolve(entry->family, &found, 13000, 0, &status));
    }
}

int main(void)
{
    CUcontext context;
    CUdeviceptr address;
    void *driver = dlopen("libcuda.so.1", RTLD_NOW);
    if (!driver)
        return 1;
    CUresult (*initialize)(unsigned), (*retain)(CUcontext *, CUdevice), (*set)(CUcontext), (*allocate)(CUdeviceptr *, size_t);
    *(void **)&initialize = symbol(driver, "cuInit");
    *(void **)&retain = symbol(driver, "cuDevicePrimaryCtxRetain");
    *(void **)&set = symbol(driver, "cuCtxSetCurrent");
    *(void **)&allocate = symbol(driver, "cuMemAlloc_v2");
    look_up_all(driver);
    need(initialize(0));
    need(retain(&context, 0));
    need(set(context));
    need(allocate(&address, (size_t)2 << 20));
    return 0;
}
