#include "cuda_graphs.h"

#include <stdlib.h>
#include <string.h>

#include "cuda_memory.h"
#include "physical.h"

static struct CUgraph_st *graphs;

CUgraph sim_graph_make(void)
{
    struct CUgraph_st *graph = calloc(1, sizeof *graph);
    if (graph) {
        graph->next = graphs;
        graphs = graph;
    }
    return graph;
}

bool sim_graph_known(CUgraph graph)
{
    const struct CUgraph_st *known = graphs;
    while (known && known != graph)
        known = known->next;
    return known != NULL;
}

bool sim_node_known(CUgraphNode node)
{
    for (const struct CUgraph_st *graph = graphs; graph; graph = graph->next)
        for (const struct CUgraphNode_st *known = graph->nodes; known; known = known->next)
            if (known == node)
                return true;
    return false;
}

static bool node_is_of(CUgraphNode node, CUgraph graph)
{
    const struct CUgraphNode_st *known = graph->nodes;
    while (known && known != node)
        known = known->next;
    return known != NULL;
}

void sim_graph_drop(CUgraph graph)
{
    struct CUgraph_st **place = &graphs;
    while (*place != graph)
        place = &(*place)->next;
    *place = graph->next;
    for (struct CUgraphNode_st *node = graph->nodes, *next; node; node = next) {
        next = node->next;
        if (node->child)
            sim_graph_drop(node->child);
        for (unsigned i = 0; i < node->conditional.size; i++)
            sim_graph_drop(node->conditional.bodies[i]);
        free(node->conditional.bodies);
        free(node->dependencies);
        free(node);
    }
    free(graph);
}

static CUresult check_place(CUgraph graph, const CUgraphNode *dependencies, size_t count)
{
    if (!sim_graph_known(graph) || (count && !dependencies))
        return CUDA_ERROR_INVALID_VALUE;
    for (size_t i = 0; i < count; i++)
        if (!node_is_of(dependencies[i], graph))
            return CUDA_ERROR_INVALID_VALUE;
    return CUDA_SUCCESS;
}

CUresult sim_graph_add(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUgraphNodeType type)
{
    CUresult result = node ? check_place(graph, dependencies, count) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    struct CUgraphNode_st *made = calloc(1, sizeof *made), **place = &graph->nodes;
    CUgraphNode *copied = made ? calloc(count + 1, sizeof *copied) : NULL;
    if (!copied) {
        free(made);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    if (count)
        memcpy(copied, dependencies, count * sizeof *copied);
    *made = (struct CUgraphNode_st){.type = type, .dependencies = copied, .dependency_count = count};
    while (*place)
        place = &(*place)->next;
    *node = *place = made;
    return CUDA_SUCCESS;
}

static bool comes_after(const struct CUgraphNode_st *node, const struct CUgraphNode_st *earlier)
{
    if (node == earlier)
        return true;
    for (size_t i = 0; i < node->dependency_count; i++)
        if (comes_after(node->dependencies[i], earlier))
            return true;
    return false;
}

/* An earlier allocation whose address the new one can have; NULL where there is none. */
static CUgraphNode find_freed(CUgraph graph, const struct CUgraphNode_st *node, const CUDA_MEM_ALLOC_NODE_PARAMS *wanted)
{
    CUgraphNode earlier = graph->nodes;
    while (earlier && (!earlier->freed_by || earlier->given_again || earlier->allocation.bytes < wanted->bytes ||
                       earlier->allocation.pool_properties.location.id != wanted->pool_properties.location.id ||
                       !comes_after(node, earlier->freed_by)))
        earlier = earlier->next;
    return earlier;
}

static CUdeviceptr new_address(uint64_t bytes)
{
    uint64_t slab = sim_slabs(1);
    CUdeviceptr address = sim_memory_reserve(sim_slabs(bytes) + slab);
    return address ? (address + slab - 1) / slab * slab : 0;
}

static bool is_valid(const CUDA_MEM_ALLOC_NODE_PARAMS *parameters)
{
    const CUmemLocation *location = &parameters->pool_properties.location;
    const struct sim_device *device = location->type == CU_MEM_LOCATION_TYPE_DEVICE ? sim_device(location->id) : NULL;
    return device && parameters->bytes && parameters->bytes <= device->card.file->card.memory_bytes;
}

CUresult sim_graph_add_allocation(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count,
                                  CUDA_MEM_ALLOC_NODE_PARAMS *parameters)
{
    if (!parameters || !is_valid(parameters))
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_graph_add(node, graph, dependencies, count, CU_GRAPH_NODE_TYPE_MEM_ALLOC);
    if (result != CUDA_SUCCESS)
        return result;
    CUgraphNode freed = find_freed(graph, *node, parameters);
    if (freed)
        freed->given_again = true;
    parameters->address = freed ? freed->allocation.address : new_address(parameters->bytes);
    (*node)->allocation = *parameters;
    return CUDA_SUCCESS;
}

/* The allocation node that has an address now, where it is not freed in its own graph. */
static CUgraphNode find_allocation(const struct CUgraph_st *graph, CUdeviceptr address)
{
    CUgraphNode node = graph->nodes;
    while (node && (node->type != CU_GRAPH_NODE_TYPE_MEM_ALLOC || node->allocation.address != address || node->freed_by))
        node = node->next;
    return node;
}

CUresult sim_graph_add_free(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUdeviceptr address)
{
    CUresult result = check_place(graph, dependencies, count);
    if (result != CUDA_SUCCESS)
        return result;
    CUgraphNode own = find_allocation(graph, address), other = own;
    for (const struct CUgraph_st *known = graphs; known && !other; known = known->next)
        other = find_allocation(known, address);
    if (!other)
        return CUDA_ERROR_INVALID_VALUE;
    result = sim_graph_add(node, graph, dependencies, count, CU_GRAPH_NODE_TYPE_MEM_FREE);
    if (result != CUDA_SUCCESS)
        return result;
    (*node)->freed = address;
    if (own)
        own->freed_by = *node;
    return CUDA_SUCCESS;
}

/* The graphs in a node: a child, or the bodies of a conditional node. The next after `graph`, the first after NULL; NULL at the end. */
static CUgraph next_graph(const struct CUgraphNode_st *node, CUgraph graph)
{
    unsigned next = 0;
    if (node->child)
        return graph ? NULL : node->child;
    while (graph && node->conditional.bodies[next++] != graph)
        ;
    return next < node->conditional.size ? node->conditional.bodies[next] : NULL;
}

static size_t count_nodes(CUgraph graph)
{
    size_t count = 0;
    for (const struct CUgraphNode_st *node = graph->nodes; node; node = node->next) {
        count++;
        for (CUgraph inner = next_graph(node, NULL); inner; inner = next_graph(node, inner))
            count += count_nodes(inner);
    }
    return count;
}

static void list_nodes(CUgraph graph, struct sim_node_list *list)
{
    for (struct CUgraphNode_st *node = graph->nodes; node; node = node->next) {
        list->nodes[list->count++] = node;
        for (CUgraph inner = next_graph(node, NULL); inner; inner = next_graph(node, inner))
            list_nodes(inner, list);
    }
}

bool sim_graph_list(CUgraph graph, struct sim_node_list *list)
{
    *list = (struct sim_node_list){.nodes = calloc(count_nodes(graph) + 1, sizeof *list->nodes)};
    if (list->nodes)
        list_nodes(graph, list);
    return list->nodes != NULL;
}

CUresult cuGraphCreate(CUgraph *graph, unsigned int flags)
{
    CUresult result = graph && !flags ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    *graph = sim_graph_make();
    sim_leave();
    return *graph ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuGraphDestroy(CUgraph graph)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    if (sim_graph_known(graph) && !graph->inner)
        sim_graph_drop(graph);
    else
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}
