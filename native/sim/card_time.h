/* The time of a virtual card: contexts that take turns or overlap, and the work in their streams, as a pure function of the clock and of what was asked.
 * One fixed-size structure, which may lie in memory that processes share; its user keeps others out of it meanwhile. It knows neither CUDA nor
 * a clock of its own, allocates nothing, makes no system call. It is the judge of what limits a share's time, so it shares no code with that.
 *
 * Contexts with work take turns of a slice each, round robin; one that has nothing ready yields at once; a kernel is preempted when its slice
 * ends and others wait. Within a context one kernel runs at a time: the oldest that is at the head of its stream. Nothing of a stream goes on
 * while its context is not on the card, so that an event is stamped when it is reached there.
 * Contexts that overlap are the clients of an MPS server in the simplest form: each has an equal part of the card while it has a kernel there.
 * Times are of one clock, in ns. A time before one that was given already counts as that one.
 */
#ifndef HAMI_SIM_CARD_TIME_H
#define HAMI_SIM_CARD_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define CARD_TIME_CONTEXTS 1024u /* of a card at a time */
#define CARD_TIME_STREAMS 64u    /* of a context; 0 is its NULL stream */
#define CARD_TIME_QUEUE 1024u    /* works of a context that are asked for and not done */
#define CARD_TIME_WORKS 49152u   /* of all contexts together */
#define CARD_TIME_EVENTS 16384u  /* of all contexts together */
#define CARD_TIME_WINDOWS 64u    /* how many windows of busy time are kept */

#define CARD_TIME_WINDOW_NS UINT64_C(166666667) /* what NVML says is of a sixth of a second */
#define CARD_TIME_NEVER UINT64_MAX
#define CARD_TIME_NONE UINT32_MAX /* no context, stream, event: all are taken */
#define CARD_TIME_FULL UINT64_C(0) /* no ticket: the queue is full, try again after a change */

struct card_time_parameters {
    uint64_t slice_ns;
    uint64_t switch_ns; /* from one context to another: nobody's time */
    bool overlap;       /* contexts take no turns: slices and switches mean nothing */
};
#define CARD_TIME_USUAL ((struct card_time_parameters){.slice_ns = 2000000, .switch_ns = 20000})
#define CARD_TIME_OVERLAP ((struct card_time_parameters){.overlap = true})

/* Where work goes. */
struct card_time_place {
    uint32_t context;
    uint32_t stream;
};

struct card_time_busy {
    uint64_t total_ns;
    uint64_t window; /* the last that is counted in `ns` */
    uint32_t ns[CARD_TIME_WINDOWS];
};

struct card_time_work {
    uint64_t order; /* of all that was asked of the card */
    uint64_t value; /* ns that are left of a kernel; an event; the ticket that is waited for */
    uint32_t next;  /* in its stream, or among the free; 0: none */
    uint8_t kind;
    uint8_t reached; /* a hold: its stream stands at it */
    uint8_t seen;    /* while it is mended */
};

struct card_time_stream {
    uint64_t submitted; /* how many works ever: they are numbered from 1, and the numbers go on when the stream is another's */
    uint64_t completed;
    uint32_t head; /* 0: empty */
    uint32_t tail;
    uint32_t used;
    uint32_t concurrent; /* neither waits for the NULL stream nor that for it */
};

struct card_time_context {
    uint32_t used;
    uint32_t queued;
    uint64_t with_work; /* a bit for each stream */
    uint64_t started;   /* 1 + the stream whose kernel has begun and was preempted or runs; 0: none */
    uint64_t work_ns;
    struct card_time_busy busy;
    struct card_time_stream streams[CARD_TIME_STREAMS];
};

struct card_time_event {
    uint64_t ticket; /* of its last record; 0: never recorded */
    uint64_t stamp_ns;
    uint32_t used_by; /* 1 + context */
    uint32_t next_free;
};

/* All fields are this module's own. All zero but for what card_time_init sets. */
struct card_time {
    struct card_time_parameters parameters;
    uint64_t now_ns;
    uint64_t phase_end_ns; /* of a switch; of the kernel, were it left alone; where contexts overlap, of the first that ends */
    uint64_t slice_end_ns;
    uint64_t spare_ns;     /* where contexts overlap: of the card's time, what was not dealt out yet */
    uint64_t orders;
    uint32_t phase;
    uint32_t loaded; /* the context on the card, or that it is switched to */
    uint32_t contexts_used; /* no index from here on was ever used; the same below */
    uint32_t works_used;
    uint32_t events_used;
    uint32_t free_work;
    uint32_t free_event;
    uint32_t running; /* where contexts overlap: how many have a kernel on the card */
    struct card_time_busy busy;
    uint64_t with_work[CARD_TIME_CONTEXTS / 64]; /* a bit for each context */
    struct card_time_context contexts[CARD_TIME_CONTEXTS];
    struct card_time_event events[CARD_TIME_EVENTS];
    struct card_time_work works[CARD_TIME_WORKS];
};

_Static_assert(sizeof(struct card_time) <= (UINT64_C(4) << 20), "a card's time fits 4 MiB");

/* Begin with memory that is all zero. */
void card_time_init(struct card_time *card, struct card_time_parameters parameters, uint64_t now_ns);

/* Make whole what its last user left in the midst of a change, when it was killed: what is not in a queue as it should be is lost. */
void card_time_mend(struct card_time *card);

/* A context; and its end, which drops what it had to do: it is done then, without a stamp. Its events end with it. */
uint32_t card_time_begin_context(struct card_time *card);
void card_time_end_context(struct card_time *card, uint64_t now_ns, uint32_t context);

/* A stream; what one that ends has to do is done before another can have its place. The NULL stream is always there. A stream that is not
 * concurrent waits for what the NULL stream was asked for before, and the NULL stream for it. */
uint32_t card_time_begin_stream(struct card_time *card, uint32_t context, bool concurrent);
void card_time_end_stream(struct card_time *card, struct card_time_place place);
bool card_time_is_concurrent(const struct card_time *card, struct card_time_place place);

/* An event of a context. */
uint32_t card_time_begin_event(struct card_time *card, uint32_t context);
void card_time_end_event(struct card_time *card, uint32_t event);

/* Ask for work. Returns its ticket, or CARD_TIME_FULL.
 * kernel: takes `ns` of the card. record: stamps an event. wait: for what a ticket stands for, of whatever context.
 * hold: stops its stream from when it is reached until it is released: a function of the host, a value that is waited for. */
uint64_t card_time_kernel(struct card_time *card, uint64_t now_ns, struct card_time_place place, uint64_t ns);
uint64_t card_time_record(struct card_time *card, uint64_t now_ns, struct card_time_place place, uint32_t event);
uint64_t card_time_wait(struct card_time *card, uint64_t now_ns, struct card_time_place place, uint64_t ticket);
uint64_t card_time_hold(struct card_time *card, uint64_t now_ns, struct card_time_place place);

/* Go on to `now_ns`. All below say how it was at the last time that was given. */
void card_time_advance(struct card_time *card, uint64_t now_ns);

/* Whether what a ticket stands for is done. */
bool card_time_done(const struct card_time *card, uint64_t ticket);

/* The ticket of all that a stream was asked for until now. */
uint64_t card_time_last(const struct card_time *card, struct card_time_place place);

/* Whether a hold is reached and not released. Releasing one that is not has no effect. */
bool card_time_reached(const struct card_time *card, uint64_t ticket);
void card_time_release(struct card_time *card, uint64_t now_ns, uint64_t ticket);

/* The ticket of an event's last record, 0 if there is none; and when it was reached, 0 while it was not. */
uint64_t card_time_recorded(const struct card_time *card, uint32_t event);
uint64_t card_time_stamp_ns(const struct card_time *card, uint32_t event);

/* When something ends by itself next: a kernel, a switch, a slice that others wait for. CARD_TIME_NEVER: nothing does. */
uint64_t card_time_next_change_ns(const struct card_time *card);

/* A time before which a ticket is not done, whatever else happens but the end of its context. */
uint64_t card_time_soonest_ns(const struct card_time *card, uint64_t ticket);

/* For how long a context had a kernel on the card, in all; CARD_TIME_NONE: for how long any had. */
uint64_t card_time_busy_ns(const struct card_time *card, uint32_t context);

/* What its kernels would have taken of a card that was theirs alone: the same where contexts take turns, less where others' overlapped. */
uint64_t card_time_work_ns(const struct card_time *card, uint32_t context);

/* The number of the window that a time is in; of a window that is over, for how much of it kernels ran, in ns, and in whole percent rounded
 * down (CARD_TIME_NONE: those of all contexts). 0 where it is not kept any more. */
uint64_t card_time_window(uint64_t time_ns);
uint64_t card_time_busy_in_window_ns(const struct card_time *card, uint32_t context, uint64_t window);
uint32_t card_time_busy_percent(const struct card_time *card, uint32_t context, uint64_t window);

#endif
