"""The limits page of a share as a file that several processes of the node change: the driver its overhead, an operator its limits.

They take turns by a lock on the share's directory, which no container can reach. Not here: the bytes (dra_driver.shares.pages).
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dra_driver.shares import pages_layout as layout
from dra_driver.shares.folders import LIMITS
from dra_driver.shares.pages import Limits, read_limits


@contextmanager
def changing(folder: Path) -> Iterator[int]:
    """Keep the limits page in a share's directory open for reading and writing while no other process of the node changes it.

    Yields its descriptor; raises `OSError` where there is none.
    """
    turn = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        with (folder / LIMITS).open("r+b", buffering=0) as page:
            yield page.fileno()
    finally:
        os.close(turn)


def limits_at(descriptor: int) -> Limits:
    """Return the limits in force on an open limits page. Raises `CorruptStateError` when it is none."""
    return read_limits(os.pread(descriptor, layout.LIMITS_BYTES + 1, 0))
