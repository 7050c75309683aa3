/* The card file: what a simulated card is, and the state of its physical memory (`dev/hami-sim<index>`).
 * A MIG instance of a card has a file of its own, `dev/hami-sim<index>mig<GPU instance>`, of the same form: the memory in it is
 * the instance's. The card's own file then says that the card is in MIG mode, and CUDA takes nothing of it.
 *
 * Two readers and writers agree on it: the simulated driver (mapped into every process that uses the card) and
 * dra_driver/simulated/backend.py, whose mirror of these offsets is generated from this header (native/generator/sim_card.py).
 * It shares nothing with hami_pages.h: the simulator must not share the accounting, nor the mistakes, of what it tests.
 * All numbers are little-endian; the file is never truncated or replaced while it may be mapped. Behind the slots the
 * simulated driver keeps the card's time (time_file.h), from when it first needs it: the file is longer then.
 */
#ifndef HAMI_SIM_CARD_H
#define HAMI_SIM_CARD_H

#include <stdint.h>

#define SIM_CARD_MAGIC UINT64_C(0x445241434d495348) /* "HSIMCARD" */
#define SIM_CARD_VERSION 1u

#define SIM_CARD_LINKS 18u   /* of NVLink 4, the most of any card here */
#define SIM_CARD_SLOTS 1024u /* processes of one card at a time */

#define SIM_CARD_STATIC_SIZE 3072u
#define SIM_CARD_STATE_SIZE 1024u
#define SIM_CARD_SLOT_SIZE 64u
#define SIM_CARD_FILE_SIZE (SIM_CARD_STATIC_SIZE + SIM_CARD_STATE_SIZE + SIM_CARD_SLOTS * SIM_CARD_SLOT_SIZE)

/* Physical memory is handed out in slabs: every allocation and every context takes whole ones. */
#define SIM_CARD_SLAB_BYTES (UINT64_C(2) << 20)

/* Open-file-description locks, on bytes far past the end of the file.
 * The guard byte is held (exclusively by writers, shared by readers) while slots are looked at or changed.
 * The byte of a slot is held for the life of its process: the kernel lets go of it at death, however it comes, and
 * across PID namespaces; whoever gets the lock of a filled slot has proof that its process is gone. */
#define SIM_CARD_GUARD_BYTE (UINT64_C(1) << 40)
#define SIM_CARD_TIME_BYTE (SIM_CARD_GUARD_BYTE - 1u) /* who looks at the card's time without having a slot holds it */
#define SIM_CARD_SLOT_LOCK_BYTE (SIM_CARD_GUARD_BYTE + 1u)

struct sim_card_link {
    uint32_t active;
    char remote_pci_bus_id[28]; /* "0000:17:00.0" */
};

/* Written once, before the card is first used; strings end with NUL. */
struct sim_card_static {
    uint64_t magic;
    uint32_t version;
    uint32_t index; /* of the card on its node: the number in the file's name */
    uint64_t file_bytes;
    uint64_t memory_bytes;   /* the whole card, as NVML's `total` */
    uint64_t reserved_bytes; /* of it, what the driver keeps for itself */
    uint64_t context_bytes;  /* of the rest, what each context takes */
    uint32_t minor_number;
    uint32_t brand;        /* nvmlBrandType_t */
    uint32_t architecture; /* nvmlDeviceArchitecture_t */
    uint32_t compute_major;
    uint32_t compute_minor;
    uint32_t multiprocessors;
    uint32_t mig_capable;
    uint32_t cuda_version; /* 1000 · major + 10 · minor */
    uint32_t pci_device_id; /* device in the upper, vendor in the lower half */
    uint32_t idle_temperature_c;
    uint32_t idle_power_mw;
    int32_t numa_node; /* -1: none */
    char uuid[64];     /* "GPU-…" */
    char name[96];
    char pci_bus_id[32]; /* "0000:17:00.0" */
    char driver_version[80];
    uint32_t link_count;
    uint32_t unused;
    struct sim_card_link links[SIM_CARD_LINKS];
    uint32_t mig_enabled; /* of a card, that it is in MIG mode */
    uint32_t is_instance; /* that this is a MIG instance; what follows is of one, and 0 elsewhere */
    uint32_t gpu_instance;
    uint32_t compute_instance;
    uint32_t memory_start; /* its first memory slice of the card's eight */
    uint32_t memory_slices;
    uint32_t compute_slices;
};

/* How the card is just now. The node driver writes it in place, while processes have the card mapped; all zero: well, idle.
 * Each field is one aligned word and stands for itself: readers take no guard, and see each change on its own. */
struct sim_card_state {
    uint32_t lost; /* not 0: fell off the bus */
    uint32_t xid;  /* the XID error that it has; 0: none */
    uint64_t uncorrected_ecc_errors; /* since its last reset */
    uint32_t gpu_percent; /* how busy it is said to be, 0 to 100; so is its memory */
    uint32_t memory_percent;
    uint32_t processes_refusal; /* nvmlReturn_t: what NVML answers who asks for its processes; 0: it tells them */
    uint32_t samples_refusal;   /* the same of samples of their time */
};

/* What one process holds of the card. Changed under the guard, by its process, by who proved that process dead, or by who evicts from it.
 * The physical use of a card is the sum over the slots of living processes: no total is stored that could disagree. */
struct sim_card_slot {
    uint32_t pid; /* in the process's own PID namespace; 0: the slot is free. Written last, cleared last */
    uint32_t contexts;
    uint64_t pid_namespace; /* inode of /proc/self/ns/pid; 0: not known */
    uint64_t memory_bytes;  /* whole slabs, contexts included */
    uint64_t managed_bytes;  /* of managed allocations, wherever they lie; of cards that can evict them */
    uint64_t resident_bytes; /* of them, what lies on the card, and so in memory_bytes: others may evict it */
    uint64_t touched_ns;     /* CLOCK_MONOTONIC, when it last used its managed memory */
    uint64_t claim; /* of the slot by its process: no two claims have the same number while the machine runs */
    uint64_t unused[1];
};

struct sim_card_file {
    union {
        struct sim_card_static card;
        unsigned char static_part[SIM_CARD_STATIC_SIZE];
    };
    union {
        struct sim_card_state state;
        unsigned char state_part[SIM_CARD_STATE_SIZE];
    };
    struct sim_card_slot slots[SIM_CARD_SLOTS];
};

_Static_assert(sizeof(struct sim_card_static) <= SIM_CARD_STATIC_SIZE, "the static part fits its place");
_Static_assert(sizeof(struct sim_card_state) <= SIM_CARD_STATE_SIZE, "the state fits its place");
_Static_assert(sizeof(struct sim_card_slot) == SIM_CARD_SLOT_SIZE, "one slot, one cache line");
_Static_assert(sizeof(struct sim_card_file) == SIM_CARD_FILE_SIZE, "no padding between the parts");
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "card files are little-endian"
#endif

#endif
