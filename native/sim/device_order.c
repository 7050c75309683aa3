#include "device_order.h"

#include <string.h>
#include <strings.h>

/* Move one card forward, the ones between keep their order. */
static void move(struct sim_card *cards, size_t from, size_t to)
{
    struct sim_card moved = cards[from];
    memmove(&cards[to + 1], &cards[to], (from - to) * sizeof *cards);
    cards[to] = moved;
}

static void order_by_address(struct sim_card *cards, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        size_t place = i;
        while (place && strcasecmp(cards[place - 1].file->card.pci_bus_id, cards[i].file->card.pci_bus_id) > 0)
            place--;
        move(cards, i, place);
    }
}

static bool is_faster(const struct sim_card_static *card, const struct sim_card_static *than)
{
    if (card->compute_major != than->compute_major)
        return card->compute_major > than->compute_major;
    if (card->compute_minor != than->compute_minor)
        return card->compute_minor > than->compute_minor;
    return card->multiprocessors > than->multiprocessors;
}

void sim_order_devices(const char *order, struct sim_card *cards, size_t count)
{
    size_t fastest = 0;
    order_by_address(cards, count);
    if (!count || (order && strcmp(order, "PCI_BUS_ID") == 0))
        return;
    for (size_t i = 1; i < count; i++)
        if (!cards[i].file->card.is_instance && is_faster(&cards[i].file->card, &cards[fastest].file->card))
            fastest = i;
    move(cards, fastest, 0);
}
