/* Device memory of a card that is oversubscribed: managed memory that stands in for it, which the driver may evict to the host while others
 * use the card. Not here: what is charged, as for any buffer (grant.h), and what stays on the card (pinned.h). */
#ifndef HAMI_MANAGED_H
#define HAMI_MANAGED_H

#include "real.h"
#include "shares.h"

/* As cuMemAlloc and cuMemAllocPitch, in the current context, whose device is the card. CUDA_ERROR_NOT_SUPPORTED, told once, where the
 * device cannot evict managed memory. */
CUresult managed_allocate(const struct real_cuda *real, const struct card *card, CUdeviceptr *address, size_t bytes);
CUresult managed_allocate_pitch(const struct real_cuda *real, const struct card *card, CUdeviceptr *address, size_t *pitch, size_t width,
                                size_t height, unsigned int element_bytes);

/* Say once why there is no IPC handle of such memory. */
void managed_explain_ipc(const struct card *card);

#endif
