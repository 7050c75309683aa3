/* Modules and their functions. No image is read: a module has every function that is asked of it. Not here: launches (cuda_launch.c), and
 * what modules take of a card. */
#include "cuda_module.h"

#include <stdlib.h>
#include <string.h>

#include "cuda_context.h"

struct CUmod_st {
    struct CUmod_st *next;
    struct CUfunc_st *functions;
};

static struct CUmod_st *modules; /* between sim_enter and sim_leave */

static struct CUmod_st **place_of(CUmodule module)
{
    struct CUmod_st **place = &modules;
    while (*place && *place != module)
        place = &(*place)->next;
    return place;
}

bool sim_function_known(CUfunction function)
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

/* The time that a function's name says it takes. */
static void read_time(struct CUfunc_st *function)
{
    static const char prefix[] = "busy_", per_block[] = "_per_block";
    char *end;
    if (strncmp(function->name, prefix, sizeof prefix - 1) != 0 || function->name[sizeof prefix - 1] < '0' || function->name[sizeof prefix - 1] > '9')
        return;
    unsigned long long count = strtoull(function->name + sizeof prefix - 1, &end, 10);
    uint64_t unit_ns = strncmp(end, "us", 2) == 0 ? 1000 : strncmp(end, "ns", 2) == 0 ? 1 : 0;
    if (!unit_ns || count > UINT64_C(3600000000000) / unit_ns)
        return;
    if (!end[2])
        function->ns = count * unit_ns;
    else if (strcmp(end + 2, per_block) == 0)
        function->block_ns = count * unit_ns;
}

uint64_t sim_function_ns(CUfunction function, unsigned blocks_x)
{
    return sim_function_known(function) ? function->ns + function->block_ns * blocks_x : 0;
}

static struct CUfunc_st *function_of(struct CUmod_st *module, const char *name)
{
    for (struct CUfunc_st *function = module->functions; function; function = function->next)
        if (strcmp(function->name, name) == 0)
            return function;
    struct CUfunc_st *made = calloc(1, sizeof *made + strlen(name) + 1);
    if (made) {
        strcpy(made->name, name);
        made->block[0] = made->block[1] = made->block[2] = 1;
        read_time(made);
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
