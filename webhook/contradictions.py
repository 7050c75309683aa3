"""What a claim, or a container's environment, says of compute that contradicts itself: it is admitted, and its author is told. Pure.

Of classes' own configurations nothing is known here: a claim's takes their place, whole.
Not here: what is refused (webhook.claims.check, webhook.conversion.environment).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from catalog.errors import InvalidInputError
from catalog.names import CAPACITY_CORES, CLASSES, DRIVER
from catalog.quantity import parse_quantity
from catalog.share_config import Copies, CorePolicy, ShareConfig

MOST_WARNINGS: Final = 8


@dataclass(frozen=True, slots=True)
class _Request:
    """A request for devices of ours."""

    names: frozenset[str]
    """Its own, and those of its alternatives as configurations may name them."""
    name: str
    cores: int
    """Percent, the most that one of its alternatives asks."""


def warnings_of_claim(spec: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """Return what contradicts itself in a claim's spec at `path` whose configurations are sound, by the path of the field; at most
    `MOST_WARNINGS`."""
    devices = spec.get("devices")
    if not isinstance(devices, Mapping):
        return ()
    requests = list(_requests(devices))
    found: list[str] = []
    earlier: dict[str, str] = {}
    for index, entry in enumerate(_items(devices, "config")):
        opaque = entry.get("opaque")
        if not isinstance(opaque, Mapping) or opaque.get("driver") != DRIVER:
            continue
        where = f"{path}.devices.config[{index}].opaque.parameters"
        config = msgspec.convert(opaque.get("parameters"), ShareConfig)
        for request in _concerned(entry, requests):
            if request.name in earlier:
                found.append(f"{where}: takes the place of {earlier[request.name]} for request {request.name}, whole")
            earlier[request.name] = where
            found += [f"{where}.{text}" for text in _of_config(config, request)]
    return tuple(found[:MOST_WARNINGS])


def warnings_of_policy(policy: CorePolicy, cores: int, cores_name: str) -> Iterator[str]:
    """Yield what a policy contradicts of the `cores` (percent) that are asked beside it, under the name `cores_name`."""
    if policy is CorePolicy.DISABLE and cores:
        yield f"{policy}: {cores_name} {cores} is set aside on the card and not held; leave one of both out"
    if policy is CorePolicy.FORCE and not cores:
        yield f"{policy}: has no effect without {cores_name}"


def _of_config(config: ShareConfig, request: _Request) -> Iterator[str]:
    policy, who = config.core_policy, f"for request {request.name}"
    for text in warnings_of_policy(policy, request.cores, "capacity cores"):
        yield f"corePolicy: {text} ({who})"
    is_held = request.cores and policy is not CorePolicy.DISABLE
    if not config.live_cores and (is_held or config.priority == 0):
        reason = "cores are asked" if is_held else "priority is 0"
        yield f"liveCores: false does not give the driver's own launches where {reason} ({who})"
    if config.copies is Copies.CHARGED and not (config.live_cores or is_held or config.priority == 0):
        yield f"copies: charged has no effect where no cores are held and liveCores is false ({who})"


def _concerned(entry: Mapping[str, Any], requests: Sequence[_Request]) -> Iterator[_Request]:
    """Yield the requests that a configuration is for: those that it names, or all."""
    named = entry.get("requests")
    names = {name for name in named if isinstance(name, str)} if isinstance(named, list) else set()
    for request in requests:
        if not named or names & request.names:
            yield request


def _requests(devices: Mapping[str, Any]) -> Iterator[_Request]:
    for request in _items(devices, "requests"):
        name, exactly = request.get("name"), request.get("exactly")
        if not isinstance(name, str):
            continue
        choices = [exactly] if isinstance(exactly, Mapping) else list(_items(request, "firstAvailable"))
        ours = [choice for choice in choices if choice.get("deviceClassName") in CLASSES]
        if ours:
            names = frozenset((name, *(f"{name}/{choice.get('name')}" for choice in ours)))
            yield _Request(names, name, max(map(_cores, ours)))


def _cores(fields: Mapping[str, Any]) -> int:
    """Return the percent that is asked; 0 where it is none, or what the API server refuses."""
    capacity = fields.get("capacity")
    asked = capacity.get("requests") if isinstance(capacity, Mapping) else None
    text = asked.get(CAPACITY_CORES) if isinstance(asked, Mapping) else None
    try:
        return parse_quantity(str(text)) if isinstance(text, str | int) else 0
    except InvalidInputError:
        return 0


def _items(holder: Mapping[str, Any], field: str) -> Iterator[Mapping[str, Any]]:
    found = holder.get(field)
    for item in found if isinstance(found, list) else ():
        if isinstance(item, Mapping):
            yield item
