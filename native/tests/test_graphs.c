/* Covers: memory of graphs, before whole programs on the simulated driver: what the program has left, and what the card gave, which the
 * interceptor does not know; captured and built, launched, uploaded, shared, left allocated, trimmed, at the limit and beyond. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client.h"
#include "fixture.h"

#define SAID 4096
#define GRAPHS "test/clients/graphs"

static void start_and_compare(const char *program, const char *way, const char *expected)
{
    char shares[PATH_MAX], said[SAID];
    CHECK(snprintf(shares, sizeof shares, "%s/c", fixture_folder()) > 0);
    struct client client = client_start(shares, program, way, NULL);
    int status = client_end(&client, said, sizeof said);
    if (status != 0 || strcmp(said, expected) != 0)
        fprintf(stderr, "%s ended with %d:\n%s", way, status, said);
    CHECK(status == 0 && strcmp(said, expected) == 0);
}

static void add_share(unsigned index, const char *name, uint64_t memory_mib)
{
    char card[64];
    client_write_card(index, MIB(8192), card);
    fixture_share(name, card, MIB(memory_mib));
}

/* 100 MiB of one card of 8192 MiB. */
static void one_share(void)
{
    char shares[PATH_MAX];
    CHECK(snprintf(shares, sizeof shares, "%s/c", fixture_folder()) > 0 && mkdir(shares, 0755) == 0);
    add_share(0, "c/a", 100);
}

/* `refusals` are counted on the share's page. */
static void expect_of(const char *program, const char *way, uint64_t refusals, const char *expected)
{
    one_share();
    start_and_compare(program, way, expected);
    uint64_t counted = fixture_open("c/a").usage->refusals;
    if (counted != refusals)
        fprintf(stderr, "%s: %llu refusals\n", way, (unsigned long long)counted);
    CHECK(counted == refusals);
}

static void expect(const char *way, uint64_t refusals, const char *expected)
{
    expect_of(GRAPHS, way, refusals, expected);
}

static void expect_order(const char *way, uint64_t refusals, const char *expected)
{
    expect_of("test/clients/graph_order", way, refusals, expected);
}

static void launches(void)
{
    expect("launched", 0,
           "instantiated: 100 of 100 MiB left, card 0\n"
           "launched: 40 of 100 MiB left, card 60\n"
           "replayed: 40 of 100 MiB left, card 60\n"
           "destroyed: 40 of 100 MiB left, card 60\n"
           "trimmed: 100 of 100 MiB left, card 0\n"
           "launch of nothing: 1\n");
}

static void too_large(void)
{
    expect("too_large", 2,
           "instantiated: 100 of 100 MiB left, card 0\n"
           "launch: 2, upload: 2\n"
           "its memory: 1\n"
           "refused: 100 of 100 MiB left, card 0\n"
           "at most 0\n");
}

static void whole_share(void)
{
    expect("whole_share", 2,
           "replayed: 0 of 100 MiB left, card 100\n"
           "buffer while it runs: 2\n"
           "buffer: 98 of 100 MiB left, card 2\n"
           "launch: 2\n"
           "again: 0 of 100 MiB left, card 100\n");
}

static void shared(void)
{
    expect_order("shared", 0, "in one stream: 30 of 100 MiB left, card 70\n");
}

static void two_streams(void)
{
    expect_order("two_streams", 2,
           "beside: 2\nrefused: 40 of 100 MiB left, card 60\n"
           "after: 40 of 100 MiB left, card 60\n"
           "beside: 2\nrefused: 40 of 100 MiB left, card 60\n"
           "at most 60\n");
}

static void third(void)
{
    expect_order("third", 1, "third: 2\nrefused: 50 of 100 MiB left, card 50\nat most 90\n");
}

static void in_turn(void)
{
    expect_order("in_turn", 0, "in turn: 0 of 100 MiB left, card 100\n");
}

static void moved(void)
{
    expect_order("moved", 1,
           "moved: 2\nrefused: 40 of 100 MiB left, card 60\nback: 40 of 100 MiB left, card 60\n"
           "at most 60\n");
}

static void left_beside(void)
{
    expect_order("left_beside", 1,
           "left: 20 of 100 MiB left, card 80\n"
           "beside: 2\nrefused: 30 of 100 MiB left, card 70\n"
           "at most 50\n"
           "beside: 10 of 100 MiB left, card 90\n");
}

static void left_in_turn(void)
{
    expect_order("left_in_turn", 0, "in turn: 0 of 100 MiB left, card 100\n");
}

static void left_allocated(void)
{
    expect_order("left_allocated", 1,
           "left: 50 of 100 MiB left, card 50\n"
           "again: 1\n"
           "beside: 10 of 100 MiB left, card 90\n"
           "too large: 2\n"
           "refused: 60 of 100 MiB left, card 40\n"
           "freed: 30 of 100 MiB left, card 70\n"
           "trimmed: 100 of 100 MiB left, card 0\n"
           "at most 90\n");
}

static void freed_by_launch(void)
{
    expect_order("freed_by_launch", 0, "replayed: 10 of 100 MiB left, card 90\ntrimmed: 100 of 100 MiB left, card 0\n");
}

static void freed_by_graph(void)
{
    expect_order("freed_by_graph", 0, "replayed: 10 of 100 MiB left, card 90\ntrimmed: 100 of 100 MiB left, card 0\n");
}

static void nodes(void)
{
    expect("nodes", 1, "beside 30: 2\nbeside 28: 0 of 100 MiB left, card 100\n");
}

static void conditions(void)
{
    expect("conditions", 1, "beside 22: 2\nrefused: 78 of 100 MiB left, card 22\nat most 0\nbeside 20: 0 of 100 MiB left, card 100\n");
}

static void deep(void)
{
    expect("deep", 1, "70 deep: 2\n270 deep: 2\nrefused: 100 of 100 MiB left, card 0\nat most 0\n");
}

static void uploaded(void)
{
    expect("uploaded", 1,
           "uploaded: 80 of 100 MiB left, card 20\n"
           "at instantiation: 10 of 100 MiB left, card 90\n"
           "too large: 2, 1\n"
           "refused: 10 of 100 MiB left, card 90\n"
           "at most 90\n");
}

static void updated(void)
{
    expect("updated", 2,
           "before: 80 of 100 MiB left, card 20\n"
           "updated: 50 of 100 MiB left, card 50\n"
           "too large: 2\n"
           "of another shape: 910\n"
           "still too large: 2\n"
           "refused: 50 of 100 MiB left, card 50\n"
           "at most 50\n");
}

static void other_ways(void)
{
    expect("other_ways", 1,
           "launched: 30 of 100 MiB left, card 70\n"
           "too large: 2\n"
           "refused: 30 of 100 MiB left, card 70\n");
}

static void driver_takes_more(void)
{
    CHECK(setenv("HAMI_SIM_GRAPH_GROWTH_MIB", "32", 1) == 0);
    expect("driver_takes_more", 2,
           "launch: 2, instantiation: 2\n"
           "refused: 100 of 100 MiB left, card 0\n"
           "less: 4 of 100 MiB left, card 96\n");
}

static void full_share(void)
{
    expect("full_share", 1,
           "launch: 2\nfull: 0 of 100 MiB left, card 100\n"
           "freed: 40 of 100 MiB left, card 60\n");
}

static void two_cards(void)
{
    one_share();
    add_share(1, "c/b", 50);
    start_and_compare(GRAPHS, "two_cards", "replayed: 40 of 100 MiB left, card 60\n"
                                   "the other card 40\n"
                                   "too large there: 2\n"
                                   "refused: 40 of 100 MiB left, card 60\n");
    CHECK(fixture_open("c/a").usage->refusals == 0 && fixture_open("c/b").usage->refusals == 1);
}

static void without_shares(void)
{
    char card[64], said[SAID];
    client_write_card(0, MIB(8192), card);
    struct client client = client_start("/nonexistent", GRAPHS, "updated", NULL);
    CHECK(client_end(&client, said, sizeof said) == 0 && strstr(said, "too large: 0\n"));
}

/* The last of the share is not enough for the pool, which grows by more than it is asked for. */
static void framework(void)
{
    one_share();
    start_and_compare(GRAPHS, "framework", "7 buffers, eager refused: yes\n"
                                   "replayed: 0 of 100 MiB left, card 100\n"
                                   "freed: 100 of 100 MiB left, card 0\n");
}

static void threads(void)
{
    one_share();
    start_and_compare(GRAPHS, "threads", "done: 100 of 100 MiB left, card 0\n");
}

static const struct test tests[] = {
    {"graphs: memory is charged from the launch on, and given back by a trim", launches},
    {"graphs: one that needs more than the share is refused, and has not run", too_large},
    {"graphs: what one has and does not use goes to others", whole_share},
    {"graphs: those of one stream share their memory, and what they are charged", shared},
    {"graphs: those of two streams are charged both", two_streams},
    {"graphs: what another stream has is not to be shared", third},
    {"graphs: those of two streams are launched in turn in a full share", in_turn},
    {"graphs: one that is launched in another stream is charged again", moved},
    {"graphs: what one leaves allocated, others cannot have", left_beside},
    {"graphs: what two leave allocated they may have again in a full share", left_in_turn},
    {"graphs: what one leaves allocated is charged until it is freed", left_allocated},
    {"graphs: one may free at a launch what it has left", freed_by_launch},
    {"graphs: one may free what another one has left", freed_by_graph},
    {"graphs: nodes of every kind count, each address once", nodes},
    {"graphs: what bodies of conditions allocate is charged before they run", conditions},
    {"graphs: memory is not hidden by graphs in graphs", deep},
    {"graphs: uploads are held as launches are", uploaded},
    {"graphs: an executable graph needs what it was updated to", updated},
    {"graphs: older instantiations and per-thread streams", other_ways},
    {"graphs: a driver that takes more than a graph needs gives it back", driver_takes_more},
    {"graphs: a full share holds graphs that are not launched", full_share},
    {"graphs: what one needs of two cards is charged to both", two_cards},
    {"graphs: without shares nothing is refused", without_shares},
    {"graphs: a step is replayed beside eager allocation at the limit", framework},
    {"graphs: threads with streams of their own", threads},
};

int main(void)
{
    return RUN_TESTS(tests);
}
