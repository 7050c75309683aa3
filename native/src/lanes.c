#include "lanes.h"

#include <stdlib.h>

#include "atomics.h"
#include "captures.h"
#include "cards.h"
#include "resolve.h"
#include "threads.h"
#include "waits.h"

#define DEFAULT_STREAMS (UINT64_C(1) << 63) /* of our keys; handles are addresses of the program, and so lie below */
#define CONTEXT_SHIFT 48

/* Of this thread, on all cards; where it came by a fork, those of its parent's thread stand at the end. */
static _Thread_local struct launch_lane *lanes __attribute__((tls_model("initial-exec")));
static _Thread_local struct launch_lane *lanes_of_parent __attribute__((tls_model("initial-exec")));

/* A thread ends: what its lanes have not used is the share's again. */
static void leave(struct launch_lane *lane)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate *gate = lane->gate;
    waits_abandon(real, lane);
    lock_take(&gate->lock);
    pacer_leave(&gate->pacer, &lane->pacer, waits_now_ns());
    for (struct launch_lane **place = &gate->lanes; *place; place = &(*place)->sibling)
        if (*place == lane) {
            *place = lane->sibling;
            break;
        }
    for (unsigned i = 0; i < PACER_STREAMS; i++)
        if (lane->open[i].marks)
            lane->open[i].marks->uses--;
    lock_give(&gate->lock);
    for (unsigned i = 0; i < PACER_STREAMS; i++)
        waits_return(real, gate, lane->open[i].marks, lane->open[i].start);
}

/* Whether the lanes, if there are any, are of this process: a child that was forked finds its parent's. */
static bool are_own(void)
{
    struct gate *gate = gate_first();
    while (gate && lanes && gate != lanes->gate)
        gate = gate->next;
    return gate || !lanes;
}

static void leave_all(void *first)
{
    struct launch_lane *end = are_own() ? lanes_of_parent : first;
    launch_lane = &launch_no_lane;
    lanes = end;
    for (struct launch_lane *lane = first, *next; lane != end; lane = next) {
        next = lane->next;
        leave(lane);
        free(lane);
    }
}

void lanes_show_costs(struct launch_lane *lane)
{
    __atomic_store_n(&lane->costs, captures_any() ? &launch_no_costs : &lane->gate->costs, __ATOMIC_RELAXED);
}

static struct launch_lane *make_lane(struct gate *gate)
{
    struct launch_lane *lane = calloc(1, sizeof *lane);
    if (!lane)
        return NULL;
    *lane = (struct launch_lane){.gate = gate, .next = lanes};
    lanes_uncover(lane);
    lanes_forget_streams(lane);
    lock_take(&gate->lock);
    lane->sibling = gate->lanes;
    gate->lanes = lane;
    lanes_show_costs(lane);
    lock_give(&gate->lock);
    lanes = lane;
    threads_at_end(leave_all, lanes);
    return lane;
}

struct launch_lane *lanes_on(struct gate *gate)
{
    struct launch_lane *lane = lanes_of_card(gate->card);
    if (lane && lane->gate == gate)
        return lane;
    if (!are_own())
        lanes_of_parent = lanes; /* they stay as they are: their locks may be held for ever */
    return make_lane(gate);
}

struct launch_lane *lanes_of_card(const struct card *card)
{
    struct launch_lane *lane = lanes;
    while (lane != lanes_of_parent && lane->gate->card != card)
        lane = lane->next;
    return lane != lanes_of_parent ? lane : NULL;
}

struct launch_lane *lanes_of_stream(uint64_t stream)
{
    struct launch_lane *lane = lanes;
    while (lane != lanes_of_parent && !lanes_have_seen(lane, stream))
        lane = lane->next;
    return lane != lanes_of_parent ? lane : NULL;
}

void lanes_forget_stream(struct launch_lane *lane, CUstream stream)
{
    uint64_t handle = (uintptr_t)stream;
    if (lanes_have_seen(lane, handle))
        store_relaxed(&lane->seen[LAUNCH_SEEN_PLACE(handle)], LAUNCH_NO_STREAM);
    if (load_relaxed(&lane->here[LAUNCH_LEGACY]) == handle)
        lanes_uncover(lane);
}

/* No other lane of the thread knows it any more, should its end have gone unseen. */
void lanes_see(struct launch_lane *lane, CUstream stream)
{
    uint64_t handle = (uintptr_t)stream;
    if (launch_is_default(stream) || lanes_have_seen(lane, handle))
        return;
    for (struct launch_lane *other = lanes; other != lanes_of_parent; other = other->next)
        lanes_forget_stream(other, stream);
    store_relaxed(&lane->seen[LAUNCH_SEEN_PLACE(handle)], handle);
}

void lanes_forget_streams(struct launch_lane *lane)
{
    for (unsigned i = 0; i < LAUNCH_SEEN; i++)
        store_relaxed(&lane->seen[i], LAUNCH_NO_STREAM);
    lanes_uncover(lane);
}

static bool is_legacy(CUstream stream, enum launch_api api)
{
    return stream == CU_STREAM_LEGACY || (!stream && api == LAUNCH_LEGACY);
}

static bool is_per_thread(CUstream stream, enum launch_api api)
{
    return stream == CU_STREAM_PER_THREAD || (!stream && api == LAUNCH_PER_THREAD);
}

struct launch_open lanes_name(const struct launch_lane *lane, struct marks *marks, const struct gate_work *work)
{
    uint64_t context = DEFAULT_STREAMS | (marks->number << CONTEXT_SHIFT & (DEFAULT_STREAMS - 1));
    struct launch_open open = {.key = (uintptr_t)work->stream, .stream = work->stream, .marks = marks};
    if (is_legacy(work->stream, work->api))
        return (struct launch_open){.key = context, .stream = NULL, .marks = marks};
    if (is_per_thread(work->stream, work->api))
        return (struct launch_open){.key = context | (uintptr_t)lane, .stream = CU_STREAM_PER_THREAD, .marks = marks};
    return open;
}

static void cover(struct launch_lane *lane, uint64_t legacy, uint64_t per_thread, bool everywhere)
{
    store_relaxed(&lane->here[LAUNCH_LEGACY], legacy);
    store_relaxed(&lane->here[LAUNCH_PER_THREAD], per_thread);
    store_relaxed(&lane->covers[LAUNCH_LEGACY], everywhere ? legacy : LAUNCH_NO_STREAM);
    store_relaxed(&lane->covers[LAUNCH_PER_THREAD], everywhere ? per_thread : LAUNCH_NO_STREAM);
}

void lanes_cover(struct launch_lane *lane, const struct gate_work *work)
{
    bool only = cards_is_only(lane->gate->card);
    if (is_legacy(work->stream, work->api))
        cover(lane, 0, (uintptr_t)CU_STREAM_LEGACY, only);
    else if (is_per_thread(work->stream, work->api))
        cover(lane, (uintptr_t)CU_STREAM_PER_THREAD, 0, only);
    else
        cover(lane, (uintptr_t)work->stream, (uintptr_t)work->stream, true);
}

void lanes_uncover(struct launch_lane *lane)
{
    cover(lane, LAUNCH_NO_STREAM, LAUNCH_NO_STREAM, true);
}

/* What pacer has an open batch in and what is kept of it agree, but for streams that ended, whose places are free again. */
static void drop_closed(struct launch_lane *lane)
{
    for (unsigned i = 0; i < PACER_STREAMS; i++) {
        bool open = !lane->open[i].key;
        for (unsigned j = 0; j < PACER_STREAMS && !open; j++)
            open = lane->pacer.open[j].open && lane->pacer.open[j].stream == lane->open[i].key;
        if (open)
            continue;
        if (lane->open[i].marks)
            lane->open[i].marks->uses--;
        lane->open[i] = (struct launch_open){0}; /* with its start event, if it has one: that happens when a launch failed */
    }
}

bool lanes_have_open(struct launch_lane *lane, uint64_t key)
{
    bool open = false;
    lock_take(&lane->gate->lock);
    drop_closed(lane);
    for (unsigned i = 0; i < PACER_STREAMS; i++)
        open |= lane->open[i].key == key && lane->open[i].marks;
    lock_give(&lane->gate->lock);
    return open;
}

CUevent lanes_keep_open(struct launch_lane *lane, const struct launch_open *open)
{
    struct launch_open *place = NULL;
    drop_closed(lane);
    for (unsigned i = 0; i < PACER_STREAMS; i++) {
        if (lane->open[i].key == open->key && lane->open[i].marks)
            return open->start;
        place = !lane->open[i].key || lane->open[i].key == open->key ? &lane->open[i] : place;
    }
    if (!place)
        return open->start;
    *place = *open;
    place->marks->uses++;
    return NULL;
}
