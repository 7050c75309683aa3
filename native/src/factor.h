/* What a share's measured time is multiplied by, so that it agrees with the time that the node saw the share use: event times are too long
 * beside neighbours that take turns with the share, and costs may be wrong in ways that no event shows.
 * Multiplied, never integrated, and with a dead band: the node's samples are late and in whole percents.
 * Pure: it touches the pages alone. The first process that sees a new sample takes it in. Not here: the sampling (the node's). */
#ifndef HAMI_FACTOR_H
#define HAMI_FACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "hami_pages.h"

/* The factor in force, times 2^32: between a quarter and four. */
uint64_t factor_q32(const struct hami_usage *usage);

/* Take in the node's last sample, if it is new; where the node says that it has none any more, or has said nothing for long, a factor below
 * one ends. `turn_ns`: in what pieces the share has the card at least: its turns beside neighbours, or what its
 * threads take at a time. `unsettled`: some of its work is overdue, so that its predicted time and the node's busy time are not of the same work: then
 * the sample is remembered, and the factor is not changed by it. */
void factor_update(struct hami_usage *usage, const struct hami_limits *limits, uint64_t turn_ns, bool unsettled);

#endif
