"""An offer of a card as devices of the DRA API: `gpu-<i>`, the whole, and `gpu-<i>-share`, of which many claims hold a part.

Source: resource.k8s.io/v1, Device; KEP-4815 (counters), KEP-5075 (consumable capacity). Pure.
Not here: how devices are spread over ResourceSlices (dra_driver.slices.plan).
"""

from typing import Any

from catalog.names import (
    CAPACITY_CORES,
    CAPACITY_MEMORY,
    CAPACITY_SLOTS,
    CORES_PER_CARD,
    HAMI_DRA,
    HAMI_DRA_TYPE,
    MIB,
    SLOTS_PER_CARD,
    TYPE_SHARE,
    TYPE_WHOLE,
)
from catalog.quantity import format_quantity
from dra_driver.cards.attributes import STRING_LIMIT, card_attributes
from dra_driver.cards.card import Card
from dra_driver.slices.offer import Offer

_COUNTER = "card"


def counter_set(card: Card) -> dict[str, Any]:
    """Return the counter that whole card and shares draw from: who takes it first keeps the other away."""
    return {"name": card.device_name, "counters": {_COUNTER: {"value": "1"}}}


def exclusive_device(offer: Offer) -> dict[str, Any]:
    """Return the whole card on its own, without counters: what is left to offer where a server drops them."""
    return {
        "name": offer.card.device_name,
        "attributes": _attributes(offer, TYPE_WHOLE),
        "capacity": {CAPACITY_MEMORY: {"value": format_quantity(_whole_mib(offer.card.memory_bytes))}},
    }


def whole_device(offer: Offer) -> dict[str, Any]:
    """Return the whole card, kept apart from its shares by the card's counter."""
    return exclusive_device(offer) | {"consumesCounters": _consumes(offer.card)}


def share_device(offer: Offer) -> dict[str, Any]:
    """Return the device of which shares are given, with room for at least the split count of them by slots.

    One share has no more cores than a card, however many all have together.
    """
    memory = format_quantity(max(2 * MIB, _whole_mib(int(offer.card.memory_bytes * offer.memory_scaling))))
    slots = str(SLOTS_PER_CARD // offer.split_count)
    most_cores = str(min(offer.cores_percent, CORES_PER_CARD))
    return {
        "name": offer.card.share_device_name,
        "attributes": _attributes(offer, TYPE_SHARE) | _hami_dra_attributes(offer.card),
        "allowMultipleAllocations": True,
        "capacity": {
            CAPACITY_MEMORY: _capacity(memory, memory, default=memory, minimum="1Mi", step="1Mi"),
            CAPACITY_CORES: _capacity(str(offer.cores_percent), most_cores, default="0", minimum="0", step="1"),
            CAPACITY_SLOTS: _capacity(str(SLOTS_PER_CARD), str(SLOTS_PER_CARD), slots, minimum="1", step="1"),
        },
        "consumesCounters": _consumes(offer.card),
    }


def _whole_mib(memory_bytes: int) -> int:
    """Return bytes that are whole MiB, since default and maximum must be multiples of the step."""
    return memory_bytes // MIB * MIB


def _consumes(card: Card) -> list[dict[str, Any]]:
    return [{"counterSet": card.device_name, "counters": {_COUNTER: {"value": "1"}}}]


def _capacity(value: str, most: str, default: str, minimum: str, step: str) -> dict[str, Any]:
    valid_range = {"min": minimum, "max": most, "step": step}
    return {"value": value, "requestPolicy": {"default": default, "validRange": valid_range}}


def _attributes(offer: Offer, device_type: str) -> dict[str, Any]:
    """Return the attributes. What is true of one card and false of another stands on both: CEL fails on what is absent."""
    return card_attributes(offer.card, device_type) | use_attributes(offer)


def use_attributes(offer: Offer) -> dict[str, Any]:
    """Return the attributes that change with who uses the cards, and with the configuration. `memoryMiB` is what a card has in truth."""
    return {
        "busy": {"bool": offer.busy},
        "nodeBusy": {"bool": offer.node_busy},
        "oversubscribed": {"bool": offer.memory_scaling > 1},
    }


def _hami_dra_attributes(card: Card) -> dict[str, Any]:
    """Return what the selectors in HAMi-DRA's manifests read."""
    values = {"type": HAMI_DRA_TYPE, "uuid": card.uuid, "productName": card.product_name}
    return {f"{HAMI_DRA}/{name}": {"string": value[:STRING_LIMIT]} for name, value in values.items()}
