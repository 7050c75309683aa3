/* Covers: account.c and slot.c as they ship, by many real processes: at the limit all the time, killed at random while others sweep, and as many as
 * a page has slots. HAMI_PROOF_ROUNDS: how many operations race, else 10^5. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "atomics.h"
#include "fixture.h"
#include "slot.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000001"
#define LIMIT 1000u
#define WORKERS 6
#define KILLS 300

static struct pages pages;
static uint64_t *counted; /* by all processes of the test */

static void open_share(void)
{
    alarm(600); /* a test whose other process has failed must not wait for ever */
    fixture_share("a", CARD, LIMIT);
    pages = fixture_open("a");
    counted = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(counted != MAP_FAILED);
}

static uint64_t rounds_wanted(void)
{
    const char *chosen = getenv("HAMI_PROOF_ROUNDS");
    return chosen ? strtoull(chosen, NULL, 10) : 100000;
}

/* What each may hold is more than its part of the limit, so that most of the time some are refused. */
static void race(void *unused)
{
    struct account account;
    unsigned seed = (unsigned)getpid();
    CHECK(!unused && slot_claim(&pages, &account));
    for (uint64_t round = 0;; round++) {
        uint64_t bytes = 1 + (uint64_t)rand_r(&seed) % 400, held = account_held(&account);
        if (!account_reserve(&account, bytes, LIMIT) && held)
            account_release(&account, bytes < held ? bytes : held);
        CHECK(account_used(pages.usage) <= LIMIT);
        add_relaxed(counted, 1);
        if (round % 64 == 63)
            slot_sweep(&pages, account.slot); /* the living reap the dead */
    }
}

static void check_nothing_is_left(void)
{
    CHECK(account_used(pages.usage) <= LIMIT && account_used(pages.usage) == fixture_sum_of_charges(pages.usage));
    slot_sweep(&pages, HAMI_SLOTS);
    CHECK(account_used(pages.usage) == 0 && fixture_sum_of_charges(pages.usage) == 0);
    CHECK(pages.usage->peak_bytes == LIMIT || pages.usage->peak_bytes > LIMIT - 400);
    CHECK(pages.usage->peak_bytes <= LIMIT);
}

static void killed_racers_leave_nothing_and_pass_no_limit(void)
{
    pid_t workers[WORKERS];
    open_share();
    for (int i = 0; i < WORKERS; i++)
        workers[i] = start(race, NULL);
    uint64_t wanted = rounds_wanted();
    for (unsigned kills = 0; kills < KILLS || load_relaxed(counted) < wanted; kills++) {
        pid_t *worker = &workers[kills % WORKERS];
        usleep((useconds_t)(rand() % 4000));
        kill_and_join(*worker);
        CHECK(account_used(pages.usage) <= LIMIT);
        *worker = start(race, NULL);
    }
    for (int i = 0; i < WORKERS; i++)
        kill_and_join(workers[i]);
    printf("        %llu operations, %llu refunds of the dead\n", (unsigned long long)*counted,
           (unsigned long long)pages.usage->reaps);
    CHECK(pages.usage->reaps > 0);
    check_nothing_is_left();
}

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void take_all_and_wait(void *unused)
{
    struct account account;
    CHECK(!unused && slot_claim(&pages, &account) && account_reserve(&account, LIMIT, LIMIT));
    add_relaxed(counted, 1);
    pause();
}

static int ascending(const void *left, const void *right)
{
    return (*(const double *)left > *(const double *)right) - (*(const double *)left < *(const double *)right);
}

/* The whole limit is held by a process that is killed; this one wants it, and tries until it gets it. */
static void what_the_killed_held_is_there_for_the_next(void)
{
    static double waited_us[KILLS];
    struct account account;
    open_share();
    CHECK(slot_claim(&pages, &account));
    for (uint64_t i = 0; i < KILLS; i++) {
        pid_t holder = start(take_all_and_wait, NULL);
        while (load_relaxed(counted) == i)
            sched_yield();
        kill_and_join(holder);
        double released_us = now_us();
        while (!account_reserve(&account, LIMIT, LIMIT))
            slot_sweep(&pages, account.slot);
        waited_us[i] = now_us() - released_us;
        account_release(&account, LIMIT);
    }
    qsort(waited_us, KILLS, sizeof *waited_us, ascending);
    printf("        refund after the process was gone: p50 %.0f µs, p99 %.0f µs, worst %.0f µs\n", waited_us[KILLS / 2],
           waited_us[KILLS * 99 / 100], waited_us[KILLS - 1]);
    check_nothing_is_left();
}

static void take_one_and_wait(void *unused)
{
    struct account account;
    CHECK(!unused && slot_claim(&pages, &account) && account_reserve(&account, 1, HAMI_SLOTS));
    add_relaxed(counted, 1);
    pause();
}

static void claim_in_vain(void *said)
{
    struct account account;
    CHECK(dup2(*(int *)said, STDERR_FILENO) >= 0);
    exit(slot_claim(&pages, &account) ? 1 : 0);
}

static void expect_one_line_for_who_comes_too_late(void)
{
    char line[1024];
    int ends[2];
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    join(start(claim_in_vain, &ends[1]));
    ssize_t length = read(ends[0], line, sizeof line - 1);
    CHECK(length > 0);
    line[length] = 0;
    CHECK(strstr(line, "all its slots are held by living processes") && strchr(line, '\n') == line + length - 1);
}

static void a_page_holds_1024_processes_and_no_more(void)
{
    static pid_t holders[HAMI_SLOTS];
    open_share();
    for (unsigned i = 0; i < HAMI_SLOTS; i++)
        holders[i] = start(take_one_and_wait, NULL);
    while (load_relaxed(counted) < HAMI_SLOTS)
        usleep(1000);
    CHECK(account_used(pages.usage) == HAMI_SLOTS && fixture_sum_of_charges(pages.usage) == HAMI_SLOTS);
    expect_one_line_for_who_comes_too_late();
    kill_and_join(holders[0]);
    holders[0] = start(take_one_and_wait, NULL);
    while (load_relaxed(counted) == HAMI_SLOTS)
        usleep(1000);
    CHECK(account_used(pages.usage) == HAMI_SLOTS);
    for (unsigned i = 0; i < HAMI_SLOTS; i++)
        kill_and_join(holders[i]);
    slot_sweep(&pages, HAMI_SLOTS);
    CHECK(account_used(pages.usage) == 0 && fixture_sum_of_charges(pages.usage) == 0);
}

static const struct test tests[] = {
    {"race: processes at the limit, killed at random, pass no limit and leave nothing", killed_racers_leave_nothing_and_pass_no_limit},
    {"race: what the killed held is there for the next", what_the_killed_held_is_there_for_the_next},
    {"race: a page holds 1,024 processes, and tells the next one why not", a_page_holds_1024_processes_and_no_more},
};

int main(void)
{
    return RUN_TESTS(tests);
}
