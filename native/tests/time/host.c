#include "host.h"

#include "test.h"

#define EVENT_NS 1500
#define TIME_ERROR_NS 500 /* that is left of an event pair after calibration */
#define SPIN_NS (100 * MICROSECOND)

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
    wake(process->world, pacer_yield(&process->pacer, clock_of(process)));
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
    process->awaited = process->awaited > process->pacer.completed ? process->awaited : number;
    process->world->watched[process->index] = true;
}

static bool is_done(const struct process *process, uint64_t number)
{
    uint32_t end = process->batches[number % PACER_BATCHES].end;
    return end == CARD_TIME_NONE || card_time_stamp_ns(process->world->card, end);
}

static bool oldest_is_done(const struct process *process)
{
    return process->pacer.completed < process->pacer.closed && is_done(process, process->pacer.completed + 1);
}

static bool awaited_is_done(const struct process *process)
{
    return process->awaited > process->pacer.completed && is_done(process, process->awaited);
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

void host_help(struct process *process)
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
    if (process->pacer.completed < process->pacer.closed)
        process->awaited = pacer_awaited(&process->pacer, process->pacer.completed + 1);
    uint64_t next = pacer_next(&process->pacer, clock_of(process));
    *watch_at(process) = next == NEVER ? NEVER : (uint64_t)((int64_t)next - process->ahead_ns) + 45 * MICROSECOND;
    if (*watch_at(process) <= process->world->now)
        *watch_at(process) = process->world->now + MILLISECOND;
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

static void launch_ideally(struct process *process)
{
    struct world *world = process->world;
    if (world->now < process->earned_at) {
        process->host = WAITS_TO_LAUNCH;
        *host_at(process) = process->earned_at;
        return;
    }
    CHECK(submit(process));
    process->earned_at = (process->earned_at ? process->earned_at : world->now) + process->step.ns * 100 / record_of(process)->cores_percent;
    process->host = RUNS;
    *host_at(process) = process->earned_at;
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
    else if (gate == GATE_IDEAL)
        launch_ideally(process);
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

void host_go_on(struct process *process)
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

void host_look_at_card(struct world *world)
{
    for (unsigned i = 0; i < world->process_count; i++) {
        if (!world->watched[i])
            continue;
        struct process *process = world->processes[i];
        spin(process);
        if (process->host == WAITS_FOR_WORK && *host_at(process) == NEVER && all_done(process))
            *host_at(process) = world->now + 10 * MICROSECOND; /* a program that waits for its work polls */
        if (awaited_is_done(process) && *watch_at(process) > world->now + 60 * MICROSECOND)
            *watch_at(process) = woken(world);
        world->watched[i] = process->rank_piece || process->host == WAITS_FOR_WORK || process->pacer.completed != process->pacer.closed;
    }
}
