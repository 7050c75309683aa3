/* Executable graphs: what their allocations take of the card is charged where the driver may take it, at instantiation, upload and launch.
 *
 * Where the share has not room for all that the driver may take, the graph is uploaded first, which gives it its memory and runs
 * nothing; so one that turns out to be too large has not run, and the driver is made to give its memory back. Where that needs memory
 * of what runs in the stream, it is waited for. */
#include "gate.h"
#include "graphs.h"
#include "resolve.h"
#include "teardown.h"

/* A call by which the driver may give memory to an executable graph. */
struct mapping {
    const struct real_cuda *real;
    struct graph_exec *exec;
    CUgraphExec handle;
    CUstream stream;
    bool maps; /* after it the graph has its memory; else it may have */
    CUresult (*upload)(CUgraphExec, CUstream);
    CUresult (*synchronize)(CUstream);
    const struct instantiation *instantiation; /* NULL: it is an upload */
};

/* What one instantiation is asked of, so that the five ways to ask have one body. */
struct instantiation {
    const struct real_cuda *real;
    CUgraphExec *exec;
    CUgraph graph;
    CUresult (*by_log)(CUgraphExec *, CUgraph, CUgraphNode *, char *, size_t); /* one of the three is there */
    CUresult (*by_flags)(CUgraphExec *, CUgraph, unsigned long long);
    CUresult (*by_parameters)(CUgraphExec *, CUgraph, CUDA_GRAPH_INSTANTIATE_PARAMS *);
    CUgraphNode *error_node;
    char *log;
    size_t log_bytes;
    unsigned long long flags;
    CUDA_GRAPH_INSTANTIATE_PARAMS *parameters;
    CUresult (*synchronize)(CUstream); /* where it uploads */
};

static CUresult instantiate_by_driver(const struct instantiation *asked)
{
    if (asked->by_log)
        return asked->by_log(asked->exec, asked->graph, asked->error_node, asked->log, asked->log_bytes);
    if (asked->by_flags)
        return asked->by_flags(asked->exec, asked->graph, asked->flags);
    return asked->by_parameters(asked->exec, asked->graph, asked->parameters);
}

static CUresult ask(const struct mapping *mapping)
{
    return mapping->instantiation ? instantiate_by_driver(mapping->instantiation) : mapping->upload(mapping->handle, mapping->stream);
}

/* The driver took more than there is room for. What is uploaded and does not run, it gives back when it is trimmed. */
static void undo(const struct mapping *mapping)
{
    if (mapping->instantiation)
        (void)mapping->real->cuGraphExecDestroy(*mapping->instantiation->exec);
    (void)graphs_trim(mapping->real, mapping->exec);
}

static CUresult try_to_map(const struct mapping *mapping, enum graph_growth growth)
{
    if (!graphs_begin(mapping->exec, mapping->stream, growth))
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = ask(mapping);
    if (graphs_end(mapping->real, mapping->exec, mapping->stream, result == CUDA_SUCCESS && mapping->maps) || result != CUDA_SUCCESS)
        return result;
    undo(mapping);
    return CUDA_ERROR_OUT_OF_MEMORY;
}

static CUresult try_near_the_limit(const struct mapping *mapping)
{
    CUresult result = try_to_map(mapping, GRAPH_EXACT);
    if (result != CUDA_ERROR_OUT_OF_MEMORY)
        return result;
    if (!mapping->maps)
        return try_to_map(mapping, GRAPH_NOTHING);
    return graphs_may_share(mapping->exec, mapping->stream) ? try_to_map(mapping, GRAPH_SHARED) : result;
}

/* Nothing runs in the stream any more, so that what the driver then takes too much, it can give back. A graph that left something
 * allocated, or ran beside one that did, may still have its memory. */
static CUresult try_after_waiting(const struct mapping *mapping)
{
    if (mapping->synchronize(mapping->stream) != CUDA_SUCCESS || !graphs_trim(mapping->real, mapping->exec))
        return CUDA_ERROR_OUT_OF_MEMORY;
    CUresult result = try_near_the_limit(mapping);
    bool may_have = graphs_had_memory(mapping->exec, mapping->stream);
    return result == CUDA_ERROR_OUT_OF_MEMORY && may_have ? try_to_map(mapping, GRAPH_NOTHING) : result;
}

static CUresult map_alone(const struct mapping *mapping)
{
    CUresult result = try_near_the_limit(mapping);
    if (result != CUDA_ERROR_OUT_OF_MEMORY || graphs_exceed_limit(mapping->exec))
        return result;
    if (graphs_trim(mapping->real, mapping->exec))
        result = try_near_the_limit(mapping);
    return result == CUDA_ERROR_OUT_OF_MEMORY && mapping->maps ? try_after_waiting(mapping) : result;
}

static CUresult map_near_the_limit(const struct mapping *mapping)
{
    CUresult result = CUDA_ERROR_OUT_OF_MEMORY;
    if (graphs_enter_narrow(mapping->exec)) {
        result = map_alone(mapping);
        graphs_leave_narrow(mapping->exec);
    }
    if (result == CUDA_ERROR_OUT_OF_MEMORY)
        graphs_count_refusal(mapping->exec);
    return result;
}

static CUresult map(const struct mapping *mapping)
{
    CUresult result = try_to_map(mapping, GRAPH_WIDE);
    return result == CUDA_ERROR_OUT_OF_MEMORY ? map_near_the_limit(mapping) : result;
}

static void forget(struct graph_exec *exec)
{
    if (exec)
        graphs_cancel(exec);
}

static CUresult instantiate(const struct instantiation *asked, bool uploads, CUstream stream)
{
    bool failed;
    struct graph_exec *exec = graphs_measure(asked->real, asked->graph, &failed);
    if (!exec && !failed)
        return instantiate_by_driver(asked);
    const struct mapping mapping = {.real = asked->real, .exec = exec, .stream = stream, .maps = uploads,
                                    .synchronize = asked->synchronize, .instantiation = asked};
    CUresult result = exec ? map(&mapping) : CUDA_ERROR_OUT_OF_MEMORY;
    if (result == CUDA_SUCCESS)
        graphs_keep(exec, *asked->exec);
    else
        forget(exec);
    return result;
}

CUresult cuGraphInstantiate(CUgraphExec *exec, CUgraph graph, CUgraphNode *error_node, char *log, size_t log_bytes)
{
    const struct real_cuda *real = resolve_cuda();
    return instantiate(&(struct instantiation){.real = real, .exec = exec, .graph = graph, .by_log = real->cuGraphInstantiate,
                                               .error_node = error_node, .log = log, .log_bytes = log_bytes},
                       false, NULL);
}

CUresult cuGraphInstantiate_v2(CUgraphExec *exec, CUgraph graph, CUgraphNode *error_node, char *log, size_t log_bytes)
{
    const struct real_cuda *real = resolve_cuda();
    return instantiate(&(struct instantiation){.real = real, .exec = exec, .graph = graph, .by_log = real->cuGraphInstantiate_v2,
                                               .error_node = error_node, .log = log, .log_bytes = log_bytes},
                       false, NULL);
}

CUresult cuGraphInstantiateWithFlags(CUgraphExec *exec, CUgraph graph, unsigned long long flags)
{
    const struct real_cuda *real = resolve_cuda();
    return instantiate(&(struct instantiation){.real = real, .exec = exec, .graph = graph,
                                               .by_flags = real->cuGraphInstantiateWithFlags, .flags = flags},
                       false, NULL);
}

/* The one that may upload as well. */
static CUresult instantiate_by_parameters(const struct instantiation *asked)
{
    CUDA_GRAPH_INSTANTIATE_PARAMS *parameters = asked->parameters;
    bool uploads = parameters && parameters->flags & CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD;
    CUresult result = instantiate(asked, uploads, uploads ? parameters->upload_stream : NULL);
    if (result == CUDA_ERROR_OUT_OF_MEMORY && parameters)
        parameters->result = CUDA_GRAPH_INSTANTIATE_ERROR;
    return result;
}

CUresult cuGraphInstantiateWithParams(CUgraphExec *exec, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *parameters)
{
    const struct real_cuda *real = resolve_cuda();
    return instantiate_by_parameters(&(struct instantiation){.real = real, .exec = exec, .graph = graph,
                                                             .by_parameters = real->cuGraphInstantiateWithParams,
                                                             .parameters = parameters,
                                                             .synchronize = real->cuStreamSynchronize});
}

CUresult cuGraphInstantiateWithParams_ptsz(CUgraphExec *exec, CUgraph graph, CUDA_GRAPH_INSTANTIATE_PARAMS *parameters)
{
    const struct real_cuda *real = resolve_cuda();
    return instantiate_by_parameters(&(struct instantiation){.real = real, .exec = exec, .graph = graph,
                                                             .by_parameters = real->cuGraphInstantiateWithParams_ptsz,
                                                             .parameters = parameters,
                                                             .synchronize = real->cuStreamSynchronize_ptsz});
}

static CUresult upload(const struct mapping *mapping)
{
    return mapping->exec ? map(mapping) : mapping->upload(mapping->handle, mapping->stream);
}

static struct graph_exec *find(CUgraphExec handle)
{
    return graphs_any() ? graphs_find(handle) : NULL;
}

CUresult cuGraphUpload(CUgraphExec handle, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    return upload(&(struct mapping){.real = real, .exec = find(handle), .handle = handle, .stream = stream, .maps = true,
                                    .upload = real->cuGraphUpload, .synchronize = real->cuStreamSynchronize});
}

CUresult cuGraphUpload_ptsz(CUgraphExec handle, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    return upload(&(struct mapping){.real = real, .exec = find(handle), .handle = handle, .stream = stream, .maps = true,
                                    .upload = real->cuGraphUpload_ptsz, .synchronize = real->cuStreamSynchronize_ptsz});
}

/* A launch cannot be undone: what it took is charged as far as there is room. */
static CUresult launch_charged(const struct mapping *mapping, CUresult (*launch)(CUgraphExec, CUstream))
{
    CUresult result = launch(mapping->handle, mapping->stream);
    if (teardown_waited(result, graphs_card(mapping->exec)))
        result = launch(mapping->handle, mapping->stream);
    (void)graphs_end(mapping->real, mapping->exec, mapping->stream, result == CUDA_SUCCESS);
    if (result == CUDA_SUCCESS)
        graphs_launched(mapping->exec);
    return result;
}

static CUresult launch(const struct mapping *mapping, CUresult (*launch)(CUgraphExec, CUstream))
{
    if (graphs_begin(mapping->exec, mapping->stream, GRAPH_WIDE))
        return launch_charged(mapping, launch);
    CUresult result = map_near_the_limit(mapping);
    if (result != CUDA_SUCCESS)
        return result;
    return graphs_begin(mapping->exec, mapping->stream, GRAPH_NOTHING) ? launch_charged(mapping, launch) : CUDA_ERROR_OUT_OF_MEMORY;
}

/* A graph is one unit of its card's time. */
static struct gate_pass ask_gate(CUgraphExec handle, CUstream stream, enum launch_api api)
{
    struct gate_pass unseen = {.lane = NULL};
    if (launch_passes(api, (uintptr_t)handle, 0, stream) || gate_passes(api, (uintptr_t)handle, 0, stream))
        return unseen;
    return gate_ask(&(struct gate_work){.function = (uintptr_t)handle, .grid = 0, .stream = stream, .api = api});
}

static CUresult launched(struct gate_pass pass, CUresult result)
{
    gate_launched(pass, result);
    return result;
}

CUresult cuGraphLaunch(CUgraphExec handle, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = ask_gate(handle, stream, LAUNCH_LEGACY);
    struct graph_exec *exec = find(handle);
    if (!exec)
        return launched(pass, real->cuGraphLaunch(handle, stream));
    return launched(pass, launch(&(struct mapping){.real = real, .exec = exec, .handle = handle, .stream = stream, .maps = true,
                                                   .upload = real->cuGraphUpload, .synchronize = real->cuStreamSynchronize},
                                 real->cuGraphLaunch));
}

CUresult cuGraphLaunch_ptsz(CUgraphExec handle, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = ask_gate(handle, stream, LAUNCH_PER_THREAD);
    struct graph_exec *exec = find(handle);
    if (!exec)
        return launched(pass, real->cuGraphLaunch_ptsz(handle, stream));
    return launched(pass, launch(&(struct mapping){.real = real, .exec = exec, .handle = handle, .stream = stream, .maps = true,
                                                   .upload = real->cuGraphUpload_ptsz, .synchronize = real->cuStreamSynchronize_ptsz},
                                 real->cuGraphLaunch_ptsz));
}

/* An executable graph needs what the graph needs that it was updated with, and takes the time that this takes. The driver has not mapped that yet. */
static CUresult updated(const struct real_cuda *real, CUgraphExec handle, struct graph_exec *exec, CUresult result)
{
    if (result != CUDA_SUCCESS) {
        forget(exec);
        return result;
    }
    gate_forget((uintptr_t)handle);
    if (graphs_any())
        forget(graphs_take(handle));
    if (exec) {
        graphs_keep(exec, handle);
        graphs_settle(real);
    }
    return result;
}

CUresult cuGraphExecUpdate(CUgraphExec handle, CUgraph graph, CUgraphNode *error_node, CUgraphExecUpdateResult *update)
{
    bool failed;
    const struct real_cuda *real = resolve_cuda();
    struct graph_exec *exec = graphs_measure(real, graph, &failed);
    return failed ? CUDA_ERROR_OUT_OF_MEMORY : updated(real, handle, exec, real->cuGraphExecUpdate(handle, graph, error_node, update));
}

CUresult cuGraphExecUpdate_v2(CUgraphExec handle, CUgraph graph, CUgraphExecUpdateResultInfo *info)
{
    bool failed;
    const struct real_cuda *real = resolve_cuda();
    struct graph_exec *exec = graphs_measure(real, graph, &failed);
    return failed ? CUDA_ERROR_OUT_OF_MEMORY : updated(real, handle, exec, real->cuGraphExecUpdate_v2(handle, graph, info));
}

/* The driver keeps the memory for other graphs, until it is trimmed. */
CUresult cuGraphExecDestroy(CUgraphExec handle)
{
    const struct real_cuda *real = resolve_cuda();
    struct graph_exec *exec = graphs_any() ? graphs_take(handle) : NULL;
    CUresult result = real->cuGraphExecDestroy(handle);
    gate_forget((uintptr_t)handle);
    if (exec && result != CUDA_SUCCESS)
        graphs_keep(exec, handle);
    else if (exec) {
        graphs_cancel(exec);
        graphs_settle(real);
    }
    return result;
}

CUresult cuDeviceGraphMemTrim(CUdevice device)
{
    const struct real_cuda *real = resolve_cuda();
    CUresult result = real->cuDeviceGraphMemTrim(device);
    if (graphs_any())
        graphs_settle(real);
    return result;
}
