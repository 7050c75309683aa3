#include "unknown.h"

#include "atomics.h"
#include "known_names.h"
#include "shares.h"

/* FNV-1a 64, as native/generator/known_names.py has it. */
static uint64_t hash_of(const char *name)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (const unsigned char *byte = (const unsigned char *)name; *byte; byte++)
        value = (value ^ *byte) * UINT64_C(0x100000001b3);
    return value;
}

/* Hashes lie evenly, so that one is some places from where it would be if they lay exactly so: to walk there is less than to halve, and
 * a program asks for hundreds. */
static bool is_known(const char *name)
{
    uint64_t wanted = hash_of(name);
    size_t place = (size_t)((wanted >> 32) * known_names_count >> 32);
    while (place > 0 && known_names[place] > wanted)
        place--;
    while (place + 1 < known_names_count && known_names[place] < wanted)
        place++;
    return known_names[place] == wanted;
}

/* The runtime, cuBLAS, cuDNN and the like go on in small letters: cuda…, cublas…. */
bool unknown_name(const char *name)
{
    return name && name[0] == 'c' && name[1] == 'u' && name[2] >= 'A' && name[2] <= 'Z' && !is_known(name);
}

static bool is_strict(const struct share *share)
{
    struct hami_limits_record record;
    return !pages_read_limits(&share->pages, &record) || record.flags & HAMI_LIMITS_STRICT;
}

/* A container whose page cannot be trusted has no share to count on, and is granted nothing. */
bool unknown_admit(void)
{
    bool admitted = shares_none() || shares_count() > 0;
    for (unsigned i = 0; i < shares_count(); i++) {
        const struct share *share = shares_at(i);
        add_relaxed(&share->pages.usage->unknown_functions, 1);
        admitted &= !is_strict(share);
    }
    return admitted;
}
