#include "cuda_memory.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cuda_capture.h"
#include "cuda_time.h"
#include "physical.h"

/* Device addresses begin where no address of a process can be (user space ends at 2^47), so that a device pointer used
 * as a host pointer faults; and each is given once, so that a stale one is found out. */
#define FIRST_ADDRESS (UINT64_C(1) << 48)
#define LAST_ADDRESS (UINT64_C(1) << 62)

#define PITCH_BYTES 512u

struct sim_allocation {
    CUdeviceptr address;
    uint64_t bytes; /* as asked; the range that copies may touch */
    uint64_t held;  /* whole slabs of the card */
    struct sim_owner *owner; /* who has taken it of the card; NULL: the allocation itself */
    struct sim_context *context;
    struct sim_allocation *previous, *next; /* of the same context */
    bool evictable; /* managed, of a card that can evict it */
    bool managed;
    CUdevice preferred; /* where managed memory is to lie, as the program has said; CU_DEVICE_INVALID: it has not */
    void *store; /* the content: for managed memory the address itself, else mapped when first written or read */
};

static void *allocations; /* a tree (tsearch), ordered by address; ranges never overlap */
static uint64_t next_address = FIRST_ADDRESS;

/* Ranges compare equal where they overlap: so a range of one byte finds the allocation around it. */
static int compare(const void *left, const void *right)
{
    const struct sim_allocation *a = left, *b = right;
    if (a->address + a->bytes <= b->address)
        return -1;
    return a->address >= b->address + b->bytes;
}

static struct sim_allocation *find(CUdeviceptr address, uint64_t bytes)
{
    struct sim_allocation probe = {.address = address, .bytes = 1};
    void *node = tfind(&probe, &allocations, compare);
    struct sim_allocation *found = node ? *(struct sim_allocation **)node : NULL;
    return found && bytes <= found->bytes - (address - found->address) ? found : NULL;
}

static void *map_content(uint64_t bytes)
{
    void *content = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return content == MAP_FAILED ? NULL : content;
}

CUdeviceptr sim_memory_reserve(uint64_t bytes)
{
    CUdeviceptr address = next_address;
    if (bytes > LAST_ADDRESS - next_address)
        return 0;
    next_address += bytes;
    return address;
}

static bool give_device_address(struct sim_allocation *allocation)
{
    allocation->address = sim_memory_reserve(allocation->held);
    return allocation->address != 0;
}

static bool give_managed_address(struct sim_allocation *allocation)
{
    allocation->store = map_content(allocation->held);
    allocation->address = (CUdeviceptr)(uintptr_t)allocation->store;
    return allocation->store != NULL;
}

static bool enter_tables(struct sim_allocation *allocation)
{
    if (!tsearch(allocation, &allocations, compare))
        return false;
    struct sim_context *context = allocation->context;
    allocation->next = context->allocations;
    if (allocation->next)
        allocation->next->previous = allocation;
    context->allocations = allocation;
    return true;
}

static void leave_tables(struct sim_allocation *allocation)
{
    tdelete(allocation, &allocations, compare);
    if (allocation->previous)
        allocation->previous->next = allocation->next;
    else
        allocation->context->allocations = allocation->next;
    if (allocation->next)
        allocation->next->previous = allocation->previous;
}

static void drop(struct sim_allocation *allocation)
{
    struct sim_device *device = allocation->context->device;
    if (allocation->store)
        munmap(allocation->store, allocation->held);
    if (allocation->owner)
        allocation->owner->freed(allocation->owner, allocation->held);
    else if (allocation->evictable)
        sim_managed_give(&device->card, device->slot, allocation->held);
    else
        sim_physical_give(&device->card, device->slot, allocation->held, 0);
    free(allocation);
}

static void release(struct sim_allocation *allocation)
{
    leave_tables(allocation);
    drop(allocation);
}

void sim_memory_free_all(struct sim_context *context)
{
    while (context->allocations)
        release(context->allocations);
}

static bool take(const struct sim_device *device, uint64_t held, bool evictable)
{
    if (evictable)
        sim_managed_take(&device->card, device->slot, held);
    return evictable || sim_physical_take(&device->card, device->slot, held, 0);
}

/* Take `bytes` of the context's card and give them an address by `give_address`. */
static CUresult allocate(struct sim_context *context, uint64_t bytes, bool (*give_address)(struct sim_allocation *),
                         CUdeviceptr *address)
{
    struct sim_device *device = context->device;
    struct sim_allocation *allocation = calloc(1, sizeof *allocation);
    uint64_t held = sim_slabs(bytes);
    bool managed = give_address == give_managed_address, evictable = managed && sim_can_evict(&device->card);
    if (!allocation || !held || !take(device, held, evictable)) {
        free(allocation);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    *allocation = (struct sim_allocation){
        .bytes = bytes, .held = held, .context = context, .evictable = evictable, .managed = managed, .preferred = CU_DEVICE_INVALID};
    if (!give_address(allocation) || !enter_tables(allocation)) {
        drop(allocation);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    *address = allocation->address;
    return CUDA_SUCCESS;
}

CUresult sim_memory_place_at(struct sim_context *context, CUdeviceptr address, uint64_t bytes, struct sim_owner *owner)
{
    struct sim_allocation *allocation = address ? calloc(1, sizeof *allocation) : NULL;
    if (!allocation)
        return CUDA_ERROR_OUT_OF_MEMORY;
    *allocation = (struct sim_allocation){.address = address, .bytes = bytes, .held = bytes, .owner = owner, .context = context};
    if (enter_tables(allocation))
        return CUDA_SUCCESS;
    free(allocation);
    return CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult sim_memory_place(struct sim_context *context, uint64_t bytes, struct sim_owner *owner, CUdeviceptr *address)
{
    CUdeviceptr reserved = sim_memory_reserve(bytes);
    CUresult result = sim_memory_place_at(context, reserved, bytes, owner);
    if (result == CUDA_SUCCESS)
        *address = reserved;
    return result;
}

bool sim_memory_is_allocated(CUdeviceptr address)
{
    const struct sim_allocation *allocation = find(address, 1);
    return allocation && allocation->address == address;
}

bool sim_memory_free(CUdeviceptr address)
{
    struct sim_allocation *allocation = find(address, 1);
    if (!allocation || allocation->address != address)
        return false;
    release(allocation);
    return true;
}

bool sim_memory_free_in_stream(CUdeviceptr address)
{
    const struct sim_allocation *allocation = find(address, 1);
    struct sim_owner *owner = allocation ? allocation->owner : NULL;
    uint64_t held = allocation ? allocation->held : 0;
    void (*pending)(struct sim_owner *, uint64_t) = owner ? owner->pending : NULL;
    bool freed = sim_memory_free(address);
    if (freed && pending)
        pending(owner, held);
    return freed;
}

static CUresult enter_and_allocate(CUdeviceptr *address, uint64_t bytes, bool (*give_address)(struct sim_allocation *))
{
    struct sim_context *context;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS)
        return result;
    result = address && bytes ? sim_capture_check_unsafe() : CUDA_ERROR_INVALID_VALUE;
    if (result == CUDA_SUCCESS)
        result = allocate(context, bytes, give_address, address);
    sim_leave();
    return result;
}

CUresult cuMemAlloc_v2(CUdeviceptr *address, size_t bytes)
{
    return enter_and_allocate(address, bytes, give_device_address);
}

CUdevice *sim_memory_preferred(CUdeviceptr address, uint64_t bytes)
{
    struct sim_allocation *allocation = find(address, bytes);
    return allocation && allocation->managed ? &allocation->preferred : NULL;
}

bool sim_memory_is_managed(CUdeviceptr address)
{
    const struct sim_allocation *allocation = find(address, 1);
    return allocation && allocation->managed;
}

const struct sim_context *sim_memory_context(CUdeviceptr address)
{
    const struct sim_allocation *allocation = find(address, 1);
    return allocation ? allocation->context : NULL;
}

/* Managed memory comes to the card when it is allocated, as far as there is room, as if the program used all of it then; that of cards before
 * Pascal stays there. */
CUresult cuMemAllocManaged(CUdeviceptr *address, size_t bytes, unsigned int flags)
{
    if (flags != CU_MEM_ATTACH_GLOBAL && flags != CU_MEM_ATTACH_HOST)
        return CUDA_ERROR_INVALID_VALUE;
    return enter_and_allocate(address, bytes, give_managed_address);
}

CUresult cuMemAllocPitch_v2(CUdeviceptr *address, size_t *pitch, size_t width, size_t height, unsigned int element)
{
    size_t bytes, row;
    if (!pitch || !width || !height || (element != 4 && element != 8 && element != 16))
        return CUDA_ERROR_INVALID_VALUE;
    if (__builtin_add_overflow(width, PITCH_BYTES - 1, &row))
        return CUDA_ERROR_INVALID_VALUE;
    row &= ~(size_t)(PITCH_BYTES - 1);
    if (__builtin_mul_overflow(row, height, &bytes))
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = cuMemAlloc_v2(address, bytes);
    if (result == CUDA_SUCCESS)
        *pitch = row;
    return result;
}

CUresult cuMemFree_v2(CUdeviceptr address)
{
    struct sim_context *context;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS)
        return result;
    sim_time_wait_context(context);
    result = sim_capture_check_unsafe();
    if (result == CUDA_SUCCESS && !sim_memory_free(address) && address)
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

CUresult cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes)
{
    struct sim_context *context;
    if (!free_bytes || !total_bytes)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS)
        return result;
    *total_bytes = sim_physical_capacity(&context->device->card);
    *free_bytes = *total_bytes - sim_physical_used(&context->device->card);
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult sim_memory_content(CUdeviceptr address, size_t bytes, unsigned char **content)
{
    struct sim_allocation *allocation = find(address, bytes);
    if (allocation && !allocation->store)
        allocation->store = map_content(allocation->held);
    if (allocation && allocation->evictable)
        sim_managed_use(&allocation->context->device->card, allocation->context->device->slot, sim_slabs(bytes));
    if (!allocation || !allocation->store)
        return allocation ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_ERROR_INVALID_VALUE;
    *content = (unsigned char *)allocation->store + (address - allocation->address);
    return CUDA_SUCCESS;
}
