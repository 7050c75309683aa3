#include "costs.h"

#include "atomics.h"

#define REMEMBERED 16

static uint64_t clamp(uint64_t ns)
{
    return ns < 1 ? 1 : ns > COSTS_LARGEST_NS ? COSTS_LARGEST_NS : ns;
}

/* The place is empty while it changes hands, so that a reader who comes in between finds nothing. */
static void move_in(struct cost *cost, uint64_t function, uint64_t grid, uint64_t ns)
{
    store_release(&cost->function, 0);
    store_release(&cost->grid, grid);
    store_release(&cost->ns, ns);
    store_relaxed(&cost->samples, 1);
    store_release(&cost->function, function);
}

void costs_learn(struct costs *costs, uint64_t function, uint64_t grid, uint64_t measured_ns)
{
    struct cost *cost = &costs->places[cost_place(function, grid)];
    uint64_t measured = clamp(measured_ns);
    if (!function)
        return;
    if (load_relaxed(&cost->function) != function || load_relaxed(&cost->grid) != grid) {
        move_in(cost, function, grid, measured);
        return;
    }
    int64_t known = (int64_t)load_relaxed(&cost->ns);
    uint64_t samples = load_relaxed(&cost->samples) + 1;
    store_relaxed(&cost->ns, clamp((uint64_t)(known + ((int64_t)measured - known) / (int64_t)(samples < REMEMBERED ? samples : REMEMBERED))));
    store_relaxed(&cost->samples, samples);
}

void costs_forget(struct costs *costs, uint64_t function)
{
    for (unsigned i = 0; i < COSTS_PLACES; i++)
        if (load_relaxed(&costs->places[i].function) == function)
            store_release(&costs->places[i].function, 0);
}

void costs_forget_all(struct costs *costs)
{
    for (unsigned i = 0; i < COSTS_PLACES; i++)
        if (load_relaxed(&costs->places[i].function))
            store_release(&costs->places[i].function, 0);
}
