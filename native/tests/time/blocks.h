/* HAMi-core's published way of limiting, as its formula is described (tokens of blocks, corrected by the sampled utilisation), re-stated for
 * comparison. Test-only, and no code of theirs. Of one process: each runs a watcher of its own against the container's utilisation. */
#ifndef HAMI_TIME_BLOCKS_H
#define HAMI_TIME_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#define BLOCKS_TICK_NS UINT64_C(120000000)
#define BLOCKS_NAP_NS UINT64_C(10000000)

struct blocks {
    int64_t tokens, step, total;
};

/* Let a launch of so many blocks pass; false: not now, ask again after a nap. */
bool blocks_take(struct blocks *blocks, uint64_t count);

/* What the watcher does at each tick, told the container's utilisation in percent. */
void blocks_tick(struct blocks *blocks, int64_t limit, int64_t utilisation);

#endif
