"""What a tree of nodes says, as plain values: anchors, aliases and merges resolved, as the API server would see it.

Pure. Not here: the tree, and places in it that are to be changed (editing).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from catalog.errors import InvalidInputError
from webhook.manifest_files.tree import Node, is_merge, line_of, merged_in, target_of

MAX_VALUES: Final = 1_000_000
"""Of one document with its aliases followed. A few lines of aliases of aliases stand for more than any memory holds."""

_TAG: Final = "tag:yaml.org,2002:"
_MAX_INTEGER: Final = 2**63
_CONSTRUCTOR: Final = yaml.constructor.SafeConstructor()

Value = Any
"""What JSON can say: mappings of text, lists, text, numbers, truth, None."""


def value_of(node: Node) -> Value:
    """Return what a document says. Raises `InvalidInputError` naming the line."""
    return _Reading().value(node)[0]


def key_of(node: Node) -> str:
    """Return a mapping's key as the API server sees it. Raises `InvalidInputError` where it is no scalar."""
    target = target_of(node)
    if not isinstance(target, yaml.ScalarNode):
        raise InvalidInputError(
            f"line {line_of(node)}: a key that is a list or a mapping; write a word, and render what is a Helm template"
        )
    value = _scalar(target)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


class _Reading:
    """Reads nodes, each anchored one once: aliases share what was read."""

    def __init__(self) -> None:
        self._read: dict[int, tuple[Value, int]] = {}
        self._under_way: set[int] = set()

    def value(self, node: Node) -> tuple[Value, int]:
        """Return a node's value, and of how many values it is made with aliases followed."""
        target = target_of(node)
        if isinstance(target, yaml.ScalarNode):
            return _scalar(target), 1
        if id(target) in self._under_way:
            raise InvalidInputError(f"line {line_of(node)}: an alias of what it stands in; write the content instead")
        if id(target) not in self._read:
            self._under_way.add(id(target))
            self._read[id(target)] = self._collection(target)
            self._under_way.remove(id(target))
        value, size = self._read[id(target)]
        if size > MAX_VALUES:
            raise InvalidInputError(
                f"line {line_of(node)}: more than {MAX_VALUES} values with aliases followed; write them out in smaller files"
            )
        return value, size

    def _collection(self, node: Node) -> tuple[Value, int]:
        if isinstance(node, yaml.SequenceNode):
            items = [self.value(item) for item in node.value]
            return [value for value, _ in items], 1 + sum(size for _, size in items)
        own: dict[str, Value] = {}
        inherited: dict[str, Value] = {}
        total = 1
        for key, value in node.value:
            if is_merge(key):
                for source in merged_in(value):
                    brought, size = self.value(source)
                    inherited = brought | inherited
                    total += size
                continue
            name = key_of(key)
            if name in own:
                raise InvalidInputError(f'line {line_of(key)}: the key "{name[:64]}" is there twice; remove one')
            own[name], size = self.value(value)
            total += size
        return inherited | own, total


def _scalar(node: yaml.ScalarNode) -> Value:
    read = _READERS.get(node.tag.removeprefix(_TAG))
    return read(node.value) if read else _paired(node.value)


def _integer(text: str) -> int | str:
    try:
        value: int = _CONSTRUCTOR.construct_yaml_int(yaml.ScalarNode(f"{_TAG}int", text))
    except (ValueError, IndexError):
        return text
    is_usual = ":" not in text and abs(value) < _MAX_INTEGER
    return value if is_usual else text  # 12:30 is no number for Kubernetes, and more than 64 bits go as text


def _number(text: str) -> float | str:
    try:
        value: float = _CONSTRUCTOR.construct_yaml_float(yaml.ScalarNode(f"{_TAG}float", text))
    except (ValueError, IndexError):
        return text
    return value if ":" not in text and math.isfinite(value) else text


def _paired(text: str) -> str:
    """JSON writes what is beyond 16 bits as two escapes, which YAML may read as two characters."""
    if text.isascii():
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return text.encode("utf-8", "replace").decode()


_READERS: Final = {
    "null": lambda text: None,
    "bool": lambda text: str(text).lower() in ("true", "yes", "on"),
    "int": _integer,
    "float": _number,
}


def at(value: Value, steps: Sequence[str]) -> Value:
    """Return what stands below a value at these keys and positions, None if nothing does."""
    for step in steps:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list):
            value = value[int(step)] if step.isdecimal() and int(step) < len(value) else None
        else:
            return None
    return value
