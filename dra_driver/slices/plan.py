"""The plan of a node's ResourceSlices: what they should be, and the ordered writes that make them so.

Source: resource.k8s.io/v1, ResourceSlice (limits; generation and resourceSliceCount of a pool). Pure: the plan of a pool that is
right is empty. Not here: the calls (dra_driver.slices.publisher) and the devices (dra_driver.slices.devices).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from catalog.errors import InvalidInputError
from catalog.names import DRIVER
from catalog.quantity import parse_quantity
from dra_driver.health.taints import TIME_FIELD, with_stored_times
from dra_driver.slices.devices import counter_set, exclusive_device, share_device, whole_device
from dra_driver.slices.mig_devices import mig_devices
from dra_driver.slices.offer import Offer

API_VERSION: Final = "resource.k8s.io/v1"
COUNTER_SETS_PER_SLICE: Final = 8
DEVICES_PER_SLICE: Final = 64
"""With counters; 128 without."""

_CONTENT_FIELDS: Final = ("sharedCounters", "devices")
_INDEX: Final = re.compile(r"([0-9a-f]{5})-", re.ASCII)
_QUANTITY_FIELDS: Final = frozenset({"value", "default", "min", "max", "step"})

Slice = Mapping[str, Any]
"""A ResourceSlice as the API server gives it."""
Content = Mapping[str, Any]
"""Either `sharedCounters` or `devices` of a slice's spec: a slice may hold only one of them."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The node's pool, named as the node is, and what its slices should hold, in order."""

    node_name: str
    node_uid: str
    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a slice, if it is still the one that was seen."""

    name: str
    uid: str
    resource_version: str


@dataclass(frozen=True, slots=True)
class Update:
    """Set the spec of a slice by merge patch, if it is still the one that was seen."""

    name: str
    patch: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Create:
    """Create a slice."""

    manifest: Mapping[str, Any]


Write = Delete | Update | Create


def shared_contents(offers: Sequence[Offer]) -> tuple[Content, ...]:
    """Return the slices of cards that can be shared. Counters come first: the first write already shows whether a server
    drops what keeps whole cards and shares apart, and a pool without its other slices is not scheduled from.
    """
    devices = [*(device for offer in offers for device in _devices(offer)), *mig_devices(offers)]
    counters = [counter_set(offer.card) for offer in offers if offer.whole or offer.shared]
    return (
        *({"sharedCounters": list(batch)} for batch in _batches(counters, COUNTER_SETS_PER_SLICE)),
        *_device_slices(devices),
    )


def exclusive_contents(offers: Sequence[Offer]) -> tuple[Content, ...]:
    """Return the slices of cards that are given whole only, and of MIG devices; one that may only be shared is left out."""
    whole = [exclusive_device(offer) for offer in offers if offer.whole]
    return tuple(_device_slices([*whole, *mig_devices(offers)]))


def plan(pool: Pool, observed: Sequence[Slice]) -> tuple[Write, ...]:
    """Return the writes, in order, that turn `observed` (all slices of this driver and node) into `pool`.

    Obsolete slices go first, then changes, then what is missing. The generation stays while at most one slice changes
    and none is new; else it rises, in every slice, so that the scheduler never mixes two states.
    """
    generation = max((_generation(slice_) for slice_ in observed), default=0)
    current = _current(pool, observed, generation)
    kept = {slice_["metadata"]["name"] for slice_ in current.values()}
    deletes = [_delete(slice_) for slice_ in observed if slice_["metadata"]["name"] not in kept]
    changed = [index for index, slice_ in current.items() if not _same(slice_, pool, index, generation)]
    missing = [index for index in range(len(pool.contents)) if index not in current]
    if missing or len(changed) > 1:
        generation += 1
        changed = list(current)
    updates = [_update(current[index], pool, index, generation) for index in sorted(changed)]
    creates = [Create(_manifest(pool, index, generation)) for index in missing]
    return (*deletes, *updates, *creates)


def dropped_fields(sent: Mapping[str, Any], stored: Slice) -> tuple[str, ...]:
    """Return the paths, below `spec`, of what was sent and is not stored as sent: features that the server has turned off."""
    return tuple(sorted(_missing(normalised(sent["spec"]), normalised(stored["spec"]), "spec")))


def normalised(value: Any, field: str = "") -> Any:  # noqa: ANN401  any JSON
    """Return a JSON value in the form that equal meanings share: quantities as numbers, empty and absent alike, and without
    the time of a taint, which the server adds.
    """
    if isinstance(value, Mapping):
        members = {key: normalised(member, key) for key, member in value.items()}
        return {key: member for key, member in members.items() if member not in (None, [], {}) and key != TIME_FIELD}
    if isinstance(value, list):
        return [normalised(member) for member in value]
    return _quantity(value) if field in _QUANTITY_FIELDS and isinstance(value, str) else value


def _devices(offer: Offer) -> Iterator[Mapping[str, Any]]:
    if offer.whole:
        yield whole_device(offer)
    if offer.shared:
        yield share_device(offer)


def _device_slices(devices: Sequence[Mapping[str, Any]]) -> Iterator[Content]:
    """Yield the device slices; one empty slice for no devices, so that "none" can be told from "not published"."""
    yield from ({"devices": batch} for batch in _batches(devices, DEVICES_PER_SLICE))
    if not devices:
        yield {"devices": []}


def _batches(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _current(pool: Pool, observed: Sequence[Slice], generation: int) -> dict[int, Slice]:
    """Return the slices to keep by their index, which their name begins with; one per index, of the newest generation."""
    current: dict[int, Slice] = {}
    for slice_ in sorted(observed, key=lambda slice_: str(slice_["metadata"]["name"])):
        match = _INDEX.match(slice_["metadata"]["name"])
        index = int(match.group(1), 16) if match else len(pool.contents)
        ours = _pool(slice_).get("name") == pool.node_name and _generation(slice_) == generation
        if ours and index < len(pool.contents):
            current.setdefault(index, slice_)
    return dict(sorted(current.items()))


def _same(slice_: Slice, pool: Pool, index: int, generation: int) -> bool:
    wanted, stored = _spec(pool, index, generation), slice_["spec"]
    fields = ("pool", *_CONTENT_FIELDS)
    return bool(normalised(_only(wanted, fields)) == normalised(_only(stored, fields)))


def _only(spec: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {field: spec.get(field) for field in fields}


def _spec(pool: Pool, index: int, generation: int) -> dict[str, Any]:
    return {
        "driver": DRIVER,
        "nodeName": pool.node_name,
        "pool": {"name": pool.node_name, "generation": generation, "resourceSliceCount": len(pool.contents)},
        **pool.contents[index],
    }


def _manifest(pool: Pool, index: int, generation: int) -> dict[str, Any]:
    owner = {"apiVersion": "v1", "kind": "Node", "name": pool.node_name, "uid": pool.node_uid, "controller": True}
    return {
        "apiVersion": API_VERSION,
        "kind": "ResourceSlice",
        "metadata": {"generateName": f"{index:05x}-{DRIVER}-{pool.node_name}-", "ownerReferences": [owner]},
        "spec": _spec(pool, index, generation),
    }


def _update(slice_: Slice, pool: Pool, index: int, generation: int) -> Update:
    metadata = slice_["metadata"]
    spec = with_stored_times(_spec(pool, index, generation), slice_["spec"])
    patch = {"metadata": {"resourceVersion": metadata["resourceVersion"]}, "spec": {**spec, **_cleared(spec, slice_)}}
    return Update(metadata["name"], patch)


def _cleared(spec: Mapping[str, Any], slice_: Slice) -> dict[str, None]:
    """Return null for the content that the slice has and should not have: a merge patch removes nothing else."""
    return {field: None for field in _CONTENT_FIELDS if field in slice_["spec"] and field not in spec}


def _delete(slice_: Slice) -> Delete:
    metadata = slice_["metadata"]
    return Delete(metadata["name"], metadata["uid"], metadata["resourceVersion"])


def _pool(slice_: Slice) -> Mapping[str, Any]:
    pool: Mapping[str, Any] = slice_["spec"].get("pool", {})
    return pool


def _generation(slice_: Slice) -> int:
    return int(_pool(slice_).get("generation", 0))


def _quantity(text: str) -> int | str:
    try:
        return parse_quantity(text)
    except InvalidInputError:
        return text  # a value of ours never; one of a stranger's slice is simply different


def _missing(sent: Any, stored: Any, path: str) -> Iterator[str]:  # noqa: ANN401  any JSON
    if isinstance(sent, dict) and isinstance(stored, dict):
        for key, member in sent.items():
            yield from _missing(member, stored.get(key), f"{path}.{key}")
    elif isinstance(sent, list) and isinstance(stored, list) and len(sent) == len(stored):
        for number, (member, other) in enumerate(zip(sent, stored, strict=True)):
            yield from _missing(member, other, f"{path}[{number}]")
    elif sent != stored:
        yield path
