"""The ResourceClaimTemplate that asks for a pod's needs, named by its content: equal needs, one template.

Source: resource.k8s.io/v1. Fields that the API server would default are written out, so that what it stores equals what was sent.
Pure. Not here: writing it (webhook.template_store).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import msgspec

from catalog.names import (
    ATTRIBUTE_UUID,
    CAPACITY_CORES,
    CAPACITY_MEMORY,
    MANAGED_BY,
    MANAGED_BY_LABEL,
    MIB,
    SHARE_CLASS,
    WHOLE_CARD_CLASS,
)
from catalog.quantity import format_quantity
from webhook.needs import Need

_HASH_DIGITS: Final = 20
"""80 bits: a billion different templates in one namespace would still leave a collision at one in a million."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template's name, unique to its `spec`, which is that of the claims made from it."""

    name: str
    spec: Mapping[str, Any]

    def manifest(self) -> dict[str, Any]:
        """Return the object to create, for whichever namespace."""
        return {
            "apiVersion": "resource.k8s.io/v1",
            "kind": "ResourceClaimTemplate",
            "metadata": {"name": self.name, "labels": {MANAGED_BY_LABEL: MANAGED_BY}},
            "spec": {"spec": self.spec},
        }


def template_for(requests: Mapping[str, Need]) -> Template:
    """Return the template with these requests, in this order."""
    devices: dict[str, Any] = {"requests": [_request(name, need) for name, need in requests.items()]}
    constraints = [_on_different_cards(name) for name, need in requests.items() if need.count > 1 and not need.whole]
    if constraints:
        devices["constraints"] = constraints
    spec = {"devices": devices}
    digest = sha256(msgspec.json.encode(spec, order="deterministic")).hexdigest()
    return Template(f"hami-{digest[:_HASH_DIGITS]}", spec)


def _request(name: str, need: Need) -> dict[str, Any]:
    exactly: dict[str, Any] = {
        "deviceClassName": WHOLE_CARD_CLASS if need.whole else SHARE_CLASS,
        "allocationMode": "ExactCount",
        "count": need.count,
    }
    capacity = _capacity(need)
    if capacity:
        exactly["capacity"] = {"requests": capacity}
    return {"name": name, "exactly": exactly}


def _capacity(need: Need) -> dict[str, str]:
    """What is left out is the driver's default: all memory, no cores, one place."""
    capacity = {}
    if need.memory_mib is not None:
        capacity[CAPACITY_MEMORY] = format_quantity(need.memory_mib * MIB)
    if need.cores:
        capacity[CAPACITY_CORES] = format_quantity(need.cores)
    return capacity


def _on_different_cards(name: str) -> dict[str, Any]:
    """A shared device may be allocated several times in one request, unless told otherwise; a whole card never is."""
    return {"requests": [name], "distinctAttribute": ATTRIBUTE_UUID}
