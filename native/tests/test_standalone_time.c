/* Covers: what the environment of a container without a node's mounts says of the cards' time (standalone.c), before whole programs on the
 * simulated driver. Of time only this is asked: not more than the limit. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "fixture.h"

#define SAID 4096

static char first[64], second[64];

static void set(const char *name, const char *value)
{
    CHECK(setenv(name, value, 1) == 0);
}

static void cache(const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", fixture_folder(), name);
    set("CUDA_DEVICE_MEMORY_SHARED_CACHE", path);
}

static void run(char said[SAID], struct client client)
{
    CHECK(client_end(&client, said, SAID) == 0);
}

/* What the program that fills each card says. */
static void fill(char said[SAID])
{
    run(said, client_start(client_standalone, "samples/fill-until-refused", NULL));
}

static struct hami_limits_record record_of(const char *folder)
{
    struct hami_limits_record record;
    struct pages pages = fixture_open(folder);
    CHECK(pages_read_limits(&pages, &record));
    return record;
}

static void cores_and_how_they_bind_go_into_pages_of_their_own(void)
{
    char said[SAID];
    client_write_card(0, MIB(512), first);
    client_write_card(1, MIB(256), second);
    cache("c");
    set("CUDA_DEVICE_SM_LIMIT_1", "30");
    set("GPU_CORE_UTILIZATION_POLICY", "FORCE");
    set("CUDA_TASK_PRIORITY", "0");
    set("HAMI_COPIES", "charged");
    fill(said);
    CHECK(strstr(said, "allocated 512 MiB of 512 MiB") && strstr(said, "allocated 256 MiB of 256 MiB"));
    run(said, client_start(client_standalone, "sim/nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits", NULL));
    CHECK(strstr(said, "512\n256\n"));
    snprintf(said, sizeof said, "c.%s", second);
    struct hami_limits_record record = record_of(said);
    CHECK(record.cores_percent == 30 && record.policy == HAMI_CORES_FORCE && record.priority == 0 && record.weight == 100);
    CHECK(record.flags == HAMI_LIMITS_COPIES);
    CHECK(record.memory_bytes == UINT64_MAX);
    snprintf(said, sizeof said, "%s/c.%s", fixture_folder(), first);
    CHECK(access(said, F_OK) != 0);
}

/* What a unit of work takes is a millisecond; beside the limit are what may be saved up and what is in flight. */
static void cores_are_held_whatever_else_is_on_the_card(void)
{
    char said[SAID];
    unsigned units, unit_us;
    unsigned long long us;
    client_write_card(0, MIB(256), first);
    cache("c");
    set("CUDA_DEVICE_SM_LIMIT", "20");
    run(said, client_start(client_standalone, "test/clients/launches", "kernel", "500", NULL));
    CHECK(sscanf(said, "%u units of %u us in %llu us", &units, &unit_us, &us) == 3);
    CHECK(units > 0 && (unsigned long long)units * unit_us <= us / 5 + 60000);
}

static void what_limits_a_card_is_told_to_whoever_asks(void)
{
    char said[SAID];
    client_write_card(0, MIB(256), first);
    cache("c");
    set("CUDA_DEVICE_SM_LIMIT", "30");
    fill(said);
    CHECK(!strstr(said, "libvgpu"));
    set("LIBCUDA_LOG_LEVEL", "3");
    fill(said);
    CHECK(strstr(said, "-00000000beef: all memory, 30 percent of its time; "));
    set("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    fill(said);
    CHECK(strstr(said, "-00000000beef: 104857600 bytes, 30 percent of its time; "));
}

static const struct test tests[] = {
    {"standalone: cores, and how they bind, go into pages of their own", cores_and_how_they_bind_go_into_pages_of_their_own},
    {"standalone: cores are held, whatever else is on the card", cores_are_held_whatever_else_is_on_the_card},
    {"standalone: what limits a card is told to whoever asks", what_limits_a_card_is_told_to_whoever_asks},
};

int main(void)
{
    return RUN_TESTS(tests);
}
