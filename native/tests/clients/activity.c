/* Loads the NVML that its argument names, and prints what each function that tells of a card's work answers: for a card with a share, for
 * one without, and for a handle that the driver does not know. */
#include <dlfcn.h>
#include <stdio.h>

#include "../drivers/activity.h"
#include "nvml_types.h"

typedef nvmlReturn_t (*any_function)(nvmlDevice_t, unsigned long, unsigned long, void *, void *, void *);

static void print(void *library, const char *name, unsigned long kind)
{
    any_function function;
    *(void **)&function = dlsym(library, name);
    if (!function)
        return (void)printf("%s is not there\n", name);
    printf("%s %lu:", name, kind);
    for (nvmlDevice_t device = FIRST_CARD;; device = device == FIRST_CARD ? SECOND_CARD : NO_SUCH_CARD) {
        printf(" %d", function(device, kind, 0, NULL, NULL, NULL));
        if (device == NO_SUCH_CARD)
            break;
    }
    printf("\n");
}

static void print_gpm_support(void *library)
{
    nvmlGpmSupport_t first = {.version = 1}, second = {.version = 1};
    nvmlReturn_t (*query)(nvmlDevice_t, nvmlGpmSupport_t *);
    *(void **)&query = dlsym(library, "nvmlGpmQueryDeviceSupport");
    nvmlReturn_t results[] = {query(FIRST_CARD, &first), query(SECOND_CARD, &second)};
    printf("gpm: %d %u, %d %u\n", results[0], first.isSupportedDevice, results[1], second.isSupportedDevice);
}

int main(int count, char **arguments)
{
    void *library = count == 2 ? dlopen(arguments[1], RTLD_NOW) : NULL;
    if (!library)
        return 1;
#define PRINT(name) print(library, #name, 0);
    ACTIVITY_FUNCTIONS(PRINT)
    for (unsigned long kind = 0; kind < 10; kind++)
        print(library, "nvmlDeviceGetSamples", kind);
    print_gpm_support(library);
    return 0;
}
