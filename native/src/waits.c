#include "waits.h"

#include <linux/futex.h>
#include <limits.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "atomics.h"
#include "captures.h"
#include "resolve.h"
#include "seat.h"
#include "watcher.h"

#define SECOND_NS UINT64_C(1000000000)

uint64_t waits_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

/* Not libc's ways to sleep, at which a thread could be cancelled. */
static void sleep_on(const uint32_t *word, uint32_t expected, bool process_private, uint64_t ns)
{
    struct timespec most = {.tv_sec = (time_t)(ns / SECOND_NS), .tv_nsec = (long)(ns % SECOND_NS)};
    (void)syscall(SYS_futex, word, process_private ? FUTEX_WAIT_PRIVATE : FUTEX_WAIT, expected, &most);
}

void waits_wake_own(const uint32_t *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX);
}

void waits_wake(uint32_t *word)
{
    if (word)
        (void)syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX);
}

void waits_on_own(const uint32_t *word, uint32_t expected, uint64_t ns)
{
    sleep_on(word, expected, true, ns);
}

static const uint32_t unchanged; /* nobody writes it */

void waits_pause(uint64_t ns)
{
    waits_on_own(&unchanged, 0, ns);
}

void waits_sleep(struct gate *gate, const struct pacer_answer *answer)
{
    uint64_t before = waits_now_ns();
    if (answer->until_ns <= before)
        return;
    if (answer->futex)
        sleep_on(answer->futex, answer->expected, answer->process_private, answer->until_ns - before);
    else
        waits_pause(answer->until_ns - before);
    if (gate->slot)
        add_relaxed(&gate->slot->throttled_ns, waits_now_ns() - before);
}

void waits_probe(struct gate *gate, int seat)
{
    if (seat < 0 || !gate->card_path || !seat_is_free(gate->card_path, (unsigned)seat))
        return;
    lock_take(&gate->lock);
    uint32_t *word = pacer_seat_died(&gate->pacer, (unsigned)seat, waits_now_ns());
    lock_give(&gate->lock);
    waits_wake(word);
}

void waits_return(const struct real_cuda *real, struct gate *gate, struct marks *marks, CUevent event)
{
    if (!event || !marks)
        return;
    lock_take(&gate->lock);
    bool destroy = !marks_put(marks, event) && marks->context;
    lock_give(&gate->lock);
    if (destroy)
        (void)real->cuEventDestroy_v2(event);
}

/* An event, made where there is none yet, recorded in a stream; NULL: it cannot be. */
static CUevent record(const struct real_cuda *real, const struct launch_open *open, CUevent event)
{
    CUevent made = event ? event : marks_make(real);
    if (!made || real->cuEventRecord(made, open->stream) == CUDA_SUCCESS)
        return made;
    (void)real->cuEventDestroy_v2(made);
    return NULL;
}

/* The default streams are those of the current context. */
static CUevent record_there(const struct real_cuda *real, const struct launch_open *open, CUcontext context, CUevent event)
{
    CUcontext kept = NULL;
    (void)real->cuCtxGetCurrent(&kept);
    if (kept == context)
        return record(real, open, event);
    if (real->cuCtxSetCurrent(context) != CUDA_SUCCESS)
        return NULL;
    CUevent recorded = record(real, open, event);
    (void)real->cuCtxSetCurrent(kept);
    return recorded;
}

static CUevent record_unless_captured(const struct real_cuda *real, const struct launch_open *open, CUcontext context, CUevent event)
{
    if (!captures_any())
        return record_there(real, open, context, event);
    if (captures_forbid(real, open->stream, false))
        return NULL; /* and the event is lost */
    CUstreamCaptureMode kept = captures_relax(real);
    CUevent recorded = record_there(real, open, context, event);
    captures_restore(real, kept);
    return recorded;
}

CUevent waits_mark(const struct real_cuda *real, struct launch_lane *lane, const struct launch_open *open)
{
    struct gate *gate = lane->gate;
    lock_take(&gate->lock);
    CUcontext context = open->marks ? open->marks->context : NULL;
    CUevent event = context ? marks_take(open->marks) : NULL;
    lane->marking = context ? *open : (struct launch_open){0};
    lock_give(&gate->lock);
    CUevent recorded = context ? record_unless_captured(real, open, context, event) : NULL;
    lock_take(&gate->lock);
    lane->marking = (struct launch_open){0};
    lock_give(&gate->lock);
    return recorded;
}

/* Take out what is open in a stream. With the lock held. */
static struct launch_open take_open(struct launch_lane *lane, uint64_t key)
{
    struct launch_open open = {0};
    for (unsigned i = 0; i < PACER_STREAMS; i++)
        if (lane->open[i].key == key) {
            open = lane->open[i];
            lane->open[i] = (struct launch_open){0};
        }
    return open;
}

/* The use that the open place had of its marks becomes the closed batch's, or ends. */
static bool close_marked(struct gate *gate, struct launch_lane *lane, uint64_t key, const struct launch_open *open, CUevent end)
{
    uint64_t number = pacer_close(&gate->pacer, &lane->pacer, key, waits_now_ns());
    if (number)
        gate->closed[number % PACER_BATCHES] = (struct gate_mark){open->marks, end ? open->start : NULL, end};
    else if (open->marks)
        open->marks->uses--;
    return number != 0;
}

void waits_close(const struct real_cuda *real, struct launch_lane *lane, uint64_t key)
{
    struct gate *gate = lane->gate;
    lock_take(&gate->lock);
    struct launch_open open = take_open(lane, key);
    lock_give(&gate->lock);
    CUevent end = waits_mark(real, lane, &open);
    lock_take(&gate->lock);
    bool closed = close_marked(gate, lane, key, &open, end);
    lock_give(&gate->lock);
    if (closed)
        watcher_has_work(gate);
    if (!closed || !end)
        waits_return(real, gate, open.marks, open.start);
    if (!closed)
        waits_return(real, gate, open.marks, end);
}

/* One more batch that is closed without an event: it counts as ended as predicted. With the lock held. */
static struct launch_open abandon_one(struct gate *gate, struct launch_lane *lane, uint64_t key)
{
    struct launch_open open = take_open(lane, key);
    if (open.marks)
        open.marks->uses--;
    uint64_t number = pacer_close(&gate->pacer, &lane->pacer, key, waits_now_ns());
    if (number)
        gate->closed[number % PACER_BATCHES] = (struct gate_mark){NULL, NULL, NULL};
    return open;
}

void waits_abandon(const struct real_cuda *real, struct launch_lane *lane)
{
    struct gate *gate = lane->gate;
    uint64_t key;
    for (unsigned i = 0; i < PACER_STREAMS; i++) {
        lock_take(&gate->lock);
        bool any = pacer_open_stream(&lane->pacer, &key);
        struct launch_open open = {0};
        if (any)
            open = abandon_one(gate, lane, key);
        lock_give(&gate->lock);
        waits_return(real, gate, open.marks, open.start);
        if (any)
            watcher_has_work(gate);
    }
}
