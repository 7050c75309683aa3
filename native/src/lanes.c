#include "lanes.h"

#include <stdlib.h>

#include "resolve.h"
#include "threads.h"
#include "waits.h"

#define DEFAULT_STREAMS (UINT64_C(1) << 63) /* of our keys; handles are addresses of the program, and so lie below */
#define CONTEXT_SHIFT 48

static _Thread_local struct launch_lane *lanes __attribute__((tls_model("initial-exec"))); /* of this thread, on all cards */

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

static void leave_all(void *first)
{
    launch_lane = &launch_no_lane;
    lanes = NULL;
    for (struct launch_lane *lane = first, *next; lane; lane = next) {
        next = lane->next;
        leave(lane);
        free(lane);
    }
}

static struct launch_lane *make_lane(struct gate *gate)
{
    struct launch_lane *lane = calloc(1, sizeof *lane);
    if (!lane)
        return NULL;
    *lane = (struct launch_lane){.covers = {LAUNCH_NO_STREAM, LAUNCH_NO_STREAM}, .gate = gate, .next = lanes};
    lock_take(&gate->lock);
    lane->sibling = gate->lanes;
    gate->lanes = lane;
    lock_give(&gate->lock);
    lanes = lane;
    threads_at_end(leave_all, lanes);
    return lane;
}

/* A child that was forked has the lanes of its parent's gates too, which it passes over. */
struct launch_lane *lanes_on(struct gate *gate, bool shown)
{
    struct launch_lane *lane = lanes;
    while (lane && lane->gate != gate)
        lane = lane->next;
    lane = lane ? lane : make_lane(gate);
    launch_lane = lane && shown ? lane : &launch_no_lane;
    return lane;
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

void lanes_cover(struct launch_lane *lane, const struct gate_work *work)
{
    lane->covers[LAUNCH_LEGACY] = lane->covers[LAUNCH_PER_THREAD] = (uintptr_t)work->stream;
    if (is_legacy(work->stream, work->api)) {
        lane->covers[LAUNCH_LEGACY] = 0;
        lane->covers[LAUNCH_PER_THREAD] = (uintptr_t)CU_STREAM_LEGACY;
    } else if (is_per_thread(work->stream, work->api)) {
        lane->covers[LAUNCH_LEGACY] = (uintptr_t)CU_STREAM_PER_THREAD;
        lane->covers[LAUNCH_PER_THREAD] = 0;
    }
}

void lanes_uncover(struct launch_lane *lane)
{
    lane->covers[LAUNCH_LEGACY] = lane->covers[LAUNCH_PER_THREAD] = LAUNCH_NO_STREAM;
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
