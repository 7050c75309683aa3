/* Covers: stock.c: what the driver takes and keeps by itself is charged as it says, whoever asks it at the same time. */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "card_memory.h"
#include "fixture.h"
#include "stock.h"
#include "test.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000001"
#define OTHER_CARD "GPU-00000000-0000-0000-0000-000000000002"

/* A stock, and the driver's word on it. */
struct fake {
    struct stock stock; /* first: it comes back as a pointer to it */
    uint64_t bytes, idle_bytes;
    int overtaken; /* so many readings are overtaken by a call that begins and ends */
    bool silent;
};

static bool reserved(const struct real_cuda *real, struct stock *stock, uint64_t *bytes)
{
    struct fake *fake = (struct fake *)stock;
    (void)real;
    *bytes = __atomic_load_n(&fake->bytes, __ATOMIC_SEQ_CST);
    if (fake->overtaken > 0) {
        fake->overtaken--;
        CHECK(stock_begin(stock, 0));
        stock_end(stock, 0);
    }
    return !fake->silent;
}

static bool trim(const struct real_cuda *real, struct stock *stock)
{
    struct fake *fake = (struct fake *)stock;
    (void)real;
    fake->bytes -= fake->idle_bytes;
    fake->idle_bytes = 0;
    return true;
}

static void make(struct fake *fake, const char *card)
{
    *fake = (struct fake){.stock = {.charge = charge_reserve(shares_card(card), CHARGE_POOL, 0), .reserved = reserved, .trim = trim}};
    struct process *process = process_enter();
    CHECK(fake->stock.charge);
    stock_enlist(process, &fake->stock);
    process_leave(process);
}

static uint64_t used(const char *card)
{
    return card_memory_of(shares_card(card)).used;
}

static void a_stock_is_charged_what_it_has_and_what_calls_may_add(void)
{
    static struct fake fake;
    fixture_share("a", CARD, MIB(100));
    make(&fake, CARD);
    CHECK(stock_begin(&fake.stock, MIB(32)) && used(CARD) == MIB(32));
    CHECK(stock_begin(&fake.stock, MIB(60)) && !stock_begin(&fake.stock, MIB(10)) && used(CARD) == MIB(92));
    CHECK(!stock_begin(&fake.stock, UINT64_MAX));
    fake.bytes = MIB(20) + 1;
    stock_end(&fake.stock, MIB(32));
    CHECK(stock_settle(NULL, &fake.stock) && used(CARD) == MIB(22 + 60));
    stock_end(&fake.stock, MIB(60));
    CHECK(stock_settle(NULL, &fake.stock) && used(CARD) == MIB(22));
}

static void a_stock_that_outgrew_the_share_says_so(void)
{
    static struct fake fake;
    fixture_share("a", CARD, MIB(100));
    make(&fake, CARD);
    fake.bytes = MIB(80);
    CHECK(stock_settle(NULL, &fake.stock) && used(CARD) == MIB(80));
    fake.bytes = MIB(102);
    CHECK(!stock_settle(NULL, &fake.stock) && used(CARD) == MIB(80));
    fake.bytes = MIB(100);
    CHECK(stock_settle(NULL, &fake.stock) && used(CARD) == MIB(100));
}

static void a_reading_that_was_overtaken_raises_and_does_not_lower(void)
{
    static struct fake fake;
    fixture_share("a", CARD, MIB(100));
    make(&fake, CARD);
    fake.bytes = MIB(60);
    CHECK(stock_settle(NULL, &fake.stock));
    fake.bytes = MIB(40);
    fake.overtaken = 100;
    CHECK(stock_settle(NULL, &fake.stock) && used(CARD) == MIB(60));
    fake.bytes = MIB(80);
    CHECK(stock_settle(NULL, &fake.stock) && used(CARD) == MIB(80));
    fake.bytes = MIB(40);
    fake.overtaken = 2;
    CHECK(stock_settle(NULL, &fake.stock) && used(CARD) == MIB(40));
}

static void a_driver_that_says_nothing_changes_nothing(void)
{
    static struct fake fake;
    fixture_share("a", CARD, MIB(100));
    make(&fake, CARD);
    fake.bytes = MIB(60);
    CHECK(stock_settle(NULL, &fake.stock));
    fake.bytes = 0;
    fake.silent = true;
    CHECK(stock_settle(NULL, &fake.stock) && used(CARD) == MIB(60));
}

static void falls_are_counted(void)
{
    static struct fake fake;
    fixture_share("a", CARD, MIB(100));
    make(&fake, CARD);
    CHECK(stock_begin(&fake.stock, MIB(64)));
    fake.bytes = MIB(60);
    stock_end(&fake.stock, MIB(64));
    CHECK(stock_settle(NULL, &fake.stock) && fake.stock.falls == 0); /* charged less, yet it has not less */
    fake.bytes = MIB(58);
    CHECK(stock_settle(NULL, &fake.stock) && fake.stock.falls == 1);
}

static void a_trim_is_of_one_card(void)
{
    static struct fake here, there;
    fixture_share("a", CARD, MIB(100));
    fixture_share("b", OTHER_CARD, MIB(100));
    make(&here, CARD);
    make(&there, OTHER_CARD);
    here.bytes = there.bytes = MIB(60);
    here.idle_bytes = there.idle_bytes = MIB(50);
    stock_settle_all(NULL);
    CHECK(used(CARD) == MIB(60) && used(OTHER_CARD) == MIB(60));
    CHECK(stock_trim(NULL, shares_card(CARD)) && used(CARD) == MIB(10) && used(OTHER_CARD) == MIB(60));
    CHECK(there.idle_bytes == MIB(50));
}

static void narrow_calls_come_one_after_the_other(void)
{
    static struct fake fake;
    fixture_share("a", CARD, MIB(100));
    make(&fake, CARD);
    CHECK(stock_enter_narrow(&fake.stock) && !stock_enter_narrow(&fake.stock));
    stock_leave_narrow(&fake.stock);
    CHECK(stock_enter_narrow(&fake.stock));
}

/* A driver that takes no more than it was granted, and gives back at times. */
static void *grow_and_settle(void *argument)
{
    struct fake *fake = argument;
    unsigned seed = (unsigned)(uintptr_t)&seed;
    for (int i = 0; i < 2000; i++) {
        uint64_t growth = MIB(2 * (1 + (unsigned)rand_r(&seed) % 8));
        if (stock_begin(&fake->stock, growth)) {
            __atomic_add_fetch(&fake->bytes, growth, __ATOMIC_SEQ_CST);
            stock_end(&fake->stock, growth);
            (void)stock_settle(NULL, &fake->stock); /* a reading that is overtaken again and again may not fit */
            __atomic_sub_fetch(&fake->bytes, growth, __ATOMIC_SEQ_CST);
        } else
            sched_yield();
        CHECK(used(CARD) <= MIB(64));
        stock_settle_all(NULL);
    }
    return NULL;
}

static void threads_use_one_stock(void)
{
    static struct fake fake;
    pthread_t threads[4];
    fixture_share("a", CARD, MIB(64));
    make(&fake, CARD);
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, grow_and_settle, &fake) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK(stock_settle(NULL, &fake.stock) && used(CARD) == 0);
}

static void *wait_cancelled(void *fake)
{
    CHECK(pthread_cancel(pthread_self()) == 0 && !stock_enter_narrow(&((struct fake *)fake)->stock));
    ((struct fake *)fake)->silent = true; /* it came so far */
    pthread_testcancel();
    return fake;
}

static void a_thread_that_waits_is_not_cancelled(void)
{
    static struct fake fake;
    pthread_t thread;
    fixture_share("a", CARD, MIB(64));
    make(&fake, CARD);
    CHECK(stock_enter_narrow(&fake.stock));
    CHECK(pthread_create(&thread, NULL, wait_cancelled, &fake) == 0 && pthread_join(thread, NULL) == 0);
    CHECK(fake.silent);
}

static const struct test tests[] = {
    {"stock: it is charged what it has, and what calls may add", a_stock_is_charged_what_it_has_and_what_calls_may_add},
    {"stock: one that outgrew the share says so", a_stock_that_outgrew_the_share_says_so},
    {"stock: a reading that was overtaken raises, and does not lower", a_reading_that_was_overtaken_raises_and_does_not_lower},
    {"stock: a driver that says nothing changes nothing", a_driver_that_says_nothing_changes_nothing},
    {"stock: falls are counted", falls_are_counted},
    {"stock: a trim is of one card", a_trim_is_of_one_card},
    {"stock: narrow calls come one after the other", narrow_calls_come_one_after_the_other},
    {"stock: threads use one stock", threads_use_one_stock},
    {"stock: a thread that waits for a narrow call is not cancelled there", a_thread_that_waits_is_not_cancelled},
};

int main(void)
{
    return RUN_TESTS(tests);
}
