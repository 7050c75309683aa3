/* Covers: cards.c and card_order.c: whose limit it is. A card keeps its own by its UUID, whichever cards CUDA shows a process, in
 * whatever order and under whatever names, and whatever index NVML gives them; in a managed container and outside of one. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client.h"
#include "fixture.h"

#define FILL "samples/fill-until-refused"
#define SAID 4096

/* Card 0 is limited to 64 MiB, card 1, the fastest, to 32, and card 2 is whole: 16 MiB. */
static char uuids[3][64];
static const char *shares;

static void set(const char *name, const char *value)
{
    CHECK(setenv(name, value, 1) == 0);
}

static void write_cards(void)
{
    client_write_fast_card(0, MIB(512), 56, uuids[0]);
    client_write_fast_card(1, MIB(512), 108, uuids[1]);
    client_write_fast_card(2, MIB(16), 56, uuids[2]);
}

static void limit_by_pages(void)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/shares", fixture_folder());
    CHECK(mkdir(path, 0755) == 0);
    fixture_share("shares/a", uuids[1], MIB(32));
    fixture_share("shares/b", uuids[0], MIB(64));
    shares = path;
}

static void limit_by_environment(void)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/cache", fixture_folder());
    set("CUDA_DEVICE_MEMORY_SHARED_CACHE", path);
    set("CUDA_DEVICE_MEMORY_LIMIT_0", "64m");
    set("CUDA_DEVICE_MEMORY_LIMIT_1", "32m");
    shares = client_standalone;
}

/* What the program that fills every card says, in the order of CUDA: card by card "<index> <MiB>". */
static void expect_order(const char *visible, const char *order, const char *expected)
{
    char said[SAID], seen[128] = "";
    CHECK((visible ? setenv("CUDA_VISIBLE_DEVICES", visible, 1) : unsetenv("CUDA_VISIBLE_DEVICES")) == 0);
    CHECK((order ? setenv("CUDA_DEVICE_ORDER", order, 1) : unsetenv("CUDA_DEVICE_ORDER")) == 0);
    struct client client = client_start(shares, FILL, NULL);
    (void)client_end(&client, said, sizeof said);
    unsigned index, mib, total;
    for (const char *line = said; line && sscanf(line, "card %*u GPU-%x-%*[^ ] allocated %u MiB of %u", &index, &mib, &total) == 3;) {
        sprintf(seen + strlen(seen), "%u %u,", index, mib);
        CHECK(mib == total);
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    if (strcmp(seen, expected) != 0)
        fprintf(stderr, "%s, %s: expected %s saw %s of %s\n", visible ? visible : "-", order ? order : "-", expected, seen, said);
    CHECK(strcmp(seen, expected) == 0);
}

static void expect_all_orders(void)
{
    char list[160];
    expect_order(NULL, NULL, "1 32,0 64,2 16,");
    expect_order(NULL, "PCI_BUS_ID", "0 64,1 32,2 16,");
    expect_order("0", NULL, "1 32,");
    expect_order("0", "PCI_BUS_ID", "0 64,");
    expect_order("2,1", "PCI_BUS_ID", "2 16,1 32,");
    expect_order("1,2,0", "FASTEST_FIRST", "0 64,2 16,1 32,");
    expect_order("2,-1,0", "PCI_BUS_ID", "2 16,");
    expect_order("1,9,0", "PCI_BUS_ID", "1 32,");
    expect_order("1,x", "PCI_BUS_ID", "1 32,");
    snprintf(list, sizeof list, "%s,%.12s,GPU-7,%.12s", uuids[1], uuids[0], uuids[2]);
    expect_order(list, NULL, "1 32,0 64,");
    expect_order("GPU-00000001,0", NULL, "1 32,");
    expect_order("GPU-00000001,1", NULL, "1 32,0 64,");
}

static void a_share_stays_with_its_card(void)
{
    write_cards();
    limit_by_pages();
    expect_all_orders();
}

static void a_limit_by_index_stays_with_its_card(void)
{
    write_cards();
    limit_by_environment();
    expect_all_orders();
}

static void expect_both_apis(const char *visible, const char *first, const char *second, const char *last)
{
    char said[SAID], expected[512];
    CHECK(setenv("CUDA_VISIBLE_DEVICES", visible, 1) == 0);
    struct client client = client_start(shares, "test/clients/both_apis", NULL);
    CHECK(client_end(&client, said, sizeof said) == 0);
    snprintf(expected, sizeof expected, "%s%s%s", first, second, last);
    if (strcmp(said, expected) != 0)
        fprintf(stderr, "expected:\n%ssaw:\n%s", expected, said);
    CHECK(strcmp(said, expected) == 0);
}

/* NVML first, and CUDA with another first card than NVML's: so frameworks begin. */
static void expect_nvml_before_cuda(void)
{
    set("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    expect_both_apis("1", "nvml GPU-00000000: 0 of 64 MiB\nnvml GPU-00000001: 0 of 32 MiB\nnvml GPU-00000002: 0 of 16 MiB\n",
                     "cuda 0: got 32 MiB, was told 32 of 32 MiB\n",
                     "nvml GPU-00000000: 0 of 64 MiB\nnvml GPU-00000001: 32 of 32 MiB\nnvml GPU-00000002: 0 of 16 MiB\n");
}

static void a_share_holds_who_asks_nvml_before_cuda(void)
{
    write_cards();
    limit_by_pages();
    expect_nvml_before_cuda();
}

static void a_limit_by_index_holds_who_asks_nvml_before_cuda(void)
{
    write_cards();
    limit_by_environment();
    expect_nvml_before_cuda();
}

/* An instance is of its card, in both APIs: CUDA's first UUID and NVML's parent say which. */
static void a_limit_of_a_card_holds_its_mig_instance(void)
{
    char instance[64];
    client_write_mig_card(0, MIB(128), uuids[0], instance);
    limit_by_environment();
    const char *before = "nvml GPU-00000000: 0 of 64 MiB\nnvml MIG-00000100: 0 of 64 MiB\n", *got = "cuda 0: got 64 MiB, was told 64 of 64 MiB\n";
    const char *after = "nvml GPU-00000000: 64 of 64 MiB\nnvml MIG-00000100: 64 of 64 MiB\n";
    expect_both_apis(instance, before, got, after);
    expect_both_apis("MIG-00000100", before, got, after);
    expect_both_apis("MIG-GPU-00000000-0000-0000-0000-00000000beef/0/0,0", before, got, after);
    expect_both_apis("0", before, got, after);
}

static const struct test tests[] = {
    {"visible: a share stays with its card", a_share_stays_with_its_card},
    {"visible: a limit by index stays with its card", a_limit_by_index_stays_with_its_card},
    {"visible: a share holds who asks NVML before CUDA", a_share_holds_who_asks_nvml_before_cuda},
    {"visible: a limit by index holds who asks NVML before CUDA", a_limit_by_index_holds_who_asks_nvml_before_cuda},
    {"visible: a limit of a card holds its MIG instance", a_limit_of_a_card_holds_its_mig_instance},
};

int main(void)
{
    return RUN_TESTS(tests);
}
