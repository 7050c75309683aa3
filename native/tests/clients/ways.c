/* Loads the driver that its argument names, by absolute path and for itself alone, and prints what each way to a function leads to: an
 * address as "library symbol". Has a function of its own whose name is like one of the driver's. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "cuda_types.h"

__attribute__((visibility("default"))) int cuFutureOfOurs(void)
{
    return 0;
}

static const char *name_of(const void *address)
{
    static char text[256];
    Dl_info info;
    if (!address || !dladdr(address, &info))
        return "nowhere";
    const char *file = strrchr(info.dli_fname, '/');
    snprintf(text, sizeof text, "%s %s", file ? file + 1 : info.dli_fname, info.dli_sname ? info.dli_sname : "?");
    return text;
}

static void print_symbol(const char *way, void *handle, const char *symbol)
{
    (void)dlerror();
    void *found = dlsym(handle, symbol);
    const char *error = dlerror();
    printf("%s %s: %s, %s\n", way, symbol, name_of(found),
           !error ? "no error" : strstr(error, "strict limits") ? "strict" : "not found");
}

static void print_resolved(void *driver, const char *symbol)
{
    CUresult (*resolve1)(const char *, void **, int, cuuint64_t);
    CUresult (*resolve2)(const char *, void **, int, cuuint64_t, CUdriverProcAddressQueryResult *);
    void *found1 = NULL, *found2 = NULL;
    CUdriverProcAddressQueryResult status;
    *(void **)&resolve1 = dlsym(driver, "cuGetProcAddress");
    *(void **)&resolve2 = dlsym(driver, "cuGetProcAddress_v2");
    if (!resolve1 || !resolve2)
        return;
    CUresult result1 = resolve1(symbol, &found1, 13000, 0);
    CUresult result2 = resolve2(symbol, &found2, 13000, 0, &status);
    printf("resolved %s: %d %s", symbol, result1, name_of(found1));
    printf(", %d %d %s\n", result2, status, name_of(found2));
}

int main(int count, char **arguments)
{
    static const char *const names[] = {"cuInit", "cuMemAlloc", "cuMemAlloc_v2", "cuCtxGetCurrent", "cuFutureAlloc"};
    void *driver = count == 2 ? dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    if (!driver)
        return 2;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        print_symbol("handle", driver, names[i]);
        print_resolved(driver, names[i]);
    }
    print_symbol("default", RTLD_DEFAULT, "cuMemAlloc_v2");
    print_symbol("default", RTLD_DEFAULT, "cuFutureAlloc");
    print_symbol("default", RTLD_DEFAULT, "cuFutureOfOurs");
    print_symbol("handle", driver, "cuGetProcAddress");
    return 0;
}
