/* Things of which a program has only a handle: streams and events. A list of those that there are, so that a wrong handle is found out.
 * Between sim_enter and sim_leave. */
#ifndef HAMI_SIM_CUDA_HANDLES_H
#define HAMI_SIM_CUDA_HANDLES_H

#include <stdbool.h>

struct sim_handle {
    struct sim_handle *next;
    void *context; /* of a stream, that it was made in */
};

/* Make one; NULL where there is no memory. */
void *sim_handle_make(struct sim_handle **list);

bool sim_handle_known(const struct sim_handle *list, const void *handle);

/* End one that is known. */
void sim_handle_end(struct sim_handle **list, const void *handle);

#endif
