#include "settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_CACHE "/tmp/cudevshr.cache" /* HAMi-core's */
#define CACHE_BYTES 3072                    /* room is left for what stands behind it in a path */
#define NO_INDEX (-1)

/* Digits up to `most`, without zeros before them, as HAMi-core's strtoul would take those for octal. NULL: it is no such number. */
static const char *digits(const char *text, uint64_t most, uint64_t *number)
{
    *number = 0;
    if (text[0] == '0')
        return text[1] >= '0' && text[1] <= '9' ? NULL : text + 1;
    const char *rest = text;
    for (; *rest >= '0' && *rest <= '9'; rest++) {
        uint64_t digit = (uint64_t)(*rest - '0');
        if (digit > most || *number > (most - digit) / 10)
            return NULL;
        *number = *number * 10 + digit;
    }
    return rest == text ? NULL : rest;
}

static bool whole_number(const char *text, uint64_t most, uint64_t *number)
{
    const char *rest = digits(text, most, number);
    return rest && !*rest;
}

static int shift_of(char unit)
{
    switch (unit) {
    case 'k': case 'K': return 10;
    case 'm': case 'M': return 20;
    case 'g': case 'G': return 30;
    default: return 0;
    }
}

static bool size(const char *value, uint64_t *bytes)
{
    uint64_t number;
    const char *unit = digits(value, UINT64_MAX, &number);
    int shift = unit && *unit ? shift_of(*unit) : 0;
    if (!unit || (*unit && (!shift || unit[1])) || number > UINT64_MAX >> shift)
        return false;
    *bytes = number << shift;
    return true;
}

static bool take_memory(struct settings *settings, int index, const char *value)
{
    uint64_t *bytes = index == NO_INDEX ? &settings->memory_bytes : &settings->card_memory_bytes[index];
    if (!size(value, bytes))
        return false;
    settings->memory_by_card |= index != NO_INDEX && *bytes;
    return true;
}

static bool take_context(struct settings *settings, int index, const char *value)
{
    (void)index;
    return size(value, &settings->context_bytes);
}

/* HAMi-core takes 0 and 100 for no limit. */
static bool take_cores(struct settings *settings, int index, const char *value)
{
    uint64_t percent;
    if (!whole_number(value, 100, &percent))
        return false;
    percent %= 100;
    *(index == NO_INDEX ? &settings->cores_percent : &settings->card_cores_percent[index]) = (uint32_t)percent;
    settings->cores_by_card |= index != NO_INDEX && percent;
    return true;
}

static bool take_cache(struct settings *settings, int index, const char *value)
{
    (void)index;
    settings->cache = value;
    return value[0] == '/' && strlen(value) < CACHE_BYTES;
}

static bool take_priority(struct settings *settings, int index, const char *value)
{
    uint64_t priority;
    (void)index;
    if (!whole_number(value, 1, &priority))
        return false;
    settings->priority = (uint32_t)priority;
    return true;
}

static bool is_one_of(const char *value, const char *const *words)
{
    while (*words && strcmp(value, *words) != 0)
        words++;
    return *words;
}

static bool take_policy(struct settings *settings, int index, const char *value)
{
    static const char *const force[] = {"force", "FORCE", NULL}, *const disable[] = {"disable", "DISABLE", NULL};
    static const char *const other[] = {"default", "DEFAULT", NULL};
    (void)index;
    if (is_one_of(value, force))
        settings->policy = HAMI_CORES_FORCE;
    else if (is_one_of(value, disable))
        settings->policy = HAMI_CORES_DISABLE;
    else
        return is_one_of(value, other);
    return true;
}

static bool take_copies(struct settings *settings, int index, const char *value)
{
    static const char *const words[] = {"free", "charged", NULL};
    (void)index;
    settings->charges_copies = strcmp(value, "charged") == 0;
    return is_one_of(value, words);
}

static bool take_log_level(struct settings *settings, int index, const char *value)
{
    uint64_t level;
    (void)index;
    if (!whole_number(value, 4, &level))
        return false;
    settings->log_level = (int)level;
    return true;
}

static bool take_oom_killer(struct settings *settings, int index, const char *value)
{
    static const char *const words[] = {"true", "1", "false", "0", NULL};
    (void)settings;
    (void)index;
    return is_one_of(value, words);
}

static bool take_oversubscribe(struct settings *settings, int index, const char *value)
{
    static const char *const words[] = {"false", "0", NULL};
    (void)settings;
    (void)index;
    return is_one_of(value, words);
}

static const struct variable {
    const char *name;
    bool by_card; /* also with _<index> behind it */
    bool (*take)(struct settings *, int index, const char *value);
    const char *form;
} variables[] = {
    {"CUDA_DEVICE_MEMORY_LIMIT", true, take_memory, "must be a whole number of bytes, or of k, m or g (1024 based), such as 3072m; 0: no limit"},
    {"HAMI_CONTEXT_MEMORY", false, take_context, "must be a whole number of bytes, or of k, m or g (1024 based), such as 336m; 0: not counted"},
    {"CUDA_DEVICE_SM_LIMIT", true, take_cores, "must be a percentage from 0 to 100, without a sign; 0 and 100: no limit"},
    {"CUDA_DEVICE_MEMORY_SHARED_CACHE", false, take_cache, "must be an absolute path of less than 3072 bytes"},
    {"CUDA_TASK_PRIORITY", false, take_priority, "must be 0 (high) or 1 (low)"},
    {"GPU_CORE_UTILIZATION_POLICY", false, take_policy, "must be default, force or disable"},
    {"HAMI_COPIES", false, take_copies, "must be free or charged"},
    {"LIBCUDA_LOG_LEVEL", false, take_log_level, "must be a number from 0 (errors) to 4"},
    {"ACTIVE_OOM_KILLER", false, take_oom_killer, "must be true, 1, false or 0"},
    {"CUDA_OVERSUBSCRIBE", false, take_oversubscribe,
     "asks for more memory than the cards have, which is not given; it must be false, 0 or not set"},
};

#define VARIABLES (sizeof variables / sizeof *variables)
#define INDEX_FORM "names a card by a number that is none from 0 to 63, written without zeros before it"
#define TWICE_FORM "is in the environment a second time"

/* The variable of an assignment, and what stands in its name behind the variable's: "", or "_…" of one by card. */
static const struct variable *find(const char *assignment, size_t name_length, const char **index)
{
    for (size_t i = 0; i < VARIABLES; i++) {
        size_t length = strlen(variables[i].name);
        if (name_length < length || strncmp(assignment, variables[i].name, length) != 0)
            continue;
        *index = assignment + length;
        if (name_length == length || (variables[i].by_card && **index == '_'))
            return &variables[i];
    }
    return NULL;
}

/* The number in "_12=…"; NO_INDEX for "=…". False: it is none that a card can have. */
static bool read_index(const char *text, int *index)
{
    uint64_t number;
    *index = NO_INDEX;
    if (*text == '=')
        return true;
    const char *end = digits(text + 1, SETTINGS_CARDS - 1, &number);
    *index = (int)number;
    return end && *end == '=';
}

/* One bit for each variable without an index, and for each index. */
struct seen {
    uint64_t plain, by_card[VARIABLES];
};

static bool is_second(struct seen *seen, size_t variable, int index)
{
    uint64_t *bits = index == NO_INDEX ? &seen->plain : &seen->by_card[variable];
    uint64_t bit = UINT64_C(1) << (index == NO_INDEX ? (int)variable : index);
    bool second = *bits & bit;
    *bits |= bit;
    return second;
}

/* What is wrong with an assignment; NULL where it was taken, or is none of ours. */
static const char *take(struct settings *settings, struct seen *seen, const char *assignment)
{
    const char *equals = strchr(assignment, '='), *rest;
    const struct variable *variable = equals ? find(assignment, (size_t)(equals - assignment), &rest) : NULL;
    int index;
    if (!variable)
        return NULL;
    if (!read_index(rest, &index))
        return INDEX_FORM;
    if (is_second(seen, (size_t)(variable - variables), index))
        return TWICE_FORM;
    return variable->take(settings, index, equals + 1) ? NULL : variable->form;
}

/* What comes from outside is shown as one line without surprises. */
static void show(struct settings_fault *fault, const char *assignment)
{
    size_t length = (size_t)snprintf(fault->assignment, sizeof fault->assignment, "%s", assignment);
    if (length >= sizeof fault->assignment)
        memcpy(fault->assignment + sizeof fault->assignment - 4, "...", 4);
    for (char *byte = fault->assignment; *byte; byte++)
        if (*byte < ' ' || *byte > '~')
            *byte = '?';
}

bool settings_read(struct settings *settings, char *const *environment, struct settings_fault *fault)
{
    struct seen seen = {0};
    *settings = (struct settings){.priority = 1, .log_level = LOG_WARNINGS, .cache = DEFAULT_CACHE};
    for (; environment && *environment; environment++) {
        fault->form = take(settings, &seen, *environment);
        if (fault->form) {
            show(fault, *environment);
            return false;
        }
    }
    return true;
}

uint64_t settings_memory_bytes(const struct settings *settings, int index)
{
    uint64_t own = index >= 0 && index < SETTINGS_CARDS ? settings->card_memory_bytes[index] : 0;
    return own ? own : settings->memory_bytes;
}

uint32_t settings_cores_percent(const struct settings *settings, int index)
{
    uint32_t own = index >= 0 && index < SETTINGS_CARDS ? settings->card_cores_percent[index] : 0;
    return own ? own : settings->cores_percent;
}

bool settings_limit_memory(const struct settings *settings)
{
    return settings->memory_bytes || settings->memory_by_card;
}

bool settings_limit_cores(const struct settings *settings)
{
    return settings->cores_percent || settings->cores_by_card;
}
