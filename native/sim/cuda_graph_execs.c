/* Executable graphs: what their graphs were when they were instantiated. Work is done when it is asked for, so that a launch is only what
 * it frees, the memory that it has, and what it leaves allocated. Not here: how much of the card that is (cuda_graph_memory.h). */
#include <stdlib.h>

#include "cuda_capture.h"
#include "cuda_graph_memory.h"
#include "cuda_graphs.h"
#include "cuda_time.h"
#include "physical.h"

struct CUgraphExec_st {
    struct CUgraphExec_st *next;
    CUgraph graph; /* a handle to compare with: it may have ended */
    bool frees_left; /* before it runs again */
    struct sim_graph_user *users[SIM_MAX_CARDS]; /* by the device's ordinal; NULL: it needs nothing of that */
    struct sim_node_list list; /* of copies, as far as they are of memory */
    struct CUgraphNode_st *copies;
};

static struct CUgraphExec_st *execs;

static struct CUgraphExec_st **place_of(CUgraphExec exec)
{
    struct CUgraphExec_st **place = &execs;
    while (*place && *place != exec)
        place = &(*place)->next;
    return place;
}

static void release(struct CUgraphExec_st *exec)
{
    for (size_t i = 0; i < SIM_MAX_CARDS; i++)
        if (exec->users[i])
            sim_graph_user_end(exec->users[i]);
    free(exec->list.nodes);
    free(exec->copies);
    free(exec);
}

static bool is_allocation_on(const struct CUgraphNode_st *node, CUdevice device)
{
    return node->type == CU_GRAPH_NODE_TYPE_MEM_ALLOC && node->allocation.pool_properties.location.id == device;
}

/* Slabs of a device that the allocations lie in: an address that one has of another counts once, by the larger, which came first. */
static uint64_t bytes_on(const struct sim_node_list *list, CUdevice device)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool seen = !is_allocation_on(list->nodes[i], device);
        for (size_t j = 0; j < i && !seen; j++)
            seen = is_allocation_on(list->nodes[j], device) && list->nodes[j]->allocation.address == list->nodes[i]->allocation.address;
        sum += seen ? 0 : sim_slabs(list->nodes[i]->allocation.bytes);
    }
    return sum;
}

static bool make_users(struct CUgraphExec_st *exec)
{
    for (unsigned i = 0; i < SIM_MAX_CARDS && sim_device((CUdevice)i); i++) {
        uint64_t bytes = bytes_on(&exec->list, (CUdevice)i);
        if (bytes && !(exec->users[i] = sim_graph_user_make(sim_device((CUdevice)i), bytes)))
            return false;
    }
    return true;
}

/* Copies of the nodes, which outlive the graph. */
static bool copy_nodes(struct CUgraphExec_st *exec, CUgraph graph)
{
    if (!sim_graph_list(graph, &exec->list))
        return false;
    exec->copies = calloc(exec->list.count + 1, sizeof *exec->copies);
    for (size_t i = 0; exec->copies && i < exec->list.count; i++) {
        exec->copies[i] = *exec->list.nodes[i];
        exec->list.nodes[i] = &exec->copies[i];
    }
    return exec->copies != NULL;
}

static bool needs_memory(const struct CUgraphExec_st *exec)
{
    bool needs = false;
    for (size_t i = 0; i < SIM_MAX_CARDS; i++)
        needs |= exec->users[i] != NULL;
    return needs;
}

/* Of a graph with memory there is one executable graph at a time. */
static bool has_other(CUgraph graph)
{
    const struct CUgraphExec_st *exec = execs;
    while (exec && (exec->graph != graph || !needs_memory(exec)))
        exec = exec->next;
    return exec != NULL;
}

static CUresult make(CUgraphExec *exec, CUgraph graph, cuuint64_t flags)
{
    if (!exec || !sim_graph_known(graph) || graph->inner || has_other(graph))
        return CUDA_ERROR_INVALID_VALUE;
    struct CUgraphExec_st *made = calloc(1, sizeof *made);
    if (!made)
        return CUDA_ERROR_OUT_OF_MEMORY;
    made->graph = graph;
    made->frees_left = flags & CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH;
    if (!copy_nodes(made, graph) || !make_users(made)) {
        release(made);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    made->next = execs;
    *exec = execs = made;
    return CUDA_SUCCESS;
}

/* Its kernels one after another: one unit, since nothing comes between the nodes of a graph. */
static uint64_t kernels_ns(const struct CUgraphExec_st *exec)
{
    uint64_t sum_ns = 0;
    for (size_t i = 0; i < exec->list.count; i++)
        sum_ns += exec->list.nodes[i]->kernel_ns;
    return sum_ns;
}

static bool map(const struct CUgraphExec_st *exec, CUstream stream)
{
    bool mapped = true;
    for (size_t i = 0; i < SIM_MAX_CARDS && mapped; i++)
        mapped = !exec->users[i] || sim_graph_user_map(exec->users[i], stream);
    return mapped;
}

CUresult cuGraphInstantiateWithFlags(CUgraphExec *exec, CUgraph graph, unsigned long long flags)
{
    struct sim_context *context;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS)
        return result;
    result = make(exec, graph, flags);
    sim_leave();
    return result;
}

CUresult cuGraphInstantiate(CUgraphExec *exec, CUgraph graph, CUgraphNode *error_node, char *log, size_t log_bytes)
{
    if (error_node)
        *error_node = NULL;
    if (log && log_bytes)
        *log = 0;
    return cuGraphInstantiateWithFlags(exec, graph, 0);
}

CUresult cuGraphInstantiate_v2(CUgraphExec *exec, CUgraph graph, CUgraphNode *error_node, char *log, size_t log_bytes)
{
    return cuGraphInstantiate(exec, graph, error_node, log, log_bytes);
}

CUresult cuGraphInstantiateWithParams(CUgraphExec *exec, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *parameters)
{
    if (!parameters)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = cuGraphInstantiateWithFlags(exec, graph, parameters->flags);
    if (result == CUDA_SUCCESS && parameters->flags & CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD) {
        result = cuGraphUpload(*exec, parameters->upload_stream);
        if (result != CUDA_SUCCESS)
            (void)cuGraphExecDestroy(*exec);
    }
    parameters->result = result == CUDA_SUCCESS ? CUDA_GRAPH_INSTANTIATE_SUCCESS : CUDA_GRAPH_INSTANTIATE_ERROR;
    return result;
}

/* Begin work on an executable graph in a stream that captures nothing; CUDA_SUCCESS means that the driver is entered. */
static CUresult enter_exec(CUgraphExec exec, CUstream stream, struct sim_context **context)
{
    CUresult result = sim_enter_stream_of(stream, context);
    if (result != CUDA_SUCCESS)
        return result;
    if (!*place_of(exec))
        result = CUDA_ERROR_INVALID_VALUE;
    else if (sim_capture_of(stream))
        result = sim_capture_spoil(stream);
    if (result != CUDA_SUCCESS)
        sim_leave();
    return result;
}

CUresult cuGraphUpload(CUgraphExec exec, CUstream stream)
{
    struct sim_context *context;
    CUresult result = enter_exec(exec, stream, &context);
    if (result != CUDA_SUCCESS)
        return result;
    result = map(exec, stream) ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
    sim_leave();
    return result;
}

/* An allocation that a run of this graph leaves. */
static bool is_left(const struct CUgraphNode_st *node)
{
    return node->type == CU_GRAPH_NODE_TYPE_MEM_ALLOC && !node->freed_by;
}

/* False where something is still allocated that the last run has left, and is not to be freed by itself. */
static bool free_left(const struct CUgraphExec_st *exec)
{
    for (size_t i = 0; i < exec->list.count; i++) {
        CUdeviceptr address = exec->list.nodes[i]->allocation.address;
        if (!is_left(exec->list.nodes[i]) || !sim_memory_is_allocated(address))
            continue;
        if (!exec->frees_left)
            return false;
        (void)sim_memory_free(address);
    }
    return true;
}

/* Frees what others have left: its own that it frees is not allocated at all, since nothing here looks at it. */
static CUresult run(const struct CUgraphExec_st *exec, struct sim_context *context)
{
    CUresult result = CUDA_SUCCESS;
    for (size_t i = 0; i < exec->list.count && result == CUDA_SUCCESS; i++) {
        const struct CUgraphNode_st *node = exec->list.nodes[i];
        if (node->type == CU_GRAPH_NODE_TYPE_MEM_FREE)
            (void)sim_memory_free(node->freed);
        if (is_left(node))
            result = sim_graph_user_leave(exec->users[node->allocation.pool_properties.location.id], context, node->allocation.address,
                                          node->allocation.bytes);
    }
    for (size_t i = 0; i < SIM_MAX_CARDS; i++)
        if (exec->users[i])
            sim_graph_user_run(exec->users[i]);
    return result;
}

CUresult cuGraphLaunch(CUgraphExec exec, CUstream stream)
{
    uint64_t ticket;
    struct sim_context *context;
    CUresult result = enter_exec(exec, stream, &context);
    if (result != CUDA_SUCCESS)
        return result;
    if (!free_left(exec))
        result = CUDA_ERROR_INVALID_VALUE;
    else
        result = map(exec, stream) ? run(exec, context) : CUDA_ERROR_OUT_OF_MEMORY;
    if (result == CUDA_SUCCESS && kernels_ns(exec))
        result = sim_time_ask(context, stream, SIM_ASK_KERNEL, kernels_ns(exec), &ticket);
    sim_leave();
    return result;
}

CUresult cuGraphExecDestroy(CUgraphExec exec)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    struct CUgraphExec_st **place = place_of(exec), *found = *place;
    if (found) {
        *place = found->next;
        release(found);
    }
    sim_leave();
    return found ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

static CUgraphExecUpdateResult compare(const struct sim_node_list *old, const struct sim_node_list *new)
{
    if (old->count != new->count)
        return CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED;
    for (size_t i = 0; i < old->count; i++)
        if (old->nodes[i]->type != new->nodes[i]->type)
            return CU_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED;
    return CU_GRAPH_EXEC_UPDATE_SUCCESS;
}

/* The handle stays, with what the new graph says. */
static CUgraphExecUpdateResult update(CUgraphExec exec, CUgraph graph)
{
    CUgraphExec made;
    if (!*place_of(exec) || make(&made, graph, 0) != CUDA_SUCCESS)
        return CU_GRAPH_EXEC_UPDATE_ERROR;
    CUgraphExecUpdateResult result = compare(&exec->list, &made->list);
    *place_of(made) = made->next;
    if (result == CU_GRAPH_EXEC_UPDATE_SUCCESS) {
        struct CUgraphExec_st old = *exec;
        *exec = *made;
        exec->next = old.next;
        exec->frees_left = old.frees_left;
        *made = old;
    }
    release(made);
    return result;
}

CUresult cuGraphExecUpdate_v2(CUgraphExec exec, CUgraph graph, CUgraphExecUpdateResultInfo *info)
{
    CUresult result = info ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    *info = (CUgraphExecUpdateResultInfo){.result = update(exec, graph)};
    sim_leave();
    return info->result == CU_GRAPH_EXEC_UPDATE_SUCCESS ? CUDA_SUCCESS : CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE;
}

CUresult cuGraphExecUpdate(CUgraphExec exec, CUgraph graph, CUgraphNode *error_node, CUgraphExecUpdateResult *result)
{
    CUgraphExecUpdateResultInfo info;
    if (!result)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult done = cuGraphExecUpdate_v2(exec, graph, &info);
    if (error_node)
        *error_node = NULL;
    *result = info.result;
    return done;
}
