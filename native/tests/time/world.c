#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "test.h"

#define NODE_NS (SECOND / 2)
#define BEGIN (UINT64_C(3600) * SECOND)

static void *zeroed(size_t bytes)
{
    void *memory = calloc(1, bytes);
    CHECK(memory);
    return memory;
}

static struct world *begin_on(uint64_t seed, struct card_time_parameters parameters)
{
    struct world *world = zeroed(sizeof *world);
    world->card = zeroed(sizeof *world->card);
    world->page = aligned_alloc(4096, sizeof *world->page);
    CHECK(world->page);
    memset(world->page, 0, sizeof *world->page);
    world->processes = zeroed(WORLD_PROCESSES * sizeof *world->processes);
    world->chance = chance_seeded(seed);
    world->now = BEGIN;
    world->node_at = BEGIN + NODE_NS;
    world->tick_at = BEGIN + BLOCKS_TICK_NS;
    card_time_init(world->card, parameters, BEGIN);
    return world;
}

struct world *world_begin(uint64_t seed)
{
    return begin_on(seed, CARD_TIME_USUAL);
}

struct world *world_begin_overlapping(uint64_t seed)
{
    return begin_on(seed, CARD_TIME_OVERLAP);
}

void world_end(struct world *world)
{
    for (unsigned i = 0; i < world->process_count; i++)
        free(world->processes[i]);
    for (unsigned i = 0; i < world->share_count; i++) {
        free(world->shares[i].limits);
        free(world->shares[i].usage);
    }
    free(world->processes);
    free(world->page);
    free(world->card);
    free(world);
}

unsigned world_add_share(struct world *world, struct share_plan plan)
{
    CHECK(world->share_count < WORLD_SHARES);
    struct share *share = &world->shares[world->share_count];
    share->plan = plan;
    share->limits = zeroed(sizeof *share->limits);
    share->usage = aligned_alloc(4096, sizeof *share->usage);
    CHECK(share->usage);
    memset(share->usage, 0, sizeof *share->usage);
    share->record = (struct hami_limits_record){.cores_percent = plan.cores, .policy = plan.policy, .priority = plan.priority, .weight = plan.weight, .flags = plan.flags};
    share->sampled_window = card_time_window(BEGIN);
    return world->share_count++;
}

unsigned world_add_process(struct world *world, unsigned share, struct program program)
{
    CHECK(world->process_count < WORLD_PROCESSES);
    struct process *process = zeroed(sizeof *process);
    struct share *of = &world->shares[share];
    *process = (struct process){.world = world, .share = share, .index = world->process_count, .program = program, .probe = -1};
    process->program.begins_ns += BEGIN;
    process->program.pauses_ns += program.pauses_ns ? BEGIN : 0;
    process->program.resumes_ns += program.resumes_ns ? BEGIN : 0;
    for (int i = 0; i <= PACER_STREAMS; i++)
        process->lane_start[i] = CARD_TIME_NONE;
    *watch_at(process) = NEVER;
    *host_at(process) = world->now + (uint64_t)(chance_even(&world->chance) * (double)MILLISECOND);
    process->context = card_time_begin_context(world->card);
    CHECK(process->context != CARD_TIME_NONE);
    for (int i = 1; i <= PACER_STREAMS; i++)
        CHECK((process->streams[i] = card_time_begin_stream(world->card, process->context, true)) != CARD_TIME_NONE);
    struct pacer_share pages = {of->limits, of->usage, of->plan.without_card ? NULL : world->page, share, of->count};
    pacer_begin(&process->pacer, &pages, &process->costs);
    pacer_present(&process->pacer, &of->record, world->now);
    of->processes[of->count++] = world->process_count;
    world->processes[world->process_count] = process;
    return world->process_count++;
}

void world_limit(struct world *world, unsigned share, uint32_t cores)
{
    world->shares[share].record.cores_percent = cores;
}

void world_set_clock(struct world *world, unsigned process, int64_t ahead_ns)
{
    world->processes[process]->ahead_ns = ahead_ns;
}

static uint64_t sampled_ns(const struct world *world, const struct share *share, uint64_t window)
{
    uint64_t percent = 0;
    for (unsigned i = 0; i < share->count; i++) {
        const struct process *process = world->processes[share->processes[i]];
        if (process->host != IS_DEAD && !share->plan.hidden)
            percent += card_time_busy_percent(world->card, process->context, window);
    }
    return percent * (CARD_TIME_WINDOW_NS / 100);
}

/* The node: NVML's windows, in whole percents, the last one not yet there. */
static void sample(struct world *world)
{
    uint64_t last = card_time_window(world->now) - 2;
    for (unsigned i = 0; i < world->share_count; i++) {
        struct share *share = &world->shares[i];
        for (; share->sampled_window < last; share->sampled_window++)
            share->limits->busy_ns += sampled_ns(world, share, share->sampled_window + 1);
        if (!share->plan.unsampled)
            share->limits->sampled_at_ns = world->now;
    }
}

static void tick(struct world *world)
{
    uint64_t window = card_time_window(world->now) - 1;
    for (unsigned i = 0; i < world->process_count; i++) {
        struct process *process = world->processes[i];
        const struct share *share = &world->shares[process->share];
        if (share->plan.gate == GATE_BLOCKS)
            blocks_tick(&process->blocks, share->record.cores_percent,
                        (int64_t)(sampled_ns(world, share, window) * 100 / CARD_TIME_WINDOW_NS));
    }
}

static uint64_t next_of(const struct world *world, struct process **who, bool *watcher)
{
    uint64_t next = NEVER;
    unsigned first = 0;
    for (unsigned i = 0; i < world->process_count; i++) {
        uint64_t host = world->host_at[i], help = world->watch_at[i], soonest = host <= help ? host : help;
        if (soonest < next) {
            next = soonest;
            first = i;
            *watcher = help < host;
        }
    }
    *who = world->processes[first];
    return next;
}

static void go_to(struct world *world, uint64_t time_ns)
{
    world->now = time_ns > world->now ? time_ns : world->now;
}

static void act(struct world *world, struct process *process, bool watcher)
{
    if (watcher)
        host_help(process);
    else
        host_go_on(process);
    host_look_at_card(world);
}

void world_run(struct world *world, uint64_t until_ns)
{
    uint64_t until = until_ns + BEGIN;
    for (;;) {
        struct process *who = NULL;
        bool watcher = false;
        uint64_t host = next_of(world, &who, &watcher), card = card_time_next_change_ns(world->card);
        uint64_t clock = world->node_at < world->tick_at ? world->node_at : world->tick_at;
        uint64_t next = host < card ? host : card;
        next = next < clock ? next : clock;
        if (next > until)
            break;
        go_to(world, next);
        card_time_advance(world->card, world->now);
        if (next == card)
            host_look_at_card(world);
        else if (next == host)
            act(world, who, watcher);
        else if (clock == world->node_at) {
            sample(world);
            world->node_at += NODE_NS;
        } else {
            tick(world);
            world->tick_at += BLOCKS_TICK_NS;
        }
    }
    go_to(world, until);
    card_time_advance(world->card, world->now);
}

void world_kill(struct world *world, unsigned index)
{
    struct process *process = world->processes[index];
    world->shares[process->share].lost_ns += card_time_busy_ns(world->card, process->context);
    card_time_end_context(world->card, world->now, process->context);
    process->host = IS_DEAD;
    *host_at(process) = *watch_at(process) = NEVER;
    world->futex[index] = NULL;
    world->watched[index] = false;
}

void world_stop(struct world *world, unsigned index)
{
    world->host_at[index] = world->watch_at[index] = NEVER;
    world->futex[index] = NULL;
    world->watched[index] = false;
}

void world_continue(struct world *world, unsigned index)
{
    world->watched[index] = true;
    world->watch_at[index] = world->now;
    if (world->processes[index]->host != WAITS_FOR_WORK)
        world->host_at[index] = world->now;
}

void world_stop_node(struct world *world)
{
    world->node_at = NEVER;
}

uint64_t world_clock(const struct world *world)
{
    return world->now;
}

uint64_t world_now(const struct world *world)
{
    return world->now - BEGIN;
}

struct hami_usage *world_usage(struct world *world, unsigned share)
{
    return world->shares[share].usage;
}

struct hami_card *world_card_page(struct world *world)
{
    return world->page;
}

int world_holder(const struct world *world)
{
    return (int)(world->page->lease & 0xffff) - 1;
}

uint64_t world_busy_ns(const struct world *world, unsigned share)
{
    uint64_t busy = world->shares[share].lost_ns;
    for (unsigned i = 0; i < world->shares[share].count; i++) {
        const struct process *process = world->processes[world->shares[share].processes[i]];
        if (process->host != IS_DEAD)
            busy += card_time_busy_ns(world->card, process->context);
    }
    return busy;
}

uint64_t world_work_ns(const struct world *world, unsigned share)
{
    uint64_t work = 0;
    for (unsigned i = 0; i < world->shares[share].count; i++)
        work += card_time_work_ns(world->card, world->processes[world->shares[share].processes[i]]->context);
    return work;
}

uint64_t world_launches(const struct world *world, unsigned process)
{
    return world->processes[process]->launches;
}

uint64_t world_all_launches(const struct world *world)
{
    return world->launches;
}

uint64_t world_silent_ns(const struct world *world, unsigned process)
{
    return world->now - world->processes[process]->launched_at;
}

uint64_t world_asks(const struct world *world, unsigned process)
{
    return world->processes[process]->asks;
}

uint64_t world_events(const struct world *world, unsigned process)
{
    return world->processes[process]->events;
}
