/* Clients whose work takes time, in a container whose share has cores. Who includes this defines CLIENT, the program, before. Not here: what is tested. */
#ifndef HAMI_HELD_H
#define HAMI_HELD_H

#include <string.h>
#include <sys/stat.h>

#include "client.h"
#include "fixture.h"

#define SAID 4096

static char card[64];

/* A container with one share, `c/a`. */
static inline const char *container(uint32_t percent, uint32_t policy, uint32_t flags)
{
    static char path[PATH_MAX];
    client_write_card(0, MIB(1024), card);
    snprintf(path, sizeof path, "%s/c", fixture_folder());
    CHECK(mkdir(path, 0755) == 0);
    fixture_share("c/a", card, MIB(512));
    fixture_limit_cores("c/a", percent, policy, 1, flags);
    return path;
}

static inline void run(const char *shares, const char *way, char said[SAID])
{
    struct client client = client_start(shares, CLIENT, way, NULL);
    int status = client_end(&client, said, SAID);
    if (status)
        fprintf(stderr, "%s ended with %d: %s", way, status, said);
    CHECK(status == 0);
}

static inline void expect_in(const char *shares, const char *way, const char *line)
{
    char said[SAID];
    run(shares, way, said);
    if (strcmp(said, line) != 0)
        fprintf(stderr, "%s: %s", way, said);
    CHECK(strcmp(said, line) == 0);
}

#endif
