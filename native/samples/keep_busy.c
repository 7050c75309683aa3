/* Keep a card busy, and say what share of its time that was: what a limit on a share's time is shown with.
 * A plain program of the CUDA driver API; it knows nothing of shares. A unit is a kernel that does what takes the card a given time, or a graph of
 * such kernels. At most two batches of units are in flight in each stream. Each second it prints a line, and two at the end: what a launch and the
 * program cost the host; and the time of its units over the time that passed, by the host's clock and between the first and the last event.
 * Exit status: 0, 1 where the driver refused something, 2 for wrong arguments. */
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "cuda_api.h"

#define BATCH_US 5000u /* of work, between two events */
#define STREAMS_MAX 32u
#define KERNELS_MAX 1000u /* of a graph */
#define UNIT_US_MAX 60000000u
#define STEP_MAX 100000u
#define TRIAL_ROUNDS 20000u   /* of a kernel's loop: some 100 us on any card */
#define TRIAL_NS UINT64_C(100000) /* what a simulated card takes the same kernel for */
#define TRIALS_LEAST_S 0.3    /* so long a card gets to raise its clock */

struct options {
    uint64_t unit_us, seconds, streams, graph; /* seconds 0: until it is killed; graph 0: kernels by themselves */
    uint64_t step, pause_us;                   /* units before a wait and a pause of the host; step 0: as many as a batch takes */
    const char *trace;                         /* a file; NULL: none */
    bool sync;
};

/* A stream, and the ends of its last two batches. */
struct lane {
    CUstream stream;
    CUevent ends[2];
    double asked_s[2]; /* when the host began to launch them */
    uint64_t batches;
};

struct work {
    const struct options *options;
    CUfunction kernel, trial;
    uint64_t rounds; /* of the kernel's loop, for a unit */
    CUgraphExec graph;
    CUevent first, last;
    struct lane lanes[STREAMS_MAX];
    uint64_t units;
    double launching_s; /* that the host spent in launches */
    FILE *trace;
};

/* For a real card: a kernel that goes so often through a loop in which each step needs the one before. Not one that looks at a clock until its
 * time is over: clocks go on while another context has the card, so that such a unit is shorter the more neighbours there are; and
 * %globaltimer moves in steps of up to a millisecond on some cards. The value is kept from being left out by a use of it that never comes to
 * anything. A simulated card goes by the name. */
#define KERNEL \
    ".visible .entry %s(.param .u64 rounds)\n{\n" \
    "    .reg .pred %%p;\n    .reg .u64 %%left, %%start;\n    .reg .u32 %%value;\n" \
    "    ld.param.u64 %%left, [rounds];\n    mov.u64 %%start, %%clock64;\n    cvt.u32.u64 %%value, %%start;\n" \
    "again:\n    mad.lo.u32 %%value, %%value, 1664525, 1013904223;\n    sub.u64 %%left, %%left, 1;\n" \
    "    setp.ne.u64 %%p, %%left, 0;\n    @%%p bra again;\n" \
    "    setp.eq.u32 %%p, %%value, 305419896;\n    @%%p membar.gl;\n    ret;\n}\n"
static const char source[] = ".version 6.3\n.target sm_70\n.address_size 64\n" KERNEL KERNEL;

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

static CUresult launch_rounds(CUfunction kernel, uint64_t rounds, CUstream stream)
{
    void *parameters[] = {&rounds};
    return cuLaunchKernel(kernel, 1, 1, 1, 1, 1, 1, 0, stream, parameters, NULL);
}

static CUresult launch(const struct work *work, CUstream stream)
{
    return launch_rounds(work->kernel, work->rounds, stream);
}

static bool load_kernel(struct work *work)
{
    char name[32], trial[32], image[sizeof source + 64];
    CUmodule module;
    snprintf(name, sizeof name, "busy_%lluus", (unsigned long long)work->options->unit_us);
    snprintf(trial, sizeof trial, "busy_%lluns", (unsigned long long)TRIAL_NS);
    snprintf(image, sizeof image, source, name, trial);
    return DONE(cuModuleLoadData(&module, image)) && DONE(cuModuleGetFunction(&work->kernel, module, name)) &&
           DONE(cuModuleGetFunction(&work->trial, module, trial));
}

static bool time_rounds(struct work *work, uint64_t rounds, float *milliseconds)
{
    CUstream stream = work->lanes[0].stream;
    return DONE(cuEventRecord(work->first, stream)) && succeeded(launch_rounds(work->trial, rounds, stream), "cuLaunchKernel") &&
           DONE(cuEventRecord(work->last, stream)) && DONE(cuEventSynchronize(work->last)) &&
           DONE(cuEventElapsedTime(milliseconds, work->first, work->last));
}

static float smaller(float a, float b)
{
    return a < b ? a : b;
}

/* How many rounds a unit takes: by the shortest of many trials, since a neighbour's turn can only make one longer; and by the difference between
 * one and three times as many rounds, in which what any kernel takes to start is not. Where both take the same time, nothing runs the kernel. */
static bool calibrate(struct work *work)
{
    float once = 1e9f, thrice = 1e9f, one = 0, three = 0;
    double start = now_s();
    do {
        if (!time_rounds(work, TRIAL_ROUNDS, &one) || !time_rounds(work, 3 * TRIAL_ROUNDS, &three))
            return false;
        once = smaller(once, one);
        thrice = smaller(thrice, three);
    } while (now_s() - start < TRIALS_LEAST_S && thrice > 1.5f * once);
    double round_us = (double)(thrice - once) * 1e3 / (2 * TRIAL_ROUNDS);
    work->rounds = thrice > 1.5f * once ? (uint64_t)((double)work->options->unit_us / round_us) : 1;
    work->rounds += !work->rounds;
    return true;
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
        made = DONE(cuStreamCreate(&lane->stream, CU_STREAM_NON_BLOCKING)) && DONE(cuEventCreate(&lane->ends[0], CU_EVENT_BLOCKING_SYNC)) &&
               DONE(cuEventCreate(&lane->ends[1], CU_EVENT_BLOCKING_SYNC));
    }
    return made;
}

static bool begin(struct work *work)
{
    CUdevice device;
    CUcontext context;
    return DONE(cuInit(0)) && DONE(cuDeviceGet(&device, 0)) && DONE(cuCtxCreate_v2(&context, 0, device)) && load_kernel(work) &&
           make_lanes(work) && DONE(cuEventCreate(&work->first, 0)) && DONE(cuEventCreate(&work->last, 0)) && calibrate(work) &&
           make_graph(work);
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

/* A line for a batch that has ended: when it was launched and seen to have ended, on the host; its end, on the card's clock, after the first event. */
static bool trace_batch(struct work *work, const struct lane *lane, uint64_t units)
{
    float milliseconds;
    if (!work->trace)
        return true;
    if (!DONE(cuEventElapsedTime(&milliseconds, work->first, lane->ends[lane->batches % 2])))
        return false;
    fprintf(work->trace, "%.0f,%.0f,%.0f,%d,%llu,%llu\n", lane->asked_s[lane->batches % 2] * 1e9, now_s() * 1e9, (double)milliseconds * 1e6,
            (int)(lane - work->lanes), (unsigned long long)units, (unsigned long long)unit_us(work->options) * 1000);
    return !ferror(work->trace);
}

static uint64_t units_of_batch(const struct options *options)
{
    if (options->step)
        return options->step;
    return options->sync ? 1 : (BATCH_US + unit_us(options) - 1) / unit_us(options);
}

static void pause_host(uint64_t us)
{
    struct timespec most = {.tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000) * 1000};
    (void)nanosleep(&most, NULL);
}

/* Wait for the batch before the last, and ask for another. */
static bool ask_for_batch(struct work *work, struct lane *lane)
{
    CUevent end = lane->ends[lane->batches % 2];
    uint64_t units = units_of_batch(work->options);
    bool wait = work->options->sync || work->options->step;
    bool done = lane->batches < 2 || (DONE(cuEventSynchronize(end)) && trace_batch(work, lane, units));
    double start = now_s();
    lane->asked_s[lane->batches % 2] = start;
    for (uint64_t i = 0; done && i < units; i++)
        done = ask_for_unit(work, lane);
    work->launching_s += now_s() - start;
    lane->batches++;
    done = done && DONE(cuEventRecord(end, lane->stream)) && (!wait || DONE(cuStreamSynchronize(lane->stream)));
    if (work->options->pause_us)
        pause_host(work->options->pause_us);
    return done;
}

static double percent(const struct work *work, uint64_t units, double seconds)
{
    return seconds > 0 ? (double)units * (double)unit_us(work->options) / 1e4 / seconds : 0;
}

static double cpu_s(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static bool tell(struct work *work, double seconds, double used_s)
{
    float milliseconds;
    if (!DONE(cuEventElapsedTime(&milliseconds, work->first, work->last)))
        return false;
    double each = work->units ? (double)work->units : 1;
    printf("keep-busy: a unit each %.3f us, its launch %.0f ns of the host, the program %.2f %% of a core\n", seconds * 1e6 / each,
           work->launching_s * 1e9 / each, used_s * 100 / seconds);
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
    double start = now_s(), told = start, cpu = cpu_s();
    uint64_t units = 0;
    bool done = DONE(cuEventRecord(work->first, work->lanes[0].stream));
    for (uint64_t i = 0; done && (!options->seconds || now_s() - start < (double)options->seconds); i++) {
        done = ask_for_batch(work, &work->lanes[i % options->streams]);
        tell_second(work, now_s(), &told, &units);
    }
    for (uint64_t i = 0; done && i + 1 < options->streams; i++)
        done = DONE(cuStreamWaitEvent(work->lanes[options->streams - 1].stream, work->lanes[i].ends[(work->lanes[i].batches + 1) % 2], 0));
    done = done && DONE(cuEventRecord(work->last, work->lanes[options->streams - 1].stream)) && DONE(cuCtxSynchronize());
    double seconds = now_s() - start;
    return done && tell(work, seconds, cpu_s() - cpu);
}

static bool open_trace(struct work *work)
{
    if (!work->options->trace)
        return true;
    work->trace = fopen(work->options->trace, "w");
    if (!work->trace) {
        fprintf(stderr, "keep-busy: %s cannot be written\n", work->options->trace);
        return false;
    }
    (void)setvbuf(work->trace, NULL, _IOLBF, BUFSIZ); /* whole lines, whenever it is killed */
    return fputs("host_asked_ns,host_seen_ns,gpu_end_ns,stream,units,unit_ns\n", work->trace) >= 0;
}

static bool close_trace(struct work *work)
{
    if (!work->trace || fclose(work->trace) == 0)
        return true;
    fprintf(stderr, "keep-busy: %s could not be written whole\n", work->options->trace);
    return false;
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
    case 'k':
        return parse_number(optarg, 1, STEP_MAX, &options->step);
    case 'p':
        return parse_number(optarg, 0, UNIT_US_MAX, &options->pause_us);
    case 't':
        return (options->trace = optarg) != NULL;
    case 'y':
        return options->sync = true;
    }
    return false;
}

static const char usage[] =
    "usage: keep-busy [--unit-us N] [--seconds N] [--streams N] [--graph N] [--step N] [--pause-us N] [--sync] [--trace FILE]\n"
    "Keep the first visible card busy, and say what share of its time that was: a line each second, and one at the end.\n"
    "  --unit-us N   how long a kernel runs, in microseconds: 1 to 60000000 (default 1000)\n"
    "  --seconds N   how long to go on (default 10); 0: until it is killed\n"
    "  --streams N   in how many streams: 1 to 32 (default 1)\n"
    "  --graph N     launch graphs of so many kernels, up to 1000 (default 0: kernels by themselves)\n"
    "  --step N      wait after each N units, up to 100000, as a decoder does for its kernels\n"
    "  --pause-us N  let the host pause after each step or batch (default 0)\n"
    "  --sync        wait for each unit before the next\n"
    "  --trace FILE  write there, as CSV, when each batch but the last two was launched and ended\n"
    "  --help        say this\n";

int main(int argument_count, char **arguments)
{
    static const struct option known[] = {
        {"unit-us", required_argument, NULL, 'u'}, {"seconds", required_argument, NULL, 's'}, {"streams", required_argument, NULL, 'n'},
        {"graph", required_argument, NULL, 'g'},   {"step", required_argument, NULL, 'k'},    {"pause-us", required_argument, NULL, 'p'},
        {"sync", no_argument, NULL, 'y'},          {"trace", required_argument, NULL, 't'},   {"help", no_argument, NULL, 'h'},
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
    return open_trace(&work) && begin(&work) && run(&work) && close_trace(&work) ? 0 : 1;
}
