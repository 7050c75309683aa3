/* Functions of the driver that the manifest does not know, such as those of a CUDA version to come: counted, and denied where the
 * share's limits are strict. Not here: how they are looked up (resolve.c, wrap_cuda.c). */
#ifndef HAMI_UNKNOWN_H
#define HAMI_UNKNOWN_H

#include <stdbool.h>

/* Whether a name is formed like one of a function of the CUDA driver, and is none that the manifest knows. */
bool unknown_name(const char *name);

/* Count one lookup of an unknown function on every share of this container. False: it is to be denied. */
bool unknown_admit(void);

#endif
