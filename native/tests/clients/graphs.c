/* Captures, builds and launches graphs that allocate, in the way that its argument names, and says after each step what is left of the
 * share by cuMemGetInfo, and what the cards gave by their own files. */
#include <pthread.h>

#include "captured.h"

static void launched(void)
{
    CUgraph graph = capture(60);
    CUgraphExec exec = executable(graph);
    say("instantiated");
    DO(cuGraphLaunch(exec, stream));
    say("launched");
    replay(exec);
    say("replayed");
    DO(cuGraphExecDestroy(exec));
    DO(cuGraphDestroy(graph));
    say("destroyed");
    trim();
    say("trimmed");
    printf("launch of nothing: %d\n", cuGraphLaunch(exec, stream));
}

static void too_large(void)
{
    CUdeviceptr address;
    char byte = 1;
    CUgraphExec exec = executable(capture_in(stream, 110, 1, &address));
    say("instantiated");
    printf("launch: %d, upload: %d\n", cuGraphLaunch(exec, stream), cuGraphUpload(exec, stream));
    printf("its memory: %d\n", cuMemcpyHtoD_v2(address, &byte, 1));
    say("refused");
    say_most();
}

/* What a graph has and does not use is given up for a buffer, and taken again when there is room. */
static void whole_share(void)
{
    CUdeviceptr buffer;
    CUgraphExec exec = executable(capture(100));
    replay(exec);
    say("replayed");
    printf("buffer while it runs: %d\n", cuMemAlloc_v2(&buffer, 2 * MIB));
    DO(cuStreamSynchronize(stream));
    DO(cuMemAlloc_v2(&buffer, 2 * MIB));
    say("buffer");
    printf("launch: %d\n", cuGraphLaunch(exec, stream));
    DO(cuMemFree_v2(buffer));
    replay(exec);
    say("again");
}

static CUgraphNodeParams allocation(size_t mib, int device)
{
    return (CUgraphNodeParams){
        .type = CU_GRAPH_NODE_TYPE_MEM_ALLOC,
        .allocation = {.pool_properties = {.type = CU_MEM_ALLOCATION_TYPE_PINNED, .location = {CU_MEM_LOCATION_TYPE_DEVICE, device}},
                       .bytes = mib * MIB}};
}

/* 20, then 10 in the same place, beside 15 and 5, which take whole slabs, and 30 in a child: 72. */
static void nodes(void)
{
    CUdeviceptr buffer;
    CUgraph graph, child = capture(30);
    CUgraphNode first, freed, node;
    CUgraphNodeParams one = allocation(20, 0), two = allocation(10, 0), three = allocation(15, 0), four = allocation(5, 0);
    CUgraphNodeParams moved = {.type = CU_GRAPH_NODE_TYPE_GRAPH, .child = {child, CU_GRAPH_CHILD_GRAPH_OWNERSHIP_MOVE}};
    DO(cuGraphCreate(&graph, 0));
    DO(cuGraphAddMemAllocNode(&first, graph, NULL, 0, &one.allocation));
    DO(cuGraphAddMemFreeNode(&freed, graph, &first, 1, one.allocation.address));
    DO(cuGraphAddNode(&node, graph, &freed, 1, &two));
    DO(cuGraphAddNode(&node, graph, &first, 1, &three));
    DO(cuGraphAddNode_v2(&node, graph, &first, NULL, 1, &four));
    DO(cuGraphAddNode_v2(&node, graph, &first, NULL, 1, &moved));
    CUgraphExec exec = executable(graph);
    DO(cuMemAlloc_v2(&buffer, 30 * MIB));
    printf("beside 30: %d\n", cuGraphLaunch(exec, stream));
    DO(cuMemFree_v2(buffer));
    DO(cuMemAlloc_v2(&buffer, 28 * MIB));
    DO(cuGraphLaunch(exec, stream));
    say("beside 28");
}

static CUgraphNode add_condition(CUgraph graph, CUgraphConditionalNodeType type, unsigned int size, CUgraph **bodies)
{
    CUgraphNode node;
    CUgraphNodeParams condition = {.type = CU_GRAPH_NODE_TYPE_CONDITIONAL, .conditional = {.type = type, .size = size}};
    DO(cuGraphConditionalHandleCreate(&condition.conditional.handle, graph, context, 0, 0));
    DO(cuGraphAddNode_v2(&node, graph, NULL, NULL, 0, &condition));
    *bodies = condition.conditional.bodies;
    return node;
}

static void add_allocation(CUgraph graph, size_t mib)
{
    CUgraphNode node;
    CUgraphNodeParams parameters = allocation(mib, 0);
    DO(cuGraphAddNode(&node, graph, NULL, 0, &parameters));
    DO(cuGraphAddMemFreeNode(&node, graph, &node, 1, parameters.allocation.address));
}

/* What bodies allocate, whichever runs, in each kind of condition and in one within another: 10, 20 and 30, 20: 80. */
static void conditions(void)
{
    CUdeviceptr buffer;
    CUgraph graph, *loop, *branches, *cases;
    DO(cuGraphCreate(&graph, 0));
    add_condition(graph, CU_GRAPH_COND_TYPE_WHILE, 1, &loop);
    add_allocation(loop[0], 10);
    add_condition(loop[0], CU_GRAPH_COND_TYPE_IF, 2, &branches);
    add_allocation(branches[0], 20);
    add_allocation(branches[1], 30);
    add_condition(graph, CU_GRAPH_COND_TYPE_SWITCH, 3, &cases);
    add_allocation(cases[2], 20);
    CUgraphExec exec = executable(graph);
    DO(cuMemAlloc_v2(&buffer, 22 * MIB));
    printf("beside 22: %d\n", cuGraphLaunch(exec, stream));
    say("refused");
    say_most();
    DO(cuMemFree_v2(buffer));
    DO(cuMemAlloc_v2(&buffer, 20 * MIB));
    replay(exec);
    say("beside 20");
}

/* So deep that a walk over it could be given up. */
static void deep(void)
{
    CUgraph graph, *bodies;
    CUgraphExec exec;
    DO(cuGraphCreate(&graph, 0));
    CUgraph inner = graph;
    for (int i = 0; i < 70; i++) {
        add_condition(inner, CU_GRAPH_COND_TYPE_WHILE, 1, &bodies);
        inner = bodies[0];
    }
    add_allocation(inner, 110);
    printf("70 deep: %d\n", cuGraphLaunch(executable(graph), stream));
    for (int i = 0; i < 200; i++) {
        add_condition(inner, CU_GRAPH_COND_TYPE_WHILE, 1, &bodies);
        inner = bodies[0];
    }
    printf("270 deep: %d\n", cuGraphInstantiateWithFlags(&exec, graph, 0));
    say("refused");
    say_most();
}

static void uploaded(void)
{
    CUgraphExec exec, small = executable(capture(20)), large;
    CUDA_GRAPH_INSTANTIATE_PARAMS parameters = {.flags = CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD, .upload_stream = stream};
    DO(cuGraphUpload(small, stream));
    say("uploaded");
    DO(cuGraphInstantiateWithParams(&exec, capture(90), &parameters));
    say("at instantiation");
    CUresult result = cuGraphInstantiateWithParams(&large, capture(101), &parameters);
    printf("too large: %d, %d\n", result, parameters.result);
    replay(exec);
    say("refused");
    say_most();
}

static void updated(void)
{
    CUgraphExecUpdateResult result;
    CUgraphExecUpdateResultInfo info;
    CUgraph empty;
    CUgraphNode node;
    CUgraphExec exec = executable(capture(20));
    DO(cuGraphLaunch(exec, stream));
    say("before");
    DO(cuGraphExecUpdate(exec, capture(50), &node, &result));
    DO(cuGraphLaunch(exec, stream));
    say("updated");
    DO(cuGraphExecUpdate_v2(exec, capture(120), &info));
    printf("too large: %d\n", cuGraphLaunch(exec, stream));
    DO(cuGraphCreate(&empty, 0));
    printf("of another shape: %d\n", cuGraphExecUpdate_v2(exec, empty, &info));
    printf("still too large: %d\n", cuGraphLaunch(exec, stream));
    say("refused");
    say_most();
}

/* Every other way to the same: older instantiations, and the per-thread default stream. */
static void other_ways(void)
{
    CUgraphExec one, two, three;
    CUgraphNode node;
    char log[8];
    CUDA_GRAPH_INSTANTIATE_PARAMS parameters = {0};
    DO(cuGraphInstantiate(&one, capture(60), &node, log, sizeof log));
    DO(cuGraphInstantiate_v2(&two, capture(70), &node, log, sizeof log));
    DO(cuGraphInstantiateWithParams_ptsz(&three, capture(101), &parameters));
    DO(cuGraphUpload_ptsz(one, stream));
    DO(cuGraphLaunch_ptsz(one, stream));
    DO(cuGraphLaunch_ptsz(two, stream));
    say("launched");
    printf("too large: %d\n", cuGraphLaunch_ptsz(three, stream));
    say("refused");
}

/* The driver takes more than a graph needs. */
static void driver_takes_more(void)
{
    CUgraphExec exec, large = executable(capture(100));
    CUDA_GRAPH_INSTANTIATE_PARAMS parameters = {.flags = CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD, .upload_stream = stream};
    CUresult result = cuGraphInstantiateWithParams(&exec, capture(100), &parameters);
    printf("launch: %d, instantiation: %d\n", cuGraphLaunch(large, stream), result);
    say("refused");
    replay(executable(capture(90)));
    say("less");
}

static void full_share(void)
{
    CUdeviceptr buffer;
    DO(cuMemAlloc_v2(&buffer, 100 * MIB));
    CUgraphExec exec = executable(capture(60));
    printf("launch: %d\n", cuGraphLaunch(exec, stream));
    say("full");
    DO(cuMemFree_v2(buffer));
    DO(cuGraphLaunch(exec, stream));
    say("freed");
}

/* What a graph needs of each card is charged there. */
static void two_cards(void)
{
    CUgraph graph;
    CUgraphNode node;
    CUgraphNodeParams here = allocation(60, 0), there = allocation(40, 1), more = allocation(20, 1);
    CUcontext second;
    DO(cuCtxCreate_v2(&second, 0, 1));
    DO(cuCtxSetCurrent(context));
    DO(cuGraphCreate(&graph, 0));
    DO(cuGraphAddNode(&node, graph, NULL, 0, &here));
    DO(cuGraphAddNode(&node, graph, NULL, 0, &there));
    CUgraphExec exec;
    DO(cuGraphInstantiateWithFlags(&exec, graph, CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH));
    replay(exec);
    say("replayed");
    printf("the other card %zu\n", card_bytes(1) / MIB);
    DO(cuGraphCreate(&graph, 0));
    DO(cuGraphAddNode(&node, graph, NULL, 0, &more));
    printf("too large there: %d\n", cuGraphLaunch(executable(graph), stream));
    say("refused");
}

/* A step as a framework captures it, replayed beside eager allocation at the limit. */
static void framework(void)
{
    CUgraph graph;
    CUdeviceptr workspace, output, eager, buffers[16];
    CUgraphExec step;
    int count = 0, refused = 0;
    DO(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    DO(cuMemAllocAsync(&workspace, 20 * MIB, stream));
    DO(cuMemAllocAsync(&output, 10 * MIB, stream));
    DO(cuMemFreeAsync(workspace, stream));
    DO(cuStreamEndCapture(stream, &graph));
    DO(cuGraphInstantiateWithFlags(&step, graph, CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH));
    for (int i = 0; i < REPLAYS; i++) {
        char byte = (char)i;
        DO(cuGraphLaunch(step, stream));
        DO(cuMemcpyHtoD_v2(output, &byte, 1));
        if (cuMemAllocAsync(&eager, 10 * MIB, stream) == CUDA_SUCCESS)
            DO(cuMemFreeAsync(eager, stream));
        else
            refused++;
        if (i % 10 == 5 && cuMemAlloc_v2(&buffers[count], 10 * MIB) == CUDA_SUCCESS)
            count++;
        DO(cuStreamSynchronize(stream));
        if (card_bytes(0) / MIB > 100)
            exit(4);
    }
    printf("%d buffers, eager refused: %s\n", count, refused ? "yes" : "no");
    say("replayed");
    while (count)
        DO(cuMemFree_v2(buffers[--count]));
    DO(cuMemFreeAsync(output, stream));
    trim();
    say("freed");
}

/* Threads with streams and graphs of their own. A graph that is uploaded to see whether it shares may be too large as long as that takes. */
static void *use_graphs(void *argument)
{
    unsigned seed = (unsigned)(uintptr_t)argument;
    CUstream own;
    CUdeviceptr address;
    DO(cuCtxSetCurrent(context));
    DO(cuStreamCreate(&own, 0));
    for (int i = 0; i < 40; i++) {
        CUgraph graph = capture_in(own, (unsigned)rand_r(&seed) % 30 + 1, 0, &address);
        CUgraphExec exec = executable(graph);
        for (int j = 0; j < 8; j++)
            if (cuGraphLaunch(exec, own) != CUDA_SUCCESS && j % 2)
                DO(cuStreamSynchronize(own));
        if (i % 8 == 0)
            DO(cuDeviceGraphMemTrim(0));
        if (card_bytes(0) / MIB > 100 + 30)
            exit(4);
        DO(cuGraphExecDestroy(exec));
        DO(cuGraphDestroy(graph));
        DO(cuStreamSynchronize(own));
    }
    DO(cuStreamDestroy_v2(own));
    return NULL;
}

static void threads(void)
{
    pthread_t started[4];
    for (uintptr_t i = 0; i < 4; i++)
        pthread_create(&started[i], NULL, use_graphs, (void *)(i + 1));
    for (int i = 0; i < 4; i++)
        pthread_join(started[i], NULL);
    trim();
    say("done");
}

static const struct named_run ways[] = {
    {"launched", launched},
    {"too_large", too_large},
    {"whole_share", whole_share},
    {"nodes", nodes},
    {"conditions", conditions},
    {"deep", deep},
    {"uploaded", uploaded},
    {"updated", updated},
    {"other_ways", other_ways},
    {"driver_takes_more", driver_takes_more},
    {"full_share", full_share},
    {"two_cards", two_cards},
    {"framework", framework},
    {"threads", threads},
};

int main(int count, char **arguments)
{
    return run_named_in_stream(count, arguments, ways, sizeof ways / sizeof *ways);
}
