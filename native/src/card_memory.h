/* What a card has for this container, as programs are told it. Read often, and so in passing where it can be: without the process's lock.
 * Not here: what an allocation may take (charge.h). */
#ifndef HAMI_CARD_MEMORY_H
#define HAMI_CARD_MEMORY_H

#include "shares.h"

/* Over all shares of the card; bytes. */
struct card_memory {
    uint64_t limit, used;
};

/* The limit of a card of which time alone is limited: of its memory the driver's word holds. */
#define CARD_MEMORY_NO_LIMIT UINT64_MAX

/* What a process that died holds may still be counted for some 10 ms. */
struct card_memory card_memory_of(const struct card *card);

#endif
