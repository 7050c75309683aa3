/* Covers: once.c: one of many threads does the work, the others see it done, and a child takes over from a thread it does not have. */
#include <pthread.h>
#include <unistd.h>

#include "atomics.h"
#include "once.h"
#include "test.h"

#define THREADS 16

static once_t once;
static uint64_t times;
static int begun[2], proceed[2];

static void count(void)
{
    usleep(1000);
    add_relaxed(&times, 1);
}

static void *come(void *ignored)
{
    (void)ignored;
    once_run(&once, count);
    CHECK(load_relaxed(&times) == 1);
    return NULL;
}

static void many_threads_do_it_once(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, come, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    once_run(&once, count);
    CHECK(load_relaxed(&times) == 1);
}

static void begin_and_wait(void)
{
    char byte = 0;
    CHECK(write(begun[1], &byte, 1) == 1);
    CHECK(read(proceed[0], &byte, 1) == 1);
}

static void *begin_in_a_thread(void *ignored)
{
    (void)ignored;
    once_run(&once, begin_and_wait);
    return NULL;
}

static void do_it_anew(void *ignored)
{
    (void)ignored;
    once_run(&once, count);
    CHECK(load_relaxed(&times) == 1);
}

static void a_child_takes_over_what_its_parents_thread_began(void)
{
    pthread_t thread;
    char byte = 0;
    CHECK(pipe(begun) == 0 && pipe(proceed) == 0);
    CHECK(pthread_create(&thread, NULL, begin_in_a_thread, NULL) == 0);
    CHECK(read(begun[0], &byte, 1) == 1);
    join(start(do_it_anew, NULL));
    CHECK(write(proceed[1], &byte, 1) == 1);
    CHECK(pthread_join(thread, NULL) == 0);
}

static once_t cancelled_once;

static void be_cancellable(void)
{
    pthread_testcancel();
}

static void *come_cancelled(void *unused)
{
    CHECK(pthread_cancel(pthread_self()) == 0);
    once_run(&cancelled_once, be_cancellable);
    return unused;
}

static void a_thread_that_is_cancelled_leaves_nobody_waiting(void)
{
    pthread_t thread;
    alarm(60);
    CHECK(pthread_create(&thread, NULL, come_cancelled, NULL) == 0 && pthread_join(thread, NULL) == 0);
    once_run(&cancelled_once, be_cancellable);
    CHECK(cancelled_once == ONCE_DONE);
}

static const struct test tests[] = {
    {"once: many threads do it once", many_threads_do_it_once},
    {"once: a child takes over what a thread of its parent began", a_child_takes_over_what_its_parents_thread_began},
    {"once: a thread that is cancelled leaves nobody waiting", a_thread_that_is_cancelled_leaves_nobody_waiting},
};

int main(void)
{
    return RUN_TESTS(tests);
}
