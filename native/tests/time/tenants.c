#include "tenants.h"

#include <stdlib.h>

struct tenant tenant(uint32_t cores, enum shape shape, unsigned unit_us)
{
    return (struct tenant){{.cores = cores, .policy = HAMI_CORES_FORCE, .priority = 1, .weight = 1}, {.shape = shape, .unit_ns = unit_us * MICROSECOND}};
}

static struct world *inhabit(struct world *world, const struct tenant *tenants, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        (void)world_add_process(world, world_add_share(world, tenants[i].plan), tenants[i].program);
    return world;
}

struct world *inhabited(uint64_t seed, const struct tenant *tenants, unsigned count)
{
    return inhabit(world_begin(seed), tenants, count);
}

struct world *inhabited_by_clients(uint64_t seed, const struct tenant *tenants, unsigned count)
{
    return inhabit(world_begin_overlapping(seed), tenants, count);
}

bool tenants_are_long(void)
{
    return getenv("HAMI_PROOF_LONG") != NULL;
}
