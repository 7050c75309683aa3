#include "captures.h"

#include "atomics.h"

static uint32_t open_captures;

void captures_began(void)
{
    count_up(&open_captures);
}

/* One that was spoiled ends as well; one that was not there, or is another thread's, does not. */
static bool has_ended(CUresult result)
{
    return result == CUDA_SUCCESS || result == CUDA_ERROR_STREAM_CAPTURE_INVALIDATED || result == CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
}

void captures_ended(CUresult result)
{
    if (has_ended(result) && captures_any())
        count_down(&open_captures);
}

bool captures_any(void)
{
    return is_raised(&open_captures);
}

bool captures_forbid(const struct real_cuda *real, CUstream stream, bool per_thread)
{
    CUstreamCaptureStatus status = CU_STREAM_CAPTURE_STATUS_NONE;
    CUresult (*ask)(CUstream, CUstreamCaptureStatus *) = per_thread ? real->cuStreamIsCapturing_ptsz : real->cuStreamIsCapturing;
    CUresult result = ask(stream, &status);
    if (result == CUDA_ERROR_NOT_FOUND) /* a driver that has no captures */
        return false;
    return result != CUDA_SUCCESS || status != CU_STREAM_CAPTURE_STATUS_NONE;
}

CUstreamCaptureMode captures_relax(const struct real_cuda *real)
{
    CUstreamCaptureMode mode = CU_STREAM_CAPTURE_MODE_RELAXED;
    (void)real->cuThreadExchangeStreamCaptureMode(&mode);
    return mode;
}

void captures_restore(const struct real_cuda *real, CUstreamCaptureMode kept)
{
    (void)real->cuThreadExchangeStreamCaptureMode(&kept);
}
