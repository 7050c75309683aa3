"""An offer of a card in MIG mode as devices of the DRA API: `gpu-<i>-mig-<profile>-<start>`, each for one claim alone.

They draw on no counter: neither the whole card nor shares of it are offered beside them. Pure. Not here: the other devices of a
card (dra_driver.devices).
"""

from collections.abc import Sequence
from typing import Any

from catalog.names import CAPACITY_MEMORY, CAPACITY_MULTIPROCESSORS, MIB, TYPE_MIG
from catalog.quantity import format_quantity
from dra_driver.card import Card
from dra_driver.devices import card_attributes, use_attributes
from dra_driver.mig import MigDevice
from dra_driver.offer import Offer


def mig_devices(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """Return the MIG devices of all cards, smallest first, so that a small need leaves the large ones to others."""
    found = [(offer, mig) for offer in offers for mig in offer.mig]
    found.sort(key=lambda each: (each[1].memory_bytes, each[1].multiprocessors))  # stable: then by card, then by place
    return [_device(offer, mig) for offer, mig in found]


def mig_attributes(card: Card, mig: MigDevice) -> dict[str, Any]:
    """Return the attributes that a MIG device has whoever uses it: its card's, with its own memory, and what it is."""
    own = {
        "memoryMiB": {"int": mig.memory_bytes // MIB},
        "migUuid": {"string": mig.uuid},
        "profile": {"string": mig.profile},
    }
    return card_attributes(card, TYPE_MIG) | own


def _device(offer: Offer, mig: MigDevice) -> dict[str, Any]:
    return {
        "name": offer.card.mig_device_name(mig),
        "attributes": mig_attributes(offer.card, mig) | use_attributes(offer),
        "capacity": {
            CAPACITY_MEMORY: {"value": format_quantity(mig.memory_bytes)},
            CAPACITY_MULTIPROCESSORS: {"value": str(mig.multiprocessors)},
        },
    }
