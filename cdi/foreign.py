"""CDI specs that others wrote: text in, our own checked model out. Pure.

Strict where edits are concerned: what would be lost on the way to a container is refused by name. Source: container-device-interface
SPEC.md, 0.3 to 0.7, and nvidia-ctk's use of it. Not here: files and folders, and which device is wanted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from catalog.errors import InvalidInputError
from catalog.yaml_text import parse_yaml
from cdi.spec import DeviceNode, Edits, Hook, Mount

_Id = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]


@dataclass(frozen=True, slots=True)
class ForeignSpec:
    """A spec of somebody else."""

    kind: str
    edits: Edits
    devices: Mapping[str, Edits]


class _Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    path: str
    host_path: str | None = None
    type: str | None = None
    major: int | None = None
    minor: int | None = None
    file_mode: _Id | None = None
    permissions: str | None = None
    uid: _Id | None = None
    gid: _Id | None = None


class _Mount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    host_path: str
    container_path: str
    options: tuple[str, ...] = ()
    type: str | None = None


class _Hook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    hook_name: str
    path: str
    args: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    timeout: int | None = None


class _Edits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    env: tuple[str, ...] | None = None
    device_nodes: tuple[_Node, ...] | None = None
    mounts: tuple[_Mount, ...] | None = None
    hooks: tuple[_Hook, ...] | None = None
    additional_gids: tuple[_Id, ...] | None = None


class _Device(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    container_edits: _Edits = _Edits()


class _Spec(msgspec.Struct, frozen=True, rename="camel"):
    cdi_version: str
    kind: str
    devices: tuple[_Device, ...]
    container_edits: _Edits | None = None


def parse_spec(text: str, where: str, kind: str) -> ForeignSpec | None:
    """Return the spec in `text`, JSON or YAML; None when it is of another kind than `kind`.

    Raises `InvalidInputError` naming `where`, the field and what is wrong with it.
    """
    document = _document(text, where)
    if isinstance(document, Mapping) and document.get("kind") != kind:
        return None
    try:
        spec = msgspec.convert(document, _Spec)
    except (msgspec.ValidationError, RecursionError) as error:
        raise InvalidInputError(f"{where}: not a CDI spec that can be carried over ({error})") from error
    names = [device.name for device in spec.devices]
    if len(set(names)) != len(names):
        raise InvalidInputError(f"{where}: a device name occurs twice")
    try:
        devices = {device.name: _edits(device.container_edits) for device in spec.devices}
        return ForeignSpec(spec.kind, _edits(spec.container_edits or _Edits()), devices)
    except InvalidInputError as error:
        raise InvalidInputError(f"{where}: {error}") from error


def _document(text: str, where: str) -> Any:  # noqa: ANN401  any JSON or YAML
    """JSON is read as such first: it is a hundred times faster."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return parse_yaml(text, where)


def _edits(edits: _Edits) -> Edits:
    return Edits(
        environment=edits.env or (),
        device_nodes=tuple(_device_node(node) for node in edits.device_nodes or ()),
        mounts=tuple(_mount(mount) for mount in edits.mounts or ()),
        hooks=tuple(Hook(hook.hook_name, hook.path, hook.args, hook.env, hook.timeout) for hook in edits.hooks or ()),
        additional_gids=edits.additional_gids or (),
    )


def _device_node(node: _Node) -> DeviceNode:
    """Type and numbers are left out: the runtime takes them from the host's file as it is when the container is made."""
    host_path = node.host_path if node.host_path != node.path else None
    return DeviceNode(node.path, host_path or None, node.permissions, node.file_mode, node.uid, node.gid)


def _mount(mount: _Mount) -> Mount:
    if mount.type not in (None, "", "bind"):
        raise InvalidInputError(f"CDI mount of {mount.host_path}: type {mount.type!r} is not bind")
    bind = () if {"bind", "rbind"} & set(mount.options) else ("bind",)
    return Mount(mount.host_path, mount.container_path, (*mount.options, *bind))
