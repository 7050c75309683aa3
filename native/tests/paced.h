/* One process and its one thread on a share of 30 percent, for tests of the pacer alone: a clock that the test sets, a share's pages, a card's, and units
 * that are told apart by their function, of grid 1. Each test has all of it anew. */
#ifndef HAMI_PACED_H
#define HAMI_PACED_H

#include "atomics.h"
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

static inline struct pacer_unit unit(uint64_t function, uint64_t stream)
{
    return (struct pacer_unit){function, 1, costs_find(&costs, function, 1), stream};
}

static inline struct pacer_answer ask(uint64_t function, uint64_t stream)
{
    struct pacer_unit what = unit(function, stream);
    return pacer_ask(&pacer, &lane, &record, &what, now, now);
}

/* Ask, close what is to be closed, launch: whether the batch is to be closed now. */
static inline bool launch(uint64_t function, uint64_t stream)
{
    struct pacer_unit what = unit(function, stream);
    struct pacer_answer answer = pacer_ask(&pacer, &lane, &record, &what, now, now);
    for (int i = 0; answer.kind == PACER_CLOSE && i < 8; i++) {
        CHECK(pacer_close(&pacer, &lane, answer.stream, now));
        answer = pacer_ask(&pacer, &lane, &record, &what, now, now);
    }
    CHECK(answer.kind == PACER_GO);
    return pacer_launched(&pacer, &lane, &what, true, now);
}

static inline void know(uint64_t function, uint64_t ns)
{
    costs_learn(&costs, function, 1, ns);
    pacer.measured_ns = now;
}

static inline void a_neighbour_comes(unsigned seat, uint32_t priority)
{
    card.seats[seat] = (struct hami_seat){.active_until_ns = now + 100 * MS, .cores_percent = 50, .priority = priority, .weight = 1};
    set_bit(card.active, seat);
}

#endif
