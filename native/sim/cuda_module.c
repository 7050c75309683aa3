/* Modules, their functions, and launches. No image is read and nothing runs: a module has every function that is asked of it, and a
 * launch with a valid shape succeeds at once. Not here: what modules take of a card. */
#include <stdlib.h>
#include <string.h>

#include "cuda_capture.h"
#include "cuda_context.h"

struct CUmod_st {
    struct CUmod_st *next;
    struct CUfunc_st *functions;
};

struct CUfunc_st {
    struct CUfunc_st *next;
    char name[];
};

static struct CUmod_st *modules; /* between sim_enter and sim_leave */

static struct CUmod_st **place_of(CUmodule module)
{
    struct CUmod_st **place = &modules;
    while (*place && *place != module)
        place = &(*place)->next;
    return place;
}

static bool is_known(CUfunction function)
{
    for (const struct CUmod_st *module = modules; module; module = module->next)
        for (const struct CUfunc_st *known = module->functions; known; known = known->next)
            if (known == function)
                return true;
    return false;
}

CUresult cuModuleGetLoadingMode(CUmoduleLoadingMode *mode)
{
    if (!mode)
        return CUDA_ERROR_INVALID_VALUE;
    *mode = CU_MODULE_LAZY_LOADING;
    return CUDA_SUCCESS;
}

CUresult cuModuleLoadData(CUmodule *module, const void *image)
{
    struct sim_context *context;
    if (!module || !image)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS)
        return result;
    struct CUmod_st *made = calloc(1, sizeof *made);
    if (made) {
        made->next = modules;
        modules = *module = made;
    }
    sim_leave();
    return made ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuModuleUnload(CUmodule module)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    struct CUmod_st **place = place_of(module), *found = *place;
    if (found) {
        *place = found->next;
        for (struct CUfunc_st *function = found->functions, *next; function; function = next) {
            next = function->next;
            free(function);
        }
        free(found);
    }
    sim_leave();
    return found ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

static struct CUfunc_st *function_of(struct CUmod_st *module, const char *name)
{
    for (struct CUfunc_st *function = module->functions; function; function = function->next)
        if (strcmp(function->name, name) == 0)
            return function;
    struct CUfunc_st *made = malloc(sizeof *made + strlen(name) + 1);
    if (made) {
        strcpy(made->name, name);
        made->next = module->functions;
        module->functions = made;
    }
    return made;
}

CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name)
{
    if (!function || !name || !*name)
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    struct CUmod_st *found = *place_of(module);
    struct CUfunc_st *made = found ? function_of(found, name) : NULL;
    if (made)
        *function = made;
    sim_leave();
    return made ? CUDA_SUCCESS : found ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_ERROR_INVALID_HANDLE;
}

CUresult cuLaunchKernel(CUfunction function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z, unsigned int block_x,
                        unsigned int block_y, unsigned int block_z, unsigned int shared_bytes, CUstream stream, void **parameters,
                        void **extra)
{
    struct sim_context *context;
    (void)shared_bytes, (void)parameters, (void)extra;
    CUresult result = sim_enter_context(&context);
    if (result != CUDA_SUCCESS)
        return result;
    if (!is_known(function))
        result = CUDA_ERROR_INVALID_HANDLE;
    else if (!grid_x || !grid_y || !grid_z || !block_x || !block_y || !block_z || (uint64_t)block_x * block_y * block_z > 1024)
        result = CUDA_ERROR_INVALID_VALUE;
    else if (sim_capture_of(stream))
        result = sim_capture_kernel(sim_capture_of(stream));
    sim_leave();
    return result;
}
