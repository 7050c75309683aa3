#include "cores.h"

#include "atomics.h"
#include "pacer.h"

#define WHOLE_CARD 100u

static bool is_free_for_good(const struct share *share)
{
    struct hami_limits_record record;
    return pages_read_limits(&share->pages, &record) && record.flags & HAMI_LIMITS_FIXED_CORES && pacer_unlimited(&record);
}

static bool are_free(void)
{
    if (shares_none() || !shares_limit_cores())
        return true;
    unsigned count = shares_count();
    for (unsigned i = 0; i < count; i++)
        if (!is_free_for_good(shares_at(i)))
            return false;
    return count > 0;
}

bool cores_are_free(void)
{
    static uint32_t known; /* 1: bound, 2: free; threads that find out at once find the same */
    uint32_t state = load_word(&known);
    if (!state)
        store_word(&known, state = are_free() ? 2 : 1);
    return state == 2;
}

bool cores_leave_copies(void)
{
    static uint32_t known; /* as above */
    uint32_t state = load_word(&known);
    if (!state)
        store_word(&known, state = !shares_charge_copies() || cores_are_free() ? 2 : 1);
    return state == 2;
}

uint64_t cores_version(const struct card *card)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < card->share_count; i++)
        sum += load_acquire(&card->shares[i]->pages.limits->version);
    return sum;
}

/* One share of which nothing is held, or that is of the whole card, frees them all. */
static void add(struct hami_limits_record *sum, const struct hami_limits_record *record)
{
    bool free = record->cores_percent == 0 || sum->cores_percent == 0;
    uint32_t cores = sum->cores_percent + record->cores_percent;
    sum->cores_percent = free ? 0 : cores < WHOLE_CARD ? cores : WHOLE_CARD;
    sum->policy = sum->policy == HAMI_CORES_DISABLE || record->policy == HAMI_CORES_DISABLE ? HAMI_CORES_DISABLE
                  : sum->policy == HAMI_CORES_DEFAULT || record->policy == HAMI_CORES_DEFAULT ? HAMI_CORES_DEFAULT
                                                                                              : HAMI_CORES_FORCE;
    sum->priority = record->priority < sum->priority ? record->priority : sum->priority;
    sum->weight += record->weight;
    sum->flags &= record->flags;
}

bool cores_read(const struct card *card, struct hami_limits_record *record)
{
    struct hami_limits_record sum, one;
    uint64_t version = cores_version(card);
    for (unsigned i = 0; i < card->share_count; i++) {
        if (!pages_read_limits(&card->shares[i]->pages, &one))
            return false;
        if (i == 0)
            sum = one;
        else
            add(&sum, &one);
    }
    if (!card->share_count)
        return false;
    *record = sum;
    record->version = version;
    return true;
}
