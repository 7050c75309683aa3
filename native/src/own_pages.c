#include "own_pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "atomics.h"
#include "crc32.h"
#include "libc.h"
#include "pages_abi.h"
#include "process.h"
#include "slot.h"

#define LOCK_TRIES 100 /* a millisecond apart: it is held for microseconds */

static const char other_contexts[] = "counts contexts otherwise than the environment says; it can be removed when no program runs";
static const char changed[] = "holds other limits than the environment says, for processes that run";

static struct hami_head head_of(uint64_t magic, const char *card_uuid, uint64_t context_bytes, uint64_t file_bytes)
{
    struct hami_head head = {
        .magic = magic, .abi_hash = HAMI_PAGES_ABI_HASH, .major = HAMI_PAGES_MAJOR, .minor = HAMI_PAGES_MINOR, .file_bytes = file_bytes};
    bool usage = magic == HAMI_USAGE_MAGIC;
    head.header_bytes = usage ? HAMI_USAGE_HEADER_BYTES : HAMI_HEAD_BYTES;
    head.slot_bytes = usage ? HAMI_SLOT_BYTES : 0;
    head.slots = usage ? HAMI_SLOTS : 0;
    head.context_bytes = context_bytes;
    snprintf(head.card_uuid, sizeof head.card_uuid, "%s", card_uuid);
    head.crc = crc32_of(&head, offsetof(struct hami_head, crc));
    return head;
}

static struct hami_limits_record sealed(struct hami_limits_record record, uint64_t version)
{
    record.version = version;
    record.crc = crc32_of(&record, offsetof(struct hami_limits_record, crc));
    return record;
}

/* The rest of the file is zero, and has its room on the disk: a page without room would end the process that touches it. The mode is set by
 * itself, since the creation mask is the program's. */
static bool write_file(int folder, const char *name, const void *bytes, size_t count, off_t file_bytes)
{
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    bool written = posix_fallocate(file, 0, file_bytes) == 0 && pwrite(file, bytes, count, 0) == (ssize_t)count && fchmod(file, 0666) == 0;
    close(file);
    return written;
}

static bool write_pages(int folder, const char *card_uuid, const struct hami_limits_record *record, uint64_t context_bytes)
{
    struct hami_limits limits = {.head = head_of(HAMI_LIMITS_MAGIC, card_uuid, context_bytes, HAMI_LIMITS_BYTES), .version = 1};
    struct hami_head usage = head_of(HAMI_USAGE_MAGIC, card_uuid, 0, HAMI_USAGE_BYTES);
    limits.places[1].record = sealed(*record, 1);
    return write_file(folder, "limits", &limits, sizeof limits, HAMI_LIMITS_BYTES) &&
           write_file(folder, "usage", &usage, sizeof usage, HAMI_USAGE_BYTES) && fchmod(folder, 0755) == 0;
}

static void remove_made(const char *made, int folder)
{
    (void)unlinkat(folder, "limits", 0);
    (void)unlinkat(folder, "usage", 0);
    (void)rmdir(made);
}

/* Beside its place first. Whoever comes second finds the first one's in place, which a folder with files is not renamed over. */
static const char *make(const char *directory, const char *card_uuid, const struct hami_limits_record *record, uint64_t context_bytes)
{
    char made[PATH_MAX];
    if (snprintf(made, sizeof made, "%s.XXXXXX", directory) >= PATH_MAX)
        return "the path is too long";
    int folder = mkdtemp(made) ? open(made, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (folder < 0)
        return "cannot be made";
    bool written = write_pages(folder, card_uuid, record, context_bytes), placed = written && rename(made, directory) == 0;
    bool second = written && !placed && (errno == ENOTEMPTY || errno == EEXIST);
    if (!placed)
        remove_made(made, folder);
    close(folder);
    return placed || second ? NULL : "cannot be made";
}

static bool is_there(const char *path)
{
    struct stat status;
    return libc_stat(path, &status) == 0 || errno != ENOENT;
}

static bool same_limits(const struct pages *pages, const struct hami_limits_record *wanted)
{
    struct hami_limits_record found;
    return pages_read_limits(pages, &found) && found.memory_bytes == wanted->memory_bytes && found.cores_percent == wanted->cores_percent &&
           found.policy == wanted->policy && found.priority == wanted->priority && found.flags == wanted->flags;
}

/* The right to change the limits: a lock on the first byte of their file. */
static bool lock_limits(int descriptor)
{
    static const struct timespec pause = {.tv_nsec = 1000000};
    for (int try = 0; try < LOCK_TRIES; try++) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
        if (fcntl(descriptor, F_OFD_SETLK, &lock) == 0)
            return true;
        (void)nanosleep(&pause, NULL);
    }
    return false;
}

static const char *put_in_force(int descriptor, const struct hami_limits_record *record)
{
    struct hami_limits *limits = mmap(NULL, sizeof *limits, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (limits == MAP_FAILED)
        return "cannot be mapped";
    uint64_t version = load_relaxed(&limits->version) + 1;
    limits->places[version & 1].record = sealed(*record, version);
    store_release(&limits->version, version);
    munmap(limits, sizeof *limits);
    return NULL;
}

/* The limits of an earlier run make way; those that bind somebody stay. Who has opened the pages and has not allocated yet is not seen: it
 * is held to what is in force when it does. */
static const char *change(const struct pages *pages, const char *path, const struct hami_limits_record *wanted)
{
    const char *trouble = NULL;
    int descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0)
        return "cannot be opened for other limits";
    if (!lock_limits(descriptor))
        trouble = "is locked by another process";
    else if (same_limits(pages, wanted))
        trouble = NULL; /* another process was faster */
    else if (slot_any_held(pages))
        trouble = changed;
    else
        trouble = put_in_force(descriptor, wanted);
    close(descriptor);
    return trouble;
}

/* A child must not inherit the lock. */
static const char *change_unforked(const struct pages *pages, const char *path, const struct hami_limits_record *wanted)
{
    if (!process_hold_forks())
        return "forks cannot be held off";
    const char *trouble = change(pages, path, wanted);
    process_let_fork();
    return trouble;
}

const char *own_pages_open(struct pages *pages, const char *directory, const char *card_uuid, const struct hami_limits_record *limits,
                           uint64_t context_bytes, char trouble_path[PATH_MAX])
{
    snprintf(trouble_path, PATH_MAX, "%s", directory);
    const char *trouble = is_there(directory) ? NULL : make(directory, card_uuid, limits, context_bytes);
    if (!trouble)
        trouble = pages_open(pages, directory, trouble_path);
    if (trouble)
        return trouble;
    snprintf(trouble_path, PATH_MAX, "%s/limits", directory);
    if (strcmp(pages->limits->head.card_uuid, card_uuid) != 0)
        trouble = "is of another card";
    else if (pages->limits->head.context_bytes != context_bytes)
        trouble = other_contexts;
    else if (!same_limits(pages, limits))
        trouble = change_unforked(pages, trouble_path, limits);
    if (trouble)
        pages_close(pages);
    return trouble;
}
