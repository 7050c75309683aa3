#include "credit.h"

#include "atomics.h"

#define DAY_NS UINT64_C(86400000000000)

int64_t credit_ns(const struct hami_usage *usage)
{
    return load_signed(&usage->credit_ns);
}

int64_t credit_add(struct hami_usage *usage, int64_t ns)
{
    return add_signed(&usage->credit_ns, ns);
}

/* A page of which somebody made nonsense comes back to sense by the next change. */
static int64_t room(int64_t credit, uint64_t burst_ns)
{
    if (credit > (int64_t)DAY_NS || credit < -(int64_t)DAY_NS)
        return (int64_t)(0 - (uint64_t)credit);
    return credit >= (int64_t)burst_ns ? 0 : (int64_t)burst_ns - credit;
}

void credit_refill(struct hami_usage *usage, uint32_t percent, uint64_t burst_ns, uint64_t now_ns)
{
    uint64_t seen = load_acquire(&usage->refilled_at_ns);
    if (seen > now_ns && seen - now_ns <= CREDIT_SLACK_NS)
        return; /* a peer was here with a later clock */
    bool in_steps = seen <= now_ns && now_ns - seen <= CREDIT_STEP_NS;
    /* In whole hundreds of ns: else what is rounded off, thousands of times a second, is missing from the share. */
    uint64_t hundreds = (in_steps ? now_ns - seen : seen > now_ns ? 0 : CREDIT_STEP_NS) / 100, earned = hundreds * percent;
    uint64_t until = in_steps ? seen + hundreds * 100 : now_ns;
    if (until == seen || !claim(&usage->refilled_at_ns, &seen, until))
        return;
    int64_t most = room(credit_ns(usage), burst_ns);
    credit_add(usage, most < (int64_t)earned ? most : (int64_t)earned);
}

uint64_t credit_wait_ns(int64_t credit, uint32_t percent)
{
    if (credit >= 0)
        return 0;
    uint64_t debt = -(uint64_t)credit;
    return !percent || debt > DAY_NS / 100 ? DAY_NS : debt * 100 / percent + 1;
}

int64_t credit_times(uint64_t ns, uint64_t factor_q32)
{
    unsigned __int128 product = (unsigned __int128)ns * factor_q32 >> 32;
    return product > INT64_MAX ? INT64_MAX : (int64_t)product;
}
