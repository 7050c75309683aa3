/* CUDA_DEVICE_ORDER: the order in which CUDA counts the cards, before CUDA_VISIBLE_DEVICES chooses among them. NVML has its own. Pure. */
#ifndef HAMI_SIM_DEVICE_ORDER_H
#define HAMI_SIM_DEVICE_ORDER_H

#include "card.h"

/* Put the cards in order: by PCI address for "PCI_BUS_ID"; for all else, NULL too, the fastest one first and the others behind it by
 * address (the real driver leaves open where those are). MIG instances are not compared.
 * Source: CUDA Programming Guide, CUDA environment variables. */
void sim_order_devices(const char *order, struct sim_card *cards, size_t count);

#endif
