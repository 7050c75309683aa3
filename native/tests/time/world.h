/* A virtual world: a card (sim/card_time.h), shares of it, and processes whose launches go through the very objects that ship, all in virtual
 * time. What is true is the card's own busy time. Part of the tests; the gate's assembly and the waiting threads are played here.
 * Assumed of a machine: facts of a launch (3 to 5 us), of an event (1.5 us), of being woken (40 us; at a time: 15 us and some). */
#ifndef HAMI_TIME_WORLD_H
#define HAMI_TIME_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "card_time.h"
#include "hami_pages.h"
#include "pacer.h"
#include "program.h"

enum { WORLD_SHARES = 64 };
#define SECOND UINT64_C(1000000000)
#define MILLISECOND UINT64_C(1000000)
#define MICROSECOND UINT64_C(1000)

/* BLOCKS: HAMi-core's published formula (blocks.h). IDEAL: who is alone, waits for no clock or event, and starts each unit when what all before took is
 * earned: as even as units that cannot be cut can be. */
enum gate { GATE_PACER, GATE_NONE, GATE_BLOCKS, GATE_IDEAL };

struct share_plan {
    uint32_t cores, policy, priority, weight, flags;
    enum gate gate;
    bool without_card; /* its processes have no card page: credit alone, charged by what events say */
    bool unsampled;    /* the node does not sample it */
    bool hidden;       /* NVML says of its processes that they do nothing, and the node believes it */
    double cost_error; /* what events say is multiplied by it; 0: 1 */
};

struct world;

/* A card whose contexts take turns; one whose contexts overlap (MPS). */
struct world *world_begin(uint64_t seed);
struct world *world_begin_overlapping(uint64_t seed);
void world_end(struct world *world);

unsigned world_add_share(struct world *world, struct share_plan plan);
unsigned world_add_process(struct world *world, unsigned share, struct program program);

/* Kill a process as SIGKILL does: what it had on the card is gone, its pages stay as they are. */
void world_kill(struct world *world, unsigned process);

/* Stop a process as SIGSTOP does: it does nothing, what it had on the card goes on, its pages stay as they are, its locks are held. And SIGCONT. */
void world_stop(struct world *world, unsigned process);
void world_continue(struct world *world, unsigned process);

/* The node stops sampling, as when its driver is gone. */
void world_stop_node(struct world *world);

/* Change what is in force for a share. */
void world_limit(struct world *world, unsigned share, uint32_t cores);

/* What a process's clock is ahead of the world's. */
void world_set_clock(struct world *world, unsigned process, int64_t ahead_ns);

/* Go on until a time. */
void world_run(struct world *world, uint64_t until_ns);

uint64_t world_now(const struct world *world);
uint64_t world_clock(const struct world *world); /* as processes read it */
struct hami_usage *world_usage(struct world *world, unsigned share);
struct hami_card *world_card_page(struct world *world);

/* The share that has the lease; < 0: none. */
int world_holder(const struct world *world);

/* True time on the card, in all; what it would have been without others' kernels beside its own; launches, in all; how long ago a process last launched. */
uint64_t world_busy_ns(const struct world *world, unsigned share);
uint64_t world_work_ns(const struct world *world, unsigned share);
uint64_t world_launches(const struct world *world, unsigned process);
uint64_t world_all_launches(const struct world *world);
uint64_t world_silent_ns(const struct world *world, unsigned process);

/* Calls of the pacer and events, of a process: what it costs. */
uint64_t world_asks(const struct world *world, unsigned process);
uint64_t world_events(const struct world *world, unsigned process);

#endif
