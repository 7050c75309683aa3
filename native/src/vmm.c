#include "vmm.h"

#include <stdlib.h>

struct object {
    struct charge *charge;
    unsigned handles, mappings; /* that are in the map, or about to be */
    bool pinned;
};

struct vmm_handle {
    struct address_entry entry;
    struct object *object;
    unsigned references; /* of the driver's handle */
    unsigned leaving;    /* references that the driver is asked to release, by threads that each have this */
};

struct vmm_mapping {
    struct address_entry entry;
    struct object *object;
    uint64_t bytes;
    bool leaving; /* a thread has it, which asks the driver to end it; */
    struct vmm_mapping *taken_next; /* with these */
};

/* With the process's lock held: what to give back, of an object that nothing refers to. */
static struct charge *end_if_unused(struct object *object)
{
    struct charge *charge = object->charge;
    if (object->handles || object->mappings || object->pinned)
        return NULL;
    free(object);
    return charge;
}

static void cancel(struct charge *charge)
{
    if (charge)
        charge_cancel(charge);
}

/* An entry of the map with room for it, in the entered process. */
static void *make_entry(struct process *process, size_t size)
{
    return address_map_reserve(&process->map) ? calloc(1, size) : NULL;
}

struct vmm_handle *vmm_prepare(struct charge *charge)
{
    struct process *process = process_enter();
    struct object *object = calloc(1, sizeof *object);
    struct vmm_handle *handle = object ? make_entry(process, sizeof *handle) : NULL;
    process_leave(process);
    if (!handle) {
        free(object);
        return NULL;
    }
    *object = (struct object){.charge = charge, .handles = 1};
    *handle = (struct vmm_handle){.entry = {.kind = ADDRESS_HANDLE}, .object = object, .references = 1};
    return handle;
}

void vmm_keep(struct vmm_handle *prepared, CUmemGenericAllocationHandle handle)
{
    struct process *process = process_enter();
    prepared->entry.address = handle;
    address_map_put(&process->map, &prepared->entry);
    process_leave(process);
}

void vmm_cancel(struct vmm_handle *prepared)
{
    charge_cancel(prepared->object->charge);
    free(prepared->object);
    free(prepared);
}

static struct vmm_handle *find(const struct process *process, CUmemGenericAllocationHandle handle)
{
    return (struct vmm_handle *)address_map_find(&process->map, ADDRESS_HANDLE, handle);
}

struct vmm_handle *vmm_take(CUmemGenericAllocationHandle handle)
{
    struct process *process = process_enter();
    if (!process)
        return NULL;
    struct vmm_handle *taken = find(process, handle);
    if (taken && !taken->references)
        taken = NULL; /* all that there are, others release */
    if (taken) {
        taken->references--;
        taken->leaving++;
    }
    process_leave(process);
    return taken;
}

void vmm_put_back(struct vmm_handle *taken)
{
    struct process *process = process_enter();
    taken->leaving--;
    taken->references++;
    process_leave(process);
}

void vmm_released(struct vmm_handle *taken)
{
    struct charge *charge = NULL;
    struct process *process = process_enter();
    if (--taken->leaving == 0 && taken->references == 0) {
        address_map_remove(&process->map, &taken->entry);
        taken->object->handles--;
        charge = end_if_unused(taken->object);
        free(taken);
    }
    process_leave(process);
    cancel(charge);
}

/* The next mapping after one, from the first where that is NULL; one that ends is passed over. */
static struct vmm_mapping *next_staying(const struct process *process, const struct vmm_mapping *mapping)
{
    const struct address_entry *entry = mapping ? &mapping->entry : NULL;
    do
        entry = address_map_next(&process->map, ADDRESS_MAPPING, entry);
    while (entry && ((const struct vmm_mapping *)entry)->leaving);
    return (struct vmm_mapping *)entry;
}

/* The mapping around an address; it is looked for only where a program asks for a handle by address. Of two, the one that stays. */
static struct vmm_mapping *around(const struct process *process, CUdeviceptr address)
{
    struct vmm_mapping *mapping = NULL;
    do
        mapping = next_staying(process, mapping);
    while (mapping && address - mapping->entry.address >= mapping->bytes);
    if (mapping)
        return mapping;
    do
        mapping = (struct vmm_mapping *)address_map_next(&process->map, ADDRESS_MAPPING, mapping ? &mapping->entry : NULL);
    while (mapping && address - mapping->entry.address >= mapping->bytes);
    return mapping;
}

void vmm_retained(CUmemGenericAllocationHandle handle, CUdeviceptr address)
{
    struct process *process = process_enter();
    if (!process)
        return;
    struct vmm_handle *known = find(process, handle);
    struct vmm_mapping *mapping = known ? NULL : around(process, address);
    struct vmm_handle *made = mapping ? make_entry(process, sizeof *made) : NULL;
    if (known)
        known->references++;
    else if (made) {
        *made = (struct vmm_handle){.entry = {.kind = ADDRESS_HANDLE, .address = handle}, .object = mapping->object, .references = 1};
        made->object->handles++;
        address_map_put(&process->map, &made->entry);
    } else if (mapping)
        mapping->object->pinned = true;
    process_leave(process);
}

struct vmm_mapping *vmm_prepare_mapping(CUmemGenericAllocationHandle handle, uint64_t bytes)
{
    struct process *process = process_enter();
    if (!process)
        return NULL;
    struct vmm_handle *known = find(process, handle);
    struct vmm_mapping *mapping = known ? make_entry(process, sizeof *mapping) : NULL;
    if (mapping) {
        *mapping = (struct vmm_mapping){.entry = {.kind = ADDRESS_MAPPING}, .object = known->object, .bytes = bytes};
        known->object->mappings++;
    } else if (known)
        known->object->pinned = true;
    process_leave(process);
    return mapping;
}

void vmm_keep_mapping(struct vmm_mapping *prepared, CUdeviceptr address)
{
    struct process *process = process_enter();
    prepared->entry.address = address;
    address_map_put(&process->map, &prepared->entry);
    process_leave(process);
}

/* With the process's lock held: what to give back now that a mapping is no more. */
static struct charge *end_mapping(struct vmm_mapping *mapping)
{
    mapping->object->mappings--;
    struct charge *charge = end_if_unused(mapping->object);
    free(mapping);
    return charge;
}

void vmm_cancel_mapping(struct vmm_mapping *prepared)
{
    struct process *process = process_enter();
    struct charge *charge = end_mapping(prepared);
    process_leave(process);
    cancel(charge);
}

/* The first mapping that begins inside a range: at its beginning, as a rule. */
static struct vmm_mapping *first_inside(struct process *process, CUdeviceptr address, uint64_t bytes)
{
    struct vmm_mapping *mapping = (struct vmm_mapping *)address_map_find(&process->map, ADDRESS_MAPPING, address);
    if (mapping && !mapping->leaving)
        return mapping;
    mapping = NULL;
    do
        mapping = next_staying(process, mapping);
    while (mapping && mapping->entry.address - address >= bytes);
    return mapping;
}

struct vmm_mapping *vmm_take_mappings(CUdeviceptr address, uint64_t bytes)
{
    struct vmm_mapping *taken = NULL;
    CUdeviceptr at = address;
    struct process *process = process_enter();
    if (!process)
        return NULL;
    for (struct vmm_mapping *mapping; at - address < bytes;) {
        mapping = first_inside(process, at, bytes - (at - address));
        if (!mapping)
            break;
        if (mapping->entry.address == at)
            at += mapping->bytes;
        mapping->leaving = true;
        mapping->taken_next = taken;
        taken = mapping;
    }
    process_leave(process);
    return taken;
}

void vmm_put_back_mappings(struct vmm_mapping *taken)
{
    struct process *process = taken ? process_enter() : NULL;
    for (; taken; taken = taken->taken_next)
        taken->leaving = false;
    if (process)
        process_leave(process);
}

void vmm_unmapped(struct vmm_mapping *taken)
{
    while (taken) {
        struct vmm_mapping *mapping = taken;
        taken = mapping->taken_next;
        struct process *process = process_enter();
        address_map_remove(&process->map, &mapping->entry);
        struct charge *charge = end_mapping(mapping);
        process_leave(process);
        cancel(charge);
    }
}

void vmm_pin(CUmemGenericAllocationHandle handle)
{
    struct process *process = process_enter();
    struct vmm_handle *known = process ? find(process, handle) : NULL;
    if (known)
        known->object->pinned = true;
    if (process)
        process_leave(process);
}
