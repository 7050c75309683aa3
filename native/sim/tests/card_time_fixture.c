#include "card_time_fixture.h"

#include <string.h>

static struct card_time *new_card_of(struct card_time_parameters parameters, uint64_t now_ns)
{
    static struct card_time card;
    memset(&card, 0, sizeof card);
    card_time_init(&card, parameters, now_ns);
    return &card;
}

struct card_time *new_card(uint64_t now_ns)
{
    return new_card_of(CARD_TIME_USUAL, now_ns);
}

struct card_time *new_overlapping_card(uint64_t now_ns)
{
    return new_card_of(CARD_TIME_OVERLAP, now_ns);
}

struct card_time_place place_on(struct card_time *card)
{
    uint32_t context = card_time_begin_context(card);
    CHECK(context != CARD_TIME_NONE);
    return (struct card_time_place){context, 0};
}

struct card_time_place stream_on(struct card_time *card, struct card_time_place place, bool concurrent)
{
    uint32_t stream = card_time_begin_stream(card, place.context, concurrent);
    CHECK(stream != CARD_TIME_NONE);
    return (struct card_time_place){place.context, stream};
}

uint32_t record_on(struct card_time *card, uint64_t now_ns, struct card_time_place place)
{
    uint32_t event = card_time_begin_event(card, place.context);
    CHECK(event != CARD_TIME_NONE && card_time_record(card, now_ns, place, event) != CARD_TIME_FULL);
    return event;
}

void run_out(struct card_time *card)
{
    while (card_time_next_change_ns(card) != CARD_TIME_NEVER)
        card_time_advance(card, card_time_next_change_ns(card));
}
