/* What a unit of work (a kernel's function and grid, an executable graph) takes of its card, as this process has measured it.
 * Direct-mapped and bounded: a unit that finds its place taken drives the other out, and is unknown again when it comes back.
 * One writer at a time (who holds the process's lock); readers have no lock, and the gate's assembly is one: the layout is fixed.
 * Not here: what is measured, and whether it is to be believed (pacer.h). */
#ifndef HAMI_COSTS_H
#define HAMI_COSTS_H

#include <stdint.h>

enum { COSTS_BITS = 12, COSTS_PLACES = 1 << COSTS_BITS, COST_BYTES = 32 };

/* Of the product of (function + grid) and this, the upper COSTS_BITS bits are the place. */
#define COSTS_SPREAD UINT64_C(0x9e3779b97f4a7c15)

/* The largest cost that is kept: a longer unit counts as this long, until it is measured. */
#define COSTS_LARGEST_NS UINT64_C(10000000000)

/* Read in this order: function, grid, ns. Each is one aligned load, so a number is whole; but a reader may meet a writer that is
 * replacing the unit, and take the cost of the new one for that of the old. That is harmless: a cost is a prediction. What a launch
 * was taken to cost is what its lane was charged, what is measured corrects exactly that, and no cost is above COSTS_LARGEST_NS. */
struct cost {
    uint64_t function; /* a handle of the driver's; 0: an empty place */
    uint64_t grid;     /* cost_grid; 0 for a graph */
    uint64_t ns;       /* predicted, before the process's scale and the share's factor; 0: not known */
    uint64_t samples;  /* that it comes from */
};

struct costs {
    struct cost places[COSTS_PLACES];
};

_Static_assert(sizeof(struct cost) == COST_BYTES, "the gate's assembly reads it");

/* A grid as one number: a grid has at most 2^31 - 1 by 65,535 by 65,535 blocks. Larger numbers, which the driver refuses, only collide. */
static inline uint64_t cost_grid(uint32_t x, uint32_t y, uint32_t z)
{
    return (uint64_t)z << 48 ^ (uint64_t)y << 32 ^ x;
}

static inline uint64_t cost_place(uint64_t function, uint64_t grid)
{
    return (function + grid) * COSTS_SPREAD >> (64 - COSTS_BITS);
}

/* What a unit is predicted to take; 0: not known. */
static inline uint64_t costs_find(const struct costs *costs, uint64_t function, uint64_t grid)
{
    const struct cost *cost = &costs->places[cost_place(function, grid)];
    if (__atomic_load_n(&cost->function, __ATOMIC_ACQUIRE) != function || __atomic_load_n(&cost->grid, __ATOMIC_RELAXED) != grid)
        return 0;
    return __atomic_load_n(&cost->ns, __ATOMIC_RELAXED);
}

/* Take a measurement in: the mean of the first ones, a later one by a sixteenth of its difference. A function of 0 is not kept. */
void costs_learn(struct costs *costs, uint64_t function, uint64_t grid, uint64_t measured_ns);

/* Forget one function, as when its graph is destroyed; all, as when a module is unloaded: the driver uses its handles again. */
void costs_forget(struct costs *costs, uint64_t function);
void costs_forget_all(struct costs *costs);

#endif
