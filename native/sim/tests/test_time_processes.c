/* Covers: the time of a card that processes share, and of two cards. Started with an argument, it is one of those processes. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "time_fixture.h"

/* A process begins after those that it starts: a child has no driver of its parent's. */
static void begin(void)
{
    CUcontext context;
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
}

/* Of a process of its own, whose kernels have the card for `name`'s time each, forever. */
static void keep_busy(const char *name)
{
    begin();
    CUfunction function = function_named(name);
    for (;;) {
        OK(launch(function, NULL));
        gate[1]++;
    }
}

static int start_busy(const char *name)
{
    gate[1] = 0;
    pid_t child = fork();
    if (child == 0)
        keep_busy(name);
    while (gate[1] < 100) /* a queue that lasts */
        usleep(100);
    return child;
}

static void processes_take_turns(void)
{
    sim_time_prepare();
    int other = start_busy("busy_700us");
    begin();
    CUfunction function = function_named("busy_1000us");
    CUevent from = new_record(NULL);
    for (int i = 0; i < 20; i++)
        OK(launch(function, NULL));
    CHECK(elapsed_us(from, new_record(NULL)) >= 20000 + 8 * 2000); /* a slice of the other for each of its own, but where it begins and ends */
    CHECK(kill(other, SIGKILL) == 0 && waitpid(other, NULL, 0) == other);
}

static void the_dead_leave_the_card(void)
{
    sim_time_prepare();
    int other = start_busy("busy_3600000000us");
    begin();
    OK(launch(function_named("busy_100us"), NULL));
    OK(cuStreamSynchronize(NULL)); /* beside it */
    CHECK(kill(other, SIGKILL) == 0 && waitpid(other, NULL, 0) == other);
    usleep(2000);
    CUstream stream = new_stream();
    hold(stream, 1);
    CUevent from = new_record(stream);
    for (int i = 0; i < 10; i++)
        OK(launch(function_named("busy_1000us"), stream));
    CUevent to = new_record(stream);
    *gate = 1;
    CHECK(elapsed_us(from, to) == 10000); /* nobody is there to take turns with */
}

static void who_is_killed_in_the_midst_of_a_change_stops_nobody(void)
{
    sim_time_prepare();
    begin();
    pid_t process = fork();
    if (process == 0)
        exit(0); /* a child has no driver, and ends without harm */
    sim_join(process);
    for (int i = 0; i < 60; i++) {
        pid_t child = fork();
        if (child == 0)
            execl("/proc/self/exe", "test_time", "busy", NULL);
        usleep(3000 + (useconds_t)(i * 137 % 2000));
        CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
        OK(launch(function_named("busy_10us"), NULL));
        OK(cuCtxSynchronize());
    }
}

static void a_stream_waits_for_an_event_of_another_card(void)
{
    sim_write_card(0, 64, 0);
    sim_write_card(1, 64, 0);
    pid_t child = fork(); /* the two are there before its cuInit */
    if (child == 0)
        execl("/proc/self/exe", "test_time", "two-cards", NULL);
    sim_join(child);
}

/* On two cards: a stream of the one waits for an event of the other. */
static int run_on_two_cards(void)
{
    CUcontext one, two;
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&one, 0, 0));
    OK(launch(function_named("busy_5000us"), NULL));
    CUevent event = new_record(NULL);
    OK(cuCtxCreate_v2(&two, 0, 1));
    OK(cuStreamWaitEvent(NULL, event, 0));
    OK(cuCtxSynchronize());
    OK(cuEventQuery(event));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "two-cards") == 0)
        return run_on_two_cards();
    if (argc > 1) {
        gate = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        keep_busy("busy_1us");
    }
    static const struct sim_test tests[] = {
        {"processes take turns", processes_take_turns},
        {"the dead leave the card", the_dead_leave_the_card},
        {"who is killed in the midst of a change stops nobody", who_is_killed_in_the_midst_of_a_change_stops_nobody},
        {"a stream waits for an event of another card", a_stream_waits_for_an_event_of_another_card},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
