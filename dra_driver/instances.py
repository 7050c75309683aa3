"""The drivers of one node that are alive: one alone, or, during a rolling update, one for each instance id.

Each holds a lock as long as its process lives, so that the others can tell the dead, remove their sockets, and leave publishing to
the newest. Not here: turns at shared state (dra_driver.turns), and what the sockets serve (dra_driver.kubelet).
"""

import fcntl
import logging
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import ConflictError, InvalidInputError
from dra_driver.instance import one_of_several, sole_driver
from dra_driver.kubelet.server import Sockets

_LOG: Final = logging.getLogger(__name__)
_ID: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?", re.ASCII)
_LOCK_SUFFIX: Final = ".lock"
_PATIENCE_S: Final = 1.0
_PAUSE_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Presence:
    """This driver among those of its node."""

    sockets: Sockets
    descriptor: int | None
    """Of this instance's lock; None for a driver that is alone."""

    def announce(self) -> None:
        """Become the newest: from now on the others leave publishing to this one."""
        if self.descriptor is not None:
            os.pwrite(self.descriptor, f"{_now_ns():020}".encode(), 0)

    def is_newest(self) -> bool:
        """Whether no driver that lives has announced itself after this one."""
        if self.descriptor is None:
            return True
        mine = _announced_ns(self.descriptor)
        return not any(_is_alive_since(path, mine) for path in self._others())

    def remove_dead(self) -> None:
        """Remove the sockets of drivers that were killed: the kubelet would go on asking for them."""
        for path in self._others():
            _remove_if_dead(path, self.sockets.sibling(path.stem))

    def _others(self) -> list[Path]:
        """Return the locks of all others, those included of which only a socket is left, and of a driver without an id: beside
        one that lives, this one would not."""
        folder, mine = self.sockets.plugin.parent, self.sockets.plugin.stem
        stems = {path.stem for suffix in (_LOCK_SUFFIX, ".sock") for path in folder.glob(f"dra*{suffix}")}
        return [folder / f"{stem}{_LOCK_SUFFIX}" for stem in sorted(stems - {mine})]


@contextmanager
def present(sockets: Sockets) -> Iterator[Presence]:
    """Be one of this node's drivers inside. Raises `ConflictError` when one lives that this one cannot be beside."""
    folder = sockets.plugin.parent
    if not sockets.is_named:
        with sole_driver(folder):
            yield Presence(sockets, None)
        return
    with one_of_several(folder), _instance_lock(sockets) as descriptor:
        yield Presence(sockets, descriptor)


def check_instance_id(instance: str) -> None:
    """Raise `InvalidInputError` unless `instance` can be part of a socket's name."""
    if not _ID.fullmatch(instance):
        raise InvalidInputError(
            f"--instance {instance!r}: use up to 63 letters, digits, . and -, such as the pod's UID; it defaults to $POD_UID"
        )


@contextmanager
def _instance_lock(sockets: Sockets) -> Iterator[int]:
    path = sockets.plugin.with_suffix(_LOCK_SUFFIX)
    deadline = time.monotonic() + _PATIENCE_S
    while (descriptor := _try_lock(path)) is None:  # a moment's look of another driver is no conflict
        if time.monotonic() > deadline:
            raise ConflictError(
                f"another driver of this instance id lives (lock {path}); give this one another --instance"
            )
        time.sleep(_PAUSE_S)
    try:
        os.ftruncate(descriptor, 0)
        yield descriptor
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _try_lock(path: Path) -> int | None:
    """Return the descriptor of the file at `path`, locked; None while another process has it, or has just removed it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None


def _remove_if_dead(path: Path, sockets: Sockets) -> None:
    descriptor = _try_lock(path)
    if descriptor is None:
        return
    try:
        for socket in (sockets.registration, sockets.plugin):
            if socket.is_socket():
                socket.unlink(missing_ok=True)
                _LOG.info("removed %s, whose driver is dead", socket)
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _is_alive_since(path: Path, moment_ns: int) -> bool:
    """Whether a process holds the lock at `path` and has announced itself after `moment_ns`."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _announced_ns(descriptor) > moment_ns
    finally:
        os.close(descriptor)
    return False


def _announced_ns(descriptor: int) -> int:
    text = os.pread(descriptor, 32, 0)
    return int(text) if text.isdigit() else 0


def _now_ns() -> int:
    """The time since boot: the same for all processes, and no clock that is set changes it."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
