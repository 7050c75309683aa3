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

/* Not for callers: the card of a driver's only device, once it is known; of several, once that is known, those that were asked for, and what
 * stands for a device that no share is of. */
#define CARDS_ORDINALS 64u /* beyond them the driver is asked each time */
extern const struct card *cards_only, *cards_remembered[CARDS_ORDINALS];
extern const struct card cards_none;
extern bool cards_several;
const struct card *cards_ask_in_use(const struct real_cuda *real);

/* The same where there is a context, since a call that needs one has succeeded: a driver that has but one device is not asked which. One that
 * has several is asked each time: a context becomes current in more ways than can be seen. */
static inline const struct card *cards_in_use(const struct real_cuda *real)
{
    CUdevice device;
    const struct card *known = __atomic_load_n(&cards_only, __ATOMIC_ACQUIRE);
    if (known)
        return known;
    if (__atomic_load_n(&cards_several, __ATOMIC_RELAXED) && real->cuCtxGetDevice(&device) == CUDA_SUCCESS && (unsigned)device < CARDS_ORDINALS)
        known = __atomic_load_n(&cards_remembered[device], __ATOMIC_ACQUIRE);
    if (known)
        return known == &cards_none ? NO_CARD : known;
    return shares_none() ? NO_CARD : cards_ask_in_use(real);
}

/* Whether the driver has several devices, as far as cards_in_use has found out. */
static inline bool cards_are_several(void)
{
    return __atomic_load_n(&cards_several, __ATOMIC_RELAXED);
}

/* Whether the driver has this card and no other, as far as cards_in_use has found out. */
static inline bool cards_is_only(const struct card *card)
{
    return card != NO_CARD && __atomic_load_n(&cards_only, __ATOMIC_ACQUIRE) == card;
}

#endif
