/* Where the simulated driver finds its cards, and which cards are there. */
#ifndef HAMI_SIM_DEV_FOLDER_H
#define HAMI_SIM_DEV_FOLDER_H

#include <stddef.h>

#define SIM_MAX_CARDS 64u
#define SIM_MAX_INSTANCES 7u /* of one card in MIG mode */
#define SIM_MAX_PATH 512u

/* Write the folder of the card files to `folder`: `<root>/dev` for a library at `<root>/usr/lib/<arch>/`, so that one
 * build serves a driver root on the node and a container, whose root is "/". A library elsewhere (a build tree) takes
 * the environment's HAMI_SIM_DEV, else /dev. */
void sim_dev_folder(char folder[SIM_MAX_PATH]);

/* Write the indexes of the card files in `folder`, ascending; return how many (at most SIM_MAX_CARDS). */
size_t sim_find_cards(const char *folder, unsigned indexes[SIM_MAX_CARDS]);

/* Write the numbers of the MIG instances of card `index` that have a file in `folder`, ascending; return how many. */
size_t sim_find_instances(const char *folder, unsigned index, unsigned instances[SIM_MAX_INSTANCES]);

#endif
