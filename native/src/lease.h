/* The lease of a card: while several limited shares are at work, one at a time launches, so that what it measures is its own.
 * And what the shares of a card know of each other: who is there, who is at work, who waits. Pure: it touches the card page alone.
 *
 * Every container of the card may write the page. So nothing here decides how much a share uses (credit.h does, on pages of its own), each
 * number that is read is bounded, each loop ends after HAMI_SEATS, and what makes no sense reads as a lease that is overdue.
 * Not here: when a holder is to give it back (pacer.h), and whether a share's processes live (a seat's lock, waits.c).
 *
 * Order. The lease is one word, grant number and seat, changed by compare-and-swap alone (acquire and release): two who pass it on at once
 * cannot both succeed, and a grant that was passed on meanwhile is told by its number. A grantee's deadline is stored before the swap
 * (release), so who sees the grant sees its deadline; one who loses the swap has stored a deadline for a seat that has no use for it. */
#ifndef HAMI_LEASE_H
#define HAMI_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "hami_pages.h"

enum {
    LEASE_TURN_NS = 10000000,    /* G: a grant */
    LEASE_TURN_MOST_NS = 20000000, /* of units of which few fit in G: to hand over costs a tenth of a millisecond of the card */
    LEASE_ACTIVE_NS = 150000000, /* a share counts as at work for so long after its work, as it last said, ends */
    LEASE_HIGH_NS = 2000000,     /* and one of priority 0 keeps others out for so long */
};

/* The neighbours of a share, as it sees them now. */
struct lease_neighbours {
    bool limited; /* one with a limit is at work */
    bool any;     /* one of any kind is; one without a limit counts while a process of it lives: it does not say when it works */
};

/* A share says with what limits it is at work, and until when what it has launched is expected to take. */
void lease_announce(struct hami_card *card, unsigned seat, const struct hami_limits_record *record, uint64_t busy_until_ns,
                    uint64_t now_ns);

struct lease_neighbours lease_neighbours(struct hami_card *card, unsigned seat, uint64_t now_ns);

/* Until when a share of priority 0 keeps those of priority 1 out; 0: none does. At most LEASE_ACTIVE_NS from now. */
uint64_t lease_high_until(const struct hami_card *card, uint64_t now_ns);

/* The number of the grant under which a seat holds the lease; 0: it does not. */
uint64_t lease_grant(const struct hami_card *card, unsigned seat);

/* Who holds it; negative: nobody. */
int lease_holder(const struct hami_card *card);

/* When the grant of a seat began, and when it is over; both no further away than a grant can be. */
uint64_t lease_since(const struct hami_card *card, unsigned seat, uint64_t now_ns);
uint64_t lease_deadline(const struct hami_card *card, unsigned seat, uint64_t now_ns);

/* Whether a holder has had the lease for so much longer than its turn that others may take it: four windows, or four of its largest units. */
bool lease_overdue(const struct hami_card *card, uint64_t window_ns, uint64_t now_ns);

/* A seat waits for the lease; it no longer does. */
void lease_queue(struct hami_card *card, unsigned seat, uint64_t now_ns);
void lease_leave_queue(struct hami_card *card, unsigned seat);

/* Whether another seat than this one waits. */
bool lease_awaited(struct hami_card *card, unsigned seat, uint64_t now_ns);

/* Take the lease where it is free or its holder is of lower priority, and no other that waits comes first. To hold it by default is to have it
 * with its deadline over: it is passed on as soon as somebody asks and nothing is in flight. */
bool lease_take(struct hami_card *card, unsigned seat, uint64_t now_ns);
bool lease_hold(struct hami_card *card, unsigned seat, uint64_t now_ns);

/* A holder's turn is over, but who waits has had more than it: its turn goes on, under the same grant. */
bool lease_prolong(struct hami_card *card, unsigned seat, uint64_t now_ns);

/* Pass the lease on from the grant that was seen (`holder` as lease_holder gave it) to who comes next, or to nobody. The word to wake, or NULL. */
uint32_t *lease_pass(struct hami_card *card, int holder, uint64_t now_ns);

/* A share has left the card, or died: nothing of it counts any more. The word to wake, or NULL. */
uint32_t *lease_drop_seat(struct hami_card *card, unsigned seat, uint64_t now_ns);

#endif
