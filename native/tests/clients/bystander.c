/* A program that has nothing to do with CUDA until late: what dlsym says before a driver library is there, and after. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void print(const char *symbol)
{
    (void)dlerror();
    const void *found = dlsym(RTLD_DEFAULT, symbol);
    const char *error = dlerror();
    printf("%s %s%s\n", symbol, found ? "found" : "not found", error ? ", and an error" : "");
}

int main(void)
{
    print("cuInit");
    print("nvmlDeviceGetMemoryInfo");
    print("malloc");
    if (!dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL))
        return 1;
    print("nvmlDeviceGetMemoryInfo");
    void *driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    printf("by version %s\n", dlvsym(driver, "cuMemAlloc_v2", "GLIBC_2.2.5") ? "found" : "not found");
    return 0;
}
