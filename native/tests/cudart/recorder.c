/* Stands before libcudart's dlsym and writes down what it asks the driver for and what it is answered: one line per lookup, to the
 * file that CUDART_LOOKUPS names. "name version flags: result status library symbol". The next dlsym is the interceptor's where
 * CUDART_INTERCEPTOR names it, else libc's. Not here: the calls that make libcudart ask (calls.c). */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuda_types.h"

typedef CUresult (*resolver1)(const char *, void **, int, cuuint64_t);
typedef CUresult (*resolver2)(const char *, void **, int, cuuint64_t, CUdriverProcAddressQueryResult *);
typedef void *(*dlsym_function)(void *, const char *);

static resolver1 real1;
static resolver2 real2;

static dlsym_function next_dlsym(void)
{
    dlsym_function libc;
    *(void **)&libc = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    const char *path = getenv("CUDART_INTERCEPTOR");
    void *interceptor = path ? dlopen(path, RTLD_NOW | RTLD_NOLOAD) : NULL;
    if (!interceptor)
        return libc;
    dlsym_function next;
    *(void **)&next = libc(interceptor, "dlsym");
    return next;
}

static void record(const char *name, int version, cuuint64_t flags, CUresult result, int status, const void *found)
{
    const char *path = getenv("CUDART_LOOKUPS");
    FILE *out = path ? fopen(path, "ae") : NULL;
    if (!out)
        return;
    Dl_info info = {.dli_fname = "nowhere"};
    if (found && !dladdr(found, &info))
        info.dli_fname = "somewhere";
    const char *file = strrchr(info.dli_fname, '/');
    fprintf(out, "%s %d %d: %d %d %s %s\n", name[0] ? name : "(none)", version, (int)flags, (int)result, status,
            file ? file + 1 : info.dli_fname, info.dli_sname ? info.dli_sname : "-");
    fclose(out);
}

static CUresult resolve1(const char *name, void **function, int version, cuuint64_t flags);
static CUresult resolve2(const char *name, void **function, int version, cuuint64_t flags, CUdriverProcAddressQueryResult *status);

/* libcudart goes on with the resolver that a resolver gave it: so ours stays before that one too. */
static void *stand_before(const char *name, int version, void *found)
{
    if (!found || strncmp(name, "cuGetProcAddress", strlen("cuGetProcAddress")) != 0)
        return found;
    if (strcmp(name, "cuGetProcAddress_v2") == 0 || version >= 12000) {
        *(void **)&real2 = found;
        return *(void **)&(resolver2){resolve2};
    }
    *(void **)&real1 = found;
    return *(void **)&(resolver1){resolve1};
}

static CUresult resolve1(const char *name, void **function, int version, cuuint64_t flags)
{
    CUresult result = real1(name, function, version, flags);
    record(name, version, flags, result, -1, result == CUDA_SUCCESS ? *function : NULL);
    if (result == CUDA_SUCCESS)
        *function = stand_before(name, version, *function);
    return result;
}

static CUresult resolve2(const char *name, void **function, int version, cuuint64_t flags, CUdriverProcAddressQueryResult *status)
{
    CUdriverProcAddressQueryResult seen = (CUdriverProcAddressQueryResult)77;
    CUresult result = real2(name, function, version, flags, status ? status : &seen);
    record(name, version, flags, result, status ? (int)*status : -1, result == CUDA_SUCCESS ? *function : NULL);
    if (result == CUDA_SUCCESS)
        *function = stand_before(name, version, *function);
    return result;
}

__attribute__((visibility("default"))) void *dlsym(void *restrict handle, const char *restrict symbol)
{
    void *found = next_dlsym()(handle, symbol);
    if (strncmp(symbol, "cu", 2) != 0)
        return found;
    record(symbol, -1, 0, CUDA_SUCCESS, -1, found);
    return stand_before(symbol, 0, found);
}
