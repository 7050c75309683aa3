/* Covers: pacer.c, batches.c, turns.c: what a process may launch, what it is charged, and that no wait is for ever. How well limits are kept is
 * what time/ shows. */
#include "credit.h"
#include "paced.h"

static void an_unknown_unit_is_measured_at_once_and_charged_what_it_took(void)
{
    begin(false);
    struct pacer_answer answer = ask(64, 1);
    CHECK(answer.kind == PACER_GO && answer.start);
    struct pacer_unit what = unit(64, 1);
    CHECK(pacer_launched(&pacer, &lane, &what, true, now));
    CHECK(usage.credit_ns == -PACER_GRAIN_NS);
    CHECK(pacer_close(&pacer, &lane, 1, now) == 1);
    CHECK(usage.slots[3].launches == 1 && usage.slots[3].in_flight_ns == PACER_GRAIN_NS && bit_is_set(usage.working, 3));
    uint32_t before = pacer.completions;
    now += 7 * MS;
    CHECK(pacer_completed(&pacer, 1, now - 6 * MS, now - MS, now) == NULL);
    CHECK(pacer.completions == before + 1 && costs_find(&costs, 64, 1) == 5 * MS);
    CHECK(usage.credit_ns == -5 * (int64_t)MS && usage.predicted_ns == 5 * MS && usage.slots[3].busy_ns == 5 * MS);
    CHECK(usage.slots[3].in_flight_ns == 0 && !bit_is_set(usage.working, 3) && usage.largest_unit_ns == 5 * MS);
}

static void a_grain_covers_launches_that_nobody_is_asked_for(void)
{
    begin(false);
    know(64, 100000);
    CHECK(!launch(64, 1));
    unsigned covered = 0;
    while (launch_covered(&lane, &costs, 64, 1))
        covered++;
    CHECK(covered == PACER_GRAIN_NS / 100000 - 1);
    CHECK(!launch_covered(&lane, &costs, 64, 2)); /* another stream has another batch */
    struct pacer_answer answer = ask(64, 1);
    CHECK(answer.kind == PACER_CLOSE && answer.stream == 1);
    CHECK(pacer_close(&pacer, &lane, 1, now) == 1 && pacer.batches[1].units == covered + 1);
    CHECK(pacer.batches[1].predicted_ns == (covered + 1) * 100000 && usage.slots[3].launches == covered + 1);
    CHECK(lane.stream == PACER_NO_STREAM);
}

static void who_owes_waits_for_as_long_as_it_takes(void)
{
    begin(false);
    know(64, 100000);
    usage.credit_ns = -3 * (int64_t)MS;
    struct pacer_answer answer = ask(64, 1);
    CHECK(answer.kind == PACER_WAIT && answer.reason == PACER_CREDIT && answer.futex == &usage.futex && !answer.process_private);
    CHECK(answer.until_ns == now + 10 * MS + 1 && answer.probe < 0);
    usage.credit_ns = -3000 * (int64_t)MS;
    CHECK(ask(64, 1).until_ns == now + PACER_ASLEEP_NS);
    now += 9 * MS;
    usage.credit_ns = -3 * (int64_t)MS;
    CHECK(ask(64, 1).kind == PACER_WAIT);
    now += 2 * MS;
    CHECK(ask(64, 1).kind == PACER_GO);
}

static void what_is_launched_has_its_event_before_its_thread_waits(void)
{
    begin(false);
    know(64, 100000);
    CHECK(!launch(64, 1) && !launch(64, 2));
    usage.credit_ns = -3 * (int64_t)MS;
    lane.grain_ns = 0;
    struct pacer_answer first = ask(64, 1);
    CHECK(first.kind == PACER_CLOSE && pacer_close(&pacer, &lane, first.stream, now));
    struct pacer_answer second = ask(64, 1);
    CHECK(second.kind == PACER_CLOSE && second.stream != first.stream && pacer_close(&pacer, &lane, second.stream, now));
    CHECK(ask(64, 1).reason == PACER_CREDIT);
}

static void a_refund_wakes_who_owes(void)
{
    begin(false);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now));
    uint32_t before = usage.futex;
    usage.credit_ns = -100000;
    now += MS;
    CHECK(pacer_completed(&pacer, 1, now - 1000, now, now) == &usage.futex && usage.futex == before + 1);
}

/* Else a share whose units differ would start each that follows a short one late, and those after it early. */
static void a_debt_that_is_paid_much_sooner_wakes_who_sleeps_until_then(void)
{
    begin(false);
    for (uint64_t number = 1; number <= 2; number++) {
        know(64 * number, 20 * MS);
        usage.credit_ns = 0;
        CHECK(launch(64 * number, 1) && pacer_close(&pacer, &lane, 1, now) == number);
        uint64_t took = number == 1 ? 19 * MS : 18 * MS;
        now += took;
        usage.credit_ns = -14 * (int64_t)MS;
        CHECK(pacer_completed(&pacer, number, now - took, now, now) == (number == 1 ? NULL : &usage.futex));
        CHECK(usage.credit_ns == -14 * (int64_t)MS + 20 * (int64_t)MS - (int64_t)took);
    }
}

static void a_full_window_waits_for_an_end_and_not_for_ever(void)
{
    begin(false);
    usage.credit_ns = CREDIT_BURST_NS;
    know(64, 4 * MS);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 2);
    struct pacer_answer answer = ask(64, 1);
    CHECK(answer.kind == PACER_WAIT && answer.reason == PACER_COMPLETION && answer.futex == &pacer.completions && answer.process_private);
    uint64_t asked = now;
    struct pacer_unit what = unit(64, 1);
    now += 19 * MS;
    CHECK(pacer_ask(&pacer, &lane, &record, &what, now, asked).kind == PACER_WAIT);
    now += 2 * MS;
    CHECK(pacer_ask(&pacer, &lane, &record, &what, now, asked).kind == PACER_GO);
}

static void a_long_unit_is_alone_in_flight(void)
{
    begin(false);
    usage.credit_ns = CREDIT_BURST_NS;
    know(64, 20 * MS);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1);
    CHECK(ask(64, 1).reason == PACER_COMPLETION);
    now += 20 * MS;
    (void)pacer_completed(&pacer, 1, now - 20 * MS, now, now);
    usage.credit_ns = 0;
    CHECK(ask(64, 1).kind == PACER_GO);
}

static void a_refused_launch_is_not_charged(void)
{
    begin(false);
    know(64, 100000);
    struct pacer_unit what = unit(64, 1);
    CHECK(ask(64, 1).kind == PACER_GO && !pacer_launched(&pacer, &lane, &what, false, now));
    pacer_leave(&pacer, &lane, now);
    CHECK(usage.credit_ns == 0 && usage.predicted_ns == 0 && pacer.unspent_ns == 0 && pacer.open_ns == 0);
}

static void a_thread_that_leaves_gives_back_what_it_did_not_use(void)
{
    begin(false);
    know(64, 100000);
    uint64_t stream;
    CHECK(!pacer_open_stream(&lane, &stream));
    CHECK(!launch(64, 5) && launch_covered(&lane, &costs, 64, 5));
    CHECK(pacer_open_stream(&lane, &stream) && stream == 5);
    pacer_leave(&pacer, &lane, now);
    CHECK(usage.credit_ns == -200000 && usage.predicted_ns == 200000 && lane.grain_ns == 0 && lane.stream == PACER_NO_STREAM);
    CHECK(!bit_is_set(usage.working, 3));
}

static void one_stream_more_than_there_are_places_closes_another(void)
{
    begin(false);
    know(64, 1000);
    for (uint64_t stream = 1; stream <= PACER_STREAMS; stream++)
        CHECK(!launch(64, stream));
    CHECK(ask(64, PACER_STREAMS + 1).kind == PACER_CLOSE);
    CHECK(ask(64, 2).kind == PACER_GO);
}

static void ends_are_told_in_order_and_all_else_is_passed_over(void)
{
    begin(false);
    CHECK(pacer_close(&pacer, &lane, 1, now) == 0);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1);
    uint32_t before = pacer.completions;
    CHECK(!pacer_completed(&pacer, 2, 0, now, now) && !pacer_completed(&pacer, 0, 0, now, now) && pacer.completions == before);
    (void)pacer_completed(&pacer, 1, 0, 0, now); /* when it ended is not known: as predicted */
    CHECK(usage.credit_ns == -PACER_GRAIN_NS && pacer.completions == before + 1);
    (void)pacer_completed(&pacer, 1, 0, now, now);
    CHECK(pacer.completions == before + 1);
}

static void work_of_two_streams_at_once_counts_once(void)
{
    begin(false);
    usage.credit_ns = CREDIT_BURST_NS;
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1);
    CHECK(launch(128, 2) && pacer_close(&pacer, &lane, 2, now) == 2);
    now += 10 * MS;
    (void)pacer_completed(&pacer, 1, now - 8 * MS, now - 2 * MS, now);
    (void)pacer_completed(&pacer, 2, now - 7 * MS, now - MS, now);
    CHECK(usage.predicted_ns == 7 * MS && usage.accounted.from_ns == now - 8 * MS && usage.accounted.until_ns == now - MS);
}

/* Else the costs of two processes whose work overlaps would run apart, and what the one has in flight would be charged to nobody. */
static void a_batch_that_another_process_accounted_a_part_of_teaches_nothing(void)
{
    begin(false);
    for (unsigned cut = 0; cut < 2; cut++) {
        usage.credit_ns = CREDIT_BURST_NS;
        know(64, 2 * MS);
        CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1 + cut);
        now += 4 * MS;
        if (cut)
            usage.accounted = (struct hami_span){now - 4 * MS, now - MS};
        (void)pacer_completed(&pacer, 1 + cut, now - 3 * MS, now, now);
        CHECK(usage.predicted_ns == (cut ? 4 : 3) * MS); /* but what is left of it is charged */
        CHECK(costs_find(&costs, 64, 1) == (cut ? MS * 5 / 2 - MS / 6 : MS * 5 / 2));
    }
}

/* A host that pauses in the middle of a batch leaves a gap in it, which is not the card's time. */
static void a_batch_with_a_gap_of_the_host_is_not_measured(void)
{
    begin(false);
    know(64, 100000);
    CHECK(!launch(64, 1));
    now += 3 * MS;
    while (launch_covered(&lane, &costs, 64, 1))
        ;
    CHECK(ask(64, 1).kind == PACER_CLOSE && pacer_close(&pacer, &lane, 1, now) == 1);
    int64_t before = usage.credit_ns;
    now += 2 * MS;
    (void)pacer_completed(&pacer, 1, now - 5 * MS, now - MS, now);
    CHECK(usage.credit_ns == before);
}

static void limits_that_limit_nothing_are_told(void)
{
    struct hami_limits_record none = {.priority = 1, .weight = 1};
    CHECK(pacer_unlimited(&none));
    none.priority = 0;
    CHECK(!pacer_unlimited(&none));
    struct hami_limits_record some = record;
    CHECK(!pacer_unlimited(&some));
    some.policy = HAMI_CORES_DISABLE;
    CHECK(pacer_unlimited(&some));
    some.flags = HAMI_LIMITS_YIELDS | HAMI_LIMITS_FIXED_CORES;
    CHECK(!pacer_unlimited(&some));
}

/* Who has no limit does not say when it works: it counts from when it is there, as long as a process of it lives. */
static void a_share_without_limit_is_a_neighbour_until_it_dies(void)
{
    static struct pacer other;
    struct hami_limits_record none = {.priority = 1, .weight = 1};
    begin(true);
    record.policy = HAMI_CORES_DEFAULT;
    usage.credit_ns = -40 * (int64_t)MS;
    other.share = (struct pacer_share){.limits = &limits, .usage = &usage, .card = &card, .seat = 9, .slot = 4};
    pacer_present(&other, &record, now);
    CHECK(bit_is_set(card.present, 9) && ask(64, 1).kind == PACER_GO); /* one with a limit says it when it works */
    pacer_leave(&pacer, &lane, now);
    pacer_present(&other, &none, now);
    CHECK(ask(64, 1).reason == PACER_CREDIT);
    now += 60000 * MS;
    usage.credit_ns = -40 * (int64_t)MS;
    usage.refilled_at_ns = now;
    CHECK(ask(64, 1).reason == PACER_CREDIT);
    CHECK(pacer_suspect(&pacer) == 9);
    (void)pacer_seat_died(&pacer, 9, now);
    CHECK(ask(64, 1).kind == PACER_GO && pacer_suspect(&pacer) < 0);
}

static void a_lone_share_by_the_default_policy_is_not_charged_but_bounded(void)
{
    begin(true);
    record.policy = HAMI_CORES_DEFAULT;
    usage.credit_ns = -40 * (int64_t)MS;
    know(64, 9 * MS);
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now));
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now));
    CHECK(usage.credit_ns == -40 * (int64_t)MS);
    CHECK(ask(64, 1).reason == PACER_COMPLETION);
    set_bit(card.present, 9); /* somebody comes who has no limit */
    CHECK(ask(64, 1).reason == PACER_CREDIT);
}

static void beside_a_limited_neighbour_the_lease_is_asked_for_and_passed_on(void)
{
    begin(true);
    know(64, MS);
    usage.credit_ns = 20 * (int64_t)MS;
    a_neighbour_comes(9, 1);
    CHECK(launch(64, 1));
    CHECK((card.lease & 0xffff) == 8 && pacer_yield(&pacer, now) == NULL);
    CHECK(pacer_close(&pacer, &lane, 1, now) == 1);
    card.seats[9].queued_since_ns = now;
    set_bit(card.queued, 9);
    now += 12 * MS;
    CHECK(pacer_yield(&pacer, now) == NULL); /* its turn is over, but it has work in flight */
    (void)pacer_completed(&pacer, 1, now - MS, now, now);
    CHECK(pacer_yield(&pacer, now) == &card.seats[9].futex && (card.lease & 0xffff) == 10);
    struct pacer_answer answer = ask(64, 1);
    CHECK(answer.reason == PACER_LEASE && answer.futex == &card.seats[7].futex && answer.probe < 0);
    now += 15 * MS;
    a_neighbour_comes(9, 1);
    card.seats[9].until_ns = now - 5 * MS;
    CHECK(ask(64, 1).probe == 9);
    CHECK(pacer_seat_died(&pacer, 9, now) == &card.seats[7].futex && (card.lease & 0xffff) == 8);
    CHECK(ask(64, 1).kind == PACER_GO);
}

static void priority_1_waits_while_priority_0_is_at_work(void)
{
    begin(true);
    know(64, MS);
    usage.credit_ns = 20 * (int64_t)MS;
    a_neighbour_comes(9, 0);
    card.high_until_ns = now + 2 * MS;
    struct pacer_answer answer = ask(64, 1);
    CHECK(answer.reason == PACER_PRIORITY && answer.until_ns == now + 2 * MS && !answer.futex);
    record.priority = 0;
    CHECK(ask(64, 1).kind == PACER_GO);
    CHECK(card.high_until_ns >= now + 2 * MS);
}

static void without_cores_priority_1_waits_where_it_yields_and_is_not_charged(void)
{
    begin(true);
    know(64, 3 * MS);
    usage.credit_ns = -40 * (int64_t)MS;
    record = (struct hami_limits_record){.priority = 1, .weight = 1, .flags = HAMI_LIMITS_YIELDS};
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now));
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now));
    CHECK(usage.credit_ns == -40 * (int64_t)MS && (card.lease & 0xffff) == 0);
    CHECK(ask(64, 1).reason == PACER_COMPLETION); /* two units, or W, and no more are to be in the way of priority 0 */
    a_neighbour_comes(9, 1);
    (void)pacer_completed(&pacer, 1, now, now + MS, now + MS);
    CHECK(ask(64, 1).kind == PACER_GO); /* limited neighbours do not bind it */
    card.high_until_ns = now + 2 * MS;
    CHECK(ask(64, 1).reason == PACER_PRIORITY);
    record.flags = 0;
    CHECK(pacer_unlimited(&record));
}

static void a_holder_that_idles_gives_the_lease_back_unasked(void)
{
    begin(true);
    know(64, MS);
    a_neighbour_comes(9, 1);
    usage.credit_ns = 20 * (int64_t)MS;
    CHECK(launch(64, 1) && pacer_close(&pacer, &lane, 1, now) == 1);
    CHECK(pacer_next(&pacer, now) == UINT64_MAX); /* its end is waited for */
    now += MS;
    (void)pacer_completed(&pacer, 1, now - MS, now, now);
    uint64_t next = pacer_next(&pacer, now);
    CHECK(next > now && next < now + 5 * MS);
    now = next + MS;
    CHECK(pacer_yield(&pacer, now) == NULL && (card.lease & 0xffff) == 0 && pacer_next(&pacer, now) == UINT64_MAX);
}

static void work_of_a_sibling_that_is_late_lets_who_owes_pass(void)
{
    begin(false);
    know(64, MS);
    usage.credit_ns = -900 * (int64_t)MS;
    usage.slots[5] = (struct hami_slot){.in_flight_ns = MS, .expected_done_ns = now};
    set_bit(usage.working, 5);
    CHECK(ask(64, 1).reason == PACER_CREDIT);
    now += 20 * MS;
    CHECK(ask(64, 1).kind == PACER_GO);
    pacer_leave(&pacer, &lane, now);
    now += 2000 * MS; /* nobody is late by that and lives */
    CHECK(ask(64, 1).reason == PACER_CREDIT);
}

static void what_is_in_flight_teaches_nothing_of_a_unit_that_is_another_one_now(void)
{
    begin(false);
    usage.credit_ns = CREDIT_BURST_NS;
    struct pacer_unit graph = {.function = 64, .stream = 1};
    for (unsigned all = 0; all < 2; all++) {
        CHECK(pacer_ask(&pacer, &lane, &record, &graph, now, now).kind == PACER_GO && pacer_launched(&pacer, &lane, &graph, true, now));
        if (all)
            pacer_forget_open(&lane, 0);
        CHECK(pacer_close(&pacer, &lane, 1, now) == 1 + all);
        if (!all)
            pacer_forget(&pacer, 64);
        now += MS;
        (void)pacer_completed(&pacer, 1 + all, now - MS, now, now);
        CHECK(!costs_find(&costs, 64, 0));
    }
    CHECK(usage.predicted_ns == 2 * MS);
}

static const struct test TESTS[] = {
    {"an unknown unit is measured at once, and charged what it took", an_unknown_unit_is_measured_at_once_and_charged_what_it_took},
    {"a grain covers launches that nobody is asked for", a_grain_covers_launches_that_nobody_is_asked_for},
    {"who owes waits for as long as that takes", who_owes_waits_for_as_long_as_it_takes},
    {"what is launched has its event before its thread waits", what_is_launched_has_its_event_before_its_thread_waits},
    {"a refund wakes who owes", a_refund_wakes_who_owes},
    {"a debt that is paid much sooner wakes who sleeps until then", a_debt_that_is_paid_much_sooner_wakes_who_sleeps_until_then},
    {"a full window waits for work to end, and not for ever", a_full_window_waits_for_an_end_and_not_for_ever},
    {"a long unit is alone in flight", a_long_unit_is_alone_in_flight},
    {"a launch that the driver refused is not charged", a_refused_launch_is_not_charged},
    {"a thread that leaves gives back what it did not use", a_thread_that_leaves_gives_back_what_it_did_not_use},
    {"one stream more than there are places closes another's batch", one_stream_more_than_there_are_places_closes_another},
    {"ends are told in order, and all else is passed over", ends_are_told_in_order_and_all_else_is_passed_over},
    {"work of two streams at once counts once", work_of_two_streams_at_once_counts_once},
    {"a batch that another process accounted a part of teaches nothing", a_batch_that_another_process_accounted_a_part_of_teaches_nothing},
    {"a batch with a gap of the host in it is not measured", a_batch_with_a_gap_of_the_host_is_not_measured},
    {"limits that limit nothing are told", limits_that_limit_nothing_are_told},
    {"a lone share by the default policy is not charged, but bounded", a_lone_share_by_the_default_policy_is_not_charged_but_bounded},
    {"a share without a limit is a neighbour until it dies", a_share_without_limit_is_a_neighbour_until_it_dies},
    {"beside a limited neighbour the lease is asked for, and passed on", beside_a_limited_neighbour_the_lease_is_asked_for_and_passed_on},
    {"priority 1 waits while priority 0 is at work", priority_1_waits_while_priority_0_is_at_work},
    {"without cores priority 1 waits where it yields, and is not charged", without_cores_priority_1_waits_where_it_yields_and_is_not_charged},
    {"a holder that idles gives the lease back unasked", a_holder_that_idles_gives_the_lease_back_unasked},
    {"what is in flight teaches nothing of a unit that is another one now", what_is_in_flight_teaches_nothing_of_a_unit_that_is_another_one_now},
    {"work of a sibling that is late lets who owes pass, for a while", work_of_a_sibling_that_is_late_lets_who_owes_pass},
};

int main(void)
{
    return RUN_TESTS(TESTS);
}
