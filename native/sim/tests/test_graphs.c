/* Covers: graphs of the simulated driver: capturing, nodes, what executable graphs take of the card, and who gives it back. */
#include "cuda_fixture.h"

static CUstream stream_of_test(uint64_t memory_mib)
{
    CUstream stream;
    sim_start_with_context(memory_mib, 0);
    OK(cuStreamCreate(&stream, 0));
    return stream;
}

static uint64_t reserved_mib(void)
{
    cuuint64_t bytes;
    OK(cuDeviceGetGraphMemAttribute(0, CU_GRAPH_MEM_ATTR_RESERVED_MEM_CURRENT, &bytes));
    CHECK(bytes >> 20 == sim_physical_mib(0));
    return bytes >> 20;
}

/* A graph that allocates so much, and frees it unless `leaves`. */
static CUgraph captured(CUstream stream, uint64_t mib, int leaves, CUdeviceptr *address)
{
    CUgraph graph;
    OK(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    OK(cuMemAllocAsync(address, MIB(mib), stream));
    if (!leaves)
        OK(cuMemFreeAsync(*address, stream));
    OK(cuStreamEndCapture(stream, &graph));
    return graph;
}

static CUgraphExec executable(CUgraph graph, unsigned long long flags)
{
    CUgraphExec exec;
    OK(cuGraphInstantiateWithFlags(&exec, graph, flags));
    return exec;
}

static void a_stream_captures_until_it_is_told_to_end(void)
{
    CUstream stream = stream_of_test(64);
    CUstreamCaptureStatus status;
    CUgraph graph, told;
    CUmodule module;
    CUfunction function;
    CUdeviceptr address;
    cuuint64_t id = 0;
    size_t count = 0;
    OK(cuModuleLoadData(&module, "image"));
    OK(cuModuleGetFunction(&function, module, "kernel"));
    CHECK(cuStreamBeginCapture_v2(NULL, CU_STREAM_CAPTURE_MODE_GLOBAL) == CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    CHECK(cuStreamEndCapture(stream, &graph) == CUDA_ERROR_STREAM_CAPTURE_UNMATCHED);
    OK(cuStreamIsCapturing(stream, &status));
    CHECK(status == CU_STREAM_CAPTURE_STATUS_NONE);
    OK(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_RELAXED));
    CHECK(cuStreamBeginCapture(stream) == CUDA_ERROR_INVALID_VALUE);
    OK(cuMemAllocAsync(&address, MIB(4), stream));
    OK(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, NULL, NULL));
    OK(cuMemFreeAsync(address, stream));
    OK(cuStreamGetCaptureInfo_v2(stream, &status, &id, &told, NULL, NULL));
    CHECK(status == CU_STREAM_CAPTURE_STATUS_ACTIVE && id);
    OK(cuStreamEndCapture(stream, &graph));
    CHECK(graph == told && sim_physical_mib(0) == 0);
    OK(cuGraphGetNodes(graph, NULL, &count));
    CHECK(count == 3);
    OK(cuStreamIsCapturing(stream, &status));
    CHECK(status == CU_STREAM_CAPTURE_STATUS_NONE);
    CHECK(cuMemFreeAsync(address, stream) == CUDA_ERROR_INVALID_VALUE);
}

static void what_cannot_be_captured_spoils_the_capture(void)
{
    CUstream stream = stream_of_test(64);
    CUstreamCaptureStatus status;
    CUgraph graph;
    OK(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    CHECK(cuStreamSynchronize(stream) == CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    OK(cuStreamIsCapturing(stream, &status));
    CHECK(status == CU_STREAM_CAPTURE_STATUS_INVALIDATED);
    CHECK(cuStreamEndCapture(stream, &graph) == CUDA_ERROR_STREAM_CAPTURE_INVALIDATED && !graph);
    OK(cuStreamSynchronize(stream));
    OK(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    OK(cuStreamDestroy_v2(stream));
}

static void memory_is_taken_when_a_graph_is_launched_and_kept_until_a_trim(void)
{
    CUstream stream = stream_of_test(64);
    CUdeviceptr address;
    CUgraph graph = captured(stream, 20, 0, &address);
    CUgraphExec exec = executable(graph, 0), second;
    CHECK(reserved_mib() == 0);
    CHECK(cuGraphInstantiateWithFlags(&second, graph, 0) == CUDA_ERROR_INVALID_VALUE);
    OK(cuGraphLaunch(exec, stream));
    CHECK(reserved_mib() == 20);
    OK(cuDeviceGraphMemTrim(0));
    CHECK(reserved_mib() == 20); /* it may still run */
    OK(cuGraphLaunch(exec, stream));
    OK(cuStreamSynchronize(stream));
    CHECK(reserved_mib() == 20);
    OK(cuDeviceGraphMemTrim(0));
    CHECK(reserved_mib() == 0);
    OK(cuGraphUpload(exec, stream));
    CHECK(reserved_mib() == 20);
    OK(cuGraphExecDestroy(exec));
    OK(cuGraphDestroy(graph));
    CHECK(reserved_mib() == 20 && cuGraphLaunch(exec, stream) == CUDA_ERROR_INVALID_VALUE);
    OK(cuDeviceGraphMemTrim(0));
    CHECK(reserved_mib() == 0);
}

static void graphs_of_one_stream_share_and_those_of_two_do_not(void)
{
    CUstream stream = stream_of_test(64), other;
    CUdeviceptr address;
    CUgraphExec large = executable(captured(stream, 30, 0, &address), 0), small = executable(captured(stream, 20, 0, &address), 0);
    OK(cuStreamCreate(&other, 0));
    OK(cuGraphLaunch(small, stream));
    OK(cuGraphLaunch(large, stream));
    CHECK(reserved_mib() == 30);
    OK(cuGraphLaunch(small, other));
    CHECK(reserved_mib() == 50);
    CUgraphExec third = executable(captured(stream, 40, 0, &address), 0);
    OK(cuGraphLaunch(third, stream));
    CHECK(reserved_mib() == 60);
    CHECK(cuGraphLaunch(large, other) == CUDA_ERROR_OUT_OF_MEMORY && reserved_mib() == 60); /* 40 and 30 are more than there is */
}

static void what_a_graph_leaves_is_its_own_until_it_is_freed(void)
{
    CUstream stream = stream_of_test(64);
    CUdeviceptr left, freed;
    char byte = 1;
    CUgraphExec leaving = executable(captured(stream, 20, 1, &left), 0), other = executable(captured(stream, 20, 0, &freed), 0);
    OK(cuGraphLaunch(other, stream));
    OK(cuGraphLaunch(leaving, stream));
    CHECK(reserved_mib() == 20);
    OK(cuMemcpyHtoD_v2(left, &byte, 1));
    OK(cuGraphLaunch(other, stream));
    CHECK(reserved_mib() == 40);
    CHECK(cuGraphLaunch(leaving, stream) == CUDA_ERROR_INVALID_VALUE);
    OK(cuGraphExecDestroy(leaving));
    OK(cuStreamSynchronize(stream));
    OK(cuDeviceGraphMemTrim(0));
    CHECK(reserved_mib() == 20);
    OK(cuMemFreeAsync(left, stream));
    CHECK(cuMemFree_v2(left) == CUDA_ERROR_INVALID_VALUE);
    OK(cuStreamSynchronize(stream));
    OK(cuDeviceGraphMemTrim(0));
    CHECK(reserved_mib() == 0);
}

static void a_graph_may_free_what_it_left_or_another_one_did(void)
{
    CUstream stream = stream_of_test(64);
    CUdeviceptr left;
    CUgraph freeing;
    CUgraphNode node;
    CUgraphExec by_itself = executable(captured(stream, 20, 1, &left), CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH);
    OK(cuGraphLaunch(by_itself, stream));
    OK(cuGraphLaunch(by_itself, stream));
    CHECK(reserved_mib() == 20);
    OK(cuGraphCreate(&freeing, 0));
    OK(cuGraphAddMemFreeNode(&node, freeing, NULL, 0, left));
    CHECK(cuGraphAddMemFreeNode(&node, freeing, NULL, 0, 12345) == CUDA_ERROR_INVALID_VALUE);
    OK(cuGraphLaunch(executable(freeing, 0), stream));
    CHECK(cuMemFree_v2(left) == CUDA_ERROR_INVALID_VALUE);
}

static CUDA_MEM_ALLOC_NODE_PARAMS allocation(uint64_t mib)
{
    return (CUDA_MEM_ALLOC_NODE_PARAMS){
        .pool_properties = {.type = CU_MEM_ALLOCATION_TYPE_PINNED, .location = {CU_MEM_LOCATION_TYPE_DEVICE, 0}}, .bytes = MIB(mib)};
}

static void what_is_freed_before_gives_its_addresses_again(void)
{
    CUstream stream = stream_of_test(64);
    CUgraph graph;
    CUgraphNode first, freed, after, beside;
    CUDA_MEM_ALLOC_NODE_PARAMS one = allocation(20), two = allocation(16), three = allocation(10), told;
    CUgraphNodeType type;
    OK(cuGraphCreate(&graph, 0));
    OK(cuGraphAddMemAllocNode(&first, graph, NULL, 0, &one));
    OK(cuGraphAddMemFreeNode(&freed, graph, &first, 1, one.address));
    OK(cuGraphAddMemAllocNode(&after, graph, &freed, 1, &two));
    OK(cuGraphAddMemAllocNode(&beside, graph, &first, 1, &three));
    CHECK(two.address == one.address && three.address != one.address);
    OK(cuGraphMemAllocNodeGetParams(after, &told));
    OK(cuGraphNodeGetType(freed, &type));
    CHECK(told.address == two.address && told.bytes == MIB(16) && type == CU_GRAPH_NODE_TYPE_MEM_FREE);
    CHECK(cuGraphMemAllocNodeGetParams(freed, &told) == CUDA_ERROR_INVALID_VALUE);
    OK(cuGraphLaunch(executable(graph, 0), stream));
    CHECK(reserved_mib() == 30);
}

static void graphs_with_memory_are_children_only_when_they_are_moved(void)
{
    CUstream stream = stream_of_test(64);
    CUdeviceptr address;
    CUgraph parent, child = captured(stream, 20, 0, &address), told, empty;
    CUgraphNode node;
    CUgraphNodeParams moved = {.type = CU_GRAPH_NODE_TYPE_GRAPH, .child = {child, CU_GRAPH_CHILD_GRAPH_OWNERSHIP_MOVE}};
    OK(cuGraphCreate(&parent, 0));
    OK(cuGraphCreate(&empty, 0));
    OK(cuGraphAddEmptyNode(&node, empty, NULL, 0));
    OK(cuGraphAddChildGraphNode(&node, parent, NULL, 0, empty));
    OK(cuGraphChildGraphNodeGetGraph(node, &told));
    CHECK(told != empty);
    CHECK(cuGraphAddChildGraphNode(&node, parent, NULL, 0, child) == CUDA_ERROR_INVALID_VALUE);
    OK(cuGraphAddNode_v2(&node, parent, NULL, NULL, 0, &moved));
    OK(cuGraphChildGraphNodeGetGraph(node, &told));
    CHECK(told == child && cuGraphDestroy(child) == CUDA_ERROR_INVALID_VALUE);
    OK(cuGraphLaunch(executable(parent, 0), stream));
    CHECK(reserved_mib() == 20);
    OK(cuGraphDestroy(parent));
    OK(cuGraphDestroy(empty));
}

static void an_update_needs_the_same_nodes(void)
{
    CUstream stream = stream_of_test(64);
    CUdeviceptr address;
    CUgraphExecUpdateResultInfo info;
    CUgraphExec exec = executable(captured(stream, 20, 0, &address), 0);
    OK(cuGraphExecUpdate_v2(exec, captured(stream, 30, 0, &address), &info));
    CHECK(info.result == CU_GRAPH_EXEC_UPDATE_SUCCESS);
    OK(cuGraphLaunch(exec, stream));
    CHECK(reserved_mib() == 30);
    CHECK(cuGraphExecUpdate_v2(exec, captured(stream, 30, 1, &address), &info) == CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE);
    CHECK(info.result == CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED);
}

static void an_upload_at_instantiation_takes_memory_and_a_full_card_refuses_it(void)
{
    CUstream stream = stream_of_test(64);
    CUdeviceptr address;
    CUgraphExec exec;
    CUDA_GRAPH_INSTANTIATE_PARAMS parameters = {.flags = CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD, .upload_stream = stream};
    OK(cuGraphInstantiateWithParams(&exec, captured(stream, 40, 0, &address), &parameters));
    CHECK(reserved_mib() == 40);
    OK(cuMemAlloc_v2(&address, MIB(20)));
    CHECK(cuGraphInstantiateWithParams(&exec, captured(stream, 50, 0, &address), &parameters) == CUDA_ERROR_OUT_OF_MEMORY);
    CHECK(parameters.result == CUDA_GRAPH_INSTANTIATE_ERROR && sim_physical_mib(0) == 60);
}

static const struct sim_test tests[] = {
    {"graphs: a stream captures until it is told to end", a_stream_captures_until_it_is_told_to_end},
    {"graphs: what cannot be captured spoils the capture", what_cannot_be_captured_spoils_the_capture},
    {"graphs: memory is taken at a launch, and kept until a trim", memory_is_taken_when_a_graph_is_launched_and_kept_until_a_trim},
    {"graphs: those of one stream share, those of two do not", graphs_of_one_stream_share_and_those_of_two_do_not},
    {"graphs: what one leaves is its own until it is freed", what_a_graph_leaves_is_its_own_until_it_is_freed},
    {"graphs: one may free what it left, or another one did", a_graph_may_free_what_it_left_or_another_one_did},
    {"graphs: what is freed before gives its addresses again", what_is_freed_before_gives_its_addresses_again},
    {"graphs: those with memory are children only when they are moved", graphs_with_memory_are_children_only_when_they_are_moved},
    {"graphs: an update needs the same nodes", an_update_needs_the_same_nodes},
    {"graphs: an upload at instantiation takes memory, and a full card refuses it",
     an_upload_at_instantiation_takes_memory_and_a_full_card_refuses_it},
};

int main(void)
{
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
