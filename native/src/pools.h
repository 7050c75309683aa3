/* Memory pools: each a stock (stock.h), from which a program gets blocks.
 *
 * Near the limit a call cannot be charged all that the pool may grow by: such calls come one after the other, so that a pool is over
 * the limit by what one call made it grow by at most, and not for longer than that call. Not here: the entry points (wrap_pools.c). */
#ifndef HAMI_POOLS_H
#define HAMI_POOLS_H

#include "stock.h"

struct pool;

/* One allocation from a pool, from before the driver is asked. */
struct pool_block {
    struct address_entry entry;
    struct pool *pool;
    uint64_t bytes;
    uint64_t growth_bytes; /* what the pool is charged for this call */
    bool narrow;           /* the pool may grow by more than that */
};

/* The pool of a handle, which is on a card if it is not known yet, and known from now on. NULL where there is no memory to know it. */
struct pool *pools_get(CUmemoryPool handle, const struct card *card);

/* The same, if it is known already. */
struct pool *pools_find(CUmemoryPool handle);

/* NO_CARD for a pool that may have what it gets. */
const struct card *pools_card(const struct pool *pool);

/* Reserve for an allocation; NULL: refused. Then either is called, by the driver's answer. pools_keep is false where the pool has
 * grown over the limit: the caller frees the memory again, and calls pools_freed. */
struct pool_block *pools_begin(const struct real_cuda *real, struct pool *pool, uint64_t bytes);
void pools_cancel(const struct real_cuda *real, struct pool_block *block);
bool pools_keep(const struct real_cuda *real, struct pool_block *block, CUdeviceptr address);

/* After all that, where the block was narrow: the next such call may begin. */
void pools_leave_narrow(struct pool *pool);

/* The driver has freed what was taken out of the map (grant.h). */
void pools_freed(struct pool_block *block);

/* Charge a pool what it has now. */
void pools_settle(const struct real_cuda *real, struct pool *pool);

/* At the next synchronization the driver may give back what a pool has: memory went back to it, or it may keep less. */
void pools_note_shrunk(void);

/* The same for all stocks, if something was noted since the last time. */
void pools_settle_shrunk(const struct real_cuda *real);

/* The driver has destroyed it; what is still allocated of it stays charged until it is freed. */
void pools_forget(struct pool *pool);

#endif
