/* What a share of an oversubscribed card holds that cannot be evicted: all but managed memory. It is bounded, by the share's part of the
 * memory that the card really has, so that what all shares pin together is never more than that. Pure: it reads the page alone. */
#ifndef HAMI_PINNED_H
#define HAMI_PINNED_H

#include "charge.h"

/* Whether memory of a kind stays on the card once it is there. */
bool pinned_kind(const struct card *card, enum charge_kind kind);

/* Bytes of such kinds that the share's processes hold, dead ones that were not reaped too. Reads every slot. */
uint64_t pinned_held(const struct card *card, const struct hami_usage *usage);

/* What they may hold together; UINT64_MAX where that is not bounded. */
uint64_t pinned_ceiling(const struct hami_limits_record *limits);

#endif
