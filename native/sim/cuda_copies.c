/* Copies and memsets of whole ranges. One of 64 KiB or more takes time of the card in its stream, as a kernel does: its bytes at a bandwidth that
 * the machine under the simulation can keep up with. The content moves when the call is made, whatever its stream has yet to do; where that captures,
 * it becomes a node of the graph that takes the time and moves nothing. Copies in rows, of arrays and between cards are not simulated. */
#include <string.h>

#include "cuda_capture.h"
#include "cuda_memory.h"
#include "cuda_streams.h"
#include "cuda_time.h"

#define TIMELESS_BYTES (UINT64_C(64) << 10)
#define BYTES_PER_US UINT64_C(4096)

/* Where bytes are: in memory of a card, or anywhere in this process. */
struct place {
    CUdeviceptr address;
    bool of_card;
};

static struct place on_card(CUdeviceptr address)
{
    return (struct place){address, true};
}

static struct place on_host(const void *address)
{
    return (struct place){(CUdeviceptr)(uintptr_t)address, false};
}

/* Of one address space: what was allocated here is the card's. Between enter and leave. */
static struct place anywhere(CUdeviceptr address)
{
    return (struct place){address, sim_memory_context(address) != NULL};
}

static CUresult find(struct place place, size_t bytes, unsigned char **content)
{
    if (place.of_card)
        return sim_memory_content(place.address, bytes, content);
    *content = (unsigned char *)(uintptr_t)place.address;
    return place.address ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

/* Take the time of the card, and wait for its end if the call is to. */
static CUresult take_time(struct sim_context *context, CUstream stream, size_t bytes, bool waits)
{
    uint64_t ticket = 0, ns = bytes < TIMELESS_BYTES ? 0 : bytes * 1000 / BYTES_PER_US;
    struct sim_device *device = context->device;
    CUresult result = ns ? sim_time_ask(context, stream, SIM_ASK_KERNEL, ns, &ticket) : CUDA_SUCCESS;
    if (result == CUDA_SUCCESS && ticket && waits)
        sim_time_wait(device, ticket);
    return result;
}

static CUresult capture(CUstream stream, size_t bytes)
{
    return sim_capture_kernel(sim_capture_of(stream), bytes < TIMELESS_BYTES ? 0 : bytes * 1000 / BYTES_PER_US);
}

/* ---- Copies ---- */

static CUresult move(struct place target, struct place source, size_t bytes)
{
    unsigned char *to, *from;
    CUresult result = find(target, bytes, &to);
    if (result == CUDA_SUCCESS)
        result = find(source, bytes, &from);
    if (result == CUDA_SUCCESS)
        memmove(to, from, bytes);
    return result;
}

static CUresult copy_asynchronously(struct place target, struct place source, size_t bytes, CUstream stream)
{
    struct sim_context *context;
    CUresult result = sim_enter_stream_of(stream, &context);
    if (result != CUDA_SUCCESS)
        return result;
    if (sim_capture_of(stream))
        result = capture(stream, bytes);
    else if ((result = move(target, source, bytes)) == CUDA_SUCCESS)
        result = take_time(context, stream, bytes, false);
    sim_leave();
    return result;
}

/* After what its stream was asked for. */
static CUresult copy(struct place target, struct place source, size_t bytes, CUstream stream)
{
    struct sim_context *context;
    CUresult result = sim_enter_stream_of(stream, &context);
    if (result != CUDA_SUCCESS)
        return result;
    result = sim_time_wait_stream(context, stream);
    if (result == CUDA_SUCCESS)
        result = move(target, source, bytes);
    if (result == CUDA_SUCCESS)
        result = take_time(context, stream, bytes, true);
    sim_leave();
    return result;
}

CUresult cuMemcpyHtoD_v2(CUdeviceptr target, const void *source, size_t bytes)
{
    return copy(on_card(target), on_host(source), bytes, NULL);
}

CUresult cuMemcpyHtoD_v2_ptds(CUdeviceptr target, const void *source, size_t bytes)
{
    return copy(on_card(target), on_host(source), bytes, CU_STREAM_PER_THREAD);
}

CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void *source, size_t bytes, CUstream stream)
{
    return copy_asynchronously(on_card(target), on_host(source), bytes, stream);
}

CUresult cuMemcpyDtoH_v2(void *target, CUdeviceptr source, size_t bytes)
{
    return copy(on_host(target), on_card(source), bytes, NULL);
}

CUresult cuMemcpyDtoH_v2_ptds(void *target, CUdeviceptr source, size_t bytes)
{
    return copy(on_host(target), on_card(source), bytes, CU_STREAM_PER_THREAD);
}

CUresult cuMemcpyDtoHAsync_v2(void *target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    return copy_asynchronously(on_host(target), on_card(source), bytes, stream);
}

/* Between places of the card the host does not wait. */
CUresult cuMemcpyDtoD_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    return copy_asynchronously(on_card(target), on_card(source), bytes, NULL);
}

CUresult cuMemcpyDtoD_v2_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    return copy_asynchronously(on_card(target), on_card(source), bytes, CU_STREAM_PER_THREAD);
}

CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    return copy_asynchronously(on_card(target), on_card(source), bytes, stream);
}

static CUresult copy_between(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream, bool waits)
{
    CUresult result = sim_enter();
    if (result != CUDA_SUCCESS)
        return result;
    struct place to = anywhere(target), from = anywhere(source);
    sim_leave();
    return (waits ? copy : copy_asynchronously)(to, from, bytes, stream);
}

CUresult cuMemcpy(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    return copy_between(target, source, bytes, NULL, true);
}

CUresult cuMemcpy_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    return copy_between(target, source, bytes, CU_STREAM_PER_THREAD, true);
}

CUresult cuMemcpyAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    return copy_between(target, source, bytes, stream, false);
}

/* ---- Memsets, for none of which the host waits ---- */

static CUresult fill(CUdeviceptr target, unsigned int value, size_t width, size_t bytes)
{
    unsigned char *content;
    CUresult result = target % width ? CUDA_ERROR_INVALID_VALUE : sim_memory_content(target, bytes, &content);
    if (result != CUDA_SUCCESS)
        return result;
    if (width == 1)
        memset(content, (int)value, bytes);
    for (size_t i = 0; width > 1 && i < bytes; i += width)
        memcpy(content + i, &value, width);
    return CUDA_SUCCESS;
}

static CUresult set(CUdeviceptr target, unsigned int value, size_t width, size_t count, CUstream stream)
{
    struct sim_context *context;
    size_t bytes;
    CUresult result = __builtin_mul_overflow(count, width, &bytes) ? CUDA_ERROR_INVALID_VALUE : sim_enter_stream_of(stream, &context);
    if (result != CUDA_SUCCESS)
        return result;
    if (sim_capture_of(stream))
        result = capture(stream, bytes);
    else if ((result = fill(target, value, width, bytes)) == CUDA_SUCCESS)
        result = take_time(context, stream, bytes, false);
    sim_leave();
    return result;
}

CUresult cuMemsetD8_v2(CUdeviceptr target, unsigned char value, size_t count)
{
    return set(target, value, 1, count, NULL);
}

CUresult cuMemsetD8_v2_ptds(CUdeviceptr target, unsigned char value, size_t count)
{
    return set(target, value, 1, count, CU_STREAM_PER_THREAD);
}

CUresult cuMemsetD8Async(CUdeviceptr target, unsigned char value, size_t count, CUstream stream)
{
    return set(target, value, 1, count, stream);
}

CUresult cuMemsetD16_v2(CUdeviceptr target, unsigned short value, size_t count)
{
    return set(target, value, 2, count, NULL);
}

CUresult cuMemsetD16Async(CUdeviceptr target, unsigned short value, size_t count, CUstream stream)
{
    return set(target, value, 2, count, stream);
}

CUresult cuMemsetD32_v2(CUdeviceptr target, unsigned int value, size_t count)
{
    return set(target, value, 4, count, NULL);
}

CUresult cuMemsetD32Async(CUdeviceptr target, unsigned int value, size_t count, CUstream stream)
{
    return set(target, value, 4, count, stream);
}
