#include "managed.h"

#include "atomics.h"
#include "report.h"

#define PITCH_BYTES ((size_t)512) /* of the cards we know, which need no more for copies, textures and coalesced rows */

static void say_once(uint32_t *said, const struct card *card, const char *trouble, const char *remedy)
{
    if (raise_flag(said))
        report(card->uuid, trouble, remedy);
}

/* Whether the device pages managed memory in and out as it is used. Where it does not, all of it must fit, and nobody could be evicted. */
static bool can_evict(const struct real_cuda *real, const struct card *card, CUdevice device)
{
    static uint32_t able, said; /* the devices of one container differ in this only on a node that checks nothing */
    int concurrent = 0;
    if (is_raised(&able))
        return true;
    if (real->cuDeviceGetAttribute(&concurrent, CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS, device) == CUDA_SUCCESS && concurrent) {
        (void)raise_flag(&able);
        return true;
    }
    say_once(&said, card, "is oversubscribed, and its driver does not evict managed memory (concurrentManagedAccess is 0)",
             "allocations on it are refused; set deviceMemoryScaling of this card to 1 and delete the pod");
    return false;
}

/* Where it is to lie, as device memory does. Not that the device accesses it: evicted memory would then be read where it is, and never come
 * back. It is advice: the answer does not matter. A driver before CUDA 12.2 has the first form alone. */
static void prefer_device(const struct real_cuda *real, CUdeviceptr address, size_t bytes, CUdevice device)
{
    CUmemLocation location = {.type = CU_MEM_LOCATION_TYPE_DEVICE, .id = device};
    if (real->cuMemAdvise_v2(address, bytes, CU_MEM_ADVISE_SET_PREFERRED_LOCATION, location) == CUDA_ERROR_NOT_FOUND)
        (void)real->cuMemAdvise(address, bytes, CU_MEM_ADVISE_SET_PREFERRED_LOCATION, device);
}

CUresult managed_allocate(const struct real_cuda *real, const struct card *card, CUdeviceptr *address, size_t bytes)
{
    CUdevice device;
    CUresult result = real->cuCtxGetDevice(&device);
    if (result != CUDA_SUCCESS)
        return result;
    if (!can_evict(real, card, device))
        return CUDA_ERROR_NOT_SUPPORTED;
    result = real->cuMemAllocManaged(address, bytes, CU_MEM_ATTACH_GLOBAL);
    if (result == CUDA_SUCCESS)
        prefer_device(real, *address, bytes, device);
    return result;
}

CUresult managed_allocate_pitch(const struct real_cuda *real, const struct card *card, CUdeviceptr *address, size_t *pitch, size_t width,
                                size_t height, unsigned int element_bytes)
{
    size_t row, bytes;
    if (!address || !pitch || !width || !height || (element_bytes != 4 && element_bytes != 8 && element_bytes != 16))
        return CUDA_ERROR_INVALID_VALUE;
    if (__builtin_add_overflow(width, PITCH_BYTES - 1, &row))
        return CUDA_ERROR_INVALID_VALUE;
    row -= row % PITCH_BYTES;
    if (__builtin_mul_overflow(row, height, &bytes))
        return CUDA_ERROR_INVALID_VALUE;
    CUresult result = managed_allocate(real, card, address, bytes);
    if (result == CUDA_SUCCESS)
        *pitch = row;
    return result;
}

void managed_explain_ipc(const struct card *card)
{
    static uint32_t said;
    say_once(&said, card, "is oversubscribed, and memory that can be evicted has no IPC handle",
             "programs that share memory between processes need CUDA_OVERSUBSCRIBE=false in their container's env");
}
