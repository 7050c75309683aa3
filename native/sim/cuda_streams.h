/* Streams: whether a handle is one. Not here: what a stream captures (cuda_capture.h). */
#ifndef HAMI_SIM_CUDA_STREAMS_H
#define HAMI_SIM_CUDA_STREAMS_H

#include "cuda_context.h"

/* Like sim_enter_context, and the handle must be one of a stream. On any failure nothing is held. */
CUresult sim_enter_stream(CUstream handle);

/* The context of a stream; the current one for a default stream, and for what is none. Between sim_enter and sim_leave. */
struct sim_context *sim_stream_context(CUstream handle, struct sim_context *current);

#endif
