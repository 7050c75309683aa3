/* Streams: whether a handle is one. Not here: what a stream captures (cuda_capture.h). */
#ifndef HAMI_SIM_CUDA_STREAMS_H
#define HAMI_SIM_CUDA_STREAMS_H

#include "cuda_process.h"

/* Like sim_enter_context, and the handle must be one of a stream. On any failure nothing is held. */
CUresult sim_enter_stream(CUstream handle);

#endif
