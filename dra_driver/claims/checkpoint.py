"""What was granted on this node, on disk: specs and pages are rebuilt from it after a crash or a reboot.

A file that cannot be trusted is renamed `checkpoint.json.corrupt-<n>` and nothing is guessed from it. As long as such a file is
there, also after restarts, loading fails: only an operator who removes it says that no container holds what it recorded.
Not here: the shares themselves and who may have them.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from catalog.errors import CorruptStateError, UnavailableError
from catalog.names import DRIVER
from cdi.durable import write_file
from dra_driver.shares.share import Claim

VERSION: Final = 1


def checkpoint_below(kubelet_folder: Path) -> Path:
    """Return where the drivers of a node keep their checkpoint, all the same one."""
    return kubelet_folder / "plugins" / DRIVER / "checkpoint.json"


def turns_lock(checkpoint: Path) -> Path:
    """Return the lock by which drivers take turns at a checkpoint and at the files of its claims."""
    return checkpoint.with_suffix(".lock")


@dataclass(frozen=True, slots=True)
class State:
    """The claims that are prepared, and the boot in which they were."""

    boot_id: UUID
    claims: tuple[Claim, ...] = ()


class _Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file. `checksum` covers the bytes of `state` as they stand, so no library's formatting can break it."""

    version: int
    checksum: str
    state: msgspec.Raw


def encode(state: State) -> bytes:
    """Return the content of the file, equal for equal states."""
    content = msgspec.json.encode(state)
    return msgspec.json.encode(_Envelope(VERSION, _checksum(content), msgspec.Raw(content))) + b"\n"


def decode(content: bytes) -> State:
    """Return the state in a file's content. Raises `CorruptStateError` saying what is wrong with it."""
    try:
        envelope = msgspec.json.decode(content, type=_Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CorruptStateError(f"it is not a checkpoint ({error})") from error
    if envelope.version != VERSION:
        raise CorruptStateError(f"its version is {envelope.version}, this program knows {VERSION}")
    state = bytes(envelope.state)
    if envelope.checksum != _checksum(state):
        raise CorruptStateError("its checksum does not match its content")
    try:
        return msgspec.json.decode(state, type=State)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CorruptStateError(f"its state cannot be read ({error})") from error


@dataclass(frozen=True, slots=True)
class CheckpointFile:
    """The checkpoint at `path`. One writer at a time: drivers take turns (dra_driver.turns)."""

    path: Path

    def load(self) -> State | None:
        """Return the state, or None when there has been none yet.

        Raises `CorruptStateError` when the file is damaged (it is kept aside), or was and still lies there.
        """
        self._refuse_kept_aside()
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnavailableError(f"checkpoint {self.path}: {error.strerror}; run as root") from error
        try:
            return decode(content)
        except CorruptStateError as error:
            aside = self._keep_aside()
            raise CorruptStateError(f"checkpoint {self.path}: {error}; {_recovery(aside)}") from error

    def save(self, state: State) -> None:
        """Write the state; it is on disk when this returns."""
        write_file(self.path, encode(state), mode=0o600)

    def _kept_aside(self) -> list[Path]:
        return sorted(self.path.parent.glob(f"{self.path.name}.corrupt-*"))

    def _refuse_kept_aside(self) -> None:
        aside = self._kept_aside()
        if aside:
            raise CorruptStateError(f"checkpoint {self.path}: an earlier one was damaged; {_recovery(aside[0])}")

    def _keep_aside(self) -> Path:
        taken = {path.name for path in self._kept_aside()}
        names = (f"{self.path.name}.corrupt-{number}" for number in range(1, len(taken) + 2))
        aside = self.path.with_name(next(name for name in names if name not in taken))
        self.path.rename(aside)
        return aside


class SeenFile:
    """Which file stood at `path` at the last look. Files here are replaced, never changed; that one is kept open, so that no other
    can have its inode, and neither clocks nor sizes count.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        self.look()

    def look(self) -> None:
        """Remember the file that stands there now, or that there is none."""
        self.forget()
        try:
            self._descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return

    def forget(self) -> None:
        """Take any file that stands there for another."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None

    def is_current(self) -> bool:
        """Whether a file was seen and stands there still."""
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        return self._descriptor is not None and os.path.samestat(os.fstat(self._descriptor), there)


def _checksum(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _recovery(aside: Path) -> str:
    return (
        f"it is kept as {aside}, and this node prepares and releases no claim until it is resolved. Make sure that no container "
        "with a claim of this driver runs here (drain the node), remove that file, restart the driver"
    )
