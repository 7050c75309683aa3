#include "blocks.h"

/* Of the card: H200. */
#define MULTIPROCESSORS INT64_C(132)
#define THREADS_EACH INT64_C(2048)

bool blocks_take(struct blocks *blocks, uint64_t count)
{
    if (blocks->tokens < 0)
        return false;
    blocks->tokens -= (int64_t)count;
    return true;
}

static int64_t bounded(int64_t value, int64_t most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

void blocks_tick(struct blocks *blocks, int64_t limit, int64_t utilisation)
{
    if (!blocks->total)
        blocks->total = 32 * MULTIPROCESSORS * THREADS_EACH;
    int64_t apart = limit > utilisation ? limit - utilisation : utilisation - limit;
    int64_t difference = apart < 5 ? 5 : apart;
    int64_t change = MULTIPROCESSORS * MULTIPROCESSORS * THREADS_EACH * difference / 2560;
    if (difference > limit / 2)
        change = change * difference * 2 / (limit + 1);
    blocks->step = bounded(blocks->step + (utilisation <= limit ? change : -change), blocks->total);
    if (blocks->step == blocks->total && blocks->tokens < 0)
        blocks->step = blocks->total *= 2;
    blocks->tokens = blocks->tokens + blocks->step < blocks->total ? blocks->tokens + blocks->step : blocks->total;
}
