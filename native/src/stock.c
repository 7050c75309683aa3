#include "stock.h"

#include <time.h>

#include "libc.h"

/* A reading that others overtake again and again is believed as far as it raises the charge. */
#define READINGS 4

/* How long a narrow call waits for another: long for a driver, short for a program. */
#define NARROW_TRIES 2000
#define NARROW_PAUSE_NS 50000

/* One that was overtaken may be of what the stock no longer has: it is taken again, also where there is no room for that. */
enum reading { SETTLED, OVER, OVERTAKEN, OVERTAKEN_AND_OVER };

void stock_enlist(struct process *process, struct stock *stock)
{
    stock->next = process->stocks;
    process->stocks = stock;
}

bool stock_begin(struct stock *stock, uint64_t growth_bytes)
{
    struct process *process = process_enter();
    bool granted = growth_bytes <= UINT64_MAX - stock->charge->bytes &&
                   charge_resize_inside(process, stock->charge, stock->charge->bytes + growth_bytes);
    if (granted) {
        stock->under_way_bytes += growth_bytes;
        stock->moves++;
    }
    process_leave(process);
    return granted;
}

void stock_end(struct stock *stock, uint64_t growth_bytes)
{
    struct process *process = process_enter();
    stock->under_way_bytes -= growth_bytes;
    stock->moves++;
    process_leave(process);
}

static uint64_t moves_of(const struct stock *stock)
{
    struct process *process = process_enter();
    uint64_t moves = stock->moves;
    process_leave(process);
    return moves;
}

static enum reading apply(struct stock *stock, uint64_t moves, uint64_t reserved_bytes)
{
    struct process *process = process_enter();
    enum reading reading = stock->moves == moves ? SETTLED : OVERTAKEN;
    uint64_t wanted = charge_slabs(reserved_bytes) + stock->under_way_bytes, before = stock->charge ? stock->charge->bytes : wanted;
    if (((reading == SETTLED && wanted < before) || wanted > before) && !charge_resize_inside(process, stock->charge, wanted))
        reading = reading == SETTLED ? OVER : OVERTAKEN_AND_OVER;
    if (reserved_bytes < stock->read_bytes)
        stock->falls++;
    stock->read_bytes = reserved_bytes;
    process_leave(process);
    return reading;
}

bool stock_settle(const struct real_cuda *real, struct stock *stock)
{
    enum reading reading = OVERTAKEN;
    for (int i = 0; i < READINGS && reading >= OVERTAKEN; i++) {
        uint64_t moves = moves_of(stock), reserved_bytes;
        if (!stock->reserved(real, stock, &reserved_bytes))
            break;
        reading = apply(stock, moves, reserved_bytes);
    }
    return reading == SETTLED || reading == OVERTAKEN;
}

static struct stock *first(void)
{
    struct process *process = process_enter();
    if (!process)
        return NULL;
    struct stock *stock = process->stocks;
    process_leave(process);
    return stock;
}

/* Whether it holds memory of this card. */
static bool is_on(const struct stock *stock, const struct card *card)
{
    struct process *process = process_enter();
    bool on = stock->charge && stock->charge->card == card;
    process_leave(process);
    return on;
}

bool stock_trim(const struct real_cuda *real, const struct card *card)
{
    bool trimmed = false;
    for (struct stock *stock = first(); stock; stock = stock->next) {
        if (!is_on(stock, card) || !stock->trim(real, stock))
            continue;
        trimmed = true;
        (void)stock_settle(real, stock);
    }
    return trimmed;
}

void stock_settle_all(const struct real_cuda *real)
{
    for (struct stock *stock = first(); stock; stock = stock->next)
        (void)stock_settle(real, stock);
}

static bool try_narrow(struct stock *stock)
{
    struct process *process = process_enter();
    bool taken = !stock->narrow;
    stock->narrow = true;
    process_leave(process);
    return taken;
}

bool stock_enter_narrow(struct stock *stock)
{
    const struct timespec pause = {.tv_nsec = NARROW_PAUSE_NS};
    for (int i = 0; i < NARROW_TRIES; i++) {
        if (try_narrow(stock))
            return true;
        (void)libc_sleep(&pause, NULL);
    }
    return false;
}

void stock_leave_narrow(struct stock *stock)
{
    struct process *process = process_enter();
    stock->narrow = false;
    process_leave(process);
}
