/* Covers: marks.c: when an event happened, on the host's clock, and which events there are to be had. */
#include "marks.h"

#include "test.h"

#define MS UINT64_C(1000000)
#define NOW (UINT64_C(8000) * MS)

static struct real_cuda driver;
static struct marks *list;
static float passed_ms;
static CUresult answer;

static CUresult elapsed(float *milliseconds, CUevent start, CUevent end)
{
    CHECK(start != end);
    *milliseconds = passed_ms;
    return answer;
}

static CUevent event(uintptr_t number)
{
    return (CUevent)(number << 4);
}

static CUcontext context(uintptr_t number)
{
    return (CUcontext)(number << 8);
}

static uint64_t time_of(struct marks *marks, uintptr_t number, float after_ms, uint64_t seen_ns, CUevent *spare)
{
    driver = real_cuda_absent;
    driver.cuEventElapsedTime = elapsed;
    passed_ms = after_ms;
    return marks_time(&driver, marks, event(number), seen_ns, spare);
}

static bool is_near(uint64_t a, uint64_t b)
{
    return a > b ? a - b < 1000 : b - a < 1000; /* a float's worth */
}

static void an_event_happened_when_the_card_says_and_not_when_it_was_seen(void)
{
    struct marks *marks = marks_of(&list, context(1));
    CUevent spare;
    CHECK(time_of(marks, 1, 0, NOW, &spare) == NOW && spare == NULL); /* the first is what others are told from */
    CHECK(is_near(time_of(marks, 2, 5, NOW + 7 * MS, &spare), NOW + 5 * MS) && spare == event(2));
    CHECK(is_near(time_of(marks, 3, 6, NOW + 90 * MS, &spare), NOW + 6 * MS));
}

/* Where the first was seen late, later ones show it: none happens after it was seen. */
static void no_event_happens_after_it_was_seen(void)
{
    struct marks *marks = marks_of(&list, context(1));
    CUevent spare;
    (void)time_of(marks, 1, 0, NOW, &spare);
    CHECK(is_near(time_of(marks, 2, 10, NOW + 8 * MS, &spare), NOW + 8 * MS));
    CHECK(is_near(time_of(marks, 3, 20, NOW + 30 * MS, &spare), NOW + 18 * MS));
}

static void what_others_are_told_from_is_never_long_ago(void)
{
    struct marks *marks = marks_of(&list, context(1));
    CUevent spare;
    (void)time_of(marks, 1, 0, NOW, &spare);
    CHECK(is_near(time_of(marks, 2, 3999, NOW + 4000 * MS, &spare), NOW + 3999 * MS) && spare == event(2));
    (void)time_of(marks, 3, 4001, NOW + 4001 * MS, &spare);
    CHECK(spare == event(1) && marks->base == event(3));
}

static void what_the_driver_does_not_say_is_not_known(void)
{
    struct marks *marks = marks_of(&list, context(1));
    CUevent spare;
    (void)time_of(marks, 1, 0, NOW, &spare);
    CHECK(time_of(marks, 2, -1, NOW, &spare) == 0 && spare == event(2));
    answer = CUDA_ERROR_INVALID_HANDLE;
    CHECK(time_of(marks, 2, 5, NOW, &spare) == 0 && spare == event(2));
    CHECK(marks_between(&driver, event(1), event(2)) == UINT64_MAX);
}

static void events_are_kept_up_to_a_bound_and_none_of_a_context_that_ended(void)
{
    struct marks *marks = marks_of(&list, context(1));
    CHECK(!marks_take(marks));
    for (uintptr_t i = 0; i < MARKS_IDLE; i++)
        CHECK(marks_put(marks, event(i + 1)));
    CHECK(!marks_put(marks, event(99)) && marks_take(marks) == event(MARKS_IDLE) && marks_put(marks, event(99)));
    marks->base = event(98);
    marks->context = NULL;
    CHECK(!marks_put(marks, event(99)));
    marks_settle(marks);
    CHECK(!marks->base);
}

/* Its handle may come again: so it has another number, by which work of the one is told from that of the other. */
static void a_store_is_used_again_when_nothing_of_its_context_is_left(void)
{
    struct marks *first = marks_of(&list, context(1)), *second = marks_of(&list, context(2));
    uint64_t number = first->number;
    CHECK(first != second && first->number != second->number && marks_of(&list, context(1)) == first);
    first->context = NULL;
    first->uses = 1;
    struct marks *third = marks_of(&list, context(1));
    CHECK(third != first && third != second);
    first->uses = 0;
    CHECK(marks_of(&list, context(4)) == first && first->number != number && first->number > third->number && !first->idle_count && !first->base);
}

static const struct test TESTS[] = {
    {"an event happened when the card says, and not when it was seen", an_event_happened_when_the_card_says_and_not_when_it_was_seen},
    {"no event happens after it was seen", no_event_happens_after_it_was_seen},
    {"what others are told from is never long ago", what_others_are_told_from_is_never_long_ago},
    {"what the driver does not say is not known", what_the_driver_does_not_say_is_not_known},
    {"events are kept up to a bound, and none of a context that ended", events_are_kept_up_to_a_bound_and_none_of_a_context_that_ended},
    {"a store is used again when nothing of its context is left", a_store_is_used_again_when_nothing_of_its_context_is_left},
};

int main(void)
{
    return RUN_TESTS(TESTS);
}
