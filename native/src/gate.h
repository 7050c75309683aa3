/* What a launch goes through where its thread's lane does not cover it: its card and that card's limits, the thread's lane, and what pacer.h
 * answers, done by waits.h. Not here: the look before it (launch_gate.h), the entry points (wrap_launch.c), when to wait (pacer.h).
 *
 * No lock is held while the driver is called or a thread sleeps. A launch that nothing limits, into a stream that captures, or in a place
 * where the driver answers nothing, goes on as it is. */
#ifndef HAMI_GATE_H
#define HAMI_GATE_H

#include "launch_gate.h"
#include "lock.h"
#include "marks.h"
#include "shares.h"

enum { GATE_SAMPLES = 64 };

/* A batch that is closed, by its number: what tells its start and end. */
struct gate_mark {
    struct marks *marks;
    CUevent start, end; /* all three may be NULL: none */
};

/* One card, as this process launches on it. In the list of the process, which a forked child begins anew. */
struct gate {
    struct gate *next;
    const struct card *card;
    struct hami_slot *slot;   /* of this process on the first share; NULL: none */
    const char *card_path;    /* of the card's page; NULL: none */
    bool copies_charged;      /* as the share was when it was taken up */
    uint64_t unlimited;       /* the version of the limits that is known not to limit anything */
    uint64_t siblings_at_ns;  /* siblings.h */
    struct lock lock;         /* over all below */
    struct hami_limits_record record;
    struct pacer pacer;
    struct costs costs;
    uint64_t sampled_ns[GATE_SAMPLES]; /* when a copy was last measured by itself for being unknown, by its place among costs */
    struct marks *marks;
    struct gate_mark closed[PACER_BATCHES]; /* by number */
    bool watched;             /* whether a thread sees work end (watcher.h) */
    uint32_t work;            /* counts up as there is more to see: what that thread sleeps on */
    struct marks *waited;     /* the context that it waits in, in the driver */
    struct launch_lane *lanes;
};

/* Work that is to be launched. */
struct gate_work {
    uint64_t function, grid; /* costs.h */
    uint64_t guess_ns;       /* of a copy (copies.h), what it is taken for until it is known; 0: it is none */
    CUstream stream;
    enum launch_api api;
};

/* A launch that was let go. */
struct gate_pass {
    struct launch_lane *lane; /* NULL: nothing is charged */
    struct pacer_unit unit;
    bool sampled; /* it is to be measured by itself */
};

/* Return when the work may be launched. */
struct gate_pass gate_ask(const struct gate_work *work);

/* The same of work that is launched as one, on as many cards: at most GATE_TOGETHER. */
enum { GATE_TOGETHER = 64 };
void gate_ask_together(const struct gate_work works[], struct gate_pass passes[], unsigned count);

/* It was launched, with this result. */
void gate_launched(struct gate_pass pass, CUresult result);

/* A unit is another one from now on: a graph that was updated or ended. All are: a module was unloaded, whose handles come again. */
void gate_forget(uint64_t function);
void gate_forget_all(void);

/* Captures began or ended: while there are any, every launch asks. */
void gate_captures_changed(void);

/* The gates of this process. */
struct gate *gate_first(void);

#endif
