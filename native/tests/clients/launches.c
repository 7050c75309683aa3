/* Launches work that takes time, in the way that its first argument names, and says how much of it in how much time. A second argument is for how
 * many milliseconds. Where it should come to a stop, the alarm ends it. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "owners.h"

#define UNIT_US 1000
#define ROUNDS 60

static CUcontext context;
static CUmodule module;
static CUfunction function;
static CUstream stream;
static uint64_t milliseconds = 300;
static atomic_uint launches;

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static CUfunction kernel(const char *name)
{
    CUfunction found;
    DO(cuModuleGetFunction(&found, module, name));
    return found;
}

static void begin(void)
{
    DO(cuInit(0));
    DO(cuCtxCreate_v2(&context, 0, 0));
    DO(cuModuleLoadData(&module, "image"));
    function = kernel("busy_1000us");
    DO(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
}

static void count(void)
{
    atomic_fetch_add(&launches, 1);
}

static void launch_in(CUstream into)
{
    DO(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, into, NULL, NULL));
    count();
}

/* Do it until the time is over and all is done; say what that made. */
static void repeat(void (*once)(void))
{
    uint64_t start = now_us();
    while (now_us() - start < milliseconds * 1000)
        once();
    DO(cuCtxSynchronize());
    printf("%u units of %u us in %llu us\n", atomic_load(&launches), UNIT_US, (unsigned long long)(now_us() - start));
}

static void once_kernel(void) { launch_in(stream); }
static void once_default(void) { launch_in(NULL); }

static void once_synchronized(void)
{
    launch_in(stream);
    DO(cuStreamSynchronize(stream));
}

static void once_ptsz(void)
{
    DO(cuLaunchKernel_ptsz(function, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    count();
}

static void once_cooperative(void)
{
    DO(cuLaunchCooperativeKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, NULL));
    count();
}

static void once_ex(void)
{
    CUlaunchConfig config = {1, 1, 1, 1, 1, 1, 0, stream, NULL, 0};
    DO(cuLaunchKernelEx(&config, function, NULL, NULL));
    count();
}

static CUgraphExec exec;

static CUgraph captured_graph(void)
{
    CUgraph graph;
    DO(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    DO(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, NULL, NULL));
    DO(cuStreamEndCapture(stream, &graph));
    return graph;
}

static void make_graph(void)
{
    DO(cuGraphInstantiateWithFlags(&exec, captured_graph(), 0));
}

static void once_graph(void)
{
    DO(cuGraphLaunch(exec, stream));
    count();
}

static void once_graph_ptsz(void)
{
    DO(cuGraphLaunch_ptsz(exec, NULL));
    count();
}

static void by_kernel(void) { repeat(once_kernel); }
static void by_default(void) { repeat(once_default); }
static void by_synchronizing(void) { repeat(once_synchronized); }
static void by_ptsz(void) { repeat(once_ptsz); }
static void by_cooperative(void) { repeat(once_cooperative); }
static void by_ex(void) { repeat(once_ex); }

static void by_graph(void)
{
    make_graph();
    repeat(once_graph);
}

static void by_graph_ptsz(void)
{
    make_graph();
    repeat(once_graph_ptsz);
}

/* How many launches of a graph go out before the first ends, once it has been updated from a short one to a long one. */
static void by_updated_graph(void)
{
    CUgraph graph;
    CUevent ended;
    CUgraphNode node;
    CUgraphExecUpdateResult update;
    unsigned out = 1;
    function = kernel("busy_10us");
    make_graph();
    for (int i = 0; i < 100; i++) {
        DO(cuGraphLaunch(exec, stream));
        DO(cuStreamSynchronize(stream));
    }
    function = kernel("busy_100000us");
    graph = captured_graph();
    DO(cuGraphExecUpdate(exec, graph, &node, &update));
    DO(cuEventCreate(&ended, CU_EVENT_DISABLE_TIMING));
    DO(cuGraphLaunch(exec, stream));
    DO(cuEventRecord(ended, stream));
    for (; out < 50 && cuEventQuery(ended) == CUDA_ERROR_NOT_READY; out++)
        DO(cuGraphLaunch(exec, stream));
    printf("updated: %s\n", out < 20 ? "few" : "many");
}

/* A graph of a kernel and memory, which goes through both charges. */
static void by_graph_with_memory(void)
{
    CUgraph graph;
    CUdeviceptr address;
    DO(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    DO(cuMemAllocAsync(&address, MIB, stream));
    DO(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, NULL, NULL));
    DO(cuMemFreeAsync(address, stream));
    DO(cuStreamEndCapture(stream, &graph));
    DO(cuGraphInstantiateWithFlags(&exec, graph, 0));
    repeat(once_graph);
}

/* Captures go on beside launches of another stream, and of another thread. */
static void *launch_on(void *other)
{
    DO(cuCtxSetCurrent(context));
    for (int i = 0; i < ROUNDS; i++)
        launch_in(other);
    return NULL;
}

static void beside_captures(void)
{
    CUstream other;
    CUgraph graph;
    pthread_t thread;
    size_t nodes;
    DO(cuStreamCreate(&other, CU_STREAM_NON_BLOCKING));
    launch_in(stream);
    pthread_create(&thread, NULL, launch_on, other);
    for (int i = 0; i < ROUNDS; i++) {
        DO(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
        for (int j = 0; j < 100; j++)
            DO(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, NULL, NULL));
        DO(cuStreamEndCapture(stream, &graph));
        DO(cuGraphGetNodes(graph, NULL, &nodes));
        if (nodes != 100)
            exit(4);
        DO(cuGraphDestroy(graph));
    }
    pthread_join(thread, NULL);
    DO(cuCtxSynchronize());
    printf("captured beside %u\n", atomic_load(&launches));
}

/* Two streams, each of which waits for what the other was given last. */
static void by_events(void)
{
    CUstream streams[2] = {stream, NULL};
    CUevent events[2];
    DO(cuStreamCreate(&streams[1], CU_STREAM_NON_BLOCKING));
    for (int i = 0; i < 2; i++)
        DO(cuEventCreate(&events[i], CU_EVENT_DISABLE_TIMING));
    for (int i = 0; i < 2 * ROUNDS; i++) {
        launch_in(streams[i % 2]);
        DO(cuEventRecord(events[i % 2], streams[i % 2]));
        DO(cuStreamWaitEvent(streams[1 - i % 2], events[i % 2], 0));
    }
    DO(cuCtxSynchronize());
    printf("in turns: %u\n", atomic_load(&launches));
}

/* The host runs ahead: what is launched first waits, in its stream, for what is launched last. */
static void by_values(void)
{
    static volatile uint32_t word;
    CUdeviceptr address = (CUdeviceptr)(uintptr_t)&word;
    CUstream other;
    DO(cuStreamCreate(&other, CU_STREAM_NON_BLOCKING));
    for (unsigned i = 1; i <= 10; i++) {
        DO(cuStreamWaitValue32(stream, address, i, CU_STREAM_WAIT_VALUE_GEQ));
        for (int j = 0; j < 7; j++)
            launch_in(stream);
        launch_in(other);
        DO(cuStreamWriteValue32(other, address, i, 0));
    }
    DO(cuCtxSynchronize());
    printf("written: %u of %u\n", word, atomic_load(&launches));
}

static CUevent each_end;
static atomic_uint recorded, ends_seen;

static void *wait_for_each(void *unused)
{
    DO(cuCtxSetCurrent(context));
    for (unsigned i = 0; i < ROUNDS; i++) {
        while (atomic_load(&recorded) <= i)
            usleep(100);
        DO(cuEventSynchronize(each_end));
        atomic_fetch_add(&ends_seen, 1);
    }
    return unused;
}

/* Nothing is launched before another thread has seen the last one end. */
static void by_a_thread_that_waits(void)
{
    pthread_t thread;
    DO(cuEventCreate(&each_end, CU_EVENT_DISABLE_TIMING));
    pthread_create(&thread, NULL, wait_for_each, NULL);
    for (unsigned i = 0; i < ROUNDS; i++) {
        launch_in(stream);
        launch_in(NULL);
        DO(cuEventRecord(each_end, stream));
        atomic_fetch_add(&recorded, 1);
        while (atomic_load(&ends_seen) <= i)
            usleep(100);
    }
    pthread_join(thread, NULL);
    printf("seen by another: %u\n", atomic_load(&ends_seen));
}

static atomic_uint called;

static void call_back(void *what)
{
    CUcontext none;
    if (cuCtxGetCurrent(&none) == CUDA_SUCCESS && cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, what, NULL, NULL) == CUDA_SUCCESS)
        exit(5); /* no calls of the driver are allowed here; it says so at once */
    atomic_fetch_add(&called, 1);
}

static void by_host_functions(void)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        launch_in(stream);
        DO(cuLaunchHostFunc(stream, call_back, stream));
        launch_in(stream);
        while (i % 8 == 0 && atomic_load(&called) < i + 1)
            sched_yield();
    }
    DO(cuStreamSynchronize(stream));
    printf("called back: %u of %u\n", atomic_load(&called), ROUNDS);
}

/* Two processes of a share whose kernels wait for each other by a word that both have. */
static void play(volatile uint32_t *word, unsigned own)
{
    CUdeviceptr address = (CUdeviceptr)(uintptr_t)word;
    begin();
    for (unsigned i = 0; i < ROUNDS; i++) {
        DO(cuStreamWaitValue32(stream, address, 2 * i + own, CU_STREAM_WAIT_VALUE_GEQ));
        launch_in(stream);
        DO(cuStreamWriteValue32(stream, address, 2 * i + own + 1, 0));
    }
    DO(cuStreamSynchronize(stream));
}

static void between_processes(void)
{
    volatile uint32_t *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    int status;
    alarm(60);
    play(word, child ? 0 : 1);
    if (!child)
        _exit(0);
    if (waitpid(child, &status, 0) != child || status)
        exit(6);
    printf("passed on: %u\n", *word);
}

static void *launch_many(void *own)
{
    (void)own;
    CUstream into;
    DO(cuCtxSetCurrent(context));
    DO(cuStreamCreate(&into, CU_STREAM_NON_BLOCKING));
    for (int i = 0; i < ROUNDS; i++)
        launch_in(into);
    DO(cuStreamSynchronize(into));
    DO(cuStreamDestroy_v2(into));
    return NULL;
}

static void by_threads(void)
{
    pthread_t threads[4];
    uint64_t start = now_us();
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, launch_many, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    printf("%u units of %u us in %llu us\n", atomic_load(&launches), UNIT_US, (unsigned long long)(now_us() - start));
}

static void contexts_that_end(void)
{
    for (int i = 0; i < 10; i++) {
        for (int j = 0; j < 8; j++)
            launch_in(j % 2 ? stream : NULL);
        DO(cuCtxDestroy_v2(context));
        begin();
    }
    DO(cuCtxSynchronize());
    printf("contexts: %u\n", atomic_load(&launches));
}

static void modules_that_end(void)
{
    for (int i = 0; i < 20; i++) {
        launch_in(stream);
        launch_in(stream);
        DO(cuStreamSynchronize(stream));
        DO(cuModuleUnload(module));
        DO(cuModuleLoadData(&module, "image"));
        function = kernel(i % 2 ? "busy_1000us" : "busy_10us");
    }
    printf("modules: %u\n", atomic_load(&launches));
}

/* It ends with work in flight. */
static void that_ends(void)
{
    for (int i = 0; i < 20; i++)
        launch_in(stream);
    printf("ends\n");
}

static void *launch_for_ever(void *into)
{
    DO(cuCtxSetCurrent(context));
    for (;;)
        launch_in(into);
    return into;
}

/* It ends while another thread waits to launch. */
static void beside_a_thread_that_waits(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, launch_for_ever, stream);
    while (atomic_load(&launches) < 70) /* as it may at once */
        usleep(1000);
    printf("ends\n");
}

static void whose_child_ends_beside_one(void)
{
    int status;
    beside_a_thread_that_waits();
    fflush(stdout);
    pid_t child = fork();
    if (!child)
        exit(0);
    if (waitpid(child, &status, 0) != child || status)
        exit(6);
}

/* The program ends as its last thread does, whatever threads there are beside its own. */
static void whose_first_thread_ends(void)
{
    that_ends();
    fflush(stdout);
    (void)syscall(SYS_exit, 0); /* of this thread alone; pthread_exit needs a library that not every C library has beside it */
}

static void that_becomes_another(void)
{
    that_ends();
    fflush(stdout);
    execl("/proc/self/exe", "launches", "ends", NULL);
}

static void whose_child_goes_on(void)
{
    launch_in(stream);
    DO(cuStreamSynchronize(stream));
    pid_t child = fork();
    int status;
    if (!child)
        execl("/proc/self/exe", "launches", "ends", NULL);
    if (waitpid(child, &status, 0) != child || status)
        exit(6);
    repeat(once_kernel);
}

/* Launches on two cards by one thread: in default streams, in streams whether their context is current or not, and in one of each at once. */
static void on_two_cards(void)
{
    CUcontext contexts[2] = {context, NULL};
    CUstream streams[2] = {stream, NULL};
    unsigned units[2] = {0, 0};
    uint64_t start = now_us();
    DO(cuCtxCreate_v2(&contexts[1], 0, 1));
    DO(cuStreamCreate(&streams[1], CU_STREAM_NON_BLOCKING));
    for (unsigned i = 0; now_us() - start < milliseconds * 1000; i++) {
        CUDA_LAUNCH_PARAMS both[2] = {{function, 1, 1, 1, 1, 1, 1, 0, streams[i % 2], NULL}, {function, 1, 1, 1, 1, 1, 1, 0, streams[1 - i % 2], NULL}};
        DO(cuCtxSetCurrent(contexts[i % 4 == 0]));
        launch_in(NULL);
        launch_in(streams[i % 4 != 0]);
        DO(cuLaunchCooperativeKernelMultiDevice(both, 2, 0));
        units[i % 4 == 0]++;
        units[i % 4 != 0]++;
        units[0]++;
        units[1]++;
    }
    for (int i = 0; i < 2; i++) {
        DO(cuCtxSetCurrent(contexts[i]));
        DO(cuCtxSynchronize());
    }
    printf("%u and %u units of %u us in %llu us\n", units[0], units[1], UNIT_US, (unsigned long long)(now_us() - start));
}

static void whose_functions(void)
{
    static const struct asked functions[] = {
        {"cuLaunchKernel", "cuLaunchKernel", 12000},
        {"cuGraphLaunch", "cuGraphLaunch", 12000},
        {"cuStreamBeginCapture_v2", "cuStreamBeginCapture", 12000},
        {"cuMemAlloc_v2", "cuMemAlloc", 12000},
    };
    for (unsigned i = 0; i < sizeof functions / sizeof *functions; i++)
        say_owner(&functions[i]);
}

int main(int count_of, char **arguments)
{
    static const struct named_run runs[] = {
        {"kernel", by_kernel},       {"default", by_default},       {"synchronized", by_synchronizing},
        {"ptsz", by_ptsz},           {"cooperative", by_cooperative}, {"ex", by_ex},
        {"graph", by_graph},         {"graph_ptsz", by_graph_ptsz}, {"memory", by_graph_with_memory},
        {"update", by_updated_graph}, {"values", by_values},        {"waiter", by_a_thread_that_waits},
        {"captures", beside_captures}, {"events", by_events},       {"host", by_host_functions},
        {"threads", by_threads},     {"contexts", contexts_that_end}, {"modules", modules_that_end},
        {"beside", beside_a_thread_that_waits}, {"forks", whose_child_ends_beside_one},
        {"ends", that_ends},         {"first", whose_first_thread_ends}, {"exec", that_becomes_another},
        {"cards", on_two_cards},     {"fork", whose_child_goes_on}, {"functions", whose_functions},
    };
    alarm(60);
    milliseconds = count_of > 2 ? (uint64_t)atoi(arguments[2]) : milliseconds;
    if (count_of > 1 && strcmp(arguments[1], "processes") == 0)
        return between_processes(), 0;
    begin();
    return run_named(runs, sizeof runs / sizeof *runs, count_of > 1 ? arguments[1] : "");
}
