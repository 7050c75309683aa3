#include "pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomics.h"
#include "crc32.h"
#include "libc.h"
#include "pages_abi.h"

#define TRIES 4
#define WHOLE_CARD 100u
#define LOWEST_PRIORITY 1u
#define MOST_WEIGHT 1000u

const char *pages_check(const struct hami_head *head, uint64_t magic, uint64_t file_bytes)
{
    if (head->magic != magic)
        return "not a page of this kind";
    if (head->major != HAMI_PAGES_MAJOR)
        return "a page of another major version";
    if (head->crc != crc32_of(head, offsetof(struct hami_head, crc)))
        return "its head is damaged";
    if (head->minor == HAMI_PAGES_MINOR && head->abi_hash != HAMI_PAGES_ABI_HASH)
        return "a page of another layout";
    if (head->file_bytes != file_bytes)
        return "a page of another size";
    if (!head->card_uuid[0] || memchr(head->card_uuid, 0, sizeof head->card_uuid) == NULL)
        return "it names no card";
    return NULL;
}

/* The accounting must not come from the open file description of a slot's lock (slot.c), which a forked child must not keep:
 * so the file is mapped here by an open of its own. */
static const char *map_file(const char *path, int flags, size_t bytes, void **page)
{
    int descriptor = open(path, flags | O_CLOEXEC | O_NONBLOCK); /* a pipe is not waited for */
    if (descriptor < 0)
        return "cannot be opened";
    struct stat status;
    int protection = flags == O_RDWR ? PROT_READ | PROT_WRITE : PROT_READ;
    const char *trouble = NULL;
    if (libc_fstat(descriptor, &status) != 0 || (uint64_t)status.st_size != bytes)
        trouble = "a page of another size";
    else if ((*page = mmap(NULL, bytes, protection, MAP_SHARED, descriptor, 0)) == MAP_FAILED)
        trouble = "cannot be mapped";
    close(descriptor);
    return trouble;
}

static const char *open_page(const char *path, int flags, size_t bytes, uint64_t magic, void **page)
{
    const char *trouble = map_file(path, flags, bytes, page);
    if (trouble)
        return trouble;
    trouble = pages_check(*page, magic, bytes);
    if (trouble)
        munmap(*page, bytes);
    return trouble;
}

static bool join(char path[PATH_MAX], const char *directory, const char *name)
{
    int length = snprintf(path, PATH_MAX, "%s/%s", directory, name);
    return length >= 0 && length < PATH_MAX;
}

/* Without it a share goes by its own credit alone: so what is wrong with it refuses nothing. */
static void open_card(struct pages *pages, const char *directory)
{
    void *page;
    pages->card = NULL;
    pages->card_trouble = NULL;
    if (!join(pages->card_path, directory, "card") || (access(pages->card_path, F_OK) != 0 && errno == ENOENT))
        return;
    pages->card_trouble = open_page(pages->card_path, O_RDWR, HAMI_CARD_BYTES, HAMI_CARD_MAGIC, &page);
    if (pages->card_trouble)
        return;
    if (strcmp(pages->limits->head.card_uuid, ((struct hami_head *)page)->card_uuid) == 0) {
        pages->card = page;
        return;
    }
    munmap(page, HAMI_CARD_BYTES);
    pages->card_trouble = "of another card than the limits beside it";
}

const char *pages_open(struct pages *pages, const char *directory, char trouble_path[PATH_MAX])
{
    void *limits, *usage;
    struct hami_limits_record record;
    if (!join(trouble_path, directory, "limits") || !join(pages->usage_path, directory, "usage"))
        return "the path is too long";
    const char *trouble = open_page(trouble_path, O_RDONLY, HAMI_LIMITS_BYTES, HAMI_LIMITS_MAGIC, &limits);
    if (trouble)
        return trouble;
    pages->limits = limits;
    if (!pages_read_limits(pages, &record))
        trouble = "its record in force is damaged";
    if (!trouble) {
        memcpy(trouble_path, pages->usage_path, sizeof pages->usage_path);
        trouble = open_page(trouble_path, O_RDWR, HAMI_USAGE_BYTES, HAMI_USAGE_MAGIC, &usage);
    }
    if (!trouble && strcmp(pages->limits->head.card_uuid, ((struct hami_head *)usage)->card_uuid) != 0) {
        munmap(usage, HAMI_USAGE_BYTES);
        trouble = "of another card than the limits beside it";
    }
    if (trouble)
        munmap(limits, HAMI_LIMITS_BYTES);
    else {
        pages->usage = usage;
        open_card(pages, directory);
    }
    return trouble;
}

void pages_close(const struct pages *pages)
{
    munmap((void *)pages->limits, HAMI_LIMITS_BYTES);
    munmap(pages->usage, HAMI_USAGE_BYTES);
    if (pages->card)
        munmap(pages->card, HAMI_CARD_BYTES);
}

static void copy_record(struct hami_limits_record *copy, const struct hami_limits_record *record)
{
    const volatile unsigned char *source = (const volatile unsigned char *)record;
    unsigned char *target = (unsigned char *)copy;
    for (size_t i = 0; i < sizeof *copy; i++)
        target[i] = source[i];
}

/* A whole record is the node's word, so the share is not refused for what is not known here. It is held to the strictest that is: what a later
 * version means to loosen, it must say in a new field. */
static void take_for_known(struct hami_limits_record *record)
{
    if (record->cores_percent > WHOLE_CARD)
        record->cores_percent = WHOLE_CARD;
    if (record->policy > HAMI_CORES_DISABLE)
        record->policy = HAMI_CORES_FORCE;
    if (record->priority > LOWEST_PRIORITY)
        record->priority = LOWEST_PRIORITY;
    if (!record->weight)
        record->weight = 1;
    else if (record->weight > MOST_WEIGHT)
        record->weight = MOST_WEIGHT;
}

bool pages_read_limits(const struct pages *pages, struct hami_limits_record *record)
{
    const struct hami_limits *limits = pages->limits;
    for (int try = 0; try < TRIES; try++) {
        struct hami_limits_record copy;
        uint64_t version = load_acquire(&limits->version);
        copy_record(&copy, &limits->places[version & 1].record);
        __atomic_thread_fence(__ATOMIC_ACQUIRE); /* the copy is read before the version is read again */
        bool whole = copy.crc == crc32_of(&copy, offsetof(struct hami_limits_record, crc)) && copy.version == version;
        if (whole && load_relaxed(&limits->version) == version) {
            *record = copy;
            take_for_known(record);
            return true;
        }
    }
    return false;
}
