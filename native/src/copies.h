/* Copies and memsets as work that is launched: of a share whose copies are charged (HAMI_LIMITS_COPIES) they go through the gate as kernels do.
 * What a call moves, and the name that its unit has: its kind and a class of sizes, so that a program's copies are few units whatever their lengths.
 * Not here: the entry points (generated/wrap_copies.c, of manifest/copies.def), and what the gate does with them (gate.h). */
#ifndef HAMI_COPIES_H
#define HAMI_COPIES_H

#include <stdbool.h>

#include "gate.h"
#include "saturating.h"

enum copy_kind {
    COPY_NONE, /* between places of the host: nothing of a card */
    COPY_TO_CARD,
    COPY_FROM_CARD,
    COPY_ON_CARD,
    COPY_BETWEEN_CARDS,
    COPY_ANYWHERE, /* one of these: the driver cannot be asked which */
    COPY_SET,
    COPY_PREFETCH,
    COPY_PIECES = 16, /* a bit beside these: in rows, or several at once */
};

struct copy {
    uint32_t kind;
    uint64_t bytes;
};

static inline struct copy copy_of(uint32_t kind, uint64_t bytes)
{
    return (struct copy){kind, bytes};
}

#define copy_product saturating_product

/* The driver's functions, where copies are free as long as the program runs, and that is known; NULL: it is to be asked. */
extern const struct real_cuda *copies_driver;

static inline const struct real_cuda *copies_free(void)
{
    return __atomic_load_n(&copies_driver, __ATOMIC_ACQUIRE);
}

/* The sum of sizes; they may be NULL, which the driver refuses. */
uint64_t copy_sum(const size_t *sizes, size_t count);

/* Of calls that leave it to the driver, or to their parameters, where source and target are. */
struct copy copy_anywhere(const struct real_cuda *real, CUdeviceptr target, CUdeviceptr source, uint64_t bytes);
struct copy copy_between_cards(CUcontext target, CUcontext source, uint64_t bytes);
struct copy copy_batch(const struct real_cuda *real, const CUdeviceptr *targets, const CUdeviceptr *sources, const size_t *sizes, size_t count);
struct copy copy_2d(const struct real_cuda *real, const CUDA_MEMCPY2D *copy);
struct copy copy_2d_v1(const struct real_cuda *real, const CUDA_MEMCPY2D_v1 *copy);
struct copy copy_3d(const struct real_cuda *real, const CUDA_MEMCPY3D *copy);
struct copy copy_3d_v1(const struct real_cuda *real, const CUDA_MEMCPY3D_v1 *copy);
struct copy copy_3d_between_cards(const struct real_cuda *real, const CUDA_MEMCPY3D_PEER *copy);
struct copy copy_3d_batch(const CUDA_MEMCPY3D_BATCH_OP *copies, size_t count);

/* The work that a copy is; one that moves nothing of a card has no name (function 0). */
struct gate_work copy_work(struct copy copy, CUstream stream, enum launch_api api);

/* Return when it may go on: what gate_ask answers, or at once. A call that ends with its copy is a unit as any other: where its batch is closed, the event
 * that tells its end is recorded as it returns, and happens at once. */
struct gate_pass copies_ask(struct copy copy, CUstream stream, enum launch_api api);

#endif
