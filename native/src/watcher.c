#include "watcher.h"

#include <stdlib.h>

#include "atomics.h"
#include "batches.h"
#include "captures.h"
#include "once.h"
#include "process.h"
#include "resolve.h"
#include "threads.h"
#include "waits.h"

#define SECOND_NS UINT64_C(1000000000)
#define IDLE_NS (SECOND_NS / 2) /* so long the thread stays without work: it must not keep a program from ending whose own threads have */
#define LEAVE_NS UINT64_C(50000000) /* so long the end of a program waits at most for the thread to leave the driver */
#define LOOK_LEAST_NS 50000u /* between two looks at an event: a part of the time since the first */
#define LOOK_MOST_NS 500000u
#define LOOK_PART 32u

/* What the thread that sees work end waits for. */
struct look {
    uint64_t number;       /* the oldest batch that has not ended */
    uint64_t awaited;      /* that by whose end it will have: until then, nobody is woken */
    struct gate_mark mark; /* of the oldest */
    CUevent ahead;         /* the end of `awaited`; NULL: that is the oldest itself, or its end is known already */
};

/* The next batch to wait for, after what was waited for before. False: none. With the lock held. */
static bool look_at_next(const struct gate *gate, struct look *look)
{
    uint64_t number = look->number = gate->pacer.completed + 1;
    look->ahead = NULL;
    if (number > gate->pacer.closed)
        return false;
    look->mark = gate->closed[number % PACER_BATCHES];
    if (number <= look->awaited)
        return true;
    look->awaited = pacer_awaited(&gate->pacer, number);
    const struct gate_mark *mark = &gate->closed[look->awaited % PACER_BATCHES];
    if (look->awaited > number && look->mark.end && mark->end && mark->marks == look->mark.marks)
        look->ahead = mark->end;
    else
        look->awaited = number;
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
static void see(const struct real_cuda *real, struct gate *gate, const struct look *look)
{
    const struct gate_mark *mark = &look->mark;
    CUevent spare = NULL;
    if (mark->end)
        (void)real->cuCtxSetCurrent(mark->marks->context);
    if (look->ahead)
        (void)wait_for_event(real, look->ahead);
    struct times times = see_end(real, mark, &spare);
    uint64_t now = waits_now_ns();
    lock_take(&gate->lock);
    gate->waited = NULL;
    if (mark->marks) {
        mark->marks->uses--;
        marks_settle(mark->marks);
    }
    uint32_t *word = pacer_completed(&gate->pacer, look->number, times.start_ns, times.end_ns, now);
    uint32_t *next = pacer_yield(&gate->pacer, now);
    lock_give(&gate->lock);
    waits_return(real, gate, mark->marks, mark->start);
    waits_return(real, gate, mark->marks, spare);
    if (look->number == look->awaited)
        waits_wake_own(&gate->pacer.completions);
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
        waits_on_own(&gate->work, work, until - now);
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
static bool take_up_oldest(struct gate *gate, struct look *look)
{
    lock_take(&gate->lock);
    bool any = look_at_next(gate, look);
    if (is_raised(&ending) && any)
        look->mark.end = look->mark.start = look->ahead = NULL; /* which end with the driver */
    gate->waited = any && look->mark.end ? look->mark.marks : NULL;
    lock_give(&gate->lock);
    return any;
}

/* Calls of the driver are refused to a thread while another one captures, unless it says that it knows what it does. */
static void watch(void *argument)
{
    struct gate *gate = argument;
    const struct real_cuda *real = resolve_cuda();
    uint64_t idle_since_ns = 0, probed_ns = 0;
    struct look look = {.awaited = 0};
    (void)captures_relax(real);
    for (;;) {
        bool any = take_up_oldest(gate, &look);
        if (any)
            see(real, gate, &look);
        else if (!idle(gate, &idle_since_ns))
            return;
        idle_since_ns = any ? 0 : idle_since_ns;
        probe_a_suspect(gate, &probed_ns);
    }
}

static once_t registered;

void watcher_has_work(struct gate *gate)
{
    lock_take(&gate->lock);
    bool start = !gate->watched;
    gate->watched = true;
    gate->work++;
    lock_give(&gate->lock);
    if (!start)
        return waits_wake_own(&gate->work);
    once_run(&registered, register_ending);
    if (!threads_start("hami-time", watch, gate)) {
        lock_take(&gate->lock);
        gate->watched = false; /* the next one tries again */
        lock_give(&gate->lock);
    }
}
