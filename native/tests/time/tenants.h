/* Tenants of a virtual card, each a share with one process, and how thoroughly the tests are to look at them. Not here: what runs in them (program.h). */
#ifndef HAMI_TIME_TENANTS_H
#define HAMI_TIME_TENANTS_H

#include "world.h"

struct tenant {
    struct share_plan plan;
    struct program program;
};

/* A limit that always holds, priority 1, weight 1; cores of 0: no limit. */
struct tenant tenant(uint32_t cores, enum shape shape, unsigned unit_us);

/* A world with these in it; share and process i are tenant i's. */
struct world *inhabited(uint64_t seed, const struct tenant *tenants, unsigned count);

/* The same, and they are clients of an MPS server: their kernels overlap. */
struct world *inhabited_by_clients(uint64_t seed, const struct tenant *tenants, unsigned count);

/* HAMI_PROOF_LONG: all of it, and tables. */
bool tenants_are_long(void);

#endif
