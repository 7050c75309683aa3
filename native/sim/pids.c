#include "pids.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static uint64_t namespace_of(const char *process)
{
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%.16s/ns/pid", process);
    return stat(path, &status) ? 0 : (uint64_t)status.st_ino;
}

/* The PID that a process has in its own, innermost namespace: the last of NSpid in its status. */
static uint32_t innermost_pid(const char *process)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%.16s/status", process);
    FILE *status = fopen(path, "re");
    if (!status)
        return 0;
    uint32_t pid = 0;
    while (!pid && fgets(line, sizeof line, status))
        if (!strncmp(line, "NSpid:", 6))
            pid = (uint32_t)strtoul(strrchr(line, '\t') ? strrchr(line, '\t') : "0", NULL, 10);
    fclose(status);
    return pid;
}

uint32_t sim_pid_here(uint32_t pid, uint64_t pid_namespace)
{
    if (!pid_namespace || pid_namespace == namespace_of("self"))
        return pid;
    DIR *processes = opendir("/proc");
    if (!processes)
        return 0;
    uint32_t here = 0;
    for (struct dirent *entry; !here && (entry = readdir(processes));)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && namespace_of(entry->d_name) == pid_namespace &&
            innermost_pid(entry->d_name) == pid)
            here = (uint32_t)strtoul(entry->d_name, NULL, 10);
    closedir(processes);
    return here;
}
