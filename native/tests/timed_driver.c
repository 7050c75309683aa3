#include "timed_driver.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "resolve.h"
#include "test.h"

enum { DEVICES = 2, CONTEXTS = 16, STREAMS = 64, EVENTS = 8192, QUEUE_NS = 50000000 };

struct CUctx_st {
    CUdevice device;
    bool ended;
};

struct CUstream_st {
    CUcontext context;
    uint64_t end_ns; /* of what was launched into it */
    bool ended;
};

struct CUevent_st {
    CUcontext context;
    uint64_t at_ns; /* 0: not recorded */
    bool ended;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct CUctx_st contexts[CONTEXTS];
static struct CUstream_st streams[STREAMS], default_streams[CONTEXTS];
static struct CUevent_st events[EVENTS];
static unsigned context_count, stream_count, event_count;
static uint64_t device_end_ns[DEVICES], launches[DEVICES], records, questions;
static int device_count;
static CUresult capturing_result, failing;
static CUstreamCaptureStatus capturing;
static _Thread_local CUcontext current;
static struct real_cuda driver;

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void sleep_until(uint64_t ns)
{
    struct timespec until = {.tv_sec = (time_t)(ns / 1000000000u), .tv_nsec = (long)(ns % 1000000000u)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
        ;
}

static void enter(void)
{
    CHECK(pthread_mutex_lock(&mutex) == 0);
}

static void leave(void)
{
    CHECK(pthread_mutex_unlock(&mutex) == 0);
}

static struct CUstream_st *stream_of(CUstream stream)
{
    if ((uintptr_t)stream > 2)
        return stream;
    CHECK(current);
    return &default_streams[current - contexts];
}

/* A launch waits where too much is queued, as with a real driver. */
static void wait_for_room(CUdevice device)
{
    enter();
    uint64_t end = device_end_ns[device];
    leave();
    if (end > now_ns() + QUEUE_NS)
        sleep_until(end - QUEUE_NS);
}

/* In the context of its stream, as kernels that are of no context are. */
static CUresult launch(CUfunction function, CUstream handle)
{
    struct CUstream_st *stream = stream_of(handle);
    CUdevice device = stream->context->device;
    wait_for_room(device);
    enter();
    CHECK(!stream->ended);
    uint64_t now = now_ns(), begin = device_end_ns[device] > now ? device_end_ns[device] : now;
    CUresult result = stream->context->ended ? CUDA_ERROR_CONTEXT_IS_DESTROYED : failing;
    if (result == CUDA_SUCCESS) {
        stream->end_ns = device_end_ns[device] = begin + (uintptr_t)function;
        launches[device]++;
    }
    leave();
    return result;
}

static CUresult launch_kernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                              unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters,
                              void **extra)
{
    CHECK(grid_x == 1 && grid_y == 2 && grid_z == 3 && block_x == 4 && block_y == 5 && block_z == 6 && shared_bytes == 7);
    (void)parameters, (void)extra;
    return launch(function, stream);
}

static CUresult launch_cooperative(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                                   unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters)
{
    return launch_kernel(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters, NULL);
}

static CUresult launch_ex(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra)
{
    (void)parameters, (void)extra;
    return launch(function, config->stream);
}

static CUresult launch_plain(CUfunction function)
{
    return launch(function, NULL);
}

static CUresult launch_grid(CUfunction function, int width, int height)
{
    CHECK(width == 1 && height == 2);
    return launch(function, NULL);
}

static CUresult launch_grid_async(CUfunction function, int width, int height, CUstream stream)
{
    CHECK(width == 1 && height == 2);
    return launch(function, stream);
}

static CUresult launch_several(CUDA_LAUNCH_PARAMS *several, unsigned int count, unsigned int flags)
{
    CUresult result = count ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
    (void)flags;
    for (unsigned i = 0; i < count && result == CUDA_SUCCESS; i++)
        result = launch(several[i].function, several[i].stream);
    return result;
}

static CUresult get_current(CUcontext *context)
{
    *context = current;
    return CUDA_SUCCESS;
}

static CUresult set_current(CUcontext context)
{
    CHECK(!context || !context->ended);
    current = context;
    return CUDA_SUCCESS;
}

static _Thread_local CUcontext pushed[4];
static _Thread_local unsigned pushed_count;

static CUresult push_current(CUcontext context)
{
    CHECK(!context->ended && pushed_count < 4);
    pushed[pushed_count++] = current;
    current = context;
    return CUDA_SUCCESS;
}

static CUresult pop_current(CUcontext *context)
{
    CHECK(pushed_count > 0);
    *context = current;
    current = pushed[--pushed_count];
    return CUDA_SUCCESS;
}

static CUresult get_context(CUstream stream, CUcontext *context)
{
    __atomic_fetch_add(&questions, 1, __ATOMIC_RELAXED);
    *context = (uintptr_t)stream <= 2 ? current : stream->context;
    return CUDA_SUCCESS;
}

static CUresult get_device(CUdevice *device)
{
    __atomic_fetch_add(&questions, 1, __ATOMIC_RELAXED);
    *device = current ? current->device : 0;
    return current ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT;
}

static CUresult get_count(int *count)
{
    *count = device_count;
    return CUDA_SUCCESS;
}

static CUresult get_uuid(CUuuid *uuid, CUdevice device)
{
    *uuid = (CUuuid){.bytes = {(char)device}};
    return CUDA_SUCCESS;
}

static CUresult create_event(CUevent *event, unsigned int flags)
{
    CHECK(flags == CU_EVENT_BLOCKING_SYNC && current);
    enter();
    if (current->ended) {
        leave();
        return CUDA_ERROR_CONTEXT_IS_DESTROYED;
    }
    CHECK(event_count < EVENTS);
    *event = &events[event_count++];
    **event = (struct CUevent_st){.context = current};
    leave();
    return CUDA_SUCCESS;
}

/* An event that is there: its context has not ended. */
static uint64_t time_of(CUevent event)
{
    enter();
    CHECK(!event->ended && !event->context->ended);
    uint64_t at = event->at_ns;
    leave();
    return at;
}

static CUresult destroy_event(CUevent event)
{
    (void)time_of(event);
    event->ended = true;
    return CUDA_SUCCESS;
}

static CUresult record_event(CUevent event, CUstream handle)
{
    (void)time_of(event);
    enter();
    const struct CUstream_st *stream = stream_of(handle);
    CHECK(!stream->ended && !stream->context->ended && event->context == stream->context && current == stream->context);
    uint64_t now = now_ns();
    event->at_ns = stream->end_ns > now ? stream->end_ns : now;
    records++;
    leave();
    return CUDA_SUCCESS;
}

static CUresult query_event(CUevent event)
{
    return time_of(event) > now_ns() ? CUDA_ERROR_NOT_READY : CUDA_SUCCESS;
}

static CUresult synchronize_event(CUevent event)
{
    sleep_until(time_of(event));
    return CUDA_SUCCESS;
}

static CUresult elapsed(float *milliseconds, CUevent start, CUevent end)
{
    uint64_t from = time_of(start), to = time_of(end);
    *milliseconds = (float)((double)(int64_t)(to - from) / 1e6);
    return to > now_ns() ? CUDA_ERROR_NOT_READY : CUDA_SUCCESS;
}

static CUresult is_capturing(CUstream stream, CUstreamCaptureStatus *status)
{
    (void)stream;
    enter();
    *status = capturing;
    CUresult result = capturing_result;
    leave();
    return result;
}

static CUresult begin_capture(CUstream stream, CUstreamCaptureMode mode)
{
    (void)stream, (void)mode;
    timed_capturing(CUDA_SUCCESS, CU_STREAM_CAPTURE_STATUS_ACTIVE);
    return CUDA_SUCCESS;
}

static CUresult end_capture(CUstream stream, CUgraph *graph)
{
    (void)stream;
    *graph = NULL;
    timed_capturing(CUDA_SUCCESS, CU_STREAM_CAPTURE_STATUS_NONE);
    return CUDA_SUCCESS;
}

static CUresult exchange_mode(CUstreamCaptureMode *mode)
{
    *mode = CU_STREAM_CAPTURE_MODE_GLOBAL;
    return CUDA_SUCCESS;
}

static CUresult destroy_stream(CUstream stream)
{
    enter();
    CHECK(!stream->ended);
    stream->ended = true;
    leave();
    return CUDA_SUCCESS;
}

static CUresult unload(CUmodule module)
{
    (void)module;
    return CUDA_SUCCESS;
}

static CUresult destroy_context(CUcontext context)
{
    enter();
    CHECK(!context->ended);
    context->ended = true;
    leave();
    return CUDA_SUCCESS;
}

const struct real_cuda *resolved_cuda;

const struct real_cuda *resolve_cuda_anew(void)
{
    return &driver;
}

const struct real_nvml *resolve_nvml(void)
{
    return &real_nvml_absent;
}

/* Whoever is forked finds the mutex free. */
static void stay_whole_in_children(void)
{
    static bool said;
    CHECK(said || pthread_atfork(enter, leave, leave) == 0);
    said = true;
}

void timed_driver(int devices)
{
    stay_whole_in_children();
    driver = real_cuda_absent;
    device_count = devices;
    driver.cuLaunchKernel = driver.cuLaunchKernel_ptsz = launch_kernel;
    driver.cuLaunchCooperativeKernel = driver.cuLaunchCooperativeKernel_ptsz = launch_cooperative;
    driver.cuLaunchKernelEx = driver.cuLaunchKernelEx_ptsz = launch_ex;
    driver.cuLaunchCooperativeKernelMultiDevice = launch_several;
    driver.cuLaunch = launch_plain;
    driver.cuLaunchGrid = launch_grid;
    driver.cuLaunchGridAsync = launch_grid_async;
    driver.cuCtxGetCurrent = get_current;
    driver.cuCtxSetCurrent = set_current;
    driver.cuCtxGetDevice = get_device;
    driver.cuCtxPushCurrent_v2 = push_current;
    driver.cuCtxPopCurrent_v2 = pop_current;
    driver.cuStreamGetCtx = get_context;
    driver.cuCtxDestroy_v2 = destroy_context;
    driver.cuDeviceGetCount = get_count;
    driver.cuDeviceGetUuid = get_uuid;
    driver.cuEventCreate = create_event;
    driver.cuEventDestroy_v2 = destroy_event;
    driver.cuEventRecord = record_event;
    driver.cuEventQuery = query_event;
    driver.cuEventSynchronize = synchronize_event;
    driver.cuEventElapsedTime = elapsed;
    driver.cuStreamIsCapturing = driver.cuStreamIsCapturing_ptsz = is_capturing;
    driver.cuStreamBeginCapture_v2 = begin_capture;
    driver.cuStreamEndCapture = end_capture;
    driver.cuThreadExchangeStreamCaptureMode = exchange_mode;
    driver.cuStreamDestroy_v2 = destroy_stream;
    driver.cuModuleUnload = unload;
    resolved_cuda = &driver;
}

CUfunction timed_kernel(uint64_t ns)
{
    return (CUfunction)(uintptr_t)ns;
}

CUcontext timed_context(CUdevice device)
{
    enter();
    CHECK(context_count < CONTEXTS);
    current = &contexts[context_count++];
    current->device = device;
    default_streams[current - contexts].context = current;
    leave();
    return current;
}

CUstream timed_stream(void)
{
    enter();
    CHECK(stream_count < STREAMS);
    CUstream stream = &streams[stream_count++];
    *stream = (struct CUstream_st){.context = current};
    leave();
    return stream;
}

void timed_stream_again(CUstream stream)
{
    enter();
    CHECK(stream->ended);
    *stream = (struct CUstream_st){.context = current};
    leave();
}

uint64_t timed_questions(void)
{
    return __atomic_load_n(&questions, __ATOMIC_RELAXED);
}

void timed_context_again(CUcontext context, CUdevice device)
{
    enter();
    CHECK(context->ended);
    for (unsigned i = 0; i < stream_count; i++)
        streams[i].ended |= streams[i].context == context;
    *context = (struct CUctx_st){.device = device};
    default_streams[context - contexts] = (struct CUstream_st){.context = context};
    current = context;
    leave();
}

void timed_wait(CUdevice device)
{
    enter();
    uint64_t end = device_end_ns[device];
    leave();
    sleep_until(end);
}

uint64_t timed_launches(CUdevice device)
{
    enter();
    uint64_t count = launches[device];
    leave();
    return count;
}

uint64_t timed_records(void)
{
    enter();
    uint64_t count = records;
    leave();
    return count;
}

void timed_capturing(CUresult result, CUstreamCaptureStatus status)
{
    enter();
    capturing_result = result;
    capturing = status;
    leave();
}

void timed_fail(CUresult result)
{
    enter();
    failing = result;
    leave();
}
