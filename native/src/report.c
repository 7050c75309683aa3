#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

void report(const char *path, const char *trouble, const char *remedy)
{
    int kept = errno;
    char line[512];
    int length = snprintf(line, sizeof line, "libvgpu: %s: %s; %s\n", path, trouble, remedy);
    size_t count = length < 0 ? 0 : (size_t)length < sizeof line ? (size_t)length : sizeof line - 1;
    if (count == sizeof line - 1)
        line[count - 1] = '\n'; /* cut, and still one line */
    /* Not by libc's write, at which a thread could be cancelled, with the process's lock held. Where standard error is closed, there is no one to tell. */
    (void)syscall(SYS_write, STDERR_FILENO, line, count);
    errno = kept;
}
