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

static bool card_index(const char *name, unsigned *index)
{
    static const char prefix[] = "hami-sim";
    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return false;
    const char *digits = name + sizeof prefix - 1;
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 4 || digits[length])
        return false;
    *index = (unsigned)strtoul(digits, NULL, 10);
    return true;
}

static int ascending(const void *left, const void *right)
{
    unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;
    return (a > b) - (a < b);
}

size_t sim_find_cards(const char *folder, unsigned indexes[SIM_MAX_CARDS])
{
    DIR *entries = opendir(folder);
    if (!entries)
        return 0;
    size_t count = 0;
    for (struct dirent *entry; count < SIM_MAX_CARDS && (entry = readdir(entries));)
        count += card_index(entry->d_name, &indexes[count]);
    closedir(entries);
    qsort(indexes, count, sizeof *indexes, ascending);
    return count;
}
