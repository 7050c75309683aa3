/* A card file in use: mapped, and guarded. Not here: what the memory accounting does under the guard (physical.h). */
#ifndef HAMI_SIM_CARD_FILE_H
#define HAMI_SIM_CARD_FILE_H

#include <stdbool.h>

#include "dev_folder.h"
#include "sim_card.h"

struct sim_card {
    struct sim_card_file *file; /* a view maps it read-only: write through a card mapped by sim_card_map alone */
    char path[SIM_MAX_PATH];
    char whole_uuid[64]; /* "GPU-…": of a MIG instance that of its card. Set by CUDA, where both are mapped */
};

/* Map the card file `index` of `folder`, to take memory of it (map) or to look (view). False where it is no card file of
 * this version, or may not be opened so. A card stays mapped for the life of the process. */
bool sim_card_map(struct sim_card *card, const char *folder, unsigned index);
bool sim_card_view(struct sim_card *card, const char *folder, unsigned index);

/* The same for the file of GPU instance `instance` of a card in MIG mode. */
bool sim_instance_map(struct sim_card *card, const char *folder, unsigned index, unsigned instance);
bool sim_instance_view(struct sim_card *card, const char *folder, unsigned index, unsigned instance);

/* How a card is just now. */
struct sim_card_state sim_state(const struct sim_card *card);

/* Take the guard: alone, to change slots; or with other readers; or that of who looks at the card's time. Returns the descriptor that holds it, or −1 where the
 * file cannot be opened. Each taking has a descriptor of its own, so threads exclude each other as processes do, and
 * a program that closes descriptors it does not know loses nothing. The caller must not fork meanwhile. */
int sim_guard_alone(const struct sim_card *card);
int sim_guard_shared(const struct sim_card *card);
int sim_guard_time(const struct sim_card *card);
void sim_guard_leave(int guard);

/* Whether somebody holds the guard of who looks at the card's time; `guard` is any other descriptor of the card's file. */
bool sim_time_is_guarded(int guard);

/* Whether the process of a slot lives; `guard` is any descriptor of the card's file. */
bool sim_slot_lives(int guard, unsigned slot);

/* Take the life lock of a slot for this process, until it dies or execs; a forked child does not inherit it. */
bool sim_slot_hold(const struct sim_card *card, unsigned slot);

#endif
