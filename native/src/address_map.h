/* What this process got of the driver and must remember: by device address or handle, and by what that is. A hash table; the caller
 * holds the process's lock. Not here: what is remembered (charge.h, pools.h, vmm.h). */
#ifndef HAMI_ADDRESS_MAP_H
#define HAMI_ADDRESS_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "cuda_types.h"

/* What stands under an address or handle; that of one kind may be the same number as that of another. */
enum address_kind {
    ADDRESS_MEMORY,  /* struct charge, of memory that cuMemFree frees */
    ADDRESS_ARRAY,   /* struct charge, of an array or mipmapped array */
    ADDRESS_BLOCK,   /* struct pool_block, by the address of memory from a pool */
    ADDRESS_HANDLE,  /* struct vmm_handle */
    ADDRESS_MAPPING, /* struct vmm_mapping, by the address where it begins */
    ADDRESS_GRAPH,   /* struct graph_exec, by the handle */
    ADDRESS_CONTEXT, /* struct charge, of a context that a program made for itself */
    ADDRESS_PRIMARY, /* struct charge, of a device's primary context, by the device */
};

/* First in each of these. */
struct address_entry {
    struct address_entry *next;
    enum address_kind kind;
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

/* The entry of an address, left in or taken out; NULL where there is none. */
struct address_entry *address_map_find(const struct address_map *map, enum address_kind kind, CUdeviceptr address);
struct address_entry *address_map_take(struct address_map *map, enum address_kind kind, CUdeviceptr address);

/* Take out this entry, which is in the map. */
void address_map_remove(struct address_map *map, struct address_entry *entry);

/* Take out what stands under the address of memory that may be freed, of whatever kind: ADDRESS_MEMORY or ADDRESS_BLOCK. */
struct address_entry *address_map_take_memory(struct address_map *map, CUdeviceptr address);

/* The next entry of a kind after `entry`, from the first where that is NULL; NULL at the end. For rare occasions: it walks the table. */
struct address_entry *address_map_next(const struct address_map *map, enum address_kind kind, const struct address_entry *entry);

/* Take out all entries of a context that are not younger than `serial`: a list by `next`. */
struct address_entry *address_map_take_context(struct address_map *map, CUcontext context, uint64_t serial);

#endif
