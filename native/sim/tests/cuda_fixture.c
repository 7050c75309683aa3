#include "cuda_fixture.h"

#include "../physical.h"

CUcontext sim_start_with_context(uint64_t memory_mib, uint64_t context_mib)
{
    CUcontext context;
    sim_write_card(0, memory_mib, context_mib);
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
    return context;
}

uint64_t sim_physical_mib(unsigned index)
{
    struct sim_card card;
    CHECK(sim_card_view(&card, sim_test_folder(), index));
    return sim_physical_used(&card) >> 20;
}
