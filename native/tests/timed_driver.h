/* A driver for tests of the gate, within their own process: two devices, on each of which kernels take turns for as long as their function says,
 * by the real clock. It ends the test where it is asked for what has ended: a stream, a context, an event. No allocation, no memory. */
#ifndef HAMI_TIMED_DRIVER_H
#define HAMI_TIMED_DRIVER_H

#include "real.h"

#define TIMED_CARD "GPU-00000000-0000-0000-0000-000000000000" /* of device 0 */
#define TIMED_OTHER "GPU-01000000-0000-0000-0000-000000000000" /* of device 1 */

/* Have resolve_cuda() give it out, with so many devices. */
void timed_driver(int devices);

/* A kernel that takes so long; and one of another module, so that handles of functions come again. */
CUfunction timed_kernel(uint64_t ns);

/* A context of a device, made current in this thread; a stream of the current context, a few threads' at a time. */
CUcontext timed_context(CUdevice device);
CUstream timed_stream(void);

/* A handle comes again after its end: of a stream, in the current context; of a context, on a device, made current. */
void timed_stream_again(CUstream stream);
void timed_context_again(CUcontext context, CUdevice device);

/* Wait until all that was launched on a device has ended. */
void timed_wait(CUdevice device);

/* Launches that came to a device, events of ours that were recorded, and how often it was asked for a device or a stream's context. */
uint64_t timed_launches(CUdevice device);
uint64_t timed_records(void);
uint64_t timed_questions(void);

/* Have streams answer, when they are asked whether they capture, with this. */
void timed_capturing(CUresult result, CUstreamCaptureStatus status);

/* Have launches fail. */
void timed_fail(CUresult result);

#endif
