/* What holding a share's time costs its program, on a driver whose work takes time and nothing else (tests/timed_driver.h): processor time under a
 * limit, as part of a core; and a loop like a decoder's, 200 short kernels, a wait and a pause of the host, with the library and without it.
 * The driver's own cost is in all rows. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "fixture.h"
#include "gate.h"
#include "resolve.h"
#include "test.h"
#include "timed_driver.h"
#include "waits.h"

#define MS UINT64_C(1000000)
#define STEPS 300

typedef CUresult (*launch_function)(CUfunction, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int,
                                    CUstream, void **, void **);

struct row {
    const char *name;
    uint64_t unit_ns; /* 0: the decoder */
    uint32_t percent; /* 0: without the library */
};

static const struct row rows[] = {
    {"20 us kernels, driver alone", 20000, 0},  {"20 us kernels, share of 50", 20000, 50},      {"1 ms kernels, driver alone", MS, 0},
    {"1 ms kernels, share of 50", MS, 50},      {"decoder, driver alone", 0, 0},                {"decoder, share of 100", 0, 100},
};

static double *figure; /* shared: of the row that runs */

static launch_function begin(uint32_t percent)
{
    fixture_share("a", TIMED_CARD, MIB(64));
    fixture_limit_cores("a", percent, HAMI_CORES_FORCE, 1, 0);
    timed_driver(1);
    timed_context(0);
    return percent ? cuLaunchKernel : resolve_cuda()->cuLaunchKernel;
}

static double cpu_ns(void)
{
    struct rusage used;
    CHECK(getrusage(RUSAGE_SELF, &used) == 0);
    return ((double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec) * 1e9 +
           ((double)used.ru_utime.tv_usec + (double)used.ru_stime.tv_usec) * 1e3;
}

static void launch(launch_function function, uint64_t ns, CUstream stream)
{
    CHECK(function(timed_kernel(ns), 1, 2, 3, 4, 5, 6, 7, stream, NULL, NULL) == CUDA_SUCCESS);
}

/* Part of a core, for 2 s after a first one. */
static double busy_loop(launch_function function, uint64_t unit_ns)
{
    CUstream stream = timed_stream();
    uint64_t start = waits_now_ns();
    while (waits_now_ns() - start < 1000 * MS)
        launch(function, unit_ns, stream);
    double cpu = cpu_ns();
    start = waits_now_ns();
    while (waits_now_ns() - start < 2000 * MS)
        launch(function, unit_ns, stream);
    return (cpu_ns() - cpu) / (double)(waits_now_ns() - start);
}

static int ascending(const void *left, const void *right)
{
    return (*(const double *)left > *(const double *)right) - (*(const double *)left < *(const double *)right);
}

/* The median step, ns. */
static double decoder(launch_function function)
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
    return steps[STEPS / 2];
}

static void run_row(void *argument)
{
    const struct row *row = argument;
    launch_function function = begin(row->percent);
    *figure = row->unit_ns ? busy_loop(function, row->unit_ns) : decoder(function);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    double *all = mmap(NULL, ROWS * sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(all != MAP_FAILED);
    for (int i = 0; i < ROWS; i++) {
        figure = &all[i];
        join(start(run_row, (void *)&rows[i]));
    }
    for (int i = 0; i < ROWS; i++)
        if (rows[i].unit_ns)
            printf("%-40s %8.2f %% of a core\n", rows[i].name, all[i] * 100);
        else
            printf("%-40s %8.1f us a step\n", rows[i].name, all[i] / 1000);
    return 0;
}
