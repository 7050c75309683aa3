/* Covers: account.c and slot.c as they ship. A process is single-stepped through its operations: after each instruction a copy of the
 * page is reaped; and it is killed there by SIGKILL, with a slot of its own, alone and while one or two others go on, and a sweep refunds
 * it. The refund is exact each time. It is killed after every tenth instruction or so; HAMI_PROOF_LONG=1: after every one. */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "account.h"
#include "fixture.h"
#include "slot.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000001"
#define LIMIT 1000u
#define HELD_BY_PEER 7u

static struct pages pages;

static void open_share(void)
{
    fixture_share("a", CARD, LIMIT);
    pages = fixture_open("a");
}

static void stop_here(void)
{
    raise(SIGSTOP);
}

/* Two that are granted, one that is refused, two that give back. */
static void operate(struct account *account)
{
    account_reserve(account, 10, LIMIT);
    account_reserve(account, 2 * LIMIT, LIMIT);
    account_reserve(account, 30, LIMIT);
    account_release(account, 10);
    account_release(account, 30);
}

/* On this processor: stops of a victim on another one take ten times as long. */
static pid_t start_traced(void (*body)(void))
{
    cpu_set_t processor;
    CPU_ZERO(&processor);
    CPU_SET(sched_getcpu(), &processor);
    CHECK(sched_setaffinity(0, sizeof processor, &processor) == 0);
    pid_t victim = fork();
    if (victim == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
            stop_here();
        body();
        _exit(0);
    }
    int status;
    CHECK(victim > 0 && waitpid(victim, &status, 0) == victim && WIFSTOPPED(status));
    return victim;
}

static void claim_and_operate(void)
{
    struct account account;
    if (!slot_claim(&pages, &account))
        _exit(1);
    stop_here();
    operate(&account);
}

static void claim_and_reserve(void)
{
    struct account account;
    if (!slot_claim(&pages, &account))
        _exit(1);
    account_reserve(&account, 10, LIMIT);
}

/* Go on to the next stop of that kind. False: it has ended. */
static bool advance(pid_t victim, int request)
{
    int status;
    CHECK(ptrace(request, victim, NULL, NULL) == 0 && waitpid(victim, &status, 0) == victim);
    CHECK(WIFSTOPPED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return WIFSTOPPED(status);
}

/* Whether the victim, which did not end before, was killed after so many stops. */
static bool kill_after(void (*body)(void), int claim_stops, int request, int stops)
{
    pid_t victim = start_traced(body);
    for (int i = 0; i < claim_stops; i++)
        CHECK(advance(victim, PTRACE_CONT));
    for (int i = 0; i < stops; i++)
        if (!advance(victim, request))
            return false;
    kill_and_join(victim);
    return true;
}

/* Kill after no stop, after `stride` stops, and so on. Return how many kills there were. */
static int kill_after_each(int stride, void (*body)(void), int claim_stops, int request, void (*check_page)(void))
{
    int kills = 0;
    stride = getenv("HAMI_PROOF_LONG") ? 1 : stride;
    for (; kill_after(body, claim_stops, request, kills * stride); kills++) {
        slot_sweep(&pages, HAMI_SLOTS);
        check_page();
    }
    slot_sweep(&pages, HAMI_SLOTS);
    check_page();
    return kills;
}

static void check_only_the_peer_holds(void)
{
    CHECK(account_used(pages.usage) == HELD_BY_PEER && fixture_sum_of_charges(pages.usage) == HELD_BY_PEER);
}

/* What would be found if the victim died now: a copy of the page is reaped, with and without a peer that overwrites its trace. */
static void check_refund(unsigned victim, bool peer_goes_on)
{
    static struct hami_usage copy;
    memcpy(&copy, pages.usage, sizeof copy);
    unsigned other = (victim + 1) % HAMI_SLOTS;
    struct account peer = account_take_up(&copy, other);
    if (peer_goes_on)
        CHECK(account_reserve(&peer, 1, LIMIT));
    account_reap(&copy, victim);
    CHECK(account_used(&copy) == peer_goes_on && fixture_sum_of_charges(&copy) == peer_goes_on);
}

static unsigned slot_of(pid_t process)
{
    unsigned slot = 0;
    while (slot < HAMI_SLOTS && pages.usage->slots[slot].pid != (uint32_t)process)
        slot++;
    CHECK(slot < HAMI_SLOTS);
    return slot;
}

static void a_copy_is_refunded_at_every_instruction(void)
{
    open_share();
    pid_t victim = start_traced(claim_and_operate);
    CHECK(advance(victim, PTRACE_CONT));
    int instructions = 0;
    for (unsigned slot = slot_of(victim); advance(victim, PTRACE_SINGLESTEP); instructions++) {
        check_refund(slot, false);
        check_refund(slot, true);
    }
    CHECK(instructions > 100 && account_used(pages.usage) == 0 && pages.usage->peak_bytes == 40);
    printf("        %d instructions\n", instructions);
}

static void hold_and_wait(void *ready)
{
    struct account account;
    CHECK(slot_claim(&pages, &account) && account_reserve(&account, HELD_BY_PEER, LIMIT));
    __atomic_store_n((int *)ready, 1, __ATOMIC_RELEASE);
    pause();
}

static pid_t start_peer(void)
{
    int *ready = mmap(NULL, sizeof *ready, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(ready != MAP_FAILED);
    pid_t peer = start(hold_and_wait, ready);
    while (!__atomic_load_n(ready, __ATOMIC_ACQUIRE))
        usleep(100);
    return peer;
}

static void a_kill_at_any_instruction_is_refunded(void)
{
    open_share();
    pid_t peer = start_peer();
    CHECK(kill_after_each(7, claim_and_operate, 1, PTRACE_SINGLESTEP, check_only_the_peer_holds) > 40);
    kill_and_join(peer);
}

static void a_kill_at_any_call_of_a_claim_is_refunded(void)
{
    open_share();
    pid_t peer = start_peer();
    CHECK(kill_after_each(1, claim_and_reserve, 0, PTRACE_SYSCALL, check_only_the_peer_holds) > 10);
    kill_and_join(peer);
}

static void write_for_ever(void *unused)
{
    (void)unused;
    struct account account;
    CHECK(slot_claim(&pages, &account));
    for (uint64_t i = 1;; i++) {
        if (account_reserve(&account, i % 300, LIMIT))
            account_release(&account, i % 300);
    }
}

static void check_limit(void)
{
    CHECK(account_used(pages.usage) <= LIMIT);
}

static void kill_beside(int writers)
{
    pid_t others[2];
    open_share();
    for (int i = 0; i < writers; i++)
        others[i] = start(write_for_ever, NULL);
    CHECK(kill_after_each(13, claim_and_operate, 1, PTRACE_SINGLESTEP, check_limit) > 20);
    for (int i = 0; i < writers; i++)
        kill_and_join(others[i]);
    CHECK(account_used(pages.usage) == fixture_sum_of_charges(pages.usage));
    slot_sweep(&pages, HAMI_SLOTS);
    CHECK(account_used(pages.usage) == 0 && fixture_sum_of_charges(pages.usage) == 0);
}

static void a_kill_at_any_instruction_beside_a_writer_is_refunded(void)
{
    kill_beside(1);
}

static void a_kill_at_any_instruction_beside_two_writers_is_refunded(void)
{
    kill_beside(2);
}

static const struct test tests[] = {
    {"step: a copy of the page is refunded exactly at every instruction", a_copy_is_refunded_at_every_instruction},
    {"step: a kill at any instruction is refunded exactly", a_kill_at_any_instruction_is_refunded},
    {"step: a kill at any system call of a claim is refunded exactly", a_kill_at_any_call_of_a_claim_is_refunded},
    {"step: a kill at any instruction, beside a writer", a_kill_at_any_instruction_beside_a_writer_is_refunded},
    {"step: a kill at any instruction, beside two writers", a_kill_at_any_instruction_beside_two_writers_is_refunded},
};

int main(void)
{
    return RUN_TESTS(tests);
}
