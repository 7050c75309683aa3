/* Covers: mounts.c on files as the kernel writes them, and on the mounts of this process. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mounts.h"
#include "test.h"

#define FOLDER "/run/hami.io"

static enum mounts mounts_of(const char *text)
{
    char path[] = "/tmp/hami-mounts-XXXXXX";
    int file = mkstemp(path);
    CHECK(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text) && close(file) == 0);
    enum mounts mounts = mounts_below(path, FOLDER);
    CHECK(unlink(path) == 0);
    return mounts;
}

static const char root[] = "22 1 0:20 / / rw,relatime shared:1 - overlay overlay rw,lowerdir=/run/hami.io/lib\n";

static enum mounts with_point(const char *mount_point)
{
    char text[512];
    snprintf(text, sizeof text, "%s30 22 8:1 /var/lib/hami.io/x %s ro,relatime master:5 - ext4 /dev/sda1 rw\n", root, mount_point);
    return mounts_of(text);
}

static void what_the_node_mounts_is_seen(void)
{
    CHECK(with_point("/run/hami.io/lib/libvgpu.so") == MOUNTS_SOME);
    CHECK(with_point("/run/hami.io/shares/a/limits") == MOUNTS_SOME);
    CHECK(with_point("/run/hami.io") == MOUNTS_SOME);
}

static void names_that_only_begin_alike_are_others(void)
{
    CHECK(with_point("/run/hami.iox") == MOUNTS_NONE && with_point("/run/hami.i") == MOUNTS_NONE);
    CHECK(with_point("/run") == MOUNTS_NONE && with_point("/") == MOUNTS_NONE);
    CHECK(with_point("/x/run/hami.io/lib") == MOUNTS_NONE && with_point("/run/hami.iox/run/hami.io/") == MOUNTS_NONE);
    CHECK(with_point("/run/hami\\040io/lib") == MOUNTS_NONE);
}

static void other_fields_of_a_line_do_not_count(void)
{
    CHECK(mounts_of(root) == MOUNTS_NONE && mounts_of("") == MOUNTS_NONE && mounts_of("\n\n   \n") == MOUNTS_NONE);
    CHECK(mounts_of("1 2 8:1 /run/hami.io/lib /mnt rw - ext4 /run/hami.io/lib rw\n") == MOUNTS_NONE);
}

/* Lines are longer than what is read at once, and a mount point may stand across two readings. */
static void long_lines_are_read_to_their_end(void)
{
    for (unsigned length = 4000; length < 4200; length++) {
        static char text[8192];
        int written = snprintf(text, sizeof text, "22 1 0:20 / /%0*u rw - overlay overlay rw\n", (int)length, 0u);
        snprintf(text + written, sizeof text - (size_t)written, "30 22 8:1 /x /run/hami.io/shares/a/usage rw - ext4 x rw\n");
        CHECK(mounts_of(text) == MOUNTS_SOME);
        text[written] = 0;
        CHECK(mounts_of(text) == MOUNTS_NONE);
    }
}

static void what_cannot_be_read_is_not_known(void)
{
    CHECK(mounts_below("/nonexistent", FOLDER) == MOUNTS_UNKNOWN);
    CHECK(mounts_below("/tmp", FOLDER) == MOUNTS_UNKNOWN);
}

static void the_kernels_own_list_is_understood(void)
{
    CHECK(mounts_below("/proc/self/mountinfo", "/proc") == MOUNTS_SOME);
    CHECK(mounts_below("/proc/self/mountinfo", "/nothing/is/mounted/here") == MOUNTS_NONE);
}

static const struct test tests[] = {
    {"mounts: what the node mounts is seen", what_the_node_mounts_is_seen},
    {"mounts: names that only begin alike are others", names_that_only_begin_alike_are_others},
    {"mounts: other fields of a line do not count", other_fields_of_a_line_do_not_count},
    {"mounts: long lines are read to their end", long_lines_are_read_to_their_end},
    {"mounts: what cannot be read is not known", what_cannot_be_read_is_not_known},
    {"mounts: the kernel's own list is understood", the_kernels_own_list_is_understood},
};

int main(void)
{
    return RUN_TESTS(tests);
}
