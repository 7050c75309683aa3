/* What the interceptor costs: nanoseconds for cuMemAlloc and cuMemFree of 2 MiB, and for cuMemGetInfo, on a driver that does
 * nothing, against that driver alone in the same run; and what the processor takes for the two swaps of a pair alone, which is the floor.
 * Rows take turns, each time in a process of its own. Other work on the machine only adds: so the 10th percentile of all rounds is the
 * figure, but for what is disturbed on purpose, of which it is the median. */
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "account.h"
#include "atomics.h"
#include "fixture.h"
#include "real.h"
#include "resolve.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000000" /* device 0 of null_driver.c */
#define TURNS 6
#define ROUNDS 100 /* of a turn; short, so that most are not interrupted */
#define PAIRS 2000
#define HOLDERS 1000
#define DISTURBED_TRIES 20

struct figures {
    double pair_ns[TURNS * ROUNDS], info_ns[TURNS * ROUNDS]; /* 0: not measured */
};

static struct figures *figures; /* shared: of the row that runs */
static unsigned turn;
static cpu_set_t allowed;
static uint64_t *disturbed; /* shared: pairs that the other process has made; NULL without one */

/* The process that measures and the one that disturbs it are on two processors, as long as there are two. */
static void run_on(int place)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int cpu = 0, seen = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &allowed) && seen++ == place % CPU_COUNT(&allowed))
            CPU_SET(cpu, &one);
    CHECK(sched_setaffinity(0, sizeof one, &one) == 0);
}

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

/* A round in which one of the two processes had no processor for a while does not count. */
static double round_ns(CUresult (*allocate)(CUdeviceptr *, size_t), CUresult (*release)(CUdeviceptr))
{
    for (int try = 0; try < DISTURBED_TRIES; try++) {
        uint64_t before = disturbed ? load_relaxed(disturbed) : 0;
        double ns = pair_ns(allocate, release);
        uint64_t pairs = disturbed ? load_relaxed(disturbed) - before : PAIRS;
        if (pairs > PAIRS / 4 && pairs < PAIRS * 4)
            return ns;
    }
    return INFINITY;
}

static void measure(CUresult (*allocate)(CUdeviceptr *, size_t), CUresult (*release)(CUdeviceptr),
                    CUresult (*info)(size_t *, size_t *))
{
    for (unsigned i = turn * ROUNDS; i < (turn + 1) * ROUNDS; i++) {
        figures->pair_ns[i] = round_ns(allocate, release);
        figures->info_ns[i] = info ? info_ns(info) : 0;
    }
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

static void several_devices(void)
{
    CHECK(setenv("HAMI_BENCH_DEVICES", "8", 1) == 0);
    one_share();
}

static void two_shares(void)
{
    fixture_share("a", CARD, MIB(8192));
    fixture_share("b", CARD, MIB(8192));
    measure_ours();
}

static void disturb(CUresult (*allocate)(CUdeviceptr *, size_t), CUresult (*release)(CUdeviceptr))
{
    CUdeviceptr address;
    CHECK(allocate(&address, MIB(2)) == CUDA_SUCCESS && release(address) == CUDA_SUCCESS);
    store_relaxed(disturbed, load_relaxed(disturbed) + 1);
}

static void allocate_for_ever(void *unused)
{
    (void)unused;
    run_on(1);
    for (;;)
        disturb(cuMemAlloc_v2, cuMemFree_v2);
}

static void measure_beside(void (*other)(void *), void (*measured)(void))
{
    disturbed = mmap(NULL, sizeof *disturbed, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(disturbed != MAP_FAILED);
    pid_t disturber = start(other, NULL);
    measured();
    kill_and_join(disturber);
}

static void hold_for_ever(void *unused)
{
    CUdeviceptr address;
    (void)unused;
    CHECK(cuMemAlloc_v2(&address, MIB(2)) == CUDA_SUCCESS);
    store_relaxed(disturbed, 1);
    for (;;)
        pause();
}

static void another_holds(void)
{
    fixture_share("a", CARD, MIB(8192));
    disturbed = mmap(NULL, sizeof *disturbed, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(disturbed != MAP_FAILED);
    pid_t holder = start(hold_for_ever, NULL);
    while (!load_relaxed(disturbed))
        sched_yield();
    disturbed = NULL;
    measure_ours();
    kill_and_join(holder);
}

static void two_processes(void)
{
    fixture_share("a", CARD, MIB(8192));
    measure_beside(allocate_for_ever, measure_ours);
}

/* The floor: a word read and swapped, twice. */
static struct hami_word *bare_word;

static void swap_bare(void)
{
    struct hami_word seen;
    do {
        own_line_soon(bare_word);
        seen = (struct hami_word){load_relaxed(&bare_word->used_bytes), load_acquire(&bare_word->tag)};
    } while (!swap_word(bare_word, seen, (struct hami_word){seen.used_bytes + 1, seen.tag + 1}));
}

static CUresult swap_bare_for_alloc(CUdeviceptr *address, size_t bytes)
{
    (void)bytes;
    *address = 0;
    swap_bare();
    return CUDA_SUCCESS;
}

static CUresult swap_bare_for_free(CUdeviceptr address)
{
    (void)address;
    swap_bare();
    return CUDA_SUCCESS;
}

static void bare_swaps(void)
{
    measure(swap_bare_for_alloc, swap_bare_for_free, NULL);
}

static void swap_bare_for_ever(void *unused)
{
    (void)unused;
    run_on(1);
    for (;;)
        disturb(swap_bare_for_alloc, swap_bare_for_free);
}

static void two_bare_swappers(void)
{
    measure_beside(swap_bare_for_ever, bare_swaps);
}

static void many_slots_in_use(void)
{
    fixture_share("a", CARD, MIB(81920));
    struct pages pages = fixture_open("a");
    for (unsigned i = 0; i < HOLDERS; i++) {
        struct account holder = account_take_up(pages.usage, i);
        CHECK(account_reserve(&holder, MIB(2), MIB(81920)));
    }
    measure(cuMemAlloc_v2, cuMemFree_v2, NULL); /* cuMemGetInfo would refund those slots, whose processes do not exist */
}

static const struct {
    const char *name;
    void (*run)(void);
} rows[] = {
    {"driver alone", driver_alone},
    {"interceptor, no share", no_share},
    {"one share", one_share},
    {"one share, 8 devices", several_devices},
    {"two shares of the card", two_shares},
    {"one share, another process holds", another_holds},
    {"one share, another process allocates", two_processes},
    {"one share, 1,000 other slots in use", many_slots_in_use},
    {"two bare swaps of 16 bytes", bare_swaps},
    {"two bare swaps, another process swaps", two_bare_swappers},
};

#define ROWS (sizeof rows / sizeof *rows)

static void *idle(void *unused)
{
    pause();
    return unused;
}

/* A program with a driver has threads; libc spares itself atomic instructions where there is but one. */
static void run_row(void *row)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, idle, NULL) == 0);
    run_on(0);
    rows[*(size_t *)row].run();
}

static int ascending(const void *left, const void *right)
{
    return (*(const double *)left > *(const double *)right) - (*(const double *)left < *(const double *)right);
}

static double percentile(double *rounds, unsigned percent)
{
    qsort(rounds, TURNS * ROUNDS, sizeof *rounds, ascending);
    return rounds[TURNS * ROUNDS * percent / 100];
}

static void print(const char *name, struct figures *row)
{
    printf("%-40s %8.1f %8.1f", name, percentile(row->pair_ns, 10), percentile(row->pair_ns, 50));
    if (percentile(row->info_ns, 10) > 0)
        printf(" %12.1f %8.1f", percentile(row->info_ns, 10), percentile(row->info_ns, 50));
    printf("\n");
}

int main(void)
{
    struct figures *all = mmap(NULL, ROWS * sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bare_word = mmap(NULL, sizeof *bare_word, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(all != MAP_FAILED && bare_word != MAP_FAILED && dlopen("libcuda.so.1", RTLD_NOW));
    CHECK(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
    for (turn = 0; turn < TURNS; turn++)
        for (size_t row = 0; row < ROWS; row++) {
            figures = &all[row];
            join(start(run_row, &row));
        }
    printf("%-40s %17s %21s\n%40s %8s %8s %12s %8s\n", "nanoseconds", "alloc + free", "cuMemGetInfo", "", "p10", "p50", "p10", "p50");
    for (size_t row = 0; row < ROWS; row++)
        print(rows[row].name, &all[row]);
    return 0;
}
