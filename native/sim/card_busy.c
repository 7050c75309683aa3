#include "card_busy.h"

uint64_t card_time_window(uint64_t time_ns)
{
    return time_ns / CARD_TIME_WINDOW_NS;
}

static void enter_window(struct card_time_busy *busy, uint64_t window)
{
    uint64_t passed = window - busy->window;
    for (uint64_t i = 0; i < passed && i < CARD_TIME_WINDOWS; i++)
        busy->ns[(window - i) % CARD_TIME_WINDOWS] = 0;
    busy->window = window;
}

void card_busy_count(struct card_time_busy *busy, uint64_t from_ns, uint64_t to_ns)
{
    busy->total_ns += to_ns - from_ns;
    uint64_t last = card_time_window(to_ns), window = card_time_window(from_ns);
    if (last - window >= CARD_TIME_WINDOWS) { /* what is not kept need not be counted */
        window = last - (CARD_TIME_WINDOWS - 1);
        from_ns = window * CARD_TIME_WINDOW_NS;
    }
    for (; window <= last; window++) {
        uint64_t end_ns = (window + 1) * CARD_TIME_WINDOW_NS < to_ns ? (window + 1) * CARD_TIME_WINDOW_NS : to_ns;
        if (busy->window != window)
            enter_window(busy, window);
        busy->ns[window % CARD_TIME_WINDOWS] += (uint32_t)(end_ns - from_ns);
        from_ns = end_ns;
    }
}

uint64_t card_busy_in_window_ns(const struct card_time_busy *busy, uint64_t window)
{
    bool kept = window <= busy->window && busy->window - window < CARD_TIME_WINDOWS;
    return kept ? busy->ns[window % CARD_TIME_WINDOWS] : 0;
}
