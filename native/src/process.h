/* What belongs to this process alone and must not be inherited: a forked child finds it zeroed by the kernel (MADV_WIPEONFORK),
 * which is also how it learns that it is a child. So zero means: nothing claimed, nothing allocated, nothing locked.
 * Not here: the pages, which a child goes on using. */
#ifndef HAMI_PROCESS_H
#define HAMI_PROCESS_H

#include <pthread.h>
#include <stdbool.h>

#include "account.h"
#include "address_map.h"

struct graph_memory;
struct pool;
struct stock;

#define SHARES_MAX 64 /* of one container */

/* This process on one share. */
struct membership {
    enum { NOT_CLAIMED, CLAIMED, CANNOT_CLAIM } state;
    struct account account;
    struct hami_limits_record limits; /* as last read */
    uint64_t swept_at_ns;             /* when this process last looked for the dead, to tell what is left */
    uint64_t reaps_seen, refunded_at_ns; /* the page's count of refunds as last seen, and when it last had changed */
};

struct process {
    pthread_mutex_t lock; /* over all of this, and over this process's operations; never held across a driver call */
    struct membership memberships[SHARES_MAX]; /* by the share's number */
    struct address_map map;
    struct stock *stocks;        /* stock.h; all of the two below */
    struct pool *pools;          /* pools.h */
    struct graph_memory *graphs; /* graphs.h */
    bool stocks_shrank;  /* memory went back to one, which may give it back to the card at the next synchronization */
};

/* NULL where the kernel has no memory for it, or cannot wipe it. */
struct process *process_get(void);

/* The same with its lock held, until process_leave. */
struct process *process_enter(void);
void process_leave(struct process *process);

/* Between them no fork of this process happens: for descriptors that a child must not inherit. False: forks cannot be held off. */
bool process_hold_forks(void);
void process_let_fork(void);

#endif
