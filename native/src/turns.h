/* Whose turn it is, between the processes of a share and between the shares of a card: what a process can tell of its siblings by the usage page,
 * and when it passes the lease on. Part of the pacer, and as pure. Not here: the lease itself (lease.h), and who asks (pacer.c). */
#ifndef HAMI_TURNS_H
#define HAMI_TURNS_H

#include "pacer.h"

enum { TURNS_IDLE_NS = 300000 }; /* who has launched nothing for so long gives the lease back */

/* Whether the share has a seat on its card's page. */
bool turns_on_card(const struct pacer *pacer);

/* Whether another process of the share has work in flight; and whether any that is later than the share's processes could make it by taking turns. */
bool turns_sibling_works(const struct pacer *pacer);
unsigned turns_siblings_at_work(const struct pacer *pacer); /* how many have */
bool turns_sibling_is_late(const struct pacer *pacer, uint64_t now_ns);

/* Whether no process of the share has anything in flight. */
bool turns_share_is_idle(const struct pacer *pacer, uint64_t now_ns);

/* The share's largest unit of late. */
uint64_t turns_longest_unit(const struct pacer *pacer);

#endif
