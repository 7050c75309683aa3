"""The model of a CDI spec: devices, and the edits that each makes to a container. Immutable and checked when made.

Source: container-device-interface SPEC.md, versions 0.3 to 0.7. Fields are added when something uses them.
Not here: files, and what the devices are.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from catalog.errors import InvalidInputError

_VENDOR: Final = re.compile(r"[A-Za-z]([A-Za-z0-9_.-]*[A-Za-z0-9])?", re.ASCII)
_CLASS: Final = re.compile(r"[A-Za-z]([A-Za-z0-9_.-]*[A-Za-z0-9])?", re.ASCII)
_DEVICE: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.:-]*[A-Za-z0-9])?", re.ASCII)
_HOOKS: Final = ("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop")


@dataclass(frozen=True, slots=True)
class DeviceNode:
    """A device file; the runtime reads type and numbers from `host_path`, which defaults to `path`."""

    path: str
    host_path: str | None = None
    permissions: str | None = None
    """Some of `r`, `w`, `m`; all when None."""
    file_mode: int | None = None
    uid: int | None = None
    gid: int | None = None

    def __post_init__(self) -> None:
        _absolute(self.path, "deviceNodes[].path")
        if self.host_path is not None:
            _absolute(self.host_path, "deviceNodes[].hostPath")

    def document(self) -> dict[str, Any]:
        """Return the JSON mapping."""
        return _without_none(
            {
                "path": self.path,
                "hostPath": self.host_path,
                "permissions": self.permissions,
                "fileMode": self.file_mode,
                "uid": self.uid,
                "gid": self.gid,
            }
        )


@dataclass(frozen=True, slots=True)
class Mount:
    """A bind mount. Runtimes mount by the options alone, so these must contain `bind` or `rbind`."""

    host_path: str
    container_path: str
    options: tuple[str, ...]

    def __post_init__(self) -> None:
        _absolute(self.host_path, "mounts[].hostPath")
        _absolute(self.container_path, "mounts[].containerPath")
        if not {"bind", "rbind"} & set(self.options):
            raise InvalidInputError(
                f"CDI mount of {self.host_path}: options lack bind; without it runtimes cannot mount it"
            )

    def document(self) -> dict[str, Any]:
        """Return the JSON mapping."""
        return {"hostPath": self.host_path, "containerPath": self.container_path, "options": list(self.options)}


@dataclass(frozen=True, slots=True)
class Hook:
    """A program of the host that the runtime calls at one point of a container's life (OCI runtime spec, hooks)."""

    name: str
    path: str
    arguments: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    timeout_s: int | None = None

    def __post_init__(self) -> None:
        if self.name not in _HOOKS:
            raise InvalidInputError(f"CDI hook {self.name!r}: hookName must be one of {', '.join(_HOOKS)}")
        _absolute(self.path, "hooks[].path")

    def document(self) -> dict[str, Any]:
        """Return the JSON mapping."""
        return {"hookName": self.name, "path": self.path} | _without_empty(
            {"args": list(self.arguments), "env": list(self.environment), "timeout": self.timeout_s}
        )


@dataclass(frozen=True, slots=True)
class Edits:
    """What changes in a container. `environment` holds `KEY=value`; of two devices that set one key, the last wins."""

    environment: tuple[str, ...] = ()
    device_nodes: tuple[DeviceNode, ...] = ()
    mounts: tuple[Mount, ...] = ()
    hooks: tuple[Hook, ...] = ()
    additional_gids: tuple[int, ...] = ()
    """Groups that the container's first process gets besides its own."""

    def __post_init__(self) -> None:
        for entry in self.environment:
            if not entry.partition("=")[0] or "=" not in entry:
                raise InvalidInputError(f"CDI env entry {entry!r} is not of the form KEY=value")

    def document(self) -> dict[str, Any]:
        """Return the JSON mapping; empty when nothing changes."""
        return _without_empty(
            {
                "env": list(self.environment),
                "deviceNodes": [node.document() for node in self.device_nodes],
                "mounts": [mount.document() for mount in self.mounts],
                "hooks": [hook.document() for hook in self.hooks],
                "additionalGids": list(self.additional_gids),
            }
        )

    def and_then(self, later: "Edits") -> "Edits":
        """Return these edits and after them `later`, whose environment wins."""
        return Edits(
            environment=self.environment + later.environment,
            device_nodes=self.device_nodes + later.device_nodes,
            mounts=self.mounts + later.mounts,
            hooks=self.hooks + later.hooks,
            additional_gids=self.additional_gids + later.additional_gids,
        )


@dataclass(frozen=True, slots=True)
class Device:
    """One device that a container can be given, by `<kind>=<name>`."""

    name: str
    edits: Edits

    def __post_init__(self) -> None:
        if not _DEVICE.fullmatch(self.name):
            raise InvalidInputError(
                f"CDI device name {self.name!r}: use letters, digits and . - _ : with a letter or digit at both ends"
            )
        if not self.edits.document():
            raise InvalidInputError(f"CDI device {self.name}: has no edits; runtimes refuse such a device")

    def document(self) -> dict[str, Any]:
        """Return the JSON mapping."""
        return {"name": self.name, "containerEdits": self.edits.document()}


@dataclass(frozen=True, slots=True)
class Spec:
    """One CDI file: devices of one kind (`<vendor>/<class>`), and edits for every container that gets any of them."""

    kind: str
    devices: tuple[Device, ...]
    edits: Edits = Edits()

    def __post_init__(self) -> None:
        check_kind(self.kind)
        names = [device.name for device in self.devices]
        if not names:
            raise InvalidInputError(f"CDI spec of kind {self.kind}: has no device; runtimes refuse such a file")
        if len(set(names)) != len(names):
            raise InvalidInputError(
                f"CDI spec of kind {self.kind}: a device name occurs twice among {', '.join(names)}"
            )

    @property
    def version(self) -> str:
        """The lowest CDI version that has all that is used here: the most runtimes read it."""
        if any(edits.additional_gids for edits in self._all_edits()):
            return "0.7.0"
        if "." in self.kind.partition("/")[2]:
            return "0.6.0"
        host_paths = any(node.host_path for edits in self._all_edits() for node in edits.device_nodes)
        digit_names = any(device.name[0].isdigit() for device in self.devices)
        return "0.5.0" if host_paths or digit_names else "0.3.0"

    def document(self) -> dict[str, Any]:
        """Return the JSON mapping."""
        return {
            "cdiVersion": self.version,
            "kind": self.kind,
            "devices": [device.document() for device in self.devices],
        } | _without_empty({"containerEdits": self.edits.document()})

    def to_json(self) -> bytes:
        """Return the file's content, the same bytes for equal specs."""
        return (json.dumps(self.document(), indent=1) + "\n").encode()

    def _all_edits(self) -> Iterator[Edits]:
        yield self.edits
        for device in self.devices:
            yield device.edits


def check_kind(kind: str) -> None:
    """Raise `InvalidInputError` unless `kind` is `<vendor>/<class>` as the specification has it."""
    vendor, _, device_class = kind.partition("/")
    if not (_VENDOR.fullmatch(vendor) and _CLASS.fullmatch(device_class)):
        raise InvalidInputError(f"CDI kind {kind!r}: write <vendor>/<class>, such as example.com/gpu")


def qualified_name(kind: str, device: str) -> str:
    """Return the name by which a container runtime is asked for a device."""
    return f"{kind}={device}"


def _absolute(path: str, field: str) -> None:
    if not PurePath(path).is_absolute() or ".." in PurePath(path).parts:
        raise InvalidInputError(f"CDI {field} {path!r}: write an absolute path without ..")


def _without_none(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if value is not None}


def _without_empty(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if value}
