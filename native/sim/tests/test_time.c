#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../sim_card.h"
#include "../time_file.h"
#include "cuda_fixture.h"

#define MS UINT64_C(1000000)

/* Host memory that streams wait for, shared with the processes that a test starts. */
static _Atomic uint32_t *gate;

static CUcontext start(void)
{
    gate = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(gate != MAP_FAILED);
    return sim_start_with_context(1024, 0);
}

static CUfunction function_named(const char *name)
{
    CUmodule module;
    CUfunction function;
    OK(cuModuleLoadData(&module, "image"));
    OK(cuModuleGetFunction(&function, module, name));
    return function;
}

static CUresult launch(CUfunction function, CUstream stream)
{
    return cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, NULL, NULL);
}

static CUstream new_stream(void)
{
    CUstream stream;
    OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    return stream;
}

static CUevent new_record(CUstream stream)
{
    CUevent event;
    OK(cuEventCreate(&event, 0));
    OK(cuEventRecord(event, stream));
    return event;
}

/* A stream stands from here on until the gate's word is that number, so that what follows is all there when it begins. */
static void hold(CUstream stream, unsigned number)
{
    OK(cuStreamWaitValue32(stream, (CUdeviceptr)(uintptr_t)gate, number, CU_STREAM_WAIT_VALUE_GEQ));
}

/* Microseconds between two events, rounded. */
static long elapsed_us(CUevent from, CUevent to)
{
    float milliseconds;
    OK(cuEventSynchronize(to));
    OK(cuEventElapsedTime(&milliseconds, from, to));
    return (long)(milliseconds * 1000 + 0.5f);
}

static void a_function_takes_the_time_that_its_name_says(void)
{
    start();
    CUstream stream = new_stream();
    hold(stream, 1);
    CUevent first = new_record(stream);
    for (int i = 0; i < 10; i++)
        OK(launch(function_named("busy_300us"), stream));
    CUevent second = new_record(stream);
    OK(launch(function_named("busy_4500ns"), stream));
    CUevent third = new_record(stream);
    OK(cuLaunchKernel(function_named("busy_20us_per_block"), 7, 3, 1, 1, 1, 1, 0, stream, NULL, NULL));
    OK(launch(function_named("busy_us"), stream));
    OK(launch(function_named("busy_5s"), stream));
    CUevent fourth = new_record(stream);
    uint64_t before_ns = sim_time_now_ns();
    *gate = 1;
    OK(cuStreamSynchronize(stream));
    CHECK(sim_time_now_ns() - before_ns >= 3 * MS);
    CHECK(elapsed_us(first, second) == 3000 && elapsed_us(second, third) == 5 && elapsed_us(third, fourth) == 140);
}

static void what_takes_no_time_leaves_the_card_without_any(void)
{
    struct stat status;
    char path[256];
    start();
    CUevent event = new_record(NULL), other = new_record(NULL);
    OK(launch(function_named("busy"), NULL));
    OK(cuStreamSynchronize(NULL));
    OK(cuCtxSynchronize());
    CHECK(elapsed_us(event, other) >= 0);
    snprintf(path, sizeof path, "%s/hami-sim0", sim_test_folder());
    CHECK(stat(path, &status) == 0 && status.st_size == SIM_CARD_FILE_SIZE);
}

static void questions_are_answered_while_work_goes_on(void)
{
    float milliseconds;
    CUevent never, without_time;
    start();
    CUstream stream = new_stream();
    OK(cuEventCreate(&never, 0));
    OK(cuEventCreate(&without_time, CU_EVENT_DISABLE_TIMING));
    CUevent before = new_record(stream);
    hold(stream, 1);
    CUevent after = new_record(stream);
    OK(cuEventRecordWithFlags(without_time, stream, 0));
    CHECK(cuStreamQuery(stream) == CUDA_ERROR_NOT_READY && cuEventQuery(after) == CUDA_ERROR_NOT_READY);
    CHECK(cuStreamQuery(NULL) == CUDA_SUCCESS && cuEventQuery(before) == CUDA_SUCCESS && cuEventQuery(never) == CUDA_SUCCESS);
    CHECK(cuEventElapsedTime(&milliseconds, before, after) == CUDA_ERROR_NOT_READY);
    CHECK(cuEventElapsedTime(&milliseconds, before, never) == CUDA_ERROR_INVALID_HANDLE);
    *gate = 1;
    OK(cuStreamSynchronize(stream));
    CHECK(cuStreamQuery(stream) == CUDA_SUCCESS && cuEventQuery(after) == CUDA_SUCCESS);
    CHECK(cuEventElapsedTime(&milliseconds, before, without_time) == CUDA_ERROR_INVALID_HANDLE);
    OK(cuEventElapsedTime_v2(&milliseconds, before, after));
    CHECK(milliseconds > 0);
    OK(cuEventDestroy_v2(after));
    CHECK(cuEventQuery(after) == CUDA_ERROR_INVALID_HANDLE);
}

static void a_graph_is_one_unit_of_its_kernels(void)
{
    CUgraph graph;
    CUgraphNode node;
    CUgraphExec captured, made;
    start();
    CUstream stream = new_stream();
    OK(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    for (int i = 0; i < 5; i++)
        OK(launch(function_named("busy_100us"), stream));
    OK(cuStreamEndCapture(stream, &graph));
    OK(cuGraphInstantiateWithFlags(&captured, graph, 0));
    CUDA_KERNEL_NODE_PARAMS_v2 parameters = {.function = function_named("busy_10us_per_block"), .grid_x = 4, .grid_y = 1, .grid_z = 1};
    OK(cuGraphCreate(&graph, 0));
    OK(cuGraphAddKernelNode_v2(&node, graph, NULL, 0, &parameters));
    OK(cuGraphInstantiateWithFlags(&made, graph, 0));
    hold(stream, 1);
    CUevent first = new_record(stream);
    OK(cuGraphLaunch(captured, stream));
    CUevent second = new_record(stream);
    OK(cuGraphLaunch(made, stream));
    OK(cuGraphExecDestroy(made));
    CUevent third = new_record(stream);
    *gate = 1;
    CHECK(elapsed_us(first, third) == 540 && elapsed_us(first, second) == 500);
}

static void an_event_that_is_captured_is_not_one_of_the_card(void)
{
    CUgraph graph;
    start();
    CUstream stream = new_stream();
    OK(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_RELAXED));
    CUevent event = new_record(stream);
    OK(cuStreamEndCapture(stream, &graph));
    CHECK(cuEventQuery(event) == CUDA_ERROR_CAPTURED_EVENT && cuEventSynchronize(event) == CUDA_ERROR_CAPTURED_EVENT);
    OK(cuEventRecord(event, stream));
    OK(cuEventSynchronize(event));
}

static void every_form_of_a_launch_takes_its_time(void)
{
    start();
    CUstream stream = new_stream();
    CUfunction function = function_named("busy_100us");
    CUlaunchConfig config = {1, 1, 1, 1, 1, 1, 0, stream, NULL, 0};
    CUDA_LAUNCH_PARAMS parameters = {function, 1, 1, 1, 1, 1, 1, 0, stream, NULL};
    hold(stream, 1);
    CUevent from = new_record(stream);
    OK(cuLaunchKernel(function, 1, 1, 1, 32, 1, 1, 0, stream, NULL, NULL));
    OK(cuLaunchKernelEx(&config, function, NULL, NULL));
    OK(cuLaunchKernelEx_ptsz(&config, function, NULL, NULL));
    OK(cuLaunchCooperativeKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, NULL));
    OK(cuLaunchCooperativeKernelMultiDevice(&parameters, 1, 0));
    OK(cuFuncSetBlockShape(function, 32, 1, 1));
    OK(cuLaunchGridAsync(function, 1, 1, stream));
    CUevent to = new_record(stream);
    *gate = 1;
    CHECK(elapsed_us(from, to) == 600);
    CHECK(cuLaunchKernelEx(NULL, function, NULL, NULL) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuLaunchGrid(function, 0, 1) == CUDA_ERROR_INVALID_VALUE);
    CHECK(launch(function, (CUstream)(uintptr_t)4096) == CUDA_ERROR_INVALID_HANDLE);
    from = new_record(NULL);
    OK(cuLaunch(function));
    OK(cuLaunchGrid(function, 1, 1));
    to = new_record(NULL);
    CHECK(elapsed_us(from, to) >= 200);
}

static void a_queue_that_is_full_holds_who_launches(void)
{
    start();
    CUfunction function = function_named("busy_2us");
    CUevent from = new_record(NULL);
    for (int i = 0; i < 3000; i++)
        OK(launch(function, NULL));
    CHECK(elapsed_us(from, new_record(NULL)) >= 6000);
}

static void streams_wait_for_events_of_others(void)
{
    CUcontext first = start(), second;
    CUstream one = new_stream(), two = new_stream();
    CUfunction function = function_named("busy_1000us");
    OK(cuCtxCreate_v2(&second, 0, 0));
    CUstream other = new_stream();
    OK(cuCtxSetCurrent(first));
    hold(one, 1);
    OK(launch(function, one));
    CUevent event = new_record(one);
    OK(cuStreamWaitEvent(two, event, 0));
    OK(cuStreamWaitEvent(other, event, 0));
    CUevent in_two = new_record(two), in_other = new_record(other);
    CHECK(cuEventQuery(in_two) == CUDA_ERROR_NOT_READY && cuEventQuery(in_other) == CUDA_ERROR_NOT_READY);
    *gate = 1;
    CHECK(elapsed_us(event, in_two) == 0 && elapsed_us(event, in_other) >= 0);
    CHECK(cuStreamWaitEvent(two, event, 2) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuStreamWaitEvent(two, NULL, 0) == CUDA_ERROR_INVALID_HANDLE);
}

static void a_stream_waits_for_an_event_of_another_card(void)
{
    sim_write_card(0, 64, 0);
    sim_write_card(1, 64, 0);
    pid_t child = fork(); /* the two are there before its cuInit */
    if (child == 0)
        execl("/proc/self/exe", "test_time", "two-cards", NULL);
    sim_join(child);
}

static atomic_int calls;
static CUresult inside[2];

static void host_function(void *argument)
{
    inside[0] = cuCtxSynchronize();
    CHECK(atomic_fetch_add(&calls, 1) == (int)(intptr_t)argument);
}

static void callback(CUstream stream, CUresult result, void *argument)
{
    inside[1] = cuStreamSynchronize(stream);
    CHECK(result == CUDA_SUCCESS && atomic_fetch_add(&calls, 1) == (int)(intptr_t)argument);
}

static void functions_of_the_program_are_called_in_their_turn(void)
{
    start();
    CUstream stream = new_stream();
    hold(stream, 1);
    CUevent from = new_record(stream);
    OK(launch(function_named("busy_500us"), stream));
    OK(cuLaunchHostFunc(stream, host_function, (void *)0));
    OK(cuStreamAddCallback(stream, callback, (void *)1, 0));
    OK(cuLaunchHostFunc(stream, host_function, (void *)2));
    OK(launch(function_named("busy_500us"), stream));
    CUevent to = new_record(stream);
    CHECK(atomic_load(&calls) == 0);
    *gate = 1;
    CHECK(elapsed_us(from, to) >= 1000 && atomic_load(&calls) == 3);
    CHECK(inside[0] == CUDA_ERROR_NOT_PERMITTED && inside[1] == CUDA_ERROR_NOT_PERMITTED);
    OK(cuCtxSynchronize());
    CHECK(cuLaunchHostFunc(stream, NULL, NULL) == CUDA_ERROR_INVALID_VALUE);
}

static void values_are_waited_for_and_written(void)
{
    CUdeviceptr memory;
    uint64_t seen = 0;
    start();
    CUstream one = new_stream(), two = new_stream();
    OK(cuMemAlloc_v2(&memory, 4096));
    OK(cuStreamWaitValue64(one, memory, 7, CU_STREAM_WAIT_VALUE_EQ));
    OK(cuStreamWaitValue32(one, memory + 8, 4, CU_STREAM_WAIT_VALUE_AND));
    OK(cuStreamWaitValue32_v2(one, memory + 8, ~5u, CU_STREAM_WAIT_VALUE_NOR)); /* a bit of 5 is not set */
    OK(cuStreamWriteValue64_v2(one, memory + 16, 99, 0));
    CHECK(cuStreamQuery(one) == CUDA_ERROR_NOT_READY);
    OK(cuStreamWriteValue32(two, memory + 8, 4, 0));
    OK(cuStreamWriteValue64(two, memory, 7, 0));
    OK(cuStreamSynchronize(one));
    OK(cuMemcpyDtoH_v2(&seen, memory + 16, sizeof seen));
    CHECK(seen == 99);
    CHECK(cuStreamWaitValue32(one, memory + 2, 1, 0) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuStreamWaitValue64(one, memory + 4, 1, 0) == CUDA_ERROR_INVALID_VALUE);
    OK(cuStreamWaitValue32(one, memory + 16, (unsigned)99 - (1u << 31) + 1, CU_STREAM_WAIT_VALUE_GEQ)); /* numbers wrap around */
    OK(cuStreamSynchronize(one));
}

static void copies_wait_for_the_null_stream(void)
{
    CUdeviceptr memory;
    uint32_t seen = 0;
    start();
    OK(cuMemAlloc_v2(&memory, 4096));
    uint64_t before_ns = sim_time_now_ns();
    OK(launch(function_named("busy_3000us"), NULL));
    OK(cuStreamWriteValue32(NULL, memory, 5, 0));
    OK(cuMemcpyDtoH_v2(&seen, memory, sizeof seen));
    CHECK(seen == 5 && sim_time_now_ns() - before_ns >= 3 * MS);
    OK(launch(function_named("busy_3000us"), new_stream()));
    OK(cuMemFree_v2(memory));
    CHECK(sim_time_now_ns() - before_ns >= 6 * MS);
}

static void *wait_for_context(void *argument)
{
    OK(cuCtxSetCurrent(argument));
    gate[1] = 1;
    return (void *)(intptr_t)cuCtxSynchronize();
}

static void the_end_of_a_context_drops_its_work(void)
{
    pthread_t thread;
    CUcontext context = start(), other;
    OK(launch(function_named("busy_3600000000us"), NULL));
    OK(cuLaunchHostFunc(NULL, host_function, NULL));
    OK(cuCtxCreate_v2(&other, 0, 0));
    CHECK(pthread_create(&thread, NULL, wait_for_context, context) == 0);
    while (!gate[1])
        usleep(100);
    OK(cuCtxDestroy_v2(context));
    CHECK(pthread_join(thread, NULL) == 0);
    OK(cuCtxSetCurrent(other));
    CUevent event = new_record(NULL);
    OK(launch(function_named("busy_100us"), NULL));
    CHECK(elapsed_us(event, new_record(NULL)) >= 100 && atomic_load(&calls) == 0);
}

static void a_stream_that_is_destroyed_finishes(void)
{
    start();
    CUstream stream = new_stream();
    hold(stream, 1);
    OK(launch(function_named("busy_100us"), stream));
    CUevent event = new_record(stream);
    OK(cuStreamDestroy_v2(stream));
    CHECK(cuStreamQuery(stream) == CUDA_ERROR_INVALID_HANDLE && cuEventQuery(event) == CUDA_ERROR_NOT_READY);
    *gate = 1;
    OK(cuEventSynchronize(event));
}

static void *stand_in_own_stream(void *context)
{
    OK(cuCtxSetCurrent(context));
    OK(cuStreamWaitValue32_ptsz(NULL, (CUdeviceptr)(uintptr_t)gate, 1, CU_STREAM_WAIT_VALUE_GEQ));
    OK(cuLaunchKernel_ptsz(function_named("busy_10us"), 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    gate[1] = 1;
    CHECK(cuStreamQuery_ptsz(NULL) == CUDA_ERROR_NOT_READY);
    OK(cuStreamSynchronize_ptsz(NULL));
    return NULL;
}

static void each_thread_has_a_default_stream_of_its_own(void)
{
    pthread_t thread;
    CUcontext context = start();
    CHECK(pthread_create(&thread, NULL, stand_in_own_stream, context) == 0);
    while (!gate[1])
        usleep(100);
    OK(cuLaunchKernel_ptsz(function_named("busy_10us"), 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    OK(cuStreamSynchronize_ptsz(NULL));
    OK(launch(function_named("busy_10us"), NULL));
    OK(cuStreamSynchronize(NULL)); /* the legacy one waits for none of them */
    *gate = 1;
    CHECK(pthread_join(thread, NULL) == 0);
}

static void *launch_in_own_stream(void *context)
{
    OK(cuCtxSetCurrent(context));
    OK(cuLaunchKernel_ptsz(function_named("busy_1us"), 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    OK(cuStreamSynchronize_ptsz(NULL));
    return NULL;
}

static void any_number_of_threads_come_and_go(void)
{
    CUcontext context = start();
    for (int i = 0; i < 200; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, launch_in_own_stream, context) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
}

/* Of a process of its own, whose kernels have the card for `name`'s time each, forever. */
static void keep_busy(const char *name)
{
    CUcontext context;
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
    CUfunction function = function_named(name);
    for (;;) {
        OK(launch(function, NULL));
        gate[1]++;
    }
}

static int start_busy(const char *name)
{
    gate[1] = 0;
    pid_t child = fork();
    if (child == 0)
        keep_busy(name);
    while (gate[1] < 100) /* a queue that lasts */
        usleep(100);
    return child;
}

/* Before cuInit: children of the tests have a driver of their own then. */
static void prepare(void)
{
    gate = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(gate != MAP_FAILED);
    sim_write_card(0, 1024, 0);
}

static void initialize(void)
{
    CUcontext context;
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
}

static void processes_take_turns(void)
{
    prepare();
    int other = start_busy("busy_700us");
    initialize();
    CUfunction function = function_named("busy_1000us");
    CUevent from = new_record(NULL);
    for (int i = 0; i < 20; i++)
        OK(launch(function, NULL));
    CHECK(elapsed_us(from, new_record(NULL)) >= 20000 + 8 * 2000); /* a slice of the other for each of its own, but where it begins and ends */
    CHECK(kill(other, SIGKILL) == 0 && waitpid(other, NULL, 0) == other);
}

static void the_dead_leave_the_card(void)
{
    prepare();
    int other = start_busy("busy_3600000000us");
    initialize();
    OK(launch(function_named("busy_100us"), NULL));
    OK(cuStreamSynchronize(NULL)); /* beside it */
    CHECK(kill(other, SIGKILL) == 0 && waitpid(other, NULL, 0) == other);
    usleep(2000);
    CUstream stream = new_stream();
    hold(stream, 1);
    CUevent from = new_record(stream);
    for (int i = 0; i < 10; i++)
        OK(launch(function_named("busy_1000us"), stream));
    CUevent to = new_record(stream);
    *gate = 1;
    CHECK(elapsed_us(from, to) == 10000); /* nobody is there to take turns with */
}

static void who_is_killed_in_the_midst_of_a_change_stops_nobody(void)
{
    prepare();
    initialize();
    pid_t process = fork();
    if (process == 0)
        exit(0); /* a child has no driver, and ends without harm */
    sim_join(process);
    for (int i = 0; i < 60; i++) {
        pid_t child = fork();
        if (child == 0)
            execl("/proc/self/exe", "test_time", "busy", NULL);
        usleep(3000 + (useconds_t)(i * 137 % 2000));
        CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
        OK(launch(function_named("busy_10us"), NULL));
        OK(cuCtxSynchronize());
    }
}

/* On two cards: a stream of the one waits for an event of the other. */
static int run_on_two_cards(void)
{
    CUcontext one, two;
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&one, 0, 0));
    OK(launch(function_named("busy_5000us"), NULL));
    CUevent event = new_record(NULL);
    OK(cuCtxCreate_v2(&two, 0, 1));
    OK(cuStreamWaitEvent(NULL, event, 0));
    OK(cuCtxSynchronize());
    OK(cuEventQuery(event));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "two-cards") == 0)
        return run_on_two_cards();
    if (argc > 1) {
        gate = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        keep_busy("busy_1us");
    }
    static const struct sim_test tests[] = {
        {"a function takes the time that its name says", a_function_takes_the_time_that_its_name_says},
        {"what takes no time leaves the card without any", what_takes_no_time_leaves_the_card_without_any},
        {"questions are answered while work goes on", questions_are_answered_while_work_goes_on},
        {"a graph is one unit of its kernels", a_graph_is_one_unit_of_its_kernels},
        {"an event that is captured is not one of the card", an_event_that_is_captured_is_not_one_of_the_card},
        {"every form of a launch takes its time", every_form_of_a_launch_takes_its_time},
        {"a queue that is full holds who launches", a_queue_that_is_full_holds_who_launches},
        {"streams wait for events of others", streams_wait_for_events_of_others},
        {"a stream waits for an event of another card", a_stream_waits_for_an_event_of_another_card},
        {"functions of the program are called in their turn", functions_of_the_program_are_called_in_their_turn},
        {"values are waited for and written", values_are_waited_for_and_written},
        {"copies wait for the NULL stream", copies_wait_for_the_null_stream},
        {"the end of a context drops its work", the_end_of_a_context_drops_its_work},
        {"a stream that is destroyed finishes", a_stream_that_is_destroyed_finishes},
        {"each thread has a default stream of its own", each_thread_has_a_default_stream_of_its_own},
        {"any number of threads come and go", any_number_of_threads_come_and_go},
        {"processes take turns", processes_take_turns},
        {"the dead leave the card", the_dead_leave_the_card},
        {"who is killed in the midst of a change stops nobody", who_is_killed_in_the_midst_of_a_change_stops_nobody},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
