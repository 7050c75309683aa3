#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

void check(bool holds, const char *what, const char *file, int line)
{
    if (holds)
        return;
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    exit(1);
}

pid_t start(void (*body)(void *), void *argument)
{
    fflush(NULL);
    pid_t process = fork();
    CHECK(process >= 0);
    if (process > 0)
        return process;
    CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0); /* a test that fails leaves no one behind */
    body(argument);
    exit(0);
}

void join(pid_t process)
{
    int status;
    CHECK(waitpid(process, &status, 0) == process);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void kill_and_join(pid_t process)
{
    int status;
    CHECK(kill(process, SIGKILL) == 0);
    CHECK(waitpid(process, &status, 0) == process && WIFSIGNALED(status));
}

/* The leak checker does not look for pointers in memory that was mapped; that of the process's charges it must. */
static void show_process_page(void)
{
#ifdef __SANITIZE_ADDRESS__
    __lsan_register_root_region(process_get(), sizeof(struct process));
#endif
}

static void run_one(void *test)
{
    show_process_page();
    ((const struct test *)test)->run();
}

static bool passes(const struct test *test)
{
    int status;
    pid_t process = start(run_one, (void *)test);
    return waitpid(process, &status, 0) == process && status == 0;
}

int run_tests(const struct test *tests, size_t count)
{
    size_t passed = 0;
    for (size_t i = 0; i < count; i++) {
        bool good = passes(&tests[i]);
        printf("%s  %s\n", good ? "ok    " : "FAILED", tests[i].sentence);
        passed += good;
    }
    printf("%zu passed, %zu failed\n", passed, count - passed);
    return passed == count ? 0 : 1;
}
