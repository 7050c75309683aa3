/* Covers: every kind of memory, before whole programs on the simulated driver: what the program has left, and what the card gave, which
 * the interceptor does not know; by the limit, by each way to free, and after threads. */
#include <string.h>
#include <sys/stat.h>

#include "client.h"
#include "fixture.h"

#define SAID 4096

static void one_share(void)
{
    char card[64], shares[PATH_MAX];
    client_write_card(0, MIB(8192), card);
    CHECK(snprintf(shares, sizeof shares, "%s/c", fixture_folder()) > 0 && mkdir(shares, 0755) == 0);
    fixture_share("c/a", card, MIB(100));
}

static void compare_client(const char *program, const char *kind, const char *expected)
{
    char shares[PATH_MAX], said[SAID];
    CHECK(snprintf(shares, sizeof shares, "%s/c", fixture_folder()) > 0);
    struct client client = client_start(shares, program, kind, NULL);
    int status = client_end(&client, said, sizeof said);
    if (status != 0 || strcmp(said, expected) != 0)
        fprintf(stderr, "%s ended with %d:\n%s", kind, status, said);
    CHECK(status == 0 && strcmp(said, expected) == 0);
    CHECK(fixture_open("c/a").usage->word.used_bytes == 0 || strstr(kind, "idle"));
}

static void compare(const char *kind, const char *expected)
{
    compare_client("test/clients/kinds", kind, expected);
}

static void expect_import(const char *kind, const char *expected)
{
    one_share();
    compare_client("test/clients/imports", kind, expected);
}

static void expect(const char *kind, const char *expected)
{
    one_share();
    compare(kind, expected);
}

static void expect_pools(const char *way, const char *expected)
{
    one_share();
    compare_client("test/clients/pools", way, expected);
}

#define FULL "10 times, then 2\nfull: 0 of 100 MiB left, card 100\nfreed: 100 of 100 MiB left, card 0\n"
/* The fourth growth of 32 MiB would pass the limit. What was allocated by it is freed, and goes back to the card at once. */
#define FULL_POOL "9 times, then 2\nfull: 10 of 100 MiB left, card 90\nfreed: 100 of 100 MiB left, card 0\n"

static void buffers(void)
{
    expect("buffer", FULL);
}

static void stream_ordered(void)
{
    expect("async", FULL_POOL);
}

static void per_thread(void)
{
    expect("async_per_thread", FULL_POOL);
}

static void own_pool(void)
{
    expect("pool", FULL_POOL);
}

static void freed_otherwise(void)
{
    expect("async_then_plain_free", FULL_POOL);
}

static void freed_in_order(void)
{
    expect("plain_then_async_free", FULL);
}

static void mappings(void)
{
    expect("mapped", FULL);
}

static void arrays(void)
{
    expect("array", FULL);
}

static void flat_arrays(void)
{
    expect("flat_array", FULL);
}

/* Each is charged whole slabs, and takes a little less. */
static void mipmaps(void)
{
    expect("mipmap", "7 times, then 2\nfull: 2 of 100 MiB left, card 98\nfreed: 100 of 100 MiB left, card 0\n");
}

static void idle_pools(void)
{
    expect_pools("idle_pool", "idle: 4 of 100 MiB left, card 96\n"
                              "again: 4 of 100 MiB left, card 96\n"
                              "buffer: 2 of 100 MiB left, card 98\n");
}

static void first_interface(void)
{
    static const char *const ways[] = {"buffer_v1", "pitch_v1", "array_v1", "flat_array_v1"};
    one_share();
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        compare(ways[i], FULL);
    compare("told_v1", "100 of 100 MiB left, 100\n");
}

static void pending(void)
{
    expect_pools("pending_idle", "again: 2\n"
                                 "refused: 10 of 100 MiB left, card 90\n"
                                 "buffer beside: 6 of 100 MiB left, card 94\n"
                                 "waited: 32 of 100 MiB left, card 68\n");
}

#define OF_THE_OTHER "too large: 2\nthe current card: 100 of 100 MiB left, card 0\nthe other: 18 of 50 MiB left, card 32\n"

static void two_cards(void)
{
    char card[64];
    one_share();
    client_write_card(1, MIB(8192), card);
    fixture_share("c/b", card, MIB(50));
}

static void expect_of_the_other(const char *kind)
{
    two_cards();
    compare_client("test/clients/pools", kind, OF_THE_OTHER);
}

static void current_card(void)
{
    two_cards();
    compare("current_card", " 0:100 0:50 0:100 0:50 0:100 0:50 0:100 0:50 0:100 0:50\n");
}

static void of_another_cards_pool(void)
{
    expect_of_the_other("other_pool_idle");
}

static void of_another_cards_stream(void)
{
    expect_of_the_other("other_stream_idle");
}

static void refused_beside_a_capture(void)
{
    expect_pools("beside_capture", "refused: 2, captured: 0, 1 node\nfreed: 100 of 100 MiB left, card 0\n");
}

static void several_pools(void)
{
    expect_pools("several_pools_idle", "one: 2\nother: 2\nrefused: 10 of 100 MiB left, card 90\n");
}

static void pools_that_keep_less(void)
{
    expect_pools("keeps_less", "kept: 36 of 100 MiB left, card 64\ngiven back: 100 of 100 MiB left, card 0\n");
}

static void destroyed_pools(void)
{
    expect_pools("destroyed_pool", "destroyed: 36 of 100 MiB left, card 40\nfreed: 100 of 100 MiB left, card 0\n");
}

static void retained_handles(void)
{
    expect("retained", "mapped twice: 60 of 100 MiB left, card 40\n"
                       "half of a mapping: 1, of nothing: 1\n"
                       "held by a handle: 60 of 100 MiB left, card 40\n"
                       "released: 100 of 100 MiB left, card 0\n");
}

static void imports(void)
{
    expect_import("imported", "imported: 20 of 100 MiB left, card 80\nfreed: 100 of 100 MiB left, card 0\n");
}

static void external(void)
{
    expect_import("external", "external: 100 of 100 MiB left, card 0\n"
                       "multicast: 40 of 100 MiB left, card 60\n"
                       "freed: 100 of 100 MiB left, card 0\n");
}

static void imported_pools(void)
{
    expect_import("imported_pool", "imported: 36 of 100 MiB left, card 64\nfreed: 100 of 100 MiB left, card 0\n");
}

static void threads(void)
{
    expect_pools("threads", "done: 100 of 100 MiB left, card 0\n");
}

static void waited(void)
{
    expect_pools("waited", "not waited: 36 of 100 MiB left, card 64\n"
                           "for an event: 100 of 100 MiB left, card 0\n"
                           "not waited: 36 of 100 MiB left, card 64\n"
                           "for a context: 100 of 100 MiB left, card 0\n");
}

static void ended_contexts(void)
{
    expect("ended", "reset: 100 of 100 MiB left, card 0\n"
                    "reset while retained twice: 100 of 100 MiB left, card 0\n"
                    "released: 100 of 100 MiB left, card 0\n"
                    "in a second context: 60 of 100 MiB left, card 40\n"
                    "destroyed: 100 of 100 MiB left, card 0\n");
}

static void host_memory(void)
{
    expect("host", "pinned: 100 of 100 MiB left, card 0\n");
}

static const struct test tests[] = {
    {"kinds: buffers", buffers},
    {"kinds: memory in the order of a stream", stream_ordered},
    {"kinds: the same by the per-thread default stream", per_thread},
    {"kinds: a pool of the program's own", own_pool},
    {"kinds: memory of a stream freed by cuMemFree", freed_otherwise},
    {"kinds: buffers freed in the order of a stream", freed_in_order},
    {"kinds: memory by handle, kept by its mapping alone", mappings},
    {"kinds: arrays", arrays},
    {"kinds: flat arrays", flat_arrays},
    {"kinds: mipmapped arrays", mipmaps},
    {"kinds: what a pool does not use goes to others", idle_pools},
    {"kinds: memory by the first binary interface, and what it tells", first_interface},
    {"kinds: a pool whose frees are pending is not over the limit after a refusal", pending},
    {"kinds: what is left is told of the card in use, however it came to be that", current_card},
    {"kinds: memory from the pool of another card is of that card's share", of_another_cards_pool},
    {"kinds: memory in a stream of another card is of that card's share", of_another_cards_stream},
    {"kinds: a pool that outgrows what is left does not spoil a graph that is captured", refused_beside_a_capture},
    {"kinds: pools that outgrow what is left give it back at once", several_pools},
    {"kinds: a pool that is told to keep less gives it back", pools_that_keep_less},
    {"kinds: a destroyed pool stays charged until its memory is freed", destroyed_pools},
    {"kinds: handles retained by address, and ranges of several mappings", retained_handles},
    {"kinds: what is imported is charged to nobody here", imports},
    {"kinds: external memory and multicast are charged to nobody", external},
    {"kinds: what is imported with a pool is charged to nobody here", imported_pools},
    {"kinds: waiting for an event or a context settles pools", waited},
    {"kinds: every way to end a context frees what is left in it", ended_contexts},
    {"kinds: host memory is never refused by the share", host_memory},
    {"kinds: threads that use one pool at once", threads},
};

int main(void)
{
    return RUN_TESTS(tests);
}
