/* What a process has launched on a share: grains that its lanes hold, batches that are open, batches that were closed and have not ended; and
 * what they turn out to have taken. Charges the credit, corrects it, and learns costs. Part of pacer.c, and as pure.
 * Not here: whether anything may be launched (pacer.c). */
#ifndef HAMI_BATCHES_H
#define HAMI_BATCHES_H

#include "pacer.h"

/* `ns` of costs, as predicted by this process; and the costs that are predicted to take so long. */
uint64_t batches_scaled(const struct pacer *pacer, uint64_t cost_ns);
uint64_t batches_unscaled(const struct pacer *pacer, uint64_t predicted_ns);

/* Count what a lane has launched by itself since it was looked at last. */
void batches_settle(struct pacer *pacer, struct pacer_lane *lane);

/* Let a lane have `cost_ns` in place of what is left of its grain; each predicted ns is charged to the credit as `charge_q32` says. */
void batches_take(struct pacer *pacer, struct pacer_lane *lane, uint64_t cost_ns, uint64_t charge_q32, uint64_t now_ns);

/* Give back what is left of a lane's grain. */
void batches_give_back(struct pacer *pacer, struct pacer_lane *lane);

/* The lane's open batch in a stream; NULL: none. A new one; NULL: no place. Any that has work in it; NULL: none. */
struct pacer_batch *batches_find(struct pacer_lane *lane, uint64_t stream);
struct pacer_batch *batches_open(struct pacer *pacer, struct pacer_lane *lane, uint64_t stream, uint64_t now_ns);
struct pacer_batch *batches_with_work(struct pacer_lane *lane);

/* Whether one more may be closed. */
bool batches_have_room(const struct pacer *pacer);

/* A unit of `cost_ns` is launched into a batch, from the lane's grain. */
void batches_launch(struct pacer *pacer, struct pacer_lane *lane, struct pacer_batch *batch, uint64_t cost_ns, uint64_t now_ns);

/* Predicted time that is in flight; whether any of it is, as far as can be told; whether it should have ended. */
uint64_t batches_in_flight(const struct pacer *pacer, uint64_t now_ns);
bool batches_idle(const struct pacer *pacer, uint64_t now_ns);
uint64_t batches_overdue_ns(const struct pacer *pacer, uint64_t now_ns);

/* Show on the slot what is in flight. */
void batches_publish(struct pacer *pacer);

#endif
