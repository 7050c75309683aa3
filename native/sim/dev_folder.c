#include "dev_folder.h"

#include <dirent.h>
#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const library_folders[] = {"/usr/lib/x86_64-linux-gnu/", "/usr/lib/aarch64-linux-gnu/"};

/* Cut `path` behind the root that it is installed under; false where it is in no driver root. */
static bool cut_to_root(char *path)
{
    char *name = strrchr(path, '/');
    for (size_t i = 0; name && i < sizeof library_folders / sizeof *library_folders; i++) {
        size_t length = strlen(library_folders[i]) - 1;
        if ((size_t)(name - path) >= length && !strncmp(name - length, library_folders[i], length)) {
            name[-(ptrdiff_t)length] = '\0';
            return true;
        }
    }
    return false;
}

void sim_dev_folder(char folder[SIM_MAX_PATH])
{
    Dl_info self;
    char path[PATH_MAX];
    if (dladdr(library_folders, &self) && realpath(self.dli_fname, path) && cut_to_root(path)) {
        snprintf(folder, SIM_MAX_PATH, "%.*s/dev", (int)SIM_MAX_PATH - 8, path);
        return;
    }
    const char *given = getenv("HAMI_SIM_DEV");
    snprintf(folder, SIM_MAX_PATH, "%s", given ? given : "/dev");
}

/* Whether a file's name is `prefix` and a number, which is written to `number`. */
static bool numbered(const char *name, const char *prefix, unsigned *number)
{
    size_t skipped = strlen(prefix);
    if (strncmp(name, prefix, skipped) != 0)
        return false;
    const char *digits = name + skipped;
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 4 || digits[length])
        return false;
    *number = (unsigned)strtoul(digits, NULL, 10);
    return true;
}

static int ascending(const void *left, const void *right)
{
    unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;
    return (a > b) - (a < b);
}

static size_t find(const char *folder, const char *prefix, unsigned *numbers, size_t limit)
{
    DIR *entries = opendir(folder);
    if (!entries)
        return 0;
    size_t count = 0;
    for (struct dirent *entry; count < limit && (entry = readdir(entries));)
        count += numbered(entry->d_name, prefix, &numbers[count]);
    closedir(entries);
    qsort(numbers, count, sizeof *numbers, ascending);
    return count;
}

size_t sim_find_cards(const char *folder, unsigned indexes[SIM_MAX_CARDS])
{
    return find(folder, "hami-sim", indexes, SIM_MAX_CARDS);
}

size_t sim_find_instances(const char *folder, unsigned index, unsigned instances[SIM_MAX_INSTANCES])
{
    char prefix[32];
    snprintf(prefix, sizeof prefix, "hami-sim%umig", index);
    return find(folder, prefix, instances, SIM_MAX_INSTANCES);
}
