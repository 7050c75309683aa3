#include "fixture.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "account.h"
#include "atomics.h"
#include "crc32.h"
#include "pages_abi.h"
#include "test.h"

static char folder[] = "/tmp/hami-shares-XXXXXX";
static pid_t maker;

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void remove_folder(void)
{
    if (getpid() == maker)
        nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

const char *fixture_folder(void)
{
    if (!maker) {
        CHECK(mkdtemp(folder));
        maker = getpid();
        CHECK(atexit(remove_folder) == 0 && setenv("HAMI_TEST_SHARES", folder, 1) == 0);
    }
    return folder;
}

static void path_of(char path[PATH_MAX], const char *name, const char *page)
{
    snprintf(path, PATH_MAX, "%s/%s%s%s", fixture_folder(), name, page[0] ? "/" : "", page);
}

static void write_page(const char *name, const char *page, const void *bytes, size_t count)
{
    char path[PATH_MAX];
    path_of(path, name, page);
    FILE *file = fopen(path, "we");
    CHECK(file && fwrite(bytes, count, 1, file) == 1 && fclose(file) == 0);
}

static struct hami_head head_of(uint64_t magic, const char *card_uuid, uint64_t file_bytes)
{
    struct hami_head head = {.magic = magic, .abi_hash = HAMI_PAGES_ABI_HASH, .major = HAMI_PAGES_MAJOR, .minor = HAMI_PAGES_MINOR};
    head.file_bytes = file_bytes;
    strncpy(head.card_uuid, card_uuid, sizeof head.card_uuid - 1);
    head.crc = crc32_of(&head, offsetof(struct hami_head, crc));
    return head;
}

/* As the node does it: the place that is not in force first. */
static void put_in_force(struct hami_limits *limits, struct hami_limits_record record)
{
    record.version = limits->version + 1;
    record.crc = crc32_of(&record, offsetof(struct hami_limits_record, crc));
    limits->places[record.version & 1].record = record;
    store_release(&limits->version, record.version);
}

void fixture_share(const char *name, const char *card_uuid, uint64_t memory_bytes)
{
    static struct hami_limits limits;
    static struct hami_usage usage;
    char path[PATH_MAX];
    path_of(path, name, "");
    CHECK(mkdir(path, 0755) == 0);
    limits = (struct hami_limits){.head = head_of(HAMI_LIMITS_MAGIC, card_uuid, HAMI_LIMITS_BYTES)};
    put_in_force(&limits, (struct hami_limits_record){.memory_bytes = memory_bytes});
    write_page(name, "limits", &limits, sizeof limits);
    usage.head = head_of(HAMI_USAGE_MAGIC, card_uuid, HAMI_USAGE_BYTES);
    write_page(name, "usage", &usage, sizeof usage);
}

/* The limits page, to be written; munmap ends it. */
static struct hami_limits *map_limits(const char *name)
{
    char path[PATH_MAX];
    path_of(path, name, "limits");
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    struct hami_limits *limits = mmap(NULL, sizeof *limits, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    CHECK(descriptor >= 0 && limits != MAP_FAILED);
    close(descriptor);
    return limits;
}

void fixture_change_limit(const char *name, uint64_t memory_bytes)
{
    struct hami_limits *limits = map_limits(name);
    struct hami_limits_record record = limits->places[limits->version & 1].record;
    record.memory_bytes = memory_bytes;
    put_in_force(limits, record);
    munmap(limits, sizeof *limits);
}

void fixture_charge_overhead(const char *name, uint64_t overhead_bytes)
{
    struct hami_limits *limits = map_limits(name);
    struct hami_limits_record record = limits->places[limits->version & 1].record;
    record.overhead_bytes = overhead_bytes;
    put_in_force(limits, record);
    munmap(limits, sizeof *limits);
}

void fixture_oversubscribe(const char *name, bool managed, uint64_t pinned_bytes)
{
    struct hami_limits *limits = map_limits(name);
    struct hami_limits_record record = limits->places[limits->version & 1].record;
    record.flags |= managed ? HAMI_LIMITS_MANAGED : 0;
    record.pinned_bytes = pinned_bytes;
    put_in_force(limits, record);
    munmap(limits, sizeof *limits);
}

void fixture_limit_cores(const char *name, uint32_t cores_percent, uint32_t policy, uint32_t priority, uint32_t flags)
{
    struct hami_limits *limits = map_limits(name);
    struct hami_limits_record record = limits->places[limits->version & 1].record;
    record.cores_percent = cores_percent;
    record.policy = policy;
    record.priority = priority;
    record.flags = flags;
    put_in_force(limits, record);
    munmap(limits, sizeof *limits);
}

void fixture_seat(const char *name, const char *neighbour, uint64_t seat)
{
    static struct hami_card card;
    char path[PATH_MAX], other[PATH_MAX];
    struct hami_limits *limits = map_limits(name);
    limits->seat = seat;
    path_of(path, name, "card");
    card = (struct hami_card){.head = head_of(HAMI_CARD_MAGIC, limits->head.card_uuid, HAMI_CARD_BYTES)};
    munmap(limits, sizeof *limits);
    if (!neighbour)
        return write_page(name, "card", &card, sizeof card);
    path_of(other, neighbour, "card");
    CHECK(link(other, path) == 0);
}

/* Change the head of a limits page. */
static void change_head(const char *name, uint64_t context_bytes, uint32_t minor, uint64_t abi_hash)
{
    struct hami_head head = fixture_open(name).limits->head;
    head.context_bytes = context_bytes;
    head.minor = minor;
    head.abi_hash = abi_hash;
    head.crc = crc32_of(&head, offsetof(struct hami_head, crc));
    fixture_scribble(name, "limits", 0, &head, sizeof head);
}

void fixture_charge_contexts(const char *name, uint64_t context_bytes)
{
    change_head(name, context_bytes, HAMI_PAGES_MINOR, HAMI_PAGES_ABI_HASH);
}

void fixture_make_older(const char *name)
{
    change_head(name, 0, 1, 0);
}

struct pages fixture_open(const char *name)
{
    struct pages pages;
    char directory[PATH_MAX], trouble_path[PATH_MAX];
    path_of(directory, name, "");
    CHECK(pages_open(&pages, directory, trouble_path) == NULL);
    return pages;
}

void fixture_scribble(const char *name, const char *page, long offset, const void *bytes, size_t count)
{
    char path[PATH_MAX];
    path_of(path, name, page);
    FILE *file = fopen(path, "r+e");
    CHECK(file && fseek(file, offset, SEEK_SET) == 0 && fwrite(bytes, count, 1, file) == 1 && fclose(file) == 0);
}

uint64_t fixture_sum_of_charges(const struct hami_usage *usage)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < HAMI_SLOTS; i++) {
        struct account account = account_take_up((struct hami_usage *)usage, i);
        sum += account_held(&account);
    }
    return sum;
}
