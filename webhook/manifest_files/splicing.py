"""What was changed in a tree of nodes, as pieces that are cut out of its text and put in.

A collection is as it was, or it lost members, got new ones at a place, or a member has another value. What was in no text before is
written anew, in the style of the file. Pure. Not here: what is to be changed (editing).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from catalog.errors import InvalidInputError
from webhook.manifest_files.rendering import Style, block_text, flow_pair_text, flow_text
from webhook.manifest_files.tree import Node, Tree, line_of

Member = Any
"""A node of a list, or key and value of a mapping."""

Before = dict[int, tuple[Node, list[Member]]]
"""What was in a collection before it was changed, by its `id`."""


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` takes the place of what stands from `start` to `end`, in characters of the file."""

    start: int
    end: int
    text: str


def spliced(tree: Tree, before: Before, style: Style) -> str:
    """Return the tree's text with all changes in it. Raises `InvalidInputError` where that cannot be done in place."""
    changes = _Changes(tree.text, before, style)
    found = [piece for root in tree.documents for piece in changes.of(root)]
    pieces = sorted(found, key=lambda piece: (piece.start, piece.end))  # at one place, the inner before the outer
    parts, position = [], 0
    for piece in pieces:
        if piece.start < position:
            raise InvalidInputError("written in a way that cannot be changed in place; write it in plain block style")
        parts += [tree.text[position : piece.start], piece.text]
        position = piece.end
    return "".join([*parts, tree.text[position:]])


@dataclass(frozen=True, slots=True)
class _Difference:
    """What became of a collection's members."""

    old: list[Member]
    kept: dict[int, Member]
    """By position in `old`, as it is now."""
    new: list[list[Member]]
    """At each position those that now stand before it, one position more than `old` has."""

    @classmethod
    def of(cls, old: list[Member], now: list[Member]) -> "_Difference":
        """Compare: a member is the same if its key, or in a list the node itself, is the same node."""
        places = {id(_first(member)): place for place, member in enumerate(old)}
        difference = cls(old, {}, [[] for _ in range(len(old) + 1)])
        place = 0
        for member in now:
            found = places.get(id(_first(member)))
            if found is None:
                difference.new[place].append(member)
            else:
                difference.kept[found] = member
                place = found + 1
        return difference


class _Changes:
    """Finds the pieces, those of inner collections first."""

    def __init__(self, text: str, before: Before, style: Style) -> None:
        self._text = text
        self._before = before
        self._style = style

    def of(self, node: Node) -> Iterator[Piece]:
        """Yield the pieces of all below a node that stands in the text, and of the node itself."""
        if not isinstance(node, yaml.CollectionNode):
            return
        for member in node.value:
            if not self._is_new(_last(member)):
                yield from self.of(_last(member))
        changes = _Difference.of(self._old(node), node.value)
        yield from self._values(node, changes)
        if id(node) in self._before:
            yield from self._in_flow(changes) if node.flow_style else self._in_block(node, changes)

    def _is_new(self, node: Node) -> bool:
        """Whether a node is to be written anew: it was in no text, or was or is empty, so that there is no place in it."""
        if node.start_mark is None:
            return True
        return id(node) in self._before and not (self._old(node) and node.value)

    def _old(self, node: Node) -> list[Member]:
        """What was in a collection before."""
        members: list[Member] = self._before[id(node)][1] if id(node) in self._before else node.value
        return members

    def _values(self, node: yaml.CollectionNode, changes: _Difference) -> Iterator[Piece]:
        """Yield what a mapping's members that stayed have as other values."""
        if not isinstance(node, yaml.MappingNode):
            return
        for place, (key, value) in changes.kept.items():
            old = changes.old[place][1]
            if value is old and not self._is_new(value):
                continue
            new = _in_lines(value) if not node.flow_style else value
            start, end = old.start_mark.index, max(self._end(old), key.end_mark.index)
            if node.flow_style or not (_is_in_lines(new) or _is_in_lines(old)):
                gap = " " if start >= end else ""
                yield Piece(start, end, gap + flow_text(new, self._style, *self._indentation(key)))
            else:
                pair = yaml.MappingNode(node.tag, [(key, new)], flow_style=False)
                lines = block_text(pair, self._style, key.start_mark.column)
                yield Piece(key.start_mark.index, end, lines.strip())

    def _in_block(self, node: yaml.CollectionNode, changes: _Difference) -> Iterator[Piece]:
        column = self._column(node, changes.old)
        for place, members in enumerate(changes.new):
            if members:
                anew = type(node)(node.tag, [_member_in_lines(member) for member in members], flow_style=False)
                yield self._inserted(changes, place, block_text(anew, self._style, column), column)
        for place in range(len(changes.old)):
            if place not in changes.kept:
                yield self._cut_lines(node, changes, place)

    def _inserted(self, changes: _Difference, place: int, lines: str, column: int) -> Piece:
        if place:
            position = self._line_end(self._end(changes.old[place - 1]))
            return Piece(position, position, lines)
        start = _first(changes.old[0]).start_mark.index
        line_start = self._line_start(start)
        if self._text[line_start:start].isspace() or line_start == start:
            return Piece(line_start, line_start, lines)
        if isinstance(changes.old[0], tuple):
            return Piece(start, start, lines.lstrip() + " " * column)
        dash = self._text.rindex("-", line_start, start)
        return Piece(dash, dash, lines.lstrip() + " " * column)

    def _cut_lines(self, node: yaml.CollectionNode, changes: _Difference, place: int) -> Piece:
        member = changes.old[place]
        start, end = _first(member).start_mark.index, self._line_end(self._end(member))
        line_start = self._line_start(start)
        lead = self._text[line_start:start]
        if isinstance(node, yaml.SequenceNode):
            lead = lead.rstrip().removesuffix("-")
        if not lead.strip():
            return Piece(line_start, end, self._comments(line_start, end))
        following = next((changes.old[later] for later in sorted(changes.kept) if later > place), None)
        if following is None or isinstance(node, yaml.SequenceNode):
            raise InvalidInputError(
                f"line {line_of(_first(member))}: cannot be taken out in place; write it on a line of its own"
            )
        return Piece(start, _first(following).start_mark.index, "")

    def _comments(self, start: int, end: int) -> str:
        """What stays of lines that are taken out: those that are nothing but a comment."""
        lines = self._text[start:end].splitlines(keepends=True)
        return "".join(line for line in lines if line.lstrip().startswith("#"))

    def _in_flow(self, changes: _Difference) -> Iterator[Piece]:
        old, last = changes.old, len(changes.old)
        place = 0
        while place <= last:
            stop = place
            while stop < last and stop not in changes.kept:
                stop += 1
            members = [member for news in changes.new[place : stop + 1] for member in news]
            if stop > place or members:
                yield self._replaced_in_flow(old, place, stop, members)
            place = stop + 1

    def _replaced_in_flow(self, old: list[Member], start: int, stop: int, members: list[Member]) -> Piece:
        """The piece that puts `members` in the place of those from `start` to before `stop`."""
        indentation, unit = self._indentation(_first(old[0]))
        comma = f",{self._style.line_end}{indentation}" if unit else ", "
        texts = [self._flow_member(member, indentation, unit) for member in members]
        begins = [_first(member).start_mark.index for member in old]
        if stop < len(old):
            return Piece(begins[start], begins[stop], "".join(text + comma for text in texts))
        if start:
            return Piece(self._end(old[start - 1]), self._end(old[-1]), "".join(comma + text for text in texts))
        return Piece(begins[0], self._end(old[-1]), comma.join(texts))

    def _flow_member(self, member: Member, indentation: str, unit: str | None) -> str:
        if isinstance(member, tuple):
            return flow_pair_text(member, self._style, indentation, unit)
        return flow_text(member, self._style, indentation, unit)

    def _indentation(self, member: Node) -> tuple[str, str | None]:
        """Return what a member's line starts with, and in JSON on lines, by what each level is indented."""
        start = member.start_mark.index
        lead = self._text[self._line_start(start) : start]
        if not self._style.is_json or lead.strip() or not lead:
            return "", None
        return lead, "\t" if "\t" in lead else " " * self._style.indent

    def _column(self, node: Node, old: list[Member]) -> int:
        first = _first(old[0]).start_mark
        if isinstance(node, yaml.MappingNode):
            return int(first.column)
        if self._text.startswith("-", node.start_mark.index):
            return int(node.start_mark.column)
        line_start = self._line_start(first.index)
        dash = self._text.rfind("-", line_start, first.index)
        if dash < 0:
            raise InvalidInputError(
                f"line {line_of(node)}: cannot be changed in place; write each item beside its dash"
            )
        return dash - line_start

    def _end(self, member: Member) -> int:
        """Where in the text the content of a member ends, without what follows: comments, empty lines."""
        if isinstance(member, tuple):
            return max(int(member[0].end_mark.index), self._end(member[1]))
        if isinstance(member, yaml.ScalarNode) and member.style in ("|", ">"):
            start = member.start_mark.index
            return int(start + len(self._text[start : member.end_mark.index].rstrip()))
        if isinstance(member, yaml.CollectionNode) and not member.flow_style:
            return self._end(self._old(member)[-1])
        return int(member.end_mark.index)

    def _line_start(self, position: int) -> int:
        return self._text.rfind("\n", 0, position) + 1

    def _line_end(self, position: int) -> int:
        """Where the next line starts, or the text ends."""
        found = self._text.find("\n", position)
        return len(self._text) if found < 0 else found + 1


def _first(member: Member) -> Node:
    node: Node = member[0] if isinstance(member, tuple) else member
    return node


def _last(member: Member) -> Node:
    node: Node = member[1] if isinstance(member, tuple) else member
    return node


def _member_in_lines(member: Member) -> Member:
    return (member[0], _in_lines(member[1])) if isinstance(member, tuple) else _in_lines(member)


def _in_lines(node: Node) -> Node:
    """What was an empty pair of brackets is written in lines when something is in it."""
    if isinstance(node, yaml.CollectionNode) and node.value and node.start_mark is not None:
        return type(node)(node.tag, node.value, flow_style=False)
    return node


def _is_in_lines(node: Node) -> bool:
    if isinstance(node, yaml.CollectionNode):
        return bool(node.value) and not node.flow_style
    return getattr(node, "style", None) in ("|", ">")
