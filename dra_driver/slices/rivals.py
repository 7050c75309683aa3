"""Whoever else offers this node's cards: a device plugin, or another DRA driver. Offered twice, a card is given out twice. Pure.

Source: Node.status.allocatable; ResourceSlice.spec.driver. Not here: what is done about it (dra_driver.slices.publisher).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

RIVAL_DRIVERS: Final = ("gpu.nvidia.com", "hami-core-gpu.project-hami.io")
"""DRA drivers of the same cards."""

_RESOURCE: Final = "nvidia.com/gpu"
_RESOURCE_PREFIXES: Final = ("nvidia.com/gpu.", "nvidia.com/mig-")


def rivals(node: Mapping[str, Any], slices: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return who else offers cards of `node`, in words; `slices` are those of the node, of any driver."""
    return (*_device_plugins(node), *_drivers(slices))


def _device_plugins(node: Mapping[str, Any]) -> Iterator[str]:
    """Yield resources of a device plugin that offers something: one that has gone leaves its resource behind, at 0."""
    allocatable = (node.get("status") or {}).get("allocatable") or {}
    for resource, amount in sorted(allocatable.items()):
        if (resource == _RESOURCE or resource.startswith(_RESOURCE_PREFIXES)) and str(amount) != "0":
            yield f"a device plugin ({amount} {resource} in the node's status.allocatable)"


def _drivers(slices: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    counts = dict.fromkeys(RIVAL_DRIVERS, 0)
    for slice_ in slices:
        spec = slice_["spec"]
        if spec.get("driver") in counts:
            counts[spec["driver"]] += len(spec.get("devices") or [])
    yield from (f"the DRA driver {driver} ({count} devices)" for driver, count in counts.items() if count)
