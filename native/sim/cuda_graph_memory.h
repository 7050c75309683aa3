/* Physical memory of graphs: each device has a stock of it, of which graphs get what they need when they are uploaded or launched. Graphs
 * that follow each other in a stream share theirs; what one has left allocated is its own until it is freed. Only a trim gives memory
 * back to the card. Not here: addresses and graphs (cuda_graphs.h). */
#ifndef HAMI_SIM_CUDA_GRAPH_MEMORY_H
#define HAMI_SIM_CUDA_GRAPH_MEMORY_H

#include "cuda_context.h"
#include "cuda_memory.h"

/* An executable graph's use of one device. */
struct sim_graph_user;

/* All between sim_enter and sim_leave. NULL where there is no memory. */
struct sim_graph_user *sim_graph_user_make(struct sim_device *device, uint64_t bytes);

/* The executable graph is no more; what it has left allocated stays. */
void sim_graph_user_end(struct sim_graph_user *user);

/* Have its memory for a stream; false where the card has not so much. */
bool sim_graph_user_map(struct sim_graph_user *user, CUstream stream);

/* It runs until the next synchronization; and what it leaves is allocated at an address until it is freed. */
void sim_graph_user_run(struct sim_graph_user *user);
CUresult sim_graph_user_leave(struct sim_graph_user *user, struct sim_context *context, CUdeviceptr address, uint64_t bytes);

/* Nothing runs any more, or nothing in a stream. */
void sim_graph_memory_synchronize(void);
void sim_graph_memory_synchronize_stream(CUstream stream);

#endif
