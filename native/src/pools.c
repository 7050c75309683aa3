#include "pools.h"

#include <stdlib.h>

#include "saturating.h"

/* Used again after its pool has ended. */
struct pool {
    struct stock stock; /* first: it comes back as a pointer to it */
    struct pool *next;
    enum { FREE, LIVE, DESTROYED } state; /* destroyed: what it has allocated is not freed yet */
    CUmemoryPool handle;
    uint64_t block_bytes; /* of what is allocated */
};

static struct pool *find(const struct process *process, CUmemoryPool handle)
{
    struct pool *pool = process->pools;
    while (pool && (pool->state != LIVE || pool->handle != handle))
        pool = pool->next;
    return pool;
}

struct pool *pools_find(CUmemoryPool handle)
{
    struct process *process = process_enter();
    if (!process)
        return NULL;
    struct pool *pool = find(process, handle);
    process_leave(process);
    return pool;
}

const struct card *pools_card(const struct pool *pool)
{
    return pool->stock.charge ? pool->stock.charge->card : NO_CARD;
}

static struct pool *free_place(struct process *process)
{
    struct pool *pool = process->pools;
    while (pool && pool->state != FREE)
        pool = pool->next;
    if (!pool && (pool = calloc(1, sizeof *pool))) {
        pool->next = process->pools;
        process->pools = pool;
        stock_enlist(process, &pool->stock);
    }
    return pool;
}

static bool reserved(const struct real_cuda *real, struct stock *stock, uint64_t *bytes)
{
    const struct pool *pool = (const struct pool *)stock;
    cuuint64_t now = 0;
    bool known = pool->state == LIVE && stock->charge &&
                 real->cuMemPoolGetAttribute(pool->handle, CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT, &now) == CUDA_SUCCESS;
    *bytes = now;
    return known;
}

static bool trim(const struct real_cuda *real, struct stock *stock)
{
    const struct pool *pool = (const struct pool *)stock;
    return pool->state == LIVE && real->cuMemPoolTrimTo(pool->handle, 0) == CUDA_SUCCESS;
}

/* Another thread may have been first. */
static struct pool *put(CUmemoryPool handle, struct charge *charge)
{
    struct process *process = process_enter();
    struct pool *pool = find(process, handle);
    if (!pool && (pool = free_place(process))) {
        *pool = (struct pool){.stock = {.next = pool->stock.next,
                                        .charge = charge,
                                        .reserved = reserved,
                                        .trim = trim,
                                        .moves = pool->stock.moves + 1},
                              .next = pool->next,
                              .state = LIVE,
                              .handle = handle};
        charge = NULL;
    }
    process_leave(process);
    if (charge)
        charge_cancel(charge);
    return pool;
}

struct pool *pools_get(CUmemoryPool handle, const struct card *card)
{
    struct pool *pool = pools_find(handle);
    if (pool)
        return pool;
    struct charge *charge = card == NO_CARD ? NULL : charge_reserve(card, CHARGE_POOL, 0);
    return charge || card == NO_CARD ? put(handle, charge) : NULL;
}

void pools_settle(const struct real_cuda *real, struct pool *pool)
{
    (void)stock_settle(real, &pool->stock);
}

void pools_note_shrunk(void)
{
    struct process *process = shares_none() ? NULL : process_get();
    if (process)
        __atomic_store_n(&process->stocks_shrank, true, __ATOMIC_RELAXED);
}

void pools_settle_shrunk(const struct real_cuda *real)
{
    struct process *process = shares_none() ? NULL : process_get();
    if (!process || !__atomic_load_n(&process->stocks_shrank, __ATOMIC_RELAXED))
        return;
    __atomic_store_n(&process->stocks_shrank, false, __ATOMIC_RELAXED);
    stock_settle_all(real);
}

/* Whether the pool has so much that nobody uses: it need not grow then, unless that is in pieces. */
static bool has_idle(const struct real_cuda *real, const struct pool *pool, uint64_t bytes)
{
    cuuint64_t reserved, used;
    return real->cuMemPoolGetAttribute(pool->handle, CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT, &reserved) == CUDA_SUCCESS &&
           real->cuMemPoolGetAttribute(pool->handle, CU_MEMPOOL_ATTR_USED_MEM_CURRENT, &used) == CUDA_SUCCESS && reserved > used &&
           reserved - used >= bytes;
}

void pools_leave_narrow(struct pool *pool)
{
    stock_leave_narrow(&pool->stock);
}

/* No more than is asked, or nothing where the pool has enough. A pool that is over the limit gets nothing until it is not. */
static bool find_narrow_room(const struct real_cuda *real, struct pool *pool, struct pool_block *block)
{
    struct stock *stock = &pool->stock;
    if (!stock_settle(real, stock))
        return false;
    block->growth_bytes = 0;
    if (has_idle(real, pool, block->bytes) && stock_begin(stock, 0))
        return true;
    block->growth_bytes = charge_slabs(block->bytes);
    return stock_begin(stock, block->growth_bytes) ||
           (stock_trim(real, stock->charge->card) && stock_begin(stock, block->growth_bytes));
}

/* As much as the driver would let it grow by, if there is room for that. */
static bool find_room(const struct real_cuda *real, struct pool *pool, struct pool_block *block)
{
    block->growth_bytes = saturating_round_up(block->bytes, STOCK_GROWTH_BYTES);
    if (stock_begin(&pool->stock, block->growth_bytes))
        return true;
    block->narrow = stock_enter_narrow(&pool->stock);
    if (block->narrow && find_narrow_room(real, pool, block))
        return true;
    if (block->narrow)
        pools_leave_narrow(pool);
    return false;
}

static struct pool_block *make_block(struct pool *pool, uint64_t bytes)
{
    struct process *process = process_enter();
    struct pool_block *block = process ? calloc(1, sizeof *block) : NULL;
    bool room = block && address_map_reserve(&process->map);
    if (process)
        process_leave(process);
    if (!room) {
        free(block);
        return NULL;
    }
    *block = (struct pool_block){.entry = {.kind = ADDRESS_BLOCK}, .pool = pool, .bytes = bytes};
    return block;
}

struct pool_block *pools_begin(const struct real_cuda *real, struct pool *pool, uint64_t bytes)
{
    struct pool_block *block = make_block(pool, bytes);
    if (block && find_room(real, pool, block))
        return block;
    charge_count_refusal(pool->stock.charge->card);
    free(block);
    return NULL;
}

void pools_cancel(const struct real_cuda *real, struct pool_block *block)
{
    stock_end(&block->pool->stock, block->growth_bytes);
    (void)stock_settle(real, &block->pool->stock);
    free(block);
}

bool pools_keep(const struct real_cuda *real, struct pool_block *block, CUdeviceptr address)
{
    struct process *process = process_enter();
    block->entry.address = address;
    block->pool->block_bytes += block->bytes;
    address_map_put(&process->map, &block->entry);
    process_leave(process);
    stock_end(&block->pool->stock, block->growth_bytes);
    return stock_settle(real, &block->pool->stock);
}

/* With the process's lock held: what to give back, of a destroyed pool with nothing left. */
static struct charge *end_if_empty(struct pool *pool)
{
    struct charge *charge = pool->stock.charge;
    if (pool->state != DESTROYED || pool->block_bytes)
        return NULL;
    pool->state = FREE;
    pool->stock.charge = NULL;
    return charge;
}

void pools_freed(struct pool_block *block)
{
    struct process *process = process_enter();
    block->pool->block_bytes -= block->bytes;
    struct charge *charge = end_if_empty(block->pool);
    __atomic_store_n(&process->stocks_shrank, true, __ATOMIC_RELAXED);
    process_leave(process);
    free(block);
    if (charge)
        charge_cancel(charge);
}

void pools_forget(struct pool *pool)
{
    struct process *process = process_enter();
    pool->state = DESTROYED;
    struct charge *charge = end_if_empty(pool);
    process_leave(process);
    if (charge)
        charge_cancel(charge);
}
