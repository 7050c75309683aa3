/* Copies and sets memory, in the way that its first argument names, and says how much of the card's time that took in how much time. A second
 * argument is for how many milliseconds. Where it should come to a stop, the alarm ends it. */
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "owners.h"

#define UNIT_US 256 /* what a simulated card takes for a MiB */

static CUstream stream;
static CUdeviceptr first, second;
static unsigned char host[MIB];
static uint64_t milliseconds = 300, units;

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static void begin(void)
{
    CUcontext context;
    DO(cuInit(0));
    DO(cuCtxCreate_v2(&context, 0, 0));
    DO(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    DO(cuMemAlloc_v2(&first, 8 * MIB));
    DO(cuMemAlloc_v2(&second, 8 * MIB));
}

/* Do it until the time is over and all is done; say what that made. */
static void repeat(void (*once)(void))
{
    uint64_t start = now_us();
    while (now_us() - start < milliseconds * 1000) {
        once();
        units++;
    }
    DO(cuCtxSynchronize());
    printf("%llu units of %u us in %llu us\n", (unsigned long long)units, UNIT_US, (unsigned long long)(now_us() - start));
}

static void once_on_card(void) { DO(cuMemcpyDtoDAsync_v2(second, first, MIB, stream)); }
static void once_set(void) { DO(cuMemsetD8Async(first, 1, MIB, stream)); }
static void once_set_words(void) { DO(cuMemsetD32_v2(first, 1, MIB / 4)); }
static void once_from_card(void) { DO(cuMemcpyDtoH_v2(host, first, MIB)); }
static void once_to_card(void) { DO(cuMemcpyHtoDAsync_v2(first, host, MIB, stream)); }
static void once_per_thread(void) { DO(cuMemcpyDtoD_v2_ptds(second, first, MIB)); }
static void once_anywhere(void) { DO(cuMemcpyAsync(first, (CUdeviceptr)(uintptr_t)host, MIB, stream)); }

/* Of sizes that are all of one class, and of others. */
static void once_of_any_size(void)
{
    static size_t part;
    size_t bytes = (part++ % 8 + 1) * (MIB / 8);
    DO(cuMemcpyDtoDAsync_v2(second, first, bytes, stream));
    DO(cuMemcpyDtoDAsync_v2(second, first, MIB + MIB / 8 - bytes, stream)); /* of both together 288 us */
}

static CUresult (*resolved_copy)(CUdeviceptr, CUdeviceptr, size_t, CUstream);

static void once_resolved(void)
{
    DO(resolved_copy(second, first, MIB, NULL));
}

static void by_resolver(void)
{
    void *found;
    CUdriverProcAddressQueryResult status;
    DO(cuGetProcAddress_v2("cuMemcpyDtoDAsync", &found, 12000, CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM, &status));
    memcpy(&resolved_copy, &found, sizeof found);
    repeat(once_resolved);
}

static void on_card(void) { repeat(once_on_card); }
static void set(void) { repeat(once_set); }
static void set_words(void) { repeat(once_set_words); }
static void from_card(void) { repeat(once_from_card); }
static void to_card(void) { repeat(once_to_card); }
static void per_thread(void) { repeat(once_per_thread); }
static void anywhere(void) { repeat(once_anywhere); }
static void of_any_size(void) { repeat(once_of_any_size); }

/* What is captured does not run, and so is neither charged nor held. */
static void captured(void)
{
    CUgraph graph;
    size_t nodes;
    DO(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    for (int i = 0; i < 200; i++) {
        DO(cuMemcpyDtoDAsync_v2(second, first, 8 * MIB, stream));
        DO(cuMemcpyAsync(second, first, 8 * MIB, stream));
        DO(cuMemsetD8Async(first, 1, 8 * MIB, stream));
    }
    DO(cuStreamEndCapture(stream, &graph));
    DO(cuGraphGetNodes(graph, NULL, &nodes));
    printf("captured: %zu\n", nodes);
}

/* Between places of the host, in a stream all the same. */
static void on_host(void)
{
    static unsigned char other[MIB];
    for (int i = 0; i < 20; i++)
        DO(cuMemcpyAsync((CUdeviceptr)(uintptr_t)other, (CUdeviceptr)(uintptr_t)host, MIB / 32, stream));
    printf("on the host\n");
}

/* What the driver refuses it refuses. */
static void wrong(void)
{
    printf("%d %d %d %d\n", cuMemcpyDtoDAsync_v2(second + 8 * MIB, first, MIB, stream), cuMemcpyHtoD_v2(first, NULL, MIB), cuMemcpy2D_v2(NULL),
           cuMemcpyBatchAsync(NULL, NULL, NULL, 5, NULL, NULL, 0, NULL, stream));
}

static void whose_functions(void)
{
    static const struct asked functions[] = {
        {"cuMemcpyDtoDAsync_v2", "cuMemcpyDtoDAsync", 12080},
        {"cuMemsetD32_v2", "cuMemsetD32", 12080},
        {"cuMemcpyBatchAsync", "cuMemcpyBatchAsync", 12080},
        {"cuLaunchKernel", "cuLaunchKernel", 12080},
    };
    for (unsigned i = 0; i < sizeof functions / sizeof *functions; i++)
        say_owner(&functions[i]);
}

int main(int count_of, char **arguments)
{
    static const struct named_run runs[] = {
        {"on_card", on_card},       {"set", set},           {"set_words", set_words}, {"from_card", from_card},     {"to_card", to_card},
        {"per_thread", per_thread}, {"anywhere", anywhere}, {"resolver", by_resolver}, {"of_any_size", of_any_size}, {"captured", captured},
        {"on_host", on_host},       {"wrong", wrong},       {"functions", whose_functions},
    };
    alarm(60);
    milliseconds = count_of > 2 ? (uint64_t)atoi(arguments[2]) : milliseconds;
    begin();
    return run_named(runs, sizeof runs / sizeof *runs, count_of > 1 ? arguments[1] : "");
}
