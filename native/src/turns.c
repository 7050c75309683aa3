#include "turns.h"

#include <stddef.h>

#include "atomics.h"
#include "batches.h"
#include "credit.h"
#include "lease.h"
#include "of_two.h"
#include "pacer_clock.h"

#define OVERDUE_NS UINT64_C(10000000)         /* work that is late by more may be waiting for another process's */
#define OVERDUE_MOST_NS UINT64_C(300000000)   /* by this much more it was not that, or a dead process's */
#define FORGOTTEN_NS UINT64_C(2000000000)     /* and so long after it should have ended, it is not looked at any more */

bool turns_on_card(const struct pacer *pacer)
{
    return pacer->share.card && pacer->share.seat < HAMI_SEATS;
}

/* Work of the share that is late in another process may be a kernel that waits for one of this process: then the wait for credit would be
 * for ever, or as good as. Late is more than the share's processes could explain by taking turns. */
static bool is_late(const struct hami_slot *slot, unsigned processes, uint64_t now_ns)
{
    uint64_t in_flight = load_relaxed(&slot->in_flight_ns), done = load_relaxed(&slot->expected_done_ns);
    uint64_t allowed = OVERDUE_NS + 3 * smaller(in_flight, COSTS_LARGEST_NS) * processes;
    return in_flight && now_ns > done + allowed && now_ns - done - allowed < OVERDUE_MOST_NS;
}

/* Visit the slots of other processes of the share that have work in flight. */
static unsigned next_working(const struct pacer *pacer, unsigned from)
{
    for (unsigned slot = from; slot < HAMI_SLOTS; slot++) {
        if (!(slot % 64) && !load_acquire(&pacer->share.usage->working[slot / 64]))
            slot += 63;
        else if (slot != pacer->share.slot && bit_is_set(pacer->share.usage->working, slot))
            return slot;
    }
    return HAMI_SLOTS;
}

unsigned turns_siblings_at_work(const struct pacer *pacer)
{
    unsigned siblings = 0;
    for (unsigned slot = next_working(pacer, 0); slot < HAMI_SLOTS; slot = next_working(pacer, slot + 1))
        siblings++;
    return siblings;
}

bool turns_sibling_works(const struct pacer *pacer)
{
    return next_working(pacer, 0) < HAMI_SLOTS;
}

bool turns_sibling_is_late(const struct pacer *pacer, uint64_t now_ns)
{
    unsigned processes = 1 + turns_siblings_at_work(pacer);
    for (unsigned slot = next_working(pacer, 0); slot < HAMI_SLOTS; slot = next_working(pacer, slot + 1))
        if (is_late(&pacer->share.usage->slots[slot], processes, now_ns))
            return true;
    return false;
}

uint64_t turns_longest_unit(const struct pacer *pacer)
{
    return smaller(load_relaxed(&pacer->share.usage->largest_unit_ns), COSTS_LARGEST_NS);
}

static uint64_t grace(const struct pacer *pacer)
{
    return 4 * larger(PACER_WINDOW_NS, turns_longest_unit(pacer));
}

/* Whether no process of the share has anything in flight. One that died with something in flight is not waited for longer than its work. */
bool turns_share_is_idle(const struct pacer *pacer, uint64_t now_ns)
{
    if (!batches_idle(pacer, now_ns))
        return false;
    for (unsigned slot = next_working(pacer, 0); slot < HAMI_SLOTS; slot = next_working(pacer, slot + 1)) {
        const struct hami_slot *sibling = &pacer->share.usage->slots[slot];
        uint64_t done = load_relaxed(&sibling->expected_done_ns);
        if (load_relaxed(&sibling->in_flight_ns) && now_ns < done + grace(pacer) && done < now_ns + PACER_ASLEEP_NS + grace(pacer))
            return false;
        if (now_ns > done + FORGOTTEN_NS)
            clear_bit(pacer->share.usage->working, slot);
    }
    return true;
}

/* When a share that launches nothing more is taken to have stopped: what its threads may still launch without asking is waited for. */
static uint64_t idle_at(const struct pacer *pacer, uint64_t now_ns)
{
    uint64_t last = larger(larger(pacer->launched_ns, pacer->ended_ns), lease_since(pacer->share.card, pacer->share.seat, now_ns));
    return larger(last + pacer->unspent_ns + TURNS_IDLE_NS, pacer->open_ns ? pacer->expected_ns : 0);
}

/* Whether the holder is to give the lease up: nothing of it is on the card, and its turn is over, or it can or does not go on; or it kept the
 * others waiting for so long that they will not wait for that. */
static bool is_due(const struct pacer *pacer, uint64_t now_ns)
{
    const struct pacer_share *share = &pacer->share;
    bool awaited = lease_awaited(share->card, share->seat, now_ns);
    if (awaited && lease_overdue(share->card, PACER_WINDOW_NS, now_ns))
        return true;
    if (!turns_share_is_idle(pacer, now_ns))
        return false;
    if (now_ns > idle_at(pacer, now_ns))
        return true;
    if (!awaited || credit_ns(share->usage) < 0)
        return awaited;
    return now_ns > lease_deadline(share->card, share->seat, now_ns) && !lease_prolong(share->card, share->seat, now_ns);
}

uint32_t *pacer_yield(struct pacer *pacer, uint64_t now_ns)
{
    uint64_t now = pacer_clock(pacer, now_ns);
    if (!turns_on_card(pacer))
        return NULL;
    struct hami_card *card = pacer->share.card;
    int holder = lease_holder(card);
    bool own = holder == (int)pacer->share.seat;
    if (own ? is_due(pacer, now) : holder < 0 || lease_overdue(card, PACER_WINDOW_NS, now))
        return lease_pass(card, holder, now);
    return NULL;
}

uint64_t pacer_next(const struct pacer *pacer, uint64_t now_ns)
{
    if (!turns_on_card(pacer) || lease_holder(pacer->share.card) != (int)pacer->share.seat || pacer->closed != pacer->completed)
        return UINT64_MAX;
    return larger(idle_at(pacer, now_ns) + 1, now_ns + TURNS_IDLE_NS);
}

uint32_t *pacer_seat_died(struct pacer *pacer, unsigned seat, uint64_t now_ns)
{
    if (!turns_on_card(pacer) || seat >= HAMI_SEATS || seat == pacer->share.seat)
        return NULL;
    return lease_drop_seat(pacer->share.card, seat, pacer_clock(pacer, now_ns));
}

/* One with a limit says it when it works, so it keeps nobody from having the card alone by being there. */
static bool is_suspect(const struct pacer *pacer, unsigned seat)
{
    const struct hami_card *card = pacer->share.card;
    return seat != pacer->share.seat && bit_is_set(card->present, seat) && !load_word(&card->seats[seat].cores_percent);
}

int pacer_suspect(struct pacer *pacer)
{
    if (!turns_on_card(pacer))
        return -1;
    for (unsigned i = 1; i <= HAMI_SEATS; i++) {
        unsigned seat = (pacer->suspect + i) % HAMI_SEATS;
        if (is_suspect(pacer, seat)) {
            pacer->suspect = seat;
            return (int)seat;
        }
    }
    return -1;
}

void pacer_present(struct pacer *pacer, const struct hami_limits_record *record, uint64_t now_ns)
{
    if (!turns_on_card(pacer))
        return;
    struct hami_card *card = pacer->share.card;
    (void)pacer_clock(pacer, now_ns);
    store_word(&card->seats[pacer->share.seat].cores_percent, record->policy == HAMI_CORES_DISABLE ? 0 : record->cores_percent);
    set_bit(card->present, pacer->share.seat);
}
