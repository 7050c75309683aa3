"""That this driver may run here: its folders, and the lock that a second one finds taken unless both have an instance id.

A unix socket alone does not tell: a second server takes the path without an error. Not here: what the folders hold.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from catalog.errors import ConflictError, InvalidInputError

LOCK_NAME: Final = "driver.lock"


def make_folders(folders: Iterable[Path]) -> None:
    """Make folders that the driver writes to. Raises `InvalidInputError` naming the one that cannot be had."""
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            writable = os.access(folder, os.W_OK | os.X_OK)
        except OSError as error:
            raise InvalidInputError(f"folder {folder}: {error.strerror}; {_REMEDY}") from error
        if not writable:
            raise InvalidInputError(f"folder {folder}: cannot be written; {_REMEDY}")


@contextmanager
def sole_driver(folder: Path) -> Iterator[None]:
    """Hold the lock of the driver in `folder`. Raises `ConflictError` when another driver is alive."""
    with _holding(folder, fcntl.LOCK_EX):
        yield


@contextmanager
def one_of_several(folder: Path) -> Iterator[None]:
    """Hold the lock of the driver in `folder` together with others that do so. Raises `ConflictError` beside a sole driver."""
    with _holding(folder, fcntl.LOCK_SH):
        yield


@contextmanager
def _holding(folder: Path, operation: int) -> Iterator[None]:
    path = folder / LOCK_NAME
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
        except BlockingIOError as error:
            other = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            raise ConflictError(
                f"another driver serves {folder} (process {other}, lock {path}); stop it, or give this one its own --kubelet-dir"
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


_REMEDY: Final = "run as root, or name folders of your own with --kubelet-dir, --cdi-dir and --state-dir"
