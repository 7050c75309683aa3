/* A share's seat on the page of its card: every living process of the share holds a lock for reading on it, which ends with the process's
 * memory, so that who finds it free has proof that nobody of that share lives. Not here: what stands on the seat (pacer.h). */
#ifndef HAMI_SEAT_H
#define HAMI_SEAT_H

#include <stdbool.h>

/* Hold a seat of the page at `path` from now on, as long as this process's memory lives. False: it cannot be. */
bool seat_hold(const char *path, unsigned seat);

/* Whether no process holds the seat; false where that cannot be told. */
bool seat_is_free(const char *path, unsigned seat);

#endif
