/* What belongs to this process alone and must not be inherited: a forked child finds it zeroed by the kernel (MADV_WIPEONFORK),
 * which is also how it learns that it is a child. So zero means: nothing claimed, nothing allocated, nothing locked.
 * Not here: the pages, which a child goes on using. */
#ifndef HAMI_PROCESS_H
#define HAMI_PROCESS_H

#include <stdbool.h>

#include "account.h"
#include "address_map.h"
#include "lock.h"

struct gate;
struct graph_memory;
struct pool;
struct stock;

#define SHARES_MAX 64 /* of one container */

/* What a thread may read of a membership without the process's lock. Written with it. */
struct glance {
    uint64_t version; /* of the limits that the next two are of; 0 while they change */
    uint64_t memory_bytes, overhead_bytes;
    uint64_t held_bytes; /* by this process */
};

/* This process on one share. */
struct membership {
    enum { NOT_CLAIMED, CLAIMED, CANNOT_CLAIM } state;
    struct account account;
    struct hami_limits_record limits; /* as last read */
    struct glance glance;
    uint64_t swept_at_ns;             /* when this process last looked for the dead, to tell what is left */
    uint64_t reaps_seen, refunded_at_ns; /* the page's count of refunds as last seen, and when it last had changed */
};

struct process {
    struct lock lock; /* over all of this, and over this process's operations; never held across a driver call */
    struct membership memberships[SHARES_MAX]; /* by the share's number */
    struct address_map map;
    struct stock *stocks;        /* stock.h; all of the two below */
    struct pool *pools;          /* pools.h */
    struct graph_memory *graphs; /* graphs.h */
    struct gate *gates;          /* gate.h: added in front, never taken out */
    bool stocks_shrank;  /* memory went back to one, which may give it back to the card at the next synchronization */
};

/* Not for callers: what process_get answers once it is mapped, and how it is. */
extern struct process *process_page;
struct process *process_map(void);

/* NULL where the kernel has no memory for it, or cannot wipe it. */
static inline struct process *process_get(void)
{
    struct process *process = __atomic_load_n(&process_page, __ATOMIC_ACQUIRE);
    return process ? process : process_map();
}

/* The same with its lock held, until process_leave. */
struct process *process_enter(void);
void process_leave(struct process *process);

/* Between them no fork of this process happens, for descriptors that a child must not inherit, and this thread is not cancelled where it opens
 * them, which would leave locks held. False: forks cannot be held off. */
bool process_hold_forks(void);
void process_let_fork(void);

#endif
