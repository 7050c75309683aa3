#include "shares.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mounts.h"
#include "once.h"
#include "report.h"
#include "standalone.h"

#define MANAGED "/run/hami.io" /* the node mounts all that is its own below this, into every container that it serves */
#define FOLDER MANAGED "/shares"
#define MOUNTINFO "/proc/self/mountinfo"
#define FROM_NODE "all allocations of this container are refused; delete the pod, so that its claim is prepared anew"

static struct {
    unsigned share_count, card_count;
    bool broken, standalone;
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

static void refuse_all(const char *path, const char *trouble, const char *remedy)
{
    report(path, trouble, remedy);
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
    card->is_managed = true;
    card->is_oversubscribed = false;
    return card;
}

/* As the pages were made: neither changes while the container runs. Where one share of the card is to have device memory, all have. */
static void add_oversubscription(struct card *card, const struct share *share)
{
    struct hami_limits_record record = {0};
    (void)pages_read_limits(&share->pages, &record);
    card->is_managed &= (record.flags & HAMI_LIMITS_MANAGED) != 0;
    card->is_oversubscribed |= (record.flags & HAMI_LIMITS_MANAGED) || record.pinned_bytes;
}

static void add_share(const char *name)
{
    char directory[PATH_MAX], trouble_path[PATH_MAX];
    if (snprintf(directory, sizeof directory, "%s/%s", folder(), name) >= PATH_MAX)
        return refuse_all(name, "the path is too long", FROM_NODE);
    if (container.share_count == SHARES_MAX)
        return refuse_all(directory, "there are more shares than a container can have (64)", FROM_NODE);
    struct share *share = &container.shares[container.share_count];
    const char *trouble = pages_open(&share->pages, directory, trouble_path);
    if (trouble)
        return refuse_all(trouble_path, trouble, FROM_NODE);
    share->number = container.share_count++;
    struct card *card = card_for(share->pages.limits->head.card_uuid);
    card->shares[card->share_count++] = share;
    add_oversubscription(card, share);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void read_shares(void)
{
    struct dirent **entries;
    int count = scandir(folder(), &entries, visible, alphasort);
    if (count < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            refuse_all(folder(), "cannot be listed", FROM_NODE);
        return;
    }
    for (int i = 0; i < count; i++) {
        add_share(entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

/* What the node mounted tells a managed container. The environment and the files of an image, which anybody can make, tell nothing. */
static enum mounts managed(void)
{
#ifdef HAMI_TEST_SHARES_FROM_ENVIRONMENT
    if (getenv("HAMI_TEST_SHARES"))
        return MOUNTS_SOME;
#endif
    return mounts_below(MOUNTINFO, MANAGED);
}

/* Whether the node mounted shares, none of which was found: something covers them. */
static bool are_hidden(void)
{
    return mounts_below(MOUNTINFO, FOLDER) == MOUNTS_SOME;
}

static void open_shares(void)
{
    container.share_count = container.card_count = 0; /* a forked child may begin anew what a thread of its parent began; */
    container.broken = false;                         /* not all of it, whose 300 KiB would come to lie in every process */
    enum mounts mounts = managed();
    if (mounts == MOUNTS_UNKNOWN)
        return refuse_all(MOUNTINFO, "cannot be read", "all allocations of this process are refused; mount /proc in its container");
    container.standalone = mounts == MOUNTS_NONE;
    if (container.standalone)
        standalone_start();
    else
        read_shares();
    if (!container.standalone && container.share_count == 0 && !container.broken && are_hidden())
        refuse_all(FOLDER, "the shares that the node mounted are not to be seen", FROM_NODE);
}

static void open_once(void)
{
    once_run(&opened, open_shares);
}

enum shares_known shares_known;

enum shares_known shares_open(void)
{
    open_once();
    bool some = container.standalone ? !standalone_is_free() : container.broken || container.share_count;
    enum shares_known known = some ? SHARES_SOME : SHARES_NONE;
    __atomic_store_n(&shares_known, known, __ATOMIC_RELEASE);
    return known;
}

unsigned shares_count(void)
{
    open_once();
    if (container.standalone)
        return standalone_count();
    return container.broken ? 0 : container.share_count;
}

const struct share *shares_at(unsigned place)
{
    return container.standalone ? standalone_at(place) : &container.shares[place];
}

const struct card *shares_card(const char *uuid)
{
    open_once();
    if (container.standalone)
        return standalone_card(uuid);
    if (container.broken)
        return &refused_card;
    for (unsigned i = 0; i < container.card_count; i++)
        if (strcmp(container.cards[i].uuid, uuid) == 0)
            return &container.cards[i];
    return NO_CARD;
}

bool shares_want_order(void)
{
    open_once();
    return container.standalone && standalone_wants_order();
}

bool shares_limit_cores(void)
{
    open_once();
    return !container.standalone || standalone_limits_cores();
}

/* A record that cannot be read may say so. */
static bool charges_copies(const struct share *share)
{
    struct hami_limits_record record;
    return !pages_read_limits(&share->pages, &record) || record.flags & HAMI_LIMITS_COPIES;
}

bool shares_charge_copies(void)
{
    open_once();
    if (container.standalone)
        return standalone_charges_copies();
    unsigned place = 0, count = shares_count();
    while (place < count && !charges_copies(&container.shares[place]))
        place++;
    return place < count;
}

const struct card *shares_refused_card(void)
{
    return &refused_card;
}
