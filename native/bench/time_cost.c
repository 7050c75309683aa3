/* What holding a share's time costs its program, on a driver whose work takes time and nothing else (tests/timed_driver.h).
 * The controller's own: processor time of a program under a limit, less that of the same program with the driver alone at the same rate of launches,
 * which the host paces by a sleep each 50 ms. So all that the library adds counts as its own: its thread, its events, and each time that the launching
 * thread sleeps and wakes. Of it, what the driver takes within cuEventSynchronize, which in this one is a timer. Then a decoder's loop. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "fixture.h"
#include "gate.h"
#include "resolve.h"
#include "test.h"
#include "timed_driver.h"
#include "waits.h"

#define MS UINT64_C(1000000)
#define SETTLED_NS (1000 * MS)
#define LOOKED_NS (3000 * MS)
#define PACE_NS (50 * MS)
#define STEPS 300

typedef CUresult (*launch_function)(CUfunction, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int,
                                    CUstream, void **, void **);

struct row {
    const char *name;
    uint64_t unit_ns;
    uint32_t percent, beside; /* the limits of the share and of a neighbour; 0: no neighbour */
};

static const struct row rows[] = {
    {"20 us kernels, share of 50", 20000, 50, 0},
    {"1 ms kernels, share of 50", MS, 50, 0},
    {"20 ms kernels, share of 50", 20 * MS, 50, 0},
    {"20 us kernels, share of 90", 20000, 90, 0},
    {"20 us kernels, 30 beside a share of 70", 20000, 30, 70},
    {"1 ms kernels, 30 beside a share of 70", MS, 30, 70},
    {"20 ms kernels, 30 beside a share of 70", 20 * MS, 30, 70},
};

/* Of a program: processor time, of all its threads, of the one that launches, and of waits in the driver; and what happened. */
struct spent {
    double all_ns, launching_ns, waiting_ns;
    uint64_t launches, wakes, events, asks;
};

static struct seen {
    struct spent limited, alone;
    double step_ns;
} *seen; /* shared: of the row that runs */

static uint64_t asks;
static double waiting_ns;
static struct real_cuda watched_driver;
static CUresult (*wait_for_event)(CUevent);

struct pacer_answer __real_pacer_ask(struct pacer *, struct pacer_lane *, const struct hami_limits_record *, const struct pacer_unit *, uint64_t,
                                     uint64_t);
struct pacer_answer __wrap_pacer_ask(struct pacer *, struct pacer_lane *, const struct hami_limits_record *, const struct pacer_unit *, uint64_t,
                                     uint64_t);

/* In place of pacer_ask, by the linker. */
struct pacer_answer __wrap_pacer_ask(struct pacer *pacer, struct pacer_lane *lane, const struct hami_limits_record *record,
                                     const struct pacer_unit *unit, uint64_t now_ns, uint64_t asked_at_ns)
{
    asks++;
    return __real_pacer_ask(pacer, lane, record, unit, now_ns, asked_at_ns);
}

static double clock_ns(clockid_t clock)
{
    struct timespec now;
    CHECK(clock_gettime(clock, &now) == 0);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static CUresult counted_wait(CUevent event)
{
    double before = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    CUresult result = wait_for_event(event);
    waiting_ns += clock_ns(CLOCK_THREAD_CPUTIME_ID) - before;
    return result;
}

static void begin_driver(void)
{
    timed_driver(1);
    timed_context(0);
    watched_driver = *resolve_cuda();
    wait_for_event = watched_driver.cuEventSynchronize;
    watched_driver.cuEventSynchronize = counted_wait;
    resolved_cuda = &watched_driver;
}

static uint64_t sleeps(void)
{
    struct rusage used;
    CHECK(getrusage(RUSAGE_SELF, &used) == 0);
    return (uint64_t)used.ru_nvcsw;
}

static struct spent spent_so_far(uint64_t launches)
{
    return (struct spent){clock_ns(CLOCK_PROCESS_CPUTIME_ID), clock_ns(CLOCK_THREAD_CPUTIME_ID), waiting_ns, launches, sleeps(), timed_records(), asks};
}

static struct spent spent_between(struct spent from, struct spent to)
{
    return (struct spent){to.all_ns - from.all_ns,     to.launching_ns - from.launching_ns, to.waiting_ns - from.waiting_ns,
                          to.launches - from.launches, to.wakes - from.wakes,               to.events - from.events,
                          to.asks - from.asks};
}

static void launch(launch_function function, uint64_t ns, CUstream stream)
{
    CHECK(function(timed_kernel(ns), 1, 2, 3, 4, 5, 6, 7, stream, NULL, NULL) == CUDA_SUCCESS);
}

static uint64_t launch_for(uint64_t ns, uint64_t unit_ns, CUstream stream)
{
    uint64_t start = waits_now_ns(), launches = 0;
    for (; waits_now_ns() - start < ns; launches++)
        launch(cuLaunchKernel, unit_ns, stream);
    return launches;
}

/* The process is a container with one share. */
static void enter_container(const char *container)
{
    char shares[PATH_MAX];
    (void)snprintf(shares, sizeof shares, "%s/%s", fixture_folder(), container);
    CHECK(setenv("HAMI_TEST_SHARES", shares, 1) == 0);
    begin_driver();
}

static void run_limited(void *argument)
{
    const struct row *row = argument;
    enter_container("x");
    CUstream stream = timed_stream();
    (void)launch_for(SETTLED_NS, row->unit_ns, stream);
    struct spent before = spent_so_far(0);
    uint64_t launches = launch_for(LOOKED_NS, row->unit_ns, stream);
    seen->limited = spent_between(before, spent_so_far(launches));
}

static void run_neighbour(void *argument)
{
    const struct row *row = argument;
    enter_container("y");
    (void)launch_for(UINT64_MAX, row->unit_ns, timed_stream());
}

/* As many launches in as long. */
static void run_alone(void *argument)
{
    const struct row *row = argument;
    begin_driver();
    CUstream stream = timed_stream();
    struct spent before = spent_so_far(0);
    uint64_t start = waits_now_ns(), launches = 0;
    for (uint64_t passed = 0; passed < LOOKED_NS; passed = waits_now_ns() - start) {
        for (; launches * LOOKED_NS < seen->limited.launches * passed && waits_now_ns(); launches++)
            launch(resolve_cuda()->cuLaunchKernel, row->unit_ns, stream);
        waits_pause(PACE_NS);
    }
    seen->alone = spent_between(before, spent_so_far(launches));
}

static void make_share(const char *container, const char *neighbour, uint32_t percent, uint64_t seat)
{
    char path[PATH_MAX], share[16], other[16];
    (void)snprintf(path, sizeof path, "%s/%s", fixture_folder(), container);
    CHECK(mkdir(path, 0755) == 0);
    (void)snprintf(share, sizeof share, "%s/a", container);
    fixture_share(share, TIMED_CARD, MIB(64));
    fixture_limit_cores(share, percent, HAMI_CORES_FORCE, 1, 0);
    if (neighbour)
        (void)snprintf(other, sizeof other, "%s/a", neighbour);
    fixture_seat(share, neighbour ? other : NULL, seat);
}

/* Each row has shares of its own, which end with this process. */
static void run_row(void *argument)
{
    const struct row *row = argument;
    make_share("x", NULL, row->percent, 0);
    if (row->beside)
        make_share("y", "x", row->beside, 1);
    pid_t neighbour = row->beside ? start(run_neighbour, argument) : 0;
    join(start(run_limited, argument));
    if (neighbour)
        kill_and_join(neighbour);
    join(start(run_alone, argument));
}

static int ascending(const void *left, const void *right)
{
    return (*(const double *)left > *(const double *)right) - (*(const double *)left < *(const double *)right);
}

/* The median step. */
static void decode(launch_function function)
{
    static double steps[STEPS];
    CUstream stream = timed_stream();
    for (int step = 0; step < STEPS; step++) {
        uint64_t start = waits_now_ns();
        for (uint64_t i = 0; i < 200; i++)
            launch(function, 5000 + 225 * i, stream);
        timed_wait(0);
        waits_pause(300000);
        steps[step] = (double)(waits_now_ns() - start);
    }
    qsort(steps, STEPS, sizeof *steps, ascending);
    seen->step_ns = steps[STEPS / 2];
}

static void decode_alone(void *argument)
{
    (void)argument;
    begin_driver();
    decode(resolve_cuda()->cuLaunchKernel);
}

static void decode_limited(void *argument)
{
    (void)argument;
    make_share("x", NULL, 100, 0);
    enter_container("x");
    decode(cuLaunchKernel);
}

static double percent(double ns)
{
    return ns * 100 / (double)LOOKED_NS;
}

static double each_second(uint64_t count)
{
    return (double)count * 1e9 / (double)LOOKED_NS;
}

static void say(const struct row *row)
{
    const struct spent *spent = &seen->limited;
    printf("%-40s %6.2f %% of a core, its own %.2f (%.2f in its thread, %.2f in the driver's waits); a second: %.0f wakes, %.0f events, %.0f questions, "
           "%.0f launches\n",
           row->name, percent(spent->all_ns), percent(spent->all_ns - seen->alone.all_ns), percent(spent->all_ns - spent->launching_ns),
           percent(spent->waiting_ns), each_second(spent->wakes),
           each_second(spent->events), each_second(spent->asks), each_second(spent->launches));
}

int main(void)
{
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(seen != MAP_FAILED);
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        join(start(run_row, (void *)&rows[i]));
        say(&rows[i]);
    }
    join(start(decode_alone, NULL));
    printf("%-40s %8.1f us a step\n", "decoder, driver alone", seen->step_ns / 1000);
    join(start(decode_limited, NULL));
    printf("%-40s %8.1f us a step\n", "decoder, share of 100", seen->step_ns / 1000);
    return 0;
}
