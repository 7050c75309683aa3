"""JSON patches (RFC 6902) of a pod: small operations that add what is missing and remove what was converted, and touch nothing else.

Pure. Not here: what is to be changed, and why (webhook.conversion.pod).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from catalog.names import POD_CLAIM
from webhook.conversion.review import Container

Operation = dict[str, Any]
"""One operation of a JSON patch, RFC 6902."""

_VISIBLE: Final = "NVIDIA_VISIBLE_DEVICES"


def without_resources(container: Container, path: str, names: Sequence[str]) -> Iterator[Operation]:
    """Yield the removal of resources from a container's limits and requests."""
    resources = container.resources
    if resources is None:
        return
    for section, members in (("limits", resources.limits), ("requests", resources.requests)):
        if members:
            for name in names:
                if name in members:
                    yield {"op": "remove", "path": f"{path}/resources/{section}/{_escaped(name)}"}


def with_request(container: Container, path: str, request: str) -> Operation:
    """Return the addition of a request of the pod's claim to what a container uses."""
    present = container.resources.claims if container.resources else None
    return with_item(f"{path}/resources/claims", present, {"name": POD_CLAIM, "request": request})


def seeing_no_card(container: Container, path: str) -> Iterator[Operation]:
    """Yield what lets NVIDIA's runtime show a container no card, whatever its image says."""
    wanted = {"name": _VISIBLE, "value": "none"}
    places = [index for index, variable in enumerate(container.env or ()) if variable.name == _VISIBLE]
    if not places:
        yield with_item(f"{path}/env", container.env, wanted)
    elif (container.env or [])[places[-1]].value != "none":
        yield {"op": "replace", "path": f"{path}/env/{places[-1]}", "value": wanted}


def with_item(path: str, present: Sequence[object] | None, item: object) -> Operation:
    """Return the addition of an item at the end of a list, which may be absent."""
    if present is None:
        return {"op": "add", "path": path, "value": [item]}
    return {"op": "add", "path": f"{path}/-", "value": item}


def with_member(path: str, present: Mapping[str, str] | None, name: str, value: str) -> Operation:
    """Return the addition of a member to an object, which may be absent."""
    if present is None:
        return {"op": "add", "path": path, "value": {name: value}}
    return {"op": "add", "path": f"{path}/{_escaped(name)}", "value": value}


def with_members(path: str, present: Mapping[str, str] | None, members: Mapping[str, str]) -> Iterator[Operation]:
    """Yield the addition of those members that are not there."""
    if present is None:
        yield {"op": "add", "path": path, "value": dict(members)}
        return
    for name, value in members.items():
        if name not in present:
            yield {"op": "add", "path": f"{path}/{_escaped(name)}", "value": value}


def _escaped(name: str) -> str:
    """A member's name in a JSON pointer, RFC 6901; ours hold no `~`."""
    return name.replace("/", "~1")
