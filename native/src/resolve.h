/* The driver's own functions, and the rule by which its pointers are replaced by ours.
 *
 * The driver always answers first. Only a pointer that is one of the driver's entry points we have a wrapper for is replaced, so
 * versions, flags and statuses are the driver's, a name that happens to begin with "cu" is left alone, and nothing is found that
 * the driver does not have. Before a driver library is in the process, nothing happens at all.
 * Not here: the wrappers (wrap_cuda.c, wrap_nvml.c), and how dlsym gets here (dlsym.S). */
#ifndef HAMI_RESOLVE_H
#define HAMI_RESOLVE_H

#include "real.h"

/* Not for callers: what resolve_cuda answers once the driver is known, and how it comes to know it. */
extern const struct real_cuda *resolved_cuda;
const struct real_cuda *resolve_cuda_anew(void);

/* Never NULL; without a driver library every function answers that it was not found. */
static inline const struct real_cuda *resolve_cuda(void)
{
    const struct real_cuda *known = __atomic_load_n(&resolved_cuda, __ATOMIC_ACQUIRE);
    return known ? known : resolve_cuda_anew();
}
const struct real_nvml *resolve_nvml(void);

/* Our entry point for one of the driver's, else the pointer as it is. */
void *resolve_replace_cuda(void *pointer);

/* What a call of dlsym(handle, symbol) is to go on to: libc's own, or ours where the symbol has a wrapper. Called by dlsym.S. */
void *resolve_choose_dlsym(const char *symbol);

#endif
