#include "graphs.h"

#include <stdlib.h>

#include "card_memory.h"
#include "cards.h"
#include "graph_nodes.h"
#include "saturating.h"

/* A device's memory for graphs. */
struct graph_memory {
    struct stock stock; /* first: it comes back as a pointer to it */
    struct graph_memory *next;
    CUdevice device;
    CUstream stream; /* for which something was mapped last; */
    uint64_t stream_bytes, stream_falls; /* the most that one graph got for it, and how often the stock had fallen then */
    uint64_t lefts;  /* launches of graphs that leave something allocated, which those before them cannot share any more */
};

/* What a graph needs of one device. */
struct part {
    struct graph_memory *memory;
    uint64_t bytes;
    uint64_t growth_bytes; /* charged for the call under way */
    uint64_t lefts_before; /* of the memory, when that began */
    uint64_t falls, lefts; /* of the memory, when a call began by which */
    bool had_memory;       /* it got its own: that it has as long as the stock does not fall, but for what others have left in it */
};

struct graph_exec {
    struct address_entry entry;
    CUstream stream; /* for which it has its memory, or had it last */
    bool leaves;     /* it allocates what it does not free */
    size_t part_count;
    struct part parts[];
};

bool graphs_any(void)
{
    struct process *process = shares_none() ? NULL : process_get();
    return process && __atomic_load_n(&process->graphs, __ATOMIC_RELAXED);
}

static bool reserved(const struct real_cuda *real, struct stock *stock, uint64_t *bytes)
{
    cuuint64_t now = 0;
    CUdevice device = ((const struct graph_memory *)stock)->device;
    CUresult result = real->cuDeviceGetGraphMemAttribute(device, CU_GRAPH_MEM_ATTR_RESERVED_MEM_CURRENT, &now);
    *bytes = now;
    return result == CUDA_SUCCESS;
}

static bool trim(const struct real_cuda *real, struct stock *stock)
{
    return real->cuDeviceGraphMemTrim(((const struct graph_memory *)stock)->device) == CUDA_SUCCESS;
}

static struct graph_memory *find_memory(const struct process *process, CUdevice device)
{
    struct graph_memory *memory = process->graphs;
    while (memory && memory->device != device)
        memory = memory->next;
    return memory;
}

static struct graph_memory *put_memory(CUdevice device, struct charge *charge)
{
    struct process *process = process_enter();
    struct graph_memory *memory = find_memory(process, device); /* another thread may have been first */
    if (!memory && (memory = calloc(1, sizeof *memory))) {
        *memory = (struct graph_memory){
            .stock = {.charge = charge, .reserved = reserved, .trim = trim}, .next = process->graphs, .device = device};
        stock_enlist(process, &memory->stock);
        __atomic_store_n(&process->graphs, memory, __ATOMIC_RELAXED);
        charge = NULL;
    }
    process_leave(process);
    if (charge)
        charge_cancel(charge);
    return memory;
}

/* The memory for graphs of a device with a limit; NULL where there is no memory to know it. */
static struct graph_memory *memory_of(CUdevice device, const struct card *card)
{
    struct process *process = process_enter();
    struct graph_memory *memory = process ? find_memory(process, device) : NULL;
    if (process)
        process_leave(process);
    if (memory)
        return memory;
    struct charge *charge = charge_reserve(card, CHARGE_GRAPH, 0);
    return charge ? put_memory(device, charge) : NULL;
}

static bool has_part(const struct graph_exec *exec, CUdevice device)
{
    size_t i = 0;
    while (i < exec->part_count && exec->parts[i].memory->device != device)
        i++;
    return i < exec->part_count;
}

/* False where there is no memory to know it. */
static bool add_part(const struct real_cuda *real, struct graph_exec *exec, struct graph_nodes *nodes, CUdevice device)
{
    const struct card *card = cards_of_device(real, device);
    if (card == NO_CARD || has_part(exec, device))
        return true;
    struct graph_memory *memory = memory_of(device, card);
    if (memory)
        exec->parts[exec->part_count++] = (struct part){.memory = memory, .bytes = graph_nodes_bytes(nodes, device)};
    return memory != NULL;
}

/* One that needs nothing has no parts; NULL where there is no memory. */
static struct graph_exec *make(const struct real_cuda *real, struct graph_nodes *nodes)
{
    struct process *process = process_enter();
    struct graph_exec *exec = process ? calloc(1, sizeof *exec + nodes->range_count * sizeof *exec->parts) : NULL;
    bool enough = exec && address_map_reserve(&process->map);
    if (process)
        process_leave(process);
    CUdevice *devices = enough ? calloc(nodes->range_count + 1, sizeof *devices) : NULL; /* measuring sorts the ranges */
    enough = devices != NULL;
    for (size_t i = 0; i < nodes->range_count && enough; i++)
        devices[i] = nodes->ranges[i].device;
    for (size_t i = 0; i < nodes->range_count && enough; i++)
        enough = add_part(real, exec, nodes, devices[i]);
    free(devices);
    if (enough) {
        exec->entry.kind = ADDRESS_GRAPH;
        exec->leaves = graph_nodes_leave(nodes);
        return exec;
    }
    free(exec);
    return NULL;
}

struct graph_exec *graphs_measure(const struct real_cuda *real, CUgraph graph, bool *failed)
{
    struct graph_nodes nodes = {0};
    *failed = false;
    if (shares_none())
        return NULL;
    bool known = graph_nodes_collect(real, graph, &nodes);
    struct graph_exec *exec = known && nodes.range_count ? make(real, &nodes) : NULL;
    *failed = !known || (nodes.range_count && !exec);
    graph_nodes_release(&nodes);
    if (exec && !exec->part_count) {
        graphs_cancel(exec);
        return NULL;
    }
    return exec;
}

void graphs_cancel(struct graph_exec *exec)
{
    free(exec);
}

/* One that ended with its context may still be there. */
void graphs_keep(struct graph_exec *exec, CUgraphExec handle)
{
    struct process *process = process_enter();
    struct address_entry *old = address_map_take(&process->map, ADDRESS_GRAPH, (uintptr_t)handle);
    exec->entry.address = (uintptr_t)handle;
    address_map_put(&process->map, &exec->entry);
    process_leave(process);
    free(old);
}

struct graph_exec *graphs_find(CUgraphExec handle)
{
    struct process *process = process_enter();
    struct address_entry *entry = address_map_find(&process->map, ADDRESS_GRAPH, (uintptr_t)handle);
    process_leave(process);
    return (struct graph_exec *)entry;
}

struct graph_exec *graphs_take(CUgraphExec handle)
{
    struct process *process = process_enter();
    struct address_entry *entry = address_map_take(&process->map, ADDRESS_GRAPH, (uintptr_t)handle);
    process_leave(process);
    return (struct graph_exec *)entry;
}

/* With the process's lock held: whether it has what it got for a stream. */
static bool has_memory(const struct graph_exec *exec, const struct part *part, CUstream stream)
{
    return part->had_memory && exec->stream == stream && part->falls == part->memory->stock.falls;
}

/* Note what the memory was before the call; the growth that is to be charged for it. */
static uint64_t prepare(const struct graph_exec *exec, struct part *part, CUstream stream, enum graph_growth growth)
{
    struct process *process = process_enter();
    part->had_memory = has_memory(exec, part, stream);
    bool has_all = part->had_memory && part->lefts == part->memory->lefts;
    part->falls = part->memory->stock.falls;
    part->lefts_before = part->memory->lefts;
    uint64_t shared_bytes = part->memory->stream_bytes;
    process_leave(process);
    if (has_all || growth == GRAPH_NOTHING)
        return 0;
    if (growth == GRAPH_SHARED)
        return part->bytes > shared_bytes ? part->bytes - shared_bytes : 0;
    return growth == GRAPH_WIDE ? saturating_round_up(part->bytes, STOCK_GROWTH_BYTES) : part->bytes;
}

bool graphs_begin(struct graph_exec *exec, CUstream stream, enum graph_growth growth)
{
    for (size_t i = 0; i < exec->part_count; i++) {
        struct part *part = &exec->parts[i];
        part->growth_bytes = prepare(exec, part, stream, growth);
        if (stock_begin(&part->memory->stock, part->growth_bytes))
            continue;
        while (i-- > 0)
            stock_end(&exec->parts[i].memory->stock, exec->parts[i].growth_bytes);
        return false;
    }
    return true;
}

/* It got all of its memory, as the stock was when the call began: what fell since may have been that. */
static void note_mapped(struct graph_exec *exec, struct part *part, CUstream stream)
{
    struct graph_memory *memory = part->memory;
    struct process *process = process_enter();
    part->had_memory = true;
    part->lefts = part->lefts_before;
    exec->stream = stream;
    if (memory->stream != stream || memory->stream_falls != part->falls || memory->stream_bytes < part->bytes)
        memory->stream_bytes = part->bytes;
    memory->stream = stream;
    memory->stream_falls = part->falls;
    process_leave(process);
}

bool graphs_end(const struct real_cuda *real, struct graph_exec *exec, CUstream stream, bool mapped)
{
    bool within = true;
    for (size_t i = 0; i < exec->part_count; i++) {
        struct part *part = &exec->parts[i];
        if (mapped)
            note_mapped(exec, part, stream);
        stock_end(&part->memory->stock, part->growth_bytes);
        within &= stock_settle(real, &part->memory->stock);
    }
    return within;
}

/* Graphs that shared its memory get other memory when they run again. */
void graphs_launched(struct graph_exec *exec)
{
    for (size_t i = 0; i < exec->part_count && exec->leaves; i++) {
        struct process *process = process_enter();
        exec->parts[i].lefts = ++exec->parts[i].memory->lefts;
        process_leave(process);
    }
}

bool graphs_may_share(const struct graph_exec *exec, CUstream stream)
{
    bool may = true;
    struct process *process = process_enter();
    for (size_t i = 0; i < exec->part_count; i++) {
        const struct graph_memory *memory = exec->parts[i].memory;
        may &= memory->stream == stream && memory->stream_falls == memory->stock.falls && !memory->lefts && memory->stream_bytes;
    }
    process_leave(process);
    return may;
}

bool graphs_had_memory(const struct graph_exec *exec, CUstream stream)
{
    bool had = true;
    struct process *process = process_enter();
    for (size_t i = 0; i < exec->part_count; i++)
        had &= has_memory(exec, &exec->parts[i], stream);
    process_leave(process);
    return had;
}

bool graphs_enter_narrow(struct graph_exec *exec)
{
    for (size_t i = 0; i < exec->part_count; i++) {
        if (stock_enter_narrow(&exec->parts[i].memory->stock))
            continue;
        while (i-- > 0)
            stock_leave_narrow(&exec->parts[i].memory->stock);
        return false;
    }
    return true;
}

void graphs_leave_narrow(struct graph_exec *exec)
{
    for (size_t i = 0; i < exec->part_count; i++)
        stock_leave_narrow(&exec->parts[i].memory->stock);
}

static const struct card *card_of(const struct part *part)
{
    return part->memory->stock.charge->card;
}

bool graphs_exceed_limit(const struct graph_exec *exec)
{
    bool exceed = false;
    for (size_t i = 0; i < exec->part_count; i++)
        exceed |= exec->parts[i].bytes > card_memory_of(card_of(&exec->parts[i])).limit;
    return exceed;
}

bool graphs_trim(const struct real_cuda *real, const struct graph_exec *exec)
{
    bool trimmed = false;
    for (size_t i = 0; i < exec->part_count; i++)
        trimmed |= stock_trim(real, card_of(&exec->parts[i]));
    return trimmed;
}

const struct card *graphs_card(const struct graph_exec *exec)
{
    return card_of(&exec->parts[0]);
}

void graphs_count_refusal(const struct graph_exec *exec)
{
    charge_count_refusal(graphs_card(exec));
}

void graphs_settle(const struct real_cuda *real)
{
    struct process *process = process_enter();
    struct graph_memory *memory = process ? process->graphs : NULL;
    if (process)
        process_leave(process);
    for (; memory; memory = memory->next)
        (void)stock_settle(real, &memory->stock);
}
