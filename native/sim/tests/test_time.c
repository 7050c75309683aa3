/* Covers: work that takes time of a card, in one process: launches, graphs, events, copies, ends. */
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../sim_card.h"
#include "../time_file.h"
#include "time_fixture.h"

static void a_function_takes_the_time_that_its_name_says(void)
{
    sim_time_start();
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
    sim_time_start();
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
    sim_time_start();
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
    sim_time_start();
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
    sim_time_start();
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
    sim_time_start();
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
    sim_time_start();
    CUfunction function = function_named("busy_2us");
    CUevent from = new_record(NULL);
    for (int i = 0; i < 3000; i++)
        OK(launch(function, NULL));
    CHECK(elapsed_us(from, new_record(NULL)) >= 6000);
}

static void streams_wait_for_events_of_others(void)
{
    CUcontext first = sim_time_start(), second;
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

static void copies_wait_for_the_null_stream(void)
{
    CUdeviceptr memory;
    uint32_t seen = 0;
    sim_time_start();
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

static void never_called(void *unused)
{
    (void)unused;
    CHECK(!"called after the end of its context");
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
    CUcontext context = sim_time_start(), other;
    OK(launch(function_named("busy_3600000000us"), NULL));
    OK(cuLaunchHostFunc(NULL, never_called, NULL));
    OK(cuCtxCreate_v2(&other, 0, 0));
    CHECK(pthread_create(&thread, NULL, wait_for_context, context) == 0);
    while (!gate[1])
        usleep(100);
    OK(cuCtxDestroy_v2(context));
    CHECK(pthread_join(thread, NULL) == 0);
    OK(cuCtxSetCurrent(other));
    CUevent event = new_record(NULL);
    OK(launch(function_named("busy_100us"), NULL));
    CHECK(elapsed_us(event, new_record(NULL)) >= 100);
}

static void a_stream_that_is_destroyed_finishes(void)
{
    sim_time_start();
    CUstream stream = new_stream();
    hold(stream, 1);
    OK(launch(function_named("busy_100us"), stream));
    CUevent event = new_record(stream);
    OK(cuStreamDestroy_v2(stream));
    CHECK(cuStreamQuery(stream) == CUDA_ERROR_INVALID_HANDLE && cuEventQuery(event) == CUDA_ERROR_NOT_READY);
    *gate = 1;
    OK(cuEventSynchronize(event));
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"a function takes the time that its name says", a_function_takes_the_time_that_its_name_says},
        {"what takes no time leaves the card without any", what_takes_no_time_leaves_the_card_without_any},
        {"questions are answered while work goes on", questions_are_answered_while_work_goes_on},
        {"a graph is one unit of its kernels", a_graph_is_one_unit_of_its_kernels},
        {"an event that is captured is not one of the card", an_event_that_is_captured_is_not_one_of_the_card},
        {"every form of a launch takes its time", every_form_of_a_launch_takes_its_time},
        {"a queue that is full holds who launches", a_queue_that_is_full_holds_who_launches},
        {"streams wait for events of others", streams_wait_for_events_of_others},
        {"copies wait for the NULL stream", copies_wait_for_the_null_stream},
        {"the end of a context drops its work", the_end_of_a_context_drops_its_work},
        {"a stream that is destroyed finishes", a_stream_that_is_destroyed_finishes},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
