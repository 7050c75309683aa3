/* Covers: the ends of what launches go through or come from: streams, contexts, modules, threads, the gate's own thread, children, killed
 * processes. What is asked of time is only that a share has no more than it may, and that it goes on. */
#include <pthread.h>
#include <unistd.h>

#include "endings.h"
#include "gated.h"
#include "resolve.h"

static void nothing_of_ours_is_used_after_its_stream_has_ended(void)
{
    begin(50, HAMI_CORES_FORCE);
    for (int i = 0; i < 40; i++) {
        CUstream stream = timed_stream();
        for (int j = 0; j < 50; j++)
            CHECK(launch(timed_kernel(1000 * (1 + j % 3)), stream) == CUDA_SUCCESS);
        CHECK(cuStreamDestroy_v2(stream) == CUDA_SUCCESS);
    }
    expect_at_most(launch_for(100 * MS, timed_kernel(MS), NULL), 50);
}

static void nothing_of_ours_is_used_after_its_context_has_ended(void)
{
    begin(50, HAMI_CORES_FORCE);
    for (int i = 0; i < 8; i++) {
        CUcontext context = timed_context(0);
        CUstream stream = timed_stream();
        for (int j = 0; j < 50; j++)
            CHECK(launch(timed_kernel(100000), j % 2 ? stream : NULL) == CUDA_SUCCESS);
        endings_of_context(context);
        CHECK(resolve_cuda()->cuCtxDestroy_v2(context) == CUDA_SUCCESS);
    }
    timed_context(0);
    expect_at_most(launch_for(100 * MS, timed_kernel(MS), NULL), 50);
}

static bool nothing_is_in_flight(void)
{
    return load_relaxed(&slot()->in_flight_ns) == 0;
}

static void a_module_that_ends_takes_what_is_known_of_its_functions_along(void)
{
    begin(50, HAMI_CORES_FORCE);
    (void)launch_for(60 * MS, timed_kernel(MS), NULL);
    struct gate *gate = gate_first();
    CHECK(costs_find(&gate->costs, MS, cost_grid(1, 2, 3)) > 0);
    CHECK(cuModuleUnload(NULL) == CUDA_SUCCESS && costs_find(&gate->costs, MS, cost_grid(1, 2, 3)) == 0);
    CHECK(launch(timed_kernel(20 * MS), NULL) == CUDA_SUCCESS && cuModuleUnload(NULL) == CUDA_SUCCESS); /* with one in flight */
    until(nothing_is_in_flight);
    CHECK(costs_find(&gate->costs, 20 * MS, cost_grid(1, 2, 3)) == 0);
}

enum { THREADS = 6, LAUNCHES = 3000 };

static CUcontext shared_context;

static void *launch_many(void *stream)
{
    CHECK(resolve_cuda()->cuCtxSetCurrent(shared_context) == CUDA_SUCCESS);
    for (int i = 0; i < LAUNCHES; i++)
        CHECK(launch(timed_kernel(1000 + 100 * (i % 7)), stream) == CUDA_SUCCESS);
    return NULL;
}

static bool no_lane_is_left(void)
{
    struct gate *gate = gate_first();
    lock_take(&gate->lock);
    bool none = !gate->lanes;
    lock_give(&gate->lock);
    return none;
}

static bool no_lane_but_one_is_left(void)
{
    struct gate *gate = gate_first();
    lock_take(&gate->lock);
    bool one = gate->lanes && !gate->lanes->sibling;
    lock_give(&gate->lock);
    return one;
}

static void threads_launch_at_once_and_every_launch_is_counted(void)
{
    pthread_t started[THREADS];
    begin(80, HAMI_CORES_FORCE);
    CHECK(resolve_cuda()->cuCtxGetCurrent(&shared_context) == CUDA_SUCCESS);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&started[i], NULL, launch_many, i % 2 ? timed_stream() : NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(started[i], NULL) == 0);
    until(no_lane_is_left);
    CHECK(timed_launches(0) == THREADS * LAUNCHES && load_relaxed(&slot()->launches) == THREADS * LAUNCHES);
}

static bool is_alone(void)
{
    return threads() == 0;
}

static bool work_was_seen(void)
{
    return load_relaxed(&slot()->busy_ns) > 0;
}

static void the_thread_that_sees_work_end_leaves_when_there_is_none(void)
{
    begin(50, HAMI_CORES_FORCE);
    (void)launch_for(20 * MS, timed_kernel(MS), NULL);
    until(work_was_seen);
    until(nothing_is_in_flight);
    until(is_alone);
    store_relaxed(&slot()->busy_ns, 0);
    (void)launch_for(20 * MS, timed_kernel(MS), NULL);
    until(work_was_seen);
}

static bool is_in_debt(void)
{
    return __atomic_load_n(&usage->credit_ns, __ATOMIC_RELAXED) < 0;
}

static CUstream cancelled_stream;
static uint32_t has_launched;

static bool is_waiting(void)
{
    return is_raised(&has_launched) && is_in_debt();
}

/* Until it is cancelled, or its context has ended. */
static void *launch_and_wait(void *context)
{
    CHECK(resolve_cuda()->cuCtxSetCurrent(context) == CUDA_SUCCESS);
    while (launch(timed_kernel(10 * MS), cancelled_stream) == CUDA_SUCCESS) {
        (void)raise_flag(&has_launched);
        pthread_testcancel();
    }
    return NULL;
}

/* A thread that waits in a launch, as the share has used up what it had. */
static pthread_t waiting_thread(CUcontext context)
{
    pthread_t thread;
    lower_flag(&has_launched);
    CHECK(pthread_create(&thread, NULL, launch_and_wait, context) == 0);
    until(is_waiting);
    return thread;
}

static void a_context_may_end_while_a_thread_waits_to_launch_in_it(void)
{
    begin(20, HAMI_CORES_FORCE);
    for (int i = 0; i < 4; i++) {
        CUcontext context = timed_context(0);
        pthread_t thread = waiting_thread(context);
        endings_of_context(context);
        CHECK(resolve_cuda()->cuCtxDestroy_v2(context) == CUDA_SUCCESS);
        timed_context(0);
        CHECK(launch(timed_kernel(1000), NULL) == CUDA_SUCCESS); /* with what was the other one's marks */
        CHECK(pthread_join(thread, NULL) == 0);
    }
    until(no_lane_but_one_is_left);
}

static void a_stream_may_end_while_a_thread_waits_to_launch_in_another(void)
{
    CUcontext context;
    begin(20, HAMI_CORES_FORCE);
    CHECK(resolve_cuda()->cuCtxGetCurrent(&context) == CUDA_SUCCESS);
    CUstream stream = timed_stream();
    CHECK(launch(timed_kernel(MS), stream) == CUDA_SUCCESS);
    pthread_t thread = waiting_thread(context);
    CHECK(cuStreamDestroy_v2(stream) == CUDA_SUCCESS);
    CHECK(pthread_cancel(thread) == 0 && pthread_join(thread, NULL) == 0);
}

static void a_thread_may_be_cancelled_while_it_waits(void)
{
    void *result;
    CUcontext context;
    begin(20, HAMI_CORES_FORCE);
    CHECK(resolve_cuda()->cuCtxGetCurrent(&context) == CUDA_SUCCESS);
    cancelled_stream = timed_stream();
    for (int i = 0; i < 3; i++) {
        pthread_t thread = waiting_thread(context);
        CHECK(pthread_cancel(thread) == 0 && pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
        until(no_lane_is_left);
    }
    CHECK(launch(timed_kernel(1000), NULL) == CUDA_SUCCESS);
}

#ifndef __SANITIZE_THREAD__
static void launch_a_few(void *unused)
{
    (void)unused;
    alarm(20);
    CHECK(!gate_first());
    for (int i = 0; i < 5; i++)
        CHECK(launch(timed_kernel(1000), NULL) == CUDA_SUCCESS);
    CHECK(gate_first() && gate_first()->lanes && !gate_first()->lanes->sibling);
}

static void a_child_may_be_forked_while_a_thread_waits(void)
{
    CUcontext context;
    begin(20, HAMI_CORES_FORCE);
    CHECK(resolve_cuda()->cuCtxGetCurrent(&context) == CUDA_SUCCESS);
    CHECK(launch(timed_kernel(1000), NULL) == CUDA_SUCCESS); /* so that the child's leak checker finds what its parent had */
    pthread_t thread = waiting_thread(context);
    for (int i = 0; i < 3; i++)
        join(start(launch_a_few, NULL));
    CHECK(pthread_cancel(thread) == 0 && pthread_join(thread, NULL) == 0);
}

static void launch_in_child(void *unused)
{
    (void)unused;
    CHECK(!gate_first());
    expect_at_most(launch_for(200 * MS, timed_kernel(MS), NULL), 10);
    CHECK(gate_first());
    until(work_was_seen);
}

static void a_forked_child_has_a_gate_of_its_own(void)
{
    begin(10, HAMI_CORES_FORCE);
    (void)launch_for(50 * MS, timed_kernel(MS), NULL);
    const struct hami_slot *own = slot();
    join(start(launch_in_child, NULL));
    CHECK(slot() == own);
    expect_at_most(launch_for(100 * MS, timed_kernel(MS), NULL), 10);
}
#endif

static void launch_for_ever(void *unused)
{
    (void)unused;
    for (;;)
        (void)launch_for(20 * MS, timed_kernel(MS), NULL);
}

/* What a killed process had taken of the credit is paid back by time; it had no more than a window of it. */
static void a_process_that_is_killed_holds_nobody_up(void)
{
    begin(20, HAMI_CORES_FORCE);
    for (int i = 0; i < 3; i++) {
        pid_t child = start(launch_for_ever, NULL);
        until(is_in_debt);
        kill_and_join(child);
    }
    expect_at_most(launch_for(200 * MS, timed_kernel(MS), NULL), 20);
}

int main(void)
{
    static const struct test tests[] = {
        {"gate ends: nothing of ours is used after its stream has ended", nothing_of_ours_is_used_after_its_stream_has_ended},
        {"gate ends: nothing of ours is used after its context has ended", nothing_of_ours_is_used_after_its_context_has_ended},
        {"gate ends: a module that ends takes what is known of its functions along", a_module_that_ends_takes_what_is_known_of_its_functions_along},
        {"gate ends: threads launch at once and every launch is counted", threads_launch_at_once_and_every_launch_is_counted},
        {"gate ends: the thread that sees work end leaves when there is none", the_thread_that_sees_work_end_leaves_when_there_is_none},
        {"gate ends: a context may end while a thread waits to launch in it", a_context_may_end_while_a_thread_waits_to_launch_in_it},
        {"gate ends: a stream may end while a thread waits to launch in another", a_stream_may_end_while_a_thread_waits_to_launch_in_another},
        {"gate ends: a thread may be cancelled while it waits", a_thread_may_be_cancelled_while_it_waits},
#ifndef __SANITIZE_THREAD__ /* which has no threads in a forked child */
        {"gate ends: a child may be forked while a thread waits", a_child_may_be_forked_while_a_thread_waits},
        {"gate ends: a forked child has a gate of its own", a_forked_child_has_a_gate_of_its_own},
#endif
        {"gate ends: a process that is killed holds nobody up", a_process_that_is_killed_holds_nobody_up},
    };
    return RUN_TESTS(tests);
}
