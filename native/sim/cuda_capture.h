/* Capturing: what is asked of a stream becomes a node of a graph, after the one before it, and is not done. Between sim_enter and
 * sim_leave. Not here: streams (cuda_streams.c), and dependencies between streams, which are not simulated. */
#ifndef HAMI_SIM_CUDA_CAPTURE_H
#define HAMI_SIM_CUDA_CAPTURE_H

#include "cuda_process.h"

struct sim_capture;

/* What a stream captures; NULL: nothing, what is asked is done. */
struct sim_capture *sim_capture_of(CUstream stream);

/* Something was asked that cannot be captured: CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, and the graph is lost. */
CUresult sim_capture_spoil(CUstream stream);

/* What a thread must not ask while graphs are captured, unless it has said that it knows better: the same, and those graphs are lost. */
CUresult sim_capture_check_unsafe(void);

CUresult sim_capture_allocation(struct sim_capture *capture, CUdevice device, uint64_t bytes, CUdeviceptr *address);
CUresult sim_capture_free(struct sim_capture *capture, CUdeviceptr address);
CUresult sim_capture_kernel(struct sim_capture *capture, uint64_t ns);

/* The stream ends. */
void sim_capture_end(CUstream stream);

#endif
