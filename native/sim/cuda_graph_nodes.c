/* Nodes of graphs, as programs add them and ask about them. A child is copied into its parent, or, where it has memory nodes, moved. */
#include "cuda_graphs.h"

#include <stdlib.h>

#include "cuda_module.h"

CUresult cuGraphAddEmptyNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    result = sim_graph_add(node, graph, dependencies, count, CU_GRAPH_NODE_TYPE_EMPTY);
    sim_leave();
    return result;
}

static CUresult add_kernel(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count,
                           const CUDA_KERNEL_NODE_PARAMS_v2 *parameters)
{
    CUresult result = sim_graph_add(node, graph, dependencies, count, CU_GRAPH_NODE_TYPE_KERNEL);
    if (result == CUDA_SUCCESS)
        (*node)->kernel_ns = sim_function_ns(parameters->function, parameters->grid_x);
    return result;
}

CUresult cuGraphAddKernelNode_v2(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count,
                                 const CUDA_KERNEL_NODE_PARAMS_v2 *parameters)
{
    CUresult result = parameters && parameters->function ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    result = add_kernel(node, graph, dependencies, count, parameters);
    sim_leave();
    return result;
}

CUresult cuGraphAddMemAllocNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count,
                                CUDA_MEM_ALLOC_NODE_PARAMS *parameters)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    result = sim_graph_add_allocation(node, graph, dependencies, count, parameters);
    sim_leave();
    return result;
}

CUresult cuGraphAddMemFreeNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUdeviceptr address)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    result = sim_graph_add_free(node, graph, dependencies, count, address);
    sim_leave();
    return result;
}

static bool has_memory(CUgraph graph)
{
    for (const struct CUgraphNode_st *node = graph->nodes; node; node = node->next)
        if (node->type == CU_GRAPH_NODE_TYPE_MEM_ALLOC || node->type == CU_GRAPH_NODE_TYPE_MEM_FREE ||
            (node->child && has_memory(node->child)))
            return true;
    return false;
}

static bool has_condition(CUgraph graph)
{
    for (const struct CUgraphNode_st *node = graph->nodes; node; node = node->next)
        if (node->conditional.size || (node->child && has_condition(node->child)))
            return true;
    return false;
}

/* The new graph has no memory nodes: they stay with the graph that they are of. */
static CUgraph copy(CUgraph graph)
{
    CUgraph made = sim_graph_make();
    CUgraphNode added, last = NULL;
    for (const struct CUgraphNode_st *node = graph->nodes; made && node; node = node->next, last = added) {
        if (sim_graph_add(&added, made, &last, last != NULL, node->type) != CUDA_SUCCESS)
            break;
        added->kernel_ns = node->kernel_ns;
        if (node->child && (added->child = copy(node->child)))
            added->child->inner = true;
    }
    return made;
}

static CUresult add_child(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUgraph child, bool moved)
{
    if (!sim_graph_known(child) || child == graph || child->inner || (has_memory(child) && !moved) || has_condition(child))
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_graph_add(node, graph, dependencies, count, CU_GRAPH_NODE_TYPE_GRAPH);
    if (result != CUDA_SUCCESS)
        return result;
    (*node)->child = moved ? child : copy(child);
    if ((*node)->child)
        (*node)->child->inner = true;
    return CUDA_SUCCESS;
}

CUresult cuGraphAddChildGraphNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUgraph child)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    result = add_child(node, graph, dependencies, count, child, false);
    sim_leave();
    return result;
}

static bool is_valid_condition(const CUDA_CONDITIONAL_NODE_PARAMS *wanted)
{
    unsigned most = wanted->type == CU_GRAPH_COND_TYPE_WHILE ? 1 : wanted->type == CU_GRAPH_COND_TYPE_IF ? 2 : UINT16_MAX;
    return wanted->handle && (unsigned)wanted->type <= CU_GRAPH_COND_TYPE_SWITCH && wanted->size && wanted->size <= most;
}

static bool make_bodies(CUDA_CONDITIONAL_NODE_PARAMS *made, const CUDA_CONDITIONAL_NODE_PARAMS *wanted)
{
    *made = *wanted;
    made->size = 0;
    made->bodies = calloc(wanted->size, sizeof *made->bodies);
    while (made->bodies && made->size < wanted->size && (made->bodies[made->size] = sim_graph_make()))
        made->bodies[made->size++]->inner = true;
    return made->size == wanted->size;
}

/* A driver is documented to refuse memory nodes in bodies. Whether it does has not been seen: this one takes them, and their memory. */
static CUresult add_condition(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUDA_CONDITIONAL_NODE_PARAMS *wanted)
{
    CUDA_CONDITIONAL_NODE_PARAMS made;
    if (!is_valid_condition(wanted))
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_graph_add(node, graph, dependencies, count, CU_GRAPH_NODE_TYPE_CONDITIONAL);
    if (result != CUDA_SUCCESS)
        return result;
    bool enough = make_bodies(&made, wanted);
    wanted->bodies = made.bodies;
    (*node)->conditional = made;
    return enough ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuGraphConditionalHandleCreate(CUgraphConditionalHandle *handle, CUgraph graph, CUcontext context, unsigned int launch_value, unsigned int flags)
{
    static CUgraphConditionalHandle last;
    (void)context;
    (void)launch_value;
    CUresult result = handle && flags <= 1 ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    bool known = sim_graph_known(graph);
    if (known)
        *handle = ++last;
    sim_leave();
    return known ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

static CUresult add_of_type(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUgraphNodeParams *parameters)
{
    switch (parameters->type) {
    case CU_GRAPH_NODE_TYPE_MEM_ALLOC:
        return sim_graph_add_allocation(node, graph, dependencies, count, &parameters->allocation);
    case CU_GRAPH_NODE_TYPE_MEM_FREE:
        return sim_graph_add_free(node, graph, dependencies, count, parameters->freed);
    case CU_GRAPH_NODE_TYPE_GRAPH:
        return add_child(node, graph, dependencies, count, parameters->child.graph,
                         parameters->child.ownership == CU_GRAPH_CHILD_GRAPH_OWNERSHIP_MOVE);
    case CU_GRAPH_NODE_TYPE_CONDITIONAL:
        return add_condition(node, graph, dependencies, count, &parameters->conditional);
    case CU_GRAPH_NODE_TYPE_KERNEL:
        return add_kernel(node, graph, dependencies, count, &parameters->kernel);
    case CU_GRAPH_NODE_TYPE_EMPTY:
        return sim_graph_add(node, graph, dependencies, count, parameters->type);
    }
    return CUDA_ERROR_NOT_SUPPORTED;
}

CUresult cuGraphAddNode(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUgraphNodeParams *parameters)
{
    CUresult result = parameters ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    result = add_of_type(node, graph, dependencies, count, parameters);
    sim_leave();
    return result;
}

/* Edges carry nothing here. */
CUresult cuGraphAddNode_v2(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges, size_t count,
                           CUgraphNodeParams *parameters)
{
    return edges ? CUDA_ERROR_NOT_SUPPORTED : cuGraphAddNode(node, graph, dependencies, count, parameters);
}

/* `nodes` NULL: only how many there are. */
CUresult cuGraphGetNodes(CUgraph graph, CUgraphNode *nodes, size_t *count)
{
    size_t found = 0;
    CUresult result = count ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    if (sim_graph_known(graph)) {
        for (struct CUgraphNode_st *node = graph->nodes; node; node = node->next, found++)
            if (nodes && found < *count)
                nodes[found] = node;
        *count = nodes && *count < found ? *count : found;
    } else
        result = CUDA_ERROR_INVALID_VALUE;
    sim_leave();
    return result;
}

/* Begin a question about a node; CUDA_SUCCESS means that the driver is entered. */
static CUresult enter_node(CUgraphNode node, const void *answer)
{
    CUresult result = answer ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS || sim_node_known(node))
        return result;
    sim_leave();
    return CUDA_ERROR_INVALID_VALUE;
}

/* End a question; not answered is one that a node of another type was asked. */
static CUresult leave_node(bool answered)
{
    sim_leave();
    return answered ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuGraphNodeGetType(CUgraphNode node, CUgraphNodeType *type)
{
    CUresult result = enter_node(node, type);
    if (result != CUDA_SUCCESS)
        return result;
    *type = node->type;
    return leave_node(true);
}

CUresult cuGraphMemAllocNodeGetParams(CUgraphNode node, CUDA_MEM_ALLOC_NODE_PARAMS *parameters)
{
    CUresult result = enter_node(node, parameters);
    if (result != CUDA_SUCCESS)
        return result;
    bool answered = node->type == CU_GRAPH_NODE_TYPE_MEM_ALLOC;
    if (answered)
        *parameters = node->allocation;
    return leave_node(answered);
}

CUresult cuGraphMemFreeNodeGetParams(CUgraphNode node, CUdeviceptr *address)
{
    CUresult result = enter_node(node, address);
    if (result != CUDA_SUCCESS)
        return result;
    bool answered = node->type == CU_GRAPH_NODE_TYPE_MEM_FREE;
    if (answered)
        *address = node->freed;
    return leave_node(answered);
}

/* Of what this driver has of a node. */
CUresult cuGraphNodeGetParams(CUgraphNode node, CUgraphNodeParams *parameters)
{
    CUresult result = enter_node(node, parameters);
    if (result != CUDA_SUCCESS)
        return result;
    *parameters = (CUgraphNodeParams){.type = node->type};
    if (node->type == CU_GRAPH_NODE_TYPE_MEM_ALLOC)
        parameters->allocation = node->allocation;
    if (node->type == CU_GRAPH_NODE_TYPE_MEM_FREE)
        parameters->freed = node->freed;
    if (node->type == CU_GRAPH_NODE_TYPE_GRAPH)
        parameters->child.graph = node->child;
    if (node->type == CU_GRAPH_NODE_TYPE_CONDITIONAL)
        parameters->conditional = node->conditional;
    return leave_node(true);
}

CUresult cuGraphChildGraphNodeGetGraph(CUgraphNode node, CUgraph *graph)
{
    CUresult result = enter_node(node, graph);
    if (result != CUDA_SUCCESS)
        return result;
    bool answered = node->child != NULL;
    if (answered)
        *graph = node->child;
    return leave_node(answered);
}
