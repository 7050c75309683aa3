#include "address_map.h"

#include <stdbool.h>
#include <stdlib.h>

#define FIRST_BUCKETS 64

static size_t bucket_of(const struct address_map *map, CUdeviceptr address)
{
    /* Fibonacci hashing: addresses are multiples of large powers of two, so the high bits of the product decide. */
    uint64_t mixed = address * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 32) & (map->bucket_count - 1);
}

static void link_entry(struct address_map *map, struct address_entry *entry)
{
    struct address_entry **bucket = &map->buckets[bucket_of(map, entry->address)];
    entry->next = *bucket;
    *bucket = entry;
}

int address_map_reserve(struct address_map *map)
{
    if (map->entry_count < map->bucket_count)
        return 1;
    struct address_map grown = *map;
    grown.bucket_count = map->bucket_count ? map->bucket_count * 2 : FIRST_BUCKETS;
    grown.buckets = calloc(grown.bucket_count, sizeof *grown.buckets);
    if (!grown.buckets)
        return map->bucket_count > 0; /* crowded, but it works */
    for (size_t i = 0; i < map->bucket_count; i++)
        for (struct address_entry *entry = map->buckets[i], *next; entry; entry = next) {
            next = entry->next;
            link_entry(&grown, entry);
        }
    free(map->buckets);
    *map = grown;
    return 1;
}

void address_map_put(struct address_map *map, struct address_entry *entry)
{
    entry->serial = ++map->last_serial;
    map->entry_count++;
    link_entry(map, entry);
}

static struct address_entry *unlink_entry(struct address_map *map, struct address_entry **place)
{
    struct address_entry *entry = *place;
    *place = entry->next;
    map->entry_count--;
    return entry;
}

static bool is(const struct address_entry *entry, enum address_kind kind, CUdeviceptr address)
{
    return entry->address == address && entry->kind == kind;
}

struct address_entry *address_map_find(const struct address_map *map, enum address_kind kind, CUdeviceptr address)
{
    struct address_entry *entry = map->bucket_count ? map->buckets[bucket_of(map, address)] : NULL;
    while (entry && !is(entry, kind, address))
        entry = entry->next;
    return entry;
}

struct address_entry *address_map_take(struct address_map *map, enum address_kind kind, CUdeviceptr address)
{
    if (!map->bucket_count)
        return NULL;
    struct address_entry **place = &map->buckets[bucket_of(map, address)];
    while (*place && !is(*place, kind, address))
        place = &(*place)->next;
    return *place ? unlink_entry(map, place) : NULL;
}

void address_map_remove(struct address_map *map, struct address_entry *entry)
{
    struct address_entry **place = &map->buckets[bucket_of(map, entry->address)];
    while (*place != entry)
        place = &(*place)->next;
    (void)unlink_entry(map, place);
}

struct address_entry *address_map_take_memory(struct address_map *map, CUdeviceptr address)
{
    if (!map->bucket_count)
        return NULL;
    struct address_entry **place = &map->buckets[bucket_of(map, address)];
    while (*place && !is(*place, ADDRESS_MEMORY, address) && !is(*place, ADDRESS_BLOCK, address))
        place = &(*place)->next;
    return *place ? unlink_entry(map, place) : NULL;
}

struct address_entry *address_map_next(const struct address_map *map, enum address_kind kind, const struct address_entry *entry)
{
    size_t bucket = entry ? bucket_of(map, entry->address) : 0;
    struct address_entry *next = entry ? entry->next : map->bucket_count ? map->buckets[0] : NULL;
    for (;;) {
        while (next && next->kind != kind)
            next = next->next;
        if (next || ++bucket >= map->bucket_count)
            return next;
        next = map->buckets[bucket];
    }
}

struct address_entry *address_map_take_context(struct address_map *map, CUcontext context, uint64_t serial)
{
    struct address_entry *taken = NULL;
    for (size_t i = 0; i < map->bucket_count; i++)
        for (struct address_entry **place = &map->buckets[i]; *place;) {
            if ((*place)->context != context || (*place)->serial > serial) {
                place = &(*place)->next;
                continue;
            }
            struct address_entry *entry = unlink_entry(map, place);
            entry->next = taken;
            taken = entry;
        }
    return taken;
}
