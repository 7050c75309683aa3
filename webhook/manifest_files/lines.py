"""On which line of a file something stands: a place in a document, or what a message of conversion is about.

Pure. Not here: the messages (webhook.conversion.pod and below).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import yaml

from webhook.manifest_files.pod_templates import Place
from webhook.manifest_files.tree import Node, line_of, target_of
from webhook.manifest_files.values import at, key_of

_OF_POD: Final = re.compile(r"(annotation|label) ([^ :]+):")
_OF_SPEC: Final = re.compile(r"spec\.([A-Za-z]+)\b")
_OF_CONTAINER: Final = re.compile(r'container "([^"]*)"')
_OF_VALUE: Final = re.compile(r"at `\$\.([^`]*)`")
"""As msgspec names a place: `$.spec.containers[0].name`."""


def line_at(root: Node, steps: Sequence[str]) -> int:
    """Return the line at which a place in a document starts, or the last on the way to it that is there."""
    node, line = root, line_of(root)
    for step in steps:
        node = target_of(node)
        if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
            node = node.value[int(step)]
            line = line_of(node)
        elif isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key_of(key) == step), None)
            if found is None:
                return line
            line, node = line_of(found[0]), found[1]
    return line


def line_of_fault(root: Node, template: Place, message: str, resources: Sequence[str]) -> int:
    """Return the line of what a message begins with: an annotation, a field of the spec, or a container and what it names."""
    return line_at(root, (*template.steps, *_steps_of_fault(template, message, resources)))


def _steps_of_fault(template: Place, message: str, resources: Sequence[str]) -> Sequence[str]:
    if match := _OF_POD.match(message):
        return ("metadata", f"{match[1]}s", match[2])
    if match := _OF_SPEC.match(message):
        return ("spec", match[1])
    if match := _OF_VALUE.search(message):
        return tuple(re.findall(r"[^.\[\]]+", match[1]))
    if match := _OF_CONTAINER.match(message):
        for steps, container in _containers(template):
            if container.get("name") == match[1]:
                return (*steps, *_steps_to_resource(container, message, resources))
    return ()


def _containers(template: Place) -> Iterator[tuple[tuple[str, ...], Mapping[str, object]]]:
    for section in ("initContainers", "containers"):
        containers = at(template.value, ["spec", section])
        for index, container in enumerate(containers if isinstance(containers, list) else ()):
            if isinstance(container, Mapping):
                yield ("spec", section, str(index)), container


def _steps_to_resource(container: Mapping[str, object], message: str, resources: Sequence[str]) -> Sequence[str]:
    """The longest name that the message has: one may be the beginning of another."""
    for name in sorted((name for name in resources if name in message), key=len, reverse=True):
        for section in ("limits", "requests"):
            members = at(container, ["resources", section])
            if isinstance(members, Mapping) and name in members:
                return ("resources", section, name)
    return ()
