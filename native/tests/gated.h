/* Launches through the gate, for its tests: a share and a driver whose work takes time (timed_driver.h), units one after the other, and what they may
 * have had at most. Not here: what is tested. */
#ifndef HAMI_GATED_H
#define HAMI_GATED_H

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "atomics.h"
#include "fixture.h"
#include "gate.h"
#include "test.h"
#include "timed_driver.h"
#include "waits.h"

#define MS UINT64_C(1000000)
#define LONG_NS (20000 * MS) /* after so long what is waited for does not come */

static struct hami_usage *usage; /* of the share that was made last */

/* Threads of ours, by their name. */
static inline unsigned threads(void)
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

static inline void share(uint32_t cores_percent, uint32_t policy)
{
    fixture_share("a", TIMED_CARD, MIB(64));
    fixture_limit_cores("a", cores_percent, policy, 1, 0);
    usage = fixture_open("a").usage;
}

static inline void begin(uint32_t cores_percent, uint32_t policy)
{
    share(cores_percent, policy);
    timed_driver(1);
    timed_context(0);
}

static inline CUresult launch(CUfunction function, CUstream stream)
{
    return cuLaunchKernel(function, 1, 2, 3, 4, 5, 6, 7, stream, NULL, NULL);
}

/* This process's slot; NULL: it has none, since nothing was limited. */
static inline struct hami_slot *slot(void)
{
    struct gate *gate = gate_first();
    return gate ? gate->slot : NULL;
}

static inline uint64_t held_back_ns(void)
{
    return slot() ? load_relaxed(&slot()->throttled_ns) : 0;
}

static inline void until(bool (*holds)(void))
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

static inline struct had launch_for(uint64_t ns, CUfunction function, CUstream stream)
{
    uint64_t start = waits_now_ns(), before = timed_launches(0);
    while (waits_now_ns() - start < ns)
        CHECK(launch(function, stream) == CUDA_SUCCESS);
    timed_wait(0);
    return (struct had){(double)((timed_launches(0) - before) * (uintptr_t)function), (double)(waits_now_ns() - start)};
}

/* No more than the limit, what may be saved up (50 ms), and what may be in flight (5 ms, two units, and what is not known yet: two grains). */
static inline void expect_at_most(struct had had, double percent)
{
    double most = had.time_ns * percent / 100 + 50e6 + 10e6;
    if (had.work_ns > most)
        fprintf(stderr, "had %.0f of %.0f ms, at most %.0f\n", had.work_ns / 1e6, had.time_ns / 1e6, most / 1e6);
    CHECK(had.work_ns > 0 && had.work_ns <= most);
}

#endif
