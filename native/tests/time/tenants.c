#include "tenants.h"

#include <stdlib.h>

struct tenant tenant(uint32_t cores, enum shape shape, unsigned unit_us)
{
    return (struct tenant){{.cores = cores, .policy = HAMI_CORES_FORCE, .priority = 1, .weight = 1}, {.shape = shape, .unit_ns = unit_us * MICROSECOND}};
}

struct world *inhabited(uint64_t seed, const struct tenant *tenants, unsigned count)
{
    struct world *world = world_begin(seed);
    for (unsigned i = 0; i < count; i++)
        (void)world_add_process(world, world_add_share(world, tenants[i].plan), tenants[i].program);
    return world;
}

bool tenants_are_long(void)
{
    return getenv("HAMI_PROOF_LONG") != NULL;
}
