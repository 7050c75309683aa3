/* A charge: what one allocation takes of the shares of its card, from before the driver is asked until the memory is freed.
 * Not here: the driver calls themselves (wrap_cuda.c), and what programs are told is left (card_memory.h). */
#ifndef HAMI_CHARGE_H
#define HAMI_CHARGE_H

#include <stdbool.h>

#include "shares.h"

/* The driver hands out device memory in slabs of 2 MiB. Each allocation is charged whole slabs, so that no allocation can take
 * more of the card than it is charged; several small ones may share a slab and are then charged too much. */
#define CHARGE_GRANULARITY_BYTES (UINT64_C(2) << 20)

enum charge_kind { CHARGE_BUFFER, CHARGE_MANAGED, CHARGE_ARRAY, CHARGE_POOL, CHARGE_VMM, CHARGE_CONTEXT, CHARGE_GRAPH };

struct charge {
    struct address_entry entry;
    const struct card *card;
    enum charge_kind kind;
    uint64_t bytes;
    uint64_t parts[]; /* of `bytes`, by the card's share */
};

/* Whole slabs for `bytes`; UINT64_MAX where there is no such number. */
uint64_t charge_slabs(uint64_t bytes);

/* Reserve bytes on the card's shares, and room for one entry of the map. NULL: refused, nothing is reserved; it is not counted, since
 * the caller may find room and try again. */
struct charge *charge_reserve(const struct card *card, enum charge_kind kind, uint64_t bytes);

/* Change a reservation. False: refused, it is as before; a smaller one is never refused. */
bool charge_resize(struct charge *charge, uint64_t bytes);

/* The same for who holds the process's lock. */
bool charge_resize_inside(struct process *process, struct charge *charge, uint64_t bytes);

/* Count that an allocation was refused in the end. */
void charge_count_refusal(const struct card *card);

/* The driver gave memory for it: keep it under its address or handle, until charge_take. What belongs to a context ends with it. */
void charge_keep(struct charge *charge, enum address_kind kind, CUdeviceptr address, CUcontext context);

/* Take out what is charged for an address or handle, to cancel it or to keep it again; NULL where nothing is. */
struct charge *charge_take(enum address_kind kind, CUdeviceptr address);

/* Give back what is reserved. */
void charge_cancel(struct charge *charge);

/* A mark in time, and: give back all of a context that was kept before the mark, since the driver freed it. */
uint64_t charge_mark(void);
void charge_cancel_context(CUcontext context, uint64_t mark);

#endif
