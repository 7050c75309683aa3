#include "tenant.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../dev_folder.h"
#include "sim_test.h"

static void run(void *argument)
{
    const struct sim_tenant *tenant = argument;
    tenant->begin();
    CHECK(write(tenant->ready[1], "1", 1) == 1);
    for (;;)
        pause();
}

void sim_tenant_start(struct sim_tenant *tenant, void (*begin)(void))
{
    char byte;
    tenant->begin = begin;
    CHECK(pipe(tenant->ready) == 0);
    tenant->process = sim_start(run, tenant);
    CHECK(read(tenant->ready[0], &byte, 1) == 1);
}

void sim_tenant_stop(const struct sim_tenant *tenant)
{
    CHECK(kill(tenant->process, SIGKILL) == 0);
    CHECK(waitpid(tenant->process, NULL, 0) == tenant->process);
}

void sim_set_state(struct sim_card_state state)
{
    char path[SIM_MAX_PATH];
    snprintf(path, sizeof path, "%s/hami-sim0", sim_test_folder());
    int file = open(path, O_WRONLY | O_CLOEXEC);
    CHECK(pwrite(file, &state, sizeof state, offsetof(struct sim_card_file, state)) == sizeof state);
    close(file);
}
