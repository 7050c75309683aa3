/* Prints every answer of dlsym and of cuGetProcAddress, versions 1 and 2, for all names and flags that the manifest knows and some that
 * it does not, at the versions where an answer changes; an address as "library symbol". The test compares it with and without interceptor. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "cuda_api.h"
#include "sim_entries.h"

static const int versions[] = {0, 7000, 12000, 13000, 99000};
static const char *const strange[] = {"", "cuMemAlloc_v2", "cuNothing", "cudnnCreate", "malloc", "nvmlInit_v2", "cu", "nv"};

static const char *name_of(const void *address)
{
    static char text[256];
    Dl_info info;
    if (!address || !dladdr(address, &info))
        return address ? "somewhere" : "nowhere";
    const char *file = strrchr(info.dli_fname, '/');
    snprintf(text, sizeof text, "%s %s", file ? file + 1 : info.dli_fname, info.dli_sname ? info.dli_sname : "?");
    return text;
}

static void print_answers(void *driver, const char *family, int version)
{
    CUresult (*resolve1)(const char *, void **, int, cuuint64_t);
    CUresult (*resolve2)(const char *, void **, int, cuuint64_t, CUdriverProcAddressQueryResult *);
    *(void **)&resolve1 = dlsym(driver, "cuGetProcAddress");
    *(void **)&resolve2 = dlsym(driver, "cuGetProcAddress_v2");
    for (cuuint64_t flags = 0; flags < 4; flags++) {
        void *found1 = NULL, *found2 = NULL, *found3 = NULL;
        CUdriverProcAddressQueryResult status = (CUdriverProcAddressQueryResult)77;
        CUresult result1 = resolve1(family, &found1, version, flags);
        CUresult result2 = resolve2(family, &found2, version, flags, &status);
        CUresult result3 = resolve2(family, &found3, version, flags, NULL);
        printf("%s@%d/%d v1 %d %s\n", family, version, (int)flags, result1, name_of(found1));
        printf("%s@%d/%d v2 %d %d %s\n", family, version, (int)flags, result2, status, name_of(found2));
        printf("%s@%d/%d v2 without status %d %s\n", family, version, (int)flags, result3, name_of(found3));
    }
}

static void print_symbol(const char *way, void *handle, const char *symbol)
{
    (void)dlerror();
    void *found = dlsym(handle, symbol);
    const char *error = dlerror();
    printf("%s %s: %s, %s\n", way, symbol, name_of(found), error ? "error" : "no error");
}

int main(void)
{
    void *driver = dlopen("libcuda.so.1", RTLD_NOW);
    if (!driver)
        return 1;
    for (const struct sim_entry *entry = sim_entries; entry->family; entry++) {
        const char *symbol = strchr(name_of((const void *)entry->legacy), ' ') + 1;
        char kept[128];
        snprintf(kept, sizeof kept, "%s", symbol);
        print_answers(driver, entry->family, entry->since - 10);
        print_answers(driver, entry->family, entry->since);
        print_answers(driver, entry->family, 13000);
        print_symbol("handle", driver, kept);
        print_symbol("default", RTLD_DEFAULT, kept);
        print_symbol("next", RTLD_NEXT, kept);
    }
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
        for (size_t version = 0; version < sizeof versions / sizeof *versions; version++)
            print_answers(driver, strange[i], versions[version]);
        print_symbol("handle", driver, strange[i]);
        print_symbol("next", RTLD_NEXT, strange[i]);
        print_symbol("next again", RTLD_NEXT, strange[i]);
    }
    return 0;
}
