#include "cuda_graph_memory.h"

#include <stdlib.h>

#include "physical.h"

struct sim_graph_user {
    struct sim_owner owner; /* first: memory that is freed comes back as a pointer to it */
    struct sim_graph_user *next;
    struct sim_device *device;
    uint64_t bytes, left_bytes; /* that it needs; of that, what it has left allocated */
    CUstream stream;
    bool mapped, running, ended;
};

static struct sim_graph_user *users;
static uint64_t reserved[SIM_MAX_CARDS], reserved_high[SIM_MAX_CARDS], used_high[SIM_MAX_CARDS];

static void drop_if_unused(struct sim_graph_user *user)
{
    struct sim_graph_user **place = &users;
    if (!user->ended || user->left_bytes || user->running)
        return;
    while (*place != user)
        place = &(*place)->next;
    *place = user->next;
    free(user);
}

static void note_freed(struct sim_owner *owner, uint64_t bytes)
{
    struct sim_graph_user *user = (struct sim_graph_user *)owner;
    user->left_bytes -= bytes;
    drop_if_unused(user);
}

struct sim_graph_user *sim_graph_user_make(struct sim_device *device, uint64_t bytes)
{
    struct sim_graph_user *user = calloc(1, sizeof *user);
    if (!user)
        return NULL;
    *user = (struct sim_graph_user){.owner = {.freed = note_freed}, .next = users, .device = device, .bytes = bytes};
    return users = user;
}

void sim_graph_user_end(struct sim_graph_user *user)
{
    user->ended = true;
    drop_if_unused(user);
}

/* Whether another one of its stream that is mapped too, and has left nothing, needs more: then it has part of that one's memory. */
static bool shares(const struct sim_graph_user *user)
{
    bool before = true; /* of two that need the same, one counts */
    for (const struct sim_graph_user *other = users; other; other = other->next) {
        if (other == user)
            before = false;
        else if (other->device == user->device && other->mapped && !other->left_bytes && other->stream == user->stream &&
                 (other->bytes > user->bytes || (before && other->bytes == user->bytes)))
            return true;
    }
    return false;
}

/* It grows by slabs, or by what a test says: nobody has told in which steps a driver grows. */
static uint64_t rounded(uint64_t bytes)
{
    const char *text = getenv("HAMI_SIM_GRAPH_GROWTH_MIB");
    uint64_t step = text ? strtoull(text, NULL, 10) << 20 : 0;
    return step ? (bytes + step - 1) / step * step : sim_slabs(bytes);
}

static uint64_t used(const struct sim_device *device)
{
    uint64_t sum = 0;
    for (const struct sim_graph_user *user = users; user; user = user->next)
        if (user->device == device && user->mapped && (user->left_bytes || !shares(user)))
            sum += user->bytes;
    return sum;
}

static void note_high(CUdevice ordinal, uint64_t now)
{
    reserved_high[ordinal] = reserved[ordinal] > reserved_high[ordinal] ? reserved[ordinal] : reserved_high[ordinal];
    used_high[ordinal] = now > used_high[ordinal] ? now : used_high[ordinal];
}

bool sim_graph_user_map(struct sim_graph_user *user, CUstream stream)
{
    struct sim_device *device = user->device;
    struct sim_graph_user before = *user;
    user->mapped = true;
    user->stream = stream;
    uint64_t wanted = rounded(used(device)), *has = &reserved[device->ordinal];
    if (wanted > *has && !sim_physical_take(&device->card, device->slot, wanted - *has, 0)) {
        user->mapped = before.mapped;
        user->stream = before.stream;
        return false;
    }
    *has = wanted > *has ? wanted : *has;
    note_high(device->ordinal, wanted);
    return true;
}

void sim_graph_user_run(struct sim_graph_user *user)
{
    user->running = true;
}

/* Those that had the same memory need other memory when they run again. */
static void unmap_sharers(const struct sim_graph_user *user)
{
    for (struct sim_graph_user *other = users; other; other = other->next)
        if (other != user && other->device == user->device && other->stream == user->stream && !other->left_bytes)
            other->mapped = false;
}

CUresult sim_graph_user_leave(struct sim_graph_user *user, struct sim_context *context, CUdeviceptr address, uint64_t bytes)
{
    CUresult result = sim_memory_place_at(context, address, bytes, &user->owner);
    if (result != CUDA_SUCCESS)
        return result;
    if (!user->left_bytes)
        unmap_sharers(user);
    user->left_bytes += bytes;
    return CUDA_SUCCESS;
}

static void end_run(struct sim_graph_user *user)
{
    user->running = false;
    drop_if_unused(user);
}

void sim_graph_memory_synchronize(void)
{
    for (struct sim_graph_user *user = users, *next; user; user = next) {
        next = user->next;
        end_run(user);
    }
}

void sim_graph_memory_synchronize_stream(CUstream stream)
{
    for (struct sim_graph_user *user = users, *next; user; user = next) {
        next = user->next;
        if (user->stream == stream)
            end_run(user);
    }
}

CUresult cuDeviceGraphMemTrim(CUdevice ordinal)
{
    struct sim_device *device;
    CUresult result = sim_enter_device(ordinal, &device);
    if (result != CUDA_SUCCESS)
        return result;
    for (struct sim_graph_user *user = users; user; user = user->next)
        if (user->device == device && !user->running && !user->left_bytes)
            user->mapped = false;
    uint64_t wanted = rounded(used(device)), *has = &reserved[ordinal];
    if (wanted < *has)
        sim_physical_give(&device->card, device->slot, *has - wanted, 0);
    *has = wanted < *has ? wanted : *has;
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuDeviceGetGraphMemAttribute(CUdevice ordinal, CUgraphMem_attribute attribute, void *value)
{
    struct sim_device *device;
    if (!value || (unsigned)attribute > CU_GRAPH_MEM_ATTR_RESERVED_MEM_HIGH)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter_device(ordinal, &device);
    if (result != CUDA_SUCCESS)
        return result;
    const uint64_t values[] = {
        [CU_GRAPH_MEM_ATTR_USED_MEM_CURRENT] = used(device),
        [CU_GRAPH_MEM_ATTR_USED_MEM_HIGH] = used_high[ordinal],
        [CU_GRAPH_MEM_ATTR_RESERVED_MEM_CURRENT] = reserved[ordinal],
        [CU_GRAPH_MEM_ATTR_RESERVED_MEM_HIGH] = reserved_high[ordinal],
    };
    *(cuuint64_t *)value = values[attribute];
    sim_leave();
    return CUDA_SUCCESS;
}
