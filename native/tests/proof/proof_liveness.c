/* Covers: slot.c and process.c as they ship: whose slot counts as alive. A holder's lock lives exactly as long as its memory: it ends with
 * SIGKILL, with exec, in whatever PID namespace; it does not end with descriptors or threads, and no child keeps it. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "account.h"
#include "fixture.h"
#include "process.h"
#include "slot.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000001"
#define LIMIT 1000u
#define HELD 100u

static struct pages pages;
static int *progress; /* of the other process */

static void open_share(void)
{
    alarm(10); /* a test whose other process has failed must not wait for ever */
    fixture_share("a", CARD, LIMIT);
    pages = fixture_open("a");
    progress = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(progress != MAP_FAILED);
}

static void tell(int value)
{
    __atomic_store_n(progress, value, __ATOMIC_RELEASE);
}

static int wait_for_progress(void)
{
    int value;
    while ((value = __atomic_load_n(progress, __ATOMIC_ACQUIRE)) == 0)
        sched_yield();
    return value;
}

static void take_bytes(void)
{
    struct account account;
    CHECK(slot_claim(&pages, &account) && account_reserve(&account, HELD, LIMIT));
}

static void check_swept(uint64_t used_bytes)
{
    slot_sweep(&pages, HAMI_SLOTS);
    CHECK(account_used(pages.usage) == used_bytes && fixture_sum_of_charges(pages.usage) == used_bytes);
}

static void take_and_wait(void *unused)
{
    (void)unused;
    take_bytes();
    tell(1);
    pause();
}

static void the_living_keep_what_they_hold(void)
{
    open_share();
    pid_t holder = start(take_and_wait, NULL);
    wait_for_progress();
    check_swept(HELD);
    kill_and_join(holder);
    check_swept(0);
}

/* The program that follows has the process, not its memory. */
static void take_and_exec(void *unused)
{
    (void)unused;
    take_bytes();
    tell(1);
    execl("/bin/sleep", "sleep", "20", (char *)NULL);
    _exit(1);
}

static bool is_closed(int end)
{
    char byte;
    return read(end, &byte, 1) == 0;
}

static void a_program_that_is_replaced_holds_nothing(void)
{
    int ends[2];
    open_share();
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    pid_t holder = start(take_and_exec, NULL);
    close(ends[1]);
    wait_for_progress();
    CHECK(is_closed(ends[0])); /* by the exec, on whose way out the kernel lets go of the old memory */
    while (account_used(pages.usage))
        slot_sweep(&pages, HAMI_SLOTS);
    CHECK(waitpid(holder, NULL, WNOHANG) == 0);
    kill_and_join(holder);
}

/* As root of a user namespace, where the tests are not run by root. */
static bool enter_new_pid_namespace(void)
{
    return unshare(CLONE_NEWPID) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWPID) == 0;
}

/* The first process of a PID namespace holds; this one waits for it. */
static void hold_in_a_namespace(void *unused)
{
    (void)unused;
    if (!enter_new_pid_namespace()) {
        tell(-1);
        pause();
    }
    pid_t first = start(take_and_wait, NULL);
    wait_for_progress();
    check_swept(HELD);
    tell(first);
    int status;
    CHECK(waitpid(first, &status, 0) == first && WIFSIGNALED(status));
}

static void a_kill_in_another_pid_namespace_is_seen(void)
{
    open_share();
    pid_t outer = start(hold_in_a_namespace, NULL);
    int first;
    while ((first = wait_for_progress()) == 1)
        sched_yield();
    if (first < 0) { /* no namespaces for this user: containers have them all the same */
        kill_and_join(outer);
        return;
    }
    check_swept(HELD);
    CHECK(kill(first, SIGKILL) == 0);
    join(outer);
    check_swept(0);
}

static void two_holders_of_two_namespaces_are_told_apart(void)
{
    open_share();
    pid_t outer = start(hold_in_a_namespace, NULL);
    int first;
    while ((first = wait_for_progress()) == 1)
        sched_yield();
    if (first > 0) {
        take_bytes();
        check_swept(2 * HELD);
        CHECK(kill(first, SIGKILL) == 0);
        join(outer);
        check_swept(HELD);
    } else {
        kill_and_join(outer);
    }
}

/* Forks a child that lives on, and waits to be killed. */
static void leave_an_orphan(void *unused)
{
    (void)unused;
    take_bytes();
    pid_t child = fork();
    if (child == 0) {
        sleep(20); /* longer than it is needed, and not for ever if this test fails */
        _exit(0);
    }
    tell(child);
    pause();
}

static void a_child_that_outlives_its_killed_parent_keeps_nothing(void)
{
    open_share();
    pid_t parent = start(leave_an_orphan, NULL);
    pid_t orphan = wait_for_progress();
    check_swept(HELD);
    kill_and_join(parent);
    CHECK(kill(orphan, 0) == 0);
    slot_sweep(&pages, HAMI_SLOTS);
    CHECK(kill(orphan, SIGKILL) == 0);
    CHECK(account_used(pages.usage) == 0);
}

static void closing_all_descriptors_keeps_the_slot(void)
{
    open_share();
    take_bytes();
    CHECK(close_range(3, ~0u, 0) == 0);
    check_swept(HELD);
}

static void opening_and_closing_the_file_keeps_the_slot(void)
{
    open_share();
    take_bytes();
    int descriptor = open(pages.usage_path, O_RDWR | O_CLOEXEC);
    CHECK(descriptor >= 0 && close(descriptor) == 0);
    check_swept(HELD);
}

static void *take_in_a_thread(void *unused)
{
    take_bytes();
    return unused;
}

static void a_thread_that_claimed_and_ended_keeps_the_slot(void)
{
    open_share();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, take_in_a_thread, NULL) == 0 && pthread_join(thread, NULL) == 0);
    check_swept(HELD);
}

static void *go_on_alone(void *unused)
{
    tell(1);
    pause();
    return unused;
}

static void take_and_end_the_main_thread(void *unused)
{
    (void)unused;
    pthread_t thread;
    take_bytes();
    CHECK(pthread_create(&thread, NULL, go_on_alone, NULL) == 0);
    pthread_exit(NULL);
}

static void a_main_thread_that_ended_keeps_the_slot(void)
{
    open_share();
    pid_t holder = start(take_and_end_the_main_thread, NULL);
    wait_for_progress();
    check_swept(HELD);
    kill_and_join(holder);
    check_swept(0);
}

static const struct test tests[] = {
    {"liveness: the living keep what they hold, the killed do not", the_living_keep_what_they_hold},
    {"liveness: a program that is replaced by exec holds nothing", a_program_that_is_replaced_holds_nothing},
    {"liveness: a kill in another PID namespace is seen", a_kill_in_another_pid_namespace_is_seen},
    {"liveness: holders of two PID namespaces are told apart", two_holders_of_two_namespaces_are_told_apart},
    {"liveness: a child that outlives its killed parent keeps nothing", a_child_that_outlives_its_killed_parent_keeps_nothing},
    {"liveness: closing all descriptors keeps the slot", closing_all_descriptors_keeps_the_slot},
    {"liveness: opening and closing the file keeps the slot", opening_and_closing_the_file_keeps_the_slot},
    {"liveness: a thread that claimed and ended keeps the slot", a_thread_that_claimed_and_ended_keeps_the_slot},
    {"liveness: a main thread that ended keeps the slot", a_main_thread_that_ended_keeps_the_slot},
};

int main(void)
{
    return RUN_TESTS(tests);
}
