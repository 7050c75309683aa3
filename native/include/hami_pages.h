/* The two pages of a share, as they lie in their files: `limits`, written by the node and mounted read-only into the container,
 * and `usage`, which every process of the container maps and writes. Little endian, fixed offsets, changed in place only.
 * Within one major version fields are only added, in reserved places, with a higher minor; another major is refused.
 * Not here: who may write what when (src/pages.h, src/account.h). Python's mirror is generated: native.generator.pages. */
#ifndef HAMI_PAGES_H
#define HAMI_PAGES_H

#include <stdint.h>

enum {
    HAMI_PAGES_MAJOR = 1,
    HAMI_PAGES_MINOR = 2,
    HAMI_HEAD_BYTES = 128,
    HAMI_SLOTS = 1024,
    HAMI_SLOT_BYTES = 256,
    HAMI_USAGE_HEADER_BYTES = 4096,
    HAMI_USAGE_BYTES = HAMI_USAGE_HEADER_BYTES + HAMI_SLOTS * HAMI_SLOT_BYTES,
    HAMI_LIMITS_BYTES = 4096,
    HAMI_LIMITS_PLACE_BYTES = 256,
};

#define HAMI_LIMITS_MAGIC UINT64_C(0x74696d694c494d48) /* "HMILimit" */
#define HAMI_USAGE_MAGIC UINT64_C(0x6567617355494d48)  /* "HMIUsage" */

/* Slot i is held by whoever holds an open-file-description lock on the byte at this offset + i of `usage`. */
#define HAMI_SLOT_LOCK_OFFSET (INT64_C(1) << 40)

/* When the cores of a share bind. */
enum hami_core_policy { HAMI_CORES_DEFAULT = 0, HAMI_CORES_FORCE = 1, HAMI_CORES_DISABLE = 2 };

/* Flags of a limits record. */
enum { HAMI_LIMITS_STRICT = 1 }; /* functions of the driver that the library does not know are not found */

/* First on both pages. */
struct hami_head {
    uint64_t magic;
    uint64_t abi_hash; /* of generated/pages_abi.h */
    uint32_t major, minor;
    uint32_t header_bytes, slot_bytes, slots, flags; /* slot_bytes and slots are 0 on `limits` */
    uint64_t file_bytes;
    uint8_t boot_id[16];  /* of the boot that the page was made in: no older slot is alive */
    char card_uuid[48];   /* "GPU-…", NUL-terminated: the card that the share is of */
    uint64_t context_bytes; /* on `limits`: what a context takes of the card, charged while it lives; 0: contexts are not charged; since minor 2 */
    uint8_t reserved[4];
    uint32_t crc; /* CRC-32 (IEEE) of the bytes before it */
};

/* One version of the limits. */
struct hami_limits_record {
    uint64_t version;
    uint64_t memory_bytes;
    uint64_t overhead_bytes; /* charged to the share beside what its processes account */
    uint64_t busy_ns;        /* as the node sampled it, at sampled_at_ns (CLOCK_MONOTONIC) */
    uint64_t sampled_at_ns;
    uint32_t cores_percent; /* of the card; 0: not limited */
    uint32_t policy;        /* enum hami_core_policy */
    uint32_t priority;      /* 0 goes before 1 */
    uint32_t weight;
    uint32_t flags;
    uint32_t crc; /* CRC-32 (IEEE) of the bytes before it */
};

struct hami_limits_place {
    struct hami_limits_record record;
    uint8_t reserved[192];
};

struct hami_limits {
    struct hami_head head;
    uint64_t version; /* places[version & 1] holds the valid record */
    uint8_t reserved[120];
    struct hami_limits_place places[2];
    uint8_t reserved_tail[3328];
};

/* Bytes in use, and the slot and sequence number of the last operation that changed them: one compare-and-swap writes both. */
struct hami_word {
    uint64_t used_bytes;
    uint64_t tag; /* slot << 48 | sequence number */
} __attribute__((aligned(16)));

/* What one process holds. Written by the holder of the slot's lock alone, but for `done`, which peers write alone: so it is on another
 * cache line than what the holder writes all the time. */
struct hami_slot {
    uint64_t seq;             /* of the last operation that was begun */
    uint64_t charge_bytes[2]; /* after operation q: charge_bytes[q & 1] */
    uint8_t reserved_charge[40];
    uint64_t pid_namespace; /* inode; identity is for display: the lock says who lives */
    uint32_t pid, tid;
    uint64_t started;       /* clock ticks after boot */
    uint64_t claimed_at_ns; /* CLOCK_MONOTONIC */
    uint64_t done;          /* the highest operation that a peer saw to have taken effect */
    uint8_t reserved_identity[24];
    uint64_t buffer_bytes, array_bytes, pool_bytes, vmm_bytes, managed_bytes, graph_bytes, context_bytes, module_bytes;
    uint64_t busy_ns, throttled_ns, launches, last_launch_ns;
    uint8_t reserved_time[32];
};

struct hami_usage {
    struct hami_head head;
    struct hami_word word;
    uint8_t reserved_word[48];
    int64_t credit_ns;
    uint64_t refilled_at_ns;
    uint32_t futex, waiters;
    uint8_t reserved_credit[40];
    uint64_t peak_bytes;
    uint64_t refusals;
    uint64_t reaps;
    uint64_t unknown_functions; /* lookups of functions of the driver that the library does not know; since minor 1 */
    uint8_t reserved_header[3808];
    struct hami_slot slots[HAMI_SLOTS];
};

_Static_assert(sizeof(struct hami_head) == HAMI_HEAD_BYTES, "head");
_Static_assert(sizeof(struct hami_limits_place) == HAMI_LIMITS_PLACE_BYTES, "record and its reserve");
_Static_assert(sizeof(struct hami_limits) == HAMI_LIMITS_BYTES, "limits page");
_Static_assert(sizeof(struct hami_slot) == HAMI_SLOT_BYTES, "slot");
_Static_assert(sizeof(struct hami_usage) == HAMI_USAGE_BYTES, "usage page");

#endif
