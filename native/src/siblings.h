/* Processes of the same share that died with work in flight: a living one that is late is waited for less (docs/compute.md), and a dead one must
 * not pass for it. Not here: what their memory was (slot_sweep). */
#ifndef HAMI_SIBLINGS_H
#define HAMI_SIBLINGS_H

#include "pages.h"

/* Where some process is overdue, look whether it lives; at most every few milliseconds, by *looked_at_ns, which all threads of a process share. */
void siblings_forget_dead(const struct pages *pages, const struct hami_slot *own, uint64_t now_ns, uint64_t *looked_at_ns);

#endif
