/* Whose function a program is given, by its name and by the driver's own resolver. */
#ifndef HAMI_CLIENTS_OWNERS_H
#define HAMI_CLIENTS_OWNERS_H

#include <dlfcn.h>

#include "said.h"

/* A function by its name, and by the name and version that the resolver has it under. */
struct asked {
    const char *name, *family;
    int version;
};

static inline const char *owner(void *pointer)
{
    Dl_info found;
    if (!pointer || !dladdr(pointer, &found) || !found.dli_fname)
        return "nobody";
    const char *slash = strrchr(found.dli_fname, '/');
    return slash ? slash + 1 : found.dli_fname;
}

static inline void say_owner(const struct asked *asked)
{
    void *driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD), *resolved;
    CUdriverProcAddressQueryResult status;
    DO(cuGetProcAddress_v2(asked->family, &resolved, asked->version, 0, &status));
    printf("%s: %s, %s\n", asked->name, owner(dlsym(driver, asked->name)), owner(resolved));
}

#endif
