/* The simulated NVML between nvmlInit and nvmlShutdown: which cards and MIG instances there are, and their handles.
 * Not here: what is asked of one card (nvml_device.c). */
#ifndef HAMI_SIM_NVML_SESSION_H
#define HAMI_SIM_NVML_SESSION_H

#include "card.h"
#include "nvml_api.h"

/* The card of a handle: NVML_ERROR_UNINITIALIZED outside a session, NVML_ERROR_INVALID_ARGUMENT for no handle of it,
 * NVML_ERROR_GPU_IS_LOST (and the card) for one that fell off the bus. */
nvmlReturn_t sim_nvml_card(nvmlDevice_t handle, const struct sim_card **card);

/* The card or MIG instance of a handle; otherwise as above. An instance is lost with its card. */
nvmlReturn_t sim_nvml_device(nvmlDevice_t handle, const struct sim_card **device);

/* The MIG instance of a handle, and its card; NVML_ERROR_INVALID_ARGUMENT for the handle of a card. */
nvmlReturn_t sim_nvml_instance(nvmlDevice_t handle, const struct sim_card **instance, const struct sim_card **card);

/* The MIG instance at a place among those of a card, from 0 on; NULL past the last. */
const struct sim_card *sim_nvml_instance_at(const struct sim_card *card, unsigned place);

/* The place of a card of the session, which is its NVML index. */
unsigned sim_nvml_index(const struct sim_card *card);

/* Copy a string to a caller's buffer, or say that it is too small. */
nvmlReturn_t sim_nvml_text(const char *text, char *buffer, unsigned size);

#endif
