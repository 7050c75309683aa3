#include "client.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../sim/sim_card.h"
#include "fixture.h"

#define ARGUMENTS_MAX 8

const char client_standalone[] = "";

static enum delivery delivered;
static const char *shims_folder, *driver_folder;

/* A folder that is so many levels up from this program: 1 has the interceptor as it was built with the test, 2 is the build. */
static void folder_above(char path[PATH_MAX], int levels)
{
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    CHECK(length > 0);
    path[length] = 0;
    for (int up = 0; up < levels; up++)
        *strrchr(path, '/') = 0;
}

static struct sim_card_static card_of(unsigned index, uint64_t memory_bytes, unsigned multiprocessors, char uuid[64])
{
    snprintf(uuid, 64, "GPU-%08x-0000-0000-0000-00000000beef", index);
    struct sim_card_static card = {.magic = SIM_CARD_MAGIC,
                                   .version = SIM_CARD_VERSION,
                                   .index = index,
                                   .minor_number = index,
                                   .file_bytes = SIM_CARD_FILE_SIZE,
                                   .memory_bytes = memory_bytes,
                                   .compute_major = 8,
                                   .multiprocessors = multiprocessors,
                                   .cuda_version = 13000,
                                   .name = "Test card",
                                   .driver_version = "580.95.05"};
    memcpy(card.uuid, uuid, sizeof card.uuid);
    snprintf(card.pci_bus_id, sizeof card.pci_bus_id, "0000:%02X:00.0", (index + 16) & 0xffu);
    return card;
}

static void write_card(const struct sim_card_static *card, const char *name)
{
    static struct sim_card_file file;
    char path[PATH_MAX];
    file.card = *card;
    snprintf(path, sizeof path, "%s/%s", fixture_folder(), name);
    FILE *out = fopen(path, "we");
    CHECK(out && fwrite(&file, sizeof file, 1, out) == 1 && fclose(out) == 0);
}

void client_write_fast_card(unsigned index, uint64_t memory_bytes, unsigned multiprocessors, char uuid[64])
{
    char name[32];
    struct sim_card_static card = card_of(index, memory_bytes, multiprocessors, uuid);
    snprintf(name, sizeof name, "hami-sim%u", index);
    write_card(&card, name);
}

void client_write_card(unsigned index, uint64_t memory_bytes, char uuid[64])
{
    client_write_fast_card(index, memory_bytes, 108, uuid);
}

void client_write_old_card(unsigned index, uint64_t memory_bytes, char uuid[64])
{
    char name[32];
    struct sim_card_static card = card_of(index, memory_bytes, 24, uuid);
    card.compute_major = 5;
    snprintf(name, sizeof name, "hami-sim%u", index);
    write_card(&card, name);
}

void client_write_mig_card(unsigned index, uint64_t instance_bytes, char uuid[64], char instance_uuid[64])
{
    char name[32];
    struct sim_card_static card = card_of(index, instance_bytes * 8, 108, uuid);
    card.mig_enabled = card.mig_capable = 1;
    snprintf(name, sizeof name, "hami-sim%u", index);
    write_card(&card, name);
    struct sim_card_static instance = card_of(index, instance_bytes, 14, uuid);
    instance.is_instance = instance.memory_slices = instance.compute_slices = 1;
    snprintf(instance_uuid, 64, "MIG-%08x-0000-0000-0000-00000000beef", index + 0x100);
    memcpy(instance.uuid, instance_uuid, sizeof instance.uuid);
    snprintf(name, sizeof name, "hami-sim%umig0", index);
    write_card(&instance, name);
}

void client_path(char path[], const char *name)
{
    char folder[PATH_MAX] = "";
    if (name[0] != '/')
        folder_above(folder, 2);
    CHECK(snprintf(path, PATH_MAX, "%s%s%s", folder, folder[0] ? "/" : "", name) < PATH_MAX);
}

void client_interceptor(char path[])
{
    char folder[PATH_MAX];
    folder_above(folder, 1);
    CHECK(snprintf(path, PATH_MAX, "%s/libvgpu.so", folder) < PATH_MAX);
}

void client_deliver(enum delivery delivery)
{
    client_deliver_before(delivery, "shim", "sim");
}

void client_deliver_before(enum delivery delivery, const char *shims, const char *driver)
{
    delivered = delivery;
    shims_folder = shims;
    driver_folder = driver;
}

static void set_path(const char *variable, const char *name)
{
    char value[PATH_MAX];
    client_path(value, name);
    CHECK(setenv(variable, value, 1) == 0);
}

static void deliver(const char *shares)
{
    char path[PATH_MAX], folder[PATH_MAX];
    if (shares == client_standalone)
        CHECK(unsetenv("HAMI_TEST_SHARES") == 0);
    else
        CHECK(setenv("HAMI_TEST_SHARES", shares, 1) == 0);
    if (delivered != SHIM) {
        client_interceptor(path);
        CHECK(setenv("LD_PRELOAD", path, 1) == 0);
    }
    if (delivered != PRELOAD) {
        folder_above(folder, 1);
        CHECK(snprintf(path, sizeof path, "%s/%s", folder, shims_folder) < PATH_MAX);
        CHECK(setenv("LD_LIBRARY_PATH", path, 1) == 0);
        set_path("HAMI_TEST_DRIVER", driver_folder);
    }
}

static void become(const char *shares, const char *program, char **arguments)
{
    char path[PATH_MAX];
    client_path(path, program);
    set_path("LD_LIBRARY_PATH", "sim");
    CHECK(setenv("HAMI_SIM_DEV", fixture_folder(), 1) == 0);
    if (shares)
        deliver(shares);
    execv(path, arguments);
    CHECK(!"the program can be started");
}

struct client client_start(const char *shares, const char *program, ...)
{
    char *arguments[ARGUMENTS_MAX] = {(char *)program};
    va_list list;
    va_start(list, program);
    for (int i = 1; i < ARGUMENTS_MAX - 1 && (arguments[i] = va_arg(list, char *)); i++)
        ;
    va_end(list);
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t process = fork();
    CHECK(process >= 0);
    if (process == 0) {
        CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
        CHECK(dup2(ends[1], STDOUT_FILENO) >= 0 && dup2(ends[1], STDERR_FILENO) >= 0);
        close(ends[0]);
        close(ends[1]);
        become(shares, program, arguments);
    }
    close(ends[1]);
    return (struct client){.process = process, .output = fdopen(ends[0], "r")};
}

int client_end(struct client *client, char *said, size_t room)
{
    int status;
    size_t length = fread(said, 1, room - 1, client->output);
    said[length] = 0;
    fclose(client->output);
    CHECK(waitpid(client->process, &status, 0) == client->process && WIFEXITED(status));
    return WEXITSTATUS(status);
}
