/* Covers: standalone.c, own_pages.c and the choice between environment and pages (shares.c), before whole programs on the
 * simulated driver: what the environment of a container says that no node has made. */
#include <grp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "fixture.h"

#define FILL "samples/fill-until-refused"
#define SAID 4096

static char first[64], second[64];

static void two_cards(uint64_t first_bytes, uint64_t second_bytes)
{
    client_write_card(0, first_bytes, first);
    client_write_card(1, second_bytes, second);
}

static void set(const char *name, const char *value)
{
    CHECK(setenv(name, value, 1) == 0);
}

static const char *cache(const char *name)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", fixture_folder(), name);
    set("CUDA_DEVICE_MEMORY_SHARED_CACHE", path);
    return path;
}

static int ends(struct client client, char said[SAID])
{
    return client_end(&client, said, SAID);
}

static void expect_words(const char *said, va_list words)
{
    for (const char *word; (word = va_arg(words, const char *));) {
        if (!strstr(said, word))
            fprintf(stderr, "expected \"%s\" in: %s", word, said);
        CHECK(strstr(said, word));
    }
}

/* Run the program that fills each card; what it says has all of the words. They end with NULL. */
static void expect_fill(const char *shares, ...)
{
    char said[SAID];
    va_list words;
    CHECK(ends(client_start(shares, FILL, NULL), said) == 0);
    va_start(words, shares);
    expect_words(said, words);
    va_end(words);
}

static void filled(char text[128], const char *uuid, int mib, int of_mib)
{
    snprintf(text, 128, "%s: allocated %d MiB of %d MiB (rounded to 2 MiB), then refused", uuid, mib, of_mib);
}

static void expect_mib(int first_mib, int first_of, int second_mib, int second_of)
{
    char one[128], other[128];
    filled(one, first, first_mib, first_of);
    filled(other, second, second_mib, second_of);
    expect_fill(client_standalone, one, other, NULL);
}

static void one_limit_holds_each_card(void)
{
    two_cards(MIB(512), MIB(256));
    cache("c");
    set("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    expect_mib(100, 100, 100, 100);
}

static void cards_have_limits_of_their_own(void)
{
    two_cards(MIB(512), MIB(256));
    cache("c");
    set("CUDA_DEVICE_MEMORY_LIMIT_1", "65536k");
    expect_mib(512, 512, 64, 64);
    cache("d");
    set("CUDA_DEVICE_MEMORY_LIMIT", "0");
    set("CUDA_DEVICE_MEMORY_LIMIT_0", "134217728");
    expect_mib(128, 128, 64, 64);
    cache("e");
    set("CUDA_DEVICE_MEMORY_LIMIT", "32M");
    set("CUDA_DEVICE_MEMORY_LIMIT_0", "0");
    expect_mib(32, 32, 64, 64);
}

static void without_limits_the_cards_are_whole_and_no_file_is_made(void)
{
    char path[PATH_MAX];
    two_cards(MIB(512), MIB(256));
    snprintf(path, sizeof path, "%s.%s", cache("c"), first);
    expect_mib(512, 512, 256, 256);
    set("CUDA_DEVICE_MEMORY_LIMIT", "0");
    expect_mib(512, 512, 256, 256);
    CHECK(access(path, F_OK) != 0);
}

static void a_limit_above_the_card_leaves_what_the_card_has(void)
{
    char said[SAID];
    client_write_card(0, MIB(256), first);
    cache("c");
    set("CUDA_DEVICE_MEMORY_LIMIT", "1g");
    (void)ends(client_start(client_standalone, FILL, NULL), said);
    CHECK(strstr(said, "allocated 256 MiB of 1024 MiB"));
}

static void expect_refusal(const char *name, const char *value, const char *line)
{
    char said[SAID];
    set(name, value);
    CHECK(ends(client_start(client_standalone, FILL, NULL), said) == 0);
    const char *told = strstr(said, "libvgpu: ");
    if (!told || !strstr(said, line))
        fprintf(stderr, "expected \"%s\" in: %s", line, said);
    CHECK(told && strstr(said, line) && !strstr(told + 1, "libvgpu: "));
    CHECK(strstr(said, "allocated 0 MiB of 0 MiB") && !strstr(said, "512 MiB") && !strstr(said, "256 MiB"));
    CHECK(ends(client_start(client_standalone, "sim/nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits", NULL),
               said) == 0);
    CHECK(strstr(said, line) && strstr(said, "0\n0\n"));
    CHECK(unsetenv(name) == 0);
}

static void what_is_malformed_refuses_all_and_is_told_in_one_line(void)
{
    two_cards(MIB(512), MIB(256));
    cache("c");
    expect_refusal("CUDA_DEVICE_MEMORY_LIMIT", "2Gi",
                   "libvgpu: CUDA_DEVICE_MEMORY_LIMIT=2Gi: must be a whole number of bytes, or of k, m or g (1024 based), such as 3072m; 0: no limit; "
                   "all allocations of this process are refused\n");
    expect_refusal("CUDA_DEVICE_MEMORY_LIMIT_1", "1.5g", "libvgpu: CUDA_DEVICE_MEMORY_LIMIT_1=1.5g: must be a whole number");
    expect_refusal("CUDA_DEVICE_MEMORY_LIMIT_x", "1g",
                   "libvgpu: CUDA_DEVICE_MEMORY_LIMIT_x=1g: names a card by a number that is none from 0 to 63");
    expect_refusal("CUDA_DEVICE_SM_LIMIT", "30%", "libvgpu: CUDA_DEVICE_SM_LIMIT=30%: must be a percentage from 0 to 100");
    expect_refusal("CUDA_OVERSUBSCRIBE", "true",
                   "libvgpu: CUDA_OVERSUBSCRIBE=true: asks for more memory than the cards have, which is not given");
    expect_refusal("CUDA_DEVICE_MEMORY_SHARED_CACHE", "cache", "libvgpu: CUDA_DEVICE_MEMORY_SHARED_CACHE=cache: must be an absolute path");
    expect_refusal("LIBCUDA_LOG_LEVEL", "debug", "libvgpu: LIBCUDA_LOG_LEVEL=debug: must be a number from 0");
}

static void pages_that_cannot_be_made_refuse_all(void)
{
    two_cards(MIB(512), MIB(256));
    set("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    expect_refusal("CUDA_DEVICE_MEMORY_SHARED_CACHE", "/nonexistent/cache",
                   "libvgpu: /nonexistent/cache.GPU-00000000-0000-0000-0000-00000000beef: cannot be made; all allocations of this process are refused; "
                   "name a writable place by CUDA_DEVICE_MEMORY_SHARED_CACHE");
}

static void damaged_pages_refuse_all(void)
{
    char said[SAID], page[PATH_MAX];
    const char wrong = 1;
    client_write_card(0, MIB(512), first);
    cache("c");
    set("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    expect_fill(client_standalone, "allocated 100 MiB of 100 MiB", NULL);
    snprintf(page, sizeof page, "c.%s", first);
    fixture_scribble(page, "usage", 0, &wrong, 1);
    CHECK(ends(client_start(client_standalone, FILL, NULL), said) == 0);
    CHECK(strstr(said, "/usage: not a page of this kind; ") && strstr(said, "allocated 0 MiB of 0 MiB"));
}

static void cores_are_held_beside_memory(void)
{
    unsigned units;
    unsigned long long us;
    char said[SAID];
    client_write_card(0, MIB(1024), first);
    cache("c");
    set("CUDA_DEVICE_SM_LIMIT", "20");
    set("CUDA_DEVICE_MEMORY_LIMIT", "512m");
    CHECK(ends(client_start(client_standalone, "test/clients/launches", "kernel", NULL), said) == 0);
    CHECK(sscanf(said, "%u units of 1000 us in %llu us", &units, &us) == 2);
    CHECK(units > 0 && units * 1000.0 <= (double)us * 0.2 + 60000); /* what may be saved up, and be in flight */
}

static void cores_without_memory_are_not_held_and_it_is_said(void)
{
    char said[SAID];
    client_write_card(0, MIB(256), first);
    cache("c");
    set("CUDA_DEVICE_SM_LIMIT", "30");
    expect_fill(client_standalone, "libvgpu: CUDA_DEVICE_SM_LIMIT: is held only beside a limit of memory; set CUDA_DEVICE_MEMORY_LIMIT too\n",
                "allocated 256 MiB of 256 MiB", NULL);
    set("LIBCUDA_LOG_LEVEL", "1");
    CHECK(ends(client_start(client_standalone, FILL, NULL), said) == 0 && !strstr(said, "libvgpu"));
    set("LIBCUDA_LOG_LEVEL", "3");
    set("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    expect_fill(client_standalone, "-00000000beef: 104857600 bytes; ", NULL);
}

static void nvml_and_cuda_tell_of_the_limit(void)
{
    char said[SAID], expected[128];
    two_cards(MIB(512), MIB(256));
    cache("c");
    set("CUDA_DEVICE_MEMORY_LIMIT_0", "100m");
    struct client holder = client_start(client_standalone, FILL, "--mib", "60", "--hold", "60", NULL);
    CHECK(fgets(said, SAID, holder.output));
    CHECK(ends(client_start(client_standalone, "sim/nvidia-smi", "--query-gpu=memory.total,memory.used,memory.free",
                            "--format=csv,noheader,nounits", NULL),
               said) == 0);
    CHECK(strncmp(said, "100, 60, 40\n256, ", strlen("100, 60, 40\n256, ")) == 0);
    CHECK(ends(client_start(client_standalone, "sim/nvidia-smi", NULL), said) == 0);
    snprintf(expected, sizeof expected, "GPU 0: process %d holds 60 MiB\n", holder.process);
    CHECK(strstr(said, expected));
    CHECK(ends(client_start(client_standalone, "test/clients/lookup", "dlsym", NULL), said) == 0);
    CHECK(strncmp(said, "allocated 40 of 100 (100) MiB, 0 left\n", strlen("allocated 40 of 100 (100) MiB, 0 left\n")) == 0);
    kill_and_join(holder.process);
}

static unsigned long allocated(struct client *client)
{
    char said[SAID];
    CHECK(fgets(said, sizeof said, client->output));
    const char *number = strstr(said, "allocated ");
    CHECK(number);
    return strtoul(number + strlen("allocated "), NULL, 10);
}

/* All start at once, and all find that there are no pages yet. */
static void processes_of_one_cache_make_its_pages_once_and_fill_them_together(void)
{
    enum { COUNT = 8 };
    struct client clients[COUNT];
    unsigned long sum = 0;
    client_write_card(0, MIB(8192), first);
    cache("c");
    set("CUDA_DEVICE_MEMORY_LIMIT", "1000m");
    for (int i = 0; i < COUNT; i++)
        clients[i] = client_start(client_standalone, FILL, "--hold", "60", NULL);
    for (int i = 0; i < COUNT; i++)
        sum += allocated(&clients[i]);
    CHECK(sum == 1000);
    for (int i = 0; i < COUNT; i++)
        kill_and_join(clients[i].process);
    expect_fill(client_standalone, "allocated 1000 MiB of 1000 MiB", NULL); /* the killed were refunded */
}

static void another_cache_is_another_share(void)
{
    client_write_card(0, MIB(512), first);
    set("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    cache("c");
    struct client holder = client_start(client_standalone, FILL, "--hold", "60", NULL);
    CHECK(allocated(&holder) == 100);
    cache("d");
    expect_fill(client_standalone, "allocated 100 MiB of 100 MiB", NULL);
    kill_and_join(holder.process);
}

static void other_limits_are_refused_while_somebody_is_held_to_the_first(void)
{
    char said[SAID];
    client_write_card(0, MIB(512), first);
    cache("c");
    set("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    struct client holder = client_start(client_standalone, FILL, "--mib", "2", "--hold", "60", NULL);
    CHECK(allocated(&holder) == 2);
    set("CUDA_DEVICE_MEMORY_LIMIT", "200m");
    CHECK(ends(client_start(client_standalone, FILL, NULL), said) == 0);
    CHECK(strstr(said, "/limits: holds other limits than the environment says, for processes that run; "));
    CHECK(strstr(said, "allocated 0 MiB of 0 MiB"));
    kill_and_join(holder.process);
    expect_fill(client_standalone, "allocated 200 MiB of 200 MiB", NULL);
    set("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    expect_fill(client_standalone, "allocated 100 MiB of 100 MiB", NULL);
}

static void fill_as_nobody(void *as)
{
    char said[SAID];
    CHECK(setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
    (void)ends(client_start(client_standalone, FILL, NULL), said);
    if (!strstr(said, as))
        fprintf(stderr, "expected \"%s\" in: %s", (const char *)as, said);
    CHECK(strstr(said, as));
}

static void users_share_pages_whoever_made_them(void)
{
    char said[SAID], card_path[PATH_MAX];
    if (getuid() != 0) { /* there is only one user to be */
        client_write_card(0, MIB(512), first);
        return;
    }
    umask(077);
    client_write_card(0, MIB(512), first);
    snprintf(card_path, sizeof card_path, "%s/hami-sim0", fixture_folder());
    CHECK(chmod(fixture_folder(), 0777) == 0 && chmod(card_path, 0666) == 0);
    set("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    cache("c");
    struct client holder = client_start(client_standalone, FILL, "--mib", "60", "--hold", "60", NULL);
    CHECK(allocated(&holder) == 60);
    join(start(fill_as_nobody, "allocated 40 MiB of 100 MiB"));
    kill_and_join(holder.process);
    cache("d");
    join(start(fill_as_nobody, "allocated 100 MiB of 100 MiB"));
    CHECK(ends(client_start(client_standalone, FILL, NULL), said) == 0 && strstr(said, "allocated 100 MiB of 100 MiB"));
}

/* Programs that the driver gives no libnvidia-ml. */
static void without_nvml_limits_by_index_are_refused_and_others_hold(void)
{
    char said[SAID], cuda[PATH_MAX], program[PATH_MAX], folder[PATH_MAX], search[PATH_MAX + 32];
    client_write_card(0, MIB(512), first);
    cache("c");
    snprintf(folder, sizeof folder, "%s/cuda-alone", fixture_folder());
    snprintf(search, sizeof search, "LD_LIBRARY_PATH=%s", folder);
    client_path(cuda, "sim/libcuda.so.1");
    client_path(program, FILL);
    CHECK(mkdir(folder, 0755) == 0 && chdir(folder) == 0 && symlink(cuda, "libcuda.so.1") == 0);
    set("CUDA_DEVICE_MEMORY_LIMIT_0", "100m");
    CHECK(ends(client_start(client_standalone, "/usr/bin/env", search, program, NULL), said) == 0);
    CHECK(strstr(said, "NVML does not tell which index a card has; ") && strstr(said, "allocated 0 MiB of 0 MiB"));
    CHECK(unsetenv("CUDA_DEVICE_MEMORY_LIMIT_0") == 0);
    set("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    CHECK(ends(client_start(client_standalone, "/usr/bin/env", search, program, NULL), said) == 0);
    CHECK(strstr(said, "allocated 100 MiB of 100 MiB"));
}

/* Of a container that a node has made. */
static void a_managed_container_reads_no_environment(void)
{
    char said[SAID], shares[PATH_MAX];
    client_write_card(0, MIB(512), first);
    snprintf(shares, sizeof shares, "%s/shares", fixture_folder());
    CHECK(mkdir(shares, 0755) == 0);
    cache("c");
    set("CUDA_DEVICE_MEMORY_LIMIT", "300m");
    set("CUDA_DEVICE_MEMORY_LIMIT_0", "abc");
    set("CUDA_OVERSUBSCRIBE", "true");
    set("LIBCUDA_LOG_LEVEL", "4");
    CHECK(ends(client_start(shares, FILL, NULL), said) == 0);
    CHECK(strstr(said, "allocated 512 MiB of 512 MiB") && !strstr(said, "libvgpu"));
    fixture_share("shares/a", first, MIB(100));
    CHECK(ends(client_start(shares, FILL, NULL), said) == 0);
    CHECK(strstr(said, "allocated 100 MiB of 100 MiB") && !strstr(said, "libvgpu"));
}

static const struct test tests[] = {
    {"standalone: one limit holds each card", one_limit_holds_each_card},
    {"standalone: cards have limits of their own", cards_have_limits_of_their_own},
    {"standalone: without limits the cards are whole, and no file is made", without_limits_the_cards_are_whole_and_no_file_is_made},
    {"standalone: a limit above the card leaves what the card has", a_limit_above_the_card_leaves_what_the_card_has},
    {"standalone: what is malformed refuses all, and is told in one line", what_is_malformed_refuses_all_and_is_told_in_one_line},
    {"standalone: pages that cannot be made refuse all", pages_that_cannot_be_made_refuse_all},
    {"standalone: damaged pages refuse all", damaged_pages_refuse_all},
    {"standalone: cores are held beside memory", cores_are_held_beside_memory},
    {"standalone: cores without memory are not held, and it is said", cores_without_memory_are_not_held_and_it_is_said},
    {"standalone: NVML and CUDA tell of the limit", nvml_and_cuda_tell_of_the_limit},
    {"standalone: processes of one cache make its pages once, and fill them together",
     processes_of_one_cache_make_its_pages_once_and_fill_them_together},
    {"standalone: another cache is another share", another_cache_is_another_share},
    {"standalone: other limits are refused while somebody is held to the first", other_limits_are_refused_while_somebody_is_held_to_the_first},
    {"standalone: users share pages, whoever made them", users_share_pages_whoever_made_them},
    {"standalone: without NVML limits by index are refused, and others hold", without_nvml_limits_by_index_are_refused_and_others_hold},
    {"standalone: a managed container reads no environment", a_managed_container_reads_no_environment},
};

int main(void)
{
    return RUN_TESTS(tests);
}
