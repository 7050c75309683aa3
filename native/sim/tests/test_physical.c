/* Covers: the physical memory of a card under many processes: never beyond capacity, and back when a process dies. */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../physical.h"
#include "sim_test.h"

#define WORKERS 6u
#define ROUNDS 400u
#define CARD_MIB 64u

static struct sim_card card;

static void map_card(uint64_t memory_mib)
{
    sim_write_card(0, memory_mib, 0);
    CHECK(sim_card_map(&card, sim_test_folder(), 0));
}

static uint64_t recorded(void)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < SIM_CARD_SLOTS; i++)
        sum += card.file->slots[i].pid ? card.file->slots[i].memory_bytes : 0;
    return sum;
}

static void memory_is_taken_and_given_back(void)
{
    map_card(CARD_MIB);
    unsigned slot = sim_slot_claim(&card);
    CHECK(slot < SIM_CARD_SLOTS);
    CHECK(sim_physical_take(&card, slot, MIB(40), 0));
    CHECK(!sim_physical_take(&card, slot, MIB(26), 0));
    CHECK(sim_physical_used(&card) == MIB(40));
    CHECK(sim_physical_take(&card, slot, MIB(24), 0));
    sim_physical_give(&card, slot, MIB(64), 0);
    CHECK(sim_physical_used(&card) == 0);
}

static void requests_that_do_not_fit_64_bits_are_refused(void)
{
    map_card(CARD_MIB);
    unsigned slot = sim_slot_claim(&card);
    CHECK(sim_slabs(1) == MIB(2));
    CHECK(sim_slabs(MIB(2)) == MIB(2));
    CHECK(sim_slabs(UINT64_MAX) == 0);
    CHECK(sim_physical_take(&card, slot, MIB(2), 0));
    CHECK(!sim_physical_take(&card, slot, UINT64_MAX & ~(MIB(2) - 1), 0));
    CHECK(sim_physical_used(&card) == MIB(2));
}

/* Take and give at random; the pages `held` and `over` are shared with the others. */
static void work_at_random(void *shared)
{
    volatile unsigned *over = shared;
    unsigned slot = sim_slot_claim(&card), seed = (unsigned)getpid();
    uint64_t held = 0;
    CHECK(slot < SIM_CARD_SLOTS);
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t bytes = MIB(2 * (1 + (unsigned)rand_r(&seed) % 12));
        if (rand_r(&seed) % 3 && sim_physical_take(&card, slot, bytes, 0))
            held += bytes;
        else if (held) {
            sim_physical_give(&card, slot, held, 0);
            held = 0;
        }
        *over |= sim_physical_used(&card) > MIB(CARD_MIB);
    }
    sim_physical_give(&card, slot, held, 0);
}

static void racing_processes_never_hold_more_than_the_card_has(void)
{
    map_card(CARD_MIB);
    unsigned *over = mmap(NULL, sizeof *over, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int workers[WORKERS];
    CHECK(over != MAP_FAILED);
    for (unsigned i = 0; i < WORKERS; i++)
        workers[i] = sim_start(work_at_random, over);
    for (unsigned i = 0; i < WORKERS; i++)
        sim_join(workers[i]);
    CHECK(*over == 0);
    CHECK(sim_physical_used(&card) == 0);
}

/* Both start a round together, and the card has room for one: the other must be refused. */
#define DUEL_ROUNDS 2000u

struct duel {
    _Atomic unsigned arrived, left, winners;
};

static void fight(void *shared)
{
    struct duel *duel = shared;
    unsigned slot = sim_slot_claim(&card);
    CHECK(slot < SIM_CARD_SLOTS);
    for (unsigned round = 1; round <= DUEL_ROUNDS; round++) {
        duel->arrived++;
        while (duel->arrived < 2 * round)
            sched_yield();
        bool won = sim_physical_take(&card, slot, MIB(40), 0);
        duel->winners += won;
        duel->left++;
        while (duel->left < 2 * round)
            sched_yield();
        CHECK(duel->winners == round);
        if (won)
            sim_physical_give(&card, slot, MIB(40), 0);
    }
}

static void of_two_that_want_the_last_memory_one_gets_it(void)
{
    map_card(CARD_MIB);
    struct duel *duel = mmap(NULL, sizeof *duel, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(duel != MAP_FAILED);
    int first = sim_start(fight, duel), second = sim_start(fight, duel);
    sim_join(first);
    sim_join(second);
    CHECK(sim_physical_used(&card) == 0);
}

static void hold_and_tell(void *pipe)
{
    unsigned slot = sim_slot_claim(&card);
    CHECK(sim_physical_take(&card, slot, MIB(60), 1));
    CHECK(write(((int *)pipe)[1], "1", 1) == 1);
    for (;;)
        pause();
}

static int start_holder(int pipe_ends[2])
{
    char byte;
    CHECK(pipe(pipe_ends) == 0);
    int holder = sim_start(hold_and_tell, pipe_ends);
    CHECK(read(pipe_ends[0], &byte, 1) == 1);
    return holder;
}

static void kill_and_wait(int process)
{
    CHECK(kill(process, SIGKILL) == 0);
    CHECK(waitpid(process, NULL, 0) == process);
}

static void a_killed_process_returns_its_memory(void)
{
    int pipe_ends[2];
    map_card(CARD_MIB);
    int holder = start_holder(pipe_ends);
    unsigned slot = sim_slot_claim(&card);
    CHECK(sim_physical_used(&card) == MIB(60));
    CHECK(!sim_physical_take(&card, slot, MIB(6), 0));
    kill_and_wait(holder);
    CHECK(recorded() == MIB(60)); /* nobody has swept yet */
    CHECK(sim_physical_used(&card) == 0);
    CHECK(sim_physical_take(&card, slot, MIB(64), 0));
    CHECK(recorded() == MIB(64));
}

static void random_kills_never_lose_memory(void)
{
    map_card(CARD_MIB);
    unsigned *over = mmap(NULL, sizeof *over, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsigned seed = 7;
    CHECK(over != MAP_FAILED);
    for (unsigned round = 0; round < 20; round++) {
        int victim = sim_start(work_at_random, over), survivor = sim_start(work_at_random, over);
        usleep((useconds_t)(rand_r(&seed) % 8000));
        kill(victim, SIGKILL);
        CHECK(waitpid(victim, NULL, 0) == victim);
        sim_join(survivor);
        CHECK(sim_physical_used(&card) == 0);
    }
    CHECK(*over == 0);
}

static void sleep_until_killed(void *unused)
{
    (void)unused;
    for (;;)
        pause();
}

static void hold_with_child(void *pipe)
{
    unsigned slot = sim_slot_claim(&card);
    CHECK(sim_physical_take(&card, slot, MIB(60), 1));
    int child = sim_start(sleep_until_killed, NULL);
    CHECK(write(((int *)pipe)[1], &child, sizeof child) == sizeof child);
    sleep_until_killed(NULL);
}

static void a_forked_child_does_not_keep_its_dead_parents_memory(void)
{
    int pipe_ends[2], child;
    map_card(CARD_MIB);
    CHECK(pipe(pipe_ends) == 0);
    int holder = sim_start(hold_with_child, pipe_ends);
    CHECK(read(pipe_ends[0], &child, sizeof child) == sizeof child);
    kill_and_wait(holder);
    CHECK(sim_physical_used(&card) == 0);
    CHECK(kill(child, SIGKILL) == 0);
}

static void closing_every_descriptor_keeps_the_memory(void)
{
    map_card(CARD_MIB);
    unsigned slot = sim_slot_claim(&card);
    CHECK(sim_physical_take(&card, slot, MIB(10), 0));
    for (int descriptor = 3; descriptor < 64; descriptor++)
        close(descriptor);
    CHECK(sim_physical_used(&card) == MIB(10));
    CHECK(sim_physical_take(&card, slot, MIB(54), 0));
}

static void slots_run_out_and_come_back(void)
{
    map_card(CARD_MIB);
    for (unsigned i = 0; i < SIM_CARD_SLOTS; i++)
        CHECK(sim_slot_claim(&card) == i);
    CHECK(sim_slot_claim(&card) == SIM_NO_SLOT);
}

static void a_damaged_file_is_no_card(void)
{
    map_card(CARD_MIB);
    struct sim_card other;
    card.file->card.version = SIM_CARD_VERSION + 1;
    CHECK(!sim_card_map(&other, sim_test_folder(), 0));
    card.file->card.version = SIM_CARD_VERSION;
    CHECK(sim_card_view(&other, sim_test_folder(), 0));
    CHECK(truncate(card.path, 100) == 0);
    CHECK(!sim_card_map(&other, sim_test_folder(), 0));
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"memory is taken and given back", memory_is_taken_and_given_back},
        {"requests that do not fit 64 bits are refused", requests_that_do_not_fit_64_bits_are_refused},
        {"racing processes never hold more than the card has", racing_processes_never_hold_more_than_the_card_has},
        {"of two that want the last memory one gets it", of_two_that_want_the_last_memory_one_gets_it},
        {"a killed process returns its memory", a_killed_process_returns_its_memory},
        {"random kills never lose memory", random_kills_never_lose_memory},
        {"a forked child does not keep its dead parent's memory", a_forked_child_does_not_keep_its_dead_parents_memory},
        {"closing every descriptor keeps the memory", closing_every_descriptor_keeps_the_memory},
        {"slots run out only when all are held", slots_run_out_and_come_back},
        {"a damaged file is no card", a_damaged_file_is_no_card},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
