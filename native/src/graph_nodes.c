#include "graph_nodes.h"

#include <stdlib.h>

#include "charge.h"

#define DEPTH_MAX 256 /* of graphs in graphs; what is deeper could hide memory, and is refused */

/* Room for one more element; false where there is no memory. */
static bool make_room(void **elements, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return true;
    size_t wanted = *room ? *room * 2 : 16;
    void *grown = realloc(*elements, wanted * size);
    if (!grown)
        return false;
    *elements = grown;
    *room = wanted;
    return true;
}

static bool add_allocation(const struct real_cuda *real, CUgraphNode node, struct graph_nodes *nodes)
{
    CUDA_MEM_ALLOC_NODE_PARAMS parameters;
    if (real->cuGraphMemAllocNodeGetParams(node, &parameters) != CUDA_SUCCESS ||
        parameters.pool_properties.location.type != CU_MEM_LOCATION_TYPE_DEVICE)
        return true;
    if (!make_room((void **)&nodes->ranges, nodes->range_count, &nodes->range_room, sizeof *nodes->ranges))
        return false;
    CUdeviceptr address = parameters.address;
    nodes->ranges[nodes->range_count++] = (struct graph_range){
        .device = parameters.pool_properties.location.id,
        .address = address,
        .first = address - address % CHARGE_GRANULARITY_BYTES,
        .end = charge_slabs(address + parameters.bytes),
    };
    return true;
}

static bool add_free(const struct real_cuda *real, CUgraphNode node, struct graph_nodes *nodes)
{
    CUdeviceptr address;
    if (real->cuGraphMemFreeNodeGetParams(node, &address) != CUDA_SUCCESS)
        return true;
    if (!make_room((void **)&nodes->freed, nodes->freed_count, &nodes->freed_room, sizeof *nodes->freed))
        return false;
    nodes->freed[nodes->freed_count++] = address;
    return true;
}

static bool collect(const struct real_cuda *real, CUgraph graph, struct graph_nodes *nodes, int depth);

/* Drivers tell their bodies since CUDA 13.2. */
static bool add_bodies(const struct real_cuda *real, CUgraphNode node, struct graph_nodes *nodes, int depth)
{
    CUgraphNodeParams parameters = {0};
    bool told = real->cuGraphNodeGetParams(node, &parameters) == CUDA_SUCCESS && parameters.type == CU_GRAPH_NODE_TYPE_CONDITIONAL;
    bool enough = true;
    for (unsigned int i = 0; told && enough && parameters.conditional.bodies && i < parameters.conditional.size; i++)
        enough = collect(real, parameters.conditional.bodies[i], nodes, depth + 1);
    return enough;
}

static bool add_node(const struct real_cuda *real, CUgraphNode node, struct graph_nodes *nodes, int depth)
{
    CUgraphNodeType type;
    CUgraph child;
    if (real->cuGraphNodeGetType(node, &type) != CUDA_SUCCESS)
        return true;
    if (type == CU_GRAPH_NODE_TYPE_MEM_ALLOC)
        return add_allocation(real, node, nodes);
    if (type == CU_GRAPH_NODE_TYPE_MEM_FREE)
        return add_free(real, node, nodes);
    if (type == CU_GRAPH_NODE_TYPE_GRAPH && real->cuGraphChildGraphNodeGetGraph(node, &child) == CUDA_SUCCESS)
        return collect(real, child, nodes, depth + 1);
    if (type == CU_GRAPH_NODE_TYPE_CONDITIONAL)
        return add_bodies(real, node, nodes, depth);
    return true;
}

static bool collect(const struct real_cuda *real, CUgraph graph, struct graph_nodes *nodes, int depth)
{
    size_t count = 0;
    if (depth > DEPTH_MAX)
        return false;
    if (real->cuGraphGetNodes(graph, NULL, &count) != CUDA_SUCCESS || !count)
        return true; /* what the driver does not tell, it will refuse */
    CUgraphNode *all = calloc(count, sizeof *all);
    bool enough = all != NULL;
    if (enough && real->cuGraphGetNodes(graph, all, &count) != CUDA_SUCCESS)
        count = 0;
    for (size_t i = 0; i < count && enough; i++)
        enough = add_node(real, all[i], nodes, depth);
    free(all);
    return enough;
}

bool graph_nodes_collect(const struct real_cuda *real, CUgraph graph, struct graph_nodes *nodes)
{
    return collect(real, graph, nodes, 0);
}

void graph_nodes_release(struct graph_nodes *nodes)
{
    free(nodes->ranges);
    free(nodes->freed);
}

static int by_address(const void *left, const void *right)
{
    const struct graph_range *a = left, *b = right;
    return a->first < b->first ? -1 : a->first > b->first;
}

uint64_t graph_nodes_bytes(struct graph_nodes *nodes, CUdevice device)
{
    uint64_t sum = 0;
    CUdeviceptr seen = 0; /* up to where slabs are counted */
    if (nodes->range_count)
        qsort(nodes->ranges, nodes->range_count, sizeof *nodes->ranges, by_address);
    for (size_t i = 0; i < nodes->range_count; i++) {
        const struct graph_range *range = &nodes->ranges[i];
        if (range->device != device || range->end <= seen)
            continue;
        sum += range->end - (range->first > seen ? range->first : seen);
        seen = range->end;
    }
    return sum;
}

static bool begins_here(const struct graph_nodes *nodes, CUdeviceptr address)
{
    for (size_t i = 0; i < nodes->range_count; i++)
        if (nodes->ranges[i].address == address)
            return true;
    return false;
}

bool graph_nodes_leave(const struct graph_nodes *nodes)
{
    size_t own = 0; /* the rest frees what other graphs have left */
    for (size_t i = 0; i < nodes->freed_count; i++)
        own += begins_here(nodes, nodes->freed[i]);
    return nodes->range_count > own;
}
