/* CUDA_VISIBLE_DEVICES: which cards a process sees, and in which order. Pure. */
#ifndef HAMI_SIM_VISIBLE_DEVICES_H
#define HAMI_SIM_VISIBLE_DEVICES_H

#include "card.h"

/* Write the places in `cards` of the visible ones to `order`; return how many. `list` is the variable's value: indexes and
 * UUIDs (or their beginnings, from "GPU-" or "MIG-" on, that fit one card), up to the first that names no card or one named
 * before; NULL (not set) shows all. A MIG instance may be named as MIG-<UUID of its card>/<GPU instance>/<compute instance> too. Of MIG instances a process has the first alone, and then no other card.
 * Sources: CUDA C++ Programming Guide, CUDA environment variables; NVIDIA MIG User Guide, CUDA Device Enumeration. */
size_t sim_visible_devices(const char *list, const struct sim_card *cards, size_t count, size_t order[SIM_MAX_CARDS]);

#endif
