/* Covers: wrap_nvml_activity.c and the process lists of wrap_nvml.c: a container with a share sees what is its own, and what the driver knows
 * of all tenants together is not told. On an NVML that tells everything, and on the simulated one. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client.h"
#include "drivers/activity.h"
#include "fixture.h"

#define FILL "samples/fill-until-refused"
#define SAID 8192

static char card[64], other[64];

static const char *container(const char *name, uint64_t memory_bytes)
{
    static char paths[4][PATH_MAX], share[64];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, PATH_MAX, "%s/%s", fixture_folder(), name);
    CHECK(mkdir(path, 0755) == 0);
    snprintf(share, sizeof share, "%s/a", name);
    fixture_share(share, card, memory_bytes);
    return path;
}

static void expect_line(const char *said, const char *name, const char *answers)
{
    char line[128];
    snprintf(line, sizeof line, "%s:%s\n", name, answers);
    if (!strstr(said, line))
        fprintf(stderr, "expected \"%s\" in:\n%s", line, said);
    CHECK(strstr(said, line));
}

/* 3: not supported, 2: the driver's own answer to a handle that it does not know. */
static void what_all_tenants_do_together_is_not_told(void)
{
    char said[SAID], driver[PATH_MAX];
    client_write_card(0, MIB(512), card);
    client_path(driver, "test/drivers/telling/libnvidia-ml.so.1");
    struct client client = client_start(container("c", MIB(100)), "test/clients/activity", driver, NULL);
    CHECK(client_end(&client, said, sizeof said) == 0);
#define EXPECT(name) expect_line(said, #name " 0", " 3 0 2");
    ACTIVITY_FUNCTIONS(EXPECT)
    static const char hidden[] = {0, 1, 1, 1, 1, 0, 0, 0, 1, 1}; /* by the kind of sample: power and clocks are told */
    for (unsigned kind = 0; kind < sizeof hidden; kind++) {
        char name[64];
        snprintf(name, sizeof name, "nvmlDeviceGetSamples %u", kind);
        expect_line(said, name, hidden[kind] ? " 3 0 2" : " 0 0 2");
    }
    expect_line(said, "gpm", " 0 0, 0 1");
}

static void without_shares_everything_is_told(void)
{
    char said[SAID], driver[PATH_MAX];
    client_path(driver, "test/drivers/telling/libnvidia-ml.so.1");
    struct client client = client_start("/nonexistent", "test/clients/activity", driver, NULL);
    CHECK(client_end(&client, said, sizeof said) == 0 && !strstr(said, ": 3 "));
    expect_line(said, "gpm", " 0 1, 0 1");
}

static void nvidia_smi_shows_the_share_and_no_utilization(void)
{
    char said[SAID];
    client_write_card(0, MIB(512), card);
    client_write_card(1, MIB(256), other);
    const char *shares = container("c", MIB(100));
    struct client smi = client_start(shares, "sim/nvidia-smi", "--query-gpu=memory.total,utilization.gpu", "--format=csv,noheader,nounits", NULL);
    CHECK(client_end(&smi, said, sizeof said) == 0 && strcmp(said, "100, [N/A]\n256, 0\n") == 0);
    smi = client_start(shares, "sim/nvidia-smi", NULL);
    CHECK(client_end(&smi, said, sizeof said) == 0 && strstr(said, "0MiB / 100MiB |  N/A |") && strstr(said, "0MiB / 256MiB |   0% |"));
}

static void hold(struct client *client)
{
    char said[SAID];
    CHECK(fgets(said, sizeof said, client->output));
}

static void a_list_with_details_has_the_processes_of_the_container_alone(void)
{
    char said[SAID], expected[256];
    client_write_card(0, MIB(512), card);
    const char *own = container("own", MIB(100)), *foreign = container("foreign", MIB(200));
    struct client neighbour = client_start(foreign, FILL, "--hold", "60", NULL);
    struct client holder = client_start(own, FILL, "--mib", "60", "--hold", "60", NULL);
    hold(&neighbour);
    hold(&holder);
    struct client client = client_start(own, "test/clients/details", NULL);
    CHECK(client_end(&client, said, sizeof said) == 0);
    snprintf(expected, sizeof expected,
             "asked for the number: 7 1\ncompute: 0 1, %d 60 MiB\ngraphics: 0 0\nmps: 0 0\nall: 0 1, %d 60 MiB\nwrong version: 2\nwrong mode: 2\n",
             holder.process, holder.process);
    if (strcmp(said, expected) != 0)
        fprintf(stderr, "expected:\n%ssaw:\n%s", expected, said);
    CHECK(strcmp(said, expected) == 0);
    kill_and_join(neighbour.process);
    kill_and_join(holder.process);
}

static const struct test tests[] = {
    {"nvml: what all tenants do together is not told", what_all_tenants_do_together_is_not_told},
    {"nvml: without shares everything is told", without_shares_everything_is_told},
    {"nvml: nvidia-smi shows the share, and no utilization", nvidia_smi_shows_the_share_and_no_utilization},
    {"nvml: a list with details has the processes of the container alone", a_list_with_details_has_the_processes_of_the_container_alone},
};

int main(void)
{
    return RUN_TESTS(tests);
}
