/* Covers: libvgpu.so as a container has it, before whole programs on the simulated driver: limits by every way to a function, many
 * processes and shares at once, death, reports, and programs that must not notice it. */
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "fixture.h"

#define FILL "samples/fill-until-refused"
#define SAID 4096
#define ANSWERS (4u << 20)

static char card[64];

/* A container: a folder of shares, one below the fixture's. */
static const char *container(const char *name)
{
    static char path[4][PATH_MAX];
    static int next;
    char *chosen = path[next++ % 4];
    snprintf(chosen, PATH_MAX, "%s/%s", fixture_folder(), name);
    CHECK(mkdir(chosen, 0755) == 0);
    return chosen;
}

static void one_card(uint64_t memory_bytes)
{
    client_write_card(0, memory_bytes, card);
}

static void expect_fill(const char *shares, const char *expected, int expected_status)
{
    char said[SAID];
    struct client client = client_start(shares, FILL, NULL);
    int status = client_end(&client, said, sizeof said);
    if (!strstr(said, expected) || status != expected_status)
        fprintf(stderr, "expected \"%s\" and %d, got %d: %s", expected, expected_status, status, said);
    CHECK(strstr(said, expected) && status == expected_status);
}

static void a_linked_program_is_refused_at_its_limit(void)
{
    one_card(MIB(8192));
    const char *shares = container("c");
    fixture_share("c/a", card, MIB(3072));
    expect_fill(shares, "allocated 3072 MiB of 3072 MiB (rounded to 2 MiB), then refused: CUDA_ERROR_OUT_OF_MEMORY", 0);
    CHECK(fixture_open("c/a").usage->word.used_bytes == 0);
}

static void an_odd_limit_is_kept_to_the_slab(void)
{
    one_card(MIB(8192));
    const char *shares = container("c");
    fixture_share("c/a", card, MIB(1001));
    expect_fill(shares, "allocated 1000 MiB of 1001 MiB", 0);
}

static void without_shares_the_library_changes_nothing(void)
{
    one_card(MIB(512));
    expect_fill(container("c"), "allocated 512 MiB of 512 MiB", 0);
    expect_fill("/nonexistent", "allocated 512 MiB of 512 MiB", 0);
    expect_fill(NULL, "allocated 512 MiB of 512 MiB", 0);
}

static void expect_lookup(const char *way)
{
    char said[SAID];
    one_card(MIB(8192));
    const char *shares = container(way);
    char share[64];
    snprintf(share, sizeof share, "%s/a", way);
    fixture_share(share, card, MIB(64));
    struct client client = client_start(shares, "test/clients/lookup", way, NULL);
    int status = client_end(&client, said, sizeof said);
    const char *expected = "allocated 64 of 64 (64) MiB, 0 left\n"
                           "full: pitch 2, managed 2\n"
                           "free 0, again 1\n"
                           "a slab: pitch 0, managed 2\n"
                           "64 left in a new context\n";
    if (strcmp(said, expected) != 0)
        fprintf(stderr, "%s: %d %s", way, status, said);
    CHECK(status == 0 && strcmp(said, expected) == 0);
}

static void every_way_to_a_function_is_held_to_the_limit(void)
{
    expect_lookup("dlsym");
    expect_lookup("resolver1");
    expect_lookup("resolver2");
}

static void a_context_that_ends_gives_its_memory_back(void)
{
    char said[SAID];
    one_card(MIB(8192));
    const char *shares = container("c");
    fixture_share("c/a", card, MIB(64));
    struct client client = client_start(shares, "test/clients/primary", NULL);
    CHECK(client_end(&client, said, sizeof said) == 0);
    CHECK(strcmp(said, "allocated: 34 of 64 MiB left\n"
                       "released once: 34 of 64 MiB left\n"
                       "released twice: 54 of 64 MiB left\n"
                       "child: 3\n"
                       "after the child: 54 of 64 MiB left\n") == 0);
}

static uint64_t allocated(const char *said)
{
    const char *number = strstr(said, "allocated ");
    CHECK(number);
    return strtoull(number + strlen("allocated "), NULL, 10);
}

/* The line that a client says first; it lives on. */
static void listen_to(struct client *client, char said[SAID])
{
    CHECK(fgets(said, SAID, client->output));
}

static void processes_of_one_share_fill_it_together(void)
{
    enum { COUNT = 4 };
    char said[SAID];
    struct client clients[COUNT];
    uint64_t sum = 0;
    one_card(MIB(8192));
    const char *shares = container("c");
    fixture_share("c/a", card, MIB(1000));
    for (int i = 0; i < COUNT; i++)
        clients[i] = client_start(shares, FILL, "--hold", "60", NULL);
    for (int i = 0; i < COUNT; i++) {
        listen_to(&clients[i], said);
        sum += allocated(said);
    }
    CHECK(sum == 1000 && fixture_open("c/a").usage->word.used_bytes == MIB(1000));
    CHECK(fixture_sum_of_charges(fixture_open("c/a").usage) == MIB(1000));
    for (int i = 0; i < COUNT; i++)
        kill_and_join(clients[i].process);
    expect_fill(shares, "allocated 1000 MiB of 1000 MiB", 0);
    CHECK(fixture_open("c/a").usage->word.used_bytes == 0);
}

/* Peers that come and go, in any order, leave the others' places and what these hold. */
static void peers_that_end_hide_nothing_of_those_that_live(void)
{
    char said[SAID];
    struct client peers[4];
    one_card(MIB(8192));
    const char *shares = container("c");
    fixture_share("c/a", card, MIB(1000));
    for (int i = 0; i < 4; i++) {
        peers[i] = client_start(shares, FILL, "--mib", "200", "--hold", "60", NULL);
        listen_to(&peers[i], said);
    }
    kill_and_join(peers[0].process);
    kill_and_join(peers[2].process);
    expect_fill(shares, "allocated 600 MiB of 1000 MiB beside 400 MiB in use", 0);
    expect_fill(shares, "allocated 600 MiB of 1000 MiB beside 400 MiB in use", 0);
    CHECK(fixture_open("c/a").usage->word.used_bytes == MIB(400));
    CHECK(fixture_sum_of_charges(fixture_open("c/a").usage) == MIB(400));
    kill_and_join(peers[1].process);
    kill_and_join(peers[3].process);
}

static void neighbours_on_a_card_keep_theirs(void)
{
    char said[SAID];
    one_card(MIB(2048));
    const char *first = container("first"), *second = container("second");
    fixture_share("first/a", card, MIB(1536));
    fixture_share("second/a", card, MIB(512));
    struct client neighbour = client_start(first, FILL, "--hold", "60", NULL);
    listen_to(&neighbour, said);
    CHECK(allocated(said) == 1536);
    expect_fill(second, "allocated 512 MiB of 512 MiB", 0);
    kill_and_join(neighbour.process);
    expect_fill(first, "allocated 1536 MiB of 1536 MiB", 0);
}

static void shares_of_one_card_in_one_container_add_up(void)
{
    one_card(MIB(8192));
    const char *shares = container("c");
    fixture_share("c/a", card, MIB(1000));
    fixture_share("c/b", card, MIB(500));
    expect_fill(shares, "allocated 1500 MiB of 1500 MiB", 0);
}

static void a_share_limits_its_own_card_by_uuid(void)
{
    char said[SAID], other[64];
    one_card(MIB(512));
    client_write_card(1, MIB(256), other);
    const char *shares = container("c");
    fixture_share("c/a", other, MIB(100));
    struct client client = client_start(shares, FILL, NULL);
    CHECK(client_end(&client, said, sizeof said) == 0);
    CHECK(strstr(said, "card 0 GPU-00000000-0000-0000-0000-00000000beef: allocated 512 MiB of 512 MiB"));
    CHECK(strstr(said, "card 1 GPU-00000001-0000-0000-0000-00000000beef: allocated 100 MiB of 100 MiB"));
}

static void a_damaged_page_refuses_all_and_says_so_once(void)
{
    char said[SAID];
    const char wrong = 1;
    one_card(MIB(512));
    const char *shares = container("c");
    fixture_share("c/a", card, MIB(100));
    fixture_scribble("c/a", "usage", 0, &wrong, 1);
    struct client client = client_start(shares, FILL, NULL);
    CHECK(client_end(&client, said, sizeof said) == 0);
    const char *first = strstr(said, "libvgpu: ");
    CHECK(first && !strstr(first + 1, "libvgpu: ") && strstr(said, "c/a/usage: not a page of this kind; "));
    CHECK(strstr(said, "allocated 0 MiB of 0 MiB"));
}

static void nvml_tells_of_the_share(void)
{
    char said[SAID];
    one_card(MIB(8192));
    const char *shares = container("c");
    fixture_share("c/a", card, MIB(1000));
    struct client holder = client_start(shares, FILL, "--mib", "600", "--hold", "60", NULL);
    listen_to(&holder, said);
    struct client client = client_start(shares, "sim/nvidia-smi", "--query-gpu=memory.total,memory.used,memory.free",
                                        "--format=csv,noheader,nounits", NULL);
    CHECK(client_end(&client, said, sizeof said) == 0);
    if (strcmp(said, "1000, 600, 400\n") != 0)
        fprintf(stderr, "nvidia-smi said: %s", said);
    CHECK(strcmp(said, "1000, 600, 400\n") == 0);
    kill_and_join(holder.process);
}

static void nvml_lists_the_processes_of_the_container(void)
{
    char said[SAID], expected[128];
    one_card(MIB(8192));
    const char *own = container("own"), *other = container("other");
    fixture_share("own/a", card, MIB(500));
    fixture_share("own/b", card, MIB(500));
    fixture_share("other/a", card, MIB(1000));
    struct client neighbour = client_start(other, FILL, "--mib", "300", "--hold", "60", NULL);
    struct client holder = client_start(own, FILL, "--mib", "600", "--hold", "60", NULL);
    struct client dead = client_start(own, FILL, "--mib", "100", "--hold", "60", NULL);
    listen_to(&neighbour, said);
    listen_to(&holder, said);
    listen_to(&dead, said);
    kill_and_join(dead.process);
    struct client smi = client_start(own, "sim/nvidia-smi", NULL);
    CHECK(client_end(&smi, said, sizeof said) == 0);
    snprintf(expected, sizeof expected, "GPU 0: process %d holds 600 MiB\n", holder.process);
    const char *first = strstr(said, "GPU 0: process");
    if (!first || strcmp(first, expected) != 0)
        fprintf(stderr, "nvidia-smi said: %s", said);
    CHECK(first && strcmp(first, expected) == 0);
    kill_and_join(holder.process);
    kill_and_join(neighbour.process);
}

static void bystanders_notice_nothing(void)
{
    char with[SAID], without[SAID];
    const char wrong = 1;
    one_card(MIB(512));
    const char *shares = container("c");
    fixture_share("c/a", card, MIB(100));
    fixture_scribble("c/a", "usage", 0, &wrong, 1); /* which would be told, were it looked at */
    struct client shell = client_start(shares, "/bin/sh", "-c", "echo said; exit 7", NULL);
    CHECK(client_end(&shell, with, sizeof with) == 7 && strcmp(with, "said\n") == 0);
    struct client hooked = client_start(shares, "test/clients/bystander", NULL);
    struct client plain = client_start(NULL, "test/clients/bystander", NULL);
    CHECK(client_end(&hooked, with, sizeof with) == 0 && client_end(&plain, without, sizeof without) == 0);
    CHECK(strcmp(with, without) == 0 && strstr(with, "cuInit not found, and an error") && strstr(with, "by version not found"));
}

/* Whether libvgpu.so exports it. */
static bool is_wrapped(const char *symbol, size_t length)
{
    static void *library;
    char name[128], path[PATH_MAX];
    client_interceptor(path);
    CHECK(library || (library = dlopen(path, RTLD_NOW | RTLD_LOCAL)));
    snprintf(name, sizeof name, "%.*s", (int)length, symbol);
    return length && dlsym(library, name);
}

/* One line of answers with "libcuda.so.1 <wrapped symbol>" turned into "libvgpu.so <wrapped symbol>". */
static bool expect_line(const char *line, char *expected, size_t room)
{
    const char *library = strstr(line, "libcuda.so.1 ");
    const char *symbol = library ? library + strlen("libcuda.so.1 ") : "";
    if (!is_wrapped(symbol, strcspn(symbol, ",\n"))) {
        snprintf(expected, room, "%s", line);
        return false;
    }
    snprintf(expected, room, "%.*slibvgpu.so %s", (int)(library - line), line, symbol);
    return true;
}

static void answers_are_the_drivers_but_for_wrapped_ones(void)
{
    static char plain_line[512], hooked_line[512], expected[512];
    long lines = 0, replaced = 0;
    one_card(MIB(512));
    const char *shares = container("c");
    fixture_share("c/a", card, MIB(100));
    fixture_limit_cores("c/a", 0, HAMI_CORES_DEFAULT, 1, HAMI_LIMITS_COPIES); /* so that copies have their wrappers too */
    struct client plain = client_start(NULL, "test/clients/answers", NULL);
    struct client hooked = client_start(shares, "test/clients/answers", NULL);
    for (; fgets(plain_line, sizeof plain_line, plain.output); lines++) {
        CHECK(fgets(hooked_line, sizeof hooked_line, hooked.output));
        replaced += expect_line(plain_line, expected, sizeof expected);
        if (strcmp(hooked_line, expected) != 0)
            fprintf(stderr, "without: %swith:    %s", plain_line, hooked_line);
        CHECK(strcmp(hooked_line, expected) == 0);
    }
    CHECK(!fgets(hooked_line, sizeof hooked_line, hooked.output));
    join(plain.process);
    join(hooked.process);
    CHECK(lines > 20000 && replaced > 200);
}

static const struct test tests[] = {
    {"library: a linked program is refused at its limit", a_linked_program_is_refused_at_its_limit},
    {"library: an odd limit is kept to the slab", an_odd_limit_is_kept_to_the_slab},
    {"library: without shares it changes nothing", without_shares_the_library_changes_nothing},
    {"library: dlsym and both cuGetProcAddress are held to the limit", every_way_to_a_function_is_held_to_the_limit},
    {"library: a context that ends gives its memory back", a_context_that_ends_gives_its_memory_back},
    {"library: processes of one share fill it together", processes_of_one_share_fill_it_together},
    {"library: peers that end hide nothing of those that live", peers_that_end_hide_nothing_of_those_that_live},
    {"library: neighbours on a card keep theirs", neighbours_on_a_card_keep_theirs},
    {"library: shares of one card in one container add up", shares_of_one_card_in_one_container_add_up},
    {"library: a share limits its own card, by UUID", a_share_limits_its_own_card_by_uuid},
    {"library: a damaged page refuses all, and says so once", a_damaged_page_refuses_all_and_says_so_once},
    {"library: NVML tells of the share", nvml_tells_of_the_share},
    {"library: NVML lists the processes of the container, with what they hold", nvml_lists_the_processes_of_the_container},
    {"library: bystanders notice nothing", bystanders_notice_nothing},
    {"library: every other answer of the resolvers is the driver's", answers_are_the_drivers_but_for_wrapped_ones},
};

/* All of it, in each way that the library is delivered. */
int main(void)
{
    static const enum delivery deliveries[] = {PRELOAD, SHIM, BOTH};
    int failed = 0;
    for (size_t i = 0; i < sizeof deliveries / sizeof *deliveries; i++) {
        client_deliver(deliveries[i]);
        failed |= RUN_TESTS(tests);
    }
    return failed;
}
