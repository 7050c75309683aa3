/* Keep a card busy, and say what share of its time that was: what a limit on a share's time is shown with.
 * A plain program of the CUDA driver API; it knows nothing of shares. A unit is a kernel that runs for a given time, by the card's own clock, or
 * a graph of such kernels. At most two batches of units are in flight in each stream. Each second it prints a line, and one at the end:
 * the time of its units over the time that passed, by the host's clock and between the first and the last event.
 * Exit status: 0, 1 where the driver refused something, 2 for wrong arguments. */
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cuda_api.h"

#define BATCH_US 5000u /* of work, between two events */
#define STREAMS_MAX 32u
#define KERNELS_MAX 1000u /* of a graph */
#define UNIT_US_MAX 60000000u

struct options {
    uint64_t unit_us, seconds, streams, graph; /* seconds 0: until it is killed; graph 0: kernels by themselves */
    bool sync;
};

/* A stream, and the ends of its last two batches. */
struct lane {
    CUstream stream;
    CUevent ends[2];
    uint64_t batches;
};

struct work {
    const struct options *options;
    CUfunction kernel;
    CUgraphExec graph;
    CUevent first, last;
    struct lane lanes[STREAMS_MAX];
    uint64_t units;
};

/* For a real card: a kernel that looks at the card's clock until its time is over. A simulated one goes by the name. */
static const char source[] = ".version 6.3\n.target sm_75\n.address_size 64\n"
                             ".visible .entry %s()\n{\n"
                             "    .reg .pred %%over;\n    .reg .u64 %%now, %%end;\n"
                             "    mov.u64 %%end, %%globaltimer;\n    add.u64 %%end, %%end, %llu;\n"
                             "again:\n    mov.u64 %%now, %%globaltimer;\n    setp.ge.u64 %%over, %%now, %%end;\n"
                             "    @!%%over bra again;\n    ret;\n}\n";

static bool succeeded(CUresult result, const char *what)
{
    const char *name = NULL;
    if (result == CUDA_SUCCESS)
        return true;
    bool named = cuGetErrorName(result, &name) == CUDA_SUCCESS && name;
    fprintf(stderr, "keep-busy: %s: %s\n", what, named ? name : "an unknown error");
    return false;
}
#define DONE(call) succeeded(call, #call)

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static CUresult launch(const struct work *work, CUstream stream)
{
    return cuLaunchKernel(work->kernel, 1, 1, 1, 1, 1, 1, 0, stream, NULL, NULL);
}

static bool load_kernel(struct work *work)
{
    char name[32], image[sizeof source + 64];
    CUmodule module;
    snprintf(name, sizeof name, "busy_%lluus", (unsigned long long)work->options->unit_us);
    snprintf(image, sizeof image, source, name, (unsigned long long)work->options->unit_us * 1000);
    return DONE(cuModuleLoadData(&module, image)) && DONE(cuModuleGetFunction(&work->kernel, module, name));
}

static bool make_graph(struct work *work)
{
    CUgraph graph;
    CUstream stream = work->lanes[0].stream;
    if (!work->options->graph)
        return true;
    if (!DONE(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL)))
        return false;
    for (uint64_t i = 0; i < work->options->graph; i++)
        if (!succeeded(launch(work, stream), "cuLaunchKernel into a graph"))
            return false;
    return DONE(cuStreamEndCapture(stream, &graph)) && DONE(cuGraphInstantiateWithFlags(&work->graph, graph, 0));
}

static bool make_lanes(struct work *work)
{
    bool made = true;
    for (uint64_t i = 0; made && i < work->options->streams; i++) {
        struct lane *lane = &work->lanes[i];
        made = DONE(cuStreamCreate(&lane->stream, CU_STREAM_NON_BLOCKING)) && DONE(cuEventCreate(&lane->ends[0], 0)) &&
               DONE(cuEventCreate(&lane->ends[1], 0));
    }
    return made;
}

static bool begin(struct work *work)
{
    CUdevice device;
    CUcontext context;
    return DONE(cuInit(0)) && DONE(cuDeviceGet(&device, 0)) && DONE(cuCtxCreate_v2(&context, 0, device)) && load_kernel(work) &&
           make_lanes(work) && make_graph(work) && DONE(cuEventCreate(&work->first, 0)) && DONE(cuEventCreate(&work->last, 0));
}

static uint64_t unit_us(const struct options *options)
{
    return options->unit_us * (options->graph ? options->graph : 1);
}

static bool ask_for_unit(struct work *work, struct lane *lane)
{
    work->units++;
    if (work->graph)
        return DONE(cuGraphLaunch(work->graph, lane->stream));
    return succeeded(launch(work, lane->stream), "cuLaunchKernel");
}

/* Wait for the batch before the last, and ask for another. */
static bool ask_for_batch(struct work *work, struct lane *lane)
{
    CUevent end = lane->ends[lane->batches % 2];
    uint64_t units = work->options->sync ? 1 : (BATCH_US + unit_us(work->options) - 1) / unit_us(work->options);
    bool done = lane->batches < 2 || DONE(cuEventSynchronize(end));
    for (uint64_t i = 0; done && i < units; i++)
        done = ask_for_unit(work, lane);
    lane->batches++;
    return done && DONE(cuEventRecord(end, lane->stream)) && (!work->options->sync || DONE(cuStreamSynchronize(lane->stream)));
}

static double percent(const struct work *work, uint64_t units, double seconds)
{
    return seconds > 0 ? (double)units * (double)unit_us(work->options) / 1e4 / seconds : 0;
}

static bool tell(struct work *work, double seconds)
{
    float milliseconds;
    if (!DONE(cuEventElapsedTime(&milliseconds, work->first, work->last)))
        return false;
    printf("keep-busy: in all %llu launches of %llu us in %.2f s: %.1f %% of the card by wall time, %.1f %% by events\n",
           (unsigned long long)work->units, (unsigned long long)unit_us(work->options), seconds, percent(work, work->units, seconds),
           percent(work, work->units, (double)milliseconds / 1e3));
    return fflush(stdout) == 0;
}

/* A line for each second that is over. */
static void tell_second(const struct work *work, double now, double *told, uint64_t *units)
{
    if (now - *told < 1)
        return;
    printf("keep-busy: %llu launches, %.1f %% of the card\n", (unsigned long long)(work->units - *units),
           percent(work, work->units - *units, now - *told));
    fflush(stdout);
    *told = now;
    *units = work->units;
}

static bool run(struct work *work)
{
    const struct options *options = work->options;
    double start = now_s(), told = start;
    uint64_t units = 0;
    bool done = DONE(cuEventRecord(work->first, work->lanes[0].stream));
    for (uint64_t i = 0; done && (!options->seconds || now_s() - start < (double)options->seconds); i++) {
        done = ask_for_batch(work, &work->lanes[i % options->streams]);
        tell_second(work, now_s(), &told, &units);
    }
    for (uint64_t i = 0; done && i + 1 < options->streams; i++)
        done = DONE(cuStreamWaitEvent(work->lanes[options->streams - 1].stream, work->lanes[i].ends[(work->lanes[i].batches + 1) % 2], 0));
    done = done && DONE(cuEventRecord(work->last, work->lanes[options->streams - 1].stream)) && DONE(cuCtxSynchronize());
    return done && tell(work, now_s() - start);
}

static bool parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    char *end;
    *number = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && *number >= least && *number <= most;
}

static bool take(int option, struct options *options)
{
    switch (option) {
    case 'u':
        return parse_number(optarg, 1, UNIT_US_MAX, &options->unit_us);
    case 's':
        return parse_number(optarg, 0, UINT32_MAX, &options->seconds);
    case 'n':
        return parse_number(optarg, 1, STREAMS_MAX, &options->streams);
    case 'g':
        return parse_number(optarg, 0, KERNELS_MAX, &options->graph);
    case 'y':
        return options->sync = true;
    }
    return false;
}

static const char usage[] =
    "usage: keep-busy [--unit-us N] [--seconds N] [--streams N] [--graph N] [--sync]\n"
    "Keep the first visible card busy, and say what share of its time that was: a line each second, and one at the end.\n"
    "  --unit-us N   how long a kernel runs, in microseconds: 1 to 60000000 (default 1000)\n"
    "  --seconds N   how long to go on (default 10); 0: until it is killed\n"
    "  --streams N   in how many streams: 1 to 32 (default 1)\n"
    "  --graph N     launch graphs of so many kernels, up to 1000 (default 0: kernels by themselves)\n"
    "  --sync        wait for each unit before the next\n"
    "  --help        say this\n";

int main(int argument_count, char **arguments)
{
    static const struct option known[] = {
        {"unit-us", required_argument, NULL, 'u'}, {"seconds", required_argument, NULL, 's'}, {"streams", required_argument, NULL, 'n'},
        {"graph", required_argument, NULL, 'g'},   {"sync", no_argument, NULL, 'y'},          {"help", no_argument, NULL, 'h'},
        {0}};
    struct options options = {.unit_us = 1000, .seconds = 10, .streams = 1};
    bool good = true;
    for (int option; good && (option = getopt_long(argument_count, arguments, "", known, NULL)) != -1;) {
        if (option == 'h')
            return fputs(usage, stdout) < 0;
        good = take(option, &options);
    }
    if (!good || optind != argument_count) {
        fputs(usage, stderr);
        return 2;
    }
    static struct work work;
    work.options = &options;
    return begin(&work) && run(&work) ? 0 : 1;
}
