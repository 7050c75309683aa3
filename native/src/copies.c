#include "copies.h"

#include "captures.h"
#include "cores.h"
#include "resolve.h"

#define NAMES (UINT64_C(1) << 63) /* of our units; handles are addresses of the program, and so lie below */
#define CLASS_LEAST 12            /* all up to 4 KiB are one */
#define CLASS_MOST 36
#define START_NS UINT64_C(4000) /* what any copy takes */

/* Bytes a microsecond, less than any card has: a guess that is too long is corrected as soon as the first one ends, and one that is too short lets
 * too many go before. */
enum { LINK_BANDWIDTH = 4000, CARD_BANDWIDTH = 20000 };

const struct real_cuda *copies_driver;

uint64_t copy_sum(const size_t *sizes, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; sizes && i < count; i++)
        sum = __builtin_add_overflow(sum, sizes[i], &sum) ? UINT64_MAX : sum;
    return sum;
}

static uint32_t kind_of(bool to_card, bool from_card)
{
    if (to_card)
        return from_card ? COPY_ON_CARD : COPY_TO_CARD;
    return from_card ? COPY_FROM_CARD : COPY_NONE;
}

/* The driver does not know memory that is the host's alone. */
static bool is_of_card(const struct real_cuda *real, CUdeviceptr address)
{
    unsigned type = 0;
    return real->cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, address) == CUDA_SUCCESS && type == CU_MEMORYTYPE_DEVICE;
}

/* While a stream captures, the driver is asked nothing that it might refuse. */
struct copy copy_anywhere(const struct real_cuda *real, CUdeviceptr target, CUdeviceptr source, uint64_t bytes)
{
    if (captures_any())
        return copy_of(COPY_ANYWHERE, bytes);
    return copy_of(kind_of(is_of_card(real, target), is_of_card(real, source)), bytes);
}

struct copy copy_between_cards(CUcontext target, CUcontext source, uint64_t bytes)
{
    return copy_of(target == source ? COPY_ON_CARD : COPY_BETWEEN_CARDS, bytes);
}

/* They mostly go the same way: the first tells it. */
struct copy copy_batch(const struct real_cuda *real, const CUdeviceptr *targets, const CUdeviceptr *sources, const size_t *sizes, size_t count)
{
    if (!targets || !sources || !sizes || !count)
        return copy_of(COPY_NONE, 0);
    struct copy copy = copy_anywhere(real, targets[0], sources[0], copy_sum(sizes, count));
    copy.kind |= copy.kind ? COPY_PIECES : 0;
    return copy;
}

/* One end of a copy whose parameters say of what type it is. */
struct end {
    CUmemorytype type;
    CUdeviceptr address;
};

static bool end_is_of_card(const struct real_cuda *real, struct end end)
{
    return end.type == CU_MEMORYTYPE_UNIFIED ? is_of_card(real, end.address) : end.type != CU_MEMORYTYPE_HOST;
}

static struct copy rows(const struct real_cuda *real, struct end target, struct end source, uint64_t bytes)
{
    bool unified = target.type == CU_MEMORYTYPE_UNIFIED || source.type == CU_MEMORYTYPE_UNIFIED;
    uint32_t kind = unified && captures_any() ? (uint32_t)COPY_ANYWHERE : kind_of(end_is_of_card(real, target), end_is_of_card(real, source));
    return copy_of(kind ? kind | COPY_PIECES : COPY_NONE, bytes);
}

struct copy copy_2d(const struct real_cuda *real, const CUDA_MEMCPY2D *copy)
{
    if (!copy)
        return copy_of(COPY_NONE, 0);
    return rows(real, (struct end){copy->target_type, copy->target_device}, (struct end){copy->source_type, copy->source_device},
                saturating_product(copy->width, copy->height));
}

struct copy copy_2d_v1(const struct real_cuda *real, const CUDA_MEMCPY2D_v1 *copy)
{
    if (!copy)
        return copy_of(COPY_NONE, 0);
    return rows(real, (struct end){copy->target_type, copy->target_device}, (struct end){copy->source_type, copy->source_device},
                saturating_product(copy->width, copy->height));
}

struct copy copy_3d(const struct real_cuda *real, const CUDA_MEMCPY3D *copy)
{
    if (!copy)
        return copy_of(COPY_NONE, 0);
    return rows(real, (struct end){copy->target_type, copy->target_device}, (struct end){copy->source_type, copy->source_device},
                saturating_product(saturating_product(copy->width, copy->height), copy->depth));
}

struct copy copy_3d_v1(const struct real_cuda *real, const CUDA_MEMCPY3D_v1 *copy)
{
    if (!copy)
        return copy_of(COPY_NONE, 0);
    return rows(real, (struct end){copy->target_type, copy->target_device}, (struct end){copy->source_type, copy->source_device},
                saturating_product(saturating_product(copy->width, copy->height), copy->depth));
}

struct copy copy_3d_between_cards(const struct real_cuda *real, const CUDA_MEMCPY3D_PEER *copy)
{
    if (!copy)
        return copy_of(COPY_NONE, 0);
    struct copy moved = rows(real, (struct end){copy->target_type, copy->target_device}, (struct end){copy->source_type, copy->source_device},
                             saturating_product(saturating_product(copy->width, copy->height), copy->depth));
    if (moved.kind == (COPY_ON_CARD | COPY_PIECES) && copy->target_context != copy->source_context)
        moved.kind = COPY_BETWEEN_CARDS | COPY_PIECES;
    return moved;
}

/* Extents are in elements, whose size only arrays know: so these are classes of elements. */
struct copy copy_3d_batch(const CUDA_MEMCPY3D_BATCH_OP *copies, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; copies && i < count; i++) {
        uint64_t elements = saturating_product(saturating_product(copies[i].width, copies[i].height), copies[i].depth);
        sum = __builtin_add_overflow(sum, elements, &sum) ? UINT64_MAX : sum;
    }
    return copy_of(COPY_ANYWHERE | COPY_PIECES, sum);
}

/* The power of two that is not below. */
static uint64_t class_of(uint64_t bytes)
{
    unsigned bits = bytes > 1 ? 64u - (unsigned)__builtin_clzll(bytes - 1) : 0;
    return bits < CLASS_LEAST ? CLASS_LEAST : bits > CLASS_MOST ? CLASS_MOST : bits;
}

struct gate_work copy_work(struct copy copy, CUstream stream, enum launch_api api)
{
    uint32_t kind = copy.kind & (COPY_PIECES - 1);
    if (!kind || !copy.bytes)
        return (struct gate_work){.stream = stream, .api = api};
    uint64_t bytes = copy.bytes < UINT64_C(1) << CLASS_MOST ? copy.bytes : UINT64_C(1) << CLASS_MOST;
    return (struct gate_work){.function = NAMES | copy.kind,
                              .grid = class_of(bytes),
                              .guess_ns = START_NS + bytes * 1000 / (kind == COPY_ON_CARD || kind == COPY_SET ? CARD_BANDWIDTH : LINK_BANDWIDTH),
                              .stream = stream,
                              .api = api};
}

struct gate_pass copies_ask(struct copy copy, CUstream stream, enum launch_api api)
{
    struct gate_pass unseen = {.lane = NULL};
    struct gate_work work = copy_work(copy, stream, api);
    if (cores_leave_copies()) {
        const struct real_cuda *driver = resolve_cuda();
        if (driver != &real_cuda_absent) /* which may come yet */
            __atomic_store_n(&copies_driver, driver, __ATOMIC_RELEASE);
        return unseen;
    }
    return work.function ? gate_ask(&work) : unseen;
}
