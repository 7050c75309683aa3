"""The interceptor on this node: libvgpu.so, the preload list that names it, and its shims, in a folder of their version.

Containers that run have an older version mapped: a new one gets its own folder, and no file is ever changed in place. A version
that no spec names and no driver holds may go. Not here: how a container gets them (dra_driver.containers.edits).
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from catalog.errors import InvalidInputError
from cdi.durable import write_file
from dra_driver.single_turn import single_turn

LIBRARY_IN_CONTAINER: Final = "/run/hami.io/lib/libvgpu.so"
PRELOAD_IN_CONTAINER: Final = "/etc/ld.so.preload"
SHIMS: Final = {"libcuda.so.1": "libvgpu-cuda.so", "libnvidia-ml.so.1": "libvgpu-nvml.so"}
"""The file that stands for each library of the driver, by the library's soname."""
_VERSION_LENGTH: Final = 16
_LOCK_NAME: Final = ".lock"


@dataclass(frozen=True, slots=True)
class Library:
    """Where the interceptor and its preload list stand on this node."""

    path: Path
    preload: Path
    descriptor: int | None = field(default=None, compare=False)
    """Of the version's folder, locked: while it is open, the version is in use."""

    def shim(self, soname: str) -> Path:
        """Return the shim of one of the driver's libraries, which are those of `SHIMS`."""
        return self.path.parent / SHIMS[soname]


def install_library(source: Path, folder: Path) -> Library:
    """Copy the interceptor and the shims beside it below `folder`, unless this very version is there, and return where.

    Raises `InvalidInputError` when one of them is no shared library.
    """
    contents = {name: _read(source.parent / name) for name in SHIMS.values()} | {"libvgpu.so": _read(source)}
    digest = hashlib.sha256(b"".join(hashlib.sha256(content).digest() for content in contents.values()))
    folder.mkdir(parents=True, exist_ok=True)
    version = folder / digest.hexdigest()[:_VERSION_LENGTH]
    with single_turn(folder / _LOCK_NAME):
        version.mkdir(exist_ok=True)
        library = Library(version / "libvgpu.so", version / "ld.so.preload", _lock(version, fcntl.LOCK_SH))
        for name, content in contents.items():
            if not (version / name).exists():
                write_file(version / name, content, mode=0o755)
        if not library.preload.exists():
            write_file(library.preload, f"{LIBRARY_IN_CONTAINER}\n".encode())
    return library


def remove_unused_versions(folder: Path, specs: Collection[str]) -> tuple[str, ...]:
    """Remove the versions that none of `specs` names and no living driver uses; return what was removed."""
    removed = []
    with single_turn(folder / _LOCK_NAME):
        for version in sorted(path for path in folder.iterdir() if path.is_dir()):
            if not any(f"{version}/" in spec for spec in specs) and _remove_unless_held(version):
                removed.append(version.name)
    return tuple(removed)


def _remove_unless_held(version: Path) -> bool:
    descriptor = _lock(version, fcntl.LOCK_EX)
    if descriptor is None:
        return False
    try:
        shutil.rmtree(version)
    finally:
        os.close(descriptor)
    return True


def _lock(version: Path, operation: int) -> int | None:
    """Return the locked folder's descriptor, or None where another process has it."""
    descriptor = os.open(version, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _read(source: Path) -> bytes:
    try:
        content = source.read_bytes()
    except OSError as error:
        raise InvalidInputError(
            f"interceptor {source}: {error.strerror}; build it with `make native` and name it with --library"
        ) from error
    if not content.startswith(b"\x7fELF"):
        raise InvalidInputError(f"interceptor {source}: not a shared library; name libvgpu.so with --library")
    return content
