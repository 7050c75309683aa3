#include "gate.h"

#include <errno.h>
#include <stdlib.h>

#include "atomics.h"
#include "captures.h"
#include "cards.h"
#include "cores.h"
#include "lanes.h"
#include "membership.h"
#include "report.h"
#include "resolve.h"
#include "seat.h"
#include "siblings.h"
#include "waits.h"

#define SAMPLE_NS UINT64_C(2000000) /* an unknown copy is measured by itself, and the like of it not again so soon: of some, beside other streams, nothing is learnt */

static const uint64_t nothing_limited = 1;

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

static void open_batch(const struct real_cuda *real, struct launch_lane *lane, struct launch_open *open, bool start)
{
    struct gate *gate = lane->gate;
    if (start)
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
    uint64_t known = costs_find(&gate->costs, work->function, work->grid), now = waits_now_ns();
    uint64_t *sampled_ns = &gate->sampled_ns[cost_place(work->function, work->grid) % GATE_SAMPLES];
    pass->unit.cost_ns = known ? known : work->guess_ns;
    pass->sampled = !known && work->guess_ns && now - *sampled_ns > SAMPLE_NS;
    if (pass->sampled)
        *sampled_ns = now;
}

/* Of what copies take the node's samples may tell nothing (factor.h). */
static void count_copy(const struct gate *gate, const struct gate_work *work, uint64_t cost_ns)
{
    if (work->guess_ns)
        add_relaxed(&gate->pacer.share.usage->copied_ns, cost_ns);
}

static struct gate_pass pass_on(const struct real_cuda *real, struct launch_lane *lane, const struct gate_work *work)
{
    static const struct gate_pass unseen;
    struct gate *gate = lane->gate;
    CUcontext context = NULL;
    bool start;
    if (real->cuCtxGetCurrent(&context) != CUDA_SUCCESS || !context)
        return unseen;
    struct gate_pass pass = {.lane = lane, .unit = {.function = work->function, .grid = work->grid}};
    lock_take(&gate->lock);
    struct marks *marks = marks_of(&gate->marks, context);
    look_up_cost(gate, work, &pass);
    lock_give(&gate->lock);
    if (!marks)
        return unseen;
    struct launch_open open = lanes_name(lane, marks, work);
    pass.unit.stream = open.key;
    lanes_uncover(lane);
    if (pass.sampled)
        waits_close(real, lane, open.key);
    if (!wait_for(real, lane, &pass.unit, &start))
        return unseen;
    open_batch(real, lane, &open, start);
    lanes_cover(lane, work);
    count_copy(gate, work, pass.unit.cost_ns);
    return pass;
}

struct gate_pass gate_ask(const struct gate_work *work)
{
    struct gate_pass unseen = {.lane = NULL};
    const struct real_cuda *real = resolve_cuda();
    int kept = errno;
    struct gate *gate = gate_here(real);
    if (!gate || is_unlimited(gate) || (work->guess_ns && !gate->copies_charged))
        return unseen;
    struct launch_lane *lane = lanes_on(gate, is_shown(gate));
    bool looked = lane == launch_lane && !work->guess_ns; /* launch_gate.h, which copies do not come by */
    bool covered = lane && !looked && !captures_any() &&
                   launch_covered(lane, &gate->costs, work->api, work->function, work->grid, work->stream);
    if (covered)
        count_copy(gate, work, costs_find(&gate->costs, work->function, work->grid));
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
    if (close || pass.sampled)
        waits_close(resolve_cuda(), pass.lane, pass.unit.stream);
    if (pass.lane->pacer.stream != pass.unit.stream)
        lanes_uncover(pass.lane);
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
