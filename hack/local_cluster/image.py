"""Writes container images as OCI layout archives, without a registry or a container tool. Pure but for reading the files.

Deterministic: the same contents give the same bytes. OCI image specification 1.1: image layout, manifest, configuration.
What goes into the project's own images is images.py's.
"""

import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}
"""Go's names, which the specification uses, by the kernel's."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The file system of an image; keys are absolute paths in it. Parent folders come by themselves."""

    files: Mapping[str, Path] = field(default_factory=dict)
    """Files of the machine, copied with the executable bit they have there."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """Files by their text."""

    links: Mapping[str, str] = field(default_factory=dict)
    """Symbolic links and their targets."""

    folders: Mapping[str, int] = field(default_factory=dict)
    """Folders of their own, with their modes."""

    def merged(self, other: "Contents") -> "Contents":
        """Both; where both have a path, `other` wins."""
        return Contents(
            {**self.files, **other.files},
            {**self.texts, **other.texts},
            {**self.links, **other.links},
            {**self.folders, **other.folders},
        )


def write_archive(output: IO[bytes], name: str, contents: Contents, command: Sequence[str]) -> None:
    """Write an image called `name` (`host/repository:tag`) as an OCI layout in a tar archive.

    `command` runs where a pod gives neither command nor args.
    """
    layer = _layer(contents)
    architecture = ARCHITECTURES.get(platform.machine(), platform.machine())
    configuration = _json(
        {
            "architecture": architecture,
            "os": "linux",
            "config": {"Cmd": list(command), "Env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]},
            "rootfs": {"type": "layers", "diff_ids": [_digest(layer)]},
        }
    )
    manifest = _json(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": _descriptor("application/vnd.oci.image.config.v1+json", configuration),
            "layers": [_descriptor("application/vnd.oci.image.layer.v1.tar", layer)],
        }
    )
    annotations = {"io.containerd.image.name": name, "org.opencontainers.image.ref.name": name.rpartition(":")[2]}
    index = _json(
        {
            "schemaVersion": 2,
            "manifests": [
                {**_descriptor("application/vnd.oci.image.manifest.v1+json", manifest), "annotations": annotations}
            ],
        }
    )
    blobs = {f"blobs/sha256/{_digest(blob).removeprefix('sha256:')}": blob for blob in (layer, configuration, manifest)}
    with tarfile.open(fileobj=output, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, data in {"oci-layout": _json({"imageLayoutVersion": "1.0.0"}), "index.json": index, **blobs}.items():
            _add_file(archive, path, data, 0o644)


def _layer(contents: Contents) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as layer:
        for folder, mode in _folders(contents):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            layer.addfile(entry)
        for path, target in sorted(contents.links.items()):
            entry = tarfile.TarInfo(_relative(path))
            entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, target, 0o777
            layer.addfile(entry)
        for path, text in sorted(contents.texts.items()):
            _add_file(layer, _relative(path), text.encode(), 0o644)
        for path, source in sorted(contents.files.items()):
            executable = source.stat().st_mode & 0o111
            _add_file(layer, _relative(path), source.read_bytes(), 0o755 if executable else 0o644)
    return buffer.getvalue()


def _folders(contents: Contents) -> list[tuple[str, int]]:
    """Every folder once, parents first; those that are links are no folders."""
    paths: Iterable[str] = (*contents.files, *contents.texts, *contents.links)
    implied = {str(parent) for path in paths for parent in PurePosixPath(path).parents}
    modes = dict.fromkeys(implied - set(contents.links), 0o755) | dict(contents.folders)
    return [(_relative(folder), mode) for folder, mode in sorted(modes.items()) if folder != "/"]


def _add_file(archive: tarfile.TarFile, path: str, data: bytes, mode: int) -> None:
    entry = tarfile.TarInfo(path)
    entry.size, entry.mode = len(data), mode
    archive.addfile(entry, io.BytesIO(data))


def _relative(path: str) -> str:
    return path.lstrip("/")


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True).encode()


def _digest(blob: bytes) -> str:
    return f"sha256:{hashlib.sha256(blob).hexdigest()}"


def _descriptor(media_type: str, blob: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": _digest(blob), "size": len(blob)}
