/* Functions of modules, as launches need them. Between sim_enter and sim_leave. */
#ifndef HAMI_SIM_CUDA_MODULE_H
#define HAMI_SIM_CUDA_MODULE_H

#include "cuda_process.h"

struct CUfunc_st {
    struct CUfunc_st *next;
    uint64_t ns;        /* that a launch takes of the card */
    uint64_t block_ns;  /* and each of its blocks, along x */
    unsigned block[3];  /* of the launches that do not say it */
    char name[];
};

/* Whether there is such a function. */
bool sim_function_known(CUfunction function);

/* How long a launch of so many blocks along x takes: what its name says, `busy_<n>us`, `busy_<n>ns`, or such a name with `_per_block`; a
 * function of any other name takes no time, nor does one that is not known. */
uint64_t sim_function_ns(CUfunction function, unsigned blocks_x);

#endif
