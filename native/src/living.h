/* Who lives on the shares of a card, as a program of this container may see it: processes of its own PID namespace, and what each holds.
 * For display. Not here: who may be refunded (slot.h). */
#ifndef HAMI_LIVING_H
#define HAMI_LIVING_H

#include <stddef.h>

#include "shares.h"

struct living {
    uint32_t pid;
    uint64_t bytes; /* over all shares of the card */
};

/* Write at most `room` of them; returns how many there are. */
size_t living_processes(const struct card *card, struct living *list, size_t room);

#endif
