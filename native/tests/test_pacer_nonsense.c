/* Covers: pacer.c, batches.c, turns.c, before pages on which anybody may have written, and clocks that are not what they should be. */
#include "paced.h"

static uint64_t random_state = 88172645463325252;

static uint64_t random_number(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

static void scribble(void *page, size_t bytes, unsigned words)
{
    for (unsigned i = 0; i < words; i++)
        ((uint64_t *)page)[random_number() % (bytes / 8)] = random_number() >> random_number() % 64;
}

/* Whatever stands on the pages and whatever the clock says, each answer is one that can be followed, and each wait ends. */
static void no_page_and_no_clock_makes_an_answer_that_cannot_be_followed(void)
{
    begin(true);
    for (unsigned round = 0; round < 200000; round++) {
        if (round % 8 == 0) {
            scribble(&usage.credit_ns, 128, 2);
            scribble(&usage.factor, sizeof usage.factor + sizeof usage.working, 2);
            scribble(&usage.slots[random_number() % 8], sizeof *usage.slots, 2);
            scribble(&card, sizeof card, 40);
            scribble(&card, HAMI_CARD_HEADER_BYTES + 16 * HAMI_SEAT_BYTES, 4);
            limits.sampled_at_ns = random_number() % 3 ? now : random_number();
            limits.busy_ns += random_number() % (20 * MS);
            record.cores_percent = (uint32_t)(random_number() % 120);
            record.policy = (uint32_t)(random_number() % 3);
            record.priority = (uint32_t)(random_number() % 2);
            record.flags = (uint32_t)(random_number() % 32);
        }
        now = random_number() % 64 ? now + random_number() % MS : random_number() % 512 ? now - random_number() % (300 * MS) : random_number();
        uint64_t function = 64 * (1 + random_number() % 9);
        struct pacer_unit what = {function, 1, costs_find(&costs, function, 1), random_number() % 6};
        struct pacer_answer answer = pacer_ask(&pacer, &lane, &record, &what, now, now - random_number() % (3000 * MS));
        if (answer.kind == PACER_CLOSE)
            CHECK(pacer_close(&pacer, &lane, answer.stream, now) == pacer.closed);
        else if (answer.kind == PACER_WAIT)
            CHECK(answer.until_ns <= pacer.now_ns + PACER_ASLEEP_NS && answer.probe < HAMI_SEATS);
        else if (pacer_launched(&pacer, &lane, &what, random_number() % 9, now))
            CHECK(pacer_close(&pacer, &lane, what.stream, now) == pacer.closed);
        else
            while (random_number() % 4 && launch_covered(&lane, &costs, what.function, what.stream))
                ;
        if (random_number() % 2)
            (void)pacer_completed(&pacer, pacer.completed + 1, random_number() % 2 ? now - random_number() % MS : 0, now - random_number() % 999, now);
        (void)pacer_yield(&pacer, now);
        (void)pacer_next(&pacer, now);
        CHECK(pacer.closed - pacer.completed <= PACER_BATCHES);
        if (random_number() % 50 == 0)
            pacer_leave(&pacer, &lane, now);
        if (random_number() % 500 == 0)
            costs_forget_all(&costs);
    }
}

static const struct test TESTS[] = {
    {"no page and no clock makes an answer that cannot be followed", no_page_and_no_clock_makes_an_answer_that_cannot_be_followed},
};

int main(void)
{
    return RUN_TESTS(TESTS);
}
