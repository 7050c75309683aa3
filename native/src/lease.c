#include "lease.h"

#include <stddef.h>

#include "atomics.h"

#define WORDS (HAMI_SEATS / 64)
#define SEAT_MASK UINT64_C(0xffff)
#define LONGEST_UNIT_NS UINT64_C(2000000000) /* a seat that claims a longer one is not believed */
#define STALE_NS UINT64_C(1000000000)
#define TURN_SHIFT 10

/* The index of the next bit from `from` on that is set; HAMI_SEATS: none. */
static unsigned next_bit(const uint64_t *words, unsigned from)
{
    for (unsigned word = from / 64; word < WORDS; word++) {
        uint64_t bits = load_acquire(&words[word]);
        if (word == from / 64)
            bits &= ~UINT64_C(0) << from % 64;
        if (bits)
            return word * 64 + (unsigned)__builtin_ctzll(bits);
    }
    return HAMI_SEATS;
}

/* Whether a time that a page gives lies ahead, and no further than it may. */
static bool is_ahead(uint64_t time_ns, uint64_t now_ns)
{
    return time_ns > now_ns && time_ns - now_ns <= STALE_NS;
}

static bool is_at_work(const struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    return is_ahead(load_relaxed(&card->seats[seat].active_until_ns), now_ns);
}

void lease_announce(struct hami_card *card, unsigned seat, const struct hami_limits_record *record, uint64_t busy_until_ns,
                    uint64_t now_ns)
{
    struct hami_seat *place = &card->seats[seat];
    uint64_t from = busy_until_ns < now_ns ? now_ns : busy_until_ns - now_ns < STALE_NS / 2 ? busy_until_ns : now_ns + STALE_NS / 2;
    store_word(&place->priority, record->priority);
    store_word(&place->weight, record->weight);
    store_word(&place->cores_percent, record->policy == HAMI_CORES_DISABLE ? 0 : record->cores_percent);
    store_relaxed(&place->active_until_ns, from + LEASE_ACTIVE_NS);
    set_bit(card->active, seat);
    if (record->priority == 0)
        store_relaxed(&card->high_until_ns, from + LEASE_HIGH_NS);
}

/* Bits of shares that fell silent are taken down by whoever meets them. One that spoke up just now may lose its bit by that,
 * until it speaks again, which it does at each grain. */
static void forget_silent(struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    uint64_t until = load_relaxed(&card->seats[seat].active_until_ns);
    if (until > now_ns + STALE_NS || until + STALE_NS < now_ns)
        clear_bit(card->active, seat);
}

struct lease_neighbours lease_neighbours(struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    struct lease_neighbours seen = {0};
    for (unsigned i = next_bit(card->active, 0); i < HAMI_SEATS; i = next_bit(card->active, i + 1)) {
        bool works = i != seat && is_at_work(card, i, now_ns);
        seen.any |= works;
        seen.limited |= works && load_word(&card->seats[i].cores_percent);
        if (!works && i != seat)
            forget_silent(card, i, now_ns);
    }
    for (unsigned i = next_bit(card->present, 0); i < HAMI_SEATS && !seen.any; i = next_bit(card->present, i + 1))
        seen.any = i != seat && !load_word(&card->seats[i].cores_percent);
    return seen;
}

uint64_t lease_high_until(const struct hami_card *card, uint64_t now_ns)
{
    uint64_t until = load_relaxed(&card->high_until_ns);
    if (!is_ahead(until, now_ns))
        return 0;
    return until - now_ns > LEASE_ACTIVE_NS ? now_ns + LEASE_ACTIVE_NS : until;
}

static int seat_of(uint64_t lease)
{
    uint64_t seat = lease & SEAT_MASK;
    return seat > HAMI_SEATS ? -1 : (int)seat - 1;
}

int lease_holder(const struct hami_card *card)
{
    return seat_of(load_acquire(&card->lease));
}

uint64_t lease_grant(const struct hami_card *card, unsigned seat)
{
    uint64_t lease = load_acquire(&card->lease);
    return seat_of(lease) == (int)seat ? (lease >> 16) + 1 : 0;
}

/* As the share says; what it cannot mean counts as nothing. */
static uint64_t largest_unit_ns(const struct hami_card *card, unsigned seat)
{
    uint64_t largest = load_relaxed(&card->seats[seat].largest_unit_ns);
    return largest > LONGEST_UNIT_NS ? 0 : largest;
}

/* How long a grant of a seat is: G, or four of its largest units, within bounds. */
static uint64_t turn_ns(const struct hami_card *card, unsigned seat)
{
    uint64_t four = 4 * largest_unit_ns(card, seat);
    return four < LEASE_TURN_NS ? LEASE_TURN_NS : four > LEASE_TURN_MOST_NS ? LEASE_TURN_MOST_NS : four;
}

uint64_t lease_deadline(const struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    uint64_t deadline = load_relaxed(&card->seats[seat].until_ns);
    return deadline > now_ns + LEASE_TURN_MOST_NS ? now_ns : deadline;
}

uint64_t lease_since(const struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    uint64_t since = load_relaxed(&card->seats[seat].since_ns);
    return since > now_ns ? now_ns : since;
}

bool lease_overdue(const struct hami_card *card, uint64_t window_ns, uint64_t now_ns)
{
    int holder = lease_holder(card);
    if (holder < 0)
        return false;
    uint64_t unit = largest_unit_ns(card, (unsigned)holder);
    return now_ns > lease_deadline(card, (unsigned)holder, now_ns) + 4 * (unit > window_ns ? unit : window_ns);
}

void lease_queue(struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    struct hami_seat *place = &card->seats[seat];
    if (bit_is_set(card->queued, seat) && load_relaxed(&place->queued_since_ns))
        return;
    uint64_t least = load_relaxed(&card->turns_ns), had = load_relaxed(&place->turns_ns);
    /* Who was away has not saved up turns; and who claims to have had more than ever was is begun anew. */
    if (had < least || had - least > STALE_NS << TURN_SHIFT)
        store_relaxed(&place->turns_ns, least);
    store_relaxed(&place->queued_since_ns, now_ns);
    set_bit(card->queued, seat);
}

void lease_leave_queue(struct hami_card *card, unsigned seat)
{
    if (!bit_is_set(card->queued, seat))
        return;
    clear_bit(card->queued, seat);
    store_relaxed(&card->seats[seat].queued_since_ns, 0);
}

/* Whether seat a comes before seat b: by priority, then by the turns it had, then by how long it waits. */
static bool comes_before(const struct hami_card *card, unsigned a, unsigned b)
{
    const struct hami_seat *left = &card->seats[a], *right = &card->seats[b];
    uint32_t high = load_word(&left->priority), low = load_word(&right->priority);
    if (high != low)
        return high < low;
    uint64_t had = load_relaxed(&left->turns_ns), other = load_relaxed(&right->turns_ns);
    if (had != other)
        return had < other;
    return load_relaxed(&left->queued_since_ns) < load_relaxed(&right->queued_since_ns);
}

/* Who comes next of those that wait and live, as far as they have said so of late; negative: nobody. */
static int first_in_queue(const struct hami_card *card, int without, uint64_t now_ns)
{
    int first = -1;
    for (unsigned i = next_bit(card->queued, 0); i < HAMI_SEATS; i = next_bit(card->queued, i + 1))
        if ((int)i != without && is_at_work(card, i, now_ns) && (first < 0 || comes_before(card, i, (unsigned)first)))
            first = (int)i;
    return first;
}

bool lease_awaited(struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    return first_in_queue(card, (int)seat, now_ns) >= 0;
}

/* What a seat has had since its turn began, by its weight. */
static uint64_t turn_had(const struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    uint64_t since = lease_since(card, seat, now_ns), weight = load_word(&card->seats[seat].weight);
    uint64_t had = now_ns - since < STALE_NS ? now_ns - since : LEASE_TURN_NS;
    return (had << TURN_SHIFT) / (weight ? weight : 1);
}

/* Swap the lease from what was seen to a seat, or to nobody (negative). */
static bool hand_over(struct hami_card *card, uint64_t seen, int to, uint64_t turn, uint64_t now_ns)
{
    int from = seat_of(seen);
    uint64_t next = ((seen >> 16) + 1) << 16 | (uint64_t)(to + 1);
    if (to >= 0) {
        store_release(&card->seats[to].since_ns, now_ns);
        store_release(&card->seats[to].until_ns, now_ns + turn);
    }
    if (!claim(&card->lease, &seen, next))
        return false;
    if (from >= 0 && from != to)
        store_relaxed(&card->seats[from].turns_ns, load_relaxed(&card->seats[from].turns_ns) + turn_had(card, (unsigned)from, now_ns));
    if (to < 0)
        return true;
    lease_leave_queue(card, (unsigned)to);
    store_relaxed(&card->since_ns, now_ns);
    store_relaxed(&card->turns_ns, load_relaxed(&card->seats[to].turns_ns));
    __atomic_fetch_add(&card->seats[to].futex, 1, __ATOMIC_RELEASE);
    return true;
}

static bool take(struct hami_card *card, unsigned seat, uint64_t turn, uint64_t now_ns)
{
    uint64_t seen = load_acquire(&card->lease);
    int holder = seat_of(seen), first = first_in_queue(card, (int)seat, now_ns);
    if (holder == (int)seat)
        return true;
    if (holder >= 0 && load_word(&card->seats[holder].priority) <= load_word(&card->seats[seat].priority))
        return false;
    if (first >= 0 && !comes_before(card, seat, (unsigned)first))
        return false;
    return hand_over(card, seen, (int)seat, turn, now_ns);
}

bool lease_take(struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    return take(card, seat, turn_ns(card, seat), now_ns);
}

bool lease_hold(struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    return take(card, seat, 0, now_ns);
}

bool lease_prolong(struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    int first = first_in_queue(card, (int)seat, now_ns);
    struct hami_seat *place = &card->seats[seat];
    uint64_t had = load_relaxed(&place->turns_ns) + turn_had(card, seat, now_ns);
    if (first < 0 || lease_holder(card) != (int)seat || load_word(&card->seats[first].priority) < load_word(&place->priority) ||
        had >= load_relaxed(&card->seats[first].turns_ns))
        return false;
    store_relaxed(&place->turns_ns, had);
    store_relaxed(&place->since_ns, now_ns);
    store_release(&place->until_ns, now_ns + turn_ns(card, seat));
    return true;
}

uint32_t *lease_pass(struct hami_card *card, int holder, uint64_t now_ns)
{
    uint64_t seen = load_acquire(&card->lease);
    if (seat_of(seen) != holder)
        return NULL; /* somebody was faster */
    int first = first_in_queue(card, holder, now_ns);
    if (first < 0 && holder < 0)
        return NULL;
    return hand_over(card, seen, first, first < 0 ? 0 : turn_ns(card, (unsigned)first), now_ns) && first >= 0 ? &card->seats[first].futex : NULL;
}

uint32_t *lease_drop_seat(struct hami_card *card, unsigned seat, uint64_t now_ns)
{
    clear_bit(card->active, seat);
    clear_bit(card->present, seat);
    lease_leave_queue(card, seat);
    store_relaxed(&card->seats[seat].active_until_ns, 0);
    return lease_holder(card) == (int)seat ? lease_pass(card, (int)seat, now_ns) : NULL;
}
