/* The pages of a share, mapped into this process: opened, checked, and the limits read from them.
 * Not here: which shares there are (shares.h), and what is charged (account.h). */
#ifndef HAMI_SRC_PAGES_H
#define HAMI_SRC_PAGES_H

#include <limits.h>
#include <stdbool.h>

#include "hami_pages.h"

struct pages {
    char usage_path[PATH_MAX]; /* opened again by who claims or reaps a slot */
    const struct hami_limits *limits;
    struct hami_usage *usage;
    struct hami_card *card;    /* of its card, which its neighbours have too; NULL: there is none, or none that can be used */
    char card_path[PATH_MAX];
    const char *card_trouble;  /* why it cannot be used; NULL: it can, or is not there */
};

/* Map `limits` and `usage` of a share's directory, and `card` where it is there. NULL, or what is wrong with the file whose path is then in `trouble_path`. */
const char *pages_open(struct pages *pages, const char *directory, char trouble_path[PATH_MAX]);

/* Unmap them; nothing may be using them. */
void pages_close(const struct pages *pages);

/* What is wrong with a head for a page of this kind, or NULL. Source: hami_pages.h. */
const char *pages_check(const struct hami_head *head, uint64_t magic, uint64_t file_bytes);

/* Bring *record up to the limits in force. False, and *record unchanged, where no whole record was found in four tries. Values that no node of
 * this version writes are taken for the strictest that it does: docs/compute.md. */
bool pages_read_limits(const struct pages *pages, struct hami_limits_record *record);

#endif
