/* hami-reap DIRECTORY...: give back to shares what their dead processes held. The node runs it, with the code that containers run.
 * Each page is opened by a process of its own, since its container may write and cut it at any moment: what comes of that ends that
 * process and nothing else. Exit status 1 where a share could not be swept. Not here: when it is worth it (dra_driver/shares/slots.py). */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pages.h"
#include "slot.h"

#define PATIENCE_S 5u /* a container that changes its page without a pause could hold a sweep off for ever */

static int sweep(const char *directory)
{
    static struct pages pages;
    char path[PATH_MAX];
    const char *trouble = pages_open(&pages, directory, path);
    if (trouble) {
        fprintf(stderr, "hami-reap: %s: %s\n", path, trouble);
        return 1;
    }
    slot_sweep(&pages, HAMI_SLOTS);
    return 0;
}

static bool sweep_apart(const char *directory)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        alarm(PATIENCE_S);
        _exit(sweep(directory));
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("hami-reap");
        return false;
    }
    if (WIFSIGNALED(status))
        fprintf(stderr, "hami-reap: %s: ended by signal %d (%s)\n", directory, WTERMSIG(status), strsignal(WTERMSIG(status)));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int count, char **directories)
{
    struct rlimit none = {0, 0};
    bool swept = setrlimit(RLIMIT_CORE, &none) == 0;
    for (int i = 1; i < count; i++)
        swept = sweep_apart(directories[i]) && swept;
    return swept ? 0 : 1;
}
