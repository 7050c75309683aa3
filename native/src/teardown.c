#include "teardown.h"

#include <errno.h>
#include <time.h>

#include "atomics.h"
#include "coarse_clock.h"
#include "libc.h"

#define WAIT_NS 50000000
#define TEARDOWN_NS UINT64_C(2000000000) /* a driver may take so long to take apart what a dead process held */

/* Whether a process that died was refunded on the card within the last TEARDOWN_NS, as far as this process saw it. */
static bool refunded_lately(struct membership *membership, const struct share *share, uint64_t now_ns)
{
    uint64_t reaps = load_relaxed(&share->pages.usage->reaps);
    if (reaps != membership->reaps_seen) {
        membership->reaps_seen = reaps;
        membership->refunded_at_ns = now_ns;
    }
    return membership->refunded_at_ns && now_ns - membership->refunded_at_ns < TEARDOWN_NS;
}

/* Whether the driver may still be taking apart what a dead process held of the card. */
static bool card_refunded_lately(const struct card *card)
{
    bool lately = false;
    struct process *process = process_enter();
    if (!process)
        return false;
    for (unsigned i = 0; i < card->share_count; i++)
        lately |= refunded_lately(&process->memberships[card->shares[i]->number], card->shares[i], coarse_clock_now_ns());
    process_leave(process);
    return lately;
}

bool teardown_waited(CUresult result, const struct card *card)
{
    struct timespec left = {.tv_nsec = WAIT_NS};
    if (result != CUDA_ERROR_OUT_OF_MEMORY || !card_refunded_lately(card))
        return false;
    while (libc_sleep(&left, &left) != 0 && errno == EINTR)
        ;
    return true;
}
