/* Allocate on every visible card until the driver refuses, and say where it did: the proof that a memory limit holds.
 * A plain program of the CUDA driver API; it knows nothing of shares. What is in use before the first allocation, its own context above
 * all, is part of the total. Exit status: 0 where every card was refused exactly at its total (or, with --mib, gave what was asked), 1 where
 * one was not, 2 for wrong arguments. */
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cuda_api.h"

#define MIB (UINT64_C(1) << 20)
#define SLAB_MIB 2u /* the smallest chunk, and what drivers round allocations to */
#define FIRST_CHUNK_MIB 1024u
#define CHUNKS_MAX 65536u

struct options {
    unsigned hold_s;
    uint64_t mib; /* 0: until refused */
};

struct card {
    CUdevice device;
    CUcontext context;
    char uuid[48];
    uint64_t total_mib, in_use_mib, allocated_mib;
    CUresult end; /* what the last allocation of the smallest chunk gave */
    size_t count;
    CUdeviceptr chunks[CHUNKS_MAX];
};

static const char *error_name(CUresult result)
{
    const char *name = NULL;
    return cuGetErrorName(result, &name) == CUDA_SUCCESS && name ? name : "an unknown error";
}

static bool succeeded(CUresult result, const char *what)
{
    if (result != CUDA_SUCCESS)
        fprintf(stderr, "fill-until-refused: %s: %s\n", what, error_name(result));
    return result == CUDA_SUCCESS;
}

static void format_uuid(const CUuuid *uuid, char *text)
{
    text += sprintf(text, "GPU-");
    for (int i = 0; i < 16; i++)
        text += sprintf(text, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", (unsigned char)uuid->bytes[i]);
}

static bool open_card(struct card *card, int ordinal)
{
    CUuuid uuid;
    size_t bytes, free_bytes;
    if (!succeeded(cuDeviceGet(&card->device, ordinal), "cuDeviceGet") ||
        !succeeded(cuDeviceGetUuid_v2(&uuid, card->device), "cuDeviceGetUuid") ||
        !succeeded(cuDeviceTotalMem_v2(&bytes, card->device), "cuDeviceTotalMem") ||
        !succeeded(cuCtxCreate_v2(&card->context, 0, card->device), "cuCtxCreate") ||
        !succeeded(cuMemGetInfo_v2(&free_bytes, &bytes), "cuMemGetInfo"))
        return false;
    format_uuid(&uuid, card->uuid);
    card->total_mib = bytes / MIB;
    card->in_use_mib = card->total_mib - free_bytes / MIB;
    return true;
}

/* In descending chunks, each size until it is refused or is more than what is still wanted. */
static void fill(struct card *card, uint64_t wanted_mib)
{
    for (uint64_t chunk = FIRST_CHUNK_MIB; chunk >= SLAB_MIB; chunk /= 2)
        while (card->count < CHUNKS_MAX && (!wanted_mib || card->allocated_mib + chunk <= wanted_mib)) {
            card->end = cuMemAlloc_v2(&card->chunks[card->count], chunk * MIB);
            if (card->end != CUDA_SUCCESS)
                break;
            card->count++;
            card->allocated_mib += chunk;
        }
}

static uint64_t slabs_of(uint64_t mib)
{
    return mib - mib % SLAB_MIB;
}

/* Say how it ended; whether it ended as it must. */
static bool tell(const struct card *card, int ordinal, uint64_t wanted_mib)
{
    printf("card %d %s: allocated %llu MiB of %llu MiB", ordinal, card->uuid, (unsigned long long)card->allocated_mib,
           (unsigned long long)card->total_mib);
    if (card->in_use_mib)
        printf(" beside %llu MiB in use", (unsigned long long)card->in_use_mib);
    printf(" (rounded to %u MiB), then %s%s\n", SLAB_MIB, card->end == CUDA_SUCCESS ? "stopped as asked" : "refused: ", card->end == CUDA_SUCCESS ? "" : error_name(card->end));
    if (wanted_mib)
        return card->allocated_mib == slabs_of(wanted_mib);
    return card->end == CUDA_ERROR_OUT_OF_MEMORY && card->allocated_mib == slabs_of(card->total_mib - card->in_use_mib);
}

static bool free_all(struct card *card)
{
    bool freed = succeeded(cuCtxSetCurrent(card->context), "cuCtxSetCurrent");
    while (freed && card->count)
        freed = succeeded(cuMemFree_v2(card->chunks[--card->count]), "cuMemFree");
    return succeeded(cuCtxDestroy_v2(card->context), "cuCtxDestroy") && freed;
}

static bool run(struct card *cards, int count, const struct options *options)
{
    bool as_expected = true;
    for (int i = 0; i < count; i++) {
        if (!open_card(&cards[i], i))
            return false;
        fill(&cards[i], options->mib);
        as_expected &= tell(&cards[i], i, options->mib);
    }
    fflush(stdout);
    sleep(options->hold_s);
    for (int i = 0; i < count; i++)
        as_expected &= free_all(&cards[i]);
    return as_expected;
}

static bool parse_number(const char *text, uint64_t *number)
{
    char *end;
    *number = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end;
}

static bool parse(int count, char **arguments, struct options *options)
{
    static const struct option known[] = {{"hold", required_argument, NULL, 'h'}, {"mib", required_argument, NULL, 'm'}, {0}};
    uint64_t number;
    for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;) {
        if (option == '?' || !parse_number(optarg, &number))
            return false;
        if (option == 'h')
            options->hold_s = (unsigned)number;
        else
            options->mib = number;
    }
    return optind == count;
}

int main(int argument_count, char **arguments)
{
    struct options options = {0};
    int count = 0;
    if (!parse(argument_count, arguments, &options)) {
        fprintf(stderr, "usage: fill-until-refused [--mib N] [--hold SECONDS]\n"
                        "  --mib N         stop after N MiB on each card\n"
                        "  --hold SECONDS  keep the memory that long before freeing it\n");
        return 2;
    }
    if (!succeeded(cuInit(0), "cuInit") || !succeeded(cuDeviceGetCount(&count), "cuDeviceGetCount"))
        return 1;
    struct card *cards = calloc((size_t)count + 1, sizeof *cards);
    bool as_expected = cards && count > 0 && run(cards, count, &options);
    free(cards);
    return as_expected ? 0 : 1;
}
