/* The order in which NVML has the cards of this container: a limit that names a card by its index means this one, whatever
 * CUDA_VISIBLE_DEVICES and CUDA_DEVICE_ORDER make of it. Not here: what goes by it (standalone.h). */
#ifndef HAMI_CARD_ORDER_H
#define HAMI_CARD_ORDER_H

/* Ask NVML, which is loaded for it where the program has not done so, and tell it to who wants it (shares_want_order). Calls into the
 * dynamic linker: so the caller holds no lock. */
void card_order_learn(void);

#endif
