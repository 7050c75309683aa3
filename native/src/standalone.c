#include "standalone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "card_memory.h"
#include "own_pages.h"
#include "report.h"
#include "settings.h"

#define REFUSED "all allocations of this process are refused"
#define NO_ORDER (-2)
#define NOT_LISTED (-1)
#define USUAL_WEIGHT 100u

struct own_share {
    struct card card;
    struct share share;
    char uuid[sizeof ((struct hami_head *)0)->card_uuid];
};

static struct settings settings;
static bool refused;                          /* of the threads that find trouble, one tells it */
static struct own_share *opened[SHARES_MAX];  /* filled from the first on; none is taken out again */
static const struct card_order *card_order;
static const struct card_order unknown_order;

static const struct card *refuse(const char *path, const char *trouble, const char *remedy)
{
    if (!__atomic_exchange_n(&refused, true, __ATOMIC_ACQ_REL))
        report(path, trouble, remedy);
    return shares_refused_card();
}

static bool limits_anything(void)
{
    return settings_limit_memory(&settings) || settings_limit_cores(&settings);
}

/* Who starts a program that has the rights of another user must not choose where that user's files are made. */
static bool is_of_another_user(void)
{
    return getauxval(AT_SECURE) != 0;
}

void standalone_start(void)
{
    struct settings_fault fault;
    if (!settings_read(&settings, environ, &fault))
        (void)refuse(fault.assignment, fault.form, REFUSED);
    else if (is_of_another_user() && limits_anything())
        (void)refuse(settings_limit_memory(&settings) ? "CUDA_DEVICE_MEMORY_LIMIT" : "CUDA_DEVICE_SM_LIMIT",
                     "is of a program that has another user's rights, as setuid gives them, and is not read", REFUSED "; run it as that user");
}

static bool is_refused(void)
{
    return __atomic_load_n(&refused, __ATOMIC_ACQUIRE);
}

bool standalone_is_free(void)
{
    return !limits_anything() && !is_refused();
}

bool standalone_limits_cores(void)
{
    return settings_limit_cores(&settings);
}

bool standalone_charges_copies(void)
{
    return settings.charges_copies;
}

bool standalone_wants_order(void)
{
    return (settings.memory_by_card || settings.cores_by_card) && !__atomic_load_n(&card_order, __ATOMIC_ACQUIRE);
}

void standalone_tell_order(const struct card_order *order)
{
    const struct card_order *none = NULL;
    const struct card_order *told = order ? order : &unknown_order;
    if (!__atomic_compare_exchange_n(&card_order, &none, told, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        free((void *)order);
}

static int index_of(const char *uuid)
{
    const struct card_order *order = __atomic_load_n(&card_order, __ATOMIC_ACQUIRE);
    if (!settings.memory_by_card && !settings.cores_by_card)
        return NOT_LISTED;
    for (unsigned i = 0; order && i < order->count; i++)
        if (strcmp(order->uuids[i], uuid) == 0)
            return (int)i;
    return NO_ORDER;
}

static void tell_limits(const struct own_share *own, const struct hami_limits_record *limits, const char *directory)
{
    char memory[32] = "all memory", cores[48] = "", told[96];
    if (limits->memory_bytes != CARD_MEMORY_NO_LIMIT)
        snprintf(memory, sizeof memory, "%llu bytes", (unsigned long long)limits->memory_bytes);
    if (limits->cores_percent)
        snprintf(cores, sizeof cores, ", %u percent of its time", limits->cores_percent);
    snprintf(told, sizeof told, "%s%s", memory, cores);
    if (settings.log_level >= LOG_INFORMATION)
        report(own->uuid, told, directory);
}

static const char *open_pages(struct own_share *own, int index, char path[PATH_MAX])
{
    char directory[PATH_MAX];
    uint64_t memory_bytes = settings_memory_bytes(&settings, index);
    struct hami_limits_record limits = {.memory_bytes = memory_bytes ? memory_bytes : CARD_MEMORY_NO_LIMIT,
                                        .cores_percent = settings_cores_percent(&settings, index),
                                        .policy = settings.policy,
                                        .priority = settings.priority,
                                        .weight = USUAL_WEIGHT,
                                        .flags = settings.charges_copies ? HAMI_LIMITS_COPIES : 0};
    snprintf(directory, sizeof directory, "%s.%s", settings.cache, own->uuid);
    const char *trouble = own_pages_open(&own->share.pages, directory, own->uuid, &limits, settings.context_bytes, path);
    if (!trouble)
        tell_limits(own, &limits, directory);
    return trouble;
}

static void drop(struct own_share *own)
{
    pages_close(&own->share.pages);
    free(own);
}

static struct own_share *find(const char *uuid)
{
    struct own_share *own;
    for (unsigned i = 0; i < SHARES_MAX && (own = __atomic_load_n(&opened[i], __ATOMIC_ACQUIRE)); i++)
        if (strcmp(own->uuid, uuid) == 0)
            return own;
    return NULL;
}

/* Threads may open a card at once, each by itself and without a lock, since a fork would copy that: the first to finish is kept. */
static const struct card *keep(struct own_share *own)
{
    for (unsigned i = 0; i < SHARES_MAX; i++) {
        struct own_share *there = NULL;
        own->share.number = i;
        if (__atomic_compare_exchange_n(&opened[i], &there, own, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return &own->card;
        if (strcmp(there->uuid, own->uuid) == 0) {
            drop(own);
            return &there->card;
        }
    }
    drop(own);
    return refuse("cards", "there are more than a container can have (64)", REFUSED);
}

static const struct card *open_card(const char *uuid, int index)
{
    char path[PATH_MAX];
    struct own_share *own = calloc(1, sizeof *own);
    if (!own)
        return shares_refused_card();
    snprintf(own->uuid, sizeof own->uuid, "%s", uuid);
    own->card = (struct card){.uuid = own->uuid, .share_count = 1, .shares = {&own->share}};
    const char *trouble = open_pages(own, index, path);
    if (!trouble)
        return keep(own);
    free(own);
    return refuse(path, trouble,
                  REFUSED "; name a writable place by CUDA_DEVICE_MEMORY_SHARED_CACHE, one for all processes with these limits");
}

const struct card *standalone_card(const char *uuid)
{
    if (is_refused())
        return shares_refused_card();
    struct own_share *known = find(uuid);
    if (known)
        return &known->card;
    int index = index_of(uuid);
    if (index == NO_ORDER)
        return refuse(settings.memory_by_card ? "CUDA_DEVICE_MEMORY_LIMIT_<index>" : "CUDA_DEVICE_SM_LIMIT_<index>", "NVML does not tell which index a card has",
                      REFUSED "; have libnvidia-ml.so.1 in the container, or one limit for all cards");
    bool limited = settings_memory_bytes(&settings, index) || settings_cores_percent(&settings, index);
    return limited ? open_card(uuid, index) : NO_CARD;
}

unsigned standalone_count(void)
{
    unsigned count = 0;
    while (!is_refused() && count < SHARES_MAX && __atomic_load_n(&opened[count], __ATOMIC_ACQUIRE))
        count++;
    return count;
}

const struct share *standalone_at(unsigned place)
{
    return &opened[place]->share;
}
