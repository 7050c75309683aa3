/* Opens a driver by the way and the path of its arguments, allocates on device 0 until it is refused, and says how many MiB it got.
 * `dlopen`, `dlmopen`: the driver itself; `deepbind`: a library that is linked to it and has `fill`. */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuda_types.h"

#define MIB ((size_t)1 << 20)

static void *find(void *library, const char *symbol)
{
    void *found = dlsym(library, symbol);
    if (!found) {
        fprintf(stderr, "%s was not found\n", symbol);
        exit(1);
    }
    return found;
}

static long fill(void *driver)
{
    CUresult (*init)(unsigned int);
    CUresult (*create)(CUcontext *, unsigned int, CUdevice);
    CUresult (*allocate)(CUdeviceptr *, size_t);
    CUcontext context;
    CUdeviceptr address;
    long got = 0;
    *(void **)&init = find(driver, "cuInit");
    CUresult started = init(0);
    if (started) {
        printf("cuInit answered %d, ", started);
        return -1;
    }
    *(void **)&create = find(driver, "cuCtxCreate_v2");
    *(void **)&allocate = find(driver, "cuMemAlloc_v2");
    if (create(&context, 0, 0))
        return -1;
    while (allocate(&address, 2 * MIB) == CUDA_SUCCESS)
        got += 2;
    return got;
}

int main(int count, char **arguments)
{
    if (count != 3)
        return 2;
    bool is_linked = strcmp(arguments[1], "deepbind") == 0;
    void *library = strcmp(arguments[1], "dlmopen") == 0 ? dlmopen(LM_ID_NEWLM, arguments[2], RTLD_NOW)
                                                         : dlopen(arguments[2], RTLD_NOW | (is_linked ? RTLD_DEEPBIND : 0));
    if (!library) {
        printf("%s\n", dlerror());
        return 1;
    }
    long (*fill_linked)(void) = NULL;
    if (is_linked)
        *(void **)&fill_linked = find(library, "fill");
    printf("got %ld MiB\n", is_linked ? fill_linked() : fill(library));
    return 0;
}
