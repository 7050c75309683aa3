/* Covers: pages.c, shares.c and the accounting on pages that no node writes: cut off, of other versions, scribbled on. A page that is not as it must
 * be refuses everything and says so in one line; what is scribbled into a page that is in use harms the numbers, never the program. */
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "card_memory.h"
#include "charge.h"
#include "crc32.h"
#include "fixture.h"
#include "living.h"
#include "slot.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000001"
#define ROUNDS 300

static char path[PATH_MAX];

static const char *path_in(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", fixture_folder(), name);
    return path;
}

static void remove_share(void)
{
    CHECK(remove(path_in("a/limits")) == 0 && remove(path_in("a/usage")) == 0 && remove(path_in("a")) == 0);
}

static unsigned lines_in(const char *file)
{
    unsigned lines = 0;
    FILE *said = fopen(file, "re");
    CHECK(said);
    for (int letter; (letter = fgetc(said)) != EOF;)
        lines += letter == '\n';
    fclose(said);
    return lines;
}

/* Everything that a program asks of the library, in a process of its own whose complaints go to a file. */
static void use_all(void *unused)
{
    (void)unused;
    CHECK(freopen(path_in(".said"), "w", stderr));
    bool refused = !shares_none() && shares_count() == 0;
    for (int i = 0; i < 3; i++)
        refused &= !charge_reserve(shares_card(CARD), CHARGE_BUFFER, 1) && card_memory_of(shares_card(CARD)).limit == 0;
    exit(refused ? 0 : 1);
}

static void expect_refusal_in_one_line(void)
{
    join(start(use_all, NULL));
    CHECK(lines_in(path_in(".said")) == 1);
}

static void expect_refusal_when_cut(const char *page, off_t bytes)
{
    fixture_share("a", CARD, MIB(8));
    CHECK(truncate(path_in(page), bytes) == 0);
    expect_refusal_in_one_line();
    remove_share();
}

static void pages_of_any_other_size_are_refused(void)
{
    const off_t sizes[] = {0,
                           1,
                           offsetof(struct hami_head, crc),
                           HAMI_HEAD_BYTES,
                           HAMI_HEAD_BYTES + 1,
                           offsetof(struct hami_limits, places),
                           offsetof(struct hami_limits, places) + HAMI_LIMITS_PLACE_BYTES,
                           4095,
                           4097,
                           HAMI_USAGE_HEADER_BYTES + HAMI_SLOT_BYTES,
                           HAMI_USAGE_BYTES - 4096,
                           HAMI_USAGE_BYTES - 1,
                           HAMI_USAGE_BYTES + 1,
                           INT64_C(1) << 40};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        expect_refusal_when_cut("a/limits", sizes[i]);
        expect_refusal_when_cut("a/usage", sizes[i]);
    }
}

/* Each byte of each head, changed and unchanged in its sum. */
static void every_byte_of_a_head_counts(void)
{
    fixture_share("a", CARD, MIB(8));
    struct pages pages = fixture_open("a");
    const struct hami_head good[] = {pages.limits->head, pages.usage->head};
    const uint64_t magic[] = {HAMI_LIMITS_MAGIC, HAMI_USAGE_MAGIC};
    for (unsigned page = 0; page < 2; page++)
        for (size_t i = 0; i < sizeof good[page]; i++) {
            struct hami_head head = good[page];
            ((unsigned char *)&head)[i] ^= 0x5a;
            CHECK(pages_check(&head, magic[page], good[page].file_bytes));
        }
}

static void put_head(const char *page, struct hami_head head)
{
    head.crc = crc32_of(&head, offsetof(struct hami_head, crc));
    fixture_scribble("a", page, 0, &head, sizeof head);
}

/* A sum that is right does not make a page right. */
static void whole_heads_of_other_pages_are_refused(void)
{
    for (int i = 0; i < 5; i++) {
        fixture_share("a", CARD, MIB(8));
        struct hami_head head = fixture_open("a").usage->head;
        head.magic = i == 0 ? HAMI_LIMITS_MAGIC : head.magic;
        head.major += i == 1;
        head.abi_hash ^= i == 2;
        head.file_bytes += i == 3;
        memset(head.card_uuid, i == 4 ? 'x' : 'y', i == 4 ? sizeof head.card_uuid : 1); /* without an end; of another card */
        put_head("usage", head);
        expect_refusal_in_one_line();
        remove_share();
    }
}

static void fill_randomly(void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ((unsigned char *)bytes)[i] = (unsigned char)rand();
}

/* Sums are right by chance once in 2^32. */
static void random_limits_are_refused(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct pages pages;
        char directory[PATH_MAX], trouble_path[PATH_MAX];
        unsigned char noise[HAMI_LIMITS_BYTES];
        size_t from = i % 2 ? 0 : sizeof(struct hami_head);
        fixture_share("a", CARD, MIB(8));
        fill_randomly(noise, sizeof noise);
        fixture_scribble("a", "limits", (long)from, noise, sizeof noise - from);
        snprintf(directory, sizeof directory, "%s/a", fixture_folder());
        CHECK(pages_open(&pages, directory, trouble_path));
        remove_share();
    }
}

static void entries_that_are_no_share_are_refused(void)
{
    FILE *file = fopen(path_in("note"), "we");
    CHECK(file && fclose(file) == 0);
    expect_refusal_in_one_line();
    CHECK(remove(path_in("note")) == 0 && mkdir(path_in("empty"), 0755) == 0);
    expect_refusal_in_one_line();
    CHECK(remove(path_in("empty")) == 0 && symlink(".", path_in("loop")) == 0);
    expect_refusal_in_one_line();
}

static void a_pipe_in_the_place_of_a_page_is_refused_and_not_waited_for(void)
{
    alarm(10);
    fixture_share("a", CARD, MIB(8));
    CHECK(remove(path_in("a/limits")) == 0 && mkfifo(path_in("a/limits"), 0644) == 0);
    expect_refusal_in_one_line();
}

/* The container may write anything behind the head of `usage`. */
static void use_a_page_of_noise(void *seed)
{
    fixture_share("a", CARD, MIB(8));
    struct pages pages = fixture_open("a");
    srand(*(unsigned *)seed);
    fill_randomly(&pages.usage->word, sizeof *pages.usage - offsetof(struct hami_usage, word));
    const struct card *card = shares_card(CARD);
    struct living list[4];
    struct charge *charge = charge_reserve(card, CHARGE_BUFFER, MIB(2));
    if (charge)
        charge_cancel(charge);
    card_memory_of(card);
    living_processes(card, list, 4);
    slot_sweep(&pages, HAMI_SLOTS);
    remove_share();
}

static void noise_in_a_page_in_use_harms_no_program(void)
{
    alarm(60);
    fixture_folder();
    for (unsigned seed = 0; seed < ROUNDS / 10; seed++)
        join(start(use_a_page_of_noise, &seed));
}

static void cut_the_page_and_charge(void *unused)
{
    CHECK(!unused && signal(SIGBUS, SIG_DFL) != SIG_ERR); /* a sanitizer ends a program in its own way */
    const struct card *card = shares_card(CARD);
    charge_reserve(card, CHARGE_BUFFER, MIB(2));
    CHECK(truncate(path_in("a/usage"), 0) == 0);
    charge_reserve(card, CHARGE_BUFFER, MIB(2));
}

/* The kernel's answer to a container that cuts its own page: its processes that charge end, and the next ones get nothing. */
static void who_cuts_the_page_in_use_ends_and_gains_nothing(void)
{
    int status;
    fixture_share("a", CARD, MIB(8));
    pid_t process = start(cut_the_page_and_charge, NULL);
    CHECK(waitpid(process, &status, 0) == process && WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
    expect_refusal_in_one_line();
}

static const struct test tests[] = {
    {"hostile: pages of any other size are refused in one line", pages_of_any_other_size_are_refused},
    {"hostile: every byte of a head counts", every_byte_of_a_head_counts},
    {"hostile: whole heads of other pages are refused in one line", whole_heads_of_other_pages_are_refused},
    {"hostile: random limits are refused", random_limits_are_refused},
    {"hostile: entries that are no share are refused in one line", entries_that_are_no_share_are_refused},
    {"hostile: a pipe in the place of a page is refused and not waited for",
     a_pipe_in_the_place_of_a_page_is_refused_and_not_waited_for},
    {"hostile: noise in a page in use harms no program", noise_in_a_page_in_use_harms_no_program},
    {"hostile: who cuts the page in use ends, and gains nothing", who_cuts_the_page_in_use_ends_and_gains_nothing},
};

int main(void)
{
    return RUN_TESTS(tests);
}
