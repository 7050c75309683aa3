/* The limits that a process outside a managed container finds in its environment: HAMi-core's variables, read strictly. A value
 * that is not of its form is refused, never read as another. Pure. Not here: who asks (standalone.c). */
#ifndef HAMI_SETTINGS_H
#define HAMI_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "hami_pages.h"

#define SETTINGS_CARDS 64

enum settings_log { LOG_ERRORS = 0, LOG_WARNINGS = 2, LOG_INFORMATION = 3 };

struct settings {
    uint64_t memory_bytes;                      /* of each card; 0: not limited */
    uint64_t card_memory_bytes[SETTINGS_CARDS]; /* of the card with this index of NVML; 0: as each card */
    uint32_t cores_percent;                     /* of each card; 0: not limited */
    uint32_t card_cores_percent[SETTINGS_CARDS];
    uint32_t priority, policy; /* as in hami_limits_record */
    uint64_t context_bytes;    /* what a context is charged, of any card; 0: nothing */
    int log_level;
    const char *cache; /* absolute; in the environment, or the default */
    bool charges_copies;
    bool memory_by_card, cores_by_card; /* some card has a limit of its own */
};

/* What was refused: "NAME=value", fit to be shown, and what its form is. */
struct settings_fault {
    char assignment[128];
    const char *form;
};

/* Read what an environment says. False: something in it is refused, and nothing of it counts. */
bool settings_read(struct settings *settings, char *const *environment, struct settings_fault *fault);

/* What they say of one card; `index` is NVML's, or negative where no card has limits of its own. */
uint64_t settings_memory_bytes(const struct settings *settings, int index);
uint32_t settings_cores_percent(const struct settings *settings, int index);

/* Whether some card's memory, or its cores, are limited. */
bool settings_limit_memory(const struct settings *settings);
bool settings_limit_cores(const struct settings *settings);

#endif
