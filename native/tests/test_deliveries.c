/* Covers: what each delivery holds: the ways by which a program reaches a driver, drivers that are unlike the simulated one behind a
 * shim, and shims that have no driver behind them. docs/deliveries.md says the same in words. */
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "client.h"
#include "crc32.h"
#include "fixture.h"

#define REACH "test/clients/reach"
#define CARD_MIB 128
#define LIMIT_MIB 64
#define SAID 4096

static const char *container(void)
{
    static char path[PATH_MAX], card[64];
    client_write_card(0, MIB(CARD_MIB), card);
    snprintf(path, sizeof path, "%s/c", fixture_folder());
    CHECK(mkdir(path, 0755) == 0);
    fixture_share("c/a", card, MIB(LIMIT_MIB));
    return path;
}

/* A file beside the interceptor. */
static const char *beside(const char *name)
{
    static char path[PATH_MAX];
    client_interceptor(path);
    strcpy(strrchr(path, '/') + 1, name);
    return path;
}

static const char *linked(void)
{
    static char path[PATH_MAX];
    client_path(path, "test/clients/linked.so");
    return path;
}

static int reach(const char *shares, const char *way, const char *driver, char said[SAID])
{
    struct client client = client_start(shares, REACH, way, driver, NULL);
    return client_end(&client, said, SAID);
}

static void expect_mib(const char *way, const char *driver, int expected_mib)
{
    char said[SAID], expected[64];
    snprintf(expected, sizeof expected, "got %d MiB\n", expected_mib);
    int status = reach(container(), way, driver, said);
    if (status != 0 || strcmp(said, expected) != 0)
        fprintf(stderr, "expected %s%d %s", expected, status, said);
    CHECK(status == 0 && strcmp(said, expected) == 0);
}

static void preload_does_not_hold_a_deeply_bound_library(void)
{
    client_deliver(PRELOAD);
    expect_mib("deepbind", linked(), CARD_MIB);
}

static void a_shim_holds_a_deeply_bound_library(void)
{
    client_deliver(SHIM);
    expect_mib("deepbind", linked(), LIMIT_MIB);
}

static void both_hold_a_deeply_bound_library(void)
{
    client_deliver(BOTH);
    expect_mib("deepbind", linked(), LIMIT_MIB);
}

static void preload_does_not_hold_a_world_of_its_own(void)
{
    client_deliver(PRELOAD);
    expect_mib("dlmopen", "libcuda.so.1", CARD_MIB);
}

static void a_shim_holds_a_world_of_its_own(void)
{
    client_deliver(SHIM);
    expect_mib("dlmopen", "libcuda.so.1", LIMIT_MIB);
}

static void both_hold_a_world_of_its_own(void)
{
    client_deliver(BOTH);
    expect_mib("dlmopen", "libcuda.so.1", LIMIT_MIB);
}

static void a_shim_is_reached_by_soname(void)
{
    client_deliver(SHIM);
    expect_mib("dlopen", "libcuda.so.1", LIMIT_MIB);
}

static void a_shim_is_reached_by_absolute_path(void)
{
    client_deliver(SHIM);
    expect_mib("dlopen", beside("shim/libcuda.so.1"), LIMIT_MIB);
}

/* As the copy of a newer driver in an image does: no shim stands at its place. */
static void another_copy_of_the_driver_passes_a_shim_by(void)
{
    char path[PATH_MAX];
    client_path(path, "sim/libcuda.so.1");
    client_deliver(SHIM);
    expect_mib("dlopen", path, CARD_MIB);
}

static void both_hold_another_copy_of_the_driver(void)
{
    char path[PATH_MAX];
    client_path(path, "sim/libcuda.so.1");
    client_deliver(BOTH);
    expect_mib("dlopen", path, LIMIT_MIB);
}

static void expect_refusal(enum delivery delivery, const char *answer, int expected_status)
{
    char said[SAID], folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", beside("shim-itself/driver"));
    client_deliver_before(delivery, "shim-itself", folder);
    int status = reach(container(), "dlopen", "libcuda.so.1", said);
    const char *line = strstr(said, "libcuda.so.1: is the shim itself and no driver; ");
    if (!line || status != expected_status)
        fprintf(stderr, "%d: %s", status, said);
    CHECK(status == expected_status && line && !strstr(line + 1, "libvgpu: ") && strstr(said, answer));
}

static void a_shim_before_itself_gives_nothing_and_says_so(void)
{
    expect_refusal(SHIM, "cuInit answered 500, got -1 MiB\n", 0);
}

static void both_before_the_shim_itself_find_nothing_and_say_so(void)
{
    expect_refusal(BOTH, "cuInit was not found\n", 1);
}

static void make_strict(void)
{
    struct hami_limits_record record = {.version = 1, .memory_bytes = MIB(LIMIT_MIB), .flags = HAMI_LIMITS_STRICT};
    record.crc = crc32_of(&record, offsetof(struct hami_limits_record, crc));
    fixture_scribble("c/a", "limits", offsetof(struct hami_limits, places[1]), &record, sizeof record);
}

static void expect_ways(const char *shares, enum delivery delivery, const char *driver, const char *const *lines)
{
    char said[SAID], shims[64], folder[64];
    snprintf(shims, sizeof shims, "shim-%s", driver);
    snprintf(folder, sizeof folder, "test/drivers/%s", driver);
    client_deliver_before(delivery, shims, folder);
    struct client client = client_start(shares, "test/clients/ways", "libcuda.so.1", NULL);
    CHECK(client_end(&client, said, SAID) == 0);
    for (; *lines; lines++) {
        if (!strstr(said, *lines))
            fprintf(stderr, "expected \"%s\" in:\n%s", *lines, said);
        CHECK(strstr(said, *lines));
    }
}

static void a_function_of_a_newer_driver_is_found_behind_a_shim(void)
{
    static const char *const lines[] = {"handle cuMemAlloc_v2: libvgpu.so cuMemAlloc_v2, no error\n",
                                        "handle cuFutureAlloc: libcuda.so.1 cuFutureAlloc, no error\n",
                                        "resolved cuMemAlloc: 0 libvgpu.so cuMemAlloc_v2, 0 0 libvgpu.so cuMemAlloc_v2\n",
                                        "resolved cuFutureAlloc: 0 libcuda.so.1 cuFutureAlloc, 0 0 libcuda.so.1 cuFutureAlloc\n", NULL};
    expect_ways(container(), SHIM, "future", lines);
}

static void an_older_driver_behind_a_shim_answers_for_what_it_lacks(void)
{
    static const char *const lines[] = {"handle cuMemAlloc_v2: libvgpu.so cuMemAlloc_v2, no error\n",
                                        "handle cuMemAlloc: nowhere, not found\n",
                                        "resolved cuMemAlloc: 500 nowhere, 500 ", NULL};
    expect_ways(container(), SHIM, "old", lines);
}

static void both_do_not_find_what_an_older_driver_lacks(void)
{
    static const char *const lines[] = {"handle cuMemAlloc_v2: libvgpu.so cuMemAlloc_v2, no error\n",
                                        "handle cuGetProcAddress: nowhere, not found\n", NULL};
    expect_ways(container(), BOTH, "old", lines);
}

static void strict_limits_behind_a_shim_deny_what_the_resolver_gives(void)
{
    static const char *const lines[] = {"handle cuFutureAlloc: libcuda.so.1 cuFutureAlloc, no error\n",
                                        "resolved cuFutureAlloc: 500 nowhere, 0 1 nowhere\n", NULL};
    const char *shares = container();
    make_strict();
    expect_ways(shares, SHIM, "future", lines);
}

static void strict_limits_of_both_deny_every_way(void)
{
    static const char *const lines[] = {"handle cuFutureAlloc: nowhere, strict\n", "resolved cuFutureAlloc: 500 nowhere, 0 1 nowhere\n", NULL};
    const char *shares = container();
    make_strict();
    expect_ways(shares, BOTH, "future", lines);
}

static const struct test tests[] = {
    {"deliveries: a preloaded library does not hold one that is bound deeply", preload_does_not_hold_a_deeply_bound_library},
    {"deliveries: it holds a library that is bound deeply", a_shim_holds_a_deeply_bound_library},
    {"deliveries: both hold a library that is bound deeply", both_hold_a_deeply_bound_library},
    {"deliveries: a preloaded library does not hold a world of its own", preload_does_not_hold_a_world_of_its_own},
    {"deliveries: it holds a world of its own", a_shim_holds_a_world_of_its_own},
    {"deliveries: both hold a world of its own", both_hold_a_world_of_its_own},
    {"deliveries: it is reached by soname", a_shim_is_reached_by_soname},
    {"deliveries: it is reached by absolute path", a_shim_is_reached_by_absolute_path},
    {"deliveries: another copy of the driver passes it by", another_copy_of_the_driver_passes_a_shim_by},
    {"deliveries: both hold another copy of the driver", both_hold_another_copy_of_the_driver},
    {"deliveries: one before itself gives nothing, and says so once", a_shim_before_itself_gives_nothing_and_says_so},
    {"deliveries: both before the shim itself find nothing, and say so once", both_before_the_shim_itself_find_nothing_and_say_so},
    {"deliveries: a function of a newer driver is found behind it", a_function_of_a_newer_driver_is_found_behind_a_shim},
    {"deliveries: strict limits behind a shim deny what the resolver would give", strict_limits_behind_a_shim_deny_what_the_resolver_gives},
    {"deliveries: strict limits of both deny every way", strict_limits_of_both_deny_every_way},
    {"deliveries: an older driver behind it answers for what it lacks", an_older_driver_behind_a_shim_answers_for_what_it_lacks},
    {"deliveries: both do not find what an older driver lacks", both_do_not_find_what_an_older_driver_lacks},
};

int main(void)
{
    return RUN_TESTS(tests);
}
