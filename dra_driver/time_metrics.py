"""Metrics of the time of shares and cards, and of what slipped past: read from the pages when they are asked for.

Names and labels are those of a share's other metrics. Not here: memory, calls and slices (dra_driver.metrics).
"""

import logging
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from catalog.errors import CorruptStateError
from dra_driver.shares import pages_layout as layout
from dra_driver.shares.folders import CARD, LIMITS, USAGE
from dra_driver.shares.share import Share
from dra_driver.shares.time_pages import Samples, TimeUsage, read_samples, read_time

_LOG: Final = logging.getLogger(__name__)
_S: Final = 1e-9
_GRANT_SHIFT: Final = 16
_STATES: Final = ("present", "active", "queued")


@dataclass(frozen=True, slots=True)
class ObservedTime:
    """What these metrics are read from; the functions are called in another thread."""

    node_name: str
    shares_folder: Path
    labelled: Callable[[], Iterable[tuple[list[str], Share]]]
    """Returns the shares that have limits, each with its labels."""
    labels: tuple[str, ...]
    """Their names."""
    sampled: Callable[[], Mapping[str, bool]]
    """Whether the node sees the time of shares, by card."""
    findings: Callable[[], Mapping[tuple[str, str], int]]
    """What the cross-check found, by reason and card."""


class TimeCollector(Collector):
    """Metrics of time."""

    def __init__(self, observed: ObservedTime) -> None:
        self._observed = observed

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics as they are now."""
        shares = list(self._observed.labelled())
        yield from self._of_shares(shares)
        yield from self._of_cards(shares)
        labels = ["device_uuid", "node"]
        sampled = GaugeMetricFamily(
            "hami_dra_time_samples",
            "1 where NVML says what time of the card shares use; 0 where it does not, so that they go by their own clock alone.",
            labels=labels,
        )
        for uuid, is_sampled in sorted(self._observed.sampled().items()):
            sampled.add_metric([uuid, self._observed.node_name], is_sampled)
        findings = CounterMetricFamily(
            "hami_dra_cross_check_findings",
            "Processes that use a card past the interceptor.",
            labels=["reason", *labels],
        )
        for (reason, uuid), count in sorted(self._observed.findings().items()):
            findings.add_metric([reason, uuid, self._observed.node_name], count)
        yield from (sampled, findings)

    def _of_shares(self, shares: Iterable[tuple[list[str], Share]]) -> Iterator[Metric]:
        labels = self._observed.labels
        busy = CounterMetricFamily(
            "hami_vgpu_core_busy_seconds", "Time of the card that the node saw a share use.", labels=labels
        )
        gauges = {
            "hami_vgpu_core_accounted_seconds": "Time of the card that living processes of a share account themselves.",
            "hami_vgpu_core_throttled_seconds": "How long threads of living processes of a share were held back.",
            "hami_vgpu_core_launches": "Work that living processes of a share have launched under its limit.",
            "hami_vgpu_core_credit_seconds": "Time of the card that a share may still use; below 0 it owes.",
            "hami_vgpu_core_factor_ratio": "What a share's own clock is multiplied by to agree with what the node sees.",
        }
        families = [GaugeMetricFamily(name, text, labels=labels) for name, text in gauges.items()]
        for values, share in shares:
            found = self._read(share)
            if found is None:
                continue
            samples, used = found
            busy.add_metric(values, samples.busy_ns * _S)
            numbers = (used.busy_ns * _S, used.throttled_ns * _S, used.launches, used.credit_ns * _S, used.factor)
            for family, number in zip(families, numbers, strict=True):
                family.add_metric(values, number)
        yield from (busy, *families)

    def _read(self, share: Share) -> tuple[Samples, TimeUsage] | None:
        """Return what the pages of a share say; None for pages that are gone or damaged, which are counted elsewhere."""
        folder = self._observed.shares_folder / share.name
        try:
            return read_samples((folder / LIMITS).read_bytes()), read_time((folder / USAGE).read_bytes())
        except (OSError, struct.error, CorruptStateError) as error:
            _LOG.debug("share %s: %s", share.name, error)
            return None

    def _of_cards(self, shares: Iterable[tuple[list[str], Share]]) -> Iterator[Metric]:
        labels = ["device_uuid", "node"]
        seats = GaugeMetricFamily(
            "hami_dra_card_seats",
            "Shares that have a context on a card, that are at work, and that wait for it.",
            labels=["state", *labels],
        )
        grants = CounterMetricFamily(
            "hami_dra_card_lease_grants", "How often a card was given to a share for a turn.", labels=labels
        )
        for uuid, name in {share.card_uuid: share.name for _, share in shares}.items():
            header = _header(self._observed.shares_folder / name / CARD)
            if header is None:
                continue
            own = [uuid, self._observed.node_name]
            for state in _STATES:
                offset, form = layout.CARD_FIELDS[state]
                words = struct.unpack_from(form, header, offset)
                seats.add_metric([state, *own], sum(word.bit_count() for word in words))
            lease: int = struct.unpack_from("<Q", header, layout.CARD_FIELDS["lease"][0])[0]
            grants.add_metric(own, lease >> _GRANT_SHIFT)
        yield from (seats, grants)


def _header(card: Path) -> bytes | None:
    try:
        with card.open("rb", buffering=0) as page:
            header = page.read(layout.CARD_HEADER_BYTES)
    except OSError:
        return None
    return header if len(header) == layout.CARD_HEADER_BYTES else None
