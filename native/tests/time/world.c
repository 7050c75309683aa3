#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "test.h"

#define NEVER UINT64_MAX
#define AGENT_NS (SECOND / 2)
#define EVENT_NS 1500
#define TIME_ERROR_NS 500 /* that is left of an event pair after calibration */
#define SPIN_NS (100 * MICROSECOND)
#define BEGIN (UINT64_C(3600) * SECOND)
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
    uint32_t lane_start[PACER_STREAMS + 1]; /* the start event of each stream's open batch */
    struct step step; /* that waits to be launched */
    uint64_t asked_at;
    int probe;
    struct blocks blocks;
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
    uint64_t now, agent_at, tick_at, launches;
    struct chance chance;
    /* Of each process, side by side, since all are looked through at each event. */
    uint64_t host_at[WORLD_PROCESSES];   /* when its host goes on; NEVER: something has to happen first */
    uint64_t helper_at[WORLD_PROCESSES]; /* when its thread that sees work end looks */
    const uint32_t *futex[WORLD_PROCESSES]; /* that its host sleeps on */
    bool watched[WORLD_PROCESSES];       /* something of it on the card is waited for */
};

static uint64_t *host_at(const struct process *process)
{
    return &process->world->host_at[process->index];
}

static uint64_t *helper_at(const struct process *process)
{
    return &process->world->helper_at[process->index];
}

static void *zeroed(size_t bytes)
{
    void *memory = calloc(1, bytes);
    CHECK(memory);
    return memory;
}

struct world *world_begin(uint64_t seed)
{
    struct world *world = zeroed(sizeof *world);
    world->card = zeroed(sizeof *world->card);
    world->page = aligned_alloc(4096, sizeof *world->page);
    CHECK(world->page);
    memset(world->page, 0, sizeof *world->page);
    world->processes = zeroed(WORLD_PROCESSES * sizeof *world->processes);
    world->chance = chance_seeded(seed);
    world->now = BEGIN;
    world->agent_at = BEGIN + AGENT_NS;
    world->tick_at = BEGIN + BLOCKS_TICK_NS;
    card_time_init(world->card, CARD_TIME_USUAL, BEGIN);
    return world;
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
    share->record = (struct hami_limits_record){.cores_percent = plan.cores, .policy = plan.policy, .priority = plan.priority, .weight = plan.weight};
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
    *helper_at(process) = NEVER;
    *host_at(process) = world->now + (uint64_t)(chance_even(&world->chance) * (double)MILLISECOND);
    process->context = card_time_begin_context(world->card);
    CHECK(process->context != CARD_TIME_NONE);
    for (int i = 1; i <= PACER_STREAMS; i++)
        CHECK((process->streams[i] = card_time_begin_stream(world->card, process->context, true)) != CARD_TIME_NONE);
    struct pacer_share pages = {of->limits, of->usage, of->plan.without_card ? NULL : world->page, share, of->count};
    pacer_begin(&process->pacer, &pages, &process->costs);
    pacer_present(&process->pacer, &of->record, true, world->now);
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

static uint64_t seen(const struct process *process, uint64_t time_ns)
{
    return (uint64_t)((int64_t)time_ns + process->ahead_ns);
}

static uint64_t clock_of(const struct process *process)
{
    return seen(process, process->world->now);
}

static const struct hami_limits_record *record_of(const struct process *process)
{
    return &process->world->shares[process->share].record;
}

static uint64_t woken(struct world *world)
{
    return world->now + 40 * MICROSECOND + (uint64_t)(5000 * chance_exponential(&world->chance));
}

/* FUTEX_WAKE. */
static void wake(struct world *world, const uint32_t *futex)
{
    for (unsigned i = 0; futex && i < world->process_count; i++)
        if (world->futex[i] == futex) {
            uint64_t at = woken(world);
            world->host_at[i] = at < world->host_at[i] ? at : world->host_at[i];
            world->futex[i] = NULL;
        }
}

static void yield(struct process *process)
{
    wake(process->world, pacer_yield(&process->pacer, record_of(process), clock_of(process)));
}

static struct card_time_place place_of(const struct process *process, uint64_t stream)
{
    return (struct card_time_place){process->context, process->streams[stream]};
}

/* Record an event, now. A full queue loses it, as a driver's error would. */
static uint32_t record_event(struct process *process, uint64_t stream)
{
    struct world *world = process->world;
    uint32_t event = card_time_begin_event(world->card, process->context);
    if (event == CARD_TIME_NONE)
        return CARD_TIME_NONE;
    uint64_t ticket = card_time_record(world->card, world->now, place_of(process, stream), event);
    process->events++;
    if (ticket == CARD_TIME_FULL) {
        card_time_end_event(world->card, event);
        return CARD_TIME_NONE;
    }
    process->last_ticket[stream] = ticket;
    return event;
}

static void close_batch(struct process *process, uint64_t stream)
{
    uint32_t end = record_event(process, stream), start = process->lane_start[stream];
    uint64_t number = pacer_close(&process->pacer, &process->lane, stream, clock_of(process));
    CHECK(number);
    process->batches[number % PACER_BATCHES] = (struct recorded){start, end};
    process->lane_start[stream] = CARD_TIME_NONE;
    process->world->watched[process->index] = true;
}

static bool oldest_is_done(const struct process *process)
{
    if (process->pacer.completed == process->pacer.closed)
        return false;
    uint32_t end = process->batches[(process->pacer.completed + 1) % PACER_BATCHES].end;
    return end == CARD_TIME_NONE || card_time_stamp_ns(process->world->card, end);
}

static uint64_t stamp(const struct process *process, uint32_t event)
{
    uint64_t at = event == CARD_TIME_NONE ? 0 : card_time_stamp_ns(process->world->card, event);
    return at ? seen(process, at) : 0;
}

static void forget_event(struct process *process, uint32_t event)
{
    if (event != CARD_TIME_NONE)
        card_time_end_event(process->world->card, event);
}

/* What events said, as a share with wrong events hears it. */
static uint64_t distorted(struct process *process, uint64_t start_ns, uint64_t end_ns)
{
    double error = process->world->shares[process->share].plan.cost_error;
    uint64_t before = process->before_ns, start = start_ns > before ? start_ns : before;
    process->before_ns = end_ns;
    return error == 0 || !before ? start_ns : end_ns - (uint64_t)((double)(end_ns - start) * error);
}

/* The thread that sees work end. */
static void help(struct process *process)
{
    while (oldest_is_done(process)) {
        uint64_t number = process->pacer.completed + 1;
        struct recorded batch = process->batches[number % PACER_BATCHES];
        uint64_t end = stamp(process, batch.end), start = distorted(process, stamp(process, batch.start), end);
        wake(process->world, pacer_completed(&process->pacer, number, start, end ? end + TIME_ERROR_NS : 0, clock_of(process)));
        wake(process->world, &process->pacer.completions);
        forget_event(process, batch.start);
        forget_event(process, batch.end);
    }
    yield(process);
    uint64_t next = pacer_next(&process->pacer, clock_of(process));
    *helper_at(process) = next == NEVER ? NEVER : (uint64_t)((int64_t)next - process->ahead_ns) + 45 * MICROSECOND;
    if (*helper_at(process) <= process->world->now)
        *helper_at(process) = process->world->now + MILLISECOND;
}

/* Put the work on the card; false: its queue is full. */
static bool submit(struct process *process)
{
    struct world *world = process->world;
    const struct step *step = &process->step;
    unsigned kernels = process->program.shape == GRAPHS ? 10 : 1;
    uint64_t ticket = CARD_TIME_FULL;
    for (unsigned i = 0; i < kernels; i++) {
        ticket = card_time_kernel(world->card, world->now, place_of(process, step->stream), step->ns / kernels);
        if (ticket == CARD_TIME_FULL)
            return false;
    }
    process->last_ticket[step->stream] = ticket;
    process->launches++;
    world->launches++;
    process->launched_at = world->now;
    if (process->program.shape == RANK) {
        process->rank_launched++;
        process->rank_piece = ticket;
        world->watched[process->index] = true;
    }
    return true;
}

static uint64_t launch_ns(struct world *world)
{
    return 3000 + (uint64_t)(2000 * chance_even(&world->chance));
}

static void sleep_on(struct process *process, const struct pacer_answer *answer)
{
    struct world *world = process->world;
    CHECK(answer->until_ns <= process->pacer.now_ns + PACER_ASLEEP_NS);
    yield(process);
    process->host = WAITS_TO_LAUNCH;
    process->probe = answer->probe;
    uint64_t until = answer->until_ns > process->pacer.now_ns ? answer->until_ns - process->pacer.now_ns : 0;
    if (answer->futex && *answer->futex != answer->expected) {
        *host_at(process) = world->now + MICROSECOND;
        return;
    }
    world->futex[process->index] = answer->futex;
    *host_at(process) = world->now + until + 15 * MICROSECOND + (uint64_t)(30000 * chance_exponential(&world->chance));
}

static bool is_dead_seat(const struct world *world, unsigned seat)
{
    if (seat >= world->share_count)
        return true;
    for (unsigned i = 0; i < world->shares[seat].count; i++)
        if (world->processes[world->shares[seat].processes[i]]->host != IS_DEAD)
            return false;
    return true;
}

static void probe_holder(struct process *process)
{
    if (process->probe >= 0 && is_dead_seat(process->world, (unsigned)process->probe))
        wake(process->world, pacer_seat_died(&process->pacer, (unsigned)process->probe, clock_of(process)));
    process->probe = -1;
}

static void retry_later(struct process *process)
{
    process->host = WAITS_TO_LAUNCH;
    *host_at(process) = process->world->now + 100 * MICROSECOND;
}

/* The slow way of a launch, as pacer.h has it. */
static void ask(struct process *process)
{
    struct world *world = process->world;
    const struct step *step = &process->step;
    struct pacer_unit unit = {step->function, step->grid, costs_find(&process->costs, step->function, step->grid), step->stream};
    for (;;) {
        process->asks++;
        struct pacer_answer answer =
            pacer_ask(&process->pacer, &process->lane, record_of(process), &unit, clock_of(process), seen(process, process->asked_at));
        if (answer.kind == PACER_CLOSE) {
            close_batch(process, answer.stream);
            world->now += EVENT_NS;
            continue;
        }
        if (answer.kind == PACER_WAIT) {
            sleep_on(process, &answer);
            return;
        }
        if (answer.start)
            process->lane_start[step->stream] = record_event(process, step->stream);
        bool submitted = submit(process);
        bool close = pacer_launched(&process->pacer, &process->lane, &unit, submitted, clock_of(process));
        if (!submitted) {
            retry_later(process);
            return;
        }
        if (close && process->rank_piece)
            process->close_later = true;
        else if (close)
            close_batch(process, step->stream);
        process->asked_at = 0;
        process->host = RUNS;
        *host_at(process) = world->now + launch_ns(world) + (answer.start + close) * EVENT_NS;
        return;
    }
}

static void launch_counted(struct process *process)
{
    if (!blocks_take(&process->blocks, 1024)) {
        process->host = WAITS_TO_LAUNCH;
        *host_at(process) = process->world->now + BLOCKS_NAP_NS;
    } else if (submit(process)) {
        process->host = RUNS;
        *host_at(process) = process->world->now + launch_ns(process->world);
    } else {
        process->blocks.tokens += 1024;
        retry_later(process);
    }
}

static void launch_free(struct process *process)
{
    if (!submit(process)) {
        retry_later(process);
        return;
    }
    process->host = RUNS;
    *host_at(process) = process->world->now + launch_ns(process->world);
}

/* What launch_gate.S does: a look at the lane. */
static bool is_covered(struct process *process)
{
    const struct step *step = &process->step;
    uint64_t cost = costs_find(&process->costs, step->function, step->grid);
    return cost && process->lane.stream == step->stream && (int64_t)cost <= process->lane.grain_ns;
}

static void launch(struct process *process)
{
    const struct step *step = &process->step;
    enum gate gate = process->world->shares[process->share].plan.gate;
    if (!process->asked_at)
        process->asked_at = process->world->now;
    if (gate == GATE_NONE || (gate == GATE_PACER && pacer_unlimited(record_of(process))))
        launch_free(process);
    else if (gate == GATE_BLOCKS)
        launch_counted(process);
    else if (!is_covered(process))
        ask(process);
    else if (submit(process)) {
        process->lane.grain_ns -= (int64_t)costs_find(&process->costs, step->function, step->grid);
        process->lane.launches++;
        process->asked_at = 0;
        process->host = RUNS;
        *host_at(process) = process->world->now + launch_ns(process->world);
    } else
        retry_later(process);
}

static bool all_done(const struct process *process)
{
    if (process->rank_piece)
        return false;
    for (int i = 0; i <= PACER_STREAMS; i++)
        if (process->last_ticket[i] && !card_time_done(process->world->card, process->last_ticket[i]))
            return false;
    return true;
}

static void go_on(struct process *process)
{
    struct world *world = process->world;
    probe_holder(process);
    world->futex[process->index] = NULL;
    if (process->host == WAITS_TO_LAUNCH) {
        launch(process);
        return;
    }
    process->step = program_next(&process->program, &process->state, &world->chance, world->now);
    process->host = RUNS;
    if (process->step.act == ACT_LAUNCH)
        launch(process);
    else if (process->step.act == ACT_THINK)
        *host_at(process) = world->now + process->step.ns;
    else if (all_done(process))
        *host_at(process) = world->now + 2 * MICROSECOND;
    else {
        process->host = WAITS_FOR_WORK;
        world->watched[process->index] = true;
        *host_at(process) = NEVER;
    }
}

/* A collective's unit spins on the card until the peer's has begun, too. */
static void spin(struct process *process)
{
    struct world *world = process->world;
    if (!process->rank_piece || !card_time_done(world->card, process->rank_piece))
        return;
    if (process->rank_arrived < process->rank_launched)
        process->rank_arrived = process->rank_launched;
    for (unsigned i = 0; i < world->process_count; i++) {
        const struct process *peer = world->processes[i];
        if (peer->program.shape == RANK && peer->host != IS_DEAD && peer->rank_arrived < process->rank_launched) {
            process->rank_piece = process->last_ticket[0] = card_time_kernel(world->card, world->now, place_of(process, 0), SPIN_NS);
            return;
        }
    }
    process->rank_piece = 0;
    if (process->close_later)
        close_batch(process, 0);
    process->close_later = false;
}

/* Something on the card has ended: who waits for that goes on soon. */
static void look_at_card(struct world *world)
{
    for (unsigned i = 0; i < world->process_count; i++) {
        if (!world->watched[i])
            continue;
        struct process *process = world->processes[i];
        spin(process);
        if (process->host == WAITS_FOR_WORK && *host_at(process) == NEVER && all_done(process))
            *host_at(process) = world->now + 10 * MICROSECOND; /* a program that waits for its work polls */
        if (oldest_is_done(process) && *helper_at(process) > world->now + 60 * MICROSECOND)
            *helper_at(process) = woken(world);
        world->watched[i] = process->rank_piece || process->host == WAITS_FOR_WORK || process->pacer.completed != process->pacer.closed;
    }
}

static uint64_t sampled_ns(const struct world *world, const struct share *share, uint64_t window)
{
    uint64_t percent = 0;
    for (unsigned i = 0; i < share->count; i++) {
        const struct process *process = world->processes[share->processes[i]];
        if (process->host != IS_DEAD)
            percent += card_time_busy_percent(world->card, process->context, window);
    }
    return percent * (CARD_TIME_WINDOW_NS / 100);
}

/* The node's agent: NVML's windows, in whole percents, the last one not yet there. */
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

static uint64_t next_of(const struct world *world, struct process **who, bool *helper)
{
    uint64_t next = NEVER;
    unsigned first = 0;
    for (unsigned i = 0; i < world->process_count; i++) {
        uint64_t host = world->host_at[i], help = world->helper_at[i], soonest = host <= help ? host : help;
        if (soonest < next) {
            next = soonest;
            first = i;
            *helper = help < host;
        }
    }
    *who = world->processes[first];
    return next;
}

static void go_to(struct world *world, uint64_t time_ns)
{
    world->now = time_ns > world->now ? time_ns : world->now;
}

static void act(struct world *world, struct process *process, bool helper)
{
    if (helper)
        help(process);
    else
        go_on(process);
    look_at_card(world);
}

void world_run(struct world *world, uint64_t until_ns)
{
    uint64_t until = until_ns + BEGIN;
    for (;;) {
        struct process *who = NULL;
        bool helper = false;
        uint64_t host = next_of(world, &who, &helper), card = card_time_next_change_ns(world->card);
        uint64_t clock = world->agent_at < world->tick_at ? world->agent_at : world->tick_at;
        uint64_t next = host < card ? host : card;
        next = next < clock ? next : clock;
        if (next > until)
            break;
        go_to(world, next);
        card_time_advance(world->card, world->now);
        if (next == card)
            look_at_card(world);
        else if (next == host)
            act(world, who, helper);
        else if (clock == world->agent_at) {
            sample(world);
            world->agent_at += AGENT_NS;
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
    *host_at(process) = *helper_at(process) = NEVER;
    world->futex[index] = NULL;
    world->watched[index] = false;
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
