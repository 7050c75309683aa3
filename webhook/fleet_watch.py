"""The cards of the cluster, from the ResourceSlices of our driver, as they come and go.

Of a slice stays only what the fleet is made of. Not here: what a fleet is good for (webhook.conversion.fleet).
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from catalog.errors import InvalidInputError
from catalog.names import CAPACITY_MEMORY, DRIVER, MIB, TYPE_MIG, TYPE_SHARE
from catalog.quantity import parse_quantity
from kube.client import ApiServer, Object
from kube.mirror import Key, Mirror
from webhook.conversion.fleet import CardKind, Fleet

_LOG: Final = logging.getLogger(__name__)
_SLICES: Final = "/apis/resource.k8s.io/v1/resourceslices"
_PAGE: Final = 50
"""Slices have up to 64 devices, 2 KiB each: a hundred times what other objects are."""
_SETTLE_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class CardView:
    """One device of a slice: a view of a card (`identity` is the card's UUID), or a MIG device."""

    identity: str
    product_name: str
    memory_mib: int
    is_mig: bool
    is_share: bool = False
    """Whether shares are given of it: what it has is what a share can have, more than the card where that is oversubscribed."""


@dataclass(frozen=True, slots=True)
class PoolPart:
    """One slice's part of a pool; only those of a pool's newest generation count."""

    pool: str
    generation: int
    views: tuple[CardView, ...]


class FleetWatch:
    """Follows slices while `run` runs, and tells the fleet whenever it is another."""

    def __init__(self, api: ApiServer, told: Callable[[Fleet], None]) -> None:
        self._mirror: Mirror[PoolPart] = Mirror(
            api, _SLICES, pool_part, self._note, page=_PAGE, fieldSelector=f"spec.driver={DRIVER}"
        )
        self._told = told
        self._changed = asyncio.Event()
        self.is_synced = False
        """Whether all slices were seen, and the fleet was told."""

    async def run(self) -> None:
        """Follow, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._mirror.run())
            group.create_task(self._tell())

    async def _tell(self) -> None:
        """Build the fleet anew after changes: however many come at once, once in a while."""
        await self._mirror.synced.wait()
        last: Fleet | None = None
        while True:
            self._changed.clear()
            fleet = fleet_of(self._mirror.items.values())
            if fleet != last:
                last = fleet
                self._told(fleet)
                _LOG.info("fleet: %s", in_words(fleet))
            self.is_synced = True
            await self._changed.wait()
            await asyncio.sleep(_SETTLE_S)

    def _note(self, _key: Key, _before: PoolPart | None, _after: PoolPart | None) -> None:
        self._changed.set()


def in_words(fleet: Fleet) -> str:
    """Return the fleet in one line of a log."""
    kinds = [f"{kind.cards} {kind.product_name} of {kind.memory_mib} MiB" for kind in fleet.kinds]
    return ", ".join(kinds) or "no cards"


def fleet_of(parts: Iterable[PoolPart]) -> Fleet:
    """Return the fleet of these slices, the most frequent kind first. A card has what shares of it can have, where there are any."""
    newest: dict[str, list[PoolPart]] = {}
    for part in parts:
        known = newest.setdefault(part.pool, [part])
        if part.generation > known[0].generation:
            newest[part.pool] = [part]
        elif part.generation == known[0].generation and part is not known[0]:
            known.append(part)
    cards: dict[str, CardView] = {}
    for part in (part for known in newest.values() for part in known):
        for view in part.views:
            before = cards.get(view.identity)
            if before is None or view.is_share:
                cards[view.identity] = view
    kinds = Counter((view.product_name, view.memory_mib, view.is_mig) for view in cards.values())
    ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    return Fleet(tuple(CardKind(name, memory_mib, count, is_mig) for (name, memory_mib, is_mig), count in ordered))


def pool_part(slice_: Object) -> PoolPart | None:
    """Return what a ResourceSlice says of cards."""
    spec = slice_.get("spec") or {}
    pool = spec.get("pool") or {}
    return PoolPart(str(pool.get("name")), int(pool.get("generation") or 0), tuple(_views(spec.get("devices") or ())))


def _views(devices: Iterable[Mapping[str, Any]]) -> Iterator[CardView]:
    """Devices that do not say what they are belong to no driver of ours that we know, and are left out."""
    for device in devices:
        attributes = device.get("attributes") or {}
        memory_mib = _value(attributes, "memoryMiB", "int")
        uuid = _value(attributes, "uuid", "string")
        if not isinstance(memory_mib, int) or not isinstance(uuid, str):
            continue
        kind = _value(attributes, "type", "string")
        is_mig = kind == TYPE_MIG
        identity = f"{uuid}/{device.get('name')}" if is_mig else uuid
        product_name = str(_value(attributes, "productName", "string") or "")
        yield CardView(identity, product_name, _offered_mib(device) or memory_mib, is_mig, kind == TYPE_SHARE)


def _value(attributes: Mapping[str, Any], name: str, kind: str) -> object:
    found = attributes.get(name) or attributes.get(f"{DRIVER}/{name}") or {}
    return found.get(kind)


def _offered_mib(device: Mapping[str, Any]) -> int | None:
    """The memory of which claims get a part, or None where that cannot be read."""
    capacity = (device.get("capacity") or {}).get(CAPACITY_MEMORY) or {}
    try:
        return parse_quantity(str(capacity.get("value"))) // MIB
    except InvalidInputError:
        return None
