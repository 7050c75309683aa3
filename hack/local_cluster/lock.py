"""One command at a time per cluster.

The lock is an abstract Unix socket: held by a process, gone with it however it ends, and no file is left.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from catalog.errors import ConflictError


@contextmanager
def exclusive(what: str, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the lock called `what`.

    Raises ConflictError where another process still holds it after `wait_s`.
    """
    deadline = time.monotonic() + wait_s
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as holder:
        while True:
            try:
                holder.bind(f"\0hami-dra-cluster/{what}")
                break
            except OSError as error:
                if time.monotonic() >= deadline:
                    raise ConflictError(
                        f"{what}: another command works on it; try again when that has ended"
                    ) from error
                time.sleep(0.05)
        yield
