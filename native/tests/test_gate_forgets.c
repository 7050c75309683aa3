/* Covers: what ends and is known no more: costs of functions and graphs, whose handles come again, and captures, beside which every launch asks.
 * Before a driver that takes time (timed_driver.h), of which some answers are this file's own. */
#include "captures.h"
#include "gated.h"
#include "resolve.h"

static struct real_cuda driver; /* timed_driver's, with what a test answers otherwise */
static CUresult answer;

static CUresult unload(CUlibrary library)
{
    (void)library;
    return answer;
}

static CUresult launch_graph(CUgraphExec graph, CUstream stream)
{
    (void)graph;
    return driver.cuLaunchKernel(timed_kernel(MS), 1, 2, 3, 4, 5, 6, 7, stream, NULL, NULL);
}

static CUresult no_nodes(CUgraph graph, CUgraphNode *nodes, size_t *count)
{
    (void)graph, (void)nodes;
    *count = 0;
    return CUDA_SUCCESS;
}

static CUresult destroy_graph(CUgraphExec graph)
{
    (void)graph;
    return answer;
}

static CUresult update_graph(CUgraphExec exec, CUgraph graph, CUgraphNode *error_node, CUgraphExecUpdateResult *update)
{
    (void)exec, (void)graph, (void)error_node, (void)update;
    return answer;
}

static CUresult update_graph_v2(CUgraphExec exec, CUgraph graph, CUgraphExecUpdateResultInfo *info)
{
    (void)exec, (void)graph, (void)info;
    return answer;
}

static void begin_with_answers(void)
{
    begin(50, HAMI_CORES_FORCE);
    driver = *resolved_cuda;
    driver.cuLibraryUnload = unload;
    driver.cuGraphLaunch = launch_graph;
    driver.cuGraphGetNodes = no_nodes;
    driver.cuGraphExecDestroy = destroy_graph;
    driver.cuGraphExecUpdate = update_graph;
    driver.cuGraphExecUpdate_v2 = update_graph_v2;
    resolved_cuda = &driver;
}

static uint64_t known(uint64_t function, uint64_t grid)
{
    struct gate *gate = gate_first();
    lock_take(&gate->lock);
    uint64_t ns = costs_find(&gate->costs, function, grid);
    lock_give(&gate->lock);
    return ns;
}

static const uint64_t first_graph = 0x7000, second_graph = 0x7100;

static bool kernel_is_known(void)
{
    return known(MS, cost_grid(1, 2, 3));
}

static bool graphs_are_known(void)
{
    return known(first_graph, 0) && known(second_graph, 0);
}

static void learn_kernel(void)
{
    CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    until(kernel_is_known);
}

static void learn_graphs(void)
{
    CHECK(cuGraphLaunch((CUgraphExec)first_graph, NULL) == CUDA_SUCCESS && cuGraphLaunch((CUgraphExec)second_graph, NULL) == CUDA_SUCCESS);
    until(graphs_are_known);
}

static void a_library_that_ends_takes_what_is_known_of_its_functions_along(void)
{
    begin_with_answers();
    learn_kernel();
    CHECK(cuLibraryUnload(NULL) == CUDA_SUCCESS && !kernel_is_known());
}

static void a_graph_that_ends_is_known_no_more_and_all_others_are(void)
{
    begin_with_answers();
    learn_kernel();
    learn_graphs();
    CHECK(cuGraphExecDestroy((CUgraphExec)first_graph) == CUDA_SUCCESS);
    CHECK(!known(first_graph, 0) && known(second_graph, 0) && kernel_is_known());
}

static void a_graph_that_is_updated_is_another_unit(void)
{
    begin_with_answers();
    learn_graphs();
    CHECK(cuGraphExecUpdate((CUgraphExec)first_graph, NULL, NULL, NULL) == CUDA_SUCCESS);
    CHECK(!known(first_graph, 0) && known(second_graph, 0));
    learn_graphs();
    CHECK(cuGraphExecUpdate_v2((CUgraphExec)first_graph, NULL, NULL) == CUDA_SUCCESS);
    CHECK(!known(first_graph, 0) && known(second_graph, 0));
    learn_graphs();
    answer = CUDA_ERROR_INVALID_VALUE; /* what the driver did not change is what it was */
    CHECK(cuGraphExecUpdate((CUgraphExec)first_graph, NULL, NULL, NULL) == CUDA_ERROR_INVALID_VALUE && graphs_are_known());
}

static bool all_work_was_seen(void)
{
    return load_relaxed(&slot()->busy_ns) && !load_relaxed(&slot()->in_flight_ns);
}

/* Its end is seen once its handle may be another unit's. */
static void work_in_flight_tells_nothing_of_what_has_ended(void)
{
    begin_with_answers();
    CHECK(launch(timed_kernel(20 * MS), NULL) == CUDA_SUCCESS && cuLibraryUnload(NULL) == CUDA_SUCCESS);
    until(all_work_was_seen);
    CHECK(!known(20 * MS, cost_grid(1, 2, 3)));
    learn_graphs();
    CHECK(cuGraphExecDestroy((CUgraphExec)first_graph) == CUDA_SUCCESS);
    CHECK(cuGraphLaunch((CUgraphExec)first_graph, NULL) == CUDA_SUCCESS && cuGraphExecDestroy((CUgraphExec)first_graph) == CUDA_SUCCESS);
    until(all_work_was_seen);
    CHECK(!known(first_graph, 0) && known(second_graph, 0));
}

static CUresult begin_answered(CUstream stream, CUstreamCaptureMode mode)
{
    (void)stream, (void)mode;
    return answer;
}

static CUresult end_answered(CUstream stream, CUgraph *graph)
{
    (void)stream, (void)graph;
    return answer;
}

static CUresult destroy_answered(CUstream stream)
{
    (void)stream;
    return answer;
}

static void begin_with_captures(void)
{
    begin_with_answers();
    driver.cuStreamBeginCapture_v2 = begin_answered;
    driver.cuStreamEndCapture = end_answered;
    driver.cuStreamDestroy_v2 = destroy_answered;
    learn_kernel();
}

static void begin_capture(CUstream stream)
{
    answer = CUDA_SUCCESS;
    CHECK(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL) == CUDA_SUCCESS && captures_any());
}

static void end_capture(CUstream stream, CUresult result, bool is_open_then)
{
    CUgraph graph;
    answer = result;
    CHECK(cuStreamEndCapture(stream, &graph) == result && captures_any() == is_open_then);
}

static void a_capture_is_over_where_the_driver_says_so(void)
{
    begin_with_captures();
    CUstream stream = timed_stream();
    CHECK(!captures_any());
    begin_capture(stream);
    end_capture(stream, CUDA_ERROR_STREAM_CAPTURE_UNMATCHED, true);
    end_capture(stream, CUDA_SUCCESS, false);
    begin_capture(stream);
    end_capture(stream, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, false);
    begin_capture(stream);
    end_capture(stream, CUDA_ERROR_STREAM_CAPTURE_UNJOINED, false);
    end_capture(stream, CUDA_SUCCESS, false); /* one more end than there were captures */
    begin_capture(stream);
    begin_capture(timed_stream());
    end_capture(stream, CUDA_SUCCESS, true);
    end_capture(stream, CUDA_SUCCESS, false);
}

static void a_capture_that_does_not_begin_is_none(void)
{
    begin_with_captures();
    answer = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    CHECK(cuStreamBeginCapture_v2(NULL, CU_STREAM_CAPTURE_MODE_GLOBAL) == CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED && !captures_any());
}

static void a_capture_ends_with_its_stream(void)
{
    begin_with_captures();
    CUstream stream = timed_stream(), other = timed_stream();
    begin_capture(stream);
    CHECK(cuStreamDestroy_v2(other) == CUDA_SUCCESS && captures_any()); /* which does not capture */
    timed_capturing(CUDA_SUCCESS, CU_STREAM_CAPTURE_STATUS_ACTIVE);
    answer = CUDA_ERROR_INVALID_HANDLE;
    CHECK(cuStreamDestroy_v2(stream) == CUDA_ERROR_INVALID_HANDLE && captures_any());
    answer = CUDA_SUCCESS;
    CHECK(cuStreamDestroy_v2(stream) == CUDA_SUCCESS && !captures_any());
}

/* What the lane may launch unasked is not for what only comes into a graph, and is there again after it. */
static void a_lane_covers_nothing_while_there_is_a_capture(void)
{
    begin_with_captures();
    CUstream stream = timed_stream();
    for (int i = 0; i < 20000 && !launch_lane->pacer.launches; i++)
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(launch_lane->pacer.launches && launch_lane->pacer.grain_ns >= 1000);
    begin_capture(stream);
    timed_capturing(CUDA_SUCCESS, CU_STREAM_CAPTURE_STATUS_ACTIVE);
    struct pacer_lane before = launch_lane->pacer;
    for (int i = 0; i < 100; i++)
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(launch_lane->pacer.launches == before.launches && launch_lane->pacer.grain_ns == before.grain_ns);
    end_capture(stream, CUDA_SUCCESS, false);
    timed_capturing(CUDA_SUCCESS, CU_STREAM_CAPTURE_STATUS_NONE);
    for (int i = 0; i < 20000 && launch_lane->pacer.launches <= before.launches; i++)
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(launch_lane->pacer.launches > before.launches);
}

int main(void)
{
    static const struct test tests[] = {
        {"gate forgets: a library that ends takes what is known of its functions along", a_library_that_ends_takes_what_is_known_of_its_functions_along},
        {"gate forgets: a graph that ends is known no more, and all others are", a_graph_that_ends_is_known_no_more_and_all_others_are},
        {"gate forgets: a graph that is updated is another unit", a_graph_that_is_updated_is_another_unit},
        {"gate forgets: work in flight tells nothing of what has ended", work_in_flight_tells_nothing_of_what_has_ended},
        {"gate forgets: a capture is over where the driver says so", a_capture_is_over_where_the_driver_says_so},
        {"gate forgets: a capture that does not begin is none", a_capture_that_does_not_begin_is_none},
        {"gate forgets: a capture ends with its stream", a_capture_ends_with_its_stream},
        {"gate forgets: a lane covers nothing while there is a capture", a_lane_covers_nothing_while_there_is_a_capture},
    };
    return RUN_TESTS(tests);
}
