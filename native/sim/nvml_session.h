/* The simulated NVML between nvmlInit and nvmlShutdown: which cards there are, and their handles.
 * Not here: what is asked of one card (nvml_device.c). */
#ifndef HAMI_SIM_NVML_SESSION_H
#define HAMI_SIM_NVML_SESSION_H

#include "card.h"
#include "nvml_api.h"

/* The card of a handle: NVML_ERROR_UNINITIALIZED outside a session, NVML_ERROR_INVALID_ARGUMENT for no handle of it,
 * NVML_ERROR_GPU_IS_LOST (and the card) for one that fell off the bus. */
nvmlReturn_t sim_nvml_card(nvmlDevice_t handle, const struct sim_card **card);

/* The place of a card of the session, which is its NVML index. */
unsigned sim_nvml_index(const struct sim_card *card);

/* Copy a string to a caller's buffer, or say that it is too small. */
nvmlReturn_t sim_nvml_text(const char *text, char *buffer, unsigned size);

#endif
