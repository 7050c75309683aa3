#include "sim_test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../dev_folder.h"
#include "../sim_card.h"

void sim_check(int holds, const char *what, const char *file, int line)
{
    if (holds)
        return;
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    exit(1);
}

int sim_start(void (*body)(void *), void *argument)
{
    fflush(NULL);
    pid_t process = fork();
    CHECK(process >= 0);
    if (process > 0)
        return process;
    body(argument);
    exit(0);
}

void sim_join(int process)
{
    int status;
    CHECK(waitpid(process, &status, 0) == process);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

const char *sim_test_folder(void)
{
    static char folder[] = "/tmp/hami-sim-test-XXXXXX";
    static int made;
    if (!made && mkdtemp(folder)) {
        setenv("HAMI_SIM_DEV", folder, 1);
        made = 1;
    }
    return folder;
}

static void remove_cards(void)
{
    unsigned indexes[SIM_MAX_CARDS];
    size_t count = sim_find_cards(sim_test_folder(), indexes);
    for (size_t i = 0; i < count; i++) {
        char path[SIM_MAX_PATH];
        snprintf(path, sizeof path, "%s/hami-sim%u", sim_test_folder(), indexes[i]);
        unlink(path);
        unsigned instances[SIM_MAX_INSTANCES];
        size_t instance_count = sim_find_instances(sim_test_folder(), indexes[i], instances);
        for (size_t j = 0; j < instance_count; j++) {
            snprintf(path, sizeof path, "%s/hami-sim%umig%u", sim_test_folder(), indexes[i], instances[j]);
            unlink(path);
        }
    }
}

static void write_file(const struct sim_card_static *card, const char *name)
{
    static struct sim_card_file file;
    char path[SIM_MAX_PATH];
    file.card = *card;
    snprintf(path, sizeof path, "%s/%s", sim_test_folder(), name);
    FILE *out = fopen(path, "we");
    CHECK(out && fwrite(&file, sizeof file, 1, out) == 1 && fclose(out) == 0);
}

static struct sim_card_static test_card(unsigned index, uint64_t memory_mib, uint64_t context_mib)
{
    struct sim_card_static card = {
        .magic = SIM_CARD_MAGIC,
        .version = SIM_CARD_VERSION,
        .index = index,
        .minor_number = index,
        .file_bytes = SIM_CARD_FILE_SIZE,
        .memory_bytes = MIB(memory_mib),
        .context_bytes = MIB(context_mib),
        .compute_major = 8,
        .multiprocessors = 108,
        .cuda_version = 12040,
        .name = "Test card",
        .driver_version = "580.95.05",
    };
    snprintf(card.uuid, sizeof card.uuid, "GPU-%08x-0000-0000-0000-00000000beef", index);
    snprintf(card.pci_bus_id, sizeof card.pci_bus_id, "0000:%02X:00.0", (index + 16) & 0xffu);
    return card;
}

static void write_card(const struct sim_card_static *card)
{
    char name[32];
    snprintf(name, sizeof name, "hami-sim%u", card->index);
    write_file(card, name);
}

void sim_write_card(unsigned index, uint64_t memory_mib, uint64_t context_mib)
{
    struct sim_card_static card = test_card(index, memory_mib, context_mib);
    write_card(&card);
}

void sim_write_old_card(unsigned index, uint64_t memory_mib)
{
    struct sim_card_static card = test_card(index, memory_mib, 0);
    card.compute_major = 5;
    write_card(&card);
}

void sim_write_card_at(unsigned index, unsigned multiprocessors, const char *pci_bus_id)
{
    struct sim_card_static card = test_card(index, 64, 0);
    card.multiprocessors = multiprocessors;
    snprintf(card.pci_bus_id, sizeof card.pci_bus_id, "%s", pci_bus_id);
    write_card(&card);
}

void sim_write_mig_card(unsigned index, uint64_t memory_mib)
{
    struct sim_card_static card = test_card(index, memory_mib, 0);
    card.mig_enabled = card.mig_capable = 1;
    write_card(&card);
}

void sim_write_instance(unsigned index, unsigned instance, uint64_t memory_mib)
{
    char name[32];
    struct sim_card_static card = test_card(index, memory_mib, 0);
    card.is_instance = 1;
    card.gpu_instance = instance;
    card.memory_start = 2 * instance;
    card.memory_slices = 2;
    card.compute_slices = 1;
    card.multiprocessors = 14;
    snprintf(card.uuid, sizeof card.uuid, "MIG-%08x-0000-0000-0000-%012x", index, instance);
    strcat(card.name, " MIG 1g.20gb");
    snprintf(name, sizeof name, "hami-sim%umig%u", index, instance);
    write_file(&card, name);
}

static int passes(const struct sim_test *test)
{
    fflush(NULL);
    pid_t process = fork();
    if (process == 0) {
        setpgid(0, 0);
        test->run();
        exit(0);
    }
    int status = 1;
    int good = process > 0 && waitpid(process, &status, 0) == process && status == 0;
    if (process > 0)
        kill(-process, SIGKILL); /* what a failed test left running */
    return good;
}

int sim_run_tests(const struct sim_test *tests, size_t count)
{
    size_t passed = 0;
    sim_test_folder();
    for (size_t i = 0; i < count; i++) {
        int good = passes(&tests[i]);
        printf("%s  %s\n", good ? "ok    " : "FAILED", tests[i].sentence);
        passed += (size_t)good;
        remove_cards();
    }
    rmdir(sim_test_folder());
    printf("%zu passed, %zu failed\n", passed, count - passed);
    return passed == count ? 0 : 1;
}
