/* Covers: what streams ask of the host, and the default streams of threads. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "time_fixture.h"

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
    sim_time_start();
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
    sim_time_start();
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
    CUcontext context = sim_time_start();
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
    CUcontext context = sim_time_start();
    for (int i = 0; i < 200; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, launch_in_own_stream, context) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"functions of the program are called in their turn", functions_of_the_program_are_called_in_their_turn},
        {"values are waited for and written", values_are_waited_for_and_written},
        {"each thread has a default stream of its own", each_thread_has_a_default_stream_of_its_own},
        {"any number of threads come and go", any_number_of_threads_come_and_go},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
