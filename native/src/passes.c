/* Launches that the look does not let go on, and that need not be asked for all the same (launch_gate.h): it found the lane of another card, or
 * could not tell the card, or cannot tell whether nothing is limited. Not here: those that must be asked for (gate.c). */
#include <errno.h>

#include "cards.h"
#include "cores.h"
#include "gate.h"
#include "lanes.h"
#include "resolve.h"

#define ASK_AGAIN 256 /* so many launches go by what is known of a stream that is not limited; then the driver is asked: its end may have gone unseen */

static struct launch_lane *lane_of_stream(uint64_t stream)
{
    struct launch_lane *lane = launch_lane;
    return lanes_have_seen(lane, stream) ? lane : lanes_of_stream(stream);
}

static struct launch_lane *lane_of_card(const struct card *card)
{
    struct launch_lane *lane = launch_lane;
    return lane->gate && lane->gate->card == card ? lane : lanes_of_card(card);
}

/* A child that was forked finds its parent's lanes, and does not go by what their gates know. */
static bool is_of_this_process(const struct gate *gate)
{
    const struct gate *own = gate_first();
    while (own && own != gate)
        own = own->next;
    return own != NULL;
}

static bool is_unlimited(const struct gate *gate)
{
    return __atomic_load_n(&gate->unlimited, __ATOMIC_RELAXED) == cores_version(gate->card) && is_of_this_process(gate);
}

bool gate_passes(enum launch_api api, uint64_t function, uint64_t grid, CUstream stream)
{
    bool by_stream = cards_are_several() && !launch_is_default(stream);
    int kept = errno; /* shares may be opened here */
    struct launch_lane *lane = by_stream ? lane_of_stream((uintptr_t)stream) : lane_of_card(cards_in_use(resolve_cuda()));
    errno = kept;
    if (!lane)
        return false;
    launch_lane = lane;
    if (__atomic_load_n(&lane->here[api], __ATOMIC_RELAXED) == (uintptr_t)stream && launch_takes(lane, function, grid))
        return true;
    return !(by_stream && ++lane->unasked % ASK_AGAIN == 0) && is_unlimited(lane->gate);
}
