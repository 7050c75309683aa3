/* Covers: launches and the pages that change under them: limits that come meanwhile or are torn, other shares of the card, and words that others
 * sleep on. Through the library's own entry points, before a driver that takes time (timed_driver.h). */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cores.h"
#include "gated.h"
#include "lease.h"
#include "resolve.h"

static CUcontext shared_context;

static void *launch_one(void *unused)
{
    CHECK(resolve_cuda()->cuCtxSetCurrent(shared_context) == CUDA_SUCCESS && launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    return unused;
}

static bool a_launch_is_held_back(void)
{
    return held_back_ns() > 0;
}

static void a_launch_that_waits_goes_by_limits_that_come_meanwhile(void)
{
    pthread_t thread;
    begin(1, HAMI_CORES_FORCE);
    CHECK(resolve_cuda()->cuCtxGetCurrent(&shared_context) == CUDA_SUCCESS);
    usage->credit_ns = -1000 * (int64_t)MS; /* 100 seconds */
    CHECK(pthread_create(&thread, NULL, launch_one, NULL) == 0);
    until(a_launch_is_held_back);
    fixture_limit_cores("a", 0, HAMI_CORES_FORCE, 1, 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(timed_launches(0) == 1 && load_signed(&usage->credit_ns) < -500 * (int64_t)MS && held_back_ns() < LONG_NS);
}

static uint32_t sleeper;

static bool sleeper_is_asleep(void)
{
    char path[64], state = 0;
    snprintf(path, sizeof path, "/proc/self/task/%u/stat", load_word(&sleeper));
    FILE *file = load_word(&sleeper) ? fopen(path, "re") : NULL;
    bool read = file && fscanf(file, "%*d (%*[^)]) %c", &state) == 1;
    if (file)
        fclose(file);
    return read && state == 'S';
}

/* As a thread of another process sleeps, which has nothing but the page. */
static void *sleep_on_a_page(void *word)
{
    const struct timespec most = {.tv_sec = 20};
    store_word(&sleeper, (uint32_t)syscall(SYS_gettid));
    long woken = syscall(SYS_futex, word, FUTEX_WAIT, 0, &most);
    CHECK(woken == 0 || errno == EAGAIN);
    return NULL;
}

/* What was taken for 200 ms took 100: who owed is owed something. */
static void a_refund_wakes_other_processes(void)
{
    pthread_t thread;
    begin(1, HAMI_CORES_FORCE);
    usage->credit_ns = 20 * (int64_t)MS;
    CHECK(launch(timed_kernel(1000), NULL) == CUDA_SUCCESS);
    struct gate *gate = gate_first();
    lock_take(&gate->lock);
    costs_learn(&gate->costs, 100 * MS, cost_grid(1, 2, 3), 200 * MS);
    lock_give(&gate->lock);
    usage->credit_ns = 150 * (int64_t)MS;
    usage->futex = 0;
    CHECK(pthread_create(&thread, NULL, sleep_on_a_page, &usage->futex) == 0);
    until(sleeper_is_asleep);
    CHECK(launch(timed_kernel(100 * MS), NULL) == CUDA_SUCCESS && pthread_join(thread, NULL) == 0);
    CHECK(load_word(&usage->futex) == 1 && load_signed(&usage->credit_ns) > 0);
}

/* The share "a" in seat 0, by the policy `default`, and its card's page. */
static struct hami_card *begin_in_a_seat(void)
{
    share(10, HAMI_CORES_DEFAULT);
    fixture_seat("a", NULL, 0);
    timed_driver(1);
    timed_context(0);
    return fixture_open("a").card;
}

static struct hami_card *card_page;

static bool nobody_else_is_present(void)
{
    return !bit_is_set(card_page->present, 5);
}

/* A share of whose neighbour nothing but the page is to be seen hands it the lease: at the end of its turn, or since it launches nothing more. */
static void who_is_handed_the_lease_is_waked(void)
{
    struct hami_card *card = begin_in_a_seat();
    const uint64_t units[] = {30 * MS, MS};
    for (int i = 0; i < 2; i++) {
        pthread_t thread;
        card->seats[5] = (struct hami_seat){.active_until_ns = waits_now_ns() + 900 * MS, .cores_percent = 50, .priority = 1, .weight = 1};
        set_bit(card->active, 5);
        card->lease = 0;
        usage->credit_ns = 40 * (int64_t)MS;
        store_word(&sleeper, 0);
        CHECK(pthread_create(&thread, NULL, sleep_on_a_page, &card->seats[5].futex) == 0);
        until(sleeper_is_asleep);
        CHECK(launch(timed_kernel(units[i]), NULL) == CUDA_SUCCESS);
        CHECK(lease_holder(card) == 0);
        lease_queue(card, 5, waits_now_ns());
        CHECK(pthread_join(thread, NULL) == 0 && lease_holder(card) == 5);
    }
}

static uint32_t work_wakes;

static uint32_t work_of(struct gate *gate)
{
    lock_take(&gate->lock);
    uint32_t work = gate->work;
    lock_give(&gate->lock);
    return work;
}

static void *sleep_on_work(void *gate)
{
    const struct timespec most = {.tv_sec = 20};
    while (syscall(SYS_futex, &((struct gate *)gate)->work, FUTEX_WAIT_PRIVATE, work_of(gate), &most) != 0)
        CHECK(errno == EAGAIN);
    store_word(&work_wakes, 1);
    return NULL;
}

/* It sees work end as that ends, not when it next looks by itself. */
static void the_thread_that_sees_work_end_is_waked_for_more_of_it(void)
{
    pthread_t thread;
    begin(50, HAMI_CORES_FORCE);
    CHECK(launch(timed_kernel(1000), NULL) == CUDA_SUCCESS);
    CHECK(pthread_create(&thread, NULL, sleep_on_work, gate_first()) == 0);
    for (uint64_t end = waits_now_ns() + LONG_NS; !load_word(&work_wakes) && waits_now_ns() < end; waits_pause(MS))
        CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    CHECK(load_word(&work_wakes) && pthread_join(thread, NULL) == 0);
}

/* Its seat is locked by nobody: it is not to be taken for a neighbour for ever. */
static void a_share_that_died_without_a_limit_is_a_neighbour_no_more(void)
{
    card_page = begin_in_a_seat();
    set_bit(card_page->present, 5);
    CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    until(nobody_else_is_present);
    CHECK(bit_is_set(card_page->present, 0));
}

/* Long before it would be overdue by its largest unit. */
static void the_lease_of_a_dead_share_is_taken_by_who_waits_for_it(void)
{
    struct hami_card *card = begin_in_a_seat();
    uint64_t now = waits_now_ns();
    card->seats[5] = (struct hami_seat){.active_until_ns = now + 900 * MS, .until_ns = now, .largest_unit_ns = 1900 * MS, .cores_percent = 50,
                                        .priority = 1, .weight = 1};
    set_bit(card->active, 5);
    card->lease = UINT64_C(1) << 16 | 6;
    usage->credit_ns = 40 * (int64_t)MS;
    CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    CHECK(lease_holder(card) == 0 && !bit_is_set(card->active, 5));
}

/* As the node's write lies between its steps, or went wrong: the version is there, and its record is not. */
static void tear(const char *name)
{
    const uint64_t version = fixture_open(name).limits->version + 1;
    fixture_scribble(name, "limits", offsetof(struct hami_limits, version), &version, sizeof version);
}

static void limits_that_are_torn_leave_those_in_force(void)
{
    begin(20, HAMI_CORES_FORCE);
    CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    tear("a");
    expect_at_most(launch_for(300 * MS, timed_kernel(MS), NULL), 20);
    CHECK(gate_first()->record.cores_percent == 20 && held_back_ns() > 0);
}

/* Nor do those of one share count alone, while another's are torn. */
static void limits_of_one_share_that_are_torn_leave_those_of_all(void)
{
    share(10, HAMI_CORES_FORCE);
    fixture_share("b", TIMED_CARD, MIB(64));
    fixture_limit_cores("b", 20, HAMI_CORES_FORCE, 1, 0);
    timed_driver(1);
    timed_context(0);
    CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS && gate_first()->record.cores_percent == 30);
    fixture_limit_cores("a", 0, HAMI_CORES_FORCE, 1, 0);
    tear("b");
    CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS && gate_first()->record.cores_percent == 30);
    fixture_limit_cores("b", 20, HAMI_CORES_FORCE, 1, 0);
    CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS && gate_first()->record.cores_percent == 0);
}

/* What is done with the card's time by several shares of it, beyond their cores: the loosest of each. */
static void of_shares_of_one_card_the_loosest_terms_count(void)
{
    struct hami_limits_record sum;
    share(10, HAMI_CORES_FORCE);
    fixture_share("b", TIMED_CARD, MIB(64));
    timed_driver(1);
    fixture_limit_cores("a", 10, HAMI_CORES_FORCE, 1, HAMI_LIMITS_YIELDS | HAMI_LIMITS_FIXED_CORES);
    fixture_limit_cores("b", 95, HAMI_CORES_DEFAULT, 1, HAMI_LIMITS_FIXED_CORES);
    CHECK(cores_read(shares_card(TIMED_CARD), &sum) && sum.cores_percent == 100 && sum.policy == HAMI_CORES_DEFAULT);
    CHECK(sum.priority == 1 && sum.flags == HAMI_LIMITS_FIXED_CORES);
    fixture_limit_cores("b", 5, HAMI_CORES_DISABLE, 0, 0);
    CHECK(cores_read(shares_card(TIMED_CARD), &sum) && sum.cores_percent == 15 && sum.policy == HAMI_CORES_DISABLE);
    CHECK(sum.priority == 0 && sum.flags == 0 && sum.version == cores_version(shares_card(TIMED_CARD)));
    fixture_limit_cores("a", 10, HAMI_CORES_DISABLE, 1, 0);
    fixture_limit_cores("b", 5, HAMI_CORES_FORCE, 1, 0);
    CHECK(cores_read(shares_card(TIMED_CARD), &sum) && sum.policy == HAMI_CORES_DISABLE);
}

int main(void)
{
    static const struct test tests[] = {
        {"gate pages: a launch that waits goes by limits that come meanwhile", a_launch_that_waits_goes_by_limits_that_come_meanwhile},
        {"gate pages: a refund wakes other processes", a_refund_wakes_other_processes},
        {"gate pages: who is handed the lease is waked", who_is_handed_the_lease_is_waked},
        {"gate pages: the thread that sees work end is waked for more of it", the_thread_that_sees_work_end_is_waked_for_more_of_it},
        {"gate pages: a share that died without a limit is a neighbour no more", a_share_that_died_without_a_limit_is_a_neighbour_no_more},
        {"gate pages: the lease of a dead share is taken by who waits for it", the_lease_of_a_dead_share_is_taken_by_who_waits_for_it},
        {"gate pages: limits that are torn leave those in force", limits_that_are_torn_leave_those_in_force},
        {"gate pages: limits of one share that are torn leave those of all", limits_of_one_share_that_are_torn_leave_those_of_all},
        {"gate pages: of shares of one card the loosest terms count", of_shares_of_one_card_the_loosest_terms_count},
    };
    return RUN_TESTS(tests);
}
