"""The configuration of a node: text in, frozen values out, and what they say of each card. Pure.

Three formats are read: ours, `defaults` and `nodes` (docs/configuration.md), and HAMi's two, as its chart writes them: `nodeconfig`, and
the device configuration, whose section `nvidia` is for all nodes and in part for the webhook.
The whole text must be well-formed; values that cannot be had are refused on the node they concern, so that an entry for one node
stops no other. Not here: reading and following the file (dra_driver.configuration_file), and what is offered (dra_driver.slices.offer).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec

from catalog.documents import formed
from catalog.errors import InvalidInputError
from catalog.names import CORES_PER_CARD, MIB, SLOTS_PER_CARD
from catalog.yaml_text import parse_yaml
from dra_driver.cards.card import Card
from dra_driver.containers.delivery import Delivery

DEFAULT_SPLIT_COUNT: Final = 10
_LARGEST_CORE_SCALING: Final = 10
_LARGEST_MEMORY_SCALING: Final = 10


class Mode(StrEnum):
    """How a card is offered."""

    SHARE = "share"
    WHOLE = "whole"
    BOTH = "both"
    """Whole or in shares, whichever comes first."""
    MIG = "mig"
    """For MIG devices alone."""


class CrossCheckPolicy(StrEnum):
    """What follows when a process uses a card past the interceptor."""

    REPORT = "report"
    """Metric, log and the pod's event."""
    EVICT = "evict"
    """The same, and the pod is evicted."""
    OFF = "off"


@dataclass(frozen=True, slots=True)
class CardMode:
    """The mode of one card, named by UUID or by index."""

    mode: Mode
    uuid: str | None = None
    index: int | None = None

    def concerns(self, card: Card) -> bool:
        """Whether this is about `card`."""
        return card.uuid == self.uuid or card.index == self.index


@dataclass(frozen=True, slots=True)
class CardScaling:
    """The memory scaling of one card, named by UUID or by index."""

    memory_scaling: float
    uuid: str | None = None
    index: int | None = None

    def concerns(self, card: Card) -> bool:
        """Whether this is about `card`."""
        return card.uuid == self.uuid or card.index == self.index


@dataclass(frozen=True, slots=True)
class NodeConfiguration:
    """What holds on one node, complete."""

    split_count: int = DEFAULT_SPLIT_COUNT
    """Shares that a card has room for, at least."""
    memory_scaling: float = 1.0
    """What shares may hold together, in parts of a card's memory; above 1 it is oversubscribed (dra_driver.slices.oversubscription)."""
    core_scaling: float = 1.0
    """`cores` that shares may hold together, in cards."""
    hidden_uuids: frozenset[str] = frozenset()
    hidden_indexes: frozenset[int] = frozenset()
    mode: Mode = Mode.BOTH
    card_modes: tuple[CardMode, ...] = ()
    """Exceptions from `mode`; the first that concerns a card counts."""
    card_scalings: tuple[CardScaling, ...] = ()
    """Exceptions from `memory_scaling`, in the same way."""
    preconfigured_memory_bytes: int = 0
    """Memory of cards whose driver reports none; 0 is not given."""
    disable_core_limit: bool = False
    """Whether shares granted from now on go without a limit on compute."""
    strict: bool = False
    """Whether shares granted from now on are denied functions of the driver that nobody knows."""
    delivery: Delivery = Delivery.PRELOAD
    """How containers get the interceptor; looked at when a driver starts."""
    cross_check: CrossCheckPolicy = CrossCheckPolicy.REPORT
    without_effect: tuple[str, ...] = ()
    """Fields of HAMi that were given and mean nothing here."""

    @property
    def cores_percent(self) -> int:
        """The `cores` that shares of one card may hold together, in percent of a card."""
        return max(1, int(CORES_PER_CARD * self.core_scaling))

    def hides(self, card: Card) -> bool:
        """Whether a card is none of ours."""
        return card.uuid in self.hidden_uuids or card.index in self.hidden_indexes

    def mode_of(self, card: Card) -> Mode:
        """Return how a card is offered."""
        return next((exception.mode for exception in self.card_modes if exception.concerns(card)), self.mode)

    def memory_scaling_of(self, card: Card) -> float:
        """Return what shares of a card may hold together, in parts of its memory."""
        exceptions = (exception.memory_scaling for exception in self.card_scalings if exception.concerns(card))
        return next(exceptions, self.memory_scaling)

    def with_memory(self, card: Card) -> Card:
        """Return the card with the memory that counts: as NVML says, or as configured where it says nothing."""
        return card if card.memory_bytes else replace(card, memory_bytes=self.preconfigured_memory_bytes)


_SplitCount = Annotated[int, msgspec.Meta(ge=1, le=SLOTS_PER_CARD)]
_Scaling = Annotated[float, msgspec.Meta(gt=0, le=1000)]
_Index = Annotated[int, msgspec.Meta(ge=0)]
_Count = Annotated[int, msgspec.Meta(ge=0)]
_Name = Annotated[str, msgspec.Meta(min_length=1)]
_Strict = TypeVar("_Strict", bound=msgspec.Struct)


class _Filter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    uuid: tuple[str, ...] = ()
    index: tuple[_Index, ...] = ()


class _Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    mode: Mode | None = None
    device_memory_scaling: _Scaling | None = None
    uuid: str | None = None
    index: _Index | None = None


class _Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What `defaults` and each entry of `nodes` may say; None is not said."""

    device_split_count: _SplitCount | None = None
    device_memory_scaling: _Scaling | None = None
    device_core_scaling: _Scaling | None = None
    filter_devices: _Filter | None = None
    mode: Mode | None = None
    cards: tuple[_Card, ...] | None = None
    preconfigured_device_memory: _Count | None = None
    disable_core_limit: bool | None = None
    strict: bool | None = None
    delivery: Delivery | None = None
    cross_check: CrossCheckPolicy | bool | None = None
    """YAML takes a bare `off` for false."""


class _Node(_Settings, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    name: _Name


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    defaults: _Settings = _Settings()
    nodes: tuple[_Node, ...] = ()


class _HamiNode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """HAMi's NodeDefaultConfig and what surrounds it; zero and empty are not given, as in HAMi."""

    name: _Name
    operatingmode: Literal["", "hami-core", "mig", "mps"] = ""
    devicememoryscaling: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 0
    devicecorescaling: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 0
    devicesplitcount: Annotated[int, msgspec.Meta(ge=0, le=SLOTS_PER_CARD)] = 0
    preconfigureddevicememory: _Count = 0
    filterdevices: _Filter | None = None
    migstrategy: Literal["", "none", "single", "mixed"] = ""
    libcudaloglevel: int | None = None
    enablenumatopology: bool | None = None
    enablegetpreferredallocation: bool | None = None


class _HamiDevices(msgspec.Struct, frozen=True, rename="camel"):
    """The section `nvidia` of HAMi's device configuration: what is the nodes' of it. Zero is not given."""

    device_split_count: Annotated[int, msgspec.Meta(ge=0, le=SLOTS_PER_CARD)] = 0
    device_memory_scaling: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 0
    device_core_scaling: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 0
    pre_configured_device_memory: _Count = 0
    disable_core_limit: bool = False


class _HamiDeviceFile(msgspec.Struct, frozen=True):
    """What stands beside the section is other vendors' or the webhook's."""

    nvidia: _HamiDevices


class _HamiFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nodeconfig: tuple[_HamiNode, ...]


_HAMI_MODES: Final = {"hami-core": Mode.BOTH, "mig": Mode.MIG}
_HAMI_WITHOUT_EFFECT: Final = ("libcudaloglevel", "enablenumatopology", "enablegetpreferredallocation")


def parse_configuration(text: str, node_name: str, where: str, base: NodeConfiguration) -> NodeConfiguration:
    """Return what `text` says of a node, over `base`.

    `where` names the file in messages. Ours: `defaults`, and over them the first entry of `nodes` whose name, a glob pattern,
    matches. HAMi's: every entry of that very name, in order; or the section `nvidia`. Raises `InvalidInputError` naming file, path
    and remedy.
    """
    try:
        document = parse_yaml(text, where)
    except InvalidInputError as error:
        raise InvalidInputError(f"{error}; {_SEE_DOCUMENT}") from error
    if isinstance(document, Mapping) and any(str(key).lower() == "nodeconfig" for key in document):
        return _of_hami(_decode(_lowered(document), _HamiFile, where), node_name, where, base)
    if isinstance(document, Mapping) and "nvidia" in document:
        return _of_hami_devices(_decode(document, _HamiDeviceFile, where).nvidia, f"{where}: nvidia", base)
    return _of_ours(_decode({} if document is None else document, _File, where), node_name, where, base)


def _of_ours(file: _File, node_name: str, where: str, base: NodeConfiguration) -> NodeConfiguration:
    applied = _applied(file.defaults, f"{where}: defaults", base)
    for number, node in enumerate(file.nodes):
        if fnmatchcase(node_name, node.name):
            return _applied(node, f"{where}: nodes[{number}]", applied)
    return applied


def _applied(settings: _Settings, path: str, base: NodeConfiguration) -> NodeConfiguration:
    """Return `base` changed by what is said."""
    hidden = settings.filter_devices
    memory_mib = settings.preconfigured_device_memory
    return replace(
        base,
        split_count=_said(settings.device_split_count, base.split_count),
        memory_scaling=_memory_scaling(settings.device_memory_scaling, f"{path}.deviceMemoryScaling", base),
        core_scaling=_core_scaling(settings.device_core_scaling, f"{path}.deviceCoreScaling", base),
        hidden_uuids=base.hidden_uuids if hidden is None else frozenset(hidden.uuid),
        hidden_indexes=base.hidden_indexes if hidden is None else frozenset(hidden.index),
        mode=_said(settings.mode, base.mode),
        card_modes=base.card_modes if settings.cards is None else _card_modes(settings.cards, path),
        card_scalings=base.card_scalings if settings.cards is None else _card_scalings(settings.cards, path),
        preconfigured_memory_bytes=base.preconfigured_memory_bytes if memory_mib is None else memory_mib * MIB,
        disable_core_limit=_said(settings.disable_core_limit, base.disable_core_limit),
        strict=_said(settings.strict, base.strict),
        delivery=_said(settings.delivery, base.delivery),
        cross_check=_cross_check(settings.cross_check, f"{path}.crossCheck", base),
    )


_Value = TypeVar("_Value")


def _said(value: _Value | None, default: _Value) -> _Value:
    return default if value is None else value


def _card_modes(cards: tuple[_Card, ...], path: str) -> tuple[CardMode, ...]:
    for number, card in enumerate(cards):
        if (card.uuid is None) == (card.index is None):
            raise InvalidInputError(
                f"{path}.cards[{number}]: name the card by either uuid or index; nvidia-smi -L shows both"
            )
        if card.mode is None and card.device_memory_scaling is None:
            raise InvalidInputError(f"{path}.cards[{number}]: says nothing; write mode or deviceMemoryScaling")
    return tuple(CardMode(card.mode, card.uuid, card.index) for card in cards if card.mode is not None)


def _card_scalings(cards: tuple[_Card, ...], path: str) -> tuple[CardScaling, ...]:
    said = [(number, card, card.device_memory_scaling) for number, card in enumerate(cards)]
    return tuple(
        CardScaling(
            _checked_memory_scaling(value, f"{path}.cards[{number}].deviceMemoryScaling"), card.uuid, card.index
        )
        for number, card, value in said
        if value is not None
    )


def _cross_check(value: CrossCheckPolicy | bool | None, path: str, base: NodeConfiguration) -> CrossCheckPolicy:
    if isinstance(value, bool):
        if value:
            raise InvalidInputError(f"{path}: write one of {', '.join(CrossCheckPolicy)}")
        return CrossCheckPolicy.OFF
    return _said(value, base.cross_check)


def _memory_scaling(value: float | None, path: str, base: NodeConfiguration) -> float:
    return base.memory_scaling if value is None else _checked_memory_scaling(value, path)


def _checked_memory_scaling(value: float, path: str) -> float:
    if value > _LARGEST_MEMORY_SCALING:
        raise InvalidInputError(f"{path}: {value:g}: write {_LARGEST_MEMORY_SCALING} or less")
    return value


def _core_scaling(value: float | None, path: str, base: NodeConfiguration) -> float:
    if value is None:
        return base.core_scaling
    if value > _LARGEST_CORE_SCALING:
        raise InvalidInputError(f"{path}: {value:g}: write {_LARGEST_CORE_SCALING} or less")
    return value


def _of_hami(file: _HamiFile, node_name: str, where: str, base: NodeConfiguration) -> NodeConfiguration:
    applied = base
    for number, node in enumerate(file.nodeconfig):
        if node.name == node_name:
            applied = _applied_hami(node, f"{where}: nodeconfig[{number}]", applied)
    return applied


def _applied_hami(node: _HamiNode, path: str, base: NodeConfiguration) -> NodeConfiguration:
    if node.operatingmode == "mps":
        raise InvalidInputError(f"{path}.operatingmode: mps is not supported; write hami-core or mig")
    given = node.filterdevices
    hidden = given if given and (given.uuid or given.index) else None
    without_effect = tuple(field for field in _HAMI_WITHOUT_EFFECT if getattr(node, field) is not None)
    return replace(
        base,
        split_count=node.devicesplitcount or base.split_count,
        memory_scaling=_memory_scaling(node.devicememoryscaling or None, f"{path}.devicememoryscaling", base),
        core_scaling=_core_scaling(node.devicecorescaling or None, f"{path}.devicecorescaling", base),
        hidden_uuids=frozenset(hidden.uuid) if hidden else base.hidden_uuids,
        hidden_indexes=frozenset(hidden.index) if hidden else base.hidden_indexes,
        mode=_HAMI_MODES.get(node.operatingmode, base.mode),
        preconfigured_memory_bytes=node.preconfigureddevicememory * MIB or base.preconfigured_memory_bytes,
        without_effect=without_effect + (("migstrategy",) if node.migstrategy not in ("", "none") else ()),
    )


def _of_hami_devices(section: _HamiDevices, path: str, base: NodeConfiguration) -> NodeConfiguration:
    return replace(
        base,
        split_count=section.device_split_count or base.split_count,
        memory_scaling=_memory_scaling(section.device_memory_scaling or None, f"{path}.deviceMemoryScaling", base),
        core_scaling=_core_scaling(section.device_core_scaling or None, f"{path}.deviceCoreScaling", base),
        preconfigured_memory_bytes=section.pre_configured_device_memory * MIB or base.preconfigured_memory_bytes,
        disable_core_limit=section.disable_core_limit or base.disable_core_limit,
    )


def _lowered(value: Any) -> Any:  # noqa: ANN401  any YAML
    """Return a document with its keys in lower case: HAMi's own reader takes any."""
    if isinstance(value, Mapping):
        return {str(key).lower(): _lowered(member) for key, member in value.items() if member is not None}
    return [_lowered(member) for member in value] if isinstance(value, list) else value


def _decode(document: object, form: type[_Strict], where: str) -> _Strict:
    return formed(document, form, where, lambda problem, field: _remedy(problem, field, form))


def _remedy(problem: str, field: str, form: type[msgspec.Struct]) -> str:
    if "unknown field" not in problem:
        return _EXAMPLES.get(field.rpartition(".")[2].lower(), _SEE_DOCUMENT)
    name = field.rpartition(".")[2].partition("[")[0]
    fields = _FORMS.get(name, form).__struct_encode_fields__
    return f"the fields here are {', '.join(fields)}"


_FORMS: Final[Mapping[str, type[msgspec.Struct]]] = {
    "defaults": _Settings,
    "nodes": _Node,
    "cards": _Card,
    "filterDevices": _Filter,
    "nodeconfig": _HamiNode,
    "nvidia": _HamiDevices,
    "filterdevices": _Filter,
}
_SEE_DOCUMENT: Final = "docs/configuration.md describes the file"
_EXAMPLES: Final = {
    "devicesplitcount": f"write a number from 1 to {SLOTS_PER_CARD}, such as 10",
    "devicememoryscaling": f"write a number above 0 and up to {_LARGEST_MEMORY_SCALING}, such as 1.5",
    "devicecorescaling": f"write a number above 0 and up to {_LARGEST_CORE_SCALING}, such as 1.5",
    "preconfigureddevicememory": "write whole MiB, such as 65536",
    "mode": f"write one of {', '.join(Mode)}",
    "operatingmode": "write hami-core or mig",
    "name": "write a node's name, or a pattern such as gpu-*",
    "disablecorelimit": "write true or false",
    "crosscheck": f"write one of {', '.join(CrossCheckPolicy)}",
    "delivery": f"write one of {', '.join(Delivery)}",
}
