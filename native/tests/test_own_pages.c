/* Covers: own_pages.c and standalone.c within one process: who makes pages, what stands in their place, limits that change, and threads
 * that come at once. Whole programs: test_standalone.c. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "card_memory.h"
#include "charge.h"
#include "fixture.h"
#include "own_pages.h"
#include "process.h"
#include "slot.h"
#include "standalone.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000001"
#define OTHER "GPU-00000000-0000-0000-0000-000000000002"
#define THREADS 8

static char trouble_path[PATH_MAX];

static const char *path_in(const char *name)
{
    static char paths[4][PATH_MAX];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, PATH_MAX, "%s/%s", fixture_folder(), name);
    return path;
}

static const char *open_limited(struct pages *pages, const char *name, const char *card, uint64_t memory_bytes)
{
    struct hami_limits_record limits = {.memory_bytes = memory_bytes, .cores_percent = 30, .priority = 1};
    return own_pages_open(pages, path_in(name), card, &limits, 0, trouble_path);
}

static ino_t inode_of(const char *name)
{
    struct stat status;
    CHECK(stat(path_in(name), &status) == 0);
    return status.st_ino;
}

static void pages_are_made_once_and_found_again(void)
{
    struct pages first, second;
    struct hami_limits_record record = {0};
    umask(077);
    CHECK(!open_limited(&first, "p", CARD, MIB(100)) && !open_limited(&second, "p", CARD, MIB(100)));
    CHECK(pages_read_limits(&second, &record) && record.memory_bytes == MIB(100) && record.cores_percent == 30 && record.priority == 1);
    first.usage->refusals = 7;
    CHECK(second.usage->refusals == 7 && second.usage->head.slots == HAMI_SLOTS);
    struct stat status;
    CHECK(stat(path_in("p/usage"), &status) == 0 && (status.st_mode & 0777) == 0666 && status.st_blocks * 512 >= HAMI_USAGE_BYTES);
    CHECK(stat(path_in("p"), &status) == 0 && (status.st_mode & 0777) == 0755);
}

static void what_a_killed_maker_left_is_in_nobodys_way(void)
{
    struct pages pages;
    CHECK(mkdir(path_in("p.aBcDeF"), 0700) == 0);
    CHECK(!open_limited(&pages, "p", CARD, MIB(100)));
}

static void what_stands_in_their_place_is_refused(void)
{
    struct pages pages;
    CHECK(mkdir(path_in("p"), 0755) == 0);
    CHECK(strcmp(open_limited(&pages, "p", CARD, MIB(100)), "cannot be opened") == 0 && strstr(trouble_path, "/p/limits"));
    CHECK(close(open(path_in("q"), O_CREAT | O_WRONLY, 0600)) == 0);
    CHECK(strcmp(open_limited(&pages, "q", CARD, MIB(100)), "cannot be opened") == 0);
    CHECK(symlink("/nonexistent", path_in("r")) == 0);
    CHECK(strcmp(open_limited(&pages, "r", CARD, MIB(100)), "cannot be made") == 0);
    CHECK(!open_limited(&pages, "s", OTHER, MIB(100)));
    CHECK(strcmp(open_limited(&pages, "s", CARD, MIB(100)), "is of another card") == 0);
}

static void limits_of_an_earlier_run_change_in_place(void)
{
    struct pages before, after;
    struct hami_limits_record record = {0};
    CHECK(!open_limited(&before, "p", CARD, MIB(100)));
    ino_t inode = inode_of("p/limits");
    CHECK(!open_limited(&after, "p", CARD, MIB(200)));
    CHECK(inode_of("p/limits") == inode && pages_read_limits(&before, &record) && record.memory_bytes == MIB(200) && record.version == 2);
    CHECK(!open_limited(&after, "p", CARD, MIB(100)));
    CHECK(pages_read_limits(&before, &record) && record.memory_bytes == MIB(100) && record.version == 3);
}

static void hold_a_slot(void *name)
{
    struct pages pages;
    struct account account;
    CHECK(!open_limited(&pages, name, CARD, MIB(100)));
    CHECK(process_enter() && slot_claim(&pages, &account));
    CHECK(mkdir(path_in("claimed"), 0755) == 0);
    pause();
}

static void limits_that_bind_a_living_process_stay(void)
{
    struct pages pages;
    struct hami_limits_record record = {0};
    CHECK(!open_limited(&pages, "p", CARD, MIB(100)) && !slot_any_held(&pages));
    pid_t holder = start(hold_a_slot, "p");
    while (access(path_in("claimed"), F_OK) != 0)
        usleep(1000);
    CHECK(slot_any_held(&pages));
    CHECK(strstr(open_limited(&pages, "p", CARD, MIB(200)), "for processes that run"));
    kill_and_join(holder);
    CHECK(!open_limited(&pages, "p", CARD, MIB(200)) && pages_read_limits(&pages, &record) && record.memory_bytes == MIB(200));
}

static void hold_the_limits(void *unused)
{
    (void)unused;
    int descriptor = open(path_in("p/limits"), O_RDWR | O_CLOEXEC);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    CHECK(descriptor >= 0 && fcntl(descriptor, F_OFD_SETLK, &lock) == 0);
    CHECK(mkdir(path_in("locked"), 0755) == 0);
    pause();
}

static void a_process_that_stops_while_it_changes_limits_holds_up_nobody(void)
{
    struct pages pages;
    CHECK(!open_limited(&pages, "p", CARD, MIB(100)));
    pid_t holder = start(hold_the_limits, NULL);
    while (access(path_in("locked"), F_OK) != 0)
        usleep(1000);
    CHECK(strcmp(open_limited(&pages, "p", CARD, MIB(200)), "is locked by another process") == 0);
    CHECK(!open_limited(&pages, "p", CARD, MIB(100)));
    kill_and_join(holder);
    CHECK(!open_limited(&pages, "p", CARD, MIB(200)));
}

static void limit_by_environment(const char *name, const char *value)
{
    const char *cache = path_in("cache");
    CHECK(unsetenv("HAMI_TEST_SHARES") == 0 && setenv("CUDA_DEVICE_MEMORY_SHARED_CACHE", cache, 1) == 0 && setenv(name, value, 1) == 0);
}

static pthread_barrier_t all_ready;

static void *open_and_charge(void *place)
{
    pthread_barrier_wait(&all_ready);
    const struct card *card = shares_card(CARD);
    struct charge *charge = charge_reserve(card, CHARGE_BUFFER, MIB(10));
    if (charge)
        charge_cancel(charge);
    *(const struct card **)place = charge ? card : NULL;
    return NULL;
}

static void threads_that_come_at_once_have_one_card(void)
{
    pthread_t threads[THREADS];
    const struct card *cards[THREADS];
    limit_by_environment("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    CHECK(pthread_barrier_init(&all_ready, NULL, THREADS) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, open_and_charge, &cards[i]) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(cards[i] && cards[i] == cards[0]);
    CHECK(shares_count() == 1 && shares_at(0)->pages.usage->word.used_bytes == 0);
}

static void charge_in_child(void *unused)
{
    (void)unused;
    struct charge *charge = charge_reserve(shares_card(CARD), CHARGE_BUFFER, MIB(60));
    CHECK(charge && card_memory_of(shares_card(CARD)).used == MIB(100));
    CHECK(!charge_reserve(shares_card(CARD), CHARGE_BUFFER, MIB(2)));
    charge_cancel(charge);
    _exit(0); /* the parent's map is out of reach here, which the leak checker would tell */
}

static void a_forked_child_shares_its_parents_limit(void)
{
    limit_by_environment("CUDA_DEVICE_MEMORY_LIMIT", "100m");
    struct charge *charge = charge_reserve(shares_card(CARD), CHARGE_BUFFER, MIB(40));
    CHECK(charge);
    join(start(charge_in_child, NULL));
    CHECK(card_memory_of(shares_card(CARD)).used == MIB(40));
    charge_cancel(charge);
}

static void more_cards_than_a_container_can_have_are_refused(void)
{
    limit_by_environment("CUDA_DEVICE_MEMORY_LIMIT", "10m");
    for (unsigned i = 0; i <= SHARES_MAX; i++) {
        char uuid[48];
        snprintf(uuid, sizeof uuid, "GPU-%08x-0000-0000-0000-000000000001", i);
        const struct card *card = shares_card(uuid);
        CHECK(i < SHARES_MAX ? card->share_count == 1 && !shares_none() : card == shares_refused_card());
    }
    CHECK(shares_card(CARD) == shares_refused_card() && shares_count() == 0 && !shares_none());
}

static void limits_by_index_wait_for_the_order_and_are_refused_without_one(void)
{
    limit_by_environment("CUDA_DEVICE_MEMORY_LIMIT_1", "10m");
    struct card_order *order = calloc(1, sizeof *order + 2 * sizeof *order->uuids);
    CHECK(order && shares_want_order());
    order->count = 2;
    strcpy(order->uuids[0], OTHER);
    strcpy(order->uuids[1], CARD);
    standalone_tell_order(order);
    standalone_tell_order(NULL); /* who comes second changes nothing */
    CHECK(!shares_want_order() && shares_card(OTHER) == NO_CARD && shares_card(CARD)->share_count == 1);
    CHECK(shares_card("GPU-00000000-0000-0000-0000-000000000003") == shares_refused_card());
}

/* Become this program again, as a setuid program begins: with another effective user than the real one. */
static void become_secure(void *unused)
{
    (void)unused;
    CHECK(setresuid(65534, 0, 0) == 0);
    execl("/proc/self/exe", "own_pages", "secure", NULL);
    CHECK(!"this program can be started");
}

static int grants_nothing(void)
{
    return shares_card(CARD) == shares_refused_card() && !shares_none() ? 0 : 1;
}

static void a_setuid_program_makes_no_file_where_its_caller_says(void)
{
    if (getuid() != 0)
        return; /* only root can be two users */
    limit_by_environment("CUDA_DEVICE_MEMORY_LIMIT", "10m");
    join(start(become_secure, NULL));
    CHECK(access(path_in("cache." CARD), F_OK) != 0);
}

static const struct test tests[] = {
    {"own pages: they are made once, and found again", pages_are_made_once_and_found_again},
    {"own pages: what a killed maker left is in nobody's way", what_a_killed_maker_left_is_in_nobodys_way},
    {"own pages: what stands in their place is refused", what_stands_in_their_place_is_refused},
    {"own pages: limits of an earlier run change in place", limits_of_an_earlier_run_change_in_place},
    {"own pages: limits that bind a living process stay", limits_that_bind_a_living_process_stay},
    {"own pages: a process that stops while it changes limits holds up nobody",
     a_process_that_stops_while_it_changes_limits_holds_up_nobody},
    {"own pages: threads that come at once have one card", threads_that_come_at_once_have_one_card},
    {"own pages: a forked child shares its parent's limit", a_forked_child_shares_its_parents_limit},
    {"own pages: more cards than a container can have are refused", more_cards_than_a_container_can_have_are_refused},
    {"own pages: a setuid program makes no file where its caller says", a_setuid_program_makes_no_file_where_its_caller_says},
    {"own pages: limits by index wait for the order, and are refused without one",
     limits_by_index_wait_for_the_order_and_are_refused_without_one},
};

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "secure") == 0)
        return grants_nothing();
    return RUN_TESTS(tests);
}
