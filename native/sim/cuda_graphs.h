/* Graphs and their nodes: a kernel, nothing, a graph in it, a condition with its bodies, an allocation or a free. An allocation has its address from when its node is
 * made, and that of one which was freed before it, where it fits. Not here: executable graphs (cuda_graph_execs.c). */
#ifndef HAMI_SIM_CUDA_GRAPHS_H
#define HAMI_SIM_CUDA_GRAPHS_H

#include "cuda_process.h"

struct CUgraphNode_st {
    struct CUgraphNode_st *next; /* of the same graph, in the order in which they were added */
    CUgraphNodeType type;
    CUgraphNode *dependencies;
    size_t dependency_count;
    CUDA_MEM_ALLOC_NODE_PARAMS allocation; /* of an allocation */
    CUgraphNode freed_by;                  /* in the same graph */
    bool given_again;                      /* a later allocation has its address */
    CUdeviceptr freed;                     /* of a free */
    CUgraph child;
    uint64_t kernel_ns; /* that a kernel takes of the card */
    CUDA_CONDITIONAL_NODE_PARAMS conditional; /* its bodies are graphs in it, as a child is */
};

struct CUgraph_st {
    struct CUgraph_st *next;
    struct CUgraphNode_st *nodes;
    bool inner; /* it is in another one, which owns it */
};

/* Nodes of a graph and of those in it. */
struct sim_node_list {
    CUgraphNode *nodes;
    size_t count;
};

/* All between sim_enter and sim_leave. */
CUgraph sim_graph_make(void);
bool sim_graph_known(CUgraph graph);
bool sim_node_known(CUgraphNode node);
void sim_graph_drop(CUgraph graph);

/* Add a node; the types that need more have functions of their own. */
CUresult sim_graph_add(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUgraphNodeType type);
CUresult sim_graph_add_allocation(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count,
                                  CUDA_MEM_ALLOC_NODE_PARAMS *parameters);
CUresult sim_graph_add_free(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count, CUdeviceptr address);

/* All nodes of a graph; false where there is no memory. The caller frees the array. */
bool sim_graph_list(CUgraph graph, struct sim_node_list *list);

#endif
