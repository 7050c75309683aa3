/* A card that is full although the share has room: the driver may still be taking apart what a killed process held.
 * Not here: that such a process is refunded (slot.h). */
#ifndef HAMI_TEARDOWN_H
#define HAMI_TEARDOWN_H

#include "real.h"
#include "shares.h"

/* True where the driver was out of memory soon after a refund, and some time has been given to it: the call is worth another try. */
bool teardown_waited(CUresult result, const struct card *card);

#endif
