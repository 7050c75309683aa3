/* Allocates 2 MiB at a time on device 0 until it is refused, with functions looked up in the way that its argument names: `dlsym`,
 * `resolver1`, `resolver2` (cuGetProcAddress of versions 1 and 2). Says how much it got, what cuMemGetInfo, cuMemAllocPitch and
 * cuMemAllocManaged then say, and what is left after freeing all by ending the context. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuda_api.h"

#define VERSION 11030 /* cuCtxCreate has other parameters since 11040 */
#define MIB ((size_t)1 << 20)

static void *driver;
static const char *way;
static CUresult (*resolver1)(const char *, void **, int, cuuint64_t);
static CUresult (*resolver2)(const char *, void **, int, cuuint64_t, CUdriverProcAddressQueryResult *);

/* Write the function's address to *function. */
static void look_up(void *function, const char *family, const char *symbol)
{
    void *found = NULL;
    CUdriverProcAddressQueryResult status;
    if (strcmp(way, "resolver1") == 0 && resolver1)
        (void)resolver1(family, &found, VERSION, CU_GET_PROC_ADDRESS_DEFAULT);
    else if (strcmp(way, "resolver2") == 0 && resolver2)
        (void)resolver2(family, &found, VERSION, CU_GET_PROC_ADDRESS_DEFAULT, &status);
    else
        found = dlsym(driver, symbol);
    if (!found) {
        fprintf(stderr, "%s was not found\n", symbol);
        exit(1);
    }
    memcpy(function, &found, sizeof found);
}

int main(int count, char **arguments)
{
    CUresult (*init)(unsigned int);
    CUresult (*create)(CUcontext *, unsigned int, CUdevice);
    CUresult (*destroy)(CUcontext);
    CUresult (*allocate)(CUdeviceptr *, size_t);
    CUresult (*allocate_pitch)(CUdeviceptr *, size_t *, size_t, size_t, unsigned int);
    CUresult (*allocate_managed)(CUdeviceptr *, size_t, unsigned int);
    CUresult (*release)(CUdeviceptr);
    CUresult (*info)(size_t *, size_t *);
    CUresult (*total_of)(size_t *, CUdevice);
    CUcontext context;
    CUdeviceptr first = 0, address;
    size_t got = 0, left, total, device_total, pitch, freed;
    if (count != 2 || !(driver = dlopen("libcuda.so.1", RTLD_NOW)))
        return 2;
    way = "dlsym";
    look_up(&resolver1, "cuGetProcAddress", "cuGetProcAddress");
    look_up(&resolver2, "cuGetProcAddress", "cuGetProcAddress_v2");
    way = arguments[1];
    look_up(&init, "cuInit", "cuInit");
    look_up(&create, "cuCtxCreate", "cuCtxCreate_v2");
    look_up(&destroy, "cuCtxDestroy", "cuCtxDestroy_v2");
    look_up(&allocate, "cuMemAlloc", "cuMemAlloc_v2");
    look_up(&allocate_pitch, "cuMemAllocPitch", "cuMemAllocPitch_v2");
    look_up(&allocate_managed, "cuMemAllocManaged", "cuMemAllocManaged");
    look_up(&release, "cuMemFree", "cuMemFree_v2");
    look_up(&info, "cuMemGetInfo", "cuMemGetInfo_v2");
    look_up(&total_of, "cuDeviceTotalMem", "cuDeviceTotalMem_v2");
    if (allocate(&address, 1) != CUDA_ERROR_NOT_INITIALIZED || init(0) || total_of(&device_total, 0) ||
        allocate(&address, 1) != CUDA_ERROR_INVALID_CONTEXT || create(&context, 0, 0))
        return 1;
    while (allocate(&address, 2 * MIB) == CUDA_SUCCESS) {
        first = first ? first : address;
        got += 2 * MIB;
    }
    if (info(&left, &total))
        return 1;
    printf("allocated %zu of %zu (%zu) MiB, %zu left\n", got / MIB, total / MIB, device_total / MIB, left / MIB);
    CUresult pitched = allocate_pitch(&address, &pitch, 1000, 1000, 4);
    CUresult managed = allocate_managed(&address, 1, CU_MEM_ATTACH_GLOBAL);
    printf("full: pitch %d, managed %d\n", pitched, managed);
    CUresult once = release(first), twice = release(first);
    printf("free %d, again %d\n", once, twice);
    pitched = allocate_pitch(&address, &pitch, 1000, 1000, 4);
    managed = allocate_managed(&address, 1, CU_MEM_ATTACH_GLOBAL);
    printf("a slab: pitch %d, managed %d\n", pitched, managed);
    if (destroy(context) || create(&context, 0, 0) || info(&freed, &total))
        return 1;
    printf("%zu left in a new context\n", freed / MIB);
    return 0;
}
