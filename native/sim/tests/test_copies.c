/* Covers: copies and memsets: what they move, and the time of the card that they take. */
#include <stdio.h>
#include <sys/stat.h>

#include "../sim_card.h"
#include "time_fixture.h"

static CUdeviceptr memory(size_t bytes)
{
    CUdeviceptr address;
    OK(cuMemAlloc_v2(&address, bytes));
    return address;
}

static unsigned char byte_at(CUdeviceptr address)
{
    unsigned char byte;
    OK(cuMemcpyDtoH_v2(&byte, address, 1));
    return byte;
}

static void bytes_go_where_they_are_sent(void)
{
    unsigned char bytes[64] = {1, 2, 3};
    sim_time_start();
    CUstream stream = new_stream();
    CUdeviceptr first = memory(64), second = memory(64);
    OK(cuMemcpyHtoDAsync_v2(first, bytes, sizeof bytes, stream));
    OK(cuMemcpyDtoD_v2(second, first + 1, 63));
    CHECK(byte_at(second) == 2 && byte_at(second + 1) == 3);
    OK(cuMemcpy(first, second + 1, 1));
    CHECK(byte_at(first) == 3);
    OK(cuMemcpyAsync((CUdeviceptr)(uintptr_t)bytes, first, 2, stream));
    CHECK(bytes[0] == 3 && bytes[1] == 2);
    OK(cuMemsetD16Async(first, 0x0908, 2, stream));
    OK(cuMemsetD32_v2(second, 0x04030201, 2));
    CHECK(byte_at(first + 1) == 9 && byte_at(first + 2) == 8 && byte_at(second + 5) == 2);
    CHECK(cuMemsetD32_v2(second + 1, 0, 1) == CUDA_ERROR_INVALID_VALUE && cuMemsetD8_v2(second, 0, 65) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuMemcpyDtoD_v2(second, first, 65) == CUDA_ERROR_INVALID_VALUE && cuMemcpyHtoD_v2(first, NULL, 1) == CUDA_ERROR_INVALID_VALUE);
}

static void they_take_time_in_the_order_of_their_stream(void)
{
    static unsigned char host[1 << 20];
    sim_time_start();
    CUstream stream = new_stream();
    CUdeviceptr first = memory(sizeof host), second = memory(sizeof host);
    hold(stream, 1);
    CUevent start = new_record(stream);
    OK(cuMemcpyDtoDAsync_v2(second, first, sizeof host, stream));
    CUevent copied = new_record(stream);
    OK(launch(function_named("busy_300us"), stream));
    OK(cuMemcpyHtoDAsync_v2(first, host, sizeof host / 2, stream));
    OK(cuMemsetD8Async(first, 0, sizeof host, stream));
    CUevent all = new_record(stream);
    *gate = 1;
    CHECK(elapsed_us(start, copied) == 256 && elapsed_us(copied, all) == 300 + 128 + 256);
}

static void small_ones_leave_the_card_without_any(void)
{
    static unsigned char host[(64 << 10) - 1];
    struct stat status;
    char path[256];
    sim_time_start();
    CUdeviceptr address = memory(sizeof host);
    for (int i = 0; i < 100; i++)
        OK(cuMemcpyHtoD_v2(address, host, sizeof host));
    OK(cuMemsetD8_v2(address, 1, sizeof host));
    snprintf(path, sizeof path, "%s/hami-sim0", sim_test_folder());
    CHECK(stat(path, &status) == 0 && status.st_size == SIM_CARD_FILE_SIZE);
}

static void the_host_waits_for_copies_of_its_own_memory_alone(void)
{
    static unsigned char host[16 << 20];
    sim_time_start();
    CUdeviceptr first = memory(sizeof host), second = memory(sizeof host);
    OK(cuMemsetD8_v2(first, 5, sizeof host));
    OK(cuMemcpyDtoH_v2(host, first, sizeof host));
    CHECK(host[sizeof host - 1] == 5 && cuStreamQuery(NULL) == CUDA_SUCCESS);
    CUstream stream = new_stream();
    hold(stream, 1);
    OK(cuMemcpyDtoHAsync_v2(host, first, sizeof host, stream));
    OK(cuMemcpyDtoDAsync_v2(second, first, sizeof host, stream));
    CHECK(cuStreamQuery(stream) == CUDA_ERROR_NOT_READY);
    *gate = 1;
    OK(cuStreamSynchronize(stream));
}

static void in_a_graph_they_take_the_same_time(void)
{
    CUgraph graph;
    CUgraphExec exec;
    sim_time_start();
    CUstream stream = new_stream();
    CUdeviceptr address = memory(1 << 20);
    OK(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    OK(cuMemsetD8Async(address, 1, 1 << 20, stream));
    OK(cuMemcpyDtoDAsync_v2(address, address, 1 << 19, stream));
    OK(cuStreamEndCapture(stream, &graph));
    OK(cuGraphInstantiateWithFlags(&exec, graph, 0));
    hold(stream, 1);
    CUevent start = new_record(stream);
    OK(cuGraphLaunch(exec, stream));
    CUevent end = new_record(stream);
    *gate = 1;
    CHECK(elapsed_us(start, end) == 256 + 128);
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"bytes go where they are sent", bytes_go_where_they_are_sent},
        {"they take time in the order of their stream", they_take_time_in_the_order_of_their_stream},
        {"small ones leave the card without any", small_ones_leave_the_card_without_any},
        {"the host waits for those of its own memory alone", the_host_waits_for_copies_of_its_own_memory_alone},
        {"in a graph they take the same time", in_a_graph_they_take_the_same_time},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
