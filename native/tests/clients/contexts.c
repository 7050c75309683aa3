/* Does what its arguments say, one after the other, and says after each what the driver answered and what the share is charged:
 * retain, release, reset, create, destroy (of the last one that was created), allocate (10 MiB), threads (which
 * retain at once), churn (threads that retain and release again and again), kill. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cuda_api.h"
#include "hami_pages.h"

#define MIB ((size_t)1 << 20)
#define THREADS 8
#define ROUNDS 500
#define CREATED_MAX 16

static struct {
    size_t count;
    CUcontext contexts[CREATED_MAX];
} created;
static pthread_barrier_t all_ready;
static const struct hami_usage *usage; /* of the share */

static CUresult create(void)
{
    CUresult result = cuCtxCreate_v2(&created.contexts[created.count], 0, 0);
    created.count += result == CUDA_SUCCESS;
    return result;
}

static CUresult retain(void)
{
    CUcontext context;
    CUresult result = cuDevicePrimaryCtxRetain(&context, 0);
    return result == CUDA_SUCCESS ? cuCtxSetCurrent(context) : result;
}

static CUresult allocate(void)
{
    CUdeviceptr address;
    return cuMemAlloc_v2(&address, 10 * MIB);
}

static void *retain_when_all_are_ready(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&all_ready);
    return retain() == CUDA_SUCCESS ? NULL : &all_ready;
}

/* As long as a thread has the context, it is charged. */
static bool have_for_a_moment(void)
{
    CUcontext context;
    if (cuDevicePrimaryCtxRetain(&context, 0) != CUDA_SUCCESS)
        return false;
    bool charged = __atomic_load_n(&usage->word.used_bytes, __ATOMIC_RELAXED) > 0;
    return cuDevicePrimaryCtxRelease_v2(0) == CUDA_SUCCESS && charged;
}

static void *retain_and_release(void *unused)
{
    (void)unused;
    bool good = true;
    pthread_barrier_wait(&all_ready);
    for (int i = 0; i < ROUNDS && good; i++)
        good = have_for_a_moment();
    return good ? NULL : &all_ready;
}

/* The number of threads that had no trouble. */
static int in_threads(void *(*body)(void *))
{
    pthread_t threads[THREADS];
    int succeeded = 0;
    pthread_barrier_init(&all_ready, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, body, NULL);
    for (int i = 0; i < THREADS; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        succeeded += !failed;
    }
    return succeeded;
}

static int act(const char *what)
{
    if (strcmp(what, "retain") == 0)
        return retain();
    if (strcmp(what, "release") == 0)
        return cuDevicePrimaryCtxRelease_v2(0);
    if (strcmp(what, "reset") == 0)
        return cuDevicePrimaryCtxReset_v2(0);
    if (strcmp(what, "create") == 0)
        return create();
    if (strcmp(what, "destroy") == 0)
        return cuCtxDestroy_v2(created.contexts[--created.count]);
    if (strcmp(what, "allocate") == 0)
        return allocate();
    if (strcmp(what, "threads") == 0)
        return in_threads(retain_when_all_are_ready);
    if (strcmp(what, "churn") == 0)
        return in_threads(retain_and_release);
    return raise(SIGKILL);
}

static const struct hami_usage *share(void)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/a/usage", getenv("HAMI_TEST_SHARES"));
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    void *page = mmap(NULL, sizeof(struct hami_usage), PROT_READ, MAP_SHARED, descriptor, 0);
    close(descriptor);
    return page;
}

int main(int count, char **arguments)
{
    usage = share();
    if (usage == MAP_FAILED || cuInit(0) != CUDA_SUCCESS)
        return 1;
    for (int i = 1; i < count; i++) {
        int answer = act(arguments[i]);
        printf("%s %d: %llu\n", arguments[i], answer, (unsigned long long)(usage->word.used_bytes / MIB));
        fflush(stdout);
    }
    return 0;
}
