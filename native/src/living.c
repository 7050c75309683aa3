#include "living.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomics.h"
#include "libc.h"

/* Whether a slot is held: asked, not tried, so that no slot is taken even for a moment. */
static bool lives(int descriptor, unsigned slot)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = HAMI_SLOT_LOCK_OFFSET + slot, .l_len = 1};
    return fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

static uint64_t held_bytes(const struct hami_slot *slot)
{
    return load_relaxed(&slot->charge_bytes[load_acquire(&slot->seq) & 1]);
}

/* A process has a slot on each share of the card that it uses. Returns how many there are then. */
static size_t add(struct living *list, size_t room, size_t count, struct living one)
{
    for (size_t i = 0; i < count && i < room; i++)
        if (list[i].pid == one.pid) {
            list[i].bytes += one.bytes;
            return count;
        }
    if (count < room)
        list[count] = one;
    return count + 1;
}

static uint64_t own_namespace(void)
{
    struct stat namespace;
    return libc_stat("/proc/self/ns/pid", &namespace) == 0 ? namespace.st_ino : 0;
}

static size_t add_share(const struct pages *pages, uint64_t namespace, struct living *list, size_t room, size_t count)
{
    int descriptor = open(pages->usage_path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0)
        return count;
    for (unsigned i = 0; i < HAMI_SLOTS; i++) {
        const struct hami_slot *slot = &pages->usage->slots[i];
        if (slot->pid && slot->pid_namespace == namespace && lives(descriptor, i))
            count = add(list, room, count, (struct living){slot->pid, held_bytes(slot)});
    }
    close(descriptor);
    return count;
}

size_t living_processes(const struct card *card, struct living *list, size_t room)
{
    size_t count = 0;
    uint64_t namespace = own_namespace();
    for (unsigned i = 0; i < card->share_count; i++)
        count = add_share(&card->shares[i]->pages, namespace, list, room, count);
    return count;
}
