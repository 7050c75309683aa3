#include "visible_devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t by_uuid(const char *prefix, size_t length, const struct sim_card *cards, size_t count)
{
    size_t found = count;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(cards[i].file->card.uuid, prefix, length) != 0)
            continue;
        if (found != count)
            return count; /* fits several cards: names none */
        found = i;
    }
    return found;
}

/* MIG-GPU-…/<GPU instance>/<compute instance>: as drivers before R470 named them, and later ones still take. */
static size_t by_place(const char *entry, size_t length, const struct sim_card *cards, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char name[128];
        const struct sim_card_static *card = &cards[i].file->card;
        int written = snprintf(name, sizeof name, "MIG-%s/%u/%u", cards[i].whole_uuid, card->gpu_instance, card->compute_instance);
        if (card->is_instance && (size_t)written == length && strncmp(entry, name, length) == 0)
            return i;
    }
    return count;
}

/* The place of the card that an entry names; `count` for none. */
static size_t named(const char *entry, size_t length, const struct sim_card *cards, size_t count)
{
    if (!strncmp(entry, "MIG-GPU-", 8))
        return by_place(entry, length, cards, count);
    if (length > 4 && (!strncmp(entry, "GPU-", 4) || !strncmp(entry, "MIG-", 4)))
        return by_uuid(entry, length, cards, count);
    if (length == 0 || strspn(entry, "0123456789") < length)
        return count;
    unsigned long index = strtoul(entry, NULL, 10);
    return index < count ? index : count;
}

static bool contains(const size_t *order, size_t length, size_t place)
{
    for (size_t i = 0; i < length; i++)
        if (order[i] == place)
            return true;
    return false;
}

/* The places that the variable names, in its order. */
static size_t chosen(const char *list, const struct sim_card *cards, size_t count, size_t order[SIM_MAX_CARDS])
{
    size_t visible = 0;
    if (!list) {
        for (; visible < count; visible++)
            order[visible] = visible;
        return visible;
    }
    while (*list) {
        list += strspn(list, " ");
        size_t place = named(list, strcspn(list, ", "), cards, count);
        if (place == count || contains(order, visible, place))
            break;
        order[visible++] = place;
        list += strcspn(list, ",");
        list += *list == ',';
    }
    return visible;
}

size_t sim_visible_devices(const char *list, const struct sim_card *cards, size_t count, size_t order[SIM_MAX_CARDS])
{
    size_t visible = chosen(list, cards, count, order);
    for (size_t i = 0; i < visible; i++)
        if (cards[order[i]].file->card.is_instance) {
            order[0] = order[i];
            return 1;
        }
    return visible;
}
