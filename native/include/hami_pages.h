/* The pages of a share, as they lie in their files: `limits`, written by the node and mounted read-only into the container,
 * `usage`, which every process of the container maps and writes, and `card`, which all shares of one card have in common.
 * Little endian, fixed offsets, changed in place only.
 * Within one major version fields are only added, in reserved places, with a higher minor; another major is refused.
 * Not here: who may write what when (src/pages.h, src/account.h). Python's mirror is generated: native.generator.pages. */
#ifndef HAMI_PAGES_H
#define HAMI_PAGES_H

#include <stdint.h>

enum {
    HAMI_PAGES_MAJOR = 1,
    HAMI_PAGES_MINOR = 3,
    HAMI_HEAD_BYTES = 128,
    HAMI_SLOTS = 1024,
    HAMI_SLOT_BYTES = 256,
    HAMI_USAGE_HEADER_BYTES = 4096,
    HAMI_USAGE_BYTES = HAMI_USAGE_HEADER_BYTES + HAMI_SLOTS * HAMI_SLOT_BYTES,
    HAMI_LIMITS_BYTES = 4096,
    HAMI_LIMITS_PLACE_BYTES = 256,
    HAMI_SEATS = 1024,
    HAMI_SEAT_BYTES = 128,
    HAMI_CARD_HEADER_BYTES = 4096,
    HAMI_CARD_BYTES = HAMI_CARD_HEADER_BYTES + HAMI_SEATS * HAMI_SEAT_BYTES,
};

#define HAMI_LIMITS_MAGIC UINT64_C(0x74696d694c494d48) /* "HMILimit" */
#define HAMI_USAGE_MAGIC UINT64_C(0x6567617355494d48)  /* "HMIUsage" */
#define HAMI_CARD_MAGIC UINT64_C(0x2064726143494d48)   /* "HMICard " */

/* Slot i is held by whoever holds an open-file-description lock on the byte at this offset + i of `usage`. */
#define HAMI_SLOT_LOCK_OFFSET (INT64_C(1) << 40)

/* Every process of the share in seat i of `card` holds an open-file-description lock for reading on the byte at this offset + i:
 * who can lock it for writing has proof that no process of the share is left. */
#define HAMI_SEAT_LOCK_OFFSET (INT64_C(1) << 40)

/* When the cores of a share bind. */
enum hami_core_policy { HAMI_CORES_DEFAULT = 0, HAMI_CORES_FORCE = 1, HAMI_CORES_DISABLE = 2 };

/* Flags of a limits record. */
enum {
    HAMI_LIMITS_STRICT = 1,      /* functions of the driver that the library does not know are not found */
    HAMI_LIMITS_FIXED_CORES = 2, /* cores and priority do not change while the container runs; since minor 3, as are the next two */
    HAMI_LIMITS_MANAGED = 4,     /* the card is oversubscribed, and allocations are managed memory where they can be */
    HAMI_LIMITS_YIELDS = 8,      /* a share of priority 0 is on the card, and this one of priority 1 waits for it, limited or not; since minor 3 */
    HAMI_LIMITS_COPIES = 16,     /* copies and memsets are charged as kernels are; does not change while the container runs; since minor 3 */
};

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
    uint64_t pinned_bytes;   /* of an oversubscribed card: the share's part of what it has, the most that it may hold of it and that cannot be
                                evicted; 0: the card is not oversubscribed; since minor 3 */
    uint64_t reserved_sample;
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
    uint64_t seat;    /* of the share, on the page of its card; since minor 3, as are the next two */
    uint64_t busy_ns; /* of the card's time, what the node saw the share use since the page was made; written before the next */
    uint64_t sampled_at_ns; /* CLOCK_MONOTONIC, when the node saw it; 0: it cannot see it */
    uint8_t reserved[96];
    struct hami_limits_place places[2];
    uint8_t reserved_tail[3328];
};

/* Bytes in use, and the slot and sequence number of the last operation that changed them: one compare-and-swap writes both. */
struct hami_word {
    uint64_t used_bytes;
    uint64_t tag; /* slot << 48 | sequence number */
} __attribute__((aligned(16)));

/* A stretch of time, ns of CLOCK_MONOTONIC: one compare-and-swap writes both ends. */
struct hami_span {
    uint64_t from_ns;
    uint64_t until_ns;
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
    uint64_t in_flight_ns, expected_done_ns; /* work that was launched and is not seen to have ended; since minor 3 */
    uint8_t reserved_time[16];
};

/* What the share's own clock is multiplied by to agree with what the node sees. */
struct hami_factor {
    uint64_t factor_q32;   /* times 2^32; 0: 1 */
    uint64_t at_ns;        /* the node's sample that it was last corrected by */
    uint64_t next;         /* of the rings, the place to write next */
    uint64_t sampled_ns[4], busy_ns[4], predicted_ns[4]; /* the samples that it is corrected by */
    uint8_t reserved[8];
};

struct hami_usage {
    struct hami_head head;
    struct hami_word word;
    uint8_t reserved_word[48];
    int64_t credit_ns;
    uint64_t refilled_at_ns;
    uint32_t futex, waiters;
    uint64_t predicted_ns;    /* that all work took, measured where it was, before the factor; since minor 3, as are the next two */
    struct hami_span accounted; /* the last stretch of which all is accounted */
    uint64_t largest_unit_ns; /* of the work that was seen of late */
    uint8_t reserved_credit[8];
    uint64_t peak_bytes;
    uint64_t refusals;
    uint64_t reaps;
    uint64_t unknown_functions; /* lookups of functions of the driver that the library does not know; since minor 1 */
    uint8_t reserved_header[32];
    struct hami_factor factor; /* since minor 3, as is the next */
    uint64_t working[HAMI_SLOTS / 64]; /* bits: slots whose process has work in flight; a dead one's stays, and means nothing any more */
    uint64_t copied_ns; /* of predicted_ns, about what copies and memsets took; since minor 3, as is the next */
    uint64_t sampled_copied_ns[4]; /* at the factor's samples */
    uint8_t reserved_header_tail[3480];
    struct hami_slot slots[HAMI_SLOTS];
};

/* One share of the card. Written by its processes, and by whoever passes the lease on. */
struct hami_seat {
    uint64_t active_until_ns; /* CLOCK_MONOTONIC: until then it counts as at work */
    uint64_t queued_since_ns; /* 0: it does not wait for the lease */
    uint64_t until_ns;        /* the deadline of its last grant */
    uint64_t turns_ns;        /* the time that it had, times 2^10 over its weight: who had least comes next */
    uint64_t largest_unit_ns;
    uint32_t priority, weight, cores_percent, flags;
    uint32_t futex;
    uint32_t reserved_futex;
    uint64_t since_ns; /* of its last grant */
    uint8_t reserved[56];
};

/* What the shares of one card have in common. Any container of the card may write it: it decides who goes first, never how much. */
struct hami_card {
    struct hami_head head;
    uint64_t lease;     /* number of the grant << 16 | seat + 1 of the share that has it; 0 in the lower half: free */
    uint64_t since_ns;  /* CLOCK_MONOTONIC, of the grant */
    uint64_t high_until_ns; /* until then a share of priority 0 is at work */
    uint64_t turns_ns;  /* what the seat of the last grant had had by then: who comes new to the queue is not owed more */
    uint8_t reserved_lease[96];
    uint64_t present[HAMI_SEATS / 64]; /* bits: shares that have a context on the card, */
    uint64_t active[HAMI_SEATS / 64];  /* that are at work, */
    uint64_t queued[HAMI_SEATS / 64];  /* and that wait for the lease */
    uint8_t reserved_header[3456];
    struct hami_seat seats[HAMI_SEATS];
};

_Static_assert(sizeof(struct hami_head) == HAMI_HEAD_BYTES, "head");
_Static_assert(sizeof(struct hami_limits_place) == HAMI_LIMITS_PLACE_BYTES, "record and its reserve");
_Static_assert(sizeof(struct hami_limits) == HAMI_LIMITS_BYTES, "limits page");
_Static_assert(sizeof(struct hami_slot) == HAMI_SLOT_BYTES, "slot");
_Static_assert(sizeof(struct hami_usage) == HAMI_USAGE_BYTES, "usage page");
_Static_assert(sizeof(struct hami_factor) == 128, "factor");
_Static_assert(sizeof(struct hami_seat) == HAMI_SEAT_BYTES, "seat");
_Static_assert(sizeof(struct hami_card) == HAMI_CARD_BYTES, "card page");

#endif
