/* What the simulated NVML says of MIG: the instances of a card, their handles, and where they lie. A simulated GPU instance has one
 * compute instance, as large as itself. Not here: creating and destroying them; the cards file says which there are. */
#include "nvml_session.h"

nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t device, unsigned int *count)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result == NVML_SUCCESS && !count)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (result == NVML_SUCCESS)
        *count = card->file->card.mig_enabled ? SIM_MAX_INSTANCES : 0;
    return result;
}

nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t device, unsigned int index, nvmlDevice_t *mig)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (!mig || index >= SIM_MAX_INSTANCES)
        return NVML_ERROR_INVALID_ARGUMENT;
    *mig = (nvmlDevice_t)sim_nvml_instance_at(card, index);
    return *mig ? NVML_SUCCESS : NVML_ERROR_NOT_FOUND;
}

nvmlReturn_t nvmlDeviceIsMigDeviceHandle(nvmlDevice_t device, unsigned int *is_mig)
{
    const struct sim_card *found;
    nvmlReturn_t result = sim_nvml_device(device, &found);
    if (result == NVML_SUCCESS && !is_mig)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (result == NVML_SUCCESS)
        *is_mig = found->file->card.is_instance;
    return result;
}

/* The instance of a MIG handle and its card, for a question whose answer has a place. */
static nvmlReturn_t asked(nvmlDevice_t mig, const void *answer, const struct sim_card **instance, const struct sim_card **card)
{
    nvmlReturn_t result = sim_nvml_instance(mig, instance, card);
    return result == NVML_SUCCESS && !answer ? NVML_ERROR_INVALID_ARGUMENT : result;
}

nvmlReturn_t nvmlDeviceGetDeviceHandleFromMigDeviceHandle(nvmlDevice_t mig, nvmlDevice_t *device)
{
    const struct sim_card *instance, *card;
    nvmlReturn_t result = asked(mig, device, &instance, &card);
    if (result == NVML_SUCCESS)
        *device = (nvmlDevice_t)card;
    return result;
}

nvmlReturn_t nvmlDeviceGetGpuInstanceId(nvmlDevice_t mig, unsigned int *id)
{
    const struct sim_card *instance, *card;
    nvmlReturn_t result = asked(mig, id, &instance, &card);
    if (result == NVML_SUCCESS)
        *id = instance->file->card.gpu_instance;
    return result;
}

nvmlReturn_t nvmlDeviceGetComputeInstanceId(nvmlDevice_t mig, unsigned int *id)
{
    const struct sim_card *instance, *card;
    nvmlReturn_t result = asked(mig, id, &instance, &card);
    if (result == NVML_SUCCESS)
        *id = instance->file->card.compute_instance;
    return result;
}

nvmlReturn_t nvmlDeviceGetAttributes_v2(nvmlDevice_t mig, nvmlDeviceAttributes_t *attributes)
{
    const struct sim_card *instance, *card;
    nvmlReturn_t result = asked(mig, attributes, &instance, &card);
    if (result != NVML_SUCCESS)
        return result;
    const struct sim_card_static *said = &instance->file->card;
    *attributes = (nvmlDeviceAttributes_t){
        .multiprocessorCount = said->multiprocessors,
        .gpuInstanceSliceCount = said->compute_slices,
        .computeInstanceSliceCount = said->compute_slices,
        .memorySizeMB = said->memory_bytes >> 20,
    };
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetGpuInstanceById(nvmlDevice_t device, unsigned int id, nvmlGpuInstance_t *gpu_instance)
{
    const struct sim_card *card, *instance;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (!gpu_instance)
        return NVML_ERROR_INVALID_ARGUMENT;
    for (unsigned i = 0; (instance = sim_nvml_instance_at(card, i)); i++)
        if (instance->file->card.gpu_instance == id) {
            *gpu_instance = (nvmlGpuInstance_t)instance;
            return NVML_SUCCESS;
        }
    return NVML_ERROR_NOT_FOUND;
}

nvmlReturn_t nvmlGpuInstanceGetInfo(nvmlGpuInstance_t gpu_instance, nvmlGpuInstanceInfo_t *info)
{
    const struct sim_card *instance, *card;
    nvmlReturn_t result = asked((nvmlDevice_t)gpu_instance, info, &instance, &card);
    if (result != NVML_SUCCESS)
        return result;
    const struct sim_card_static *said = &instance->file->card;
    *info = (nvmlGpuInstanceInfo_t){
        .device = (nvmlDevice_t)card,
        .id = said->gpu_instance,
        .placement = {.start = said->memory_start, .size = said->memory_slices},
    };
    return NVML_SUCCESS;
}
