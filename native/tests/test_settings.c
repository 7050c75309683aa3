/* Covers: settings.c: which forms of HAMI-core's variables are taken and which are refused, against a second reading by patterns, and
 * with anything at all in the environment. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings.h"
#include "test.h"

#define FUZZED 200000
#define KIB(n) (UINT64_C(n) << 10)
#define GIB(n) (UINT64_C(n) << 30)

static struct settings settings;
static struct settings_fault fault;

static bool reads(const char *first, const char *second)
{
    const char *const environment[] = {"PATH=/bin", first, second, NULL};
    return settings_read(&settings, (char *const *)environment, &fault);
}

static bool reads_memory(const char *value)
{
    char assignment[256];
    snprintf(assignment, sizeof assignment, "CUDA_DEVICE_MEMORY_LIMIT=%s", value);
    return reads(assignment, NULL);
}

static void memory_has_the_units_of_hami_core(void)
{
    static const struct {
        const char *value;
        uint64_t bytes;
    } forms[] = {{"0", 0},           {"2", 2},           {"4096", 4096},     {"1k", KIB(1)},  {"1K", KIB(1)}, {"3072m", GIB(3)}, {"3072M", GIB(3)},
                 {"8g", GIB(8)},     {"8G", GIB(8)},     {"0g", 0},          {"17179869183g", GIB(17179869183)},
                 {"18446744073709551615", UINT64_MAX}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        CHECK(reads_memory(forms[i].value) && settings_memory_bytes(&settings, 0) == forms[i].bytes);
}

static void what_has_another_form_is_refused_and_never_read_as_another_limit(void)
{
    static const char *const values[] = {"",     "2Gi",  "2GB",  "1.5g", "-1",   "+1",   "abc", "g",     " 2g", "2g ", "2 g", "0x10g",
                                         "010m", "00",   "2t",   "2gg",  "1e9",  "1,5g", "2G\n", "٣g",  "17179869184g",
                                         "18446744073709551616", "99999999999999999999999m"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (reads_memory(values[i]))
            fprintf(stderr, "taken: \"%s\"\n", values[i]);
        CHECK(!reads_memory(values[i]) && strstr(fault.form, "whole number of bytes"));
    }
}

static void a_refusal_names_the_variable_and_shows_its_value_on_one_line(void)
{
    char assignment[1024] = "CUDA_DEVICE_MEMORY_LIMIT=";
    CHECK(!reads("CUDA_DEVICE_MEMORY_LIMIT_3=2\nG\x1b[31m\xff", NULL));
    CHECK(strcmp(fault.assignment, "CUDA_DEVICE_MEMORY_LIMIT_3=2?G?[31m?") == 0);
    memset(assignment + strlen(assignment), '9', 900);
    CHECK(!reads(assignment, NULL) && strlen(fault.assignment) == sizeof fault.assignment - 1);
    CHECK(strcmp(fault.assignment + sizeof fault.assignment - 4, "...") == 0);
}

static void a_card_of_its_own_goes_before_all_and_zero_stands_for_not_given(void)
{
    CHECK(reads("CUDA_DEVICE_MEMORY_LIMIT=4g", "CUDA_DEVICE_MEMORY_LIMIT_1=1g") && settings.memory_by_card);
    CHECK(settings_memory_bytes(&settings, 0) == GIB(4) && settings_memory_bytes(&settings, 1) == GIB(1));
    CHECK(settings_memory_bytes(&settings, -1) == GIB(4) && settings_memory_bytes(&settings, 64) == GIB(4));
    CHECK(reads("CUDA_DEVICE_MEMORY_LIMIT_1=0", "CUDA_DEVICE_MEMORY_LIMIT=4g") && !settings.memory_by_card);
    CHECK(settings_memory_bytes(&settings, 1) == GIB(4));
    CHECK(reads("CUDA_DEVICE_MEMORY_LIMIT_63=1k", NULL) && settings_limit_memory(&settings));
    CHECK(settings_memory_bytes(&settings, 63) == KIB(1) && settings_memory_bytes(&settings, 62) == 0);
}

static void an_index_that_no_card_has_is_refused(void)
{
    static const char *const names[] = {"_64", "_", "_00", "_01", "_-1", "_0x1", "_a", "_1_", "_99999999999999999999"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char assignment[64];
        snprintf(assignment, sizeof assignment, "CUDA_DEVICE_MEMORY_LIMIT%s=1g", names[i]);
        CHECK(!reads(assignment, NULL) && strstr(fault.form, "from 0 to 63"));
        snprintf(assignment, sizeof assignment, "CUDA_DEVICE_SM_LIMIT%s=1", names[i]);
        CHECK(!reads(assignment, NULL) && strstr(fault.form, "from 0 to 63"));
    }
}

static void a_variable_that_is_there_twice_is_refused(void)
{
    CHECK(!reads("CUDA_DEVICE_MEMORY_LIMIT=1g", "CUDA_DEVICE_MEMORY_LIMIT=2g"));
    CHECK(!reads("CUDA_DEVICE_MEMORY_LIMIT_2=1g", "CUDA_DEVICE_MEMORY_LIMIT_2=1g"));
    CHECK(reads("CUDA_DEVICE_MEMORY_LIMIT_2=1g", "CUDA_DEVICE_SM_LIMIT_2=10"));
}

static void the_other_variables_have_their_words(void)
{
    static const char *const taken[] = {
        "CUDA_DEVICE_SM_LIMIT=0",      "CUDA_DEVICE_SM_LIMIT_7=100", "CUDA_TASK_PRIORITY=0",       "CUDA_TASK_PRIORITY=1",
        "LIBCUDA_LOG_LEVEL=0",         "LIBCUDA_LOG_LEVEL=4",        "ACTIVE_OOM_KILLER=true",     "ACTIVE_OOM_KILLER=1",
        "ACTIVE_OOM_KILLER=false",     "ACTIVE_OOM_KILLER=0",        "CUDA_OVERSUBSCRIBE=false",   "CUDA_OVERSUBSCRIBE=0",
        "HAMI_COPIES=free",            "HAMI_COPIES=charged",
        "GPU_CORE_UTILIZATION_POLICY=default", "GPU_CORE_UTILIZATION_POLICY=DISABLE", "CUDA_DEVICE_MEMORY_SHARED_CACHE=/tmp/a b"};
    static const char *const refused[] = {
        "CUDA_DEVICE_SM_LIMIT=101", "CUDA_DEVICE_SM_LIMIT=30%",  "CUDA_DEVICE_SM_LIMIT=30m",  "CUDA_DEVICE_SM_LIMIT=",    "CUDA_TASK_PRIORITY=2",
        "CUDA_TASK_PRIORITY=9",     "CUDA_TASK_PRIORITY=high",   "LIBCUDA_LOG_LEVEL=5",       "LIBCUDA_LOG_LEVEL=debug",  "ACTIVE_OOM_KILLER=yes",
        "CUDA_OVERSUBSCRIBE=true",  "CUDA_OVERSUBSCRIBE=",       "HAMI_COPIES=Charged",          "HAMI_COPIES=",  "HAMI_COPIES=true",
        "GPU_CORE_UTILIZATION_POLICY=Force", "GPU_CORE_UTILIZATION_POLICY=",
        "CUDA_DEVICE_MEMORY_SHARED_CACHE=", "CUDA_DEVICE_MEMORY_SHARED_CACHE=cache"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        CHECK(reads(taken[i], NULL));
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (reads(refused[i], NULL))
            fprintf(stderr, "taken: %s\n", refused[i]);
        CHECK(!reads(refused[i], NULL) && strstr(fault.form, "must be"));
    }
    CHECK(reads("GPU_CORE_UTILIZATION_POLICY=disable", NULL) && settings.policy == HAMI_CORES_DISABLE);
    CHECK(reads("GPU_CORE_UTILIZATION_POLICY=DEFAULT", NULL) && settings.policy == HAMI_CORES_DEFAULT);
    CHECK(reads("GPU_CORE_UTILIZATION_POLICY=force", "CUDA_TASK_PRIORITY=0") && settings.policy == HAMI_CORES_FORCE && settings.priority == 0);
    CHECK(reads("HAMI_CONTEXT_MEMORY=336m", NULL) && settings.context_bytes == KIB(336) * 1024 && !settings_limit_memory(&settings));
    CHECK(!reads("HAMI_CONTEXT_MEMORY=336MiB", NULL) && strstr(fault.form, "must be") && reads("HAMI_CONTEXT_MEMORY_0=x", NULL));
    CHECK(reads("CUDA_DEVICE_SM_LIMIT=30", "CUDA_DEVICE_SM_LIMIT_1=100") && settings_cores_percent(&settings, 1) == 30);
    CHECK(!settings_limit_memory(&settings) && settings_limit_cores(&settings));
}

static void without_variables_nothing_is_limited(void)
{
    CHECK(reads(NULL, NULL) && settings_read(&settings, NULL, &fault));
    CHECK(reads("CUDA_DEVICE_MEMORY_LIMITS=abc", "cuda_device_memory_limit=abc"));
    CHECK(!settings_limit_memory(&settings) && !settings_limit_cores(&settings) && settings.priority == 1);
    CHECK(strcmp(settings.cache, "/tmp/cudevshr.cache") == 0 && settings.log_level == LOG_WARNINGS);
}

static unsigned next(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

/* Anything that looks like a limit, seldom whole. */
static void write_value(char value[32], unsigned *state)
{
    static const char letters[] = "0123456789012345678901234567890123456789kKmMgG.-+xiB e";
    unsigned length = next(state) % 24;
    for (unsigned i = 0; i < length; i++)
        value[i] = letters[next(state) % (sizeof letters - 1)];
    value[length] = 0;
}

/* The limit as another program would read it: by a pattern, and in floating point. */
static bool expected(const regex_t *form, const char *value, long double *bytes)
{
    static const char units[] = "kKmMgG";
    char *unit;
    if (regexec(form, value, 0, NULL, 0) != 0)
        return false;
    *bytes = strtold(value, &unit);
    for (long i = *unit ? (strchr(units, *unit) - units) / 2 : -1; i >= 0; i--)
        *bytes *= 1024;
    return *bytes < 18446744073709551616.0L;
}

static void fuzzed_values_are_taken_as_another_reading_takes_them(void)
{
    regex_t form;
    unsigned state = 12345, taken = 0;
    CHECK(regcomp(&form, "^(0|[1-9][0-9]*)[kKmMgG]?$", REG_EXTENDED | REG_NOSUB) == 0);
    for (unsigned i = 0; i < FUZZED; i++) {
        char value[32];
        long double bytes = 0;
        write_value(value, &state);
        bool want = expected(&form, value, &bytes), got = reads_memory(value);
        if (want != got)
            fprintf(stderr, "\"%s\": expected %d\n", value, want);
        CHECK(want == got && (!got || (long double)settings_memory_bytes(&settings, 0) == bytes));
        taken += got;
    }
    CHECK(taken > FUZZED / 100 && taken < FUZZED);
    regfree(&form);
}

static void fuzzed_environments_harm_nobody(void)
{
    static const char *const pieces[] = {"CUDA_DEVICE_MEMORY_LIMIT", "CUDA_DEVICE_SM_LIMIT", "LIBCUDA_LOG_LEVEL", "_",
                                         "=", "1", "0", "63", "g", "\xff", "\n", "/"};
    unsigned state = 99;
    for (unsigned i = 0; i < FUZZED; i++) {
        char assignment[256] = "";
        for (unsigned count = next(&state) % 9; count; count--)
            strcat(assignment, pieces[next(&state) % (sizeof pieces / sizeof *pieces)]);
        if (!reads(assignment, NULL))
            CHECK(fault.form && strlen(fault.assignment) < sizeof fault.assignment && !strpbrk(fault.assignment, "\n\xff"));
    }
}

static const struct test tests[] = {
    {"settings: memory has the units of HAMi-core", memory_has_the_units_of_hami_core},
    {"settings: what has another form is refused, and never read as another limit",
     what_has_another_form_is_refused_and_never_read_as_another_limit},
    {"settings: a refusal names the variable, and shows its value on one line",
     a_refusal_names_the_variable_and_shows_its_value_on_one_line},
    {"settings: a card's own limit goes before that of all, and zero stands for not given",
     a_card_of_its_own_goes_before_all_and_zero_stands_for_not_given},
    {"settings: an index that no card has is refused", an_index_that_no_card_has_is_refused},
    {"settings: a variable that is there twice is refused", a_variable_that_is_there_twice_is_refused},
    {"settings: the other variables have their words", the_other_variables_have_their_words},
    {"settings: without variables nothing is limited", without_variables_nothing_is_limited},
    {"settings: fuzzed values are taken as another reading takes them", fuzzed_values_are_taken_as_another_reading_takes_them},
    {"settings: fuzzed environments harm nobody", fuzzed_environments_harm_nobody},
};

int main(void)
{
    return RUN_TESTS(tests);
}
