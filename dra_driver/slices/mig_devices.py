"""An offer of a card in MIG mode as devices of the DRA API: `gpu-<i>-mig-<profile>-<start>`, each for one claim alone.

They draw on no counter: neither the whole card nor shares of it are offered beside them. Pure. Not here: the other devices of a
card (dra_driver.slices.devices).
"""

from collections.abc import Sequence
from typing import Any

from catalog.names import CAPACITY_MEMORY, CAPACITY_MULTIPROCESSORS
from catalog.quantity import format_quantity
from dra_driver.cards.attributes import mig_attributes
from dra_driver.cards.mig import MigDevice
from dra_driver.slices.devices import use_attributes
from dra_driver.slices.offer import Offer


def mig_devices(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """Return the MIG devices of all cards, smallest first, so that a small need leaves the large ones to others."""
    found = [(offer, mig) for offer in offers for mig in offer.mig]
    found.sort(key=lambda each: (each[1].memory_bytes, each[1].multiprocessors))  # stable: then by card, then by place
    return [_device(offer, mig) for offer, mig in found]


def _device(offer: Offer, mig: MigDevice) -> dict[str, Any]:
    return {
        "name": offer.card.mig_device_name(mig),
        "attributes": mig_attributes(offer.card, mig) | use_attributes(offer),
        "capacity": {
            CAPACITY_MEMORY: {"value": format_quantity(mig.memory_bytes)},
            CAPACITY_MULTIPROCESSORS: {"value": str(mig.multiprocessors)},
        },
    }
