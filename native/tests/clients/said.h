/* What clients say: what failed, what is left of the share, and what the card gave, which the interceptor does not know. */
#ifndef HAMI_CLIENTS_SAID_H
#define HAMI_CLIENTS_SAID_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/sim_card.h"
#include "cuda_api.h"

#define MIB ((size_t)1 << 20)

static inline CUresult expect(const char *what, CUresult result)
{
    if (result != CUDA_SUCCESS) {
        printf("%s: %d\n", what, result);
        exit(1);
    }
    return result;
}
#define DO(call) expect(#call, call)

/* What living processes hold of a card, by its own file. */
static inline size_t card_bytes(unsigned index)
{
    struct sim_card_file *file = calloc(1, sizeof *file);
    char path[4096];
    size_t sum = 0;
    snprintf(path, sizeof path, "%s/hami-sim%u", getenv("HAMI_SIM_DEV"), index);
    FILE *in = fopen(path, "re");
    if (!file || !in || fread(file, sizeof *file, 1, in) != 1)
        exit(3);
    fclose(in);
    for (size_t i = 0; i < sizeof file->slots / sizeof *file->slots; i++)
        sum += file->slots[i].pid ? file->slots[i].memory_bytes : 0;
    free(file);
    return sum;
}

static inline void say(const char *when)
{
    size_t left, total;
    DO(cuMemGetInfo_v2(&left, &total));
    printf("%s: %zu of %zu MiB left, card %zu\n", when, left / MIB, total / MIB, card_bytes(0) / MIB);
    fflush(stdout);
}

struct named_run {
    const char *name;
    void (*run)(void);
};

/* Run the one of these that is named; the program's exit status, 2 where none is. */
static inline int run_named(const struct named_run *runs, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, runs[i].name) == 0)
            return runs[i].run(), 0;
    return 2;
}

#endif
