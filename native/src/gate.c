#include "gate.h"

#include <errno.h>
#include <stdlib.h>

#include "atomics.h"
#include "captures.h"
#include "cards.h"
#include "charge.h"
#include "cores.h"
#include "report.h"
#include "resolve.h"
#include "seat.h"
#include "siblings.h"
#include "threads.h"
#include "waits.h"

#define DEFAULT_STREAMS (UINT64_C(1) << 63) /* of our keys; handles are addresses of the program, and so lie below */
#define CONTEXT_SHIFT 48

static const uint64_t nothing_limited = 1;
static _Thread_local struct launch_lane *lanes __attribute__((tls_model("initial-exec"))); /* of this thread, on all cards */

static void learn_driver(const struct real_cuda *real)
{
    launch_gate.launch = real->cuLaunchKernel;
    launch_gate.launch_ptsz = real->cuLaunchKernel_ptsz;
    launch_gate.cooperative = real->cuLaunchCooperativeKernel;
    launch_gate.cooperative_ptsz = real->cuLaunchCooperativeKernel_ptsz;
}

/* What the look goes by, in this order: who sees the version sees the driver's functions. */
static void show(const uint64_t *version, uint64_t unlimited, const struct costs *costs)
{
    __atomic_store_n(&launch_gate.costs, costs, __ATOMIC_RELAXED);
    __atomic_store_n(&launch_gate.unlimited, unlimited, __ATOMIC_RELAXED);
    __atomic_store_n(&launch_gate.version, version, __ATOMIC_RELEASE);
}

/* Where there is one card with one share, the look alone tells; else each launch asks for its card. */
static bool is_shown(const struct gate *gate)
{
    return cards_is_only(gate->card) && gate->card->share_count == 1;
}

static void show_gate(const struct gate *gate)
{
    if (is_shown(gate))
        show(&gate->card->shares[0]->pages.limits->version, load_relaxed(&gate->unlimited), captures_any() ? &launch_no_costs : &gate->costs);
}

/* Bring the limits up to what is in force; where a page is torn, those that were last in force hold. With the lock held. */
static void read_limits(struct gate *gate)
{
    if (gate->record.version == cores_version(gate->card) || !cores_read(gate->card, &gate->record))
        return;
    store_relaxed(&gate->unlimited, pacer_unlimited(&gate->record) ? gate->record.version : 0);
    show_gate(gate);
}

static bool is_unlimited(struct gate *gate)
{
    if (load_relaxed(&gate->unlimited) == cores_version(gate->card))
        return true;
    lock_take(&gate->lock);
    read_limits(gate);
    bool unlimited = load_relaxed(&gate->unlimited) != 0;
    lock_give(&gate->lock);
    return unlimited;
}

/* Take the share's place on the card's page. Without it, the share goes by its own credit. */
static void sit_down(struct gate *gate, struct pacer_share *share)
{
    const struct pages *pages = &gate->card->shares[0]->pages;
    uint64_t seat = load_relaxed(&pages->limits->seat);
    const char *trouble = pages->card_trouble;
    if (pages->card && seat < HAMI_SEATS && seat_hold(pages->card_path, (unsigned)seat)) {
        share->card = pages->card;
        share->seat = (unsigned)seat;
        gate->card_path = pages->card_path;
    } else if (pages->card) {
        trouble = "its seat on it cannot be held";
    }
    if (trouble)
        report(pages->card_path, trouble, "this share takes no turns with its neighbours, and is held to its own cores alone");
}

static struct gate *make(const struct card *card)
{
    struct gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return NULL;
    unsigned slot = charge_slot(card->shares[0]);
    struct pacer_share share = {
        .limits = card->shares[0]->pages.limits, .usage = card->shares[0]->pages.usage, .seat = HAMI_SEATS, .slot = slot};
    gate->card = card;
    gate->slot = slot < HAMI_SLOTS ? &share.usage->slots[slot] : NULL;
    sit_down(gate, &share);
    pacer_begin(&gate->pacer, &share, &gate->costs);
    return gate;
}

static struct gate *find(struct gate *first, const struct card *card)
{
    while (first && first->card != card)
        first = first->next;
    return first;
}

struct gate *gate_first(void)
{
    struct process *process = process_enter();
    struct gate *first = process ? process->gates : NULL;
    if (process)
        process_leave(process);
    return first;
}

static struct gate *add(struct gate *gate)
{
    struct process *process = process_enter();
    struct gate *there = process ? find(process->gates, gate->card) : NULL;
    if (process && !there) {
        gate->next = process->gates;
        process->gates = there = gate;
    }
    if (process)
        process_leave(process);
    if (there != gate)
        free(gate);
    return there;
}

/* The first time that a share is launched on under a limit, its neighbours are told that it is there. */
static struct gate *begin(const struct card *card)
{
    struct hami_limits_record record;
    struct gate *gate = make(card), *there = gate ? add(gate) : NULL;
    if (!there || there != gate || !cores_read(card, &record))
        return there;
    lock_take(&gate->lock);
    pacer_present(&gate->pacer, &record, true, waits_now_ns());
    lock_give(&gate->lock);
    return gate;
}

/* The gate of the card that a launch is for; NULL: nothing limits it, now and later, or there is no card for the driver to launch on. */
static struct gate *gate_here(const struct real_cuda *real)
{
    const struct card *card = cards_in_use(real);
    bool usable = card != NO_CARD && card->share_count;
    struct gate *gate = usable ? find(gate_first(), card) : NULL;
    if (gate)
        return gate;
    learn_driver(real);
    if (cores_are_free()) {
        show(&nothing_limited, nothing_limited, &launch_no_costs);
        return NULL;
    }
    return usable ? begin(card) : NULL;
}

/* A thread ends: what its lanes have not used is the share's again. */
static void leave(struct launch_lane *lane)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate *gate = lane->gate;
    waits_abandon(real, lane);
    lock_take(&gate->lock);
    pacer_leave(&gate->pacer, &lane->pacer, waits_now_ns());
    for (struct launch_lane **place = &gate->lanes; *place; place = &(*place)->sibling)
        if (*place == lane) {
            *place = lane->sibling;
            break;
        }
    for (unsigned i = 0; i < PACER_STREAMS; i++)
        if (lane->open[i].marks)
            lane->open[i].marks->uses--;
    lock_give(&gate->lock);
    for (unsigned i = 0; i < PACER_STREAMS; i++)
        waits_return(real, gate, lane->open[i].marks, lane->open[i].start);
}

static void leave_all(void *first)
{
    launch_lane = &launch_no_lane;
    lanes = NULL;
    for (struct launch_lane *lane = first, *next; lane; lane = next) {
        next = lane->next;
        leave(lane);
        free(lane);
    }
}

static struct launch_lane *make_lane(struct gate *gate)
{
    struct launch_lane *lane = calloc(1, sizeof *lane);
    if (!lane)
        return NULL;
    *lane = (struct launch_lane){.covers = {LAUNCH_NO_STREAM, LAUNCH_NO_STREAM}, .gate = gate, .next = lanes};
    lock_take(&gate->lock);
    lane->sibling = gate->lanes;
    gate->lanes = lane;
    lock_give(&gate->lock);
    lanes = lane;
    threads_at_end(leave_all, lanes);
    return lane;
}

/* The lane of this thread on a card. A child that was forked has those of its parent's gates too, which it passes over. */
static struct launch_lane *lane_on(struct gate *gate)
{
    struct launch_lane *lane = lanes;
    while (lane && lane->gate != gate)
        lane = lane->next;
    lane = lane ? lane : make_lane(gate);
    launch_lane = lane && is_shown(gate) ? lane : &launch_no_lane;
    return lane;
}

static bool is_legacy(CUstream stream, enum launch_api api)
{
    return stream == CU_STREAM_LEGACY || (!stream && api == LAUNCH_LEGACY);
}

static bool is_per_thread(CUstream stream, enum launch_api api)
{
    return stream == CU_STREAM_PER_THREAD || (!stream && api == LAUNCH_PER_THREAD);
}

/* A stream as pacer tells it from others: a default one is one of its context, and of its thread. */
static struct launch_open name(const struct launch_lane *lane, struct marks *marks, const struct gate_work *work)
{
    uint64_t context = DEFAULT_STREAMS | (marks->number << CONTEXT_SHIFT & (DEFAULT_STREAMS - 1));
    struct launch_open open = {.key = (uintptr_t)work->stream, .stream = work->stream, .marks = marks};
    if (is_legacy(work->stream, work->api))
        return (struct launch_open){.key = context, .stream = NULL, .marks = marks};
    if (is_per_thread(work->stream, work->api))
        return (struct launch_open){.key = context | (uintptr_t)lane, .stream = CU_STREAM_PER_THREAD, .marks = marks};
    return open;
}

/* By which handles the next launches come into the stream that the lane covers. */
static void cover(struct launch_lane *lane, const struct gate_work *work)
{
    lane->covers[LAUNCH_LEGACY] = lane->covers[LAUNCH_PER_THREAD] = (uintptr_t)work->stream;
    if (is_legacy(work->stream, work->api)) {
        lane->covers[LAUNCH_LEGACY] = 0;
        lane->covers[LAUNCH_PER_THREAD] = (uintptr_t)CU_STREAM_LEGACY;
    } else if (is_per_thread(work->stream, work->api)) {
        lane->covers[LAUNCH_LEGACY] = (uintptr_t)CU_STREAM_PER_THREAD;
        lane->covers[LAUNCH_PER_THREAD] = 0;
    }
}

static void uncover(struct launch_lane *lane)
{
    lane->covers[LAUNCH_LEGACY] = lane->covers[LAUNCH_PER_THREAD] = LAUNCH_NO_STREAM;
}

/* Wait as long as pacer says. False: nothing limits the launch any more. */
static bool wait_for(const struct real_cuda *real, struct launch_lane *lane, const struct pacer_unit *unit, bool *start)
{
    struct gate *gate = lane->gate;
    uint64_t asked_at_ns = waits_now_ns();
    for (;;) {
        uint64_t now = waits_now_ns();
        uint32_t *word = NULL;
        siblings_forget_dead(&gate->card->shares[0]->pages, gate->slot, now, &gate->siblings_at_ns);
        lock_take(&gate->lock);
        read_limits(gate);
        bool limited = !load_relaxed(&gate->unlimited);
        struct pacer_answer answer = {.kind = PACER_GO};
        if (limited)
            answer = pacer_ask(&gate->pacer, &lane->pacer, &gate->record, unit, now, asked_at_ns);
        if (answer.kind == PACER_WAIT)
            word = pacer_yield(&gate->pacer, &gate->record, now);
        lock_give(&gate->lock);
        waits_wake(word);
        *start = answer.start;
        if (answer.kind == PACER_GO)
            return limited;
        if (answer.kind == PACER_CLOSE)
            waits_close(real, lane, answer.stream);
        else {
            waits_sleep(gate, &answer);
            waits_probe(gate, answer.probe);
        }
    }
}

/* Keep what its end will be marked by; an event that was to mark its start is given back where there is no place, or one already. */
static CUevent keep_open(struct launch_lane *lane, const struct launch_open *open)
{
    struct launch_open *place = NULL;
    for (unsigned i = 0; i < PACER_STREAMS; i++) {
        if (lane->open[i].key == open->key && lane->open[i].marks)
            return open->start;
        place = !lane->open[i].key || lane->open[i].key == open->key ? &lane->open[i] : place;
    }
    if (!place)
        return open->start;
    *place = *open;
    place->marks->uses++;
    return NULL;
}

/* What pacer has an open batch in and what is kept of it agree, but for streams that ended, whose places are free again. */
static void drop_closed(struct launch_lane *lane)
{
    for (unsigned i = 0; i < PACER_STREAMS; i++) {
        bool open = !lane->open[i].key;
        for (unsigned j = 0; j < PACER_STREAMS && !open; j++)
            open = lane->pacer.open[j].open && lane->pacer.open[j].stream == lane->open[i].key;
        if (open)
            continue;
        if (lane->open[i].marks)
            lane->open[i].marks->uses--;
        lane->open[i] = (struct launch_open){0}; /* with its start event, if it has one: that happens when a launch failed */
    }
}

static void open_batch(const struct real_cuda *real, struct launch_lane *lane, struct launch_open *open, bool start)
{
    struct gate *gate = lane->gate;
    if (start)
        open->start = waits_mark(real, lane, open);
    lock_take(&gate->lock);
    drop_closed(lane);
    CUevent spare = keep_open(lane, open);
    lock_give(&gate->lock);
    waits_return(real, gate, open->marks, spare);
}

static struct gate_pass pass_on(const struct real_cuda *real, struct launch_lane *lane, const struct gate_work *work)
{
    static const struct gate_pass unseen;
    struct gate *gate = lane->gate;
    CUcontext context = NULL;
    bool start;
    if (real->cuCtxGetCurrent(&context) != CUDA_SUCCESS || !context)
        return unseen;
    lock_take(&gate->lock);
    struct marks *marks = marks_of(&gate->marks, context);
    uint64_t cost = costs_find(&gate->costs, work->function, work->grid);
    lock_give(&gate->lock);
    if (!marks)
        return unseen;
    struct launch_open open = name(lane, marks, work);
    struct gate_pass pass = {lane, {.function = work->function, .grid = work->grid, .cost_ns = cost, .stream = open.key}};
    uncover(lane);
    if (!wait_for(real, lane, &pass.unit, &start))
        return unseen;
    open_batch(real, lane, &open, start);
    cover(lane, work);
    return pass;
}

struct gate_pass gate_ask(const struct gate_work *work)
{
    struct gate_pass unseen = {NULL, {0}};
    const struct real_cuda *real = resolve_cuda();
    int kept = errno;
    struct gate *gate = gate_here(real);
    if (!gate || is_unlimited(gate))
        return unseen;
    struct launch_lane *lane = lane_on(gate);
    bool covered = lane && lane != launch_lane && !captures_any() &&
                   launch_covered(lane, &gate->costs, work->api, work->function, work->grid, work->stream);
    if (lane && !covered && !captures_forbid(real, work->stream, work->api == LAUNCH_PER_THREAD))
        unseen = pass_on(real, lane, work);
    errno = kept;
    return unseen;
}

void gate_launched(struct gate_pass pass, CUresult result)
{
    int kept = errno;
    if (!pass.lane)
        return;
    struct gate *gate = pass.lane->gate;
    lock_take(&gate->lock);
    bool close = pacer_launched(&gate->pacer, &pass.lane->pacer, &pass.unit, result == CUDA_SUCCESS, waits_now_ns());
    lock_give(&gate->lock);
    if (close)
        waits_close(resolve_cuda(), pass.lane, pass.unit.stream);
    if (pass.lane->pacer.stream != pass.unit.stream)
        uncover(pass.lane);
    errno = kept;
}

void gate_forget(uint64_t function)
{
    for (struct gate *gate = gate_first(); gate; gate = gate->next) {
        lock_take(&gate->lock);
        if (costs_find(&gate->costs, function, 0))
            costs_forget(&gate->costs, function);
        lock_give(&gate->lock);
    }
}

void gate_forget_all(void)
{
    for (struct gate *gate = gate_first(); gate; gate = gate->next) {
        lock_take(&gate->lock);
        costs_forget_all(&gate->costs);
        lock_give(&gate->lock);
    }
}

void gate_captures_changed(void)
{
    for (struct gate *gate = gate_first(); gate; gate = gate->next) {
        lock_take(&gate->lock);
        show_gate(gate);
        lock_give(&gate->lock);
    }
}
