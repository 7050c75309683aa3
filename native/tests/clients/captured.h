/* Graphs as clients capture, replay and trim them, in one stream of one context. */
#ifndef HAMI_CLIENTS_CAPTURED_H
#define HAMI_CLIENTS_CAPTURED_H

#include "said.h"

#define REPLAYS 100

static CUcontext context;
static CUstream stream;

/* A graph of one allocation, which it frees unless `leaves`. */
static inline CUgraph capture_in(CUstream captured, size_t mib, int leaves, CUdeviceptr *address)
{
    CUgraph graph;
    DO(cuStreamBeginCapture_v2(captured, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    DO(cuMemAllocAsync(address, mib * MIB, captured));
    if (!leaves)
        DO(cuMemFreeAsync(*address, captured));
    DO(cuStreamEndCapture(captured, &graph));
    return graph;
}

static inline CUgraph capture(size_t mib)
{
    CUdeviceptr address;
    return capture_in(stream, mib, 0, &address);
}

static inline CUgraphExec executable(CUgraph graph)
{
    CUgraphExec exec;
    DO(cuGraphInstantiateWithFlags(&exec, graph, 0));
    return exec;
}

static inline void replay(CUgraphExec exec)
{
    for (int i = 0; i < REPLAYS; i++)
        DO(cuGraphLaunch(exec, stream));
}

static inline void trim(void)
{
    DO(cuStreamSynchronize(stream));
    DO(cuDeviceGraphMemTrim(0));
}

/* What graphs ever had, also within a call. */
static inline void say_most(void)
{
    cuuint64_t most;
    DO(cuDeviceGetGraphMemAttribute(0, CU_GRAPH_MEM_ATTR_RESERVED_MEM_HIGH, &most));
    printf("at most %zu\n", (size_t)most / MIB);
}

/* Run the one of these that the only argument names, in a context and a stream of its own; the program's exit status. */
static inline int run_named_in_stream(int count, char **arguments, const struct named_run *runs, size_t run_count)
{
    if (count != 2)
        return 2;
    DO(cuInit(0));
    DO(cuCtxCreate_v2(&context, 0, 0));
    DO(cuStreamCreate(&stream, 0));
    return run_named(runs, run_count, arguments[1]);
}

#endif
