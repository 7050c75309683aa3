#include "pools.h"

#include <stdlib.h>
#include <time.h>

#include "atomics.h"
#include "saturating.h"

/* Drivers let a pool grow by so much at once, or by more where one allocation is larger. */
#define GROWTH_BYTES (UINT64_C(32) << 20)

/* A reading that others overtake again and again is believed as far as it raises the charge. */
#define READINGS 4

/* Once made it stays, and is used again after its pool has ended: so whoever goes through the list meets no freed memory. */
struct pool {
    struct pool *next;
    enum { FREE, LIVE, DESTROYED } state; /* destroyed: what it has allocated is not freed yet */
    CUmemoryPool handle;
    struct charge *charge;    /* NULL for a pool that is not held to a limit */
    uint64_t under_way_bytes; /* of calls that have begun and not ended */
    uint64_t moves;           /* rises when a call begins or ends */
    uint64_t block_bytes;     /* of what is allocated */
    bool narrow;              /* a call is under way that may make it grow by more than it is charged */
};

/* How long one such call waits for another: long for a driver, short for a program. */
#define NARROW_TRIES 2000
#define NARROW_PAUSE_NS 50000

enum reading { SETTLED, OVERTAKEN, OVER };

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
    return pool->charge ? pool->charge->card : NO_CARD;
}

static struct pool *free_place(struct process *process)
{
    struct pool *pool = process->pools;
    while (pool && pool->state != FREE)
        pool = pool->next;
    if (!pool && (pool = calloc(1, sizeof *pool))) {
        pool->next = process->pools;
        process->pools = pool;
    }
    return pool;
}

/* Another thread may have been first. */
static struct pool *put(CUmemoryPool handle, struct charge *charge)
{
    struct process *process = process_enter();
    struct pool *pool = find(process, handle);
    if (!pool && (pool = free_place(process))) {
        *pool = (struct pool){.next = pool->next, .state = LIVE, .handle = handle, .charge = charge, .moves = pool->moves + 1};
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
    struct charge *charge = card == NO_CARD ? NULL : charge_try_reserve(card, CHARGE_POOL, 0);
    return charge || card == NO_CARD ? put(handle, charge) : NULL;
}

/* Bytes that calls may make it grow by; false: there is no room. */
static bool begin(struct pool *pool, uint64_t growth_bytes)
{
    struct process *process = process_enter();
    bool granted = growth_bytes <= UINT64_MAX - pool->charge->bytes &&
                   charge_resize_inside(process, pool->charge, pool->charge->bytes + growth_bytes);
    if (granted) {
        pool->under_way_bytes += growth_bytes;
        pool->moves++;
    }
    process_leave(process);
    return granted;
}

static void end(struct pool *pool, const struct pool_block *block)
{
    struct process *process = process_enter();
    pool->under_way_bytes -= block->growth_bytes;
    pool->moves++;
    process_leave(process);
}

static uint64_t moves_of(struct pool *pool)
{
    struct process *process = process_enter();
    uint64_t moves = pool->moves;
    process_leave(process);
    return moves;
}

static enum reading apply(struct pool *pool, uint64_t moves, uint64_t reserved_bytes)
{
    struct process *process = process_enter();
    bool current = pool->moves == moves;
    uint64_t wanted = charge_slabs(reserved_bytes) + pool->under_way_bytes;
    enum reading reading = current ? SETTLED : OVERTAKEN;
    if ((current || wanted > pool->charge->bytes) && !charge_resize_inside(process, pool->charge, wanted))
        reading = OVER;
    process_leave(process);
    return reading;
}

static bool settle(const struct real_cuda *real, struct pool *pool)
{
    enum reading reading = OVERTAKEN;
    for (int i = 0; i < READINGS && reading == OVERTAKEN && pool->state == LIVE && pool->charge; i++) {
        uint64_t moves = moves_of(pool);
        cuuint64_t reserved;
        if (real->cuMemPoolGetAttribute(pool->handle, CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT, &reserved) != CUDA_SUCCESS)
            break;
        reading = apply(pool, moves, reserved);
    }
    return reading != OVER;
}

void pools_settle(const struct real_cuda *real, struct pool *pool)
{
    (void)settle(real, pool);
}

static struct pool *first_pool(void)
{
    struct process *process = process_enter();
    if (!process)
        return NULL;
    struct pool *pool = process->pools;
    process_leave(process);
    return pool;
}

void pools_settle_shrunk(const struct real_cuda *real)
{
    struct process *process = shares_none() ? NULL : process_get();
    if (!process || !__atomic_load_n(&process->pools_shrank, __ATOMIC_RELAXED))
        return;
    __atomic_store_n(&process->pools_shrank, false, __ATOMIC_RELAXED);
    for (struct pool *pool = first_pool(); pool; pool = pool->next)
        (void)settle(real, pool);
}

/* Whether it is a pool that lives on this card. */
static bool is_on(const struct pool *pool, const struct card *card)
{
    struct process *process = process_enter();
    bool on = pool->state == LIVE && pool->charge && pool->charge->card == card;
    process_leave(process);
    return on;
}

bool pools_trim(const struct real_cuda *real, const struct card *card)
{
    bool trimmed = false;
    for (struct pool *pool = first_pool(); pool; pool = pool->next) {
        if (!is_on(pool, card) || real->cuMemPoolTrimTo(pool->handle, 0) != CUDA_SUCCESS)
            continue;
        trimmed = true;
        (void)settle(real, pool);
    }
    return trimmed;
}

/* Whether the pool has so much that nobody uses: it need not grow then, unless that is in pieces. */
static bool has_idle(const struct real_cuda *real, const struct pool *pool, uint64_t bytes)
{
    cuuint64_t reserved, used;
    return real->cuMemPoolGetAttribute(pool->handle, CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT, &reserved) == CUDA_SUCCESS &&
           real->cuMemPoolGetAttribute(pool->handle, CU_MEMPOOL_ATTR_USED_MEM_CURRENT, &used) == CUDA_SUCCESS && reserved > used &&
           reserved - used >= bytes;
}

static bool try_narrow(struct pool *pool)
{
    struct process *process = process_enter();
    bool taken = !pool->narrow;
    pool->narrow = true;
    process_leave(process);
    return taken;
}

static bool enter_narrow(struct pool *pool)
{
    const struct timespec pause = {.tv_nsec = NARROW_PAUSE_NS};
    for (int i = 0; i < NARROW_TRIES; i++) {
        if (try_narrow(pool))
            return true;
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

void pools_leave_narrow(struct pool *pool)
{
    struct process *process = process_enter();
    pool->narrow = false;
    process_leave(process);
}

/* No more than is asked, or nothing where the pool has enough. A pool that is over the limit gets nothing until it is not. */
static bool find_narrow_room(const struct real_cuda *real, struct pool *pool, struct pool_block *block)
{
    if (!settle(real, pool))
        return false;
    block->growth_bytes = 0;
    if (has_idle(real, pool, block->bytes) && begin(pool, 0))
        return true;
    block->growth_bytes = charge_slabs(block->bytes);
    return begin(pool, block->growth_bytes) || (pools_trim(real, pool->charge->card) && begin(pool, block->growth_bytes));
}

/* As much as the driver would let it grow by, if there is room for that. */
static bool find_room(const struct real_cuda *real, struct pool *pool, struct pool_block *block)
{
    block->growth_bytes = saturating_round_up(block->bytes, GROWTH_BYTES);
    if (begin(pool, block->growth_bytes))
        return true;
    block->narrow = enter_narrow(pool);
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
    charge_count_refusal(pool->charge->card);
    free(block);
    return NULL;
}

void pools_cancel(const struct real_cuda *real, struct pool_block *block)
{
    end(block->pool, block);
    (void)settle(real, block->pool);
    free(block);
}

bool pools_keep(const struct real_cuda *real, struct pool_block *block, CUdeviceptr address)
{
    struct process *process = process_enter();
    block->entry.address = address;
    block->pool->block_bytes += block->bytes;
    address_map_put(&process->map, &block->entry);
    process_leave(process);
    end(block->pool, block);
    return settle(real, block->pool);
}

struct pool_block *pools_take(CUdeviceptr address)
{
    struct process *process = process_enter();
    if (!process)
        return NULL;
    struct address_entry *entry = address_map_take(&process->map, ADDRESS_BLOCK, address);
    process_leave(process);
    return (struct pool_block *)entry;
}

void pools_put_back(struct pool_block *block)
{
    struct process *process = process_enter();
    address_map_put(&process->map, &block->entry);
    process_leave(process);
}

/* With the process's lock held: what to give back, of a destroyed pool with nothing left. */
static struct charge *end_if_empty(struct pool *pool)
{
    struct charge *charge = pool->charge;
    if (pool->state != DESTROYED || pool->block_bytes)
        return NULL;
    pool->state = FREE;
    pool->charge = NULL;
    return charge;
}

void pools_freed(struct pool_block *block)
{
    struct process *process = process_enter();
    block->pool->block_bytes -= block->bytes;
    struct charge *charge = end_if_empty(block->pool);
    __atomic_store_n(&process->pools_shrank, true, __ATOMIC_RELAXED);
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
