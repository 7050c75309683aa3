/* What the shares of a card say of the card's time: several shares of one card add up.
 * Not here: when a launch may go (pacer.h), and through what it goes (gate.h). */
#ifndef HAMI_CORES_H
#define HAMI_CORES_H

#include "shares.h"

/* Whether no share of this container can have a limit of time as long as it runs: then the driver's own functions are given out. */
bool cores_are_free(void);

/* The same of copies and memsets, which have none either where no share's are charged. */
bool cores_leave_copies(void);

/* A number that changes whenever the limits of one of the card's shares do; never 0. */
uint64_t cores_version(const struct card *card);

/* The limits of all shares of a card as one record, whose version is what cores_version gave before. False: a page is torn, and *record is as it was. */
bool cores_read(const struct card *card, struct hami_limits_record *record);

#endif
