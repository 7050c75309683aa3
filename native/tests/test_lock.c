/* Covers: lock.c: one thread at a time has it, and one that waits gets it. */
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "lock.h"
#include "test.h"

#define THREADS 8
#define ROUNDS 20000

static struct lock lock;
static uint64_t inside, rounds; /* not atomic: the lock is what keeps them right */

static void *come_and_go(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        lock_take(&lock);
        CHECK(++inside == 1);
        rounds++;
        inside--;
        lock_give(&lock);
    }
    return NULL;
}

static void one_thread_at_a_time_has_it(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, come_and_go, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(rounds == THREADS * ROUNDS && !lock.held && !lock.waiters);
}

static void *take_and_count(void *unused)
{
    errno = EDOM;
    lock_take(&lock);
    rounds++;
    lock_give(&lock);
    CHECK(errno == EDOM);
    return unused;
}

static void those_who_sleep_all_get_it(void)
{
    pthread_t threads[THREADS];
    lock_take(&lock);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, take_and_count, NULL) == 0);
    while (__atomic_load_n(&lock.waiters, __ATOMIC_RELAXED) < THREADS)
        usleep(100);
    CHECK(rounds == 0);
    lock_give(&lock);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(rounds == THREADS && !lock.held && !lock.waiters);
}

static void who_sleeps_gets_it_also_when_nobody_wakes_it(void)
{
    pthread_t thread;
    lock_take(&lock);
    CHECK(pthread_create(&thread, NULL, take_and_count, NULL) == 0);
    while (!is_raised(&lock.waiters))
        usleep(100);
    lower_flag(&lock.held); /* as by a processor that saw no waiter yet */
    CHECK(pthread_join(thread, NULL) == 0 && rounds == 1);
}

static const struct test tests[] = {
    {"lock: one thread at a time has it", one_thread_at_a_time_has_it},
    {"lock: those who sleep all get it, and keep their errno", those_who_sleep_all_get_it},
    {"lock: who sleeps gets it also when nobody wakes it", who_sleeps_gets_it_also_when_nobody_wakes_it},
};

int main(void)
{
    return RUN_TESTS(tests);
}
