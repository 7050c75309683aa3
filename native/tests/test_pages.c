/* Covers: pages.c: which pages are accepted, what is said of others, and limits that change while they are read. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "crc32.h"
#include "fixture.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000001"

static const char *trouble_with(const char *name)
{
    static char path[PATH_MAX];
    struct pages pages;
    char directory[PATH_MAX];
    snprintf(directory, sizeof directory, "%s/%s", fixture_folder(), name);
    return pages_open(&pages, directory, path);
}

static void whole_pages_are_opened(void)
{
    struct hami_limits_record record;
    fixture_share("a", CARD, MIB(3072));
    struct pages pages = fixture_open("a");
    CHECK(strcmp(pages.usage->head.card_uuid, CARD) == 0);
    CHECK(pages_read_limits(&pages, &record) && record.memory_bytes == MIB(3072) && record.version == 1);
}

static void a_page_that_is_not_there_is_told(void)
{
    CHECK(strcmp(trouble_with("nothing"), "cannot be opened") == 0);
}

static void expect(const char *page, long offset, const char *trouble)
{
    static char name[] = "a";
    const unsigned char bytes[4] = {0xa5, 0xa5, 0xa5, 0xa5};
    fixture_share(name, CARD, MIB(1));
    fixture_scribble(name, page, offset, bytes, sizeof bytes);
    CHECK(strcmp(trouble_with(name), trouble) == 0);
    name[0]++;
}

static void damaged_heads_are_told_apart(void)
{
    expect("limits", offsetof(struct hami_head, magic), "not a page of this kind");
    expect("usage", offsetof(struct hami_head, magic), "not a page of this kind");
    expect("usage", offsetof(struct hami_head, major), "a page of another major version");
    expect("usage", offsetof(struct hami_head, abi_hash), "its head is damaged");
    expect("usage", offsetof(struct hami_head, card_uuid), "its head is damaged");
    expect("limits", offsetof(struct hami_limits, places) + HAMI_LIMITS_PLACE_BYTES, "its record in force is damaged");
    const long record = offsetof(struct hami_limits, places) + HAMI_LIMITS_PLACE_BYTES;
    expect("limits", record + (long)offsetof(struct hami_limits_record, cores_percent), "its record in force is damaged");
    expect("limits", record + (long)offsetof(struct hami_limits_record, crc), "its record in force is damaged");
    expect("limits", HAMI_LIMITS_BYTES, "a page of another size");
    expect("usage", HAMI_USAGE_BYTES, "a page of another size");
}

static struct hami_head head_with(uint64_t abi_hash, uint32_t minor)
{
    struct pages pages = fixture_open("a");
    struct hami_head head = pages.usage->head;
    head.abi_hash = abi_hash;
    head.minor = minor;
    head.crc = crc32_of(&head, offsetof(struct hami_head, crc));
    return head;
}

static void another_layout_is_refused_but_a_later_minor_is_not(void)
{
    fixture_share("a", CARD, MIB(1));
    struct hami_head other = head_with(1, HAMI_PAGES_MINOR), later = head_with(1, HAMI_PAGES_MINOR + 1);
    CHECK(strcmp(pages_check(&other, HAMI_USAGE_MAGIC, HAMI_USAGE_BYTES), "a page of another layout") == 0);
    CHECK(pages_check(&later, HAMI_USAGE_MAGIC, HAMI_USAGE_BYTES) == NULL);
}

static void pages_of_two_cards_are_no_share(void)
{
    fixture_share("a", CARD, MIB(1));
    fixture_share("b", "GPU-other", MIB(1));
    struct pages other = fixture_open("b");
    fixture_scribble("a", "usage", 0, &other.usage->head, sizeof other.usage->head);
    CHECK(strcmp(trouble_with("a"), "of another card than the limits beside it") == 0);
}

static void changed_limits_are_seen_in_place(void)
{
    struct hami_limits_record record;
    fixture_share("a", CARD, MIB(4));
    struct pages pages = fixture_open("a");
    for (uint64_t mib = 5; mib < 10; mib++) {
        fixture_change_limit("a", MIB(mib));
        CHECK(pages_read_limits(&pages, &record) && record.memory_bytes == MIB(mib));
    }
}

static void a_torn_record_keeps_the_last_limits(void)
{
    struct hami_limits_record record;
    fixture_share("a", CARD, MIB(4));
    struct pages pages = fixture_open("a");
    CHECK(pages_read_limits(&pages, &record));
    const uint64_t version = 2; /* whose record was never written */
    fixture_scribble("a", "limits", offsetof(struct hami_limits, version), &version, sizeof version);
    CHECK(!pages_read_limits(&pages, &record) && record.memory_bytes == MIB(4));
}

static struct hami_limits_record read_as(struct hami_limits_record written)
{
    struct hami_limits_record read;
    struct pages pages = fixture_open("a");
    written.version = 1;
    written.crc = crc32_of(&written, offsetof(struct hami_limits_record, crc));
    fixture_scribble("a", "limits", offsetof(struct hami_limits, places) + HAMI_LIMITS_PLACE_BYTES, &written, sizeof written);
    CHECK(pages_read_limits(&pages, &read));
    return read;
}

static void what_no_node_writes_is_taken_for_the_strictest(void)
{
    fixture_share("a", CARD, MIB(4));
    struct hami_limits_record odd = {.cores_percent = 101, .policy = 3, .priority = 2, .weight = 0}, read = read_as(odd);
    CHECK(read.cores_percent == 100 && read.policy == HAMI_CORES_FORCE && read.priority == 1 && read.weight == 1);
    odd = (struct hami_limits_record){.cores_percent = UINT32_MAX, .policy = UINT32_MAX, .priority = UINT32_MAX, .weight = UINT32_MAX};
    read = read_as(odd);
    CHECK(read.cores_percent == 100 && read.policy == HAMI_CORES_FORCE && read.priority == 1 && read.weight == 1000);
    const struct hami_limits_record usual = {.cores_percent = 30, .policy = HAMI_CORES_DISABLE, .priority = 0, .weight = 7, .flags = UINT32_MAX};
    read = read_as(usual);
    CHECK(read.cores_percent == 30 && read.policy == HAMI_CORES_DISABLE && read.priority == 0 && read.weight == 7 && read.flags == UINT32_MAX);
}

static void crc32_is_the_ieee_one(void)
{
    CHECK(crc32_of("123456789", 9) == UINT32_C(0xcbf43926)); /* the check value of its definition */
}

static void the_page_of_a_card_is_common_to_its_shares(void)
{
    fixture_share("a", CARD, MIB(1));
    fixture_share("b", CARD, MIB(1));
    CHECK(!fixture_open("a").card && !fixture_open("a").card_trouble);
    fixture_seat("a", NULL, 0);
    fixture_seat("b", "a", 1);
    struct pages first = fixture_open("a"), second = fixture_open("b");
    CHECK(first.card && second.card && second.limits->seat == 1);
    first.card->since_ns = 17;
    CHECK(second.card->since_ns == 17);
}

/* The share is held to its own limits without it. */
static void a_page_of_a_card_that_cannot_be_used_is_told_and_done_without(void)
{
    const unsigned char byte = 0xa5;
    fixture_share("a", CARD, MIB(1));
    fixture_seat("a", NULL, 0);
    fixture_scribble("a", "card", 0, &byte, 1);
    CHECK(!fixture_open("a").card && strcmp(fixture_open("a").card_trouble, "not a page of this kind") == 0);
    fixture_share("b", "GPU-00000000-0000-0000-0000-000000000002", MIB(1));
    fixture_seat("b", NULL, 0);
    fixture_share("c", CARD, MIB(1));
    fixture_seat("c", "b", 1);
    CHECK(!fixture_open("c").card && strcmp(fixture_open("c").card_trouble, "of another card than the limits beside it") == 0);
}

static const struct test tests[] = {
    {"pages: the page of a card is common to its shares", the_page_of_a_card_is_common_to_its_shares},
    {"pages: a page of a card that cannot be used is told and done without", a_page_of_a_card_that_cannot_be_used_is_told_and_done_without},
    {"pages: whole pages are opened", whole_pages_are_opened},
    {"pages: a page that is not there is told", a_page_that_is_not_there_is_told},
    {"pages: damaged heads, records and sizes are told apart", damaged_heads_are_told_apart},
    {"pages: another layout is refused, a later minor is not", another_layout_is_refused_but_a_later_minor_is_not},
    {"pages: pages of two cards are no share", pages_of_two_cards_are_no_share},
    {"pages: changed limits are seen in place", changed_limits_are_seen_in_place},
    {"pages: a torn record keeps the last limits", a_torn_record_keeps_the_last_limits},
    {"pages: what no node writes is taken for the strictest that one does", what_no_node_writes_is_taken_for_the_strictest},
    {"pages: the CRC is the IEEE one", crc32_is_the_ieee_one},
};

int main(void)
{
    return RUN_TESTS(tests);
}
