/* When a process may launch its next unit of work on one share of a card, and what it is charged: the controller of a share's time.
 * Pure: a function of the clock, of the pages and of what was measured; it calls neither the driver nor the kernel, holds no lock and
 * has no loop that a page could make endless. So tests/time/ runs the very same object on a virtual card, in virtual time.
 *
 * Not here: the look at a lane that most launches get (launch_entries.S), events, sleeping, the thread that sees work end (watcher.h).
 *
 * Who calls. All calls with one `struct pacer` are made under one lock of the process, short and never held in the driver or asleep; what a
 * lane holds beside that is its thread's alone. Times are ns of CLOCK_MONOTONIC; one that goes back a little is taken as no time having passed.
 *
 * A launch that its lane does not cover (see struct pacer_lane) goes like this:
 *
 *     again: answer = pacer_ask(...)
 *        PACER_CLOSE    record an end event in answer.stream, pacer_close(), keep the event under the number that this gives; again
 *        PACER_WAIT     pacer_yield(); sleep until answer.until_ns or until *answer.futex is not answer.expected; again
 *        PACER_GO       where answer.start says so, record a start event in the launch's stream
 *     the driver's launch
 *     pacer_launched(...); where it says so, record an end event in the launch's stream and pacer_close()
 *
 * In a stream that captures, in a host callback and for a share without limit nobody asks: the launch goes on as it is. */
#ifndef HAMI_PACER_H
#define HAMI_PACER_H

#include <stdbool.h>
#include <stdint.h>

#include "costs.h"
#include "hami_pages.h"

enum {
    PACER_STREAMS = 4,   /* in which one thread may have an open batch at a time */
    PACER_BATCHES = 256, /* closed and not seen to have ended, of one process */
};

/* Parameters of the controller, ns; where they come from: docs/compute.md. */
enum {
    PACER_WINDOW_NS = 5000000,        /* W: work that a process may have in flight */
    PACER_WINDOW_ALONE_NS = 20000000, /* the same while nobody else is at work, and it makes way for nobody */
    PACER_GRAIN_NS = PACER_WINDOW_NS / 4, /* what an unknown unit is taken for; and a quarter of a window is a batch, and what a thread takes at a time */
};

/* The pages of the share, as this process has them. */
struct pacer_share {
    const struct hami_limits *limits; /* for the node's samples; the record in force is handed to each call */
    struct hami_usage *usage;
    struct hami_card *card; /* NULL: none, or one that cannot be used; credit alone then */
    unsigned seat;          /* on the card; from HAMI_SEATS on: none */
    unsigned slot;          /* on the usage page, which this process holds; HAMI_SLOTS: none */
};

/* Work between two events, in one stream. Times of units are predicted ns: costs, times the process's scale. */
struct pacer_batch {
    uint64_t stream;
    uint64_t opened_ns, closed_ns; /* when the host launched its first unit, and closed it */
    uint64_t end_ns;               /* when it was seen to have ended */
    uint64_t predicted_ns;         /* of all its units */
    int64_t charged_ns;            /* what the credit was charged for them */
    uint64_t charge_q32;           /* of the last of them, for each predicted ns */
    uint64_t units;
    uint64_t function, grid; /* of its unit, where it has one only and that has a name */
    uint64_t grant;          /* the lease that its units were launched under; 0: none */
    uint64_t after;          /* the number of the batch in its stream that had not ended when it was opened; 0: none */
    bool open;
    bool shared;  /* launched without the lease while others had or wanted it */
    bool guessed; /* its unit's cost was not known */
    bool lonely;  /* no other stream of the process was known to have work when it was opened and closed */
};

/* One thread on one share. The gate's assembly reads and writes the first three; all zero at first. A launch of a known cost (not 0) is
 * covered where `cost <= grain_ns` and it goes into `stream`: then `grain_ns -= cost`, `launches += 1`, and the driver is called, no more. */
struct pacer_lane {
    int64_t grain_ns;  /* predicted time (struct cost.ns) that it may launch without asking */
    uint64_t stream;   /* into which it may: the number that the caller gives a stream (pacer_unit); PACER_NO_STREAM: into none */
    uint64_t launches; /* that it covered, since pacer last looked */

    int64_t settled_ns;  /* of the grain, as it was when pacer last looked */
    uint64_t scale_q32;  /* of the process, when the grain was taken */
    uint64_t charge_q32; /* what the credit was charged for each predicted ns of it; 0: nothing */
    struct pacer_batch open[PACER_STREAMS];
};

#define PACER_NO_STREAM UINT64_MAX

/* What one process knows of its work on one share. All zero at first, then pacer_begin; its owner makes it so again in a forked child,
 * and every lane with it. About 30 KiB. */
struct pacer {
    struct pacer_share share;
    struct costs *costs;
    uint32_t completions; /* counts up as batches end: the word to sleep on for that; futex, private */
    bool lease_needed;    /* as it was when a thread last asked */
    uint64_t closed, completed; /* numbers of batches */
    struct pacer_batch batches[PACER_BATCHES]; /* closed; number n is at n % PACER_BATCHES */
    uint64_t scale_q32;    /* what costs are multiplied by to agree with what batches took; 0: 1 */
    uint64_t sum_predicted_ns, sum_took_ns; /* of batches that the scale has not been corrected by */
    uint64_t closed_ns;    /* predicted, of batches that are closed and have not ended */
    uint64_t open_ns;      /* predicted, of what is known to be launched in open batches */
    uint64_t unspent_ns;   /* predicted, of grains: what may have been launched since, unseen */
    uint64_t expected_ns;  /* when all that is known to be launched should have ended */
    uint64_t launched_ns;  /* when a thread last asked or launched */
    uint64_t ended_ns;     /* when a batch last ended */
    uint64_t measured_ns;  /* when one was last measured */
    uint64_t accounted_ns; /* the latest end of those that were */
    uint64_t sampled_ns;   /* when a unit was last launched to be measured by itself */
    uint64_t unsteady_ns;  /* when last the host was seen to pause within a batch, or another process of the share at work; 0: never */
    uint64_t grain_ns;     /* a quarter of the window, as it was when a thread last asked */
    uint64_t progress_ns;  /* when one last ended, or a launch was let through without that */
    uint64_t now_ns;       /* the latest time that a call was told */
    uint64_t spent_at_ns;  /* when unspent_ns was last begun anew */
    unsigned suspect;      /* the seat that was last worth a try */
};

enum pacer_kind { PACER_GO, PACER_CLOSE, PACER_WAIT };
enum pacer_reason { PACER_NONE, PACER_CREDIT, PACER_LEASE, PACER_COMPLETION, PACER_PRIORITY };

struct pacer_answer {
    enum pacer_kind kind;
    enum pacer_reason reason; /* of a wait */
    bool start;               /* with PACER_GO: a start event is wanted; where there is none, pacer_completed is told a start of 0 */
    bool process_private;     /* the futex is in this process's memory, not in a page */
    uint64_t stream;          /* with PACER_CLOSE: whose open batch */
    uint64_t until_ns;        /* of a wait, at most PACER_ASLEEP_NS from now: every wait ends by itself */
    uint32_t *futex;          /* NULL: sleep until then */
    uint32_t expected;
    int probe;                /* a seat whose lock is to be tried after the wait: where it is free, pacer_seat_died(); < 0: none */
};

/* The longest that one answer lets a thread sleep. Then it asks again; a wait for credit goes on as long as the share owes. */
enum { PACER_ASLEEP_NS = 100000000 };

/* What is launched. */
struct pacer_unit {
    uint64_t function, grid; /* costs.h; function 0: it has no name, and its cost is not learnt */
    uint64_t cost_ns;        /* costs_find; for what has no name what the caller thinks, 0: not known */
    uint64_t stream;         /* any number but PACER_NO_STREAM that tells this process's streams apart (the default ones of each context too) */
};

/* Take up a share. `costs` is the process's table for its card. Said again whenever the slot or the card page changes. */
void pacer_begin(struct pacer *pacer, const struct pacer_share *share, struct costs *costs);

/* What pacer keeps on the slot by itself: busy_ns, launches, last_launch_ns, in_flight_ns, expected_done_ns. */

/* Whether these limits let launches pass unseen: no cores that are held, and neither priority 0 nor somebody to wait for. Then nothing here is
 * called. */
bool pacer_unlimited(const struct hami_limits_record *record);

/* Whether this unit may be launched now. `asked_at_ns` is when its launch was first asked for: waits for the window and for the lease are
 * bounded from then on. */
struct pacer_answer pacer_ask(struct pacer *pacer, struct pacer_lane *lane, const struct hami_limits_record *record,
                              const struct pacer_unit *unit, uint64_t now_ns, uint64_t asked_at_ns);

/* The unit that pacer_ask let go was launched (or refused by the driver: `launched` false, and it is not charged). True: close its batch now. */
bool pacer_launched(struct pacer *pacer, struct pacer_lane *lane, const struct pacer_unit *unit, bool launched, uint64_t now_ns);

/* An end event was recorded in the lane's open batch of `stream`: its number, counting from 1. Their ends are told in this order.
 * 0: there is no such batch. There is room whenever pacer_ask or pacer_launched asked for it. */
uint64_t pacer_close(struct pacer *pacer, struct pacer_lane *lane, uint64_t stream, uint64_t now_ns);

/* A graph is another one from now on; 0: all units are. What is known of it is forgotten, and what is in flight teaches nothing of it: that of the process,
 * and that which a lane has open. */
void pacer_forget(struct pacer *pacer, uint64_t graph);
void pacer_forget_open(struct pacer_lane *lane, uint64_t graph);

/* A stream that has an open batch, to be closed before the thread ends or the stream is destroyed; false: none. */
bool pacer_open_stream(const struct pacer_lane *lane, uint64_t *stream);

/* The thread ends, or its context does: give back what is left of the grain; open batches count as ended as predicted. */
void pacer_leave(struct pacer *pacer, struct pacer_lane *lane, uint64_t now_ns);

/* Batch `number` ended. `start_ns`: of its start event; 0: it had none. `end_ns`: of its end event; 0: not known, as when its context was
 * destroyed: it is taken to have been as predicted. Wake `pacer->completions` after it, and the word that this gives where not NULL
 * (a futex in a page: the share may go on, or sooner than it thought). Numbers that are not the next are passed over. */
uint32_t *pacer_completed(struct pacer *pacer, uint64_t number, uint64_t start_ns, uint64_t end_ns, uint64_t now_ns);

/* The batch whose end is to be waited for, that of `number` being the oldest that has not ended: itself, or a later one of its stream, by whose end those
 * between have ended too. Each wait ends in a wake, which costs more than all else that is done for a batch. Together they are so much less than the
 * window that who waits for room in it finds work in flight still. */
uint64_t pacer_awaited(const struct pacer *pacer, uint64_t number);

/* Pass the lease on where that is due: the word to wake (a futex in a page), or NULL. To be called after completions, before a thread
 * sleeps, and at pacer_next. */
uint32_t *pacer_yield(struct pacer *pacer, uint64_t now_ns);

/* When pacer_yield is to be called next by the thread that sees work end, completions aside; UINT64_MAX: not at all. */
uint64_t pacer_next(const struct pacer *pacer, uint64_t now_ns);

/* A seat's lock was free: none of its share's processes lives. Its claims on the card end. The word to wake, or NULL. */
uint32_t *pacer_seat_died(struct pacer *pacer, unsigned seat, uint64_t now_ns);

/* A seat whose lock is worth a try now and then (each second will do), so that what the dead left behind is not taken for a neighbour: each in
 * its turn; < 0: none. */
int pacer_suspect(struct pacer *pacer);

/* The share is on the card, and with these limits: what neighbours know of it while it says nothing at its launches. It is until none of its
 * processes lives (pacer_seat_died). Said when a process takes it up, and whenever its limits change. */
void pacer_present(struct pacer *pacer, const struct hami_limits_record *record, uint64_t now_ns);

#endif
