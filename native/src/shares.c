#include "shares.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "once.h"
#include "report.h"

#define FOLDER "/run/hami.io/shares"

static struct {
    unsigned share_count, card_count;
    bool broken;
    struct share shares[SHARES_MAX];
    struct card cards[SHARES_MAX];
} container;

static const struct card refused_card = {.uuid = "", .share_count = 0};
static once_t opened;

/* In a product the environment, which is the tenant's, has no say. */
static const char *folder(void)
{
#ifdef HAMI_TEST_SHARES_FROM_ENVIRONMENT
    const char *chosen = getenv("HAMI_TEST_SHARES");
    if (chosen)
        return chosen;
#endif
    return FOLDER;
}

static void refuse_all(const char *path, const char *trouble)
{
    report(path, trouble, "all allocations of this container are refused; delete the pod, so that its claim is prepared anew");
    container.broken = true;
}

static struct card *card_for(const char *uuid)
{
    for (unsigned i = 0; i < container.card_count; i++)
        if (strcmp(container.cards[i].uuid, uuid) == 0)
            return &container.cards[i];
    struct card *card = &container.cards[container.card_count++];
    card->uuid = uuid;
    card->share_count = 0;
    return card;
}

static void add_share(const char *name)
{
    char directory[PATH_MAX], trouble_path[PATH_MAX];
    if (snprintf(directory, sizeof directory, "%s/%s", folder(), name) >= PATH_MAX)
        return refuse_all(name, "the path is too long");
    if (container.share_count == SHARES_MAX)
        return refuse_all(directory, "there are more shares than a container can have (64)");
    struct share *share = &container.shares[container.share_count];
    const char *trouble = pages_open(&share->pages, directory, trouble_path);
    if (trouble)
        return refuse_all(trouble_path, trouble);
    share->number = container.share_count++;
    struct card *card = card_for(share->pages.limits->head.card_uuid);
    card->shares[card->share_count++] = share;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void open_shares(void)
{
    struct dirent **entries;
    container.share_count = container.card_count = 0; /* a forked child may begin anew what a thread of its parent began; */
    container.broken = false;                         /* not all of it, whose 300 KiB would come to lie in every process */
    int count = scandir(folder(), &entries, visible, alphasort);
    if (count < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            refuse_all(folder(), "cannot be listed");
        return;
    }
    for (int i = 0; i < count; i++) {
        add_share(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static void open_once(void)
{
    once_run(&opened, open_shares);
}

enum shares_known shares_known;

enum shares_known shares_open(void)
{
    open_once();
    enum shares_known known = container.broken || container.share_count ? SHARES_SOME : SHARES_NONE;
    __atomic_store_n(&shares_known, known, __ATOMIC_RELEASE);
    return known;
}

unsigned shares_count(void)
{
    open_once();
    return container.broken ? 0 : container.share_count;
}

const struct share *shares_at(unsigned place)
{
    return &container.shares[place];
}

const struct card *shares_card(const char *uuid)
{
    open_once();
    if (container.broken)
        return &refused_card;
    for (unsigned i = 0; i < container.card_count; i++)
        if (strcmp(container.cards[i].uuid, uuid) == 0)
            return &container.cards[i];
    return NO_CARD;
}

const struct card *shares_refused_card(void)
{
    return &refused_card;
}
