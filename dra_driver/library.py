"""The interceptor on this node: libvgpu.so and the preload list that names it, in a folder of their version.

Containers that run have an older version mapped: a new one gets its own folder, and no file is ever changed in place. A version
that no spec names and no driver holds may go. Not here: how a container gets them (dra_driver.edits).
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
from dra_driver.turns import single_turn

LIBRARY_IN_CONTAINER: Final = "/run/hami.io/lib/libvgpu.so"
PRELOAD_IN_CONTAINER: Final = "/etc/ld.so.preload"
_VERSION_LENGTH: Final = 16
_LOCK_NAME: Final = ".lock"


@dataclass(frozen=True, slots=True)
class Library:
    """Where the interceptor and its preload list stand on this node."""

    path: Path
    preload: Path
    descriptor: int | None = field(default=None, compare=False)
    """Of the version's folder, locked: while it is open, the version is in use."""


def install_library(source: Path, folder: Path) -> Library:
    """Copy the interceptor below `folder`, unless this very version is there, and return where.

    Raises `InvalidInputError` when `source` is no shared library.
    """
    content = _read(source)
    folder.mkdir(parents=True, exist_ok=True)
    version = folder / hashlib.sha256(content).hexdigest()[:_VERSION_LENGTH]
    with single_turn(folder / _LOCK_NAME):
        version.mkdir(exist_ok=True)
        library = Library(version / "libvgpu.so", version / "ld.so.preload", _lock(version, fcntl.LOCK_SH))
        if not library.path.exists():
            write_file(library.path, content, mode=0o755)
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
