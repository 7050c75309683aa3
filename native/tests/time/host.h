/* The processes of a virtual world: what their programs' threads do, what the gate and the thread that sees work end do for them. Part of world.c.
 * Not here: the clock of the world, the node, what is asked of the world (world.c). */
#ifndef HAMI_TIME_HOST_H
#define HAMI_TIME_HOST_H

#include "blocks.h"
#include "world.h"

#define NEVER UINT64_MAX
#define WORLD_PROCESSES 1024

enum host { RUNS, WAITS_FOR_WORK, WAITS_TO_LAUNCH, IS_DEAD };

/* A batch whose events are on the card. */
struct recorded {
    uint32_t start, end; /* events; CARD_TIME_NONE: none */
};

struct process {
    struct world *world;
    unsigned share, index;
    struct program program;
    struct program_state state;
    enum host host;
    int64_t ahead_ns;   /* of its clock */
    uint32_t context;
    uint32_t streams[PACER_STREAMS + 1];
    uint64_t last_ticket[PACER_STREAMS + 1];
    struct pacer pacer;
    struct pacer_lane lane;
    struct costs costs;
    struct recorded batches[PACER_BATCHES];
    uint64_t awaited; /* the batch whose end its thread that sees work end waits for */
    uint32_t lane_start[PACER_STREAMS + 1]; /* the start event of each stream's open batch */
    struct step step; /* that waits to be launched */
    uint64_t asked_at;
    int probe;
    struct blocks blocks;
    uint64_t earned_at; /* ideal: when what all its units took is earned */
    uint64_t launches, launched_at, asks, events;
    uint64_t rank_arrived, rank_launched, rank_piece; /* units that ran once; that were launched; the ticket that is looked at, 0: none */
    uint64_t before_ns; /* when the batch before ended */
    bool close_later; /* the end event of a unit that still spins */
};

struct share {
    struct share_plan plan;
    struct hami_limits *limits;
    struct hami_usage *usage;
    struct hami_limits_record record;
    unsigned processes[WORLD_PROCESSES], count;
    uint64_t sampled_window;
    uint64_t lost_ns; /* that dead processes had */
};

struct world {
    struct card_time *card;
    struct hami_card *page;
    struct share shares[WORLD_SHARES];
    struct process **processes;
    unsigned share_count, process_count;
    uint64_t now, node_at, tick_at, launches;
    struct chance chance;
    /* Of each process, side by side, since all are looked through at each event. */
    uint64_t host_at[WORLD_PROCESSES];   /* when its host goes on; NEVER: something has to happen first */
    uint64_t watch_at[WORLD_PROCESSES]; /* when its thread that sees work end looks */
    const uint32_t *futex[WORLD_PROCESSES]; /* that its host sleeps on */
    bool watched[WORLD_PROCESSES];       /* something of it on the card is waited for */
};

static inline uint64_t *host_at(const struct process *process)
{
    return &process->world->host_at[process->index];
}

static inline uint64_t *watch_at(const struct process *process)
{
    return &process->world->watch_at[process->index];
}

/* A process's host goes on, as its time has come. */
void host_go_on(struct process *process);

/* Its thread that sees work end looks. */
void host_help(struct process *process);

/* Something on the card may have ended: who waits for that goes on soon. */
void host_look_at_card(struct world *world);

#endif
