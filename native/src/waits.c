#include "waits.h"

#include <errno.h>
#include <linux/futex.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "atomics.h"
#include "batches.h"
#include "captures.h"
#include "once.h"
#include "process.h"
#include "resolve.h"
#include "seat.h"
#include "threads.h"

#define SECOND_NS UINT64_C(1000000000)
#define IDLE_NS (SECOND_NS / 2) /* so long the thread stays without work: it must not keep a program from ending whose own threads have */
#define LEAVE_NS UINT64_C(50000000) /* so long the end of a program waits at most for the thread to leave the driver */
#define LOOK_LEAST_NS 50000u /* between two looks at an event: a part of the time since the first */
#define LOOK_MOST_NS 500000u
#define LOOK_PART 32u

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

static void wake_private(const uint32_t *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX);
}

void waits_wake(uint32_t *word)
{
    if (word)
        (void)syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX);
}

static const uint32_t unchanged; /* nobody writes it */

void waits_pause(uint64_t ns)
{
    sleep_on(&unchanged, 0, true, ns);
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

/* The oldest batch that has not ended. False: none. With the lock held. */
static bool oldest(const struct gate *gate, uint64_t *number, struct gate_mark *mark)
{
    *number = gate->pacer.completed + 1;
    if (gate->pacer.completed >= gate->pacer.closed)
        return false;
    *mark = gate->closed[*number % PACER_BATCHES];
    return true;
}

/* A wait in the driver gives memory of pools and graphs that is not in use back to the card, which a program that has such memory did not
 * ask for: so for that one it is looked now and then. */
static bool has_pools(void)
{
    struct process *process = process_enter();
    bool has = process && process->stocks;
    if (process)
        process_leave(process);
    return has;
}

static CUresult look_until_done(const struct real_cuda *real, CUevent event)
{
    uint64_t since = waits_now_ns();
    CUresult result;
    while ((result = real->cuEventQuery(event)) == CUDA_ERROR_NOT_READY) {
        uint64_t pause = (waits_now_ns() - since) / LOOK_PART;
        waits_pause(pause < LOOK_LEAST_NS ? LOOK_LEAST_NS : pause > LOOK_MOST_NS ? LOOK_MOST_NS : pause);
    }
    return result;
}

static CUresult wait_for_event(const struct real_cuda *real, CUevent event)
{
    return has_pools() ? look_until_done(real, event) : real->cuEventSynchronize(event);
}

/* When a batch began and ended; 0: not known. Its events are free then; *spare: another one that is, or NULL. */
struct times {
    uint64_t start_ns, end_ns;
};

static struct times see_end(const struct real_cuda *real, const struct gate_mark *mark, CUevent *spare)
{
    struct times times = {0, 0};
    *spare = mark->end;
    if (!mark->end || wait_for_event(real, mark->end) != CUDA_SUCCESS)
        return times;
    uint64_t passed_ns = mark->start ? marks_between(real, mark->start, mark->end) : UINT64_MAX;
    times.end_ns = marks_time(real, mark->marks, mark->end, waits_now_ns(), spare);
    if (times.end_ns && passed_ns < times.end_ns)
        times.start_ns = times.end_ns - passed_ns;
    return times;
}

/* Wait for a batch, in its context, and tell pacer. */
static void see(const struct real_cuda *real, struct gate *gate, uint64_t number, const struct gate_mark *mark)
{
    CUevent spare = NULL;
    if (mark->end)
        (void)real->cuCtxSetCurrent(mark->marks->context);
    struct times times = see_end(real, mark, &spare);
    uint64_t now = waits_now_ns();
    lock_take(&gate->lock);
    gate->waited = NULL;
    if (mark->marks) {
        mark->marks->uses--;
        marks_settle(mark->marks);
    }
    uint32_t *word = pacer_completed(&gate->pacer, number, times.start_ns, times.end_ns, now);
    uint32_t *next = pacer_yield(&gate->pacer, now);
    lock_give(&gate->lock);
    waits_return(real, gate, mark->marks, mark->start);
    waits_return(real, gate, mark->marks, spare);
    wake_private(&gate->pacer.completions);
    waits_wake(word);
    waits_wake(next);
}

/* Nothing is in flight: pass the lease on where that is due, and sleep. False: there was no work for long enough. */
static bool idle(struct gate *gate, uint64_t *idle_since_ns)
{
    uint64_t now = waits_now_ns();
    *idle_since_ns = *idle_since_ns ? *idle_since_ns : now;
    lock_take(&gate->lock);
    uint32_t *word = pacer_yield(&gate->pacer, now), work = gate->work;
    uint64_t next = pacer_next(&gate->pacer, now), until = *idle_since_ns + IDLE_NS;
    batches_publish(&gate->pacer); /* a batch that nobody closes counts for a while only */
    if (batches_in_flight(&gate->pacer, now) && next > now + PACER_WINDOW_NS)
        next = now + PACER_WINDOW_NS;
    gate->watched = gate->pacer.completed < gate->pacer.closed || now < until || next != UINT64_MAX;
    bool watched = gate->watched;
    lock_give(&gate->lock);
    waits_wake(word);
    until = next < until || now >= until ? next : until;
    if (watched && until > now)
        sleep_on(&gate->work, work, true, until - now);
    return watched;
}

static void probe_a_suspect(struct gate *gate, uint64_t *probed_ns)
{
    if (waits_now_ns() - *probed_ns < SECOND_NS)
        return;
    lock_take(&gate->lock);
    int seat = pacer_suspect(&gate->pacer);
    lock_give(&gate->lock);
    waits_probe(gate, seat);
    *probed_ns = waits_now_ns();
}

static uint32_t ending; /* the program is: the driver takes itself apart */

/* Before the driver's own handlers, which were registered before: a thread of ours must not be in the driver, or come there, meanwhile. One that
 * waits there for work that takes long is left to it. */
static void leave_driver(void)
{
    uint64_t until = waits_now_ns() + LEAVE_NS;
    __atomic_store_n(&ending, 1, __ATOMIC_SEQ_CST);
    for (struct gate *gate = gate_first(); gate; gate = gate->next)
        for (bool inside = true; inside && waits_now_ns() < until;) {
            lock_take(&gate->lock);
            inside = gate->waited != NULL;
            lock_give(&gate->lock);
            if (inside)
                waits_pause(LOOK_LEAST_NS);
        }
}

static void register_ending(void)
{
    (void)atexit(leave_driver);
}

/* The next batch to wait for, with what is said of that wait. False: none, or nobody is to be in the driver any more. */
static bool take_up_oldest(struct gate *gate, uint64_t *number, struct gate_mark *mark)
{
    lock_take(&gate->lock);
    bool any = oldest(gate, number, mark);
    if (is_raised(&ending) && any && mark->end) {
        mark->end = NULL; /* which ends with the driver */
        mark->start = NULL;
    }
    gate->waited = any && mark->end ? mark->marks : NULL;
    lock_give(&gate->lock);
    return any;
}

/* Calls of the driver are refused to a thread while another one captures, unless it says that it knows what it does. */
static void watch(void *argument)
{
    struct gate *gate = argument;
    const struct real_cuda *real = resolve_cuda();
    uint64_t number, idle_since_ns = 0, probed_ns = 0;
    struct gate_mark mark;
    (void)captures_relax(real);
    for (;;) {
        bool any = take_up_oldest(gate, &number, &mark);
        if (any)
            see(real, gate, number, &mark);
        else if (!idle(gate, &idle_since_ns))
            return;
        idle_since_ns = any ? 0 : idle_since_ns;
        probe_a_suspect(gate, &probed_ns);
    }
}

static once_t registered;

/* With a batch closed, there is work for the thread. */
static void have_watched(struct gate *gate)
{
    lock_take(&gate->lock);
    bool start = !gate->watched;
    gate->watched = true;
    gate->work++;
    lock_give(&gate->lock);
    if (!start)
        return wake_private(&gate->work);
    once_run(&registered, register_ending);
    if (!threads_start("hami-time", watch, gate)) {
        lock_take(&gate->lock);
        gate->watched = false; /* the next one tries again */
        lock_give(&gate->lock);
    }
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
        have_watched(gate);
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
            have_watched(gate);
    }
}
