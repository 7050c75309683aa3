/* What the library adds to a launch: nanoseconds for cuLaunchKernel on a driver that does nothing, as a program comes by it: by the pointer
 * that it is given, by the exported name while nothing is limited, and under a limit, where the thread's lane covers it. Rows take turns, each
 * in a process of its own; other work on the machine only adds to the 10th percentile. Not here: what a wait costs (time_cost.c). */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "fixture.h"
#include "real.h"
#include "resolve.h"
#include "test.h"

#define CARD "GPU-%02x000000-0000-0000-0000-000000000000" /* a device of null_driver.c */
#define DEVICES 8
#define TURNS 5
#define ROUNDS 200
#define LAUNCHES 2000

typedef CUresult (*launch_function)(CUfunction, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int,
                                    CUstream, void **, void **);

static double *rounds; /* shared: of the row that runs */
static unsigned turn;

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static CUstream stream_of(unsigned device)
{
    return (CUstream)(uintptr_t)(0x40 * (device + 1));
}

/* Into a stream of each of so many cards in turn; or into the default one. */
static void measure_on(launch_function launch, unsigned cards, bool by_default)
{
    for (unsigned round = turn * ROUNDS; round < (turn + 1) * ROUNDS; round++) {
        double start = now_ns();
        for (unsigned i = 0; i < LAUNCHES; i++)
            CHECK(launch((CUfunction)(uintptr_t)0x1000, 80, 1, 1, 256, 1, 1, 0, by_default ? NULL : stream_of(i % cards), NULL, NULL) ==
                  CUDA_SUCCESS);
        rounds[round] = (now_ns() - start) / LAUNCHES;
    }
}

static void measure(launch_function launch)
{
    measure_on(launch, 1, false);
}

static CUresult launch_ex(CUfunction function, unsigned int x, unsigned int y, unsigned int z, unsigned int block_x, unsigned int block_y,
                          unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters, void **extra)
{
    CUlaunchConfig config = {x, y, z, block_x, block_y, block_z, shared_bytes, stream, NULL, 0};
    return cuLaunchKernelEx(&config, function, parameters, extra);
}

/* So many cards, with so many shares of each. */
static void limit_cards(unsigned cards, unsigned shares, uint32_t cores_percent)
{
    char devices[16];
    snprintf(devices, sizeof devices, "%u", cards);
    CHECK(setenv("HAMI_BENCH_DEVICES", devices, 1) == 0);
    for (unsigned i = 0; i < cards * shares; i++) {
        char name[8], card[64];
        snprintf(name, sizeof name, "%u", i);
        snprintf(card, sizeof card, CARD, i / shares);
        fixture_share(name, card, MIB(8192));
        fixture_limit_cores(name, cores_percent, HAMI_CORES_FORCE, 1, 0);
    }
}

static void limit(uint32_t cores_percent, uint32_t flags)
{
    limit_cards(1, 1, cores_percent);
    fixture_limit_cores("0", cores_percent, HAMI_CORES_FORCE, 1, flags);
}

static void driver_alone(void)
{
    measure(resolve_cuda()->cuLaunchKernel);
}

static void given_pointer(void)
{
    launch_function given;
    limit(0, HAMI_LIMITS_FIXED_CORES);
    void *pointer, *real;
    given = resolve_cuda()->cuLaunchKernel;
    *(launch_function *)&real = given;
    pointer = resolve_replace_cuda(real);
    measure(*(launch_function *)&pointer);
}

static void no_share(void)
{
    fixture_folder();
    measure(cuLaunchKernel);
}

static void unlimited(void)
{
    limit(0, 0);
    measure(cuLaunchKernel);
}

static void under_a_limit(void)
{
    limit(90, 0);
    measure(cuLaunchKernel);
}

static void by_configuration(void)
{
    limit(90, 0);
    measure(launch_ex);
}

static void in_turns(void)
{
    measure_on(resolve_cuda()->cuLaunchKernel, DEVICES, false);
}

static void two_cards(void)
{
    limit_cards(2, 1, 90);
    measure(cuLaunchKernel);
}

static void eight_cards(void)
{
    limit_cards(DEVICES, 1, 90);
    measure(cuLaunchKernel);
}

static void eight_cards_in_turns(void)
{
    limit_cards(DEVICES, 1, 90);
    measure_on(cuLaunchKernel, DEVICES, false);
}

static void eight_cards_default_stream(void)
{
    limit_cards(DEVICES, 1, 90);
    measure_on(cuLaunchKernel, 1, true);
}

static void eight_cards_unlimited(void)
{
    limit_cards(DEVICES, 1, 0);
    measure(cuLaunchKernel);
}

static void eight_cards_unlimited_in_turns(void)
{
    limit_cards(DEVICES, 1, 0);
    measure_on(cuLaunchKernel, DEVICES, false);
}

static void eight_cards_unlimited_default_stream(void)
{
    limit_cards(DEVICES, 1, 0);
    measure_on(cuLaunchKernel, 1, true);
}

static void two_shares(void)
{
    limit_cards(1, 2, 45);
    measure(cuLaunchKernel);
}

static void two_shares_unlimited(void)
{
    limit_cards(1, 2, 0);
    measure(cuLaunchKernel);
}

static const struct {
    const char *name;
    void (*run)(void);
} rows[] = {
    {"driver alone", driver_alone},
    {"pointer given out, never limited", given_pointer},
    {"exported name, no share", no_share},
    {"gate, not limited now", unlimited},
    {"gate, under a limit", under_a_limit},
    {"gate, under a limit, cuLaunchKernelEx", by_configuration},
    {"two cards, under limits", two_cards},
    {"eight cards, under limits", eight_cards},
    {"eight, under limits, default stream", eight_cards_default_stream},
    {"eight in turns, driver alone", in_turns},
    {"eight in turns, under limits", eight_cards_in_turns},
    {"eight cards, not limited now", eight_cards_unlimited},
    {"eight, not limited now, default stream", eight_cards_unlimited_default_stream},
    {"eight in turns, not limited now", eight_cards_unlimited_in_turns},
    {"two shares of a card, under limits", two_shares},
    {"two shares of a card, not limited now", two_shares_unlimited},
};

#define ROWS (sizeof rows / sizeof *rows)

static void run_row(void *row)
{
    rows[*(size_t *)row].run();
}

static int ascending(const void *left, const void *right)
{
    return (*(const double *)left > *(const double *)right) - (*(const double *)left < *(const double *)right);
}

int main(void)
{
    enum { COUNT = TURNS * ROUNDS };
    double *all = mmap(NULL, ROWS * COUNT * sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(all != MAP_FAILED && dlopen("libcuda.so.1", RTLD_NOW));
    for (turn = 0; turn < TURNS; turn++)
        for (size_t row = 0; row < ROWS; row++) {
            rounds = all + row * COUNT;
            join(start(run_row, &row));
        }
    printf("%-40s %8s %8s\n", "nanoseconds of a launch", "p10", "p50");
    for (size_t row = 0; row < ROWS; row++) {
        rounds = all + row * COUNT;
        qsort(rounds, COUNT, sizeof *rounds, ascending);
        printf("%-40s %8.1f %8.1f\n", rows[row].name, rounds[COUNT / 10], rounds[COUNT / 2]);
    }
    return 0;
}
