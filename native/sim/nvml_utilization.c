/* How busy the simulated NVML says that a card and its processes are: by the card's own time, in windows of a sixth of a second, of which the
 * last that is over is the newest that is told. Timestamps are of the card's clock (time_file.h). Not here: memory (nvml_device.c). */
#include <stdlib.h>

#include "card_time.h"
#include "nvml_session.h"
#include "pids.h"
#include "time_file.h"

/* Windows that are over, of one look. */
struct span {
    uint64_t first, last; /* none, if the first is behind the last; the first since the machine's start is not told */
};

/* How long one process was busy in them. */
struct use {
    struct sim_card_slot process;
    uint64_t busy_ns;
};

static uint64_t end_us(uint64_t window)
{
    return (window + 1) * CARD_TIME_WINDOW_NS / 1000;
}

/* The windows that ended after a time, as far as they are kept. */
static struct span span_since(uint64_t now_ns, unsigned long long since_us)
{
    uint64_t current = card_time_window(now_ns);
    struct span span = {current > CARD_TIME_WINDOWS ? current - CARD_TIME_WINDOWS : 1, current - 1};
    while (span.first < current && end_us(span.first) <= since_us)
        span.first++;
    return span;
}

static uint64_t busy_ns(const struct card_time *time, uint32_t context, struct span span)
{
    uint64_t sum_ns = 0;
    for (uint64_t window = span.first; window <= span.last; window++)
        sum_ns += card_time_busy_in_window_ns(time, context, window);
    return sum_ns;
}

static unsigned percent(uint64_t busy_ns, struct span span)
{
    return span.first <= span.last ? (unsigned)(busy_ns * 100 / ((span.last - span.first + 1) * CARD_TIME_WINDOW_NS)) : 0;
}

/* What the cards file says, if it says something; else what runs. */
nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization)
{
    const struct sim_card *card;
    nvmlReturn_t result = sim_nvml_card(device, &card);
    if (result == NVML_SUCCESS && !utilization)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (result != NVML_SUCCESS)
        return result;
    struct sim_card_state state = sim_state(card);
    *utilization = (nvmlUtilization_t){.gpu = state.gpu_percent, .memory = state.memory_percent};
    struct sim_time *shared = state.gpu_percent || state.memory_percent ? NULL : sim_time_view(card);
    if (!shared)
        return NVML_SUCCESS;
    const struct card_time *time = sim_time_enter(shared);
    uint64_t window = card_time_window(sim_time_now_ns());
    utilization->gpu = window ? card_time_busy_percent(time, CARD_TIME_NONE, window - 1) : 0;
    sim_time_leave(shared);
    sim_time_unmap(shared);
    return NVML_SUCCESS;
}

/* Add up by slot; `uses` has room for all slots. */
static void add_up(struct sim_time *shared, const struct sim_card *card, struct span span, struct use *uses)
{
    const struct card_time *time = sim_time_enter(shared);
    for (uint32_t context = 0; context < CARD_TIME_CONTEXTS; context++) {
        unsigned slot = sim_time_slot(shared, context);
        if (slot == SIM_CARD_SLOTS)
            continue;
        uses[slot].process = card->file->slots[slot];
        uses[slot].busy_ns += busy_ns(time, context, span);
    }
    sim_time_leave(shared);
}

/* Write one sample for each process that was busy, at most `room`; how many there are. */
static unsigned list_samples(const struct use *uses, struct span span, nvmlProcessUtilizationInfo_v1_t *samples, unsigned room)
{
    unsigned count = 0;
    for (unsigned i = 0; i < SIM_CARD_SLOTS; i++) {
        unsigned busy = percent(uses[i].busy_ns, span);
        uint32_t pid = busy ? sim_pid_here(uses[i].process.pid, uses[i].process.pid_namespace) : 0;
        if (pid && count < room)
            samples[count] = (nvmlProcessUtilizationInfo_v1_t){.timeStamp = end_us(span.last), .pid = pid, .smUtil = busy};
        count += pid != 0;
    }
    return count;
}

/* The samples since a time: `count` is the room, and then how many there are. */
static nvmlReturn_t sample(const struct sim_card *card, nvmlProcessUtilizationInfo_v1_t *samples, unsigned *count, unsigned long long since_us)
{
    struct sim_time *shared = sim_time_view(card);
    struct use *uses = shared ? calloc(SIM_CARD_SLOTS, sizeof *uses) : NULL;
    unsigned room = samples ? *count : 0;
    *count = 0;
    if (uses) {
        struct span span = span_since(sim_time_now_ns(), since_us);
        add_up(shared, card, span, uses);
        *count = list_samples(uses, span, samples, room);
    }
    free(uses);
    if (shared)
        sim_time_unmap(shared);
    if (!*count)
        return NVML_ERROR_NOT_FOUND;
    return *count > room ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS;
}

/* A card in MIG mode tells nothing of processes, nor does one that is said not to. */
static nvmlReturn_t check(nvmlDevice_t device, const struct sim_card **card)
{
    nvmlReturn_t result = sim_nvml_card(device, card);
    if (result != NVML_SUCCESS)
        return result;
    return (*card)->file->card.mig_enabled ? NVML_ERROR_NOT_SUPPORTED : (nvmlReturn_t)sim_state(*card).samples_refusal;
}

nvmlReturn_t nvmlDeviceGetProcessesUtilizationInfo(nvmlDevice_t device, nvmlProcessesUtilizationInfo_t *info)
{
    const struct sim_card *card;
    nvmlReturn_t result = check(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (!info)
        return NVML_ERROR_INVALID_ARGUMENT;
    if (info->version != NVML_PROCESSES_UTILIZATION_INFO_V1)
        return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    return sample(card, info->procUtilArray, &info->processSamplesCount, info->lastSeenTimeStamp);
}

nvmlReturn_t nvmlDeviceGetProcessUtilization(nvmlDevice_t device, nvmlProcessUtilizationSample_t *samples, unsigned int *count,
                                             unsigned long long since_us)
{
    const struct sim_card *card;
    nvmlReturn_t result = check(device, &card);
    if (result != NVML_SUCCESS)
        return result;
    if (!count)
        return NVML_ERROR_INVALID_ARGUMENT;
    unsigned room = samples ? *count : 0;
    nvmlProcessUtilizationInfo_v1_t *found = calloc(room + 1u, sizeof *found);
    if (!found)
        return NVML_ERROR_MEMORY;
    *count = room;
    result = sample(card, found, count, since_us);
    for (unsigned i = 0; i < *count && i < room; i++)
        samples[i] = (nvmlProcessUtilizationSample_t){.pid = found[i].pid, .timeStamp = found[i].timeStamp, .smUtil = found[i].smUtil};
    free(found);
    return result;
}
