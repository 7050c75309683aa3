/* A program whose work takes time of a simulated card, for tests. */
#ifndef HAMI_SIM_TIME_FIXTURE_H
#define HAMI_SIM_TIME_FIXTURE_H

#include "cuda_fixture.h"

#define MS UINT64_C(1000000)

/* Host memory that streams wait for, shared with the processes that a test starts. Zero after sim_time_prepare. */
extern _Atomic uint32_t *gate;

/* Make the gate and write card 0; start: and have a context on it, for this process. */
void sim_time_prepare(void);
CUcontext sim_time_start(void);

/* A function of a new module. */
CUfunction function_named(const char *name);

CUresult launch(CUfunction function, CUstream stream);
CUstream new_stream(void);
CUevent new_record(CUstream stream);

/* A stream stands from here on until the gate's word is that number, so that what follows is all there when it begins. */
void hold(CUstream stream, unsigned number);

/* Microseconds between two events, rounded; waits for the second. */
long elapsed_us(CUevent from, CUevent to);

#endif
