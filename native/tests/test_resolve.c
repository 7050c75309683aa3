/* Covers: how libvgpu.so finds and replaces functions of drivers that are unlike the simulated one: older than cuGetProcAddress, with
 * functions that it does not know, loaded by absolute path. */
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "client.h"
#include "crc32.h"
#include "fixture.h"

#define OLD "test/drivers/old/libcuda.so.1"
#define FUTURE "test/drivers/future/libcuda.so.1"
#define SAID 4096

/* What the client says of the ways to a driver's functions. */
static void ways(const char *shares, const char *driver, char said[SAID])
{
    char path[PATH_MAX];
    client_path(path, driver);
    struct client client = client_start(shares, "test/clients/ways", path, NULL);
    CHECK(client_end(&client, said, SAID) == 0);
}

static void expect(const char *said, const char *line)
{
    if (!strstr(said, line))
        fprintf(stderr, "expected \"%s\" in:\n%s", line, said);
    CHECK(strstr(said, line));
}

static const char *container(void)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/c", fixture_folder());
    CHECK(mkdir(path, 0755) == 0);
    fixture_share("c/a", "GPU-00000000-0000-0000-0000-00000000beef", MIB(64));
    return path;
}

static void make_strict(const char *name)
{
    struct hami_limits_record record = {.version = 1, .memory_bytes = MIB(64), .flags = HAMI_LIMITS_STRICT};
    record.crc = crc32_of(&record, offsetof(struct hami_limits_record, crc));
    fixture_scribble(name, "limits", offsetof(struct hami_limits, places[1]), &record, sizeof record);
}

static void a_driver_without_a_resolver_is_wrapped_by_symbol(void)
{
    char said[SAID];
    ways(container(), OLD, said);
    expect(said, "handle cuInit: libvgpu.so cuInit, no error\n");
    expect(said, "handle cuMemAlloc_v2: libvgpu.so cuMemAlloc_v2, no error\n");
    expect(said, "handle cuMemAlloc: nowhere, not found\n");
    expect(said, "handle cuGetProcAddress: nowhere, not found\n"); /* which we have, and the driver has not */
    expect(said, "default cuMemAlloc_v2: libvgpu.so cuMemAlloc_v2, no error\n");
    CHECK(!strstr(said, "resolved"));
}

static void an_address_that_only_the_resolver_gives_is_wrapped_too(void)
{
    char said[SAID];
    ways(container(), FUTURE, said);
    expect(said, "handle cuMemAlloc_v2: libvgpu.so cuMemAlloc_v2, no error\n");
    expect(said, "resolved cuMemAlloc: 0 libvgpu.so cuMemAlloc_v2, 0 0 libvgpu.so cuMemAlloc_v2\n");
    expect(said, "resolved cuMemAlloc_v2: 500 nowhere, 0 1 nowhere\n");
}

static void an_unknown_function_passes_and_is_counted(void)
{
    char said[SAID];
    ways(container(), FUTURE, said);
    expect(said, "handle cuFutureAlloc: libcuda.so.1 cuFutureAlloc, no error\n");
    expect(said, "resolved cuFutureAlloc: 0 libcuda.so.1 cuFutureAlloc, 0 0 libcuda.so.1 cuFutureAlloc\n");
    expect(said, "default cuFutureAlloc: nowhere, not found\n");
    CHECK(fixture_open("c/a").usage->unknown_functions == 3);
}

static void strict_limits_deny_an_unknown_function(void)
{
    char said[SAID];
    const char *shares = container();
    make_strict("c/a");
    ways(shares, FUTURE, said);
    expect(said, "handle cuFutureAlloc: nowhere, strict\n");
    expect(said, "resolved cuFutureAlloc: 500 nowhere, 0 1 nowhere\n");
    expect(said, "resolved cuMemAlloc: 0 libvgpu.so cuMemAlloc_v2, 0 0 libvgpu.so cuMemAlloc_v2\n");
    CHECK(fixture_open("c/a").usage->unknown_functions == 3);
}

static void a_container_that_is_granted_nothing_gets_no_unknown_function(void)
{
    char said[SAID];
    const char wrong = 1;
    const char *shares = container();
    fixture_scribble("c/a", "usage", 0, &wrong, 1);
    ways(shares, FUTURE, said);
    expect(said, "handle cuFutureAlloc: nowhere, strict\n");
    expect(said, "resolved cuFutureAlloc: 500 nowhere, 0 1 nowhere\n");
}

static void a_stranger_with_a_name_like_the_drivers_is_left_alone(void)
{
    char said[SAID];
    const char *shares = container();
    make_strict("c/a");
    ways(shares, FUTURE, said);
    expect(said, "default cuFutureOfOurs: ways cuFutureOfOurs, no error\n");
}

static void without_shares_unknown_functions_pass(void)
{
    char with[SAID], without[SAID];
    ways("/nonexistent", FUTURE, with);
    ways(NULL, FUTURE, without);
    expect(with, "resolved cuFutureAlloc: 0 libcuda.so.1 cuFutureAlloc, 0 0 libcuda.so.1 cuFutureAlloc\n");
    expect(without, "resolved cuFutureAlloc: 0 libcuda.so.1 cuFutureAlloc, 0 0 libcuda.so.1 cuFutureAlloc\n");
}

static const struct test tests[] = {
    {"resolve: a driver without cuGetProcAddress is wrapped by symbol", a_driver_without_a_resolver_is_wrapped_by_symbol},
    {"resolve: an address that only the driver's resolver gives is wrapped too", an_address_that_only_the_resolver_gives_is_wrapped_too},
    {"resolve: an unknown function passes and is counted", an_unknown_function_passes_and_is_counted},
    {"resolve: strict limits deny an unknown function", strict_limits_deny_an_unknown_function},
    {"resolve: a container that is granted nothing gets no unknown function", a_container_that_is_granted_nothing_gets_no_unknown_function},
    {"resolve: a stranger with a name like the driver's is left alone", a_stranger_with_a_name_like_the_drivers_is_left_alone},
    {"resolve: without shares unknown functions pass", without_shares_unknown_functions_pass},
};

int main(void)
{
    return RUN_TESTS(tests);
}
