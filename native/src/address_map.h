/* Which device addresses of this process were charged, and how. A hash table; the caller holds the process's lock.
 * Not here: what a charge is (grant.h). */
#ifndef HAMI_ADDRESS_MAP_H
#define HAMI_ADDRESS_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "cuda_types.h"

struct charge; /* grant.h; it begins with a struct address_entry */

struct address_entry {
    struct address_entry *next;
    CUdeviceptr address;
    CUcontext context; /* the driver frees what is left in a context when that ends */
    uint64_t serial;   /* rises with every entry */
};

/* All zero is an empty map. */
struct address_map {
    struct address_entry **buckets;
    size_t bucket_count; /* a power of two, or 0 */
    size_t entry_count;
    uint64_t last_serial;
};

/* Grow the table where the next entry would crowd it. False where there is no memory; the map is as before. */
int address_map_reserve(struct address_map *map);

/* Put an entry in; there is room after address_map_reserve. The map does not own it. */
void address_map_put(struct address_map *map, struct address_entry *entry);

/* Take the entry of an address out, or NULL. */
struct address_entry *address_map_take(struct address_map *map, CUdeviceptr address);

/* Take out all entries of a context that are not younger than `serial`: a list by `next`. */
struct address_entry *address_map_take_context(struct address_map *map, CUcontext context, uint64_t serial);

#endif
