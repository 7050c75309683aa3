/* What the simulated driver's cuGetProcAddress can answer.
 * Generated from native/manifest/cuda.def by `python -m native.generator`; do not edit. */
#ifndef HAMI_SIM_ENTRIES_H
#define HAMI_SIM_ENTRIES_H

#include <stddef.h>

/* One symbol that answers for a family from a CUDA version on. Entries of a family stand together, highest version first:
 * the first whose `since` is not above the asked version answers. */
struct sim_entry {
    const char *family;
    int since;
    void (*legacy)(void);
    void (*per_thread)(void); /* for CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM; NULL where the symbol has no variant */
    int per_thread_since;
};

/* Sorted by family, as strcmp sorts. Ends with an entry whose family is NULL, which does not count. */
extern const struct sim_entry sim_entries[];
extern const size_t sim_entries_count;

#endif
