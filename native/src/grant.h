/* What an entry point does around the driver's own function: reserve before it, keep or give back by its answer; and for memory that is
 * freed, take it out before and forget it, or put it back, after. Not here: memory from pools as it is allocated (pools.h), by handle (vmm.h). */
#ifndef HAMI_GRANT_H
#define HAMI_GRANT_H

#include "pools.h"

/* Reserve; where the card is full, pools give back first what nobody uses. NULL: refused, and counted. */
struct charge *grant_reserve(const struct real_cuda *real, const struct card *card, enum charge_kind kind, uint64_t bytes);

/* Keep a charge under what the driver gave for it, which ends with the current context; or, where it failed, give it back. Returns `result`. */
CUresult grant_keep(const struct real_cuda *real, struct charge *charge, CUresult result, enum address_kind kind, CUdeviceptr address);

/* What was taken out to be freed: a charge, memory from a pool, or nothing. */
struct grant_taken {
    struct address_entry *entry;
};

/* Take out what is to be freed. Before the driver frees it: after that, another thread may be given the same address. Memory that cuMemFree
 * frees may be of a pool as well, and that of a pool may be freed by cuMemFree. */
struct grant_taken grant_take_memory(CUdeviceptr address);
struct grant_taken grant_take_array(const void *array);

/* Forget it, or, where the driver failed, put it back. Returns `result`. */
CUresult grant_freed(struct grant_taken taken, CUresult result);

#endif
