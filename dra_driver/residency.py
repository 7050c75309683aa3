"""How much of what shares of oversubscribed cards hold lies on the cards: metrics. Neither CUDA nor NVML tell it of a process.

Read when somebody asks, and of cards alone that are oversubscribed and held. Not here: the metrics of shares (dra_driver.metrics).
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from catalog.errors import CorruptStateError, UnavailableError
from dra_driver.nvml_memory import CardMemory
from dra_driver.oversubscription import factors_held
from dra_driver.pages import read_limits, read_totals
from dra_driver.pages_layout import USAGE_HEADER_BYTES
from dra_driver.share import Claim, Share
from dra_driver.share_folders import LIMITS, USAGE

_LOG: Final = logging.getLogger(__name__)
_GAUGES: Final = {
    "hami_dra_card_memory_scaling_ratio": "What shares of an oversubscribed card may hold together, in parts of its memory.",
    "hami_dra_card_memory_usable_bytes": "Memory that an oversubscribed card has.",
    "hami_dra_card_memory_used_bytes": "Memory of an oversubscribed card that is in use.",
    "hami_dra_card_memory_accounted_bytes": "Memory that the shares of an oversubscribed card use together.",
    "hami_dra_card_memory_nonresident_bytes": "Of what the shares use, at least so much is not on the card: evicted, or not used yet.",
}


class Residency(Collector):
    """The metrics of one node's oversubscribed cards."""

    def __init__(
        self,
        node_name: str,
        shares_folder: Path,
        held: Callable[[], Collection[Claim]],
        read: Callable[[Collection[str]], Mapping[str, CardMemory]],
    ) -> None:
        """`held` returns the claims that are prepared; `read` asks NVML for the memory of cards."""
        self._node_name = node_name
        self._folder = shares_folder
        self._held = held
        self._read = read

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges, without samples where no card is oversubscribed and held."""
        families = [GaugeMetricFamily(name, text, labels=("device_uuid", "node")) for name, text in _GAUGES.items()]
        claims = tuple(self._held())
        factors = {uuid: factor for uuid, factor in factors_held(claims).items() if factor > 1}
        for uuid, memory in self._memory(factors).items():
            accounted = sum(self._accounted(share) for share in _shares_of(uuid, claims))
            nonresident = max(0, accounted - memory.used_bytes)
            values = (factors[uuid], memory.usable_bytes, memory.used_bytes, accounted, nonresident)
            for family, value in zip(families, values, strict=True):
                family.add_metric([uuid, self._node_name], value)
        yield from families

    def _memory(self, uuids: Collection[str]) -> Mapping[str, CardMemory]:
        try:
            return self._read(tuple(uuids)) if uuids else {}
        except UnavailableError as error:
            _LOG.debug("residency: %s", error)
            return {}

    def _accounted(self, share: Share) -> int:
        """Return what a share uses; 0 where its pages cannot be read, which the metrics of shares count."""
        folder = self._folder / share.name
        try:
            with (folder / USAGE).open("rb", buffering=0) as usage:
                used_bytes = read_totals(usage.read(USAGE_HEADER_BYTES)).used_bytes
            return used_bytes + read_limits((folder / LIMITS).read_bytes()).overhead_bytes
        except (OSError, CorruptStateError):
            return 0


def _shares_of(uuid: str, claims: Iterable[Claim]) -> Iterator[Share]:
    return (share for claim in claims for share in claim.shares if share.is_limited and share.card_uuid == uuid)
