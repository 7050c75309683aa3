/* This process on the shares of its container: its slot on each, and the limits in force there. All but membership_slot are for who
 * holds the process's lock. Not here: what is charged (charge.h), and the slots themselves (slot.h). */
#ifndef HAMI_MEMBERSHIP_H
#define HAMI_MEMBERSHIP_H

#include "shares.h"

/* This process's place on a share, with the limits in force; NULL where it can have none. */
struct membership *membership_of(struct process *process, const struct share *share);

/* The limits in force on a share, or, where its page is torn, those that were last in force; NULL where there never were any. */
const struct hami_limits_record *membership_limits(struct process *process, const struct share *share);

/* The slot that this process has on a share; HAMI_SLOTS: it can have none. */
unsigned membership_slot(const struct share *share);

/* Look for the dead on all shares of a card, and refund what they held. */
void membership_sweep(struct process *process, const struct card *card);

#endif
