#include "batches.h"

#include <stddef.h>

#include "accounted.h"
#include "atomics.h"
#include "credit.h"
#include "factor.h"
#include "lease.h"
#include "of_two.h"
#include "pacer_clock.h"

#define ONE (UINT64_C(1) << 32)
#define FORGOTTEN_NS UINT64_C(1000000000)
#define TOGETHER_NS (PACER_WINDOW_NS * 3 / 4) /* batches that one wait covers */

uint64_t batches_scaled(const struct pacer *pacer, uint64_t cost_ns)
{
    return (uint64_t)credit_times(cost_ns, pacer->scale_q32 ? pacer->scale_q32 : ONE);
}

uint64_t batches_unscaled(const struct pacer *pacer, uint64_t predicted_ns)
{
    return pacer->scale_q32 ? (uint64_t)(((unsigned __int128)predicted_ns << 32) / pacer->scale_q32) : predicted_ns;
}

struct pacer_batch *batches_find(struct pacer_lane *lane, uint64_t stream)
{
    for (int i = 0; i < PACER_STREAMS; i++)
        if (lane->open[i].open && lane->open[i].stream == stream)
            return &lane->open[i];
    return NULL;
}

struct pacer_batch *batches_with_work(struct pacer_lane *lane)
{
    for (int i = 0; i < PACER_STREAMS; i++)
        if (lane->open[i].open && lane->open[i].units)
            return &lane->open[i];
    return NULL;
}

/* Predicted ns more are launched in a batch. */
static void add_work(struct pacer *pacer, struct pacer_lane *lane, struct pacer_batch *batch, uint64_t predicted_ns, uint64_t units)
{
    batch->predicted_ns += predicted_ns;
    batch->charged_ns += credit_times(predicted_ns, lane->charge_q32);
    batch->charge_q32 = lane->charge_q32;
    batch->units += units;
    pacer->open_ns += predicted_ns;
    pacer->unspent_ns = less(pacer->unspent_ns, predicted_ns);
    pacer->expected_ns = larger(pacer->expected_ns, pacer->now_ns) + predicted_ns;
}

void batches_settle(struct pacer *pacer, struct pacer_lane *lane)
{
    struct pacer_batch *batch = batches_find(lane, lane->stream);
    if (batch && lane->launches) {
        uint64_t used = (uint64_t)(lane->settled_ns - lane->grain_ns);
        add_work(pacer, lane, batch, (uint64_t)credit_times(used, lane->scale_q32), lane->launches);
    }
    lane->launches = 0;
    lane->settled_ns = lane->grain_ns;
}

void batches_give_back(struct pacer *pacer, struct pacer_lane *lane)
{
    uint64_t left = lane->grain_ns > 0 ? (uint64_t)credit_times((uint64_t)lane->grain_ns, lane->scale_q32) : 0;
    pacer->unspent_ns = less(pacer->unspent_ns, left);
    add_relaxed(&pacer->share.usage->predicted_ns, -left);
    credit_add(pacer->share.usage, credit_times(left, lane->charge_q32));
    lane->grain_ns = lane->settled_ns = 0;
}

void batches_take(struct pacer *pacer, struct pacer_lane *lane, uint64_t cost_ns, uint64_t charge_q32, uint64_t now_ns)
{
    batches_give_back(pacer, lane);
    if (now_ns - pacer->spent_at_ns > FORGOTTEN_NS) { /* threads that hold a grain and do nothing with it do not keep others short for ever */
        pacer->unspent_ns = pacer->open_ns = 0;
        pacer->spent_at_ns = now_ns;
    }
    lane->scale_q32 = pacer->scale_q32 ? pacer->scale_q32 : ONE;
    lane->charge_q32 = charge_q32;
    lane->grain_ns = lane->settled_ns = (int64_t)cost_ns;
    uint64_t predicted = batches_scaled(pacer, cost_ns);
    pacer->unspent_ns += predicted;
    add_relaxed(&pacer->share.usage->predicted_ns, predicted);
    credit_add(pacer->share.usage, -credit_times(predicted, charge_q32));
}

/* The thread of an open batch may have gone away with it: then nobody will ever say that it ended. */
static uint64_t open_now(const struct pacer *pacer, uint64_t now_ns)
{
    return now_ns > pacer->expected_ns + PACER_WINDOW_ALONE_NS ? 0 : pacer->open_ns;
}

/* The number of the last closed batch of a stream that has not ended; 0: none. */
static uint64_t last_in_stream(const struct pacer *pacer, uint64_t stream)
{
    for (uint64_t number = pacer->closed; number > pacer->completed; number--)
        if (pacer->batches[number % PACER_BATCHES].stream == stream)
            return number;
    return 0;
}

struct pacer_batch *batches_open(struct pacer *pacer, struct pacer_lane *lane, uint64_t stream, uint64_t now_ns)
{
    for (int i = 0; i < PACER_STREAMS; i++) {
        struct pacer_batch *batch = &lane->open[i];
        if (batch->open && batch->units)
            continue;
        uint64_t after = last_in_stream(pacer, stream);
        *batch = (struct pacer_batch){.stream = stream, .opened_ns = now_ns, .after = after, .open = true};
        batch->lonely = !open_now(pacer, now_ns) && (after ? after : pacer->completed) == pacer->closed;
        return batch;
    }
    return NULL;
}

bool batches_have_room(const struct pacer *pacer)
{
    return pacer->closed - pacer->completed < PACER_BATCHES - 1;
}

void batches_launch(struct pacer *pacer, struct pacer_lane *lane, struct pacer_batch *batch, uint64_t cost_ns, uint64_t now_ns)
{
    lane->grain_ns -= (int64_t)cost_ns;
    lane->settled_ns = lane->grain_ns;
    add_work(pacer, lane, batch, (uint64_t)credit_times(cost_ns, lane->scale_q32), 1);
    pacer->launched_ns = now_ns;
}

uint64_t batches_in_flight(const struct pacer *pacer, uint64_t now_ns)
{
    return pacer->closed_ns + open_now(pacer, now_ns);
}

bool batches_idle(const struct pacer *pacer, uint64_t now_ns)
{
    return pacer->closed == pacer->completed && (!pacer->open_ns || now_ns > pacer->expected_ns);
}

uint64_t batches_overdue_ns(const struct pacer *pacer, uint64_t now_ns)
{
    return pacer->closed == pacer->completed ? 0 : less(now_ns, pacer->expected_ns);
}

void batches_publish(struct pacer *pacer)
{
    if (pacer->share.slot >= HAMI_SLOTS)
        return;
    struct hami_slot *slot = &pacer->share.usage->slots[pacer->share.slot];
    uint64_t in_flight = batches_in_flight(pacer, pacer->now_ns);
    store_relaxed(&slot->in_flight_ns, in_flight);
    store_relaxed(&slot->expected_done_ns, pacer->expected_ns);
    if (in_flight)
        set_bit(pacer->share.usage->working, pacer->share.slot);
    else
        clear_bit(pacer->share.usage->working, pacer->share.slot);
}

static void count_units(struct pacer *pacer, const struct pacer_batch *batch)
{
    if (pacer->share.slot >= HAMI_SLOTS)
        return;
    struct hami_slot *slot = &pacer->share.usage->slots[pacer->share.slot];
    store_relaxed(&slot->launches, load_relaxed(&slot->launches) + batch->units);
    store_relaxed(&slot->last_launch_ns, pacer->now_ns);
}

uint64_t pacer_close(struct pacer *pacer, struct pacer_lane *lane, uint64_t stream, uint64_t now_ns)
{
    batches_settle(pacer, lane);
    struct pacer_batch *batch = batches_find(lane, stream);
    if (!batch || pacer->closed - pacer->completed >= PACER_BATCHES)
        return 0;
    pacer->closed++;
    batch->closed_ns = larger(pacer_clock(pacer, now_ns), batch->opened_ns);
    batch->open = false;
    batch->lonely &= pacer->open_ns <= batch->predicted_ns;
    pacer->batches[pacer->closed % PACER_BATCHES] = *batch;
    pacer->closed_ns += batch->predicted_ns;
    pacer->open_ns = less(pacer->open_ns, batch->predicted_ns);
    if (lane->stream == stream)
        lane->stream = PACER_NO_STREAM;
    count_units(pacer, batch);
    batches_publish(pacer);
    return pacer->closed;
}

/* Whether another process of the share has accounted nothing after `start_ns`, as far as this one knows: else what it has not would say too little of a
 * batch; and by that one's costs, which sank by it, the process would have more in flight, of which less was left to account, and so on. */
static bool is_untold(const struct pacer *pacer, uint64_t start_ns)
{
    uint64_t until = accounted_until(pacer->share.usage, pacer->now_ns);
    return until <= start_ns || until <= pacer->accounted_ns;
}

/* Whether the card had the batch's work before it the whole time. A host that paused in between (it waited for the work, say) leaves time in
 * the batch that is nobody's: certain it is not to have, where the batch before ended after this one was all launched; and unlikely,
 * where the host took little of the time for all its launches. */
static bool is_without_gap(const struct pacer_batch *batch, uint64_t before_ns, uint64_t start_ns)
{
    return batch->units == 1 || before_ns >= batch->closed_ns || (batch->closed_ns - batch->opened_ns) * 3 <= less(batch->end_ns, start_ns);
}

/* Whether what the events say is the share's own: not where others were on the card meanwhile that the share should have kept out. But of a unit
 * that nobody knows anything of, too long a time is better than a guess: others do not wait long for a unit that is thought to be short, and
 * if it were not learnt from, it would be thought short for ever. */
static bool is_own(const struct pacer *pacer, const struct pacer_batch *batch)
{
    if (batch->guessed)
        return true;
    if (batch->shared)
        return false;
    return !batch->grant || lease_grant(pacer->share.card, pacer->share.seat) == batch->grant;
}

/* A unit that had the card to itself tells its own cost, as it is between its own events: of that, other work may have been accounted, where the end
 * of what went before was seen late, and one that were learnt to take nothing would be launched without asking for ever. Of others only the sum is known: all costs are scaled by it, since which of them
 * were wrong cannot be told; and only sums of many batches, since of streams that run side by side one batch gets the time of all. */
static void learn(struct pacer *pacer, const struct pacer_batch *batch, uint64_t own_ns, uint64_t took_ns)
{
    uint64_t scale = pacer->scale_q32 ? pacer->scale_q32 : ONE;
    if (batch->units == 1 && batch->lonely) {
        if (own_ns)
            costs_learn(pacer->costs, batch->function, batch->grid, own_ns);
        return;
    }
    pacer->sum_predicted_ns += batch->predicted_ns;
    pacer->sum_took_ns += took_ns;
    if (pacer->sum_predicted_ns < PACER_WINDOW_NS)
        return;
    uint64_t predicted = pacer->sum_predicted_ns, least = predicted / 2, most = predicted * 2;
    uint64_t took = pacer->sum_took_ns < least ? least : pacer->sum_took_ns > most ? most : pacer->sum_took_ns;
    scale += (uint64_t)((__int128)scale * ((int64_t)took - (int64_t)predicted) / 3 / (int64_t)predicted);
    pacer->scale_q32 = scale < ONE / 8 ? ONE / 8 : scale > ONE * 8 ? ONE * 8 : scale;
    pacer->sum_predicted_ns = pacer->sum_took_ns = 0;
}

/* The largest unit of late: what is measured by itself raises it, all else lets it fall. */
static void note_largest(struct pacer *pacer, const struct pacer_batch *batch, uint64_t took_ns)
{
    uint64_t *place = &pacer->share.usage->largest_unit_ns, largest = load_relaxed(place);
    if (batch->units == 1 && took_ns >= largest)
        store_relaxed(place, took_ns > COSTS_LARGEST_NS ? COSTS_LARGEST_NS : took_ns);
    else if (took_ns < largest)
        store_relaxed(place, largest - largest / 128);
}

static void correct(struct pacer *pacer, const struct pacer_batch *batch, uint64_t took_ns)
{
    add_relaxed(&pacer->share.usage->predicted_ns, took_ns - batch->predicted_ns);
    if (batch->charge_q32)
        credit_add(pacer->share.usage, batch->charged_ns - credit_times(took_ns, batch->charge_q32));
}

static void account(struct pacer *pacer, struct pacer_batch *batch, uint64_t start_ns)
{
    const struct pacer_batch *before = &pacer->batches[batch->after % PACER_BATCHES];
    uint64_t before_ns = batch->after ? before->end_ns : 0;
    uint64_t start = start_ns ? start_ns : larger(before_ns, batch->opened_ns);
    bool untold = is_untold(pacer, start);
    uint64_t took = accounted_add(pacer->share.usage, start, batch->end_ns, pacer->now_ns);
    took = took < COSTS_LARGEST_NS ? took : COSTS_LARGEST_NS;
    pacer->accounted_ns = larger(pacer->accounted_ns, batch->end_ns);
    bool whole = is_without_gap(batch, before_ns, start);
    bool measured = batch->units && batch->predicted_ns && is_own(pacer, batch) && whole;
    if (!whole)
        pacer->unsteady_ns = pacer->now_ns;
    if (measured) {
        correct(pacer, batch, took);
        if (untold || batch->guessed)
            learn(pacer, batch, start_ns ? less(batch->end_ns, start_ns) : took, took);
        note_largest(pacer, batch, took);
        pacer->measured_ns = pacer->now_ns;
    }
    if (pacer->share.slot < HAMI_SLOTS)
        add_relaxed(&pacer->share.usage->slots[pacer->share.slot].busy_ns, measured ? took : batch->predicted_ns);
}

/* Whether who sleeps until a debt is paid is to look again: it is, or by so much less than it was that the share would be idle for long. */
static bool is_sooner(int64_t owed, int64_t owes)
{
    return owed < 0 && (owes >= 0 || owes - owed > PACER_GRAIN_NS);
}

static void forget_name(struct pacer_batch *batch, uint64_t graph)
{
    if (!graph || batch->function == graph)
        batch->function = 0;
}

void pacer_forget(struct pacer *pacer, uint64_t graph)
{
    if (!graph)
        costs_forget_all(pacer->costs);
    else if (costs_find(pacer->costs, graph, 0))
        costs_forget(pacer->costs, graph);
    for (unsigned i = 0; i < PACER_BATCHES; i++)
        forget_name(&pacer->batches[i], graph);
}

void pacer_forget_open(struct pacer_lane *lane, uint64_t graph)
{
    for (int i = 0; i < PACER_STREAMS; i++)
        forget_name(&lane->open[i], graph);
}

uint64_t pacer_awaited(const struct pacer *pacer, uint64_t number)
{
    const struct pacer_batch *first = &pacer->batches[number % PACER_BATCHES];
    uint64_t together_ns = first->predicted_ns, last = number;
    for (uint64_t next = number + 1; next <= pacer->closed && !first->guessed; next++) {
        const struct pacer_batch *batch = &pacer->batches[next % PACER_BATCHES];
        together_ns += batch->predicted_ns;
        if (together_ns > TOGETHER_NS || batch->stream != first->stream || batch->guessed)
            break;
        last = next;
    }
    return last;
}

uint32_t *pacer_completed(struct pacer *pacer, uint64_t number, uint64_t start_ns, uint64_t end_ns, uint64_t now_ns)
{
    if (number != pacer->completed + 1 || number > pacer->closed)
        return NULL;
    struct pacer_batch *batch = &pacer->batches[number % PACER_BATCHES];
    pacer_clock(pacer, now_ns);
    int64_t owed = credit_ns(pacer->share.usage);
    pacer->completed = number;
    pacer->closed_ns = less(pacer->closed_ns, batch->predicted_ns);
    batch->end_ns = end_ns && end_ns < pacer->now_ns ? end_ns : pacer->now_ns;
    if (end_ns)
        account(pacer, batch, start_ns);
    pacer->ended_ns = pacer->progress_ns = pacer->now_ns;
    pacer->expected_ns = pacer->now_ns + pacer->closed_ns + pacer->open_ns;
    __atomic_fetch_add(&pacer->completions, 1, __ATOMIC_RELEASE);
    batches_publish(pacer);
    if (!is_sooner(owed, credit_ns(pacer->share.usage)))
        return NULL;
    __atomic_fetch_add(&pacer->share.usage->futex, 1, __ATOMIC_RELEASE);
    return &pacer->share.usage->futex;
}
