/* Streams: whether a handle is one, and whose. Not here: what a stream captures (cuda_capture.h), and how its work takes time
 * (cuda_time.h). */
#ifndef HAMI_SIM_CUDA_STREAMS_H
#define HAMI_SIM_CUDA_STREAMS_H

#include "cuda_context.h"
#include "cuda_handles.h"

struct CUstream_st {
    struct sim_handle handle;
    struct sim_context *context;
    unsigned flags;
    uint32_t time_stream; /* its number on the card; 0: nothing of it took time yet */
};

/* Like sim_enter_context, and the handle must be one of a stream. On any failure nothing is held. */
CUresult sim_enter_stream(CUstream handle);

/* The same, and the context that the stream is of: the current one for a default stream. */
CUresult sim_enter_stream_of(CUstream handle, struct sim_context **context);

/* The stream that a program made; NULL for a default stream, and where there is none such. Between enter and leave. */
struct CUstream_st *sim_stream(CUstream handle);

/* Whether a handle is that of a default stream: the legacy one's, or the thread's own. */
bool sim_stream_is_default(CUstream handle);

/* The context of a stream; the current one for a default stream, and for what is none. Between sim_enter and sim_leave. */
struct sim_context *sim_stream_context(CUstream handle, struct sim_context *current);

#endif
