#include "cuda_handles.h"

#include <stdlib.h>

void *sim_handle_make(struct sim_handle **list, size_t bytes)
{
    struct sim_handle *made = calloc(1, bytes);
    if (made) {
        made->next = *list;
        *list = made;
    }
    return made;
}

bool sim_handle_known(const struct sim_handle *list, const void *handle)
{
    while (list && list != handle)
        list = list->next;
    return list != NULL;
}

void sim_handle_end(struct sim_handle **list, const void *handle)
{
    while (*list != handle)
        list = &(*list)->next;
    struct sim_handle *ended = *list;
    *list = ended->next;
    free(ended);
}
