/* Covers: a share's cores, through the whole library before whole programs, on the simulated driver, whose work takes time: every way to
 * launch, and programs that wait for each other, end, become others or are killed. Of time only this is asked: not more than the share may have. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLIENT "test/clients/launches"
#include "held.h"

#define PERCENT 20

static void expect(const char *way, const char *line)
{
    expect_in(container(PERCENT, HAMI_CORES_FORCE, 0), way, line);
}

/* What it says that it had, against the limit, what may be saved up (50 ms) and what may be in flight (10 ms). False: the machine did not let
 * it have even its limit. */
static bool expect_at_most(const char *said, double percent)
{
    unsigned units, unit_us;
    unsigned long long us;
    said = strncmp(said, "ends\n", 5) == 0 ? said + 5 : said; /* of a child */
    CHECK(sscanf(said, "%u units of %u us in %llu us", &units, &unit_us, &us) == 3);
    double had = (double)units * unit_us, most = (double)us * percent / 100 + 60000;
    if (had > most)
        fprintf(stderr, "%.0f us, at most %.0f: %s", had, most, said);
    CHECK(units > 0 && had <= most);
    return had >= (double)us * percent / 100;
}

static void expect_held(const char *way)
{
    char said[SAID];
    run(container(PERCENT, HAMI_CORES_FORCE, 0), way, said);
    bool reached = expect_at_most(said, PERCENT);
    const struct hami_usage *usage = fixture_open("c/a").usage;
    uint64_t held_back = 0, launches = 0;
    for (unsigned i = 0; i < HAMI_SLOTS; i++) {
        held_back += usage->slots[i].throttled_ns;
        launches += usage->slots[i].launches;
    }
    CHECK(launches > 0 && (held_back > 0 || !reached));
}

#define HELD(name, way)                                                                                                                    \
    static void name(void)                                                                                                                 \
    {                                                                                                                                      \
        expect_held(way);                                                                                                                  \
    }
HELD(kernels_are_held, "kernel")
HELD(the_default_stream_is_held, "default")
HELD(a_program_that_synchronizes_is_held, "synchronized")
HELD(the_default_stream_of_a_thread_is_held, "ptsz")
HELD(cooperative_kernels_are_held, "cooperative")
HELD(kernels_by_configuration_are_held, "ex")
HELD(graphs_are_held, "graph")
HELD(graphs_in_the_default_stream_of_a_thread_are_held, "graph_ptsz")
HELD(graphs_that_allocate_are_held, "memory")
HELD(threads_are_held, "threads")
HELD(a_program_whose_child_goes_on_is_held, "fork")

/* What a share was charged, against what ran on its card: most of it, and not more than the limit, what may be saved up and what may be in flight. */
static void expect_charged(const char *share, unsigned units, unsigned long long us, unsigned percent)
{
    double charged_us = (double)fixture_open(share).usage->predicted_ns / 1e3, ran_us = units * 1000.0;
    if (charged_us < ran_us * 0.6 || charged_us > ran_us * 1.4 || ran_us > (double)us * percent / 100 + 60000)
        fprintf(stderr, "%s: charged %.0f of %.0f us in %llu\n", share, charged_us, ran_us, us);
    CHECK(charged_us >= ran_us * 0.6 && charged_us <= ran_us * 1.4 && ran_us <= (double)us * percent / 100 + 60000);
}

static void each_of_two_cards_is_held_to_its_own_cores(void)
{
    char said[SAID], other[64];
    unsigned units[2];
    unsigned long long us;
    const char *shares = container(40, HAMI_CORES_FORCE, 0);
    client_write_card(1, MIB(1024), other);
    fixture_share("c/b", other, MIB(512));
    fixture_limit_cores("c/b", 10, HAMI_CORES_FORCE, 1, 0);
    struct client client = client_start(shares, "test/clients/launches", "cards", "500", NULL);
    CHECK(client_end(&client, said, sizeof said) == 0);
    CHECK(sscanf(said, "%u and %u units of 1000 us in %llu us", &units[0], &units[1], &us) == 3);
    expect_charged("c/a", units[0], us, 40);
    expect_charged("c/b", units[1], us, 10);
}

static void captures_are_whole_and_cost_nothing(void)
{
    expect("captures", "captured beside 61\n");
}

static void streams_that_wait_for_each_other_go_on(void)
{
    expect("events", "in turns: 120\n");
}

static void a_stream_that_waits_for_what_is_launched_later_goes_on(void)
{
    expect("values", "written: 10 of 80\n");
}

static void a_thread_that_waits_for_each_launch_lets_the_next_one_go(void)
{
    expect("waiter", "seen by another: 60\n");
}

static void a_graph_that_is_updated_is_another_unit(void)
{
    expect("update", "updated: few\n");
}

static void streams_that_wait_for_the_host_go_on(void)
{
    expect("host", "called back: 60 of 60\n");
}

static void processes_that_wait_for_each_other_go_on(void)
{
    expect("processes", "passed on: 120\n");
}

static void contexts_may_end_with_work_in_them(void)
{
    expect("contexts", "contexts: 80\n");
}

static void modules_may_end_and_their_functions_come_again(void)
{
    expect("modules", "modules: 40\n");
}

static void a_program_may_end_with_work_in_flight(void)
{
    expect("ends", "ends\n");
}

static void a_program_may_end_while_a_thread_waits(void)
{
    expect("beside", "ends\n");
}

static void a_child_may_end_that_was_forked_while_a_thread_waits(void)
{
    expect("forks", "ends\n");
}

static void a_program_ends_when_its_own_threads_have(void)
{
    expect("first", "ends\n");
}

static void a_program_may_become_another(void)
{
    expect("exec", "ends\nends\n");
}

static void nothing_is_held_where_the_policy_is_disable(void)
{
    char said[SAID];
    run(container(1, HAMI_CORES_DISABLE, 0), "kernel", said);
    CHECK(fixture_open("c/a").usage->predicted_ns == 0);
}

/* As long as the container runs: so nothing that could change stands between the program and the driver. */
static void where_nothing_can_be_limited_launches_are_the_drivers_own(void)
{
    char said[SAID];
    const char *shares = container(0, HAMI_CORES_DEFAULT, HAMI_LIMITS_FIXED_CORES);
    run(shares, "functions", said);
    CHECK(strcmp(said, "cuLaunchKernel: libcuda.so.1, libcuda.so.1\ncuGraphLaunch: libvgpu.so, libvgpu.so\n"
                       "cuStreamBeginCapture_v2: libcuda.so.1, libcuda.so.1\ncuMemAlloc_v2: libvgpu.so, libvgpu.so\n") == 0);
    fixture_limit_cores("c/a", 0, HAMI_CORES_DEFAULT, 1, 0);
    run(shares, "functions", said);
    CHECK(strcmp(said, "cuLaunchKernel: libvgpu.so, libvgpu.so\ncuGraphLaunch: libvgpu.so, libvgpu.so\n"
                       "cuStreamBeginCapture_v2: libvgpu.so, libvgpu.so\ncuMemAlloc_v2: libvgpu.so, libvgpu.so\n") == 0);
    fixture_limit_cores("c/a", 50, HAMI_CORES_DEFAULT, 1, HAMI_LIMITS_FIXED_CORES);
    run(shares, "functions", said);
    CHECK(strncmp(said, "cuLaunchKernel: libvgpu.so, libvgpu.so\n", 39) == 0);
}

/* What the share owes: a process that the machine keeps from seeing its work end looks late, and lets the others launch, on credit. */
static double owed_us(const char *name)
{
    struct pages pages = fixture_open(name);
    int64_t credit_ns = pages.usage->credit_ns;
    pages_close(&pages);
    return credit_ns < 0 ? (double)-credit_ns / 1e3 : 0;
}

static void processes_of_a_share_have_its_cores_together(void)
{
    char said[SAID];
    unsigned units, sum = 0;
    unsigned long long us, longest = 0;
    struct client clients[3];
    const char *shares = container(PERCENT, HAMI_CORES_FORCE, 0);
    for (int i = 0; i < 3; i++)
        clients[i] = client_start(shares, "test/clients/launches", "kernel", "500", NULL);
    for (int i = 0; i < 3; i++) {
        CHECK(client_end(&clients[i], said, sizeof said) == 0 && sscanf(said, "%u units of 1000 us in %llu us", &units, &us) == 2);
        sum += units;
        longest = us > longest ? us : longest;
    }
    double most = (double)longest * PERCENT / 100 + 60000 + 3 * 6000 + owed_us("c/a"); /* each may have in flight what it may */
    if (sum * 1000.0 > most)
        fprintf(stderr, "%u ms of %llu, at most %.0f\n", sum, longest / 1000, most / 1000);
    CHECK(sum > 0 && sum * 1000.0 <= most);
}

/* Two containers that have shares of one card, with these cores. */
static void neighbours(const char *shares[2], uint32_t first_percent, uint32_t second_percent)
{
    static char path[2][PATH_MAX];
    client_write_card(0, MIB(1024), card);
    for (int i = 0; i < 2; i++) {
        snprintf(path[i], sizeof path[i], "%s/%c", fixture_folder(), "xy"[i]);
        CHECK(mkdir(path[i], 0755) == 0);
        shares[i] = path[i];
        fixture_share(i ? "y/a" : "x/a", card, MIB(256));
        fixture_limit_cores(i ? "y/a" : "x/a", i ? second_percent : first_percent, HAMI_CORES_DEFAULT, 1, 0);
    }
    fixture_seat("x/a", NULL, 0);
    fixture_seat("y/a", "x/a", 1);
}

/* By the policy `default`: each is held, since the other is at work. */
static void neighbours_take_turns_and_keep_to_their_cores(void)
{
    char said[2][SAID];
    const char *shares[2];
    struct client clients[2];
    neighbours(shares, 20, 40);
    struct client third = client_start(shares[1], "test/clients/launches", "kernel", "60000", NULL);
    const struct hami_usage *usage = fixture_open("y/a").usage;
    while (!__atomic_load_n(&usage->predicted_ns, __ATOMIC_RELAXED))
        usleep(1000);
    for (int i = 0; i < 2; i++)
        clients[i] = client_start(shares[i], "test/clients/launches", "kernel", "500", NULL);
    for (int i = 0; i < 2; i++)
        CHECK(client_end(&clients[i], said[i], SAID) == 0);
    kill_and_join(third.process);
    fclose(third.output);
    (void)expect_at_most(said[0], 20);
}

/* Whoever holds the lease when it is killed: nobody waits for it for ever. */
static void a_killed_neighbour_holds_nobody_up(void)
{
    char said[SAID];
    const char *shares[2];
    neighbours(shares, 50, 50);
    const struct hami_usage *usage = fixture_open("x/a").usage;
    struct client survivor = client_start(shares[1], "test/clients/launches", "kernel", "600", NULL);
    for (int i = 0; i < 3; i++) {
        uint64_t before = __atomic_load_n(&usage->predicted_ns, __ATOMIC_RELAXED);
        struct client killed = client_start(shares[0], "test/clients/launches", "kernel", "60000", NULL);
        while (__atomic_load_n(&usage->predicted_ns, __ATOMIC_RELAXED) == before)
            usleep(1000);
        kill_and_join(killed.process);
        fclose(killed.output);
    }
    CHECK(client_end(&survivor, said, SAID) == 0);
    run(shares[0], "kernel", said);
}

static void a_killed_process_holds_nobody_up(void)
{
    char said[SAID];
    const char *shares = container(PERCENT, HAMI_CORES_FORCE, 0);
    const struct hami_usage *usage = fixture_open("c/a").usage;
    for (int i = 0; i < 3; i++) {
        struct client client = client_start(shares, "test/clients/launches", "kernel", "60000", NULL);
        while (__atomic_load_n(&usage->credit_ns, __ATOMIC_RELAXED) >= 0)
            usleep(1000);
        kill_and_join(client.process);
        fclose(client.output);
    }
    run(shares, "kernel", said);
    (void)expect_at_most(said, PERCENT);
}

static void a_change_of_cores_is_seen_by_a_running_program(void)
{
    const char *shares = container(0, HAMI_CORES_FORCE, 0);
    struct client client = client_start(shares, "test/clients/launches", "synchronized", "60000", NULL);
    fixture_limit_cores("c/a", 5, HAMI_CORES_FORCE, 1, 0);
    const struct hami_usage *usage = fixture_open("c/a").usage;
    while (__atomic_load_n(&usage->credit_ns, __ATOMIC_RELAXED) >= 0) /* it owes: so it is held */
        usleep(1000);
    kill_and_join(client.process);
    fclose(client.output);
}

int main(void)
{
    static const struct test tests[] = {
        {"launches: kernels are held", kernels_are_held},
        {"launches: the default stream is held", the_default_stream_is_held},
        {"launches: a program that synchronizes is held", a_program_that_synchronizes_is_held},
        {"launches: the default stream of a thread is held", the_default_stream_of_a_thread_is_held},
        {"launches: cooperative kernels are held", cooperative_kernels_are_held},
        {"launches: kernels by configuration are held", kernels_by_configuration_are_held},
        {"launches: graphs are held", graphs_are_held},
        {"launches: graphs in the default stream of a thread are held", graphs_in_the_default_stream_of_a_thread_are_held},
        {"launches: graphs that allocate are held", graphs_that_allocate_are_held},
        {"launches: threads are held", threads_are_held},
        {"launches: a program whose child goes on is held", a_program_whose_child_goes_on_is_held},
        {"launches: each of two cards is held to its own cores", each_of_two_cards_is_held_to_its_own_cores},
        {"launches: captures are whole and cost nothing", captures_are_whole_and_cost_nothing},
        {"launches: streams that wait for each other go on", streams_that_wait_for_each_other_go_on},
        {"launches: a stream that waits for what is launched later goes on", a_stream_that_waits_for_what_is_launched_later_goes_on},
        {"launches: a thread that waits for each launch lets the next one go", a_thread_that_waits_for_each_launch_lets_the_next_one_go},
        {"launches: a graph that is updated is another unit", a_graph_that_is_updated_is_another_unit},
        {"launches: streams that wait for the host go on", streams_that_wait_for_the_host_go_on},
        {"launches: processes that wait for each other go on", processes_that_wait_for_each_other_go_on},
        {"launches: contexts may end with work in them", contexts_may_end_with_work_in_them},
        {"launches: modules may end and their functions come again", modules_may_end_and_their_functions_come_again},
        {"launches: a program may end with work in flight", a_program_may_end_with_work_in_flight},
        {"launches: a program may end while a thread waits", a_program_may_end_while_a_thread_waits},
        {"launches: a child may end that was forked while a thread waits", a_child_may_end_that_was_forked_while_a_thread_waits},
        {"launches: a program ends when its own threads have", a_program_ends_when_its_own_threads_have},
        {"launches: a program may become another", a_program_may_become_another},
        {"launches: nothing is held where the policy is disable", nothing_is_held_where_the_policy_is_disable},
        {"launches: where nothing can be limited they are the driver's own", where_nothing_can_be_limited_launches_are_the_drivers_own},
        {"launches: processes of a share have its cores together", processes_of_a_share_have_its_cores_together},
        {"launches: neighbours take turns and keep to their cores", neighbours_take_turns_and_keep_to_their_cores},
        {"launches: a killed neighbour holds nobody up", a_killed_neighbour_holds_nobody_up},
        {"launches: a killed process holds nobody up", a_killed_process_holds_nobody_up},
        {"launches: a change of cores is seen by a running program", a_change_of_cores_is_seen_by_a_running_program},
    };
    return RUN_TESTS(tests);
}
