/* Which card the driver speaks of: a CUDA ordinal or an NVML handle, to the card whose shares hold. By UUID, never by index:
 * the orders of CUDA, NVML and the container differ. Not here: the shares (shares.h). */
#ifndef HAMI_CARDS_H
#define HAMI_CARDS_H

#include "real.h"
#include "shares.h"

/* NO_CARD where the driver's word holds. A card that the driver cannot name gets the card that grants nothing. */
const struct card *cards_of_device(const struct real_cuda *real, CUdevice device);
const struct card *cards_of_handle(const struct real_nvml *real, nvmlDevice_t handle);

/* The card of the current context; NO_CARD as well where there is none, for the driver to say so. */
const struct card *cards_current(const struct real_cuda *real);

#endif
