/* Covers: launches through the library's own entry points to a driver whose work takes time (timed_driver.h): caps, changes of limits, streams,
 * contexts, captures, threads, forks. What is asked of time is only that a share has no more than it may, and that it goes on. */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "atomics.h"
#include "endings.h"
#include "fixture.h"
#include "gate.h"
#include "resolve.h"
#include "test.h"
#include "timed_driver.h"
#include "waits.h"

#define MS UINT64_C(1000000)
#define LONG_NS (20000 * MS) /* after so long what is waited for does not come */

static struct hami_usage *usage;

/* Threads of ours, by their name. */
static unsigned threads(void)
{
    unsigned count = 0;
    char path[300], name[32];
    DIR *folder = opendir("/proc/self/task");
    CHECK(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "re");
        count += file && fgets(name, sizeof name, file) && strcmp(name, "hami-time\n") == 0;
        if (file)
            fclose(file);
    }
    closedir(folder);
    return count;
}

static void share(uint32_t cores_percent, uint32_t policy)
{
    fixture_share("a", TIMED_CARD, MIB(64));
    fixture_limit_cores("a", cores_percent, policy, 1, 0);
    usage = fixture_open("a").usage;
}

static void begin(uint32_t cores_percent, uint32_t policy)
{
    share(cores_percent, policy);
    timed_driver(1);
    timed_context(0);
}

static CUresult launch(CUfunction function, CUstream stream)
{
    return cuLaunchKernel(function, 1, 2, 3, 4, 5, 6, 7, stream, NULL, NULL);
}

/* This process's slot; NULL: it has none, since nothing was limited. */
static struct hami_slot *slot(void)
{
    struct gate *gate = gate_first();
    return gate ? gate->slot : NULL;
}

static uint64_t held_back_ns(void)
{
    return slot() ? load_relaxed(&slot()->throttled_ns) : 0;
}

static void until(bool (*holds)(void))
{
    uint64_t end = waits_now_ns() + LONG_NS;
    while (!holds()) {
        CHECK(waits_now_ns() < end);
        waits_pause(MS);
    }
}

/* Launch units until so much time has passed and all are done. Returns what part of that time they took, at most. */
struct had {
    double work_ns, time_ns;
};

static struct had launch_for(uint64_t ns, CUfunction function, CUstream stream)
{
    uint64_t start = waits_now_ns(), before = timed_launches(0);
    while (waits_now_ns() - start < ns)
        CHECK(launch(function, stream) == CUDA_SUCCESS);
    timed_wait(0);
    return (struct had){(double)((timed_launches(0) - before) * (uintptr_t)function), (double)(waits_now_ns() - start)};
}

/* No more than the limit, what may be saved up (50 ms), and what may be in flight (5 ms, two units, and what is not known yet: two grains). */
static void expect_at_most(struct had had, double percent)
{
    double most = had.time_ns * percent / 100 + 50e6 + 10e6;
    if (had.work_ns > most)
        fprintf(stderr, "had %.0f of %.0f ms, at most %.0f\n", had.work_ns / 1e6, had.time_ns / 1e6, most / 1e6);
    CHECK(had.work_ns > 0 && had.work_ns <= most);
}

static void a_share_has_no_more_than_its_cores(void)
{
    begin(20, HAMI_CORES_FORCE);
    expect_at_most(launch_for(400 * MS, timed_kernel(MS), timed_stream()), 20);
    CHECK(held_back_ns() > 0);
}

static void short_units_are_held_as_long_ones_are(void)
{
    begin(20, HAMI_CORES_FORCE);
    expect_at_most(launch_for(400 * MS, timed_kernel(20000), timed_stream()), 20);
}

static void neither_streams_nor_threads_get_around_the_limit(void)
{
    begin(20, HAMI_CORES_FORCE);
    CUstream streams[4] = {NULL, timed_stream(), timed_stream(), timed_stream()};
    uint64_t start = waits_now_ns(), count = 0;
    for (; waits_now_ns() - start < 400 * MS; count++)
        CHECK(launch(timed_kernel(MS / 2), streams[count % 4]) == CUDA_SUCCESS);
    timed_wait(0);
    expect_at_most((struct had){(double)(count * MS / 2), (double)(waits_now_ns() - start)}, 20);
}

static void a_share_whose_policy_is_disable_is_not_held_back(void)
{
    begin(20, HAMI_CORES_DISABLE);
    (void)launch_for(30 * MS, timed_kernel(MS), timed_stream());
    CHECK(held_back_ns() == 0 && timed_records() == 0 && threads() == 0);
}

static void a_share_that_is_never_limited_gets_no_gate(void)
{
    share(0, HAMI_CORES_DEFAULT);
    fixture_limit_cores("a", 0, HAMI_CORES_DEFAULT, 1, HAMI_LIMITS_FIXED_CORES);
    timed_driver(1);
    timed_context(0);
    (void)launch_for(10 * MS, timed_kernel(MS), NULL);
    CHECK(!gate_first() && launch_is_free() && timed_records() == 0 && threads() == 0);
}

static void a_running_program_sees_its_limit_change(void)
{
    begin(0, HAMI_CORES_FORCE);
    CUstream stream = timed_stream();
    (void)launch_for(20 * MS, timed_kernel(MS), stream);
    CHECK(held_back_ns() == 0 && timed_records() == 0);
    fixture_limit_cores("a", 10, HAMI_CORES_FORCE, 1, 0);
    expect_at_most(launch_for(400 * MS, timed_kernel(MS), stream), 10);
    CHECK(held_back_ns() > 0);
    fixture_limit_cores("a", 0, HAMI_CORES_FORCE, 1, 0);
    for (int i = 0; i < 20000 && !launch_is_free(); i++) /* what the thread may launch without asking is used up first */
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(launch_is_free());
}

/* A share of priority 0 says that it is at work, for as long as it may at once. Until when. */
static uint64_t high_is_at_work(struct hami_card *card)
{
    uint64_t until_ns = waits_now_ns() + 120 * MS;
    store_relaxed(&card->high_until_ns, until_ns);
    return until_ns;
}

/* Without cores: as soon as the node says that a share of priority 0 is on the card, and no longer. */
static void a_running_program_makes_way_for_priority_0_where_it_is_told_to(void)
{
    share(0, HAMI_CORES_DEFAULT);
    fixture_seat("a", NULL, 0);
    timed_driver(1);
    timed_context(0);
    struct hami_card *card = fixture_open("a").card;
    CUstream stream = timed_stream();
    (void)high_is_at_work(card);
    (void)launch_for(10 * MS, timed_kernel(MS), stream);
    CHECK(held_back_ns() == 0 && timed_records() == 0);
    fixture_limit_cores("a", 0, HAMI_CORES_DEFAULT, 1, HAMI_LIMITS_YIELDS);
    for (uint64_t end = waits_now_ns() + LONG_NS; held_back_ns() == 0; CHECK(waits_now_ns() < end)) {
        uint64_t until_ns = high_is_at_work(card); /* it may be over before the launch, where this thread is not let run */
        CHECK(launch(timed_kernel(MS), stream) == CUDA_SUCCESS);
        CHECK(waits_now_ns() >= until_ns && usage->credit_ns == 0);
    }
    fixture_limit_cores("a", 0, HAMI_CORES_DEFAULT, 1, 0);
    uint64_t back = held_back_ns();
    (void)high_is_at_work(card);
    for (int i = 0; i < 20000 && !launch_is_free(); i++)
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(launch_is_free() && held_back_ns() == back);
}

static void every_entry_point_is_held(void)
{
    begin(20, HAMI_CORES_FORCE);
    CUstream stream = timed_stream();
    CUfunction function = timed_kernel(MS);
    CUlaunchConfig config = {1, 2, 3, 4, 5, 6, 7, stream, NULL, 0};
    CUDA_LAUNCH_PARAMS several = {function, 1, 2, 3, 4, 5, 6, 7, stream, NULL};
    uint64_t start = waits_now_ns(), before = timed_launches(0);
    while (waits_now_ns() - start < 500 * MS) {
        CHECK(cuLaunchKernel_ptsz(function, 1, 2, 3, 4, 5, 6, 7, NULL, NULL, NULL) == CUDA_SUCCESS);
        CHECK(cuLaunchCooperativeKernel(function, 1, 2, 3, 4, 5, 6, 7, stream, NULL) == CUDA_SUCCESS);
        CHECK(cuLaunchCooperativeKernel_ptsz(function, 1, 2, 3, 4, 5, 6, 7, NULL, NULL) == CUDA_SUCCESS);
        CHECK(cuLaunchKernelEx(&config, function, NULL, NULL) == CUDA_SUCCESS);
        CHECK(cuLaunchKernelEx_ptsz(&config, function, NULL, NULL) == CUDA_SUCCESS);
        CHECK(cuLaunchCooperativeKernelMultiDevice(&several, 1, 0) == CUDA_SUCCESS);
        CHECK(cuLaunch(function) == CUDA_SUCCESS && cuLaunchGrid(function, 1, 2) == CUDA_SUCCESS);
        CHECK(cuLaunchGridAsync(function, 1, 2, stream) == CUDA_SUCCESS);
    }
    timed_wait(0);
    expect_at_most((struct had){(double)((timed_launches(0) - before) * MS), (double)(waits_now_ns() - start)}, 20);
}

static void what_a_stream_captures_is_neither_charged_nor_marked(void)
{
    CUgraph graph;
    begin(20, HAMI_CORES_FORCE);
    CUstream stream = timed_stream();
    (void)launch_for(20 * MS, timed_kernel(MS), stream);
    CHECK(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL) == CUDA_SUCCESS);
    uint64_t records = timed_records(), back = held_back_ns();
    for (int i = 0; i < 200; i++)
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(timed_records() == records && held_back_ns() == back);
    CHECK(cuStreamEndCapture(stream, &graph) == CUDA_SUCCESS);
    expect_at_most(launch_for(300 * MS, timed_kernel(MS), stream), 20);
    CHECK(timed_records() > records);
}

static void where_the_driver_answers_nothing_a_launch_does_not_wait(void)
{
    begin(1, HAMI_CORES_FORCE);
    timed_capturing(CUDA_ERROR_NOT_PERMITTED, CU_STREAM_CAPTURE_STATUS_NONE);
    for (int i = 0; i < 100; i++)
        CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    CHECK(held_back_ns() == 0 && timed_records() == 0);
}

static void a_launch_that_the_driver_refuses_costs_nothing(void)
{
    begin(1, HAMI_CORES_FORCE);
    timed_fail(CUDA_ERROR_INVALID_HANDLE);
    for (int i = 0; i < 1000; i++)
        CHECK(launch(timed_kernel(MS), NULL) == CUDA_ERROR_INVALID_HANDLE);
    CHECK(held_back_ns() == 0);
}

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

static void a_module_that_ends_takes_what_is_known_of_its_functions_along(void)
{
    begin(50, HAMI_CORES_FORCE);
    (void)launch_for(60 * MS, timed_kernel(MS), NULL);
    struct gate *gate = gate_first();
    CHECK(costs_find(&gate->costs, MS, cost_grid(1, 2, 3)) > 0);
    CHECK(cuModuleUnload(NULL) == CUDA_SUCCESS && costs_find(&gate->costs, MS, cost_grid(1, 2, 3)) == 0);
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

static bool nothing_is_in_flight(void)
{
    return load_relaxed(&slot()->in_flight_ns) == 0;
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

#ifndef __SANITIZE_THREAD__
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

static bool is_in_debt(void)
{
    return __atomic_load_n(&usage->credit_ns, __ATOMIC_RELAXED) < 0;
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

static void a_card_that_no_share_is_of_is_not_held(void)
{
    share(10, HAMI_CORES_FORCE);
    timed_driver(2);
    CUcontext limited = timed_context(0);
    timed_context(1);
    for (int i = 0; i < 100; i++)
        CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    CHECK(held_back_ns() == 0 && timed_records() == 0 && timed_launches(1) == 100);
    CHECK(resolve_cuda()->cuCtxSetCurrent(limited) == CUDA_SUCCESS);
    expect_at_most(launch_for(200 * MS, timed_kernel(MS), NULL), 10);
}

static void shares_of_one_card_add_up(void)
{
    share(10, HAMI_CORES_FORCE);
    fixture_share("b", TIMED_CARD, MIB(64));
    fixture_limit_cores("b", 20, HAMI_CORES_FORCE, 1, 0);
    timed_driver(1);
    timed_context(0);
    expect_at_most(launch_for(300 * MS, timed_kernel(MS), NULL), 30);
    CHECK(gate_first()->record.cores_percent == 30);
    fixture_limit_cores("b", 0, HAMI_CORES_FORCE, 1, 0);
    uint64_t back = held_back_ns();
    for (int i = 0; i < 100; i++)
        CHECK(launch(timed_kernel(1000), NULL) == CUDA_SUCCESS);
    CHECK(held_back_ns() == back);
}

int main(void)
{
    static const struct test tests[] = {
        {"gate: a share has no more than its cores", a_share_has_no_more_than_its_cores},
        {"gate: short units are held as long ones are", short_units_are_held_as_long_ones_are},
        {"gate: several streams do not get around the limit", neither_streams_nor_threads_get_around_the_limit},
        {"gate: a share whose policy is disable is not held back", a_share_whose_policy_is_disable_is_not_held_back},
        {"gate: a share that is never limited gets no gate", a_share_that_is_never_limited_gets_no_gate},
        {"gate: a running program sees its limit change", a_running_program_sees_its_limit_change},
        {"gate: a running program makes way for priority 0 where it is told to", a_running_program_makes_way_for_priority_0_where_it_is_told_to},
        {"gate: every entry point is held", every_entry_point_is_held},
        {"gate: what a stream captures is neither charged nor marked", what_a_stream_captures_is_neither_charged_nor_marked},
        {"gate: where the driver answers nothing a launch does not wait", where_the_driver_answers_nothing_a_launch_does_not_wait},
        {"gate: a launch that the driver refuses costs nothing", a_launch_that_the_driver_refuses_costs_nothing},
        {"gate: nothing of ours is used after its stream has ended", nothing_of_ours_is_used_after_its_stream_has_ended},
        {"gate: nothing of ours is used after its context has ended", nothing_of_ours_is_used_after_its_context_has_ended},
        {"gate: a module that ends takes what is known of its functions along", a_module_that_ends_takes_what_is_known_of_its_functions_along},
        {"gate: threads launch at once and every launch is counted", threads_launch_at_once_and_every_launch_is_counted},
        {"gate: the thread that sees work end leaves when there is none", the_thread_that_sees_work_end_leaves_when_there_is_none},
#ifndef __SANITIZE_THREAD__ /* which has no threads in a forked child */
        {"gate: a forked child has a gate of its own", a_forked_child_has_a_gate_of_its_own},
#endif
        {"gate: a process that is killed holds nobody up", a_process_that_is_killed_holds_nobody_up},
        {"gate: a card that no share is of is not held", a_card_that_no_share_is_of_is_not_held},
        {"gate: shares of one card add up", shares_of_one_card_add_up},
    };
    return RUN_TESTS(tests);
}
