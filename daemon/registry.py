"""The registry that a program's metrics begin with: what its process takes, and which version runs.

Not here: what else it counts, and how that is served (daemon.metrics_server).
"""

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, disable_created_metrics


def new_registry(version: str) -> CollectorRegistry:
    """Return a registry of its own, so that several can stand in one process."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a sample beside every count that nobody asks for
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    build = Gauge("hami_dra_build_info", "Always 1; the labels say what runs.", ["version"], registry=registry)
    build.labels(version).set(1)
    return registry
