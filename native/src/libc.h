/* What the C library has under its present names only since glibc 2.30 to 2.34, by names that it has had since 2.17; and what it does as it is not to be done here. In an image with
 * an older one the linker would pass over this object with a warning, and the container would be without a limit.
 *
 * dlopen and dlvsym were libdl's until 2.34. They are weak, since this object may need no library but libc: a program without
 * libdl finds neither, and has no way to open a driver either. Not here: anything that every libc since 2.17 has. */
#ifndef HAMI_LIBC_H
#define HAMI_LIBC_H

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#define LIBC_BASE_VERSION "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define LIBC_BASE_VERSION "GLIBC_2.17"
#else
#error "the first version of glibc for this processor is not known"
#endif

__asm__(".symver libc_dlopen, dlopen@" LIBC_BASE_VERSION);
__asm__(".symver libc_dlvsym, dlvsym@" LIBC_BASE_VERSION);
extern void *libc_dlopen(const char *file, int mode) __attribute__((weak));
extern void *libc_dlvsym(void *handle, const char *symbol, const char *version) __attribute__((weak));

static inline pid_t libc_gettid(void)
{
    return (pid_t)syscall(SYS_gettid);
}

/* libc's own is a place where a thread is cancelled. */
static inline int libc_sleep(const struct timespec *wanted, struct timespec *left)
{
    return (int)syscall(SYS_nanosleep, wanted, left);
}

/* The kernel's struct stat is the library's on 64-bit processors. */
static inline int libc_fstat(int descriptor, struct stat *status)
{
    return (int)syscall(SYS_fstat, descriptor, status);
}

static inline int libc_stat(const char *path, struct stat *status)
{
    return (int)syscall(SYS_newfstatat, AT_FDCWD, path, status, 0);
}

#endif
