/* Covers: accounted.c: overlapping work counts once, whatever order its ends are told in, whoever tells them, and whatever stands on the page. */
#include <pthread.h>
#include <string.h>

#include "accounted.h"
#include "atomics.h"
#include "credit.h"
#include "test.h"

#define MS UINT64_C(1000000)
#define NOW (1000 * MS)

static struct hami_usage usage;

static void begin(uint64_t from_ms, uint64_t until_ms)
{
    memset(&usage, 0, sizeof usage);
    usage.accounted = (struct hami_span){from_ms * MS, until_ms * MS};
}

static uint64_t add(uint64_t start_ms, uint64_t end_ms)
{
    return accounted_add(&usage, start_ms * MS, end_ms * MS, NOW) / MS;
}

static bool reaches(uint64_t from_ms, uint64_t until_ms)
{
    return usage.accounted.from_ns == from_ms * MS && usage.accounted.until_ns == until_ms * MS;
}

static void work_counts_where_nothing_was_accounted(void)
{
    begin(0, 0);
    CHECK(add(100, 110) == 10 && reaches(100, 110));
    CHECK(add(105, 120) == 10 && reaches(100, 120));
    CHECK(add(102, 118) == 0 && reaches(100, 120));
    CHECK(add(120, 121) == 1 && reaches(100, 121));
}

/* A long batch of one process, and a short one of another that began later and was told first. */
static void what_lies_before_the_stretch_counts_when_it_is_told_later(void)
{
    begin(0, 0);
    CHECK(add(104, 110) == 6);
    CHECK(add(100, 108) == 4 && reaches(100, 110));
    CHECK(add(98, 115) == 7 && reaches(98, 115));
}

static void a_hole_begins_another_stretch(void)
{
    begin(100, 110);
    CHECK(add(120, 125) == 5 && reaches(120, 125));
    CHECK(add(112, 118) == 6 && reaches(120, 125)); /* and what is told of the time before is not remembered */
    CHECK(add(119, 121) == 1 && reaches(119, 125));
}

static void nonsense_is_begun_anew(void)
{
    begin(0, 100000); /* ahead of the clock */
    CHECK(accounted_until(&usage, NOW) == 0);
    CHECK(add(100, 110) == 10 && reaches(100, 110));
    begin(200, 100);
    CHECK(add(100, 110) == 10 && reaches(100, 110) && accounted_until(&usage, NOW) == 110 * MS);
    CHECK(add(130, 120) == 0); /* an end before its start */
}

enum { PIECES = 20000 };

/* Each tells all of the same time, in pieces of one length. */
struct teller {
    uint64_t length_ns, took_ns;
};

static void *tell(void *argument)
{
    struct teller *teller = argument;
    for (uint64_t at = MS; at < MS + PIECES; at++)
        teller->took_ns += accounted_add(&usage, at, at + teller->length_ns, NOW);
    return NULL;
}

static void threads_that_tell_the_same_time_account_it_once(void)
{
    pthread_t threads[2];
    struct teller tellers[2] = {{2, 0}, {3, 0}};
    begin(1, 1);
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, tell, &tellers[i]) == 0);
    for (int i = 0; i < 2; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(usage.accounted.from_ns == MS && usage.accounted.until_ns == MS + PIECES + 2);
    CHECK(tellers[0].took_ns + tellers[1].took_ns == PIECES + 2);
}

static const struct test TESTS[] = {
    {"work counts where nothing was accounted", work_counts_where_nothing_was_accounted},
    {"what lies before the stretch counts when it is told later", what_lies_before_the_stretch_counts_when_it_is_told_later},
    {"a hole begins another stretch", a_hole_begins_another_stretch},
    {"nonsense is begun anew", nonsense_is_begun_anew},
    {"threads that tell the same time account it once", threads_that_tell_the_same_time_account_it_once},
};

int main(void)
{
    return RUN_TESTS(TESTS);
}
