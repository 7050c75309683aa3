#include "mounts.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define MOUNT_POINT 4 /* the field of a line, from 0 */

/* Where the reading is, and how much of a line's mount point has been the folder so far. */
struct place {
    int field;
    size_t matched;
    bool differs;
};

/* Take the next byte; true where a mount point is found to be the folder or to be below it. */
static bool take(struct place *place, char byte, const char *folder)
{
    bool is_folder = place->field == MOUNT_POINT && !place->differs && !folder[place->matched];
    if (byte == '\n')
        *place = (struct place){0};
    else if (byte == ' ')
        place->field++;
    else if (place->field == MOUNT_POINT && !is_folder)
        place->differs |= folder[place->matched] != byte, place->matched += !place->differs;
    else if (is_folder && byte != '/')
        place->differs = true;
    return is_folder && (byte == ' ' || byte == '/');
}

enum mounts mounts_below(const char *mountinfo, const char *folder)
{
    char bytes[4096];
    ssize_t count;
    struct place place = {0};
    enum mounts found = MOUNTS_NONE;
    int descriptor = open(mountinfo, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return MOUNTS_UNKNOWN;
    while (found == MOUNTS_NONE && (count = read(descriptor, bytes, sizeof bytes)) != 0) {
        if (count < 0)
            found = MOUNTS_UNKNOWN;
        for (ssize_t i = 0; i < count && found == MOUNTS_NONE; i++)
            if (take(&place, bytes[i], folder))
                found = MOUNTS_SOME;
    }
    close(descriptor);
    return found;
}
