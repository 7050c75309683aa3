"""YAML (and JSON) as a tree in which every node knows its place in the text, and an alias is a leaf of its own.

PyYAML's nodes, so that scalars keep their spelling, and its reading of YAML 1.1, which is that of kubectl. Not here: what nodes mean
(values), and how a text is changed (editing).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.resolver import Resolver

from catalog.errors import InvalidInputError

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_SURROGATES: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
"""How JSON escapes a character beyond 16 bits, which YAML does not know. As long as what stands for it while the tree is made."""

Node = yaml.Node
Pair = tuple[Node, Node]


class Alias(yaml.Node):
    """A reference to a node that has an anchor."""

    def __init__(self, name: str, target: Node, marks: tuple[Any, Any] = (None, None)) -> None:
        """Without `marks` (start and end) it stands in no text yet."""
        super().__init__(target.tag, None, *marks)
        self.name = name
        self.target = target


@dataclass(frozen=True, slots=True)
class Tree:
    """The documents of one file."""

    text: str
    documents: tuple[Node, ...]
    anchored: dict[int, Node] = field(default_factory=dict)
    """The nodes that have an anchor, by their `id`."""
    is_json: bool = False


def tree_of(text: str, where: str) -> Tree:
    """Return the documents in `text`; empty ones are left out. Raises `InvalidInputError` naming `where` and the line."""
    composer = _Composer()
    is_json = _is_json(text)
    try:
        documents = composer.documents(_SURROGATES.sub(r"\1\\ue000\\ue000", text) if is_json else text)
    except yaml.MarkedYAMLError as error:
        raise _no_yaml(text, where, error.problem_mark, f"{error.problem or error.context}") from error
    except RecursionError as error:
        raise InvalidInputError(f"{where}: nested too deeply to be read") from error
    except Exception as error:  # PyYAML raises what it likes for bytes that are no text
        raise InvalidInputError(f"{where}: not YAML ({' '.join(str(error).split())[:300]})") from error
    return Tree(text, tuple(documents), composer.anchored, is_json)


def line_of(node: Node) -> int:
    """Return the line on which a node of a text starts, from 1."""
    return int(node.start_mark.line) + 1


def target_of(node: Node) -> Node:
    """Return the node itself, or what it is an alias of."""
    return node.target if isinstance(node, Alias) else node


def is_merge(key: Node) -> bool:
    """Whether a key is `<<`, which brings in the members of other mappings."""
    return isinstance(key, yaml.ScalarNode) and key.tag == "tag:yaml.org,2002:merge"


def merged_in(value: Node) -> Iterator[yaml.MappingNode]:
    """Yield the mappings that a merge's value names; an earlier one goes before a later. Raises `InvalidInputError`."""
    target = target_of(value)
    sources = target.value if isinstance(target, yaml.SequenceNode) else [target]
    for source in map(target_of, sources):
        if not isinstance(source, yaml.MappingNode):
            raise InvalidInputError(f"line {line_of(value)}: <<: only mappings can be merged; write *NAME of one")
        yield source


def below(node: Node) -> Iterator[Node]:
    """Yield a node and all that is written in it, aliases as such."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, yaml.SequenceNode):
            waiting += one.value
        elif isinstance(one, yaml.MappingNode):
            waiting += [part for pair in one.value for part in pair]


class _Composer:
    """From events to nodes, as PyYAML's composer, but that an alias stays one."""

    def __init__(self) -> None:
        self.anchored: dict[int, Node] = {}
        self._named: dict[str, Node] = {}
        self._resolver: Any = Resolver()

    def documents(self, text: str) -> list[Node]:
        events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        found = []
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._named.clear()
                node = self._node(next(events), events)
                if not _is_empty(node):
                    found.append(node)
        return found

    def _node(self, event: Any, events: Iterator[Any]) -> Node:  # noqa: ANN401  events have no types
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._known(event, self._scalar(event))
        is_sequence = isinstance(event, yaml.SequenceStartEvent)
        kind = yaml.SequenceNode if is_sequence else yaml.MappingNode
        tag = event.tag or self._resolver.resolve(kind, None, event.implicit)
        node = self._known(event, kind(tag, [], event.start_mark, None, flow_style=event.flow_style))
        for part in events:
            if isinstance(part, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                node.end_mark = part.end_mark
                break
            first = self._node(part, events)
            node.value.append(first if is_sequence else (first, self._node(next(events), events)))
        return node

    def _scalar(self, event: Any) -> Node:  # noqa: ANN401
        tag = event.tag or self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit)
        return yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark, event.style)

    def _known(self, event: Any, node: Node) -> Node:  # noqa: ANN401
        if event.anchor is not None:
            self._named[event.anchor] = node
            self.anchored[id(node)] = node
        return node

    def _alias(self, event: Any) -> Alias:  # noqa: ANN401
        if event.anchor not in self._named:
            raise yaml.MarkedYAMLError(None, None, f"no anchor &{event.anchor} above *{event.anchor}", event.start_mark)
        return Alias(event.anchor, self._named[event.anchor], (event.start_mark, event.end_mark))


def _is_empty(node: Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _no_yaml(text: str, where: str, mark: yaml.Mark | None, problem: str) -> InvalidInputError:
    line = f":{mark.line + 1}" if mark else ""
    hint = "; it looks like a Helm template: render it first (helm template … | hami-dra convert -f -)"
    return InvalidInputError(f"{where}{line}: not YAML ({problem}){hint if '{{' in text else ''}")
