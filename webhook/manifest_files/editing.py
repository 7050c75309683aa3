"""A JSON patch (RFC 6902: add, remove, replace) applied to a text: only what must change does; comments, order, quotes and anchors stay.

The patch changes the tree of nodes; what differs from the tree before becomes pieces of text that are cut out and put in. Aliases of
what changes are written out. What was left empty of a container's `resources` goes. Pure.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import yaml
from yaml.representer import SafeRepresenter

from catalog.errors import InvalidInputError
from webhook.manifest_files.rendering import style_of
from webhook.manifest_files.splicing import Before, spliced
from webhook.manifest_files.tree import Alias, Node, Tree, below, is_merge, merged_in, target_of, tree_of
from webhook.manifest_files.values import key_of, value_of

Operation = Mapping[str, Any]

PRUNED: Final = ("limits", "requests", "resources")
"""Members that say the same when they are empty and when they are absent."""

_FIRST: Final = "metadata"
"""A member that people expect before all others."""


def edited(tree: Tree, operations: Mapping[int, Sequence[Operation]]) -> str:
    """Return the text of a file after a patch of each of its documents, by their position. The tree is used up.

    Raises `InvalidInputError` where the text is written in a way that cannot be changed in place.
    """
    before: Before = {}
    style = style_of(tree)
    for index, patch in operations.items():
        _Document(tree, index, before).apply(patch)
    wanted = [value_of(root) for root in tree.documents]
    text = spliced(tree, before, style)
    try:
        is_right = [value_of(root) for root in tree_of(text, "").documents] == wanted
    except InvalidInputError:
        is_right = False
    if not is_right:
        raise InvalidInputError("written in a way that cannot be changed in place; write it in plain block style")
    return text


class _Document:
    """One document that is being patched."""

    def __init__(self, tree: Tree, index: int, before: Before) -> None:
        self._root = tree.documents[index]
        self._anchored = tree.anchored
        self._before = before
        self._removed_from: list[tuple[list[Node], list[str]]] = []

    def apply(self, patch: Sequence[Operation]) -> None:
        """Apply all operations, in their order."""
        paths = [_steps(operation["path"]) for operation in patch]
        self._write_out_aliases(paths)
        for operation, steps in zip(patch, paths, strict=True):
            self._apply(operation, steps)
        for holders, names in self._removed_from:
            self._prune(holders, names)

    def _apply(self, operation: Operation, steps: Sequence[str]) -> None:
        *parents, last = steps
        holders = list(self._way(parents))
        parent = holders[-1]
        match operation["op"]:
            case "remove":
                self._remove(parent, last)
                self._removed_from.append((holders, parents))
            case "add" | "replace" as kind:
                self._put(parent, last, node_of(operation["value"]), is_new=kind == "add")
            case other:
                raise InvalidInputError(f"a patch's operation {other} is not known here")

    def _way(self, steps: Sequence[str]) -> Iterator[Node]:
        """Yield the collections from the root down these steps; what is null becomes an empty mapping."""
        node = self._root
        yield node
        for step in steps:
            position = self._position(node, step)
            if position is None:
                raise InvalidInputError(f"there is nothing at {step}")
            child = self._child(node, position)
            if isinstance(child, yaml.ScalarNode):
                child = node_of({})
                self._set_child(node, position, child)
            node = child
            yield node

    def _position(self, node: Node, step: str) -> int | None:
        """Return where in a collection a member or item stands. A member that was merged in is written out for that."""
        if isinstance(node, yaml.SequenceNode):
            return int(step) if int(step) < len(node.value) else None
        self._write_out_merges(node, step)
        return next((at for at, (key, _) in enumerate(node.value) if not is_merge(key) and key_of(key) == step), None)

    def _write_out_merges(self, node: Node, step: str) -> None:
        for at, (key, value) in enumerate(node.value):
            if not is_merge(key):
                continue
            members = _merged_members(value)
            if step in members:
                own = {key_of(name) for name, _ in node.value if not is_merge(name)}
                inherited = [(_copy(name), _copy(one)) for name, one in members.values() if key_of(name) not in own]
                self._touch(node)
                node.value[at : at + 1] = inherited
                return self._write_out_merges(node, step)
        return None

    @staticmethod
    def _child(node: Node, position: int) -> Node:
        child: Node = node.value[position] if isinstance(node, yaml.SequenceNode) else node.value[position][1]
        return child

    def _set_child(self, node: Node, position: int, child: Node) -> None:
        self._touch(node)
        node.value[position] = child if isinstance(node, yaml.SequenceNode) else (node.value[position][0], child)

    def _touch(self, node: Node) -> None:
        """Remember what was in a collection before the first change to it."""
        if node.start_mark is not None:
            self._before.setdefault(id(node), (node, list(node.value)))

    def _remove(self, parent: Node, last: str) -> None:
        position = self._position(parent, last)
        if position is not None:
            self._touch(parent)
            del parent.value[position]

    def _prune(self, holders: Sequence[Node], parents: Sequence[str]) -> None:
        """Remove what a removal left empty, from the inside out."""
        for holder, name, inner in zip(holders[-2::-1], parents[::-1], holders[:0:-1], strict=True):
            if inner.value or name not in PRUNED:
                return
            self._remove(holder, name)

    def _put(self, parent: Node, last: str, value: Node, is_new: bool) -> None:
        if isinstance(parent, yaml.SequenceNode):
            self._touch(parent)
            index = len(parent.value) if last == "-" else int(last)
            parent.value[index : index if is_new else index + 1] = [value]
            return
        position = self._position(parent, last)
        if position is None:
            self._touch(parent)
            place = 0 if last == _FIRST else len(parent.value)
            parent.value.insert(place, (node_of(last), value))
        else:
            self._set_child(parent, position, value)

    def _write_out_aliases(self, paths: Sequence[Sequence[str]]) -> None:
        """Replace by copies the aliases on the paths, and all others of what is changed or removed."""
        changed: set[int] = set()
        for steps in paths:
            changed |= self._own(steps)
        while found := [
            (holder, place)
            for holder in below(self._root)
            for place, target in _aliases_in(holder)
            if id(target) in changed
        ]:
            for holder, place in found:
                self._set_child(holder, place, _copy(target_of(self._child(holder, place))))

    def _own(self, steps: Sequence[str]) -> set[int]:
        """Write out the aliases on one path; return the anchored nodes (their `id`) on it, and in what it leads to."""
        node, anchored = self._root, set()
        for step in steps:
            anchored.add(id(node))
            position = None if step == "-" else self._position(node, step)
            if position is None:
                return anchored & self._anchored.keys()
            child = self._child(node, position)
            if isinstance(child, Alias):
                child = _copy(child.target)
                self._set_child(node, position, child)
            node = child
        anchored |= {id(inner) for inner in below(node)}
        return anchored & self._anchored.keys()


def node_of(value: object) -> Node:
    """Return a value as a node that stands in no text yet."""
    own = json.loads(json.dumps(value))  # nothing in it twice, which would be written as an alias
    return SafeRepresenter(default_flow_style=False, sort_keys=False).represent_data(own)


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _copy(node: Node) -> Node:
    """Return the same content without a place in the text; aliases in it stay aliases."""
    if isinstance(node, Alias):
        return Alias(node.name, node.target)
    if isinstance(node, yaml.SequenceNode):
        return yaml.SequenceNode(node.tag, [_copy(item) for item in node.value], flow_style=node.flow_style)
    if isinstance(node, yaml.MappingNode):
        members = [(_copy(key), _copy(value)) for key, value in node.value]
        return yaml.MappingNode(node.tag, members, flow_style=node.flow_style)
    return yaml.ScalarNode(node.tag, node.value, style=getattr(node, "style", None))


def _merged_members(value: Node) -> dict[str, tuple[Node, Node]]:
    """Return the members that a merge brings in, by name."""
    members: dict[str, tuple[Node, Node]] = {}
    for source in merged_in(value):
        own = {key_of(key): (key, one) for key, one in source.value if not is_merge(key)}
        for key, one in source.value:
            own = _merged_members(one) | own if is_merge(key) else own
        members = own | members
    return members


def _aliases_in(holder: Node) -> Iterator[tuple[int, Node]]:
    """Yield position and target of each alias that a collection holds."""
    if not isinstance(holder, yaml.SequenceNode | yaml.MappingNode):
        return
    for position, item in enumerate(holder.value):
        child = item if isinstance(holder, yaml.SequenceNode) else item[1]
        if isinstance(child, Alias):
            yield position, child.target
