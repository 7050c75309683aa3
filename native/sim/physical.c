#include "physical.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Everything here happens under the guard, so the order of plain stores matters only to a process that is killed between
 * two of them: `memory_bytes` is one store, and a slot counts only while its process lives. */

uint64_t sim_physical_capacity(const struct sim_card *card)
{
    return card->file->card.memory_bytes - card->file->card.reserved_bytes;
}

uint64_t sim_slabs(uint64_t bytes)
{
    uint64_t rounded = (bytes + (SIM_CARD_SLAB_BYTES - 1)) & ~(SIM_CARD_SLAB_BYTES - 1);
    return rounded < bytes ? 0 : rounded;
}

static uint64_t used_by_living(const struct sim_card *card, int guard)
{
    uint64_t used = 0;
    for (unsigned i = 0; i < SIM_CARD_SLOTS; i++) {
        const struct sim_card_slot *slot = &card->file->slots[i];
        if (slot->pid && slot->memory_bytes && sim_slot_lives(guard, i))
            used += slot->memory_bytes;
    }
    return used;
}

static uint64_t used_by_recorded(const struct sim_card *card)
{
    uint64_t used = 0;
    for (unsigned i = 0; i < SIM_CARD_SLOTS; i++)
        used += card->file->slots[i].pid ? card->file->slots[i].memory_bytes : 0;
    return used;
}

static void sweep(const struct sim_card *card, int guard)
{
    for (unsigned i = 0; i < SIM_CARD_SLOTS; i++) {
        struct sim_card_slot *slot = &card->file->slots[i];
        if (slot->pid && !sim_slot_lives(guard, i))
            memset(slot, 0, sizeof *slot);
    }
}

uint64_t sim_physical_used(const struct sim_card *card)
{
    int guard = sim_guard_shared(card);
    if (guard < 0)
        return sim_physical_capacity(card);
    uint64_t used = used_by_living(card, guard);
    sim_guard_leave(guard);
    return used;
}

static uint64_t own_pid_namespace(void)
{
    struct stat status;
    return stat("/proc/self/ns/pid", &status) ? 0 : (uint64_t)status.st_ino;
}

/* Claims are made one after another, under the guard. */
static uint64_t next_claim(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

unsigned sim_slot_claim(const struct sim_card *card)
{
    uint64_t pid_namespace = own_pid_namespace();
    int guard = sim_guard_alone(card);
    if (guard < 0)
        return SIM_NO_SLOT;
    sweep(card, guard);
    unsigned claimed = SIM_NO_SLOT;
    for (unsigned i = 0; i < SIM_CARD_SLOTS && claimed == SIM_NO_SLOT; i++)
        if (!card->file->slots[i].pid && sim_slot_hold(card, i))
            claimed = i;
    if (claimed != SIM_NO_SLOT)
        card->file->slots[claimed] = (struct sim_card_slot){
            .pid = (uint32_t)getpid(), .pid_namespace = pid_namespace, .claim = next_claim()};
    sim_guard_leave(guard);
    return claimed;
}

static bool fits(const struct sim_card *card, uint64_t used, uint64_t bytes)
{
    uint64_t capacity = sim_physical_capacity(card);
    return used <= capacity && bytes <= capacity - used;
}

static uint64_t resident(const struct sim_card *card, unsigned except)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < SIM_CARD_SLOTS; i++)
        sum += i != except && card->file->slots[i].pid ? card->file->slots[i].resident_bytes : 0;
    return sum;
}

static struct sim_card_slot *used_longest_ago(const struct sim_card *card, unsigned except)
{
    struct sim_card_slot *oldest = NULL;
    for (unsigned i = 0; i < SIM_CARD_SLOTS; i++) {
        struct sim_card_slot *slot = &card->file->slots[i];
        if (i != except && slot->pid && slot->resident_bytes && (!oldest || slot->touched_ns < oldest->touched_ns))
            oldest = slot;
    }
    return oldest;
}

/* Let managed memory go to the host until so many bytes fit, where they can. */
static void make_room(const struct sim_card *card, uint64_t bytes, unsigned except)
{
    uint64_t most = sim_physical_capacity(card) - used_by_recorded(card) + resident(card, except);
    struct sim_card_slot *slot;
    while (bytes <= most && !fits(card, used_by_recorded(card), bytes) && (slot = used_longest_ago(card, except))) {
        uint64_t wanted = bytes - (sim_physical_capacity(card) - used_by_recorded(card));
        uint64_t part = wanted < slot->resident_bytes ? wanted : slot->resident_bytes;
        slot->resident_bytes -= part;
        slot->memory_bytes -= part;
    }
}

bool sim_can_evict(const struct sim_card *card)
{
    return card->file->card.compute_major >= 6;
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Bring back what lies on the host, up to so many bytes, as far as there is room beside what is pinned and the rest of one's own. */
static void bring(const struct sim_card *card, int guard, unsigned number, uint64_t bytes)
{
    struct sim_card_slot *slot = &card->file->slots[number];
    uint64_t away = slot->managed_bytes - slot->resident_bytes, wanted = bytes < away ? bytes : away;
    slot->touched_ns = now_ns();
    if (!fits(card, used_by_recorded(card), wanted))
        sweep(card, guard);
    uint64_t most = sim_physical_capacity(card) - used_by_recorded(card) + resident(card, number);
    if (wanted > most)
        wanted = most;
    make_room(card, wanted, number);
    slot->resident_bytes += wanted;
    slot->memory_bytes += wanted;
}

bool sim_physical_take(const struct sim_card *card, unsigned slot, uint64_t bytes, unsigned contexts)
{
    int guard = sim_guard_alone(card);
    if (guard < 0)
        return false;
    if (!fits(card, used_by_recorded(card), bytes))
        sweep(card, guard);
    make_room(card, bytes, SIM_CARD_SLOTS);
    bool granted = fits(card, used_by_recorded(card), bytes);
    if (granted) {
        card->file->slots[slot].memory_bytes += bytes;
        card->file->slots[slot].contexts += contexts;
    }
    sim_guard_leave(guard);
    return granted;
}

void sim_physical_give(const struct sim_card *card, unsigned slot, uint64_t bytes, unsigned contexts)
{
    int guard = sim_guard_alone(card);
    if (guard < 0)
        return; /* out of descriptors: the memory comes back when the process ends */
    card->file->slots[slot].memory_bytes -= bytes;
    card->file->slots[slot].contexts -= contexts;
    sim_guard_leave(guard);
}

void sim_managed_take(const struct sim_card *card, unsigned slot, uint64_t bytes)
{
    int guard = sim_guard_alone(card);
    if (guard < 0)
        return; /* out of descriptors: it is with the host, as far as anybody sees */
    card->file->slots[slot].managed_bytes += bytes;
    bring(card, guard, slot, bytes);
    sim_guard_leave(guard);
}

void sim_managed_use(const struct sim_card *card, unsigned slot, uint64_t bytes)
{
    int guard = sim_guard_alone(card);
    if (guard < 0)
        return;
    bring(card, guard, slot, bytes);
    sim_guard_leave(guard);
}

void sim_managed_give(const struct sim_card *card, unsigned number, uint64_t bytes)
{
    struct sim_card_slot *slot = &card->file->slots[number];
    int guard = sim_guard_alone(card);
    if (guard < 0)
        return;
    slot->managed_bytes -= bytes < slot->managed_bytes ? bytes : slot->managed_bytes;
    uint64_t surplus = slot->resident_bytes > slot->managed_bytes ? slot->resident_bytes - slot->managed_bytes : 0;
    slot->resident_bytes -= surplus;
    slot->memory_bytes -= surplus;
    sim_guard_leave(guard);
}

size_t sim_processes(const struct sim_card *card, struct sim_card_slot *living, size_t limit)
{
    int guard = sim_guard_shared(card);
    if (guard < 0)
        return 0;
    size_t count = 0;
    for (unsigned i = 0; i < SIM_CARD_SLOTS; i++) {
        const struct sim_card_slot *slot = &card->file->slots[i];
        if (!slot->pid || !slot->contexts || !sim_slot_lives(guard, i))
            continue;
        if (count < limit)
            living[count] = *slot;
        count++;
    }
    sim_guard_leave(guard);
    return count;
}
