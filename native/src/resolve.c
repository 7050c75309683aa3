#include "resolve.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cores.h"
#include "libc.h"
#include "report.h"
#include "unknown.h"
#include "wrappers.h"

#define WRAPPERS_MAX (WRAPPERS_CUDA > WRAPPERS_NVML ? WRAPPERS_CUDA : WRAPPERS_NVML)

typedef void (*entry_point)(void);

/* A driver's entry point and the wrapper that stands for it. */
struct replacement {
    entry_point real, wrapper;
    bool copy, time_only; /* struct wrapper */
};

/* What one driver library was found to have. */
struct findings {
    union {
        struct real_cuda cuda;
        struct real_nvml nvml;
    } real;
    void *handle; /* of the driver's library */
    size_t count;
    struct replacement replacements[2 * WRAPPERS_MAX]; /* as dlsym finds them, and as the driver's own resolver does */
};

struct library {
    const char *soname;
    const char *behind_shim; /* the driver's own file where a shim has its name (shim/shim.mk) */
    const struct real_symbol *symbols;
    const size_t *symbol_count;
    const struct wrapper *wrappers;
    size_t wrapper_count;
    const void *absent;
    size_t real_size;
    struct findings *findings; /* NULL until the library is in the process and was looked through */
};

static struct library cuda = {.soname = "libcuda.so.1",
                              .behind_shim = "/run/hami.io/driver/libcuda.so.1",
                              .symbols = real_cuda_symbols,
                              .symbol_count = &real_cuda_symbols_count,
                              .wrappers = wrappers_cuda,
                              .wrapper_count = WRAPPERS_CUDA,
                              .absent = &real_cuda_absent,
                              .real_size = sizeof real_cuda_absent};
static struct library nvml = {.soname = "libnvidia-ml.so.1",
                              .behind_shim = "/run/hami.io/driver/libnvidia-ml.so.1",
                              .symbols = real_nvml_symbols,
                              .symbol_count = &real_nvml_symbols_count,
                              .wrappers = wrappers_nvml,
                              .wrapper_count = WRAPPERS_NVML,
                              .absent = &real_nvml_absent,
                              .real_size = sizeof real_nvml_absent};

typedef void *(*dlsym_function)(void *handle, const char *symbol);

static entry_point as_function(void *pointer)
{
    entry_point function;
    memcpy(&function, &pointer, sizeof function);
    return function;
}

static void *as_pointer(entry_point function)
{
    void *pointer;
    memcpy(&pointer, &function, sizeof pointer);
    return pointer;
}

static void *nothing(void *handle, const char *symbol)
{
    (void)handle;
    (void)symbol;
    return NULL;
}

/* dlsym by each version that it has: what every program for the processor can have, then that since the merge of libdl into libc.
 * dlvsym itself is left alone: the driver's symbols have no versions for it to find. */
static dlsym_function versioned_dlsym(void *where)
{
    static const char *const versions[] = {"GLIBC_2.2.5", "GLIBC_2.17", "GLIBC_2.34"};
    dlsym_function found = NULL;
    for (size_t i = 0; where && !found && i < sizeof versions / sizeof *versions; i++) {
        void *pointer = libc_dlvsym ? libc_dlvsym(where, "dlsym", versions[i]) : NULL;
        memcpy(&found, &pointer, sizeof found);
    }
    return found;
}

static void *open_loaded(const char *file)
{
    return libc_dlopen ? libc_dlopen(file, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE) : NULL;
}

/* libc's dlsym. Its name here is ours, so it is asked for by version, which ours has not; of whom comes after us, as a preloaded
 * library must, and behind a shim, where libc may come before us, of libc by name. */
static dlsym_function libc_dlsym(void)
{
    static dlsym_function found;
    static const char *const files[] = {"libc.so.6", "libdl.so.2"};
    dlsym_function known = __atomic_load_n(&found, __ATOMIC_ACQUIRE);
    if (!known)
        known = versioned_dlsym(RTLD_NEXT);
    for (size_t i = 0; !known && i < sizeof files / sizeof *files; i++)
        known = versioned_dlsym(open_loaded(files[i]));
    if (!known)
        return nothing;
    __atomic_store_n(&found, known, __ATOMIC_RELEASE);
    return known;
}

static const struct wrapper *find_wrapper(const struct library *library, const char *symbol)
{
    size_t first = 0, end = library->wrapper_count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        int order = strcmp(symbol, library->wrappers[middle].symbol);
        if (order == 0)
            return &library->wrappers[middle];
        if (order < 0)
            end = middle;
        else
            first = middle + 1;
    }
    return NULL;
}

/* Whether what was found is our own export: there is no driver behind it. */
static bool is_ours(const struct library *library, const char *symbol, const void *found)
{
    const struct wrapper *wrapper = find_wrapper(library, symbol);
    return wrapper && as_pointer(wrapper->function) == found;
}

static entry_point *pointer_at(struct findings *findings, size_t offset)
{
    return (entry_point *)((char *)&findings->real + offset);
}

static void find_symbols(const struct library *library, void *handle, struct findings *findings)
{
    memcpy(&findings->real, library->absent, library->real_size);
    for (size_t i = 0; i < *library->symbol_count; i++) {
        void *pointer = libc_dlsym()(handle, library->symbols[i].symbol);
        if (pointer && !is_ours(library, library->symbols[i].symbol, pointer))
            *pointer_at(findings, library->symbols[i].offset) = as_function(pointer);
    }
}

static void add_replacement(struct findings *findings, entry_point real, const struct wrapper *wrapper)
{
    if (real != wrapper->function)
        findings->replacements[findings->count++] = (struct replacement){real, wrapper->function, wrapper->copy, wrapper->time_only};
}

/* The driver's resolver may give out other addresses than its symbols have: so it is asked too. */
static void find_replacements(const struct library *library, struct findings *findings)
{
    for (size_t i = 0; i < library->wrapper_count; i++) {
        const struct wrapper *wrapper = &library->wrappers[i];
        entry_point real = *pointer_at(findings, wrapper->real);
        entry_point absent;
        memcpy(&absent, (const char *)library->absent + wrapper->real, sizeof absent);
        if (real == absent)
            continue;
        add_replacement(findings, real, wrapper);
        void *resolved = NULL;
        if (wrapper->since && findings->real.cuda.cuGetProcAddress(wrapper->family, &resolved, wrapper->since, wrapper->flags) == CUDA_SUCCESS &&
            resolved && as_function(resolved) != real)
            add_replacement(findings, as_function(resolved), wrapper);
    }
}

/* A shim has no functions of its own: what is found in it comes from us, or from the driver behind us. */
static bool is_shim(const struct library *library, void *handle)
{
    const char *symbol = library->wrappers[0].symbol;
    return is_ours(library, symbol, libc_dlsym()(handle, symbol));
}

/* In a product the environment, which is the tenant's, has no say. */
static void *open_behind_shim(const struct library *library)
{
#ifdef HAMI_TEST_SHARES_FROM_ENVIRONMENT
    char path[PATH_MAX];
    const char *folder = getenv("HAMI_TEST_DRIVER");
    if (folder && snprintf(path, sizeof path, "%s/%s", folder, library->soname) < PATH_MAX)
        return open_loaded(path);
#endif
    return open_loaded(library->behind_shim);
}

static void *open_driver(const struct library *library)
{
    void *named = open_loaded(library->soname);
    return named && is_shim(library, named) ? open_behind_shim(library) : named;
}

/* Calls into the dynamic linker take its lock, under which others call us: so each thread that comes first finds out by itself,
 * without a lock of ours, and the first to finish publishes. */
static const struct findings *look_up(struct library *library)
{
    struct findings *published = __atomic_load_n(&library->findings, __ATOMIC_ACQUIRE);
    if (published)
        return published;
    void *handle = open_driver(library);
    struct findings *findings = handle ? calloc(1, sizeof *findings) : NULL;
    if (!findings)
        return NULL;
    findings->handle = handle;
    find_symbols(library, handle, findings);
    find_replacements(library, findings);
    if (!__atomic_compare_exchange_n(&library->findings, &published, findings, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        free(findings);
        return published;
    }
    if (is_shim(library, handle))
        report(library->behind_shim, "is the shim itself and no driver", "mount the driver's own file there");
    return findings;
}

const struct real_cuda *resolved_cuda;

const struct real_cuda *resolve_cuda_anew(void)
{
    const struct findings *findings = look_up(&cuda);
    if (!findings)
        return &real_cuda_absent;
    __atomic_store_n(&resolved_cuda, &findings->real.cuda, __ATOMIC_RELEASE);
    return &findings->real.cuda;
}

const struct real_nvml *resolve_nvml(void)
{
    const struct findings *findings = look_up(&nvml);
    return findings ? &findings->real.nvml : &real_nvml_absent;
}

/* What nobody is to be held to needs no wrapper. */
static bool is_needed(const struct replacement *replacement)
{
    if (replacement->copy)
        return !cores_leave_copies();
    return !replacement->time_only || !cores_are_free();
}

static void *replace(const struct findings *findings, void *pointer)
{
    for (size_t i = 0; findings && i < findings->count; i++)
        if (as_pointer(findings->replacements[i].real) == pointer)
            return is_needed(&findings->replacements[i]) ? as_pointer(findings->replacements[i].wrapper) : pointer;
    return pointer;
}

void *resolve_replace_cuda(void *pointer)
{
    return replace(look_up(&cuda), pointer);
}

/* The library that has a wrapper for a symbol, or NULL. */
static struct library *library_of(const char *symbol)
{
    if (symbol && symbol[0] == 'c' && symbol[1] == 'u' && find_wrapper(&cuda, symbol))
        return &cuda;
    if (symbol && symbol[0] == 'n' && symbol[1] == 'v' && find_wrapper(&nvml, symbol))
        return &nvml;
    return NULL;
}

static bool driver_has(const struct library *library, const struct findings *findings, const char *symbol)
{
    const struct wrapper *wrapper = find_wrapper(library, symbol);
    return findings && memcmp((const char *)&findings->real + wrapper->real, (const char *)library->absent + wrapper->real,
                              sizeof(entry_point)) != 0;
}

/* What comes after this library. A jump instead of a call, which the compiler would like, would make libc look after our caller. */
static void *next_to_us(const char *symbol)
{
    void *found = libc_dlsym()(RTLD_NEXT, symbol);
    __asm__ volatile("" : "+r"(found));
    return found;
}

/* dlsym for a symbol that has a wrapper. What the linker finds may be our own export: that counts only where the driver has the
 * symbol too. libc's dlsym comes last, so that dlerror() speaks of it. */
static void *dlsym_wrapped(void *handle, const char *symbol)
{
    struct library *library = library_of(symbol);
    const struct findings *findings = look_up(library);
    void *found = libc_dlsym()(handle, symbol);
    if (is_ours(library, symbol, found) && !driver_has(library, findings, symbol))
        found = next_to_us(symbol);
    return replace(findings, found);
}

/* Whether the driver, and so not only somebody with names like the driver's, has a function that we do not know. */
static bool is_unknown(const char *symbol)
{
    const struct findings *findings = unknown_name(symbol) ? look_up(&cuda) : NULL;
    return findings && libc_dlsym()(findings->handle, symbol);
}

/* dlsym for a function of the driver that we do not know. One that is denied is looked for by a name that nobody has, so that
 * dlerror() speaks of it. */
static void *dlsym_unknown(void *handle, const char *symbol)
{
    void *found = libc_dlsym()(handle, symbol);
    if (!found || found != libc_dlsym()(look_up(&cuda)->handle, symbol) || unknown_admit())
        return found;
    return next_to_us("(denied by the strict limits of this container: a function that libvgpu.so does not know)");
}

static dlsym_function choose(const char *symbol)
{
    if (library_of(symbol))
        return dlsym_wrapped;
    return is_unknown(symbol) ? dlsym_unknown : libc_dlsym();
}

void *resolve_choose_dlsym(const char *symbol)
{
    dlsym_function chosen = choose(symbol);
    void *pointer;
    memcpy(&pointer, &chosen, sizeof pointer);
    return pointer;
}
