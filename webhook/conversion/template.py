"""The ResourceClaimTemplate that asks for a pod's needs, named by its content: equal needs, one template.

Source: resource.k8s.io/v1. Fields that the API server would default are written out, so that what it stores equals what was sent.
Pure. Not here: which alternatives a request has
(webhook.conversion.preferences), and writing it (webhook.templates.store).
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import msgspec

from catalog.errors import InvalidInputError
from catalog.names import (
    ATTRIBUTE_UUID,
    CAPACITY_CORES,
    CAPACITY_MEMORY,
    CAPACITY_SLOTS,
    DRIVER,
    MANAGED_BY,
    MANAGED_BY_LABEL,
    MIB,
    MIG_CLASS,
    SHARE_CLASS,
    SLOTS_PER_CARD,
    WHOLE_CARD_CLASS,
)
from catalog.quantity import format_quantity
from catalog.share_config import ShareConfig
from webhook.conversion.fleet import UNKNOWN_FLEET, Fleet
from webhook.conversion.needs import PLAIN, Need
from webhook.conversion.preferences import Alternative, Alternatives, alternatives_for
from webhook.conversion.selectors import card_selectors
from webhook.conversion.wishes import NO_WISHES, Mode, Wishes

MAX_CONSTRAINTS: Final = 32
"""Of one claim (resource.k8s.io/v1, DeviceConstraintsMaxSize)."""

_SELECTORS_LIMIT: Final = 512 * 1024
"""Bytes of selectors in one claim: etcd takes 1.5 MiB, for the template and for each claim made from it."""
_REMEMBERED_REQUESTS: Final = 4
"""Of templates that are remembered: few pods have more, and what is remembered stays small."""
_ALL_SLOTS: Final = f"{SLOTS_PER_CARD // 1000}k"
"""As the API server writes it."""
_CLASSES: Final = {Mode.SHARE: SHARE_CLASS, Mode.WHOLE: WHOLE_CARD_CLASS, Mode.MIG: MIG_CLASS}
_HASH_DIGITS: Final = 20
"""80 bits: a billion different templates in one namespace would still leave a collision at one in a million."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template's name, unique to its `spec`, which is that of the claims made from it."""

    name: str
    spec: Mapping[str, Any]

    def manifest(self) -> dict[str, Any]:
        """Return the object to create, for whichever namespace; whoever asks may change it."""
        return {
            "apiVersion": "resource.k8s.io/v1",
            "kind": "ResourceClaimTemplate",
            "metadata": {"name": self.name, "labels": {MANAGED_BY_LABEL: MANAGED_BY}},
            "spec": {"spec": deepcopy(self.spec)},
        }


@dataclass(frozen=True, slots=True)
class Shape:
    """A template, and what a user is told about what it does not ask."""

    template: Template
    warnings: tuple[str, ...] = ()


def shape_of(requests: Mapping[str, Need], wishes: Wishes = NO_WISHES, fleet: Fleet = UNKNOWN_FLEET) -> Shape:
    """Return the template with these requests, in this order; replicas ask the same, and so get the same again.

    Raises `InvalidInputError` for what a claim cannot ask.
    """
    key = tuple(requests.items())
    return (_remembered if len(key) <= _REMEMBERED_REQUESTS else _shape)(key, wishes, fleet)


def _shape(requests: tuple[tuple[str, Need], ...], wishes: Wishes, fleet: Fleet) -> Shape:
    found = [_Request(name, need, alternatives_for(name, need, wishes, fleet)) for name, need in requests]
    selectors = card_selectors(wishes)
    _refuse_too_long(found, selectors)
    devices: dict[str, Any] = {"requests": [_request(each, selectors) for each in found]}
    constraints = [constraint for each in found for constraint in _constraints(each)]
    if constraints:
        devices["constraints"] = constraints
    config = _config(found)
    if config:
        devices["config"] = config
    _refuse_too_many(devices)
    spec = {"devices": devices}
    digest = sha256(msgspec.json.encode(spec, order="deterministic")).hexdigest()
    warnings = tuple(warning for each in found for warning in each.alternatives.warnings)
    return Shape(Template(f"hami-{digest[:_HASH_DIGITS]}", spec), warnings)


_remembered: Final = lru_cache(maxsize=512)(_shape)


@dataclass(frozen=True, slots=True)
class _Request:
    name: str
    need: Need
    alternatives: Alternatives

    @property
    def is_list(self) -> bool:
        return len(self.alternatives.choices) > 1

    def named(self, choices: Sequence[Alternative]) -> list[str]:
        """Return how constraints refer to some of the alternatives; to all of them, by the request's own name."""
        if len(choices) == len(self.alternatives.choices):
            return [self.name]
        return [f"{self.name}/{choice.name}" for choice in choices]


def _request(request: _Request, selectors: tuple[str, ...]) -> dict[str, Any]:
    choices = [_fields(request.need.count, choice, selectors) for choice in request.alternatives.choices]
    if not request.is_list:
        return {"name": request.name, "exactly": choices[0]}
    named = [{"name": choice.name} for choice in request.alternatives.choices]
    return {
        "name": request.name,
        "firstAvailable": [name | fields for name, fields in zip(named, choices, strict=True)],
    }


def _fields(count: int, choice: Alternative, selectors: tuple[str, ...]) -> dict[str, Any]:
    fields: dict[str, Any] = {"deviceClassName": _CLASSES[choice.mode], "allocationMode": "ExactCount", "count": count}
    conditions = [*selectors, *choice.conditions]
    if conditions:
        fields["selectors"] = [{"cel": {"expression": condition}} for condition in conditions]
    capacity = _capacity(choice)
    if capacity:
        fields["capacity"] = {"requests": capacity}
    return fields


def _capacity(choice: Alternative) -> dict[str, str]:
    """What is left out is the driver's default: all memory, no cores, one place. Only shares have cores and places."""
    capacity = {}
    if choice.memory_mib is not None:
        capacity[CAPACITY_MEMORY] = format_quantity(choice.memory_mib * MIB)
    if choice.cores and choice.mode is Mode.SHARE:
        capacity[CAPACITY_CORES] = format_quantity(choice.cores)
    if choice.alone and choice.mode is Mode.SHARE:
        capacity[CAPACITY_SLOTS] = _ALL_SLOTS
    return capacity


def _constraints(request: _Request) -> Iterator[dict[str, Any]]:
    """A shared device may be allocated several times in one request, unless told otherwise; a whole card or MIG device never is."""
    if request.need.count == 1:
        return
    choices = request.alternatives.choices
    shares = [choice for choice in choices if choice.mode is Mode.SHARE]
    if shares:
        yield {"requests": request.named(shares), "distinctAttribute": ATTRIBUTE_UUID}
    for attribute in dict.fromkeys(attribute for choice in choices for attribute in choice.alike):
        alike = [choice for choice in choices if attribute in choice.alike]
        yield {"requests": request.named(alike), "matchAttribute": attribute}


def _config(requests: Sequence[_Request]) -> list[dict[str, Any]]:
    """One entry for each configuration that differs from the default, for the requests whose shares have it."""
    named: dict[ShareConfig, list[str]] = {}
    for request in requests:
        if request.need.config != PLAIN and any(each.mode is Mode.SHARE for each in request.alternatives.choices):
            named.setdefault(request.need.config, []).append(request.name)
    return [
        {"requests": names, "opaque": {"driver": DRIVER, "parameters": config.parameters()}}
        for config, names in named.items()
    ]


def _refuse_too_long(requests: Sequence[_Request], selectors: Sequence[str]) -> None:
    """Each alternative of each request repeats the selectors."""
    length = sum(map(len, selectors)) * sum(len(request.alternatives.choices) for request in requests)
    if length > _SELECTORS_LIMIT:
        raise InvalidInputError(
            f"the annotations that choose cards come to {length} bytes in the pod's {len(requests)} requests; a claim can have"
            f" {_SELECTORS_LIMIT}: write fewer items, or use fewer containers with cards"
        )


def _refuse_too_many(devices: Mapping[str, Any]) -> None:
    constraints = len(devices.get("constraints", ()))
    if constraints > MAX_CONSTRAINTS:
        raise InvalidInputError(
            f"the pod's containers with several cards each take {constraints} constraints; a claim can have {MAX_CONSTRAINTS}: leave out"
            " the annotations about topology, or use fewer such containers"
        )
