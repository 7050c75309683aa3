"""What a claim takes of a namespace's quota: cards, memory and cores, from its requests, or from its allocation where it has one. Pure.

Source: resource.k8s.io/v1, ResourceClaim. Only device classes of ours count; a class of an administrator's own is not known here.
Not here: what a quota allows (webhook.quotas.quota).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec

from catalog.errors import InvalidInputError
from catalog.names import (
    CAPACITY_CORES,
    CAPACITY_MEMORY,
    CLASSES,
    CORES_PER_CARD,
    DRIVER,
    MIB,
    WHOLE_CARD_CLASS,
)
from catalog.quantity import parse_quantity

ALL_DEVICES: Final = 32
"""What `allocationMode: All` counts as, as Kubernetes' own quota on device classes has it."""
_MOST: Final = 2**31


@dataclass(frozen=True, slots=True)
class Charge:
    """`cards`; of them `whole_memory` with all of their memory, of the others `memory_mib` together; `cores` in percent."""

    cards: int = 0
    memory_mib: int = 0
    whole_memory: int = 0
    cores: int = 0

    def __add__(self, other: "Charge") -> "Charge":
        return Charge(
            self.cards + other.cards,
            self.memory_mib + other.memory_mib,
            self.whole_memory + other.whole_memory,
            self.cores + other.cores,
        )

    def __sub__(self, other: "Charge") -> "Charge":
        return self + other.times(-1)

    def times(self, count: int) -> "Charge":
        """Return so many of it."""
        return Charge(self.cards * count, self.memory_mib * count, self.whole_memory * count, self.cores * count)


NOTHING: Final = Charge()


class _Capacity(msgspec.Struct, frozen=True):
    requests: dict[str, str | int | float] | None = None


class _Fields(msgspec.Struct, frozen=True, rename="camel"):
    """What a request asks, or one of its alternatives, which has a name of its own."""

    name: str = ""
    device_class_name: str = ""
    allocation_mode: str = ""
    count: int | None = None
    capacity: _Capacity | None = None
    admin_access: bool | None = None
    """Whether it only looks, and takes nothing."""


class _Request(msgspec.Struct, frozen=True, rename="camel"):
    name: str = ""
    exactly: _Fields | None = None
    first_available: list[_Fields] | None = None


class _Devices(msgspec.Struct, frozen=True):
    requests: list[_Request] | None = None


class _Spec(msgspec.Struct, frozen=True):
    devices: _Devices | None = None


class _Result(msgspec.Struct, frozen=True, rename="camel"):
    driver: str = ""
    request: str = ""
    admin_access: bool | None = None
    consumed_capacity: dict[str, str] | None = None


class _Results(msgspec.Struct, frozen=True):
    results: list[_Result] | None = None


class _Allocation(msgspec.Struct, frozen=True):
    devices: _Results | None = None


_Form = TypeVar("_Form", bound=msgspec.Struct)


def charge_of(spec: Mapping[str, Any], allocation: Mapping[str, Any] | None = None) -> Charge:
    """Return what a claim of this spec takes; of a list of alternatives the dearest, until it is allocated.

    Raises `InvalidInputError` for what is no claim's.
    """
    devices = _formed(spec, _Spec).devices or _Devices()
    requests = [list(_alternatives(request)) for request in devices.requests or ()]
    granted = (_formed(allocation, _Allocation).devices or _Results()) if allocation else _Results()
    results = [result for result in granted.results or () if result.driver == DRIVER]
    if not results:
        return _sum(_dearest(alternatives) for alternatives in requests)
    per_card = {each.name: each.card for alternatives in requests for each in alternatives}
    return _sum(_allocated(per_card.get(result.request), result) for result in results if not result.admin_access)


def _formed(value: Mapping[str, Any], form: type[_Form]) -> _Form:
    try:
        return msgspec.convert(value, form)
    except (msgspec.ValidationError, UnicodeError) as error:
        raise InvalidInputError(f"spec: {error}; write a claim of resource.k8s.io/v1") from error


@dataclass(frozen=True, slots=True)
class _Alternative:
    """How results name it, what each of its cards takes, and how many it asks."""

    name: str
    card: Charge
    count: int


def _alternatives(request: _Request) -> Iterator[_Alternative]:
    """Those of classes of ours."""
    named = [(f"{request.name}/{each.name}", each) for each in request.first_available or ()]
    if request.exactly:
        named.append((request.name, request.exactly))
    for name, fields in named:
        if fields.device_class_name in CLASSES and not fields.admin_access:
            count = ALL_DEVICES if fields.allocation_mode == "All" else fields.count or 1
            yield _Alternative(name, _card_of(fields), min(max(count, 0), _MOST))


def _card_of(fields: _Fields) -> Charge:
    if fields.device_class_name == WHOLE_CARD_CLASS:
        return Charge(1, whole_memory=1, cores=CORES_PER_CARD)
    asked = (fields.capacity.requests if fields.capacity else None) or {}
    memory_bytes = _quantity(asked.get(CAPACITY_MEMORY))
    cores = _quantity(asked.get(CAPACITY_CORES)) or 0
    if memory_bytes is None:
        return Charge(1, whole_memory=1, cores=cores)
    return Charge(1, memory_mib=-(-memory_bytes // MIB), cores=cores)


def _dearest(alternatives: Iterable[_Alternative]) -> Charge:
    """All of a card's memory is dearer than any part of it: how much that is depends on the card."""
    asked = [each.card.times(each.count) for each in alternatives]
    if not asked:
        return NOTHING
    whole, memory_mib = max((charge.whole_memory, charge.memory_mib) for charge in asked)
    return Charge(max(each.cards for each in asked), memory_mib, whole, max(each.cores for each in asked))


def _allocated(asked: Charge | None, result: _Result) -> Charge:
    """What was granted goes before what was asked. An exclusive device consumes no capacity."""
    consumed = result.consumed_capacity or {}
    memory_bytes = _quantity(consumed.get(CAPACITY_MEMORY))
    if memory_bytes is not None:
        return Charge(1, memory_mib=-(-memory_bytes // MIB), cores=_quantity(consumed.get(CAPACITY_CORES)) or 0)
    return asked or Charge(1, whole_memory=1)


def _quantity(text: object) -> int | None:
    if text is None:
        return None
    try:
        return max(0, parse_quantity(str(text)))
    except InvalidInputError:
        return None


def _sum(charges: Iterable[Charge]) -> Charge:
    return sum(charges, start=NOTHING)
