/* Covers: seat.c: a seat is held as long as some process of the share lives, whatever it forks and closes, and by several at a time. */
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "seat.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000001"

static char path[PATH_MAX];
static volatile unsigned *holding; /* processes that hold the seat; shared */

static void make(void)
{
    fixture_share("a", CARD, MIB(1));
    fixture_seat("a", NULL, 3);
    snprintf(path, sizeof path, "%s/a/card", fixture_folder());
    holding = mmap(NULL, sizeof *holding, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(holding != MAP_FAILED);
}

static void hold(void *unused)
{
    (void)unused;
    CHECK(seat_hold(path, 3));
    __atomic_fetch_add(holding, 1, __ATOMIC_SEQ_CST);
    pause();
}

static void until_held_by(unsigned count)
{
    while (__atomic_load_n(holding, __ATOMIC_SEQ_CST) != count)
        usleep(1000);
}

static void a_seat_is_held_until_the_last_of_its_processes_dies(void)
{
    make();
    CHECK(seat_is_free(path, 3));
    pid_t first = start(hold, NULL), second = start(hold, NULL);
    until_held_by(2);
    CHECK(!seat_is_free(path, 3) && seat_is_free(path, 2) && seat_is_free(path, 4));
    kill_and_join(first);
    CHECK(!seat_is_free(path, 3));
    kill_and_join(second);
    CHECK(seat_is_free(path, 3));
}

static void fork_and_hold(void *unused)
{
    (void)unused;
    CHECK(seat_hold(path, 3));
    closefrom(3);
    if (fork() == 0)
        pause();
    __atomic_fetch_add(holding, 1, __ATOMIC_SEQ_CST);
    pause();
}

/* Neither is it given up with descriptors that the program closes. */
static void a_child_does_not_inherit_the_seat(void)
{
    make();
    CHECK(setpgid(0, 0) == 0);
    pid_t parent = start(fork_and_hold, NULL);
    until_held_by(1);
    CHECK(!seat_is_free(path, 3));
    kill_and_join(parent);
    CHECK(seat_is_free(path, 3));
    signal(SIGTERM, SIG_IGN);
    CHECK(kill(0, SIGTERM) == 0); /* the child that is left */
}

static void what_cannot_be_told_is_not_free(void)
{
    fixture_folder();
    CHECK(!seat_is_free("/nonexistent", 3) && !seat_hold("/nonexistent", 3));
}

int main(void)
{
    static const struct test tests[] = {
        {"seat: it is held until the last of its processes dies", a_seat_is_held_until_the_last_of_its_processes_dies},
        {"seat: a child does not inherit it", a_child_does_not_inherit_the_seat},
        {"seat: what cannot be told is not free", what_cannot_be_told_is_not_free},
    };
    return RUN_TESTS(tests);
}
