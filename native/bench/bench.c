/* What the interceptor costs: nanoseconds for cuMemAlloc and cuMemFree of 2 MiB, and for cuMemGetInfo, on a driver that does
 * nothing, against that driver alone in the same run. Each row is the median of several rounds, in a process of its own. */
#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "account.h"
#include "fixture.h"
#include "real.h"
#include "resolve.h"
#include "test.h"

#define CARD "GPU-01000000-0000-0000-0000-000000000000" /* device 1 of null_driver.c */
#define ROUNDS 15
#define PAIRS 100000
#define HOLDERS 1000

static double *results; /* shared: {pair, info} of the row that runs */

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double pair_ns(CUresult (*allocate)(CUdeviceptr *, size_t), CUresult (*release)(CUdeviceptr))
{
    double start = now_ns();
    for (int i = 0; i < PAIRS; i++) {
        CUdeviceptr address;
        CHECK(allocate(&address, MIB(2)) == CUDA_SUCCESS && release(address) == CUDA_SUCCESS);
    }
    return (now_ns() - start) / PAIRS;
}

static double info_ns(CUresult (*info)(size_t *, size_t *))
{
    size_t left, total;
    double start = now_ns();
    for (int i = 0; i < PAIRS; i++)
        CHECK(info(&left, &total) == CUDA_SUCCESS);
    return (now_ns() - start) / PAIRS;
}

static int ascending(const void *left, const void *right)
{
    return (*(const double *)left > *(const double *)right) - (*(const double *)left < *(const double *)right);
}

static double median(double *rounds)
{
    qsort(rounds, ROUNDS, sizeof *rounds, ascending);
    return rounds[ROUNDS / 2];
}

static void measure(CUresult (*allocate)(CUdeviceptr *, size_t), CUresult (*release)(CUdeviceptr),
                    CUresult (*info)(size_t *, size_t *))
{
    double pairs[ROUNDS], infos[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        pairs[i] = pair_ns(allocate, release);
        infos[i] = info_ns(info);
    }
    results[0] = median(pairs);
    results[1] = median(infos);
}

static void measure_ours(void)
{
    measure(cuMemAlloc_v2, cuMemFree_v2, cuMemGetInfo_v2);
}

static void driver_alone(void)
{
    const struct real_cuda *real = resolve_cuda();
    measure(real->cuMemAlloc_v2, real->cuMemFree_v2, real->cuMemGetInfo_v2);
}

static void no_share(void)
{
    fixture_folder();
    measure_ours();
}

static void one_share(void)
{
    fixture_share("a", CARD, MIB(8192));
    measure_ours();
}

static void two_shares(void)
{
    fixture_share("a", CARD, MIB(8192));
    fixture_share("b", CARD, MIB(8192));
    measure_ours();
}

static void allocate_for_ever(void *unused)
{
    (void)unused;
    for (;;)
        pair_ns(cuMemAlloc_v2, cuMemFree_v2);
}

static void two_processes(void)
{
    fixture_share("a", CARD, MIB(8192));
    pid_t other = start(allocate_for_ever, NULL);
    measure_ours();
    kill_and_join(other);
}

static void many_slots_in_use(void)
{
    fixture_share("a", CARD, MIB(81920));
    struct pages pages = fixture_open("a");
    for (unsigned i = 0; i < HOLDERS; i++) {
        struct account holder = account_take_up(pages.usage, i);
        CHECK(account_reserve(&holder, MIB(2), MIB(81920)));
    }
    double pairs[ROUNDS]; /* cuMemGetInfo would refund those slots, whose processes do not exist */
    for (int i = 0; i < ROUNDS; i++)
        pairs[i] = pair_ns(cuMemAlloc_v2, cuMemFree_v2);
    results[0] = median(pairs);
    results[1] = 0;
}

static const struct {
    const char *name;
    void (*run)(void);
} rows[] = {
    {"driver alone", driver_alone},
    {"interceptor, no share", no_share},
    {"one share", one_share},
    {"two shares of the card", two_shares},
    {"one share, another process allocates", two_processes},
    {"one share, 1,000 other slots in use", many_slots_in_use},
};

static void run_row(void *row)
{
    rows[*(size_t *)row].run();
}

int main(void)
{
    results = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(results != MAP_FAILED && dlopen("libcuda.so.1", RTLD_NOW));
    printf("%-40s %16s %16s\n", "", "alloc+free, ns", "cuMemGetInfo, ns");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        join(start(run_row, &i));
        if (results[1] > 0)
            printf("%-40s %16.1f %16.1f\n", rows[i].name, results[0], results[1]);
        else
            printf("%-40s %16.1f %16s\n", rows[i].name, results[0], "–");
    }
    return 0;
}
