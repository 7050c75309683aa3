/* Programs that a test starts as a container would run them: with the interceptor before them (or not), a folder of shares, and
 * simulated cards. Paths are those of the build, beside this test's own program. */
#ifndef HAMI_CLIENT_H
#define HAMI_CLIENT_H

#include <stdint.h>
#include <stdio.h>

#include "test.h"

struct client {
    pid_t process;
    FILE *output; /* its standard output and error */
};

/* Write the file of a simulated card; `uuid` gets its UUID. */
void client_write_card(unsigned index, uint64_t memory_bytes, char uuid[64]);

/* The same of a card with so many multiprocessors, which are 108 else; and of one in MIG mode with one instance: `instance_uuid` is its. */
void client_write_fast_card(unsigned index, uint64_t memory_bytes, unsigned multiprocessors, char uuid[64]);
void client_write_mig_card(unsigned index, uint64_t instance_bytes, char uuid[64], char instance_uuid[64]);

/* The same of a card before Pascal, whose managed memory stays on it. */
void client_write_old_card(unsigned index, uint64_t memory_bytes, char uuid[64]);

/* The path of a file of the build. */
void client_path(char path[], const char *name);

/* The path of the interceptor that clients are started with. */
void client_interceptor(char path[]);

/* How the interceptor reaches a program: before it, in the driver's place, or both. */
enum delivery { PRELOAD, SHIM, BOTH };

/* Start what follows with the interceptor delivered so; before the first call it is PRELOAD. */
void client_deliver(enum delivery delivery);

/* The same with SHIM or BOTH, and a folder of shims other than "shim" beside the interceptor; `driver` is the folder of the driver's own
 * file, in the build. */
void client_deliver_before(enum delivery delivery, const char *shims, const char *driver);

/* As the folder of shares: a preloaded interceptor in a container that no node has made. What is limited stands in the environment. */
extern const char client_standalone[];

/* Start a program of the build, e.g. "samples/fill-until-refused", or one by absolute path. `shares` is the folder of shares that
 * the interceptor finds; NULL: without interceptor. Arguments end with NULL. */
struct client client_start(const char *shares, const char *program, ...);

/* Read all that it says, and wait; returns its exit status. */
int client_end(struct client *client, char *said, size_t room);

#endif
