"""One turn at what the drivers of a node share on disk, of a process that serves nobody: it waits, and imports no event loop for it.

The lock is that of dra_driver.turns, which is how a driver takes its turns.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def single_turn(path: Path) -> Iterator[None]:
    """Hold the lock at `path`, waiting for it."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def open_lock(path: Path) -> int:
    """Return a descriptor of the lock's file, which is made where it is not there."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
