"""How much of what shares of oversubscribed cards hold lies on the cards. Neither CUDA nor NVML tell it of a process.

Looked at when somebody asks, and of cards alone that are oversubscribed and held. Not here: how it is shown (dra_driver.metrics).
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import CorruptStateError, UnavailableError
from dra_driver.nvml.memory import CardMemory
from dra_driver.shares.folders import LIMITS, USAGE
from dra_driver.shares.pages import read_limits, read_totals
from dra_driver.shares.pages_layout import USAGE_HEADER_BYTES
from dra_driver.shares.share import Claim, Share
from dra_driver.slices.oversubscription import factors_held

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CardResidency:
    """One oversubscribed card, at one moment."""

    card_uuid: str
    scaling: float
    """What its shares may hold together, in parts of its memory."""
    usable_bytes: int
    used_bytes: int
    """Of the card, by NVML."""
    accounted_bytes: int
    """What its shares use together."""

    @property
    def nonresident_bytes(self) -> int:
        """Of what the shares use, at least so much is not on the card: evicted, or not touched yet."""
        return max(0, self.accounted_bytes - self.used_bytes)


@dataclass(frozen=True, slots=True)
class Residency:
    """Of one node's cards."""

    shares_folder: Path
    held: Callable[[], Collection[Claim]]
    """Claims that are prepared."""
    read: Callable[[Collection[str]], Mapping[str, CardMemory]]
    """Asks NVML for the memory of cards."""

    def look(self) -> Iterator[CardResidency]:
        """Yield the cards that are oversubscribed and held; none where NVML does not answer."""
        claims = tuple(self.held())
        factors = {uuid: factor for uuid, factor in factors_held(claims).items() if factor > 1}
        for uuid, memory in self._memory(factors).items():
            accounted = sum(self._accounted(share) for share in _shares_of(uuid, claims))
            yield CardResidency(uuid, factors[uuid], memory.usable_bytes, memory.used_bytes, accounted)

    def _memory(self, uuids: Collection[str]) -> Mapping[str, CardMemory]:
        try:
            return self.read(tuple(uuids)) if uuids else {}
        except UnavailableError as error:
            _LOG.debug("residency: %s", error)
            return {}

    def _accounted(self, share: Share) -> int:
        """Return what a share uses; 0 where its pages cannot be read, which the metrics of shares count."""
        folder = self.shares_folder / share.name
        try:
            with (folder / USAGE).open("rb", buffering=0) as usage:
                used_bytes = read_totals(usage.read(USAGE_HEADER_BYTES)).used_bytes
            return used_bytes + read_limits((folder / LIMITS).read_bytes()).overhead_bytes
        except (OSError, CorruptStateError):
            return 0


def _shares_of(uuid: str, claims: Iterable[Claim]) -> Iterator[Share]:
    return (share for claim in claims for share in claim.shares if share.is_limited and share.card_uuid == uuid)
