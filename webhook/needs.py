"""What a container needs, read from its legacy limits: how many cards, and how much of each.

Source: HAMi's resource names, where memory (MiB) and cores (percent) count per card. Pure. Not here: which request of
the claim meets a need (webhook.assignment).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from catalog.errors import InvalidInputError
from catalog.names import CORES_PER_CARD, LEGACY_CORES, LEGACY_COUNT, LEGACY_MEMORY
from catalog.quantity import parse_quantity
from webhook.review import Container

RESOURCES: Final[tuple[str, ...]] = (LEGACY_COUNT, LEGACY_MEMORY, LEGACY_CORES)
"""The resources that are converted, in the order in which they are shown."""

MEMORY_LIMIT_MIB: Final = 2**22
"""4 TiB, more than a card has: beyond it somebody wrote `4Gi` where the unit is MiB, and would wait for ever."""

_LARGEST: Final = {LEGACY_MEMORY: MEMORY_LIMIT_MIB, LEGACY_CORES: CORES_PER_CARD}
_REMEDIES: Final = {
    LEGACY_COUNT: "write the number of cards, 0, 1, 2, …",
    LEGACY_MEMORY: f"write MiB per card as a plain number, such as 4000 for 4000 MiB, at most {MEMORY_LIMIT_MIB}",
    LEGACY_CORES: "write percent of a card, a whole number from 0 to 100",
}
_NOT_CONVERTED: Final = {
    "nvidia.com/gpumem-percentage": f"write {LEGACY_MEMORY} in MiB instead",
    "nvidia.com/priority": "leave it out",
}
"""HAMi's other resources: no node offers them, so that a pod which keeps them waits for ever."""


@dataclass(frozen=True, slots=True)
class Need:
    """`count` different cards, and of each card all of it (`whole`), or a share of it.

    `memory_mib` None is all memory of the card; `cores` (percent) 0 is nothing guaranteed and nothing limited.
    """

    count: int
    whole: bool = False
    memory_mib: int | None = None
    cores: int = 0

    def joined(self, other: "Need") -> "Need":
        """Return the least need that meets both: as many cards, whole if either is, and the larger part of each.

        Cores count as a guarantee: joined with a need that named none, 30 stays 30.
        """
        count = max(self.count, other.count)
        if self.whole or other.whole:
            return Need(count, whole=True)
        return Need(count, False, _larger_memory(self.memory_mib, other.memory_mib), max(self.cores, other.cores))

    def weight(self) -> tuple[int, int, int, int]:
        """Return what the need takes from others, the scarcest first: whole cards, cards, MiB, percent."""
        if self.whole:
            return (self.count, self.count, 0, 0)
        memory_mib = MEMORY_LIMIT_MIB + 1 if self.memory_mib is None else self.memory_mib
        return (0, self.count, self.count * memory_mib, self.count * self.cores)


def asked_by(container: Container) -> dict[str, int]:
    """Return the legacy resources that a container names, as whole numbers; limits go before requests.

    Raises `InvalidInputError` naming container, resource, value and remedy.
    """
    resources = container.resources
    if resources is None:
        return {}
    given = {**(resources.requests or {}), **(resources.limits or {})}
    asked = {name: _whole_number(container.name, name, str(given[name])) for name in RESOURCES if name in given}
    for name, remedy in _NOT_CONVERTED.items():
        if asked and name in given:
            raise InvalidInputError(f'container "{container.name[:64]}": {name} is not supported; {remedy}')
    return asked


def need_of(asked: Mapping[str, int]) -> Need | None:
    """Return what a container needs that asked so, or None if that is no card.

    Memory or cores without a count ask for one card. A count alone asks for whole cards; `gpucores: 0` beside it, for shares
    with all memory. A count of 0 is no card whatever stands beside it, and 0 MiB is no memory named: both as HAMi has it.
    """
    memory_mib, cores = asked.get(LEGACY_MEMORY) or None, asked.get(LEGACY_CORES)
    count = asked.get(LEGACY_COUNT, 1 if memory_mib or cores else 0)
    if count == 0:
        return None
    if memory_mib is None and cores is None:
        return Need(count, whole=True)
    return Need(count, memory_mib=memory_mib, cores=cores or 0)


def _whole_number(container: str, resource: str, text: str) -> int:
    try:
        value = parse_quantity(text)
    except InvalidInputError as error:
        raise _unusable(container, resource, text) from error
    if value < 0 or value > _LARGEST.get(resource, value):
        raise _unusable(container, resource, text)
    return value


def _unusable(container: str, resource: str, text: str) -> InvalidInputError:
    return InvalidInputError(
        f'container "{container[:64]}": {resource}: {text[:64]} is not usable; {_REMEDIES[resource]}'
    )


def _larger_memory(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)
