/* Slots of a usage page: claimed by this process, and taken from the dead. A slot is held by an open-file-description lock that
 * lives exactly as long as this process's memory, so getting it proves that its holder is gone, in whatever PID namespace.
 * Not here: what is charged to a slot (account.h). The caller holds the process's lock. */
#ifndef HAMI_SLOT_H
#define HAMI_SLOT_H

#include <stdbool.h>

#include "account.h"
#include "pages.h"

/* Claim a slot for this process. False, and reported, where there is none or the page cannot be opened any more. */
bool slot_claim(const struct pages *pages, struct account *account);

/* Whether any process, this one included, holds a slot; true as well where that cannot be told. */
bool slot_any_held(const struct pages *pages);

/* Refund what dead processes hold. `own` is passed over; HAMI_SLOTS: none is ours. */
void slot_sweep(const struct pages *pages, unsigned own);

/* Forget what dead processes have in flight, of those slots that `own` is not and that should have been done by now. */
void slot_forget_dead_work(const struct pages *pages, const struct hami_slot *own, uint64_t now_ns);

#endif
