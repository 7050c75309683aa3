"""Files that survive a crash at any instruction, whole or not at all.

Here because this is the lowest package that writes files and imports nothing of ours; whoever keeps state on a node uses it.
Not here: what is written, and locking (each path has one writer at a time).
"""

import os
from pathlib import Path

TEMPORARY_SUFFIX = ".new"
"""Ends the name of a file that is being written. Readers of a folder ignore such names; the next write takes them over."""


def write_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put `content` at `path`: readers see the old file or the new one, and after the call the new one is on disk."""
    temporary = path.with_name(f".{path.name}{TEMPORARY_SUFFIX}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        _write_all(descriptor, content)
        os.fchmod(descriptor, mode)  # whatever the umask
        os.fsync(descriptor)
    except BaseException:
        temporary.unlink()
        raise
    finally:
        os.close(descriptor)
    temporary.rename(path)
    sync_folder(path.parent)


def remove_file(path: Path) -> bool:
    """Remove `path` and make that last; return whether it was there."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make what was created, renamed or removed in `folder` last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
