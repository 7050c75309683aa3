/* What a stream asks of the host: functions of the program, and values in memory that are waited for and written. */
#include <stdlib.h>

#include "cuda_capture.h"
#include "cuda_holds.h"
#include "cuda_memory.h"
#include "cuda_streams.h"
#include "cuda_time.h"

#define WAIT_FLUSH (1u << 30) /* of a card's own reads: nothing here */

/* A function, in one of its two forms. */
struct call {
    CUhostFn function;
    CUstreamCallback callback;
    CUstream stream;
    void *argument;
};

static bool try_call(void *argument)
{
    struct call call = *(struct call *)argument;
    free(argument);
    if (call.function)
        call.function(call.argument);
    else
        call.callback(call.stream, CUDA_SUCCESS, call.argument);
    return true;
}

/* Ask for a task whose argument is a copy; what a stream captures cannot have it. */
static CUresult ask(CUstream stream, struct sim_hold_task task)
{
    struct sim_context *context;
    CUresult result = task.argument ? sim_enter_stream_of(stream, &context) : CUDA_ERROR_OUT_OF_MEMORY;
    if (result == CUDA_SUCCESS) {
        result = sim_capture_of(stream) ? sim_capture_spoil(stream) : sim_hold(context, stream, task);
        sim_leave();
    }
    if (result != CUDA_SUCCESS)
        free(task.argument);
    return result;
}

static CUresult ask_to_call(struct call call)
{
    struct call *made = malloc(sizeof *made);
    if (made)
        *made = call;
    return ask(call.stream, (struct sim_hold_task){.try = try_call, .drop = free, .argument = made, .is_program = true});
}

CUresult cuLaunchHostFunc(CUstream stream, CUhostFn function, void *argument)
{
    return function ? ask_to_call((struct call){.function = function, .stream = stream, .argument = argument}) : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuStreamAddCallback(CUstream stream, CUstreamCallback callback, void *argument, unsigned int flags)
{
    if (!callback || flags)
        return CUDA_ERROR_INVALID_VALUE;
    return ask_to_call((struct call){.callback = callback, .stream = stream, .argument = argument});
}

struct value {
    CUdeviceptr address;
    uint64_t value;
    unsigned bytes;
    unsigned flags;
};

/* Where a value is in this process: memory of a card, or its own. NULL where it was freed. */
static void *place_of(const struct value *value)
{
    unsigned char *content = NULL;
    if (value->address >> 47 == 0)
        return (void *)(uintptr_t)value->address;
    return sim_memory_content(value->address, value->bytes, &content) == CUDA_SUCCESS ? content : NULL;
}

/* Acquire and release: what was written before the value is seen by who has seen the value. */
static bool is_met(const struct value *value, const void *place)
{
    uint64_t seen, mask = value->bytes == 4 ? UINT32_MAX : UINT64_MAX, sign = mask ^ mask >> 1;
    if (value->bytes == 4)
        seen = __atomic_load_n((const uint32_t *)place, __ATOMIC_ACQUIRE);
    else
        seen = __atomic_load_n((const uint64_t *)place, __ATOMIC_ACQUIRE);
    switch (value->flags & 3u) {
    case CU_STREAM_WAIT_VALUE_GEQ:
        return !((seen - value->value) & sign); /* as numbers that wrap around */
    case CU_STREAM_WAIT_VALUE_EQ:
        return seen == value->value;
    case CU_STREAM_WAIT_VALUE_AND:
        return (seen & value->value) != 0;
    default:
        return (~(seen | value->value) & mask) != 0;
    }
}

static bool try_value(void *argument)
{
    const void *place = place_of(argument);
    if (place && !is_met(argument, place))
        return false;
    free(argument);
    return true;
}

static void write_value(const struct value *value)
{
    void *place = place_of(value);
    if (place && value->bytes == 4)
        __atomic_store_n((uint32_t *)place, (uint32_t)value->value, __ATOMIC_RELEASE);
    else if (place)
        __atomic_store_n((uint64_t *)place, value->value, __ATOMIC_RELEASE);
}

static bool try_write(void *argument)
{
    write_value(argument);
    free(argument);
    return true;
}

static CUresult ask_for_value(CUstream stream, bool (*try)(void *), struct value value)
{
    struct value *made = malloc(sizeof *made);
    if (!value.address || value.address % value.bytes) {
        free(made);
        return CUDA_ERROR_INVALID_VALUE;
    }
    if (made)
        *made = value;
    return ask(stream, (struct sim_hold_task){.try = try, .drop = free, .argument = made});
}

CUresult cuStreamWaitValue32_v2(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    if (flags & ~(3u | WAIT_FLUSH))
        return CUDA_ERROR_INVALID_VALUE;
    return ask_for_value(stream, try_value, (struct value){address, value, 4, flags});
}

CUresult cuStreamWaitValue64_v2(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    if (flags & ~(3u | WAIT_FLUSH))
        return CUDA_ERROR_INVALID_VALUE;
    return ask_for_value(stream, try_value, (struct value){address, value, 8, flags});
}

/* The flag says only what need not be seen before. */
CUresult cuStreamWriteValue32_v2(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    return flags & ~1u ? CUDA_ERROR_INVALID_VALUE : ask_for_value(stream, try_write, (struct value){address, value, 4, 0});
}

CUresult cuStreamWriteValue64_v2(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    return flags & ~1u ? CUDA_ERROR_INVALID_VALUE : ask_for_value(stream, try_write, (struct value){address, value, 8, 0});
}

CUresult cuStreamWaitValue32(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    return cuStreamWaitValue32_v2(stream, address, value, flags);
}

CUresult cuStreamWaitValue64(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    return cuStreamWaitValue64_v2(stream, address, value, flags);
}

CUresult cuStreamWriteValue32(CUstream stream, CUdeviceptr address, unsigned int value, unsigned int flags)
{
    return cuStreamWriteValue32_v2(stream, address, value, flags);
}

CUresult cuStreamWriteValue64(CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned int flags)
{
    return cuStreamWriteValue64_v2(stream, address, value, flags);
}
