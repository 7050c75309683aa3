#include "seat.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hami_pages.h"
#include "process.h"

static struct flock lock_of(short kind, unsigned seat)
{
    return (struct flock){.l_type = kind, .l_whence = SEEK_SET, .l_start = HAMI_SEAT_LOCK_OFFSET + seat, .l_len = 1};
}

/* As a slot's lock (slot.c): kept by a mapping that no child gets, whatever becomes of descriptors. */
static bool lock_and_tie(int descriptor, unsigned seat)
{
    struct flock lock = lock_of(F_RDLCK, seat);
    if (fcntl(descriptor, F_OFD_SETLK, &lock) != 0)
        return false;
    void *page = mmap(NULL, 1, PROT_NONE, MAP_SHARED, descriptor, 0);
    return page != MAP_FAILED && madvise(page, 1, MADV_DONTFORK) == 0;
}

bool seat_hold(const char *path, unsigned seat)
{
    if (!process_hold_forks())
        return false;
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    bool held = descriptor >= 0 && lock_and_tie(descriptor, seat);
    if (descriptor >= 0)
        close(descriptor);
    process_let_fork();
    return held;
}

bool seat_is_free(const char *path, unsigned seat)
{
    struct flock lock = lock_of(F_WRLCK, seat);
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    bool is_free = fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type == F_UNLCK;
    close(descriptor);
    return is_free;
}
