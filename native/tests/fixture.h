/* Shares for tests: a folder as the node would mount it, removed when the process that made it ends. */
#ifndef HAMI_FIXTURE_H
#define HAMI_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "hami_pages.h"
#include "pages.h"

#define MIB(n) ((uint64_t)(n) << 20)

/* The folder of shares of this test; HAMI_TEST_SHARES names it. */
const char *fixture_folder(void);

/* Write both pages of a share of a card. */
void fixture_share(const char *name, const char *card_uuid, uint64_t memory_bytes);

/* Put other limits in force, as the node does it. */
void fixture_change_limit(const char *name, uint64_t memory_bytes);

/* Charge the share with so much beside what its processes account, as the node does it. */
void fixture_charge_overhead(const char *name, uint64_t overhead_bytes);

/* Put other limits of time in force beside the memory's. */
void fixture_limit_cores(const char *name, uint32_t cores_percent, uint32_t policy, uint32_t priority, uint32_t flags);

/* Give a share its place on the page of its card, which it has in common with the share `neighbour`; NULL: a page of its own is made. */
void fixture_seat(const char *name, const char *neighbour, uint64_t seat);

/* Say on the limits page what a context takes; 0 is what fixture_share wrote. */
void fixture_charge_contexts(const char *name, uint64_t context_bytes);

/* Say on the limits page that the card is oversubscribed, and the share's part of what it has; `managed`: whether it may be evicted. */
void fixture_oversubscribe(const char *name, bool managed, uint64_t pinned_bytes);

/* Turn the limits page into one of the minor version before contexts were charged. */
void fixture_make_older(const char *name);

/* Map the pages of a share. */
struct pages fixture_open(const char *name);

/* Change bytes of a page in its file. */
void fixture_scribble(const char *name, const char *page, long offset, const void *bytes, size_t count);

/* What living and dead slots hold by their own word. */
uint64_t fixture_sum_of_charges(const struct hami_usage *usage);

#endif
