/* cuGetProcAddress of the simulated driver: names and versions to entry points, as the manifest lists them.
 * Source: CUDA Driver API, Driver Entry Point Access: version 1 says CUDA_ERROR_NOT_FOUND where version 2 succeeds with
 * NULL and a status. */
#include <string.h>

#include "cuda_process.h"
#include "sim_entries.h"

typedef void (*entry_point)(void);

static entry_point choose(const struct sim_entry *entry, int version, cuuint64_t flags)
{
    if (flags == CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM && entry->per_thread && version >= entry->per_thread_since)
        return entry->per_thread;
    return entry->legacy;
}

/* The first entry whose family is not before this one, as strcmp orders them. */
static const struct sim_entry *first_of(const char *family)
{
    size_t first = 0, end = sim_entries_count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (strcmp(sim_entries[middle].family, family) < 0)
            first = middle + 1;
        else
            end = middle;
    }
    return &sim_entries[first];
}

static CUdriverProcAddressQueryResult search(const char *family, int version, cuuint64_t flags, entry_point *found)
{
    CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    *found = NULL;
    for (const struct sim_entry *entry = first_of(family); entry->family && strcmp(entry->family, family) == 0; entry++) {
        if (entry->since <= version) {
            *found = choose(entry, version, flags);
            return CU_GET_PROC_ADDRESS_SUCCESS;
        }
        status = CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT;
    }
    return status;
}

CUresult cuGetProcAddress_v2(const char *symbol, void **function, int cuda_version, cuuint64_t flags,
                             CUdriverProcAddressQueryResult *status)
{
    if (!symbol || !function || flags > CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM || cuda_version < 0 ||
        (unsigned)cuda_version > sim_cuda_version())
        return CUDA_ERROR_INVALID_VALUE;
    entry_point found;
    CUdriverProcAddressQueryResult outcome = search(symbol, cuda_version, flags, &found);
    memcpy(function, &found, sizeof found);
    if (status)
        *status = outcome;
    return CUDA_SUCCESS;
}

CUresult cuGetProcAddress(const char *symbol, void **function, int cuda_version, cuuint64_t flags)
{
    CUresult result = cuGetProcAddress_v2(symbol, function, cuda_version, flags, NULL);
    return result == CUDA_SUCCESS && !*function ? CUDA_ERROR_NOT_FOUND : result;
}
