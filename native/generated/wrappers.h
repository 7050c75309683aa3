/* Which of the driver's entry points have a wrapper.
 * Generated from native/manifest/cuda.def and nvml.def by `python -m native.generator`; do not edit. */
#ifndef HAMI_WRAPPERS_H
#define HAMI_WRAPPERS_H

#include <stddef.h>

/* An entry point of ours that stands before one of the driver's. */
struct wrapper {
    const char *symbol;
    const char *family; /* what the driver's own resolver is asked for, and since which version of CUDA this symbol answers; */
    int since;          /* 0: it is asked by symbol alone */
    unsigned flags;     /* of the question: CU_GET_PROC_ADDRESS_… */
    int time_only;      /* it is there for a share's time alone: the driver's own is given out where no share can have a limit of that */
    int copy;           /* it is there for shares whose copies are charged alone */
    size_t real;        /* offset of the driver's pointer in struct real_cuda or real_nvml */
    void (*function)(void);
};

enum { WRAPPERS_CUDA = 206, WRAPPERS_NVML = 32 };

/* Sorted by symbol, as strcmp sorts. */
extern const struct wrapper wrappers_cuda[WRAPPERS_CUDA];
extern const struct wrapper wrappers_nvml[WRAPPERS_NVML];

#endif
