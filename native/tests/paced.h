/* One process on one share of a card, for tests of the pacer alone: what it is made of, a clock that stands, and the limits in force.
 * Not here: what is tested. */
#ifndef HAMI_PACED_H
#define HAMI_PACED_H

#include "covered.h"
#include "pacer.h"
#include "test.h"

#define MS UINT64_C(1000000)
#define BEGIN (UINT64_C(5000) * MS)

static struct pacer pacer;
static struct pacer_lane lane;
static struct costs costs;
static struct hami_limits limits;
static struct hami_usage usage;
static struct hami_card card;
static struct hami_limits_record record = {.cores_percent = 30, .policy = HAMI_CORES_FORCE, .priority = 1, .weight = 1};
static uint64_t now = BEGIN;

static inline void begin(bool with_card)
{
    struct pacer_share share = {.limits = &limits, .usage = &usage, .card = with_card ? &card : NULL, .seat = 7, .slot = 3};
    pacer_begin(&pacer, &share, &costs);
    usage.refilled_at_ns = now;
}

#endif
