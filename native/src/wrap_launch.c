/* The CUDA driver's entry points that launch, `gate` of the manifest, and those that tell what begins and ends, `watch`: what there is beside the
 * look of launch_gate.h. Not here: launches of graphs, which are wrapped for their memory too (wrap_graphs.c). */
#include "captures.h"
#include "endings.h"
#include "gate.h"
#include "resolve.h"

static struct gate_pass ask(enum launch_api api, CUfunction function, uint64_t grid, CUstream stream)
{
    return gate_ask(&(struct gate_work){.function = (uintptr_t)function, .grid = grid, .stream = stream, .api = api});
}

CUresult gated_cuLaunchKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                              unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters,
                              void **extra)
{
    struct gate_pass pass = ask(LAUNCH_LEGACY, function, cost_grid(grid_x, grid_y, grid_z), stream);
    CUresult result = resolve_cuda()->cuLaunchKernel(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream,
                                                     parameters, extra);
    gate_launched(pass, result);
    return result;
}

CUresult gated_cuLaunchKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                                   unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream,
                                   void **parameters, void **extra)
{
    struct gate_pass pass = ask(LAUNCH_PER_THREAD, function, cost_grid(grid_x, grid_y, grid_z), stream);
    CUresult result = resolve_cuda()->cuLaunchKernel_ptsz(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream,
                                                          parameters, extra);
    gate_launched(pass, result);
    return result;
}

CUresult gated_cuLaunchCooperativeKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z,
                                         unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes,
                                         CUstream stream, void **parameters)
{
    struct gate_pass pass = ask(LAUNCH_LEGACY, function, cost_grid(grid_x, grid_y, grid_z), stream);
    CUresult result = resolve_cuda()->cuLaunchCooperativeKernel(function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes,
                                                                stream, parameters);
    gate_launched(pass, result);
    return result;
}

CUresult gated_cuLaunchCooperativeKernel_ptsz(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z,
                                              unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes,
                                              CUstream stream, void **parameters)
{
    struct gate_pass pass = ask(LAUNCH_PER_THREAD, function, cost_grid(grid_x, grid_y, grid_z), stream);
    CUresult result = resolve_cuda()->cuLaunchCooperativeKernel_ptsz(function, grid_x, grid_y, grid_z, block_x, block_y, block_z,
                                                                     shared_bytes, stream, parameters);
    gate_launched(pass, result);
    return result;
}

/* The same look in C where a launch has not all its arguments in registers, or where those are not what it is known by. */
static struct gate_pass look(enum launch_api api, CUfunction function, uint64_t grid, CUstream stream)
{
    static const struct gate_pass unseen;
    bool passes = launch_passes(api, (uintptr_t)function, grid, stream) || gate_passes(api, (uintptr_t)function, grid, stream);
    return passes ? unseen : ask(api, function, grid, stream);
}

typedef CUresult (*ex_function)(const CUlaunchConfig *, CUfunction, void **, void **);

__attribute__((noinline)) static CUresult launch_ex_asked(ex_function launch, enum launch_api api, const CUlaunchConfig *config,
                                                          CUfunction function, void **parameters, void **extra)
{
    uint64_t grid = cost_grid(config->grid_x, config->grid_y, config->grid_z);
    if (gate_passes(api, (uintptr_t)function, grid, config->stream))
        return launch(config, function, parameters, extra);
    struct gate_pass pass = ask(api, function, grid, config->stream);
    CUresult result = launch(config, function, parameters, extra);
    gate_launched(pass, result);
    return result;
}

static inline CUresult launch_ex(ex_function launch, enum launch_api api, const CUlaunchConfig *config, CUfunction function,
                                 void **parameters, void **extra)
{
    if (!config || launch_passes(api, (uintptr_t)function, cost_grid(config->grid_x, config->grid_y, config->grid_z), config->stream))
        return launch(config, function, parameters, extra);
    return launch_ex_asked(launch, api, config, function, parameters, extra);
}

CUresult cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra)
{
    return launch_ex(resolve_cuda()->cuLaunchKernelEx, LAUNCH_LEGACY, config, function, parameters, extra);
}

CUresult cuLaunchKernelEx_ptsz(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra)
{
    return launch_ex(resolve_cuda()->cuLaunchKernelEx_ptsz, LAUNCH_PER_THREAD, config, function, parameters, extra);
}

/* One kernel on several cards at once: a unit of each. For more parts than it can have devices, the driver launches none. */
CUresult cuLaunchCooperativeKernelMultiDevice(CUDA_LAUNCH_PARAMS *launches, unsigned int count, unsigned int flags)
{
    struct gate_work works[GATE_TOGETHER] = {{0}};
    struct gate_pass passes[GATE_TOGETHER];
    unsigned parts = launches && count <= GATE_TOGETHER ? count : 0;
    for (unsigned i = 0; i < parts; i++)
        works[i] = (struct gate_work){.function = (uintptr_t)launches[i].function,
                                      .grid = cost_grid(launches[i].grid_x, launches[i].grid_y, launches[i].grid_z),
                                      .stream = launches[i].stream,
                                      .api = LAUNCH_LEGACY};
    gate_ask_together(works, passes, parts);
    CUresult result = resolve_cuda()->cuLaunchCooperativeKernelMultiDevice(launches, count, flags);
    for (unsigned i = 0; i < parts; i++)
        gate_launched(passes[i], result);
    return result;
}

CUresult cuLaunch(CUfunction function)
{
    struct gate_pass pass = look(LAUNCH_LEGACY, function, cost_grid(1, 1, 1), NULL);
    CUresult result = resolve_cuda()->cuLaunch(function);
    gate_launched(pass, result);
    return result;
}

CUresult cuLaunchGrid(CUfunction function, int width, int height)
{
    struct gate_pass pass = look(LAUNCH_LEGACY, function, cost_grid((uint32_t)width, (uint32_t)height, 1), NULL);
    CUresult result = resolve_cuda()->cuLaunchGrid(function, width, height);
    gate_launched(pass, result);
    return result;
}

CUresult cuLaunchGridAsync(CUfunction function, int width, int height, CUstream stream)
{
    struct gate_pass pass = look(LAUNCH_LEGACY, function, cost_grid((uint32_t)width, (uint32_t)height, 1), stream);
    CUresult result = resolve_cuda()->cuLaunchGridAsync(function, width, height, stream);
    gate_launched(pass, result);
    return result;
}

/* Before the driver is asked: another thread must not be covered in a stream that captures already. */
static void begin_capture(void)
{
    captures_began();
    gate_captures_changed();
}

static CUresult began(CUresult result)
{
    if (result != CUDA_SUCCESS) {
        captures_ended(CUDA_SUCCESS);
        gate_captures_changed();
    }
    return result;
}

static CUresult ended(CUresult result)
{
    captures_ended(result);
    gate_captures_changed();
    return result;
}

CUresult cuStreamBeginCapture(CUstream stream)
{
    begin_capture();
    return began(resolve_cuda()->cuStreamBeginCapture(stream));
}

CUresult cuStreamBeginCapture_ptsz(CUstream stream)
{
    begin_capture();
    return began(resolve_cuda()->cuStreamBeginCapture_ptsz(stream));
}

CUresult cuStreamBeginCapture_v2(CUstream stream, CUstreamCaptureMode mode)
{
    begin_capture();
    return began(resolve_cuda()->cuStreamBeginCapture_v2(stream, mode));
}

CUresult cuStreamBeginCapture_v2_ptsz(CUstream stream, CUstreamCaptureMode mode)
{
    begin_capture();
    return began(resolve_cuda()->cuStreamBeginCapture_v2_ptsz(stream, mode));
}

CUresult cuStreamBeginCaptureToGraph(CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges,
                                     size_t count, CUstreamCaptureMode mode)
{
    begin_capture();
    return began(resolve_cuda()->cuStreamBeginCaptureToGraph(stream, graph, dependencies, edges, count, mode));
}

CUresult cuStreamBeginCaptureToGraph_ptsz(CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const CUgraphEdgeData *edges,
                                          size_t count, CUstreamCaptureMode mode)
{
    begin_capture();
    return began(resolve_cuda()->cuStreamBeginCaptureToGraph_ptsz(stream, graph, dependencies, edges, count, mode));
}

CUresult cuStreamEndCapture(CUstream stream, CUgraph *graph)
{
    return ended(resolve_cuda()->cuStreamEndCapture(stream, graph));
}

CUresult cuStreamEndCapture_ptsz(CUstream stream, CUgraph *graph)
{
    return ended(resolve_cuda()->cuStreamEndCapture_ptsz(stream, graph));
}

/* A capture ends with its stream. */
static CUresult end_stream(CUresult (*destroy)(CUstream), CUstream stream)
{
    bool captures = captures_any() && captures_forbid(resolve_cuda(), stream, false);
    endings_of_stream(stream);
    CUresult result = destroy(stream);
    return captures && result == CUDA_SUCCESS ? ended(result) : result;
}

CUresult cuStreamDestroy(CUstream stream)
{
    return end_stream(resolve_cuda()->cuStreamDestroy, stream);
}

CUresult cuStreamDestroy_v2(CUstream stream)
{
    return end_stream(resolve_cuda()->cuStreamDestroy_v2, stream);
}

/* The driver uses the handles of functions again. */
CUresult cuModuleUnload(CUmodule module)
{
    CUresult result = resolve_cuda()->cuModuleUnload(module);
    gate_forget_all();
    return result;
}

CUresult cuLibraryUnload(CUlibrary library)
{
    CUresult result = resolve_cuda()->cuLibraryUnload(library);
    gate_forget_all();
    return result;
}
