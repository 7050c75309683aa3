#include "endings.h"

#include <stdbool.h>

#include "gate.h"
#include "lanes.h"
#include "resolve.h"
#include "waits.h"

#define PATIENCE_NS UINT64_C(1000000000)
#define LOOK_NS 50000

enum { OPEN_MOST = 64, EVENTS_MOST = 2 * MARKS_IDLE + 1 + 2 * PACER_BATCHES + OPEN_MOST };

/* Events that are to be destroyed. */
struct given_up {
    unsigned count;
    CUevent events[EVENTS_MOST];
};

static void give_up(struct given_up *list, CUevent *event)
{
    if (*event && list->count < EVENTS_MOST)
        list->events[list->count++] = *event;
    *event = NULL;
}

/* Look again and again, until it is so or the patience ends, whether nobody uses it. */
static bool wait_until(bool (*unused)(const struct gate *, const void *), struct gate *gate, const void *what)
{
    uint64_t until = waits_now_ns() + PATIENCE_NS;
    for (;;) {
        lock_take(&gate->lock);
        bool is_unused = unused(gate, what);
        lock_give(&gate->lock);
        if (is_unused || waits_now_ns() > until)
            return is_unused;
        waits_pause(LOOK_NS);
    }
}

static bool stream_is_unused(const struct gate *gate, const void *stream)
{
    for (const struct launch_lane *lane = gate->lanes; lane; lane = lane->sibling)
        if (lane->marking.key && lane->marking.stream == stream)
            return false;
    return true;
}

static bool marks_are_unused(const struct gate *gate, const void *marks)
{
    for (const struct launch_lane *lane = gate->lanes; lane; lane = lane->sibling)
        if (lane->marking.key && lane->marking.marks == marks)
            return false;
    return gate->waited != marks;
}

/* The place is kept, so that the batch's end is asked for, and without marks, so that it gets none. */
static void unmark(struct launch_open *open, struct given_up *list)
{
    give_up(list, &open->start);
    open->marks->uses--;
    open->marks = NULL;
}

static void unmark_stream(struct gate *gate, CUstream stream, struct given_up *list)
{
    for (struct launch_lane *lane = gate->lanes; lane; lane = lane->sibling) {
        lanes_forget_stream(lane, stream);
        for (unsigned i = 0; i < PACER_STREAMS; i++)
            if (lane->open[i].marks && lane->open[i].stream == stream)
                unmark(&lane->open[i], list);
    }
}

static void destroy(const struct given_up *list)
{
    const struct real_cuda *real = resolve_cuda();
    for (unsigned i = 0; i < list->count; i++)
        (void)real->cuEventDestroy_v2(list->events[i]);
}

void endings_of_stream(CUstream stream)
{
    for (struct gate *gate = gate_first(); gate && stream; gate = gate->next) {
        struct given_up list = {.count = 0};
        lock_take(&gate->lock);
        unmark_stream(gate, stream, &list);
        lock_give(&gate->lock);
        (void)wait_until(stream_is_unused, gate, stream);
        destroy(&list);
    }
}

static struct marks *marks_in(const struct gate *gate, CUcontext context)
{
    struct marks *marks = gate->marks;
    while (marks && marks->context != context)
        marks = marks->next;
    return marks;
}

/* All but what the thread that sees work end waits for: that it puts back itself. */
static void unmark_context(struct gate *gate, struct marks *marks, struct given_up *list)
{
    uint64_t first = gate->pacer.completed + (gate->waited == marks ? 2 : 1);
    while (marks->idle_count)
        give_up(list, &marks->idle[--marks->idle_count]);
    for (struct launch_lane *lane = gate->lanes; lane; lane = lane->sibling)
        for (unsigned i = 0; i < PACER_STREAMS; i++)
            if (lane->open[i].marks == marks)
                unmark(&lane->open[i], list);
    for (uint64_t number = first; number <= gate->pacer.closed; number++) {
        struct gate_mark *mark = &gate->closed[number % PACER_BATCHES];
        if (mark->marks == marks) {
            give_up(list, &mark->start);
            give_up(list, &mark->end);
        }
    }
}

/* Once nobody uses the marks any more, what has come since is given up too, and the context is. False: somebody still does. */
static bool end_marks(struct gate *gate, struct marks *marks, struct given_up *list)
{
    bool unused = wait_until(marks_are_unused, gate, marks);
    lock_take(&gate->lock);
    if (unused) {
        unmark_context(gate, marks, list);
        give_up(list, &marks->base);
    }
    marks->context = NULL;
    lock_give(&gate->lock);
    return unused;
}

static void end_context(struct gate *gate, CUcontext context)
{
    struct given_up list = {.count = 0};
    lock_take(&gate->lock);
    for (struct launch_lane *lane = gate->lanes; lane; lane = lane->sibling)
        lanes_forget_streams(lane);
    struct marks *marks = marks_in(gate, context);
    if (marks)
        unmark_context(gate, marks, &list);
    lock_give(&gate->lock);
    if (marks && end_marks(gate, marks, &list))
        destroy(&list);
}

/* Its streams end with it, whichever they are, and their handles come again, on any card. */
void endings_of_context(CUcontext context)
{
    for (struct gate *gate = gate_first(); gate && context; gate = gate->next)
        end_context(gate, context);
}
