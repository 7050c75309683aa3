"""Taints: what keeps new pods off a card that is sick or cordoned, on every device of the card. Pods that run stay.

Source: resource.k8s.io/v1, DeviceTaint (KEP-5055). Pure. The device that is the whole card and that of its shares are tainted
together: with one alone, the other would still be given out. Not here: who is sick (dra_driver.cards.health).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from catalog.names import CORDONED_TAINT, UNHEALTHY_TAINT
from dra_driver.cards.health import CardHealth, Condition

TIME_FIELD: Final = "timeAdded"
"""Set by the API server where it is not given."""

_EFFECT: Final = "NoSchedule"

Content = Mapping[str, Any]
Taint = Mapping[str, str]
Taints = Mapping[str, Sequence[Taint]]
"""By UUID of the card; cards without taints may be missing."""


def card_taints(health: CardHealth, *, cordoned: bool) -> tuple[Taint, ...]:
    """Return the taints of a card. One that nothing is known of gets none: it would empty the node at each hiccup of NVML."""
    sick = {"key": UNHEALTHY_TAINT, "value": health.reason, "effect": _EFFECT}
    cordon = {"key": CORDONED_TAINT, "effect": _EFFECT}
    return (*([sick] if health.condition is Condition.UNHEALTHY else []), *([cordon] if cordoned else []))


def parse_cordon(annotation: str) -> frozenset[str]:
    """Return the UUIDs that the annotation `hami.io/device-cordon` names; blanks and empty members do not count."""
    return frozenset(uuid for uuid in (member.strip() for member in annotation.split(",")) if uuid)


def devices_of(contents: Sequence[Content]) -> tuple[tuple[str, str], ...]:
    """Return (name, UUID of the card) of every device in the contents of slices, in order."""
    return tuple((device["name"], _card_of(device)) for content in contents for device in content.get("devices", ()))


def tainted(contents: Sequence[Content], taints: Taints) -> tuple[Content, ...]:
    """Return the contents of slices with every device tainted as its card is."""
    return tuple(_with_devices(content, _tainted(content, taints)) for content in contents)


def without_tainted(contents: Sequence[Content], taints: Taints) -> tuple[Content, ...]:
    """Return the contents without the devices of tainted cards: all that is left to do where a server drops taints."""
    return tuple(
        _with_devices(content, (device for device in content.get("devices", ()) if not taints.get(_card_of(device))))
        for content in contents
    )


def with_stored_times(content: Content, stored: Mapping[str, Any]) -> Content:
    """Return a slice's content in which taints that the stored spec has already keep the time at which they were added."""
    times = {
        (device["name"], taint["key"], taint.get("value", "")): taint[TIME_FIELD]
        for device in stored.get("devices") or ()
        for taint in device.get("taints") or ()
        if TIME_FIELD in taint
    }
    return _with_devices(content, (_timed(device, times) for device in content.get("devices", ())))


def _with_devices(content: Content, devices: Iterator[Mapping[str, Any]]) -> Content:
    return {**content, "devices": list(devices)} if "devices" in content else content


def _tainted(content: Content, taints: Taints) -> Iterator[Mapping[str, Any]]:
    for device in content.get("devices", ()):
        own = taints.get(_card_of(device))
        yield {**device, "taints": [dict(taint) for taint in own]} if own else device


def _timed(device: Mapping[str, Any], times: Mapping[tuple[str, str, str], str]) -> Mapping[str, Any]:
    if "taints" not in device:
        return device
    taints = [
        {**taint, TIME_FIELD: times[key]}
        if (key := (device["name"], taint["key"], taint.get("value", ""))) in times
        else taint
        for taint in device["taints"]
    ]
    return {**device, "taints": taints}


def _card_of(device: Mapping[str, Any]) -> str:
    return str(device["attributes"]["uuid"]["string"])
