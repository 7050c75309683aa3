/* What a graph's allocation nodes need. The driver gives them addresses when they are made, and physical memory when the graph runs; two
 * whose lives do not overlap may have the same addresses: so what a graph needs is the slabs that its addresses lie in, each once.
 * Not here: what is charged for that (graphs.h). */
#ifndef HAMI_GRAPH_NODES_H
#define HAMI_GRAPH_NODES_H

#include <stdbool.h>

#include "real.h"

struct graph_range {
    CUdevice device;
    CUdeviceptr address;
    CUdeviceptr first, end; /* the slabs that it lies in */
};

/* All zero is empty. */
struct graph_nodes {
    struct graph_range *ranges; /* of allocation nodes on devices */
    size_t range_count, range_room;
    CUdeviceptr *freed; /* by free nodes */
    size_t freed_count, freed_room;
};

/* Collect the memory nodes of a graph and of all graphs in it: children, and bodies of conditional nodes as far as the driver tells them.
 * False where they cannot be known, for want of memory or since graphs are too deep; release in any case. */
bool graph_nodes_collect(const struct real_cuda *real, CUgraph graph, struct graph_nodes *nodes);
void graph_nodes_release(struct graph_nodes *nodes);

/* The bytes that they need of a device, in whole slabs. Sorts the ranges. */
uint64_t graph_nodes_bytes(struct graph_nodes *nodes, CUdevice device);

/* Whether something that they allocate outlives a run of the graph. */
bool graph_nodes_leave(const struct graph_nodes *nodes);

#endif
