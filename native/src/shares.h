/* The shares of this container, and the cards they are of: of a managed container those that the node mounted, read once; else
 * those that the environment asks for (standalone.h). Not here: what is charged to them (charge.h). */
#ifndef HAMI_SHARES_H
#define HAMI_SHARES_H

#include "pages.h"
#include "process.h"

struct share {
    unsigned number; /* its place among the container's shares, by name: the same in all its processes */
    struct pages pages;
};

/* A card with all shares that the container has of it: they add up. */
struct card {
    const char *uuid; /* "GPU-…" */
    unsigned share_count;
    const struct share *shares[SHARES_MAX];
    bool is_managed;        /* allocations are managed memory where they can be (managed.h) */
    bool is_oversubscribed; /* others on it can be evicted: what is free in truth is no bound */
};

/* What is said of a card that there is no limit for: the driver's word holds. */
#define NO_CARD ((const struct card *)NULL)

/* Not for callers: what shares_none answers once the shares are opened, and how they are. */
extern enum shares_known { SHARES_UNKNOWN, SHARES_NONE, SHARES_SOME } shares_known;
enum shares_known shares_open(void);

/* True where the container has no share: the library changes nothing. */
static inline bool shares_none(void)
{
    enum shares_known known = __atomic_load_n(&shares_known, __ATOMIC_ACQUIRE);
    return (known ? known : shares_open()) == SHARES_NONE;
}

/* The number of shares that are open, and each of them; 0 also where a share's page cannot be trusted. */
unsigned shares_count(void);
const struct share *shares_at(unsigned place);

/* The card of a UUID; NO_CARD where no share is of it. Where a share's page cannot be trusted, every UUID gives a card without
 * shares, which grants nothing. */
const struct card *shares_card(const char *uuid);

/* Whether the limits of this container go by NVML's order of cards and that is still to be told (standalone_tell_order). */
bool shares_want_order(void);

/* Whether some share may have a limit of its card's time; true of all that a node made, whose records say it (cores.h). */
bool shares_limit_cores(void);

/* Whether some share's copies are to be charged (HAMI_LIMITS_COPIES). */
bool shares_charge_copies(void);

/* The card that grants nothing. */
const struct card *shares_refused_card(void);

#endif
