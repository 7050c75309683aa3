"""What cards the cluster has: as much of it as conversion needs, to turn percent into MiB and to refuse what no card can give.

Pure. Not here: where it is read from (slices that are watched, or the flags of `hami-dra convert`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class CardKind:
    """Alike cards, or, with `is_mig`, alike MIG devices. A name that is empty is not known, and may be any."""

    product_name: str
    """As slices have it, at most 64 characters: `NVIDIA A100-SXM4-80GB`."""
    memory_mib: int
    """What one share can have at most: the capacity `memory` of the device, where that is less than the card's memory."""
    cards: int = 1
    """How many there are; 0 is expected, and not there yet."""
    is_mig: bool = False


@dataclass(frozen=True, slots=True)
class Fleet:
    """All cards. `is_known` False: nobody looked, so that nothing is refused for being too large."""

    kinds: tuple[CardKind, ...] = ()
    is_known: bool = True

    def with_expected(self, expected: Iterable[CardKind]) -> "Fleet":
        """Return the fleet with kinds that will be there, as when nodes are added on demand."""
        return Fleet((*self.kinds, *expected), self.is_known)


UNKNOWN_FLEET: Final = Fleet(is_known=False)
