/* What pools of memory hold of a share, and when they give it back: what was freed and not waited for, what other kinds, other pools, other
 * cards and captures need meanwhile, and threads. Says after each step what is left of the share, and what the card gave. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "said.h"

static CUcontext context;
static CUmemoryPool pool;
static const CUmemPoolProps pool_properties = {.type = CU_MEM_ALLOCATION_TYPE_PINNED, .location = {CU_MEM_LOCATION_TYPE_DEVICE, 0}};

/* Idle memory of a pool does not stand in the way of another kind, nor of the pool itself. */
static void idle_pool(void)
{
    CUdeviceptr first, second;
    cuuint64_t keep = UINT64_MAX;
    DO(cuDeviceGetDefaultMemPool(&pool, 0));
    DO(cuMemPoolSetAttribute(pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &keep));
    DO(cuMemAllocAsync(&first, 90 * MIB, NULL));
    DO(cuMemFreeAsync(first, NULL));
    DO(cuStreamSynchronize(NULL));
    say("idle");
    DO(cuMemAllocAsync(&first, 80 * MIB, NULL));
    say("again");
    DO(cuMemFreeAsync(first, NULL));
    DO(cuStreamSynchronize(NULL));
    DO(cuMemAlloc_v2(&second, 98 * MIB));
    say("buffer");
}

/* What was freed, and to which the stream has not come yet, the driver cannot give again: it would take as much once more. */
static void pending(void)
{
    CUdeviceptr first, second, buffer;
    DO(cuMemAllocAsync(&first, 90 * MIB, NULL));
    DO(cuMemFreeAsync(first, NULL));
    printf("again: %d\n", cuMemAllocAsync(&second, 90 * MIB, NULL));
    say("refused");
    DO(cuMemAlloc_v2(&buffer, 4 * MIB));
    say("buffer beside");
    DO(cuStreamSynchronize(NULL));
    DO(cuMemAllocAsync(&second, 60 * MIB, NULL));
    say("waited");
}

/* Memory of the second card, while the first is the current one. */
static CUcontext second;

static CUstream stream_of_second(void)
{
    CUstream stream;
    DO(cuCtxCreate_v2(&second, 0, 1));
    DO(cuStreamCreate(&stream, 0));
    DO(cuCtxSetCurrent(context));
    return stream;
}

static void say_both(void)
{
    CUcontext current;
    DO(cuCtxGetCurrent(&current));
    say(current == context ? "the current card" : "another card");
    DO(cuCtxSetCurrent(second));
    size_t left, total;
    DO(cuMemGetInfo_v2(&left, &total));
    printf("the other: %zu of %zu MiB left, card %zu\n", left / MIB, total / MIB, card_bytes(1) / MIB);
}

static void other_pool(void)
{
    CUdeviceptr address;
    (void)stream_of_second();
    DO(cuDeviceGetDefaultMemPool(&pool, 1));
    printf("too large: %d\n", cuMemAllocFromPoolAsync(&address, 60 * MIB, pool, NULL));
    DO(cuMemAllocFromPoolAsync(&address, 20 * MIB, pool, NULL));
    say_both();
}

static void other_stream(void)
{
    CUdeviceptr address;
    CUstream stream = stream_of_second();
    printf("too large: %d\n", cuMemAllocAsync(&address, 60 * MIB, stream));
    DO(cuMemAllocAsync_ptsz(&address, 20 * MIB, stream));
    say_both();
}

/* What is captured meanwhile in another stream has nothing to do with it. */
static void beside_capture(void)
{
    CUstream stream;
    CUgraph graph;
    CUdeviceptr buffer, address;
    size_t count;
    DO(cuStreamCreate(&stream, 0));
    DO(cuMemAlloc_v2(&buffer, 90 * MIB));
    DO(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    DO(cuMemAllocAsync(&address, MIB, stream));
    CUresult refused = cuMemAllocAsync(&address, 2 * MIB, NULL), captured = cuStreamEndCapture(stream, &graph);
    DO(cuGraphGetNodes(graph, NULL, &count));
    printf("refused: %d, captured: %d, %zu node\n", refused, captured, count);
    DO(cuMemFree_v2(buffer));
    say("freed");
}

/* Pools near the limit, each of which the driver would let grow by more than is left. */
static void several_pools(void)
{
    CUmemoryPool second;
    CUdeviceptr address;
    DO(cuMemPoolCreate(&pool, &pool_properties));
    DO(cuMemPoolCreate(&second, &pool_properties));
    DO(cuMemAlloc_v2(&address, 90 * MIB));
    printf("one: %d\n", cuMemAllocFromPoolAsync(&address, 2 * MIB, pool, NULL));
    printf("other: %d\n", cuMemAllocFromPoolAsync(&address, 2 * MIB, second, NULL));
    say("refused");
}

/* A pool that is told to keep less gives it back at the next synchronization. */
static void keeps_less(void)
{
    CUdeviceptr address;
    cuuint64_t keep = UINT64_MAX;
    DO(cuDeviceGetDefaultMemPool(&pool, 0));
    DO(cuMemPoolSetAttribute(pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &keep));
    DO(cuMemAllocAsync(&address, 60 * MIB, NULL));
    DO(cuMemFreeAsync(address, NULL));
    DO(cuStreamSynchronize(NULL));
    say("kept");
    keep = 0;
    DO(cuMemPoolSetAttribute(pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &keep));
    DO(cuStreamSynchronize(NULL));
    say("given back");
}

static void destroyed_pool(void)
{
    CUdeviceptr address;
    DO(cuMemPoolCreate(&pool, &pool_properties));
    DO(cuMemAllocFromPoolAsync(&address, 40 * MIB, pool, NULL));
    DO(cuMemPoolDestroy(pool));
    say("destroyed");
    DO(cuMemFreeAsync(address, NULL));
    DO(cuCtxSynchronize());
    say("freed");
}

/* Threads use one pool at once; every thread ends with nothing. */
static void *use_pool(void *argument)
{
    unsigned seed = (unsigned)(uintptr_t)argument;
    CUdeviceptr addresses[4] = {0};
    DO(cuCtxSetCurrent(context));
    for (int i = 0; i < 400; i++) {
        CUdeviceptr *address = &addresses[(unsigned)rand_r(&seed) % 4];
        if (*address)
            DO(cuMemFreeAsync(*address, NULL));
        if (*address || cuMemAllocAsync(address, ((unsigned)rand_r(&seed) % 16 + 1) * MIB, NULL) != CUDA_SUCCESS)
            *address = 0;
        if (i % 16 == 0)
            DO(cuStreamSynchronize(NULL));
        if (card_bytes(0) > 100 * MIB + (32 * MIB))
            exit(4);
    }
    for (int i = 0; i < 4; i++)
        if (addresses[i])
            DO(cuMemFreeAsync(addresses[i], NULL));
    return NULL;
}

static void threads(void)
{
    pthread_t started[4];
    for (uintptr_t i = 0; i < 4; i++)
        pthread_create(&started[i], NULL, use_pool, (void *)(i + 1));
    for (int i = 0; i < 4; i++)
        pthread_join(started[i], NULL);
    DO(cuStreamSynchronize(NULL));
    say("done");
}

/* Waiting for an event, or for a context by its handle, settles pools as waiting for a stream does. */
static void waited(void)
{
    CUdeviceptr address;
    CUevent event;
    DO(cuEventCreate(&event, 0));
    DO(cuMemAllocAsync(&address, 40 * MIB, NULL));
    DO(cuMemFreeAsync(address, NULL));
    say("not waited");
    DO(cuEventRecord(event, NULL));
    DO(cuEventSynchronize(event));
    say("for an event");
    DO(cuEventDestroy_v2(event));
    DO(cuMemAllocAsync(&address, 40 * MIB, NULL));
    DO(cuMemFreeAsync(address, NULL));
    say("not waited");
    DO(cuCtxSynchronize_v2(context));
    say("for a context");
}

static const struct named_run runs[] = {
    {"idle_pool", idle_pool},
    {"pending_idle", pending},
    {"other_pool_idle", other_pool},
    {"other_stream_idle", other_stream},
    {"beside_capture", beside_capture},
    {"several_pools_idle", several_pools},
    {"keeps_less", keeps_less},
    {"destroyed_pool", destroyed_pool},
    {"threads", threads},
    {"waited", waited},
};

int main(int count, char **arguments)
{
    if (count != 2)
        return 2;
    DO(cuInit(0));
    DO(cuCtxCreate_v2(&context, 0, 0));
    return run_named(runs, sizeof runs / sizeof *runs, arguments[1]);
}
