/* Launches graphs that allocate after and beside each other, in one stream and in two, in the way that its argument names, and says after
 * each step what is left of the share by cuMemGetInfo, what the card gave by its own file, and what graphs ever had. */

#include "captured.h"

static void shared(void)
{
    CUgraphExec one = executable(capture(60)), two = executable(capture(70));
    for (int i = 0; i < REPLAYS; i++) {
        DO(cuGraphLaunch(one, stream));
        DO(cuGraphLaunch(two, stream));
    }
    say("in one stream");
}

static void two_streams(void)
{
    CUstream other;
    CUgraphExec one = executable(capture(60)), two = executable(capture(60));
    DO(cuStreamCreate(&other, 0));
    DO(cuGraphLaunch(one, stream));
    printf("beside: %d\n", cuGraphLaunch(two, other));
    say("refused");
    DO(cuStreamSynchronize(stream));
    DO(cuGraphLaunch(two, other));
    say("after");
    printf("beside: %d\n", cuGraphLaunch(one, stream));
    say("refused");
    say_most();
}

/* What another stream has is not to be shared. */
static void third(void)
{
    CUstream other;
    CUgraphExec one = executable(capture(50)), two = executable(capture(40)), large = executable(capture(60));
    DO(cuStreamCreate(&other, 0));
    DO(cuGraphLaunch(one, stream));
    DO(cuGraphLaunch(two, other));
    printf("third: %d\n", cuGraphLaunch(large, other));
    say("refused");
    say_most();
}

/* Both have their memory, and keep it. */
static void in_turn(void)
{
    CUstream other;
    CUgraphExec one = executable(capture(60)), two = executable(capture(40));
    DO(cuStreamCreate(&other, 0));
    for (int i = 0; i < REPLAYS; i++) {
        DO(cuGraphLaunch(one, stream));
        DO(cuGraphLaunch(two, other));
    }
    say("in turn");
}

/* In another stream a graph cannot have what it shares with one that runs. */
static void moved(void)
{
    CUstream other;
    CUgraphExec one = executable(capture(60)), two = executable(capture(60));
    DO(cuStreamCreate(&other, 0));
    DO(cuGraphLaunch(one, stream));
    DO(cuGraphLaunch(two, stream));
    printf("moved: %d\n", cuGraphLaunch(one, other));
    say("refused");
    DO(cuGraphLaunch(one, stream));
    say("back");
    say_most();
}

/* What one leaves allocated, those that had the same memory before cannot have. */
static void left_beside(void)
{
    CUdeviceptr address, buffer;
    CUgraphExec leaving = executable(capture_in(stream, 40, 1, &address)), others = executable(capture(50));
    DO(cuGraphLaunch(others, stream));
    DO(cuGraphLaunch(leaving, stream));
    DO(cuMemAlloc_v2(&buffer, 30 * MIB));
    say("left");
    printf("beside: %d\n", cuGraphLaunch(others, stream));
    say("refused");
    say_most();
    DO(cuMemFree_v2(buffer));
    DO(cuGraphLaunch(others, stream));
    say("beside");
}

/* Both have left something allocated, and get the same again. */
static void left_in_turn(void)
{
    CUdeviceptr address;
    CUgraphExec one, two;
    DO(cuGraphInstantiateWithFlags(&one, capture_in(stream, 40, 1, &address), CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH));
    DO(cuGraphInstantiateWithFlags(&two, capture_in(stream, 60, 1, &address), CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH));
    for (int i = 0; i < REPLAYS; i++) {
        DO(cuGraphLaunch(one, stream));
        DO(cuGraphLaunch(two, stream));
    }
    say("in turn");
}

static void left_allocated(void)
{
    CUdeviceptr address;
    CUgraphExec leaving = executable(capture_in(stream, 40, 1, &address)), others = executable(capture(50)), large = executable(capture(70));
    DO(cuGraphLaunch(others, stream));
    DO(cuGraphLaunch(leaving, stream));
    say("left");
    printf("again: %d\n", cuGraphLaunch(leaving, stream));
    replay(others);
    say("beside");
    DO(cuStreamSynchronize(stream));
    printf("too large: %d\n", cuGraphLaunch(large, stream));
    say("refused");
    DO(cuMemFreeAsync(address, stream));
    DO(cuStreamSynchronize(stream));
    DO(cuGraphLaunch(large, stream));
    say("freed");
    trim();
    say("trimmed");
    say_most();
}

static void freed_by_launch(void)
{
    CUdeviceptr address;
    CUgraphExec exec;
    DO(cuGraphInstantiateWithFlags(&exec, capture_in(stream, 90, 1, &address), CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH));
    replay(exec);
    say("replayed");
    DO(cuMemFree_v2(address));
    trim();
    say("trimmed");
}

/* Freed by a graph that is launched after it. */
static void freed_by_graph(void)
{
    CUdeviceptr address;
    CUgraph freeing;
    CUgraphNode node;
    CUgraphExec leaving = executable(capture_in(stream, 90, 1, &address));
    DO(cuGraphCreate(&freeing, 0));
    DO(cuGraphAddMemFreeNode(&node, freeing, NULL, 0, address));
    CUgraphExec frees = executable(freeing);
    for (int i = 0; i < REPLAYS; i++) {
        DO(cuGraphLaunch(leaving, stream));
        DO(cuGraphLaunch(frees, stream));
    }
    say("replayed");
    trim();
    say("trimmed");
}

static const struct named_run ways[] = {
    {"shared", shared},
    {"two_streams", two_streams},
    {"third", third},
    {"in_turn", in_turn},
    {"moved", moved},
    {"left_beside", left_beside},
    {"left_in_turn", left_in_turn},
    {"left_allocated", left_allocated},
    {"freed_by_launch", freed_by_launch},
    {"freed_by_graph", freed_by_graph},
};

int main(int count, char **arguments)
{
    return run_named_in_stream(count, arguments, ways, sizeof ways / sizeof *ways);
}
