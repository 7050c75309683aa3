#include "time_fixture.h"

#include <sys/mman.h>

_Atomic uint32_t *gate;

void sim_time_prepare(void)
{
    gate = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(gate != MAP_FAILED);
    sim_write_card(0, 1024, 0);
}

CUcontext sim_time_start(void)
{
    CUcontext context;
    sim_time_prepare();
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
    return context;
}

CUfunction function_named(const char *name)
{
    CUmodule module;
    CUfunction function;
    OK(cuModuleLoadData(&module, "image"));
    OK(cuModuleGetFunction(&function, module, name));
    return function;
}

CUresult launch(CUfunction function, CUstream stream)
{
    return cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, NULL, NULL);
}

CUstream new_stream(void)
{
    CUstream stream;
    OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    return stream;
}

CUevent new_record(CUstream stream)
{
    CUevent event;
    OK(cuEventCreate(&event, 0));
    OK(cuEventRecord(event, stream));
    return event;
}

void hold(CUstream stream, unsigned number)
{
    OK(cuStreamWaitValue32(stream, (CUdeviceptr)(uintptr_t)gate, number, CU_STREAM_WAIT_VALUE_GEQ));
}

long elapsed_us(CUevent from, CUevent to)
{
    float milliseconds;
    OK(cuEventSynchronize(to));
    OK(cuEventElapsedTime(&milliseconds, from, to));
    return (long)(milliseconds * 1000 + 0.5f);
}
