"""The interceptor on this node: libvgpu.so and the preload list that names it, in a folder of their version.

Containers that run have an older version mapped: a new one gets its own folder, and no file is ever changed in place.
Not here: how a container gets them (dra_driver.edits).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import InvalidInputError
from cdi.durable import write_file

LIBRARY_IN_CONTAINER: Final = "/run/hami.io/lib/libvgpu.so"
PRELOAD_IN_CONTAINER: Final = "/etc/ld.so.preload"
_VERSION_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Library:
    """Where the interceptor and its preload list stand on this node."""

    path: Path
    preload: Path


def install_library(source: Path, folder: Path) -> Library:
    """Copy the interceptor below `folder`, unless this very version is there, and return where.

    Raises `InvalidInputError` when `source` is no shared library.
    """
    content = _read(source)
    version = folder / hashlib.sha256(content).hexdigest()[:_VERSION_LENGTH]
    version.mkdir(parents=True, exist_ok=True)
    library = Library(version / "libvgpu.so", version / "ld.so.preload")
    if not library.path.exists():
        write_file(library.path, content, mode=0o755)
    if not library.preload.exists():
        write_file(library.preload, f"{LIBRARY_IN_CONTAINER}\n".encode())
    return library


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
