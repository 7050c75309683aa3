/* A test is a sentence and a function; each runs in a process of its own, since the library keeps one state per process. */
#ifndef HAMI_TEST_H
#define HAMI_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct test {
    const char *sentence;
    void (*run)(void);
};

/* Run all; print a line for each and a closing `N passed, N failed`; return the exit status. */
int run_tests(const struct test *tests, size_t count);
#define RUN_TESTS(tests) run_tests(tests, sizeof(tests) / sizeof *(tests))

/* End this process as failed, naming the place, unless the condition holds. */
void check(bool holds, const char *what, const char *file, int line);
#define CHECK(condition) check((condition) ? true : false, #condition, __FILE__, __LINE__)

/* Run `body` in a forked process, which ends after it. */
pid_t start(void (*body)(void *), void *argument);

/* Wait for a process of start; this test fails unless it ended well. */
void join(pid_t process);

/* Kill a process of start with SIGKILL and wait for its end. */
void kill_and_join(pid_t process);

#endif
