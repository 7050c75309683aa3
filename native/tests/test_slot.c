/* Covers: slot.c and process.c: many processes on one page at once, and refunds after SIGKILL. Who is alive: tests/proof. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atomics.h"
#include "fixture.h"
#include "process.h"
#include "slot.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000001"
#define LIMIT 1000u
#define WORKERS 6
#define ROUNDS 20000

static struct pages pages;

static void open_share(void)
{
    fixture_share("a", CARD, LIMIT);
    pages = fixture_open("a");
}

/* Charge and give back at random, and leave nothing; or go on until killed. */
static void work(void *rounds)
{
    struct account account;
    CHECK(slot_claim(&pages, &account));
    unsigned seed = (unsigned)getpid();
    for (long i = 0; !rounds || i < *(long *)rounds; i++) {
        uint64_t bytes = (uint64_t)rand_r(&seed) % 400, held = account_held(&account);
        if (held && rand_r(&seed) % 2)
            account_release(&account, bytes < held ? bytes : held);
        else
            account_reserve(&account, bytes, LIMIT);
        CHECK(account_used(pages.usage) <= LIMIT);
    }
    account_release(&account, account_held(&account));
}

static void racing_processes_never_pass_the_limit(void)
{
    long rounds = ROUNDS;
    pid_t workers[WORKERS];
    open_share();
    for (int i = 0; i < WORKERS; i++)
        workers[i] = start(work, &rounds);
    for (int i = 0; i < WORKERS; i++)
        join(workers[i]);
    CHECK(account_used(pages.usage) == 0 && fixture_sum_of_charges(pages.usage) == 0);
    CHECK(pages.usage->peak_bytes <= LIMIT && pages.usage->peak_bytes > LIMIT / 2);
}

static void killed_processes_are_refunded_while_others_run(void)
{
    pid_t workers[WORKERS];
    open_share();
    for (int i = 0; i < WORKERS; i++)
        workers[i] = start(work, NULL);
    for (int i = 0; i < 60; i++) {
        usleep((useconds_t)(rand() % 3000));
        kill_and_join(workers[i % WORKERS]);
        slot_sweep(&pages, HAMI_SLOTS);
        CHECK(account_used(pages.usage) <= LIMIT);
        workers[i % WORKERS] = start(work, NULL);
    }
    for (int i = 0; i < WORKERS; i++)
        kill_and_join(workers[i]);
    CHECK(account_used(pages.usage) == fixture_sum_of_charges(pages.usage));
    slot_sweep(&pages, HAMI_SLOTS);
    CHECK(account_used(pages.usage) == 0 && fixture_sum_of_charges(pages.usage) == 0 && pages.usage->reaps > 0);
}

static void die_before_the_note_of_a_refund(void *unused)
{
    struct account account;
    CHECK(!unused && slot_claim(&pages, &account) && account_reserve(&account, 5, LIMIT));
    pages.usage->slots[account.slot].buffer_bytes = 5;
    account_release(&account, 5);
}

static void a_sweep_forgets_the_kinds_that_the_dead_left(void)
{
    open_share();
    join(start(die_before_the_note_of_a_refund, NULL));
    slot_sweep(&pages, HAMI_SLOTS);
    for (unsigned i = 0; i < HAMI_SLOTS; i++)
        CHECK(pages.usage->slots[i].buffer_bytes == 0);
    CHECK(pages.usage->reaps == 0);
}

static int *shared_number(void)
{
    int *number = mmap(NULL, sizeof *number, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(number != MAP_FAILED);
    return number;
}

static void await(const int *number, int value)
{
    while (__atomic_load_n(number, __ATOMIC_ACQUIRE) != value)
        sched_yield();
}

static void claim_and_hold(void *claimed)
{
    struct account account;
    CHECK(slot_claim(&pages, &account));
    __atomic_fetch_add((int *)claimed, 1, __ATOMIC_ACQ_REL);
    pause();
}

static void slots_of_living_processes_differ(void)
{
    open_share();
    int *claimed = shared_number();
    pid_t holders[20];
    for (int i = 0; i < 20; i++)
        holders[i] = start(claim_and_hold, claimed);
    await(claimed, 20);
    int found = 0;
    for (unsigned i = 0; i < HAMI_SLOTS; i++)
        found += pages.usage->slots[i].pid != 0;
    for (int i = 0; i < 20; i++)
        kill_and_join(holders[i]);
    CHECK(found == 20);
}

static void a_claim_takes_over_from_the_dead(void)
{
    open_share();
    for (unsigned i = 0; i < HAMI_SLOTS; i++) { /* every slot was left behind full: whichever is claimed */
        struct account dead = account_take_up(pages.usage, i);
        CHECK(account_reserve(&dead, 1, 2 * HAMI_SLOTS));
    }
    struct account account;
    CHECK(slot_claim(&pages, &account));
    CHECK(account_held(&account) == 0 && account_used(pages.usage) == HAMI_SLOTS - 1);
    CHECK(account_reserve(&account, 5, 2 * HAMI_SLOTS) && account_held(&account) == 5);
}

static void a_claim_takes_over_no_times_of_the_dead(void)
{
    open_share();
    for (unsigned i = 0; i < HAMI_SLOTS; i++) {
        struct hami_slot *dead = &pages.usage->slots[i];
        dead->busy_ns = dead->throttled_ns = dead->launches = dead->last_launch_ns = dead->in_flight_ns = dead->expected_done_ns = 9;
    }
    struct account account;
    CHECK(slot_claim(&pages, &account));
    const struct hami_slot *slot = &pages.usage->slots[account.slot];
    CHECK(!slot->busy_ns && !slot->throttled_ns && !slot->launches && !slot->last_launch_ns && !slot->in_flight_ns && !slot->expected_done_ns);
}

/* Claims a slot, has work in flight there that is late, says so, and stays. */
static void have_work_and_hold(void *claimed)
{
    struct account account;
    CHECK(slot_claim(&pages, &account));
    struct hami_slot *slot = &pages.usage->slots[account.slot];
    store_relaxed(&slot->in_flight_ns, 7);
    store_relaxed(&slot->expected_done_ns, 100);
    store_relaxed(&slot->busy_ns, 5);
    set_bit(pages.usage->working, account.slot);
    __atomic_store_n((int *)claimed, (int)account.slot + 1, __ATOMIC_RELEASE);
    pause();
}

/* It may be a kernel that waits for another process's: only the dead have none. */
static void late_work_is_forgotten_of_the_dead_alone(void)
{
    open_share();
    int *claimed = shared_number();
    pid_t holder = start(have_work_and_hold, claimed);
    while (!__atomic_load_n(claimed, __ATOMIC_ACQUIRE))
        sched_yield();
    const struct hami_slot *slot = &pages.usage->slots[*claimed - 1];
    slot_forget_dead_work(&pages, NULL, 200);
    CHECK(load_relaxed(&slot->in_flight_ns) == 7);
    kill_and_join(holder);
    slot_forget_dead_work(&pages, NULL, 50); /* it is not late */
    slot_forget_dead_work(&pages, slot, 200);
    CHECK(slot->in_flight_ns == 7);
    slot_forget_dead_work(&pages, NULL, 200);
    CHECK(slot->in_flight_ns == 0 && slot->expected_done_ns == 0 && slot->busy_ns == 5);
}

static void a_child_finds_the_process_page_empty(void)
{
    struct process *process = process_get();
    CHECK(process);
    lock_take(&process->lock);
    process->memberships[0].state = CLAIMED;
    pid_t child = fork();
    if (child == 0) {
        bool empty = process_get()->memberships[0].state == NOT_CLAIMED && raise_flag(&process_get()->lock.held);
        _exit(empty ? 0 : 1);
    }
    join(child);
    CHECK(process->memberships[0].state == CLAIMED);
}

static const struct test tests[] = {
    {"slot: racing processes never pass the limit and end at zero", racing_processes_never_pass_the_limit},
    {"slot: killed processes are refunded exactly while others run", killed_processes_are_refunded_while_others_run},
    {"slot: a sweep forgets the kinds that the dead left", a_sweep_forgets_the_kinds_that_the_dead_left},
    {"slot: slots of living processes differ", slots_of_living_processes_differ},
    {"slot: a claim takes over from the dead", a_claim_takes_over_from_the_dead},
    {"slot: a claim takes over no times of the dead", a_claim_takes_over_no_times_of_the_dead},
    {"slot: late work is forgotten of the dead alone", late_work_is_forgotten_of_the_dead_alone},
    {"process: a child finds the process page empty", a_child_finds_the_process_page_empty},
};

int main(void)
{
    return RUN_TESTS(tests);
}
