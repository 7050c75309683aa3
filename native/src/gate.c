#include "gate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "atomics.h"
#include "captures.h"
#include "cards.h"
#include "cores.h"
#include "lanes.h"
#include "membership.h"
#include "places.h"
#include "report.h"
#include "resolve.h"
#include "seat.h"
#include "siblings.h"
#include "waits.h"

#define SAMPLE_NS UINT64_C(2000000) /* an unknown copy is measured by itself, and the like of it not again so soon: of some, beside other streams, nothing is learnt */

static const uint64_t nothing_limited = 1;

/* Threads that come at once write the same. */
static void learn_driver(const struct real_cuda *real)
{
    __atomic_store_n(&launch_gate.launch, real->cuLaunchKernel, __ATOMIC_RELAXED);
    __atomic_store_n(&launch_gate.launch_ptsz, real->cuLaunchKernel_ptsz, __ATOMIC_RELAXED);
    __atomic_store_n(&launch_gate.cooperative, real->cuLaunchCooperativeKernel, __ATOMIC_RELAXED);
    __atomic_store_n(&launch_gate.cooperative_ptsz, real->cuLaunchCooperativeKernel_ptsz, __ATOMIC_RELAXED);
}

/* What the look goes by, in this order: who sees the version sees the driver's functions. */
static void show(const uint64_t *version, uint64_t unlimited)
{
    __atomic_store_n(&launch_gate.unlimited, unlimited, __ATOMIC_RELAXED);
    __atomic_store_n(&launch_gate.version, version, __ATOMIC_RELEASE);
}

/* Where there is one card with one share, one look tells whether anything is limited; else it takes the launch's card. */
static void show_limits(const struct gate *gate)
{
    if (cards_is_only(gate->card) && gate->card->share_count == 1)
        show(&gate->card->shares[0]->pages.limits->version, load_relaxed(&gate->unlimited));
}

/* Bring the limits up to what is in force, and let the neighbours know: who has no limit any more does not say so at its launches. Where a page is
 * torn, those that were last in force hold. With the lock held. */
static void read_limits(struct gate *gate)
{
    if (gate->record.version == cores_version(gate->card) || !cores_read(gate->card, &gate->record))
        return;
    pacer_present(&gate->pacer, &gate->record, waits_now_ns());
    store_relaxed(&gate->unlimited, pacer_unlimited(&gate->record) ? gate->record.version : 0);
    show_limits(gate);
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
    unsigned slot = membership_slot(card->shares[0]);
    struct pacer_share share = {
        .limits = card->shares[0]->pages.limits, .usage = card->shares[0]->pages.usage, .seat = HAMI_SEATS, .slot = slot};
    struct hami_limits_record record;
    gate->card = card;
    gate->copies_charged = cores_read(card, &record) && record.flags & HAMI_LIMITS_COPIES;
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
    struct process *process = process_get();
    return process ? __atomic_load_n(&process->gates, __ATOMIC_ACQUIRE) : NULL;
}

static struct gate *add(struct gate *gate)
{
    struct process *process = process_enter();
    struct gate *there = process ? find(process->gates, gate->card) : NULL;
    if (process && !there) {
        gate->next = process->gates;
        __atomic_store_n(&process->gates, there = gate, __ATOMIC_RELEASE);
    }
    if (process)
        process_leave(process);
    if (there != gate)
        free(gate);
    return there;
}

/* The gate of a card; NULL: nothing limits it, now and later, or there is no card for the driver to launch on. */
static struct gate *gate_of(const struct real_cuda *real, const struct card *card)
{
    bool usable = card != NO_CARD && card->share_count;
    struct gate *gate = usable ? find(gate_first(), card) : NULL;
    if (gate)
        return gate;
    learn_driver(real);
    if (cores_are_free()) {
        show(&nothing_limited, nothing_limited);
        return NULL;
    }
    struct gate *made = usable ? make(card) : NULL;
    return made ? add(made) : NULL;
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
            word = pacer_yield(&gate->pacer, now);
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

/* A batch begins with a mark of its own wherever it follows another one, too: what stands between them in the stream, an event of another stream,
 * a value of the host's, a copy, is no work of the share. */
static void open_batch(const struct real_cuda *real, struct launch_lane *lane, struct launch_open *open, bool start)
{
    struct gate *gate = lane->gate;
    if (start || !lanes_have_open(lane, open->key))
        open->start = waits_mark(real, lane, open);
    lock_take(&gate->lock);
    CUevent spare = lanes_keep_open(lane, open);
    lock_give(&gate->lock);
    waits_return(real, gate, open->marks, spare);
}

/* What is known of a unit, with the lock held: its cost, or what it is taken for; and whether it is to be measured by itself. Kernels that are not
 * known are the pacer's to sample. */
static void look_up_cost(struct gate *gate, const struct gate_work *work, struct gate_pass *pass)
{
    uint64_t known = costs_find(&gate->costs, work->function, work->grid);
    pass->unit.cost_ns = known ? known : work->guess_ns;
    if (known || !work->guess_ns)
        return;
    uint64_t now = waits_now_ns(), *sampled_ns = &gate->sampled_ns[cost_place(work->function, work->grid) % GATE_SAMPLES];
    pass->sampled = now - *sampled_ns > SAMPLE_NS;
    if (pass->sampled)
        *sampled_ns = now;
}

/* Of what copies take the node's samples may tell nothing (factor.h). */
static void count_copy(const struct gate *gate, const struct gate_work *work, uint64_t cost_ns)
{
    if (work->guess_ns)
        add_relaxed(&gate->pacer.share.usage->copied_ns, cost_ns);
}

/* Work that was let go and is not begun. */
struct go {
    struct gate_pass pass; /* without a lane: nothing is charged */
    struct launch_open open;
    bool start;
};

/* The marks of a context, not to be another's until they are let go, and what a unit costs. False: no memory. */
static bool take_up(struct gate *gate, CUcontext context, const struct gate_work *work, struct marks **marks, struct gate_pass *pass)
{
    lock_take(&gate->lock);
    *marks = marks_of(&gate->marks, context);
    look_up_cost(gate, work, pass);
    if (*marks)
        (*marks)->uses++;
    lock_give(&gate->lock);
    return *marks != NULL;
}

static void let_go_of(struct gate *gate, struct marks *marks)
{
    lock_take(&gate->lock);
    marks->uses--;
    lock_give(&gate->lock);
}

static struct go wait_in(const struct real_cuda *real, struct launch_lane *lane, CUcontext context, const struct gate_work *work)
{
    struct go go = {.pass = {.unit = {.function = work->function, .grid = work->grid}}};
    struct marks *marks;
    if (!context || !take_up(lane->gate, context, work, &marks, &go.pass))
        return go;
    go.open = lanes_name(lane, marks, work);
    go.pass.lane = lane;
    go.pass.unit.stream = go.open.key;
    lanes_uncover(lane);
    if (go.pass.sampled)
        waits_close(real, lane, go.open.key);
    if (!wait_for(real, lane, &go.pass.unit, &go.start)) {
        let_go_of(lane->gate, marks);
        go.pass.lane = NULL;
    }
    return go;
}

/* Copies come by no look before they ask: whether one is not charged at all, or the lane covers it. */
static bool copy_passes(struct launch_lane *lane, const struct gate_work *work)
{
    const struct gate *gate = lane->gate;
    if (!work->guess_ns || !gate->copies_charged)
        return work->guess_ns != 0;
    uint64_t cost_ns = costs_find(&gate->costs, work->function, work->grid);
    if (lane->here[work->api] != (uintptr_t)work->stream || !launch_takes(lane, work->function, work->grid))
        return false;
    count_copy(gate, work, cost_ns);
    return true;
}

static struct go ask(const struct real_cuda *real, const struct gate_work *work)
{
    static const struct go unseen;
    struct place place = places_of(real, work->stream);
    struct gate *gate = gate_of(real, place.card);
    struct launch_lane *lane = gate ? lanes_on(gate) : NULL;
    if (!lane)
        return unseen;
    launch_lane = lane;
    if (place.certain)
        lanes_see(lane, work->stream);
    if (is_unlimited(gate) || copy_passes(lane, work) || captures_forbid(real, work->stream, work->api == LAUNCH_PER_THREAD))
        return unseen;
    return wait_in(real, lane, place.context, work);
}

static struct gate_pass begin_unit(const struct real_cuda *real, struct go *go, const struct gate_work *work)
{
    if (!go->pass.lane)
        return go->pass;
    open_batch(real, go->pass.lane, &go->open, go->start);
    lanes_cover(go->pass.lane, work);
    count_copy(go->pass.lane->gate, work, go->pass.unit.cost_ns);
    let_go_of(go->pass.lane->gate, go->open.marks);
    return go->pass;
}

struct gate_pass gate_ask(const struct gate_work *work)
{
    const struct real_cuda *real = resolve_cuda();
    int kept = errno;
    struct go go = ask(real, work);
    struct gate_pass pass = begin_unit(real, &go, work);
    errno = kept;
    return pass;
}

/* Card after card in the order of their names, which all processes have in common: so no two wait for what the other has. */
static void order_by_card(const struct real_cuda *real, const struct gate_work works[], unsigned order[], unsigned count)
{
    const char *names[GATE_TOGETHER];
    for (unsigned i = 0; i < count; i++) {
        const struct card *card = places_of(real, works[i].stream).card;
        const char *name = card != NO_CARD && card->uuid ? card->uuid : "";
        unsigned place = i;
        for (; place > 0 && strcmp(names[place - 1], name) > 0; place--) {
            names[place] = names[place - 1];
            order[place] = order[place - 1];
        }
        names[place] = name;
        order[place] = i;
    }
}

/* None begins before all may, and each by a mark of its own: else the time that the others wait would count as work of the first. */
void gate_ask_together(const struct gate_work works[], struct gate_pass passes[], unsigned count)
{
    const struct real_cuda *real = resolve_cuda();
    struct go go[GATE_TOGETHER];
    unsigned order[GATE_TOGETHER];
    int kept = errno;
    order_by_card(real, works, order, count);
    for (unsigned i = 0; i < count; i++)
        go[order[i]] = ask(real, &works[order[i]]);
    for (unsigned i = 0; i < count; i++) {
        go[i].start |= count > 1;
        passes[i] = begin_unit(real, &go[i], &works[i]);
    }
    errno = kept;
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
    if (close || pass.sampled)
        waits_close(resolve_cuda(), pass.lane, pass.unit.stream);
    if (pass.lane->pacer.stream != pass.unit.stream)
        lanes_uncover(pass.lane);
    errno = kept;
}

static void forget(uint64_t graph)
{
    for (struct gate *gate = gate_first(); gate; gate = gate->next) {
        lock_take(&gate->lock);
        pacer_forget(&gate->pacer, graph);
        for (struct launch_lane *lane = gate->lanes; lane; lane = lane->sibling)
            pacer_forget_open(&lane->pacer, graph);
        lock_give(&gate->lock);
    }
}

void gate_forget(uint64_t function)
{
    if (function)
        forget(function);
}

void gate_forget_all(void)
{
    forget(0);
}

void gate_captures_changed(void)
{
    for (struct gate *gate = gate_first(); gate; gate = gate->next) {
        lock_take(&gate->lock);
        for (struct launch_lane *lane = gate->lanes; lane; lane = lane->sibling)
            lanes_show_costs(lane);
        lock_give(&gate->lock);
    }
}
