"""The webhook's metrics: reviews by outcome, how long they took, writes of templates, and when the certificate ends.

Nothing of a pod is a label. Not here: the server (daemon.metrics_server).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prometheus_client import Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from daemon.registry import new_registry
from webhook.serving.connections import Connections
from webhook.serving.readiness import Readiness

_DURATIONS_S: Final = (0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


@dataclass(frozen=True, slots=True)
class State:
    """What is so at the moment somebody asks."""

    readiness: Readiness
    connections: Connections
    template_writes: Callable[[], int]
    certificate_end: Callable[[], datetime | None]
    rivals: Callable[[], int]
    """Other webhooks that convert pods."""


class Metrics:
    """The metrics of one webhook, in a registry of their own."""

    def __init__(self, version: str, state: State) -> None:
        self.registry = new_registry(version)
        self._reviews = Counter(
            "hami_dra_webhook_reviews",
            "Reviews that were answered, by what became of the object and why.",
            ["review", "outcome", "reason"],
            registry=self.registry,
        )
        self._durations = Histogram(
            "hami_dra_webhook_review_duration_seconds",
            "Time from a review's arrival to its answer.",
            ["review"],
            buckets=_DURATIONS_S,
            registry=self.registry,
        )
        self._counts: dict[tuple[str, str, str], Counter] = {}
        self._times: dict[str, Histogram] = {}
        self.registry.register(_StateCollector(state))

    def observe(self, review: str, outcome: str, reason: str, duration_s: float) -> None:
        """Count and time one review. `review` is what was asked: `mutate`, `validate`; the others are of a few fixed words."""
        key = (review, outcome, reason)
        count = self._counts.get(key)
        if count is None:
            count = self._counts[key] = self._reviews.labels(*key)
            self._times[review] = self._durations.labels(review)
        count.inc()
        self._times[review].observe(duration_s)


class _StateCollector(Collector):
    def __init__(self, state: State) -> None:
        self._state = state

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "hami_dra_webhook_template_writes",
            "ResourceClaimTemplates that this replica created.",
            value=self._state.template_writes(),
        )
        yield GaugeMetricFamily(
            "hami_dra_webhook_connections", "Connections of clients that are open.", value=len(self._state.connections)
        )
        yield CounterMetricFamily(
            "hami_dra_webhook_connections_closed_for_room",
            "Connections that were closed since more than --max-connections were open.",
            value=self._state.connections.closed_for_room,
        )
        yield GaugeMetricFamily(
            "hami_dra_webhook_rivals",
            "Other webhooks that have come to convert the same pods; the log names them.",
            value=self._state.rivals(),
        )
        end = self._state.certificate_end()
        if end is not None:
            yield GaugeMetricFamily(
                "hami_dra_webhook_certificate_expiry_timestamp_seconds",
                "When the certificate that is shown ends, in seconds since 1970.",
                value=end.timestamp(),
            )
        ready = GaugeMetricFamily(
            "hami_dra_webhook_condition", "1 where a condition of readiness holds.", labels=["condition"]
        )
        for name, is_met in self._state.readiness.states().items():
            ready.add_metric([name], float(is_met))
        yield ready
