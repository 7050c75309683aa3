/* What the interceptor adds to the start of a program, until it has ended: one that has nothing to do with CUDA, and one that looks up every
 * function of the driver and allocates. With and without take turns; a figure is the difference of the 10th percentiles, in microseconds.
 * The program with CUDA runs before the simulated driver, whose own time is in both. HAMI_BENCH_SPAWNS: how many of each, else 3,000. */
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "client.h"
#include "fixture.h"
#include "test.h"

#define SPAWNS 3000
#define AT_ONCE 8

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Start so many of a program at once and wait for all. */
static double run_us(const char *program, char **variables, int at_once)
{
    pid_t processes[AT_ONCE];
    char *const arguments[] = {(char *)program, NULL};
    double begun_us = now_us();
    for (int i = 0; i < at_once; i++)
        CHECK(posix_spawn(&processes[i], program, NULL, NULL, arguments, variables) == 0);
    for (int i = 0; i < at_once; i++)
        join(processes[i]);
    return now_us() - begun_us;
}

static int ascending(const void *left, const void *right)
{
    return (*(const double *)left > *(const double *)right) - (*(const double *)left < *(const double *)right);
}

static double percentile(double *runs, int count, int percent)
{
    qsort(runs, (size_t)count, sizeof *runs, ascending);
    return runs[count * percent / 100];
}

static void measure(const char *name, const char *program, char **without, char **with, int at_once, int count)
{
    double *bare = malloc((size_t)count * sizeof *bare), *held = malloc((size_t)count * sizeof *held);
    CHECK(bare && held);
    for (int i = 0; i < count; i++) {
        bare[i] = run_us(program, without, at_once);
        held[i] = run_us(program, with, at_once);
    }
    for (int percent = 10; percent <= 50; percent += 40) {
        double alone = percentile(bare, count, percent), before = percentile(held, count, percent);
        printf("%-40s %8s %12.0f %12.0f %8.0f\n", name, percent == 10 ? "p10" : "p50", alone, before, before - alone);
        name = "";
    }
    free(bare);
    free(held);
}

int main(void)
{
    char uuid[64], client[PATH_MAX], path[PATH_MAX];
    static char driver[PATH_MAX + 32], cards[PATH_MAX + 32], shares[PATH_MAX + 32], preload[PATH_MAX + 32];
    const char *chosen = getenv("HAMI_BENCH_SPAWNS");
    int count = chosen ? atoi(chosen) : SPAWNS;
    CHECK(count > 0);
    client_write_card(0, MIB(81920), uuid);
    snprintf(path, sizeof path, "%s/shares", fixture_folder());
    CHECK(mkdir(path, 0755) == 0);
    fixture_share("shares/a", uuid, MIB(81920));
    snprintf(shares, sizeof shares, "HAMI_TEST_SHARES=%s", path);
    client_path(client, "bench/start-client");
    client_path(path, "sim");
    snprintf(driver, sizeof driver, "LD_LIBRARY_PATH=%s", path);
    snprintf(cards, sizeof cards, "HAMI_SIM_DEV=%s", fixture_folder());
    client_path(path, "test/libvgpu.so");
    snprintf(preload, sizeof preload, "LD_PRELOAD=%s", path);
    char *without[] = {driver, cards, shares, NULL}, *with[] = {driver, cards, shares, preload, NULL};
    printf("%-49s %12s %12s %8s\n", "start to end, microseconds", "without", "with", "added");
    measure("/bin/true", "/bin/true", without, with, 1, count);
    measure("a program with CUDA", client, without, with, 1, count);
    measure("8 programs with CUDA at once", client, without, with, AT_ONCE, count / AT_ONCE + 1);
    return 0;
}
