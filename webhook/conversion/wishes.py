"""What a pod as a whole wishes of its cards, by HAMi's annotations: which cards, in which mode, preferred in which order.

Pure. Not here: how much of a card (webhook.conversion.needs), and how wishes become alternatives of a request
(webhook.conversion.preferences).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeVar

from catalog.errors import InvalidInputError
from catalog.names import CORES_PER_CARD
from catalog.quantity import parse_quantity
from webhook.conversion.rules import DEFAULT_RULES, CardPolicy, NodePolicy, Rules

MEMORY_LIMIT_MIB: Final = 2**22
ITEMS_LIMIT: Final = 64
"""Types, UUIDs or indexes in one annotation: a selector may have 10 KiB, and each device is matched with each."""
ITEM_LENGTH_LIMIT: Final = 64
"""Characters, as many as an attribute of a device may have."""

USE_TYPE: Final = "nvidia.com/use-gputype"
AVOID_TYPE: Final = "nvidia.com/nouse-gputype"
USE_UUID: Final = "nvidia.com/use-gpuuuid"
AVOID_UUID: Final = "nvidia.com/nouse-gpuuuid"
USE_INDEX: Final = "nvidia.com/use-gpuindexes"
AVOID_INDEX: Final = "nvidia.com/nouse-gpuindexes"
MODE: Final = "nvidia.com/vgpu-mode"
NUMA_BIND: Final = "nvidia.com/numa-bind"
NODE_POLICY: Final = "hami.io/node-scheduler-policy"
CARD_POLICY: Final = "hami.io/gpu-scheduler-policy"
MEMORY: Final = "hami.io/gpu-memory"
CORES: Final = "hami.io/gpu-core"
WEIGHTS: Final = "hami.io/device-scoring-weights"
VULKAN: Final = "hami.io/vulkan"
_READ: Final = (
    *(USE_TYPE, AVOID_TYPE, USE_UUID, AVOID_UUID, USE_INDEX, AVOID_INDEX, MODE),
    *(NUMA_BIND, NODE_POLICY, CARD_POLICY, MEMORY, CORES, WEIGHTS, VULKAN),
)
_TRUE: Final = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE: Final = frozenset(("", "0", "f", "F", "false", "FALSE", "False"))


class Mode(StrEnum):
    """In which form cards are taken (HAMi's `vgpu-mode`, and the whole card)."""

    SHARE = "hami-core"
    MIG = "mig"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What holds for every container of the pod."""

    use_types: tuple[str, ...] = ()
    """Parts of a product's name in small letters, of which one has to be there; empty is any."""
    avoid_types: tuple[str, ...] = ()
    use_uuids: tuple[str, ...] = ()
    avoid_uuids: tuple[str, ...] = ()
    use_indexes: tuple[int, ...] = ()
    avoid_indexes: tuple[int, ...] = ()
    modes: tuple[Mode, ...] = ()
    """The best first; empty is not said."""
    numa_bind: bool = False
    """Whether the cards of a container must be of one NUMA node."""
    node_policy: NodePolicy | None = None
    card_policies: tuple[CardPolicy, ...] = ()
    memory_mib: int = 0
    """For containers that name a count and nothing else; 0 is not said."""
    cores: int | None = None
    warnings: tuple[str, ...] = ()


NO_WISHES: Final = Wishes()

_CACHED_LENGTH: Final = 1024
"""Characters of annotations that are worth remembering: what is longer is read anew, so that memory stays bounded."""


def wishes_of(annotations: Mapping[str, str] | None, rules: Rules = DEFAULT_RULES) -> Wishes:
    """Return the wishes that a pod's annotations say. Raises `InvalidInputError` naming annotation, value and what may be written."""
    given = tuple((name, annotations[name]) for name in _READ if name in annotations) if annotations else ()
    if sum(len(text) for _, text in given) > _CACHED_LENGTH:
        return _read(given, rules.node_policy, rules.card_policies)
    return _remembered(given, rules.node_policy, rules.card_policies)


def _read(
    given: Sequence[tuple[str, str]], node_policy: NodePolicy | None, card_policies: tuple[CardPolicy, ...]
) -> Wishes:
    values = dict(given)
    return Wishes(
        use_types=_items(values, USE_TYPE, _type),
        avoid_types=_items(values, AVOID_TYPE, _type),
        use_uuids=_items(values, USE_UUID, _text),
        avoid_uuids=_items(values, AVOID_UUID, _text),
        use_indexes=_items(values, USE_INDEX, _index),
        avoid_indexes=_items(values, AVOID_INDEX, _index),
        modes=_items(values, MODE, _mode),
        numa_bind=_is_true(values, NUMA_BIND),
        node_policy=next(iter(_items(values, NODE_POLICY, _node_policy)), node_policy),
        card_policies=_items(values, CARD_POLICY, _card_policy) or card_policies,
        memory_mib=_number(values, MEMORY, MEMORY_LIMIT_MIB, "MiB per card") or 0,
        cores=_number(values, CORES, CORES_PER_CARD, "percent of a card"),
        warnings=tuple(_warnings(values)),
    )


_remembered: Final = lru_cache(maxsize=256)(_read)

_Item = TypeVar("_Item")


def _items(values: Mapping[str, str], name: str, read: Callable[[str, str], _Item]) -> tuple[_Item, ...]:
    """Return the items of a list that commas divide, each once; no item is no wish, as in HAMi."""
    texts = dict.fromkeys(filter(None, (part.strip() for part in values.get(name, "").split(","))))
    if len(texts) > ITEMS_LIMIT:
        raise InvalidInputError(f"annotation {name}: has {len(texts)} items; write at most {ITEMS_LIMIT}")
    return tuple(read(name, text) for text in texts)


def lowered(text: str) -> str:
    """Return a text in small letters as CEL's lowerAscii has it: letters beyond ASCII stay as they are."""
    return "".join(char.lower() if char.isascii() else char for char in text)


def _type(name: str, text: str) -> str:
    return lowered(_text(name, text))


def _text(name: str, text: str) -> str:
    if len(text) > ITEM_LENGTH_LIMIT or not text.isprintable():
        raise _unusable(name, text, f"write printable text of at most {ITEM_LENGTH_LIMIT} characters")
    return text


def _index(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise _unusable(name, text, "write indexes of cards as nvidia-smi has them, such as 0,1")
    return int(text)


def _mode(name: str, text: str) -> Mode:
    return _one_of(Mode, name, text)


def _node_policy(name: str, text: str) -> NodePolicy:
    return _one_of(NodePolicy, name, text)


def _card_policy(name: str, text: str) -> CardPolicy:
    return _one_of(CardPolicy, name, text)


_Choice = TypeVar("_Choice", bound=StrEnum)


def _one_of(choices: type[_Choice], name: str, text: str) -> _Choice:
    try:
        return choices(text)
    except ValueError as error:
        raise _unusable(name, text, f"write one of {', '.join(choices)}") from error


def _is_true(values: Mapping[str, str], name: str) -> bool:
    text = values.get(name, "")
    if text not in _TRUE | _FALSE:
        raise _unusable(name, text, "write true or false")
    return text in _TRUE


def _number(values: Mapping[str, str], name: str, most: int, unit: str) -> int | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    try:
        value = parse_quantity(text)
    except InvalidInputError as error:
        raise _unusable(name, text, f"write {unit}, a whole number up to {most}") from error
    if not 0 <= value <= most:
        raise _unusable(name, text, f"write {unit}, a whole number up to {most}")
    return value


def _warnings(values: Mapping[str, str]) -> list[str]:
    warnings = []
    if values.get(WEIGHTS):
        warnings.append(f"annotation {WEIGHTS}: has no effect; policies are {CARD_POLICY} and {NODE_POLICY}")
    if values.get(VULKAN, "") not in _FALSE:
        warnings.append(
            f"annotation {VULKAN}: memory that Vulkan takes is not counted, and not held to the share's limit"
        )
    return warnings


def _unusable(name: str, text: str, remedy: str) -> InvalidInputError:
    return InvalidInputError(f"annotation {name}: {text[:64]!r} is not usable; {remedy}")
