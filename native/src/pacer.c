#include "pacer.h"

#include <stddef.h>

#include "atomics.h"
#include "batches.h"
#include "credit.h"
#include "factor.h"
#include "grains.h"
#include "lease.h"
#include "of_two.h"
#include "pacer_clock.h"
#include "turns.h"

#define ONE (UINT64_C(1) << 32)
#define WINDOW_LONGEST_NS UINT64_C(1000000000) /* nobody waits longer for the window while nothing ends */
#define LEASE_POLL_NS UINT64_C(2000000)   /* once the holder's turn is over, a waiter looks for itself whether it is overdue or dead */
#define LEASE_LONGEST_NS UINT64_C(2000000000) /* nobody waits longer for it */

/* One question, and what follows from it at once. */
struct ask {
    struct pacer *pacer;
    struct pacer_lane *lane;
    const struct hami_limits_record *record;
    const struct pacer_unit *unit;
    uint64_t now_ns, asked_at_ns;
    uint64_t cost_ns; /* of the unit; a guess where it is not known */
    uint64_t predicted_ns;
    bool limited; /* the share's credit binds */
    bool needed;  /* the lease does */
    bool late;    /* it has waited for the lease for as long as anybody does */
    bool lone;    /* nobody else is at work on the card, nor expected to be */
    bool alone;   /* the unit is to be the only one of its batch */
};

void pacer_begin(struct pacer *pacer, const struct pacer_share *share, struct costs *costs)
{
    pacer->share = *share;
    pacer->costs = costs;
    pacer->grain_ns = PACER_GRAIN_NS;
    batches_publish(pacer);
}

/* Whether the share waits for those of priority 0 even where nothing limits it. */
static bool yields(const struct hami_limits_record *record)
{
    return record->priority && record->flags & HAMI_LIMITS_YIELDS;
}

bool pacer_unlimited(const struct hami_limits_record *record)
{
    return (!record->cores_percent || record->policy == HAMI_CORES_DISABLE) && record->priority && !yields(record);
}

/* Whether credit and lease bind: the share has a limit, and either it always holds or somebody else is there. */
static void judge(struct ask *ask)
{
    const struct hami_limits_record *record = ask->record;
    bool capped = record->cores_percent && record->policy != HAMI_CORES_DISABLE;
    struct lease_neighbours others = {.any = true};
    if (turns_on_card(ask->pacer))
        others = lease_neighbours(ask->pacer->share.card, ask->pacer->share.seat, ask->now_ns);
    ask->limited = capped && (record->policy == HAMI_CORES_FORCE || others.any);
    ask->needed = ask->limited && others.limited;
    ask->lone = !others.any && !yields(record);
    ask->pacer->lease_needed = ask->needed;
    if (turns_sibling_works(ask->pacer))
        ask->pacer->unsteady_ns = ask->now_ns;
}

static void announce(const struct ask *ask)
{
    const struct pacer *pacer = ask->pacer;
    if (!turns_on_card(pacer))
        return;
    struct hami_seat *seat = &pacer->share.card->seats[pacer->share.seat];
    store_relaxed(&seat->largest_unit_ns, load_relaxed(&pacer->share.usage->largest_unit_ns));
    lease_announce(pacer->share.card, pacer->share.seat, ask->record,
                   batches_in_flight(pacer, ask->now_ns) ? pacer->expected_ns : ask->now_ns, ask->now_ns);
}

static struct pacer_answer wait_until(enum pacer_reason reason, uint64_t until_ns, uint64_t now_ns)
{
    return (struct pacer_answer){.kind = PACER_WAIT, .reason = reason, .until_ns = smaller(until_ns, now_ns + PACER_ASLEEP_NS), .probe = -1};
}

static struct pacer_answer wait_on(struct pacer_answer answer, uint32_t *futex)
{
    answer.futex = futex;
    answer.expected = load_word(futex);
    return answer;
}

static struct pacer_answer wait_for_completion(struct ask *ask, uint64_t until_ns)
{
    struct pacer_answer answer = wait_on(wait_until(PACER_COMPLETION, until_ns, ask->now_ns), &ask->pacer->completions);
    answer.process_private = true;
    return answer;
}

/* Before a thread waits, all that it has launched gets its end event: else nobody learns when that ended, and the card runs dry meanwhile. */
static bool must_close(struct ask *ask, struct pacer_answer *answer)
{
    struct pacer_batch *batch = batches_with_work(ask->lane);
    if (!batch)
        return false;
    *answer = batches_have_room(ask->pacer) ? (struct pacer_answer){.kind = PACER_CLOSE, .stream = batch->stream, .probe = -1}
                                            : wait_for_completion(ask, ask->now_ns + PACER_WINDOW_NS);
    return true;
}

/* What the credit may grow to. While a unit overruns, or a neighbour has the lease, the share cannot use what it earns: that is kept for it. */
static uint64_t burst(const struct ask *ask)
{
    uint64_t kept = batches_overdue_ns(ask->pacer, ask->now_ns);
    if (turns_on_card(ask->pacer)) {
        uint64_t since = load_relaxed(&ask->pacer->share.card->seats[ask->pacer->share.seat].queued_since_ns);
        if (since && since < ask->now_ns)
            kept = larger(kept, ask->now_ns - since);
    }
    return CREDIT_BURST_NS + smaller(kept, COSTS_LARGEST_NS) * ask->record->cores_percent / 100;
}

/* The credit that a share needs to go on: that it owes nothing. To have the lease handed over costs the card time, so who has to ask for it
 * first saves up for half a turn; and so does at once who owes for longer than it would keep the lease. */
static int64_t credit_needed(const struct ask *ask, int64_t credit, uint32_t percent)
{
    const struct pacer_share *share = &ask->pacer->share;
    bool keeps = ask->needed && lease_grant(share->card, share->seat) && credit_wait_ns(credit, percent) <= TURNS_IDLE_NS;
    return ask->needed && !keeps ? LEASE_TURN_NS / 2 : 0;
}

/* False: the share has too little credit, and *answer is how long. */
static bool has_credit(struct ask *ask, struct pacer_answer *answer)
{
    struct hami_usage *usage = ask->pacer->share.usage;
    uint32_t percent = (uint32_t)smaller(ask->record->cores_percent, 100);
    credit_refill(usage, percent, burst(ask), ask->now_ns);
    int64_t credit = credit_ns(usage);
    credit -= credit_needed(ask, credit, percent);
    if (credit >= 0 || turns_sibling_is_late(ask->pacer, ask->now_ns))
        return true;
    *answer = wait_on(wait_until(PACER_CREDIT, ask->now_ns + credit_wait_ns(credit, percent), ask->now_ns), &usage->futex);
    return false;
}

static struct pacer_answer wait_for_lease(struct ask *ask)
{
    struct hami_card *card = ask->pacer->share.card;
    int holder = lease_holder(card);
    bool other = holder >= 0 && holder != (int)ask->pacer->share.seat;
    uint64_t turn_ends_ns = other ? lease_deadline(card, (unsigned)holder, ask->now_ns) : 0;
    struct pacer_answer answer = wait_on(wait_until(PACER_LEASE, larger(turn_ends_ns, ask->now_ns) + LEASE_POLL_NS, ask->now_ns),
                                         &card->seats[ask->pacer->share.seat].futex);
    if (other && ask->now_ns > turn_ends_ns)
        answer.probe = holder;
    return answer;
}

/* False: the lease is another's, or is to become so, and *answer is what to wait for. */
static bool has_lease(struct ask *ask, struct pacer_answer *answer)
{
    struct pacer *pacer = ask->pacer;
    struct hami_card *card = pacer->share.card;
    unsigned seat = pacer->share.seat;
    bool held = lease_grant(card, seat) != 0;
    bool over = held && ask->now_ns > lease_deadline(card, seat, ask->now_ns) && lease_awaited(card, seat, ask->now_ns);
    over = over && !lease_prolong(card, seat, ask->now_ns);
    if (held && !over)
        return true;
    if (over && !turns_share_is_idle(pacer, ask->now_ns)) {
        *answer = wait_for_completion(ask, ask->now_ns + LEASE_POLL_NS);
        return false;
    }
    if (!held && lease_take(card, seat, ask->now_ns))
        return true;
    lease_queue(card, seat, ask->now_ns);
    *answer = wait_for_lease(ask);
    return false;
}

/* Where nobody has to take turns, the lease is free; but a share that nothing limits holds it, with its deadline over, so that the first
 * neighbour that comes waits for what is in flight and for no more. */
static void without_lease(struct ask *ask)
{
    struct hami_card *card = ask->pacer->share.card;
    unsigned seat = ask->pacer->share.seat;
    lease_leave_queue(card, seat);
    if (ask->limited && lease_grant(card, seat))
        (void)lease_pass(card, (int)seat, ask->now_ns);
    else if (!ask->limited && ask->record->cores_percent)
        (void)lease_hold(card, seat, ask->now_ns);
}

static uint64_t window_ns(const struct ask *ask)
{
    bool many = !ask->limited || (ask->lone && ask->unit->cost_ns && grains_are_steady(ask->pacer, ask->predicted_ns, ask->now_ns));
    return many && !yields(ask->record) ? PACER_WINDOW_ALONE_NS : PACER_WINDOW_NS;
}

/* A unit that is longer than the window, by more than one can tell, is alone in flight; two may be where each is not. Who takes turns with neighbours
 * has the window in common with the other processes of the share: its turn ends when all that they have in flight has, and neighbours do not wait for
 * that without end. */
static bool window_is_full(const struct ask *ask)
{
    uint64_t in_flight = batches_in_flight(ask->pacer, ask->now_ns), window = window_ns(ask);
    unsigned siblings = ask->needed ? turns_siblings_at_work(ask->pacer) : 0;
    uint64_t units = siblings ? ask->predicted_ns : 2 * ask->predicted_ns;
    uint64_t room = ask->predicted_ns > window + PACER_GRAIN_NS ? window : larger(window / (1 + siblings), units);
    return in_flight && in_flight + ask->predicted_ns > room;
}

/* When a launch that waits for the window is let through: what is in flight may be waiting for it. A kernel that spins meanwhile is measured with
 * that wait, so the wait must not grow with what was measured without end. */
static uint64_t window_bound(const struct ask *ask)
{
    uint64_t unit = larger(larger(PACER_WINDOW_NS, ask->predicted_ns), turns_longest_unit(ask->pacer));
    return larger(ask->asked_at_ns, ask->pacer->progress_ns) + smaller(4 * unit, WINDOW_LONGEST_NS);
}

/* False: the window is full, and *answer is how long to wait for that to change. */
static bool has_window(struct ask *ask, struct pacer_answer *answer)
{
    if (!window_is_full(ask))
        return true;
    uint64_t bound = window_bound(ask);
    if (ask->now_ns >= bound) {
        ask->pacer->progress_ns = ask->now_ns;
        return true;
    }
    *answer = wait_for_completion(ask, bound);
    return false;
}

static bool must_wait(struct ask *ask, struct pacer_answer *answer)
{
    struct pacer *pacer = ask->pacer;
    bool gives_way = yields(ask->record) || (ask->limited && ask->record->priority);
    uint64_t high_until = gives_way && turns_on_card(pacer) ? lease_high_until(pacer->share.card, ask->now_ns) : 0;
    if (high_until) {
        *answer = wait_until(PACER_PRIORITY, high_until, ask->now_ns);
        return true;
    }
    bool short_of_grain = ask->lane->grain_ns < (int64_t)ask->cost_ns;
    if (ask->limited && short_of_grain && !has_credit(ask, answer))
        return true;
    if (ask->needed && !ask->late && (short_of_grain || !lease_grant(pacer->share.card, pacer->share.seat)) && !has_lease(ask, answer))
        return true;
    if (turns_on_card(pacer) && !ask->needed)
        without_lease(ask);
    return !has_window(ask, answer);
}

/* Let the lane have a grain that this unit fits in. */
static void take_grain(struct ask *ask)
{
    struct pacer *pacer = ask->pacer;
    if (ask->lane->grain_ns >= (int64_t)ask->cost_ns)
        return;
    batches_give_back(pacer, ask->lane);
    uint64_t grain = ask->late ? 0 : batches_unscaled(pacer, grains_next_ns(pacer, window_ns(ask)));
    batches_take(pacer, ask->lane, larger(grain, ask->cost_ns), ask->limited ? factor_q32(pacer->share.usage) : 0, ask->now_ns);
}

/* The unit goes on: into the batch of its stream, which begins with it where there is none. */
static struct pacer_answer let_go(struct ask *ask)
{
    struct pacer *pacer = ask->pacer;
    struct pacer_batch *batch = batches_find(ask->lane, ask->unit->stream);
    if (!batch || !batch->units)
        batch = batches_open(pacer, ask->lane, ask->unit->stream, ask->now_ns);
    take_grain(ask);
    if (!batch->units) {
        batch->grant = ask->needed ? lease_grant(pacer->share.card, pacer->share.seat) : 0;
        batch->shared = ask->needed && !batch->grant;
    }
    ask->lane->stream = ask->unit->stream;
    return (struct pacer_answer){.kind = PACER_GO, .start = !batch->units && !batch->after, .probe = -1};
}

/* Whether a batch is to be closed before this unit: the unit's own stream's, where that is full or the unit is to be alone; any, where the thread
 * has no place for one more stream. */
static bool closes_first(struct ask *ask, struct pacer_answer *answer)
{
    const struct pacer_batch *batch = batches_find(ask->lane, ask->unit->stream);
    bool own = batch && batch->units && (ask->alone || batch->predicted_ns >= ask->pacer->grain_ns);
    unsigned taken = 0;
    for (int i = 0; i < PACER_STREAMS; i++)
        taken += ask->lane->open[i].open && ask->lane->open[i].units;
    if (own && batches_have_room(ask->pacer)) {
        *answer = (struct pacer_answer){.kind = PACER_CLOSE, .stream = batch->stream, .probe = -1};
        return true;
    }
    return (own || (taken == PACER_STREAMS && !batch) || !batches_have_room(ask->pacer)) && must_close(ask, answer);
}

/* What a unit is taken for: an unknown one is a quarter of a window, whatever the process's scale. */
static uint64_t cost_of(const struct pacer *pacer, const struct pacer_unit *unit)
{
    return unit->cost_ns ? smaller(unit->cost_ns, COSTS_LARGEST_NS) : batches_unscaled(pacer, PACER_GRAIN_NS);
}

struct pacer_answer pacer_ask(struct pacer *pacer, struct pacer_lane *lane, const struct hami_limits_record *record,
                              const struct pacer_unit *unit, uint64_t now_ns, uint64_t asked_at_ns)
{
    struct ask ask = {.pacer = pacer, .lane = lane, .record = record, .unit = unit};
    struct pacer_answer answer;
    ask.now_ns = pacer_clock(pacer, now_ns);
    ask.asked_at_ns = smaller(asked_at_ns, ask.now_ns);
    ask.cost_ns = cost_of(pacer, unit);
    ask.predicted_ns = batches_scaled(pacer, ask.cost_ns);
    batches_settle(pacer, lane);
    announce(&ask);
    judge(&ask);
    pacer->grain_ns = grains_whole_ns(window_ns(&ask), ask.limited ? record->cores_percent : 100);
    ask.alone = grains_is_alone(pacer, unit, ask.predicted_ns, ask.now_ns);
    ask.late = ask.now_ns - ask.asked_at_ns > LEASE_LONGEST_NS;
    factor_update(pacer->share.usage, pacer->share.limits, ask.needed ? LEASE_TURN_NS : pacer->grain_ns,
                  batches_overdue_ns(pacer, ask.now_ns) > PACER_WINDOW_NS);
    if (closes_first(&ask, &answer))
        return answer;
    if (must_wait(&ask, &answer)) {
        struct pacer_answer wait = answer;
        if (!must_close(&ask, &answer))
            answer = wait;
        return answer;
    }
    return let_go(&ask);
}

bool pacer_launched(struct pacer *pacer, struct pacer_lane *lane, const struct pacer_unit *unit, bool launched, uint64_t now_ns)
{
    uint64_t now = pacer_clock(pacer, now_ns), cost = cost_of(pacer, unit);
    struct pacer_batch *batch = batches_find(lane, unit->stream);
    if (!batch || !launched)
        return false;
    bool alone = grains_is_alone(pacer, unit, batches_scaled(pacer, cost), now) && !batch->units;
    if (alone)
        pacer->sampled_ns = now;
    batches_launch(pacer, lane, batch, cost, now);
    batch->function = unit->function;
    batch->grid = unit->grid;
    batch->guessed = !unit->cost_ns;
    batches_publish(pacer);
    return (alone || batch->predicted_ns >= pacer->grain_ns) && batches_have_room(pacer);
}

bool pacer_open_stream(const struct pacer_lane *lane, uint64_t *stream)
{
    for (int i = 0; i < PACER_STREAMS; i++)
        if (lane->open[i].open && lane->open[i].units) {
            *stream = lane->open[i].stream;
            return true;
        }
    return false;
}

void pacer_leave(struct pacer *pacer, struct pacer_lane *lane, uint64_t now_ns)
{
    pacer_clock(pacer, now_ns);
    batches_settle(pacer, lane);
    batches_give_back(pacer, lane);
    for (int i = 0; i < PACER_STREAMS; i++) {
        const struct pacer_batch *batch = &lane->open[i];
        if (batch->open)
            pacer->open_ns = pacer->open_ns > batch->predicted_ns ? pacer->open_ns - batch->predicted_ns : 0;
    }
    *lane = (struct pacer_lane){.stream = PACER_NO_STREAM};
    batches_publish(pacer);
}
