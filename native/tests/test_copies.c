/* Covers: copies and memsets of a share whose copies are charged, and of one whose are not, through the whole library before whole programs, on the
 * simulated driver, where they take time. Of time only this is asked: not more than the share may have. */
#define CLIENT "test/clients/copies"
#include "held.h"

#define PERCENT 30

/* What the share's processes were charged and held back. */
struct sums {
    uint64_t held_back_ns, launches;
};

static struct sums sums(void)
{
    const struct hami_usage *usage = fixture_open("c/a").usage;
    struct sums sum = {0, 0};
    for (unsigned i = 0; i < HAMI_SLOTS; i++) {
        sum.held_back_ns += usage->slots[i].throttled_ns;
        sum.launches += usage->slots[i].launches;
    }
    return sum;
}

/* The card's time that was had, against the limit, what may be saved up (50 ms) and what may be in flight (10 ms). The machine may not let it have
 * even its limit. */
static void expect_held(const char *way)
{
    char said[SAID];
    unsigned units, unit_us;
    unsigned long long us;
    run(container(PERCENT, HAMI_CORES_FORCE, HAMI_LIMITS_COPIES), way, said);
    CHECK(sscanf(said, "%u units of %u us in %llu us", &units, &unit_us, &us) == 3);
    double had = (double)units * unit_us, most = (double)us * PERCENT / 100 + 60000;
    if (had > most)
        fprintf(stderr, "%s: %.0f us, at most %.0f: %s", way, had, most, said);
    CHECK(units > 0 && had <= most);
    struct sums sum = sums();
    CHECK(sum.launches > 0 && (sum.held_back_ns > 0 || had < (double)us * PERCENT / 100));
}

#define HELD(name, way)                                                                                                                    \
    static void name(void)                                                                                                                 \
    {                                                                                                                                      \
        expect_held(way);                                                                                                                  \
    }
HELD(copies_on_the_card_are_held, "on_card")
HELD(memsets_are_held, "set")
HELD(memsets_of_the_default_stream_are_held, "set_words")
HELD(copies_that_end_with_their_call_are_held, "from_card")
HELD(copies_to_the_card_are_held, "to_card")
HELD(the_default_stream_of_a_thread_is_held, "per_thread")
HELD(copies_between_addresses_are_held, "anywhere")
HELD(copies_of_any_size_are_held, "of_any_size")
HELD(functions_of_the_drivers_resolver_are_held, "resolver")

static void what_is_free_is_neither_charged_nor_held(void)
{
    char said[SAID];
    run(container(1, HAMI_CORES_FORCE, 0), "on_card", said);
    const struct hami_usage *usage = fixture_open("c/a").usage;
    struct sums sum = sums();
    CHECK(sum.held_back_ns == 0 && sum.launches == 0 && usage->predicted_ns == 0 && usage->copied_ns == 0);
}

static void one_share_of_a_card_whose_copies_are_free_frees_them(void)
{
    char said[SAID];
    const char *shares = container(1, HAMI_CORES_FORCE, HAMI_LIMITS_COPIES);
    fixture_share("c/b", card, MIB(64));
    fixture_limit_cores("c/b", 1, HAMI_CORES_FORCE, 1, 0);
    run(shares, "on_card", said);
    CHECK(sums().launches == 0 && fixture_open("c/a").usage->predicted_ns == 0);
}

static void what_is_captured_or_the_hosts_alone_is_not_charged(void)
{
    const char *shares = container(1, HAMI_CORES_FORCE, HAMI_LIMITS_COPIES);
    expect_in(shares, "captured", "captured: 600\n");
    expect_in(shares, "on_host", "on the host\n");
    CHECK(sums().launches == 0 && fixture_open("c/a").usage->predicted_ns == 0);
}

static void what_the_driver_refuses_is_not_charged(void)
{
    expect_in(container(PERCENT, HAMI_CORES_FORCE, HAMI_LIMITS_COPIES), "wrong", "1 1 801 801\n");
    CHECK(sums().launches == 0);
}

/* As long as the container runs. */
static void where_copies_are_free_they_are_the_drivers_own(void)
{
    static const char drivers[] = "cuMemcpyDtoDAsync_v2: libcuda.so.1, libcuda.so.1\ncuMemsetD32_v2: libcuda.so.1, libcuda.so.1\n"
                                  "cuMemcpyBatchAsync: libcuda.so.1, libcuda.so.1\ncuLaunchKernel: libvgpu.so, libvgpu.so\n";
    static const char ours[] = "cuMemcpyDtoDAsync_v2: libvgpu.so, libvgpu.so\ncuMemsetD32_v2: libvgpu.so, libvgpu.so\n"
                               "cuMemcpyBatchAsync: libvgpu.so, libvgpu.so\ncuLaunchKernel: libvgpu.so, libvgpu.so\n";
    static const char all[] = "cuMemcpyDtoDAsync_v2: libcuda.so.1, libcuda.so.1\ncuMemsetD32_v2: libcuda.so.1, libcuda.so.1\n"
                              "cuMemcpyBatchAsync: libcuda.so.1, libcuda.so.1\ncuLaunchKernel: libcuda.so.1, libcuda.so.1\n";
    const char *shares = container(PERCENT, HAMI_CORES_FORCE, 0);
    expect_in(shares, "functions", drivers);
    fixture_limit_cores("c/a", PERCENT, HAMI_CORES_FORCE, 1, HAMI_LIMITS_COPIES);
    expect_in(shares, "functions", ours);
    fixture_limit_cores("c/a", 0, HAMI_CORES_DEFAULT, 1, HAMI_LIMITS_COPIES);
    expect_in(shares, "functions", ours);
    fixture_limit_cores("c/a", 0, HAMI_CORES_DEFAULT, 1, HAMI_LIMITS_COPIES | HAMI_LIMITS_FIXED_CORES);
    expect_in(shares, "functions", all);
}

int main(void)
{
    static const struct test tests[] = {
        {"copies: on the card they are held", copies_on_the_card_are_held},
        {"copies: memsets are held", memsets_are_held},
        {"copies: memsets of the default stream are held", memsets_of_the_default_stream_are_held},
        {"copies: those that end with their call are held", copies_that_end_with_their_call_are_held},
        {"copies: to the card they are held", copies_to_the_card_are_held},
        {"copies: the default stream of a thread is held", the_default_stream_of_a_thread_is_held},
        {"copies: between addresses they are held", copies_between_addresses_are_held},
        {"copies: of any size they are held", copies_of_any_size_are_held},
        {"copies: functions of the driver's resolver are held", functions_of_the_drivers_resolver_are_held},
        {"copies: what is free is neither charged nor held", what_is_free_is_neither_charged_nor_held},
        {"copies: one share of a card whose copies are free frees them", one_share_of_a_card_whose_copies_are_free_frees_them},
        {"copies: what is captured or the host's alone is not charged", what_is_captured_or_the_hosts_alone_is_not_charged},
        {"copies: what the driver refuses is not charged", what_the_driver_refuses_is_not_charged},
        {"copies: where they are free they are the driver's own", where_copies_are_free_they_are_the_drivers_own},
    };
    return RUN_TESTS(tests);
}
