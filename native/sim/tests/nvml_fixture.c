#include "nvml_fixture.h"

nvmlDevice_t sim_nvml_start(void)
{
    nvmlDevice_t device;
    sim_write_card(0, 64, 2);
    OK(nvmlInit_v2());
    OK(nvmlDeviceGetHandleByIndex_v2(0, &device));
    return device;
}
