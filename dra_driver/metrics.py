"""The driver's metrics: calls, shares and slices. Names and labels of a share are HAMi's, with the claim beside them.

What a share uses is read from its pages when it is asked for, in the thread that asks. Not here: the server (daemon.metrics_server).
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from catalog.errors import CorruptStateError, HamiError
from daemon.registry import new_registry
from dra_driver.accounting.residency import Residency
from dra_driver.shares.folders import LIMITS, USAGE
from dra_driver.shares.pages import Limits, Totals, read_limits, read_totals
from dra_driver.shares.pages_layout import USAGE_BYTES, USAGE_HEADER_BYTES
from dra_driver.shares.share import Claim, Share
from dra_driver.shares.slots import context_bytes
from dra_driver.time_metrics import ObservedTime, TimeCollector

_LOG: Final = logging.getLogger(__name__)
_DURATIONS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 20.0, 45.0)
_KINDS: Final = ("share", "whole", "mig", "admin")
_SHARE_LABELS: Final = ("namespace", "pod", "container", "vdevice_index", "device_uuid", "node", "claim", "share")


@dataclass(frozen=True, slots=True)
class Observed:
    """What metrics are read from at the moment somebody asks; the functions are called in another thread."""

    node_name: str
    shares_folder: Path
    held: Callable[[], Iterable[Claim]]
    """Claims that are prepared."""
    slice_writes: Callable[[], Mapping[str, int]]
    """Writes of ResourceSlices by kind."""
    is_published: Callable[[], bool]
    """Whether the API server has had the slices as they should be."""
    is_sharing: Callable[[], bool]
    """Whether shares are on offer."""
    has_rivals: Callable[[], bool]
    """Whether somebody else offers the node's cards, so that none is published."""
    sampled: Callable[[], Mapping[str, bool]] = dict
    """Whether the node sees the time of shares, by card."""
    findings: Callable[[], Mapping[tuple[str, str], int]] = dict
    """What the cross-check found, by reason and card."""


class Metrics:
    """The metrics of one driver, in a registry of their own."""

    def __init__(self, version: str, observed: Observed) -> None:
        self.registry = new_registry(version)
        self._in_flight = Gauge(
            "hami_dra_claims_in_flight", "Claims whose call is running.", ["operation"], registry=self.registry
        )
        self._durations = Histogram(
            "hami_dra_claim_duration_seconds",
            "Time from a call of the kubelet to the claim's answer.",
            ["operation"],
            buckets=_DURATIONS_S,
            registry=self.registry,
        )
        self._errors = Counter(
            "hami_dra_claim_errors",
            "Claims that were answered with an error.",
            ["operation", "reason"],
            registry=self.registry,
        )
        for operation in ("prepare", "unprepare"):
            self._in_flight.labels(operation)
            self._durations.labels(operation)
        self.registry.register(_NodeCollector(observed))
        self.registry.register(_ShareCollector(observed))
        self.registry.register(
            TimeCollector(
                ObservedTime(
                    observed.node_name,
                    observed.shares_folder,
                    partial(_labelled, observed),
                    _SHARE_LABELS,
                    observed.sampled,
                    observed.findings,
                )
            )
        )

    @contextmanager
    def observing(self, operation: str) -> Iterator[None]:
        """Count and time what is done inside the block for one claim."""
        with self._in_flight.labels(operation).track_inprogress(), self._durations.labels(operation).time():
            try:
                yield
            except (Exception, asyncio.CancelledError) as error:
                self._errors.labels(operation, _reason(error)).inc()
                raise


class _NodeCollector(Collector):
    """What the driver holds and has published."""

    def __init__(self, observed: Observed) -> None:
        self._observed = observed

    def collect(self) -> Iterator[Metric]:
        claims = tuple(self._observed.held())
        yield GaugeMetricFamily("hami_dra_prepared_claims", "Claims that are prepared.", value=len(claims))
        shares = GaugeMetricFamily("hami_dra_prepared_shares", "Shares that are granted.", labels=["kind"])
        kinds = [_kind(share) for claim in claims for share in claim.shares]
        for kind in _KINDS:
            shares.add_metric([kind], kinds.count(kind))
        yield shares
        writes = CounterMetricFamily("hami_dra_slice_writes", "Writes of ResourceSlices.", labels=["kind"])
        for kind, count in sorted(self._observed.slice_writes().items()):
            writes.add_metric([kind], count)
        yield writes
        yield GaugeMetricFamily(
            "hami_dra_slices_published",
            "1 once the API server has had the slices as they should be.",
            value=self._observed.is_published(),
        )
        yield GaugeMetricFamily(
            "hami_dra_cards_shared",
            "0 where the API server drops what sharing needs, so that cards are given whole only.",
            value=self._observed.is_sharing(),
        )
        yield GaugeMetricFamily(
            "hami_dra_rivals",
            "1 where somebody else offers the node's cards, so that none is published.",
            value=self._observed.has_rivals(),
        )


class _ShareCollector(Collector):
    """What each share may use, and uses."""

    def __init__(self, observed: Observed) -> None:
        self._observed = observed

    def collect(self) -> Iterator[Metric]:
        gauges = {
            "hami_vgpu_memory_limit_bytes": "Memory that a share may use.",
            "hami_vgpu_memory_used_bytes": "Memory that a share uses.",
            "hami_vgpu_memory_peak_bytes": "The most memory that a share has used.",
            "hami_vgpu_memory_context_bytes": "Memory of what a share uses that is contexts.",
            "hami_vgpu_memory_overhead_bytes": "Memory that a share is charged with beside what its processes account.",
            "hami_vgpu_core_limit_ratio": "Percent of the card's time that a share may use; 0 is not limited.",
        }
        families = {name: GaugeMetricFamily(name, text, labels=_SHARE_LABELS) for name, text in gauges.items()}
        refusals = CounterMetricFamily(
            "hami_vgpu_memory_refusals", "Allocations that were refused for the limit.", labels=_SHARE_LABELS
        )
        unknown = CounterMetricFamily(
            "hami_vgpu_unknown_functions",
            "Functions of the driver that were asked for and that the interceptor does not know.",
            labels=_SHARE_LABELS,
        )
        unreadable = 0
        for labels, share in _labelled(self._observed):
            try:
                limits, totals, contexts = _pages(self._observed.shares_folder / share.name)
            except FileNotFoundError:  # unprepared meanwhile
                continue
            except (OSError, CorruptStateError) as error:
                _LOG.debug("share %s: %s", share.name, error)
                unreadable += 1
                continue
            values = (
                limits.memory_bytes,
                totals.used_bytes,
                totals.peak_bytes,
                contexts,
                limits.overhead_bytes,
                limits.cores_percent,
            )
            for family, value in zip(families.values(), values, strict=True):
                family.add_metric(labels, value)
            refusals.add_metric(labels, totals.refusals)
            unknown.add_metric(labels, totals.unknown_functions)
        yield from (*families.values(), refusals, unknown)
        yield GaugeMetricFamily("hami_dra_unreadable_shares", "Shares whose pages are damaged.", value=unreadable)


class ResidencyCollector(Collector):
    """Where the memory of oversubscribed cards lies."""

    def __init__(self, node_name: str, residency: Residency) -> None:
        self._node_name = node_name
        self._residency = residency

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges, without samples where no card is oversubscribed and held."""
        gauges = {
            "scaling_ratio": "What shares of an oversubscribed card may hold together, in parts of its memory.",
            "usable_bytes": "Memory that an oversubscribed card has.",
            "used_bytes": "Memory of an oversubscribed card that is in use.",
            "accounted_bytes": "Memory that the shares of an oversubscribed card use together.",
            "nonresident_bytes": "Of what the shares use, at least so much is not on the card: evicted, or not touched yet.",
        }
        families = [
            GaugeMetricFamily(f"hami_dra_card_memory_{name}", text, labels=("device_uuid", "node"))
            for name, text in gauges.items()
        ]
        for card in self._residency.look():
            values = (card.scaling, card.usable_bytes, card.used_bytes, card.accounted_bytes, card.nonresident_bytes)
            for family, value in zip(families, values, strict=True):
                family.add_metric([card.card_uuid, self._node_name], value)
        yield from families


def _labelled(observed: Observed) -> Iterator[tuple[list[str], Share]]:
    """Yield the labels of each share. The webhook names requests after containers; the pod is the first that had the claim."""
    for claim in observed.held():
        indexes: dict[str, int] = {}
        for share in claim.shares:
            index = indexes[share.request] = indexes.get(share.request, -1) + 1
            pod = claim.pods[0] if claim.pods else ""
            own = [claim.namespace, pod, share.request, str(index), share.card_uuid]
            if share.is_limited:
                yield [*own, observed.node_name, claim.name, share.name], share


def _pages(folder: Path) -> tuple[Limits, Totals, int]:
    """Return limits, totals, and the bytes of contexts; of a share that nothing uses the header is read alone."""
    limits = read_limits((folder / LIMITS).read_bytes())
    with (folder / USAGE).open("rb", buffering=0) as usage:
        header = usage.read(USAGE_HEADER_BYTES)
        totals = read_totals(header)
        slots = usage.read(USAGE_BYTES - USAGE_HEADER_BYTES) if totals.used_bytes else b""
    return limits, totals, context_bytes(header + slots) if totals.used_bytes else 0


def _reason(error: BaseException) -> str:
    """Return the kind of an error as a label: `InvalidInput`, `Conflict`, … of ours, else `Fault`."""
    if isinstance(error, asyncio.CancelledError):
        return "Cancelled"
    return type(error).__name__.removesuffix("Error") if isinstance(error, HamiError) else "Fault"


def _kind(share: Share) -> str:
    if share.admin_access:
        return "admin"
    if share.mig_uuid:
        return "mig"
    return "whole" if share.whole else "share"
