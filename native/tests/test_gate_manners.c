/* Covers: what a program does not notice of the gate: errno, its signals, its current context, its captures, its end. Before a driver that takes time
 * (timed_driver.h), which watches here from which threads, and how, it is called. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "gated.h"
#include "process.h"
#include "resolve.h"
#include "stock.h"

static struct real_cuda driver; /* timed_driver's, watched */
static const struct real_cuda *plain;
static uint32_t inside, waits_seen, marks_seen, wrong;
static CUstream capturing; /* NULL: none */
static _Thread_local CUstreamCaptureMode mode; /* of a thread: global at first */

static CUresult exchange_mode(CUstreamCaptureMode *other)
{
    CUstreamCaptureMode before = mode;
    mode = *other;
    *other = before;
    return CUDA_SUCCESS;
}

static CUresult is_capturing(CUstream stream, CUstreamCaptureStatus *status)
{
    *status = capturing && stream == capturing ? CU_STREAM_CAPTURE_STATUS_ACTIVE : CU_STREAM_CAPTURE_STATUS_NONE;
    return CUDA_SUCCESS;
}

static CUresult begin_capture(CUstream stream, CUstreamCaptureMode by)
{
    (void)by;
    capturing = stream;
    return CUDA_SUCCESS;
}

/* While a stream captures, what is not allowed in a capture is refused to threads that do not say that they know what they do. */
static bool is_allowed(void)
{
    return !capturing || mode == CU_STREAM_CAPTURE_MODE_RELAXED;
}

static CUresult synchronize(CUevent event)
{
    store_word(&inside, 1);
    CUresult result = plain->cuEventSynchronize(event);
    store_word(&wrong, load_word(&wrong) | (mode != CU_STREAM_CAPTURE_MODE_RELAXED));
    store_word(&inside, 0);
    store_word(&waits_seen, 1);
    return result;
}

static CUresult record(CUevent event, CUstream stream)
{
    store_word(&wrong, load_word(&wrong) | !is_allowed() | (capturing && stream == capturing));
    store_word(&marks_seen, load_word(&marks_seen) + 1);
    return plain->cuEventRecord(event, stream);
}

static void begin_watched(uint32_t percent)
{
    begin(percent, HAMI_CORES_FORCE);
    plain = resolved_cuda;
    driver = *plain;
    driver.cuThreadExchangeStreamCaptureMode = exchange_mode;
    driver.cuStreamIsCapturing = driver.cuStreamIsCapturing_ptsz = is_capturing;
    driver.cuStreamBeginCapture_v2 = begin_capture;
    driver.cuEventSynchronize = synchronize;
    driver.cuEventRecord = record;
    resolved_cuda = &driver;
}

static bool a_wait_was_seen(void)
{
    return load_word(&waits_seen);
}

static void errno_is_kept(void)
{
    begin_watched(20);
    for (uint64_t end = waits_now_ns() + LONG_NS; held_back_ns() < 20 * MS; CHECK(waits_now_ns() < end)) {
        errno = 77;
        CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS && errno == 77);
    }
}

/* Of a thread of ours, signals that it has blocked; 0: there is no such thread. */
static uint64_t blocked_signals(void)
{
    char path[300], line[128];
    uint64_t found = 0;
    DIR *folder = opendir("/proc/self/task");
    CHECK(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        snprintf(path, sizeof path, "/proc/self/task/%s/status", entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "re");
        bool ours = file && fgets(line, sizeof line, file) && strcmp(line, "Name:\thami-time\n") == 0;
        while (ours && fgets(line, sizeof line, file))
            (void)sscanf(line, "SigBlk: %lx", &found);
        if (file)
            fclose(file);
    }
    closedir(folder);
    return found;
}

static uint64_t blocked;

/* It leaves when there is no work for it. */
static bool a_thread_of_ours_is_met(void)
{
    CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    blocked = blocked_signals();
    return blocked != 0;
}

static void signals_do_not_come_to_a_thread_of_ours(void)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGCHLD, SIGPROF};
    begin_watched(50);
    until(a_thread_of_ours_is_met);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        CHECK(blocked >> (signals[i] - 1) & 1);
}

static bool the_short_unit_is_known(void)
{
    struct gate *gate = gate_first();
    lock_take(&gate->lock);
    bool known = costs_find(&gate->costs, 1000, cost_grid(1, 2, 3)) != 0;
    lock_give(&gate->lock);
    return known;
}

/* What was launched in another context is marked there, before the launch waits that goes on in this one. */
static void the_current_context_is_kept(void)
{
    CUcontext first, second, now;
    begin_watched(20);
    CHECK(driver.cuCtxGetCurrent(&first) == CUDA_SUCCESS);
    CUstream there = timed_stream();
    CHECK(launch(timed_kernel(1000), there) == CUDA_SUCCESS);
    until(the_short_unit_is_known);
    second = timed_context(0);
    CUstream here = timed_stream();
    __atomic_store_n(&usage->credit_ns, 50 * (int64_t)MS, __ATOMIC_RELEASE);
    CHECK(launch(timed_kernel(40 * MS), here) == CUDA_SUCCESS && driver.cuCtxSetCurrent(first) == CUDA_SUCCESS);
    CHECK(launch(timed_kernel(1000), there) == CUDA_SUCCESS && driver.cuCtxSetCurrent(second) == CUDA_SUCCESS);
    __atomic_store_n(&usage->credit_ns, -5 * (int64_t)MS, __ATOMIC_RELEASE);
    CHECK(launch(timed_kernel(MS), here) == CUDA_SUCCESS); /* timed_driver looks that it is this context's */
    CHECK(driver.cuCtxGetCurrent(&now) == CUDA_SUCCESS && now == second && first != second);
}

static bool work_was_seen(void)
{
    return load_relaxed(&slot()->busy_ns) > 0;
}

/* A wait in the driver would give its memory back to the card. */
static void beside_pools_nothing_of_ours_waits_in_the_driver(void)
{
    static struct stock stock;
    begin_watched(50);
    struct process *process = process_enter();
    process->stocks = &stock;
    process_leave(process);
    CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    until(work_was_seen);
    CHECK(!load_word(&waits_seen));
}

static void a_thread_of_ours_may_call_the_driver_beside_captures(void)
{
    begin_watched(50);
    CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    until(a_wait_was_seen);
    CHECK(!load_word(&wrong));
}

/* Work that is in flight as its stream begins to capture is not marked in the capture; that of other streams is marked as before, and the thread's own
 * way to capture is what it was. */
static void marks_do_not_come_into_captures(void)
{
    begin_watched(20);
    CUstream first = timed_stream(), second = timed_stream();
    for (int i = 0; i < 20000 && !launch_lane->pacer.launches; i++)
        CHECK(launch(timed_kernel(1000), first) == CUDA_SUCCESS);
    CHECK(launch_lane->pacer.launches);
    CHECK(cuStreamBeginCapture_v2(first, CU_STREAM_CAPTURE_MODE_GLOBAL) == CUDA_SUCCESS);
    uint32_t before = load_word(&marks_seen);
    (void)launch_for(200 * MS, timed_kernel(MS), second);
    CHECK(load_word(&marks_seen) > before && !load_word(&wrong) && mode == CU_STREAM_CAPTURE_MODE_GLOBAL);
}

#ifndef __SANITIZE_THREAD__ /* which has no threads in a forked child */
static void driver_takes_itself_apart(void)
{
    if (load_word(&inside))
        _exit(9);
}

static void end_with_work_in_flight(void *unused)
{
    (void)unused;
    CHECK(atexit(driver_takes_itself_apart) == 0); /* as the driver's own, which was there before the first launch */
    for (int i = 0; i < 3; i++)
        CHECK(launch(timed_kernel(10 * MS), NULL) == CUDA_SUCCESS);
    while (!load_word(&inside))
        waits_pause(MS / 10);
    exit(0);
}

static void nothing_of_ours_is_in_the_driver_as_the_program_ends(void)
{
    begin_watched(90);
    for (int i = 0; i < 5; i++)
        join(start(end_with_work_in_flight, NULL));
}
#endif

int main(void)
{
    static const struct test tests[] = {
        {"gate manners: errno is kept", errno_is_kept},
        {"gate manners: signals do not come to a thread of ours", signals_do_not_come_to_a_thread_of_ours},
        {"gate manners: the current context is kept", the_current_context_is_kept},
        {"gate manners: beside pools nothing of ours waits in the driver", beside_pools_nothing_of_ours_waits_in_the_driver},
        {"gate manners: a thread of ours may call the driver beside captures", a_thread_of_ours_may_call_the_driver_beside_captures},
        {"gate manners: marks do not come into captures", marks_do_not_come_into_captures},
#ifndef __SANITIZE_THREAD__
        {"gate manners: nothing of ours is in the driver as the program ends", nothing_of_ours_is_in_the_driver_as_the_program_ends},
#endif
    };
    return RUN_TESTS(tests);
}
