/* Virtual memory: physical memory by handle, address ranges, and mappings between them. Memory lives until its last handle is
 * released and its last mapping is gone. Contents are not simulated: copies to mapped ranges fail. */
#include <stdlib.h>
#include <unistd.h>

#include "cuda_context.h"
#include "cuda_memory.h"
#include "physical.h"

#define GRANULARITY_BYTES (UINT64_C(2) << 20)

struct physical {
    struct physical *next;
    struct sim_device *device; /* NULL: of another process, which holds the memory */
    uint64_t bytes;
    unsigned handles, mappings;
};

struct range {
    struct range *next;
    CUdeviceptr address;
    uint64_t bytes;
    struct physical *mapped; /* NULL in a range that is only reserved */
};

/* What an exported descriptor says: enough to import it as a handle that holds nothing of the card. */
struct exported {
    uint64_t magic, bytes;
};
#define EXPORTED_MAGIC UINT64_C(0x74726f7078654d53)

static struct physical *memories;
static struct range *reserved, *mappings;

static struct physical **find_memory(CUmemGenericAllocationHandle handle)
{
    struct physical **place = &memories;
    while (*place && ((uintptr_t)*place != handle || !(*place)->handles))
        place = &(*place)->next;
    return place;
}

static struct range **find_range(struct range **list, CUdeviceptr address, uint64_t bytes)
{
    while (*list && (address < (*list)->address || bytes > (*list)->bytes || address - (*list)->address > (*list)->bytes - bytes))
        list = &(*list)->next;
    return list;
}

static void drop_if_unused(struct physical *memory)
{
    struct physical **place = &memories;
    if (memory->handles || memory->mappings)
        return;
    while (*place != memory)
        place = &(*place)->next;
    *place = memory->next;
    if (memory->device)
        sim_physical_give(&memory->device->card, memory->device->slot, memory->bytes, 0);
    free(memory);
}

static bool add_range(struct range **list, CUdeviceptr address, uint64_t bytes, struct physical *mapped)
{
    struct range *range = calloc(1, sizeof *range);
    if (!range)
        return false;
    *range = (struct range){.next = *list, .address = address, .bytes = bytes, .mapped = mapped};
    *list = range;
    return true;
}

static void remove_range(struct range **place)
{
    struct range *range = *place;
    *place = range->next;
    free(range);
}

static CUresult add_memory(CUmemGenericAllocationHandle *handle, uint64_t bytes, struct sim_device *device)
{
    struct physical *memory = calloc(1, sizeof *memory);
    if (!memory || (device && !sim_physical_take(&device->card, device->slot, bytes, 0))) {
        free(memory);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    *memory = (struct physical){.next = memories, .device = device, .bytes = bytes, .handles = 1};
    memories = memory;
    *handle = (uintptr_t)memory;
    return CUDA_SUCCESS;
}

static bool is_whole(uint64_t bytes)
{
    return bytes && bytes % GRANULARITY_BYTES == 0;
}

CUresult cuMemGetAllocationGranularity(size_t *bytes, const CUmemAllocationProp *properties, CUmemAllocationGranularity_flags option)
{
    (void)option;
    if (!bytes || !properties)
        return CUDA_ERROR_INVALID_VALUE;
    *bytes = GRANULARITY_BYTES;
    return CUDA_SUCCESS;
}

CUresult cuMemCreate(CUmemGenericAllocationHandle *handle, size_t bytes, const CUmemAllocationProp *properties,
                     unsigned long long flags)
{
    if (!handle || !properties || flags || !is_whole(bytes) || properties->location.type != CU_MEM_LOCATION_TYPE_DEVICE)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    struct sim_device *device = sim_device(properties->location.id);
    if (device && device->slot == SIM_NO_SLOT)
        device->slot = sim_slot_claim(&device->card);
    if (!device)
        result = CUDA_ERROR_INVALID_DEVICE;
    else
        result = device->slot == SIM_NO_SLOT ? CUDA_ERROR_OUT_OF_MEMORY : add_memory(handle, bytes, device);
    sim_leave();
    return result;
}

CUresult cuMemRelease(CUmemGenericAllocationHandle handle)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    struct physical *memory = *find_memory(handle);
    if (memory) {
        memory->handles--;
        drop_if_unused(memory);
    }
    sim_leave();
    return memory ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuMemAddressReserve(CUdeviceptr *address, size_t bytes, size_t alignment, CUdeviceptr wanted, unsigned long long flags)
{
    (void)wanted;
    if (!address || flags || !is_whole(bytes) || alignment > GRANULARITY_BYTES)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    *address = sim_memory_reserve(bytes);
    if (!*address || !add_range(&reserved, *address, bytes, NULL))
        result = CUDA_ERROR_OUT_OF_MEMORY;
    sim_leave();
    return result;
}

CUresult cuMemAddressFree(CUdeviceptr address, size_t bytes)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    struct range **place = find_range(&reserved, address, bytes);
    if (*place && (*place)->address == address && (*place)->bytes == bytes)
        remove_range(place);
    else
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

static bool overlaps(const struct range *range, CUdeviceptr address, uint64_t bytes)
{
    return address < range->address + range->bytes && range->address < address + bytes;
}

static CUresult map(CUdeviceptr address, uint64_t bytes, struct physical *memory)
{
    if (!memory || !is_whole(bytes) || bytes > memory->bytes || !*find_range(&reserved, address, bytes))
        return CUDA_ERROR_INVALID_VALUE;
    for (struct range *range = mappings; range; range = range->next)
        if (overlaps(range, address, bytes))
            return CUDA_ERROR_INVALID_VALUE;
    if (!add_range(&mappings, address, bytes, memory))
        return CUDA_ERROR_OUT_OF_MEMORY;
    memory->mappings++;
    return CUDA_SUCCESS;
}

CUresult cuMemMap(CUdeviceptr address, size_t bytes, size_t offset, CUmemGenericAllocationHandle handle, unsigned long long flags)
{
    if (offset || flags)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    result = map(address, bytes, *find_memory(handle));
    sim_leave();
    return result;
}

static uint64_t mapped_bytes(CUdeviceptr address, uint64_t bytes)
{
    uint64_t sum = 0;
    for (struct range *range = mappings; range; range = range->next)
        if (range->address >= address && range->bytes <= bytes && range->address - address <= bytes - range->bytes)
            sum += range->bytes;
    return sum;
}

static void unmap(CUdeviceptr address, uint64_t bytes)
{
    struct range **place = &mappings;
    while (*place) {
        if (!overlaps(*place, address, bytes)) {
            place = &(*place)->next;
            continue;
        }
        struct physical *memory = (*place)->mapped;
        remove_range(place);
        memory->mappings--;
        drop_if_unused(memory);
    }
}

/* The range must be of whole mappings, without holes. */
CUresult cuMemUnmap(CUdeviceptr address, size_t bytes)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    if (bytes && mapped_bytes(address, bytes) == bytes)
        unmap(address, bytes);
    else
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

CUresult cuMemSetAccess(CUdeviceptr address, size_t bytes, const CUmemAccessDesc *access, size_t count)
{
    if (!access || !count)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    if (mapped_bytes(address, bytes) != bytes)
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

CUresult cuMemRetainAllocationHandle(CUmemGenericAllocationHandle *handle, void *address)
{
    if (!handle)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    struct range *range = *find_range(&mappings, (CUdeviceptr)(uintptr_t)address, 1);
    if (range) {
        range->mapped->handles++;
        *handle = (uintptr_t)range->mapped;
    } else
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

static CUresult export_memory(int *descriptor, const struct physical *memory)
{
    int ends[2];
    struct exported exported = {EXPORTED_MAGIC, memory->bytes};
    if (pipe(ends) != 0)
        return CUDA_ERROR_UNKNOWN;
    bool written = write(ends[1], &exported, sizeof exported) == sizeof exported;
    close(ends[1]);
    *descriptor = ends[0];
    return written ? CUDA_SUCCESS : CUDA_ERROR_UNKNOWN;
}

CUresult cuMemExportToShareableHandle(void *shareable, CUmemGenericAllocationHandle handle, CUmemAllocationHandleType type,
                                      unsigned long long flags)
{
    if (!shareable || flags || type != CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    const struct physical *memory = *find_memory(handle);
    result = memory ? export_memory(shareable, memory) : CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

/* What is imported holds nothing of the card: its exporter does. A descriptor can be imported once. */
CUresult cuMemImportFromShareableHandle(CUmemGenericAllocationHandle *handle, void *shareable, CUmemAllocationHandleType type)
{
    struct exported exported;
    if (!handle || type != CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR ||
        read((int)(intptr_t)shareable, &exported, sizeof exported) != sizeof exported || exported.magic != EXPORTED_MAGIC)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    result = add_memory(handle, exported.bytes, NULL);
    sim_leave();
    return result;
}

/* A multicast object is addresses alone: what is bound to it holds the memory. */
CUresult cuMulticastCreate(CUmemGenericAllocationHandle *multicast, const CUmulticastObjectProp *properties)
{
    CUresult result = multicast && properties && is_whole(properties->bytes) ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    result = add_memory(multicast, properties->bytes, NULL);
    sim_leave();
    return result;
}

static bool is_multicast(CUmemGenericAllocationHandle handle)
{
    const struct physical *memory = *find_memory(handle);
    return memory && !memory->device;
}

CUresult cuMulticastAddDevice(CUmemGenericAllocationHandle multicast, CUdevice device)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    if (!is_multicast(multicast) || !sim_device(device))
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

CUresult cuMulticastBindMem(CUmemGenericAllocationHandle multicast, size_t multicast_offset, CUmemGenericAllocationHandle memory,
                            size_t memory_offset, size_t bytes, unsigned long long flags)
{
    CUresult result = multicast_offset || memory_offset || flags || !is_whole(bytes) ? CUDA_ERROR_INVALID_VALUE : sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    const struct physical *bound = *find_memory(memory);
    if (!is_multicast(multicast) || !bound || !bound->device || bytes > bound->bytes)
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

CUresult cuMulticastUnbind(CUmemGenericAllocationHandle multicast, CUdevice device, size_t offset, size_t bytes)
{
    (void)offset, (void)bytes;
    return cuMulticastAddDevice(multicast, device);
}
