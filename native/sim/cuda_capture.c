#include "cuda_capture.h"

#include <stdlib.h>

#include "cuda_context.h"
#include "cuda_graphs.h"
#include "cuda_streams.h"

struct sim_capture {
    struct sim_capture *next;
    CUstream stream;
    cuuint64_t id;
    CUgraph graph;
    CUgraphNode last;
    CUstreamCaptureMode mode;
    const void *thread; /* that began it: the address of its own mode */
    bool spoilt;
};

static _Thread_local CUstreamCaptureMode thread_mode = CU_STREAM_CAPTURE_MODE_GLOBAL;

static struct sim_capture *captures;

struct sim_capture *sim_capture_of(CUstream stream)
{
    struct sim_capture *capture = captures;
    while (capture && capture->stream != stream)
        capture = capture->next;
    return capture;
}

CUresult sim_capture_spoil(CUstream stream)
{
    sim_capture_of(stream)->spoilt = true;
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}

CUresult sim_capture_check_unsafe(void)
{
    CUresult result = CUDA_SUCCESS;
    for (struct sim_capture *capture = captures; capture; capture = capture->next) {
        bool mine = capture->thread == &thread_mode;
        if (thread_mode == CU_STREAM_CAPTURE_MODE_RELAXED || capture->mode == CU_STREAM_CAPTURE_MODE_RELAXED ||
            (!mine && capture->mode != CU_STREAM_CAPTURE_MODE_GLOBAL))
            continue;
        capture->spoilt = true;
        result = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
    return result;
}

CUresult cuThreadExchangeStreamCaptureMode(CUstreamCaptureMode *mode)
{
    if (!mode || (unsigned)*mode > CU_STREAM_CAPTURE_MODE_RELAXED)
        return CUDA_ERROR_INVALID_VALUE;
    CUstreamCaptureMode before = thread_mode;
    thread_mode = *mode;
    *mode = before;
    return CUDA_SUCCESS;
}

static void forget(struct sim_capture *capture)
{
    struct sim_capture **place = &captures;
    while (*place != capture)
        place = &(*place)->next;
    *place = capture->next;
    free(capture);
}

void sim_capture_end(CUstream stream)
{
    struct sim_capture *capture = sim_capture_of(stream);
    if (!capture)
        return;
    sim_graph_drop(capture->graph);
    forget(capture);
}

CUresult sim_capture_allocation(struct sim_capture *capture, CUdevice device, uint64_t bytes, CUdeviceptr *address)
{
    CUgraphNode node;
    CUDA_MEM_ALLOC_NODE_PARAMS parameters = {
        .pool_properties = {.type = CU_MEM_ALLOCATION_TYPE_PINNED, .location = {CU_MEM_LOCATION_TYPE_DEVICE, device}}, .bytes = bytes};
    CUresult result = sim_graph_add_allocation(&node, capture->graph, &capture->last, capture->last != NULL, &parameters);
    if (result != CUDA_SUCCESS)
        return result;
    capture->last = node;
    *address = parameters.address;
    return CUDA_SUCCESS;
}

CUresult sim_capture_free(struct sim_capture *capture, CUdeviceptr address)
{
    CUgraphNode node;
    CUresult result = sim_graph_add_free(&node, capture->graph, &capture->last, capture->last != NULL, address);
    if (result == CUDA_SUCCESS)
        capture->last = node;
    return result;
}

CUresult sim_capture_kernel(struct sim_capture *capture, uint64_t ns)
{
    CUgraphNode node;
    CUresult result = sim_graph_add(&node, capture->graph, &capture->last, capture->last != NULL, CU_GRAPH_NODE_TYPE_KERNEL);
    if (result != CUDA_SUCCESS)
        return result;
    node->kernel_ns = ns;
    capture->last = node;
    return CUDA_SUCCESS;
}

static CUresult begin(CUstream stream, CUstreamCaptureMode mode)
{
    static cuuint64_t last_id;
    if (!stream || sim_capture_of(stream))
        return stream ? CUDA_ERROR_INVALID_VALUE : CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    struct sim_capture *capture = calloc(1, sizeof *capture);
    CUgraph graph = capture ? sim_graph_make() : NULL;
    if (!graph) {
        free(capture);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    *capture = (struct sim_capture){.next = captures, .stream = stream, .id = ++last_id, .graph = graph, .mode = mode, .thread = &thread_mode};
    captures = capture;
    return CUDA_SUCCESS;
}

/* Of the legacy default stream there is no capture. */
CUresult cuStreamBeginCapture_v2(CUstream stream, CUstreamCaptureMode mode)
{
    CUresult result = (unsigned)mode <= CU_STREAM_CAPTURE_MODE_RELAXED ? sim_enter_stream(stream) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    result = begin(stream, mode);
    sim_leave();
    return result;
}

CUresult cuStreamBeginCapture(CUstream stream)
{
    return cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL);
}

static CUresult end(CUstream stream, CUgraph *graph)
{
    struct sim_capture *capture = sim_capture_of(stream);
    *graph = NULL;
    if (!capture)
        return CUDA_ERROR_STREAM_CAPTURE_UNMATCHED;
    if (capture->spoilt) {
        sim_capture_end(stream);
        return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    }
    *graph = capture->graph;
    forget(capture);
    return CUDA_SUCCESS;
}

CUresult cuStreamEndCapture(CUstream stream, CUgraph *graph)
{
    CUresult result = graph ? sim_enter_stream(stream) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    result = end(stream, graph);
    sim_leave();
    return result;
}

static CUstreamCaptureStatus status_of(const struct sim_capture *capture)
{
    if (!capture)
        return CU_STREAM_CAPTURE_STATUS_NONE;
    return capture->spoilt ? CU_STREAM_CAPTURE_STATUS_INVALIDATED : CU_STREAM_CAPTURE_STATUS_ACTIVE;
}

CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus *status)
{
    CUresult result = status ? sim_enter_stream(stream) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    *status = status_of(sim_capture_of(stream));
    sim_leave();
    return CUDA_SUCCESS;
}

/* The answers but the first are for a capture that goes on; the list of dependencies lives as long as that. */
CUresult cuStreamGetCaptureInfo_v2(CUstream stream, CUstreamCaptureStatus *status, cuuint64_t *id, CUgraph *graph,
                                   const CUgraphNode **dependencies, size_t *count)
{
    CUresult result = status ? sim_enter_stream(stream) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    const struct sim_capture *capture = sim_capture_of(stream);
    *status = status_of(capture);
    if (*status == CU_STREAM_CAPTURE_STATUS_ACTIVE) {
        if (id)
            *id = capture->id;
        if (graph)
            *graph = capture->graph;
        if (dependencies)
            *dependencies = &capture->last;
        if (count)
            *count = capture->last != NULL;
    }
    sim_leave();
    return CUDA_SUCCESS;
}

CUresult cuStreamGetCaptureInfo(CUstream stream, CUstreamCaptureStatus *status, cuuint64_t *id)
{
    return cuStreamGetCaptureInfo_v2(stream, status, id, NULL, NULL, NULL);
}
