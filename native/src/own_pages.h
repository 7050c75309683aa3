/* Pages that no node made: where there is none, the first process that needs them makes them, for all that name the same folder, of
 * whatever user. The folder appears whole, by rename, and is never replaced: other limits are put in force in place, and only while
 * nobody holds a slot. Not here: what the limits are (settings.h), and which cards have some (standalone.h). */
#ifndef HAMI_OWN_PAGES_H
#define HAMI_OWN_PAGES_H

#include "pages.h"

/* Open the pages in a folder, made if need be, that hold a card to these limits and charge contexts so much, which stays so while there is
 * the folder; `version` and `crc` of *limits do not count.
 * NULL, or what is wrong with the file or folder whose path is then in `trouble_path`. */
const char *own_pages_open(struct pages *pages, const char *directory, const char *card_uuid, const struct hami_limits_record *limits,
                           uint64_t context_bytes, char trouble_path[PATH_MAX]);

#endif
