/* Launches, in all their forms: nothing runs, but a function whose name says so takes time of the card (cuda_module.h). */
#include "cuda_capture.h"
#include "cuda_module.h"
#include "cuda_streams.h"
#include "cuda_time.h"

#define THREADS_MAX 1024u

static bool has_shape(const CUDA_LAUNCH_PARAMS *launch)
{
    uint64_t threads = (uint64_t)launch->block_x * launch->block_y * launch->block_z;
    return launch->grid_x && launch->grid_y && launch->grid_z && threads && launch->block_x <= THREADS_MAX &&
           launch->block_y <= THREADS_MAX && threads <= THREADS_MAX;
}

static CUresult launch_in(struct sim_context *context, const CUDA_LAUNCH_PARAMS *launch)
{
    uint64_t ticket, ns;
    if (!sim_function_known(launch->function))
        return CUDA_ERROR_INVALID_HANDLE;
    if (!has_shape(launch))
        return CUDA_ERROR_INVALID_VALUE;
    ns = sim_function_ns(launch->function, launch->grid_x);
    if (sim_capture_of(launch->stream))
        return sim_capture_kernel(sim_capture_of(launch->stream), ns);
    return ns ? sim_time_ask(context, launch->stream, SIM_ASK_KERNEL, ns, &ticket) : CUDA_SUCCESS;
}

static CUresult launch(CUDA_LAUNCH_PARAMS launch)
{
    struct sim_context *context;
    CUresult result = sim_enter_stream_of(launch.stream, &context);
    if (result != CUDA_SUCCESS)
        return result;
    result = launch_in(context, &launch);
    sim_leave();
    return result;
}

CUresult cuLaunchKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                        unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters,
                        void **extra)
{
    (void)extra;
    return launch((CUDA_LAUNCH_PARAMS){function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters});
}

CUresult cuLaunchCooperativeKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                                   unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters)
{
    return launch((CUDA_LAUNCH_PARAMS){function, grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes, stream, parameters});
}

CUresult cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra)
{
    (void)extra;
    if (!config)
        return CUDA_ERROR_INVALID_VALUE;
    return launch((CUDA_LAUNCH_PARAMS){function, config->grid_x, config->grid_y, config->grid_z, config->block_x, config->block_y,
                                       config->block_z, config->shared_bytes, config->stream, parameters});
}

CUresult cuLaunchKernelEx_ptsz(const CUlaunchConfig *config, CUfunction function, void **parameters, void **extra)
{
    if (!config)
        return CUDA_ERROR_INVALID_VALUE;
    CUlaunchConfig own = *config;
    if (!own.stream)
        own.stream = CU_STREAM_PER_THREAD;
    return cuLaunchKernelEx(&own, function, parameters, extra);
}

/* One launch for each device, each in a stream of that. */
CUresult cuLaunchCooperativeKernelMultiDevice(CUDA_LAUNCH_PARAMS *launches, unsigned int count, unsigned int flags)
{
    CUresult result = launches && count && !(flags & ~3u) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
    for (unsigned i = 0; i < count && result == CUDA_SUCCESS; i++)
        result = sim_stream_is_default(launches[i].stream) ? CUDA_ERROR_INVALID_HANDLE : launch(launches[i]);
    return result;
}

/* ---- Of the first binary interface: the function knows the shape of its blocks ---- */

CUresult cuFuncSetBlockShape(CUfunction function, int x, int y, int z)
{
    CUresult result = x > 0 && y > 0 && z > 0 ? sim_enter() : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    if (sim_function_known(function)) {
        const unsigned block[3] = {(unsigned)x, (unsigned)y, (unsigned)z};
        for (int i = 0; i < 3; i++)
            function->block[i] = block[i];
    } else
        result = CUDA_ERROR_INVALID_HANDLE;
    sim_leave();
    return result;
}

CUresult cuLaunchGridAsync(CUfunction function, int width, int height, CUstream stream)
{
    struct sim_context *context;
    CUresult result = width > 0 && height > 0 ? sim_enter_stream_of(stream, &context) : CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS)
        return result;
    CUDA_LAUNCH_PARAMS launch = {.function = function, .grid_x = (unsigned)width, .grid_y = (unsigned)height, .grid_z = 1, .stream = stream};
    if (sim_function_known(function)) {
        launch.block_x = function->block[0];
        launch.block_y = function->block[1];
        launch.block_z = function->block[2];
    }
    result = launch_in(context, &launch);
    sim_leave();
    return result;
}

CUresult cuLaunchGrid(CUfunction function, int width, int height)
{
    return cuLaunchGridAsync(function, width, height, NULL);
}

CUresult cuLaunch(CUfunction function)
{
    return cuLaunchGrid(function, 1, 1);
}
