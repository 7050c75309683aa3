/* Covers: contexts.c and wrap_contexts.c, before a whole program on the simulated driver: what a context takes of its share from the moment
 * it is made until it ends, in whatever way, and what a context is that the share or the card has no room for. And contexts.c alone, in orders
 * in which threads rarely meet. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../sim/sim_card.h"
#include "client.h"
#include "contexts.h"
#include "fixture.h"

#define SAID 1024

static char card[64];
static const char *shares;

/* A container with a share of 100 MiB, on which contexts are charged so much. */
static void share_with_contexts(uint64_t context_bytes)
{
    static char path[PATH_MAX];
    client_write_card(0, MIB(8192), card);
    CHECK(snprintf(path, sizeof path, "%s/c", fixture_folder()) > 0 && mkdir(path, 0755) == 0);
    fixture_share("c/a", card, MIB(100));
    fixture_charge_contexts("c/a", context_bytes);
    shares = path;
}

#define EXPECT(expected, ...) expect(expected, client_start(shares, "test/clients/contexts", __VA_ARGS__, NULL))

static void expect(const char *expected, struct client client)
{
    char said[SAID];
    int status = client_end(&client, said, sizeof said);
    if (status != 0 || strcmp(said, expected) != 0)
        fprintf(stderr, "ended with %d:\n%s", status, said);
    CHECK(status == 0 && strcmp(said, expected) == 0);
}

static uint64_t used_mib(void)
{
    return fixture_open("c/a").usage->word.used_bytes / MIB(1);
}

static void own_contexts(void)
{
    share_with_contexts(MIB(16));
    EXPECT("create 0: 16\ncreate 0: 32\nallocate 0: 42\ndestroy 0: 16\ndestroy 0: 0\n", "create", "create", "allocate", "destroy",
           "destroy");
}

static void primary_context(void)
{
    share_with_contexts(MIB(16));
    EXPECT("retain 0: 16\nretain 0: 16\nallocate 0: 26\nrelease 0: 26\nrelease 0: 0\nretain 0: 16\n", "retain", "retain", "allocate",
           "release", "release", "retain");
}

static void primary_context_that_is_reset(void)
{
    share_with_contexts(MIB(16));
    EXPECT("retain 0: 16\nretain 0: 16\nreset 0: 0\nretain 0: 16\nrelease 0: 0\n", "retain", "retain", "reset", "retain", "release");
}

static void threads_that_begin_at_once(void)
{
    share_with_contexts(MIB(60));
    EXPECT("threads 8: 60\n", "threads");
}

static void threads_that_retain_and_release(void)
{
    share_with_contexts(MIB(60));
    EXPECT("churn 8: 0\nretain 0: 60\n", "churn", "retain");
}

static void a_slab_at_least(void)
{
    share_with_contexts(1);
    EXPECT("create 0: 2\n", "create");
}

static void no_room_in_the_share(void)
{
    share_with_contexts(MIB(60));
    EXPECT("create 0: 60\nretain 2: 60\ncreate 2: 60\nallocate 0: 70\ndestroy 0: 0\nretain 0: 60\n", "create", "retain", "create",
           "allocate", "destroy", "retain");
    CHECK(fixture_open("c/a").usage->refusals == 2);
}

static void no_room_on_the_card(void)
{
    share_with_contexts(MIB(16));
    const uint64_t context_bytes = MIB(9000);
    fixture_scribble("hami-sim0", "", offsetof(struct sim_card_file, card.context_bytes), &context_bytes, sizeof context_bytes);
    EXPECT("create 2: 0\nretain 2: 0\n", "create", "retain");
}

static void killed(void)
{
    share_with_contexts(MIB(60));
    struct client dead = client_start(shares, "test/clients/contexts", "create", "kill", NULL);
    char line[64];
    CHECK(fgets(line, sizeof line, dead.output) && strcmp(line, "create 0: 60\n") == 0);
    kill_and_join(dead.process);
    CHECK(used_mib() == 60);
    EXPECT("create 0: 60\ndestroy 0: 0\n", "create", "destroy");
}

static void shown_by_kind(void)
{
    char line[64];
    share_with_contexts(MIB(16));
    struct client client = client_start(shares, "test/clients/contexts", "create", "kill", NULL);
    CHECK(fgets(line, sizeof line, client.output));
    kill_and_join(client.process);
    const struct hami_usage *usage = fixture_open("c/a").usage;
    uint64_t shown = 0;
    for (unsigned i = 0; i < HAMI_SLOTS; i++)
        shown += usage->slots[i].context_bytes;
    CHECK(shown == MIB(16));
}

static void charged_nothing(void)
{
    share_with_contexts(0);
    EXPECT("create 0: 0\nretain 0: 0\nallocate 0: 10\n", "create", "retain", "allocate");
}

static void on_a_page_of_an_older_node(void)
{
    share_with_contexts(0);
    fixture_make_older("c/a");
    EXPECT("create 0: 0\nallocate 0: 10\n", "create", "allocate");
}

/* Two threads and one primary context, step by step. The driver is not asked: nothing here has a pool. */
#define FIRST ((CUcontext)16)
#define SECOND ((CUcontext)32)

static const struct card *card_with_a_primary_context(void)
{
    share_with_contexts(MIB(60));
    CHECK(setenv("HAMI_TEST_SHARES", shares, 1) == 0);
    const struct card *found = shares_card(card);
    CHECK(contexts_charge_primary(NULL, found, 0) && contexts_bind_primary(0, FIRST) && used_mib() == 60);
    return found;
}

static void ended_between_charge_and_bind(void)
{
    const struct card *found = card_with_a_primary_context();
    CHECK(contexts_charge_primary(NULL, found, 0) && used_mib() == 60);
    charge_cancel_context(FIRST, charge_mark());
    CHECK(used_mib() == 0 && !contexts_bind_primary(0, SECOND));
    CHECK(contexts_charge_primary(NULL, found, 0) && contexts_bind_primary(0, SECOND) && used_mib() == 60);
}

static void ended_late_and_made_anew_under_the_same_handle(void)
{
    const struct card *found = card_with_a_primary_context();
    uint64_t mark = charge_mark();
    CHECK(contexts_charge_primary(NULL, found, 0) && contexts_bind_primary(0, FIRST));
    charge_cancel_context(FIRST, mark);
    CHECK(used_mib() == 60);
    charge_cancel_context(FIRST, charge_mark());
    CHECK(used_mib() == 0);
}

static void refused_by_the_driver_beside_one_that_got_it(void)
{
    (void)card_with_a_primary_context();
    contexts_cancel_primary(0);
    CHECK(used_mib() == 60);
    charge_cancel_context(FIRST, charge_mark());
    contexts_cancel_primary(0);
    CHECK(used_mib() == 0);
}

static void refused_by_the_driver_before_another_got_it(void)
{
    const struct card *found = card_with_a_primary_context();
    charge_cancel_context(FIRST, charge_mark());
    CHECK(contexts_charge_primary(NULL, found, 0) && contexts_charge_primary(NULL, found, 0) && used_mib() == 60);
    contexts_cancel_primary(0);
    CHECK(used_mib() == 0 && !contexts_bind_primary(0, SECOND));
}

static void each_device_has_its_own(void)
{
    const struct card *found = card_with_a_primary_context();
    CHECK(!contexts_charge_primary(NULL, found, 1) && used_mib() == 60);
    CHECK(fixture_open("c/a").usage->refusals == 1);
}

static const struct test tests[] = {
    {"contexts: one that a program makes is charged until it is destroyed", own_contexts},
    {"contexts: a primary one is charged once, until its last release", primary_context},
    {"contexts: a primary one is charged until it is reset", primary_context_that_is_reset},
    {"contexts: of threads that retain at once one pays", threads_that_begin_at_once},
    {"contexts: retained and released by threads at once, nothing stays charged and nothing is free", threads_that_retain_and_release},
    {"contexts: whole slabs are charged", a_slab_at_least},
    {"contexts: one that the share has no room for is refused", no_room_in_the_share},
    {"contexts: one that the card has no room for is not charged", no_room_on_the_card},
    {"contexts: those of a killed process are refunded", killed},
    {"contexts: they are told from other memory", shown_by_kind},
    {"contexts: they are free where the page says nothing", charged_nothing},
    {"contexts: they are free on a page of an older node", on_a_page_of_an_older_node},
    {"contexts: a primary one that ends while another thread retains it is charged anew", ended_between_charge_and_bind},
    {"contexts: the end of a primary one leaves the charge of its successor", ended_late_and_made_anew_under_the_same_handle},
    {"contexts: a thread that the driver refuses leaves the charge of another", refused_by_the_driver_beside_one_that_got_it},
    {"contexts: a thread that the driver refuses gives back what nobody has got yet", refused_by_the_driver_before_another_got_it},
    {"contexts: each device has a primary one of its own", each_device_has_its_own},
};

int main(void)
{
    return RUN_TESTS(tests);
}
