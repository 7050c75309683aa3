"""New nodes as text, in the style of the file that they go into.

Pure. Not here: where in the file they go (editing).
"""

import io
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import yaml

from webhook.manifest_files.tree import Alias, Node, Pair, Tree, below
from webhook.manifest_files.values import value_of

_ENDLESS: Final = 1_000_000
"""A line's width: nothing new is folded."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written. In YAML what is new is indented by two spaces, whatever stands beside it."""

    is_list_indented: bool = False
    """Whether the dashes of a list stand further to the right than its key."""
    line_end: str = "\n"
    is_json: bool = False
    indent: int = 2
    """Spaces of one level in JSON."""


def style_of(tree: Tree) -> Style:
    """Return the style that most of a file has."""
    if tree.is_json:
        return Style(line_end=_line_end(tree.text), is_json=True, indent=_json_indent(tree.text))
    dashes: Counter[bool] = Counter()
    for mapping in (node for root in tree.documents for node in below(root) if is_block(node, yaml.MappingNode)):
        for key, value in mapping.value:
            if is_block(value, yaml.SequenceNode) and value.start_mark.line > key.start_mark.line:
                dashes[value.start_mark.column > key.start_mark.column] += 1
    return Style(is_list_indented=dashes[True] > dashes[False], line_end=_line_end(tree.text))


def _line_end(text: str) -> str:
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def _json_indent(text: str) -> int:
    """What the first line that is indented is indented by."""
    found = re.search(r"\n( +)\S", text)
    return len(found[1]) if found else 2


def is_block(node: Node, kind: type[Node]) -> bool:
    """Whether a node is of this kind and written in lines, not in brackets."""
    return isinstance(node, kind) and isinstance(node, yaml.CollectionNode) and not node.flow_style


def block_text(node: Node, style: Style, column: int) -> str:
    """Return lines that stand for a mapping or a list at this column, each with its end."""
    lines = _emitted(node, style).splitlines()
    return "".join(f"{' ' * column if line else ''}{line}{style.line_end}" for line in lines)


def flow_text(node: Node, style: Style, indentation: str = "", unit: str | None = None) -> str:
    """Return a node on one line, or as JSON on lines of which all but the first start with `indentation`."""
    if style.is_json:
        text = json.dumps(value_of(node), ensure_ascii=False, indent=unit)
        return text.replace("\n", f"{style.line_end}{indentation}")
    listed = yaml.SequenceNode("tag:yaml.org,2002:seq", [node], flow_style=True)
    return _emitted(listed, style).strip()[1:-1]


def flow_pair_text(pair: Pair, style: Style, indentation: str = "", unit: str | None = None) -> str:
    """Return a member of a mapping in brackets, in the same way."""
    key, value = pair
    if style.is_json:
        return f"{json.dumps(value_of(key), ensure_ascii=False)}: {flow_text(value, style, indentation, unit)}"
    listed = yaml.MappingNode("tag:yaml.org,2002:map", [pair], flow_style=True)
    return _emitted(listed, style).strip()[1:-1]


def _emitted(node: Node, style: Style) -> str:
    stream = io.StringIO()
    dumper = _Dumper(stream, width=_ENDLESS, allow_unicode=True)
    dumper.is_list_indented = style.is_list_indented
    dumper.open()
    dumper.serialize(node)
    dumper.close()
    return stream.getvalue()


class _Dumper(yaml.SafeDumper):
    """PyYAML's, but that lists may be indented, and that aliases are those of the file."""

    is_list_indented = False

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless and not self.is_list_indented)

    def anchor_node(self, node: Node) -> None:
        if not isinstance(node, Alias):
            super().anchor_node(node)

    def serialize_node(self, node: Node, parent: Node | None, index: Any) -> None:  # noqa: ANN401  key or position
        if isinstance(node, Alias):
            self.emit(yaml.AliasEvent(node.name))
        else:
            super().serialize_node(node, parent, index)
