/* What contexts take of their cards: charged from before the driver is asked to make one until it has ended one. The node says how much
 * that is on a card (context_bytes of the limits), since the driver does not, and corrects it by what it sees (the record's overhead).
 * What a context's charge and what was allocated in it have in common is their end: charge_cancel_context gives back both.
 * Not here: how contexts begin and end (wrap_contexts.c, wrap_cuda.c). */
#ifndef HAMI_CONTEXTS_H
#define HAMI_CONTEXTS_H

#include "charge.h"
#include "real.h"

/* What a context on the card is charged; 0: nothing, and the driver's word holds. NO_CARD: 0. */
uint64_t contexts_bytes(const struct card *card);

/* Reserve for a context that a program makes for itself; to be kept under ADDRESS_CONTEXT. NULL: refused. */
struct charge *contexts_reserve(const struct real_cuda *real, const struct card *card);

/* Charge the primary context of a device, if it is not charged yet. False: refused. The first of several threads pays for all. */
bool contexts_charge_primary(const struct real_cuda *real, const struct card *card, CUdevice device);

/* The driver gave it: its charge ends with it from now on. False: another thread ended the one that had been charged meanwhile. */
bool contexts_bind_primary(CUdevice device, CUcontext context);

/* The driver did not give it: give back what is charged, unless another thread got it. */
void contexts_cancel_primary(CUdevice device);

#endif
