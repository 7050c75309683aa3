"""What a share's processes hold, the living and the dead, read beside the accounting.

The container may write and cut its usage page at any moment: it is read, never mapped, and nothing here trusts it. The dead are
told by their slots' locks, asked for and not taken. Not here: refunding them, which the interceptor's own code does
(native/reap). Source: native/src/account.h.
"""

import fcntl
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from catalog.errors import CorruptStateError
from dra_driver import pages_layout as layout
from dra_driver.pages import read_totals

_FLOCK: Final = struct.Struct("=hh4xqqi4x")
"""struct flock of a 64-bit Linux: type, whence, start, length, PID."""
_WORDS: Final = layout.SLOT_BYTES // 8
_WRITER_BITS: Final = 48


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is held on one share, at one moment."""

    living_bytes: int
    dead_bytes: int
    living: frozenset[tuple[int, int]] = field(default=frozenset(), compare=False)
    """Who holds it, as they say themselves: the inode of the PID namespace, and the PID in it."""


NOTHING: Final = Holdings(0, 0)


def context_bytes(page: bytes) -> int:
    """Return what of a usage page's charges is contexts, for display: each process notes it after the fact. Raises `CorruptStateError`."""
    _check_size(page)
    words = memoryview(page)[layout.USAGE_HEADER_BYTES :].cast("Q")
    return sum(words[_column("context_bytes") :: _WORDS].tolist())


def read_holdings(usage: Path) -> Holdings:
    """Return what is held on the share of a usage page. A page on which nothing is used costs one short read.

    Raises `OSError` and `CorruptStateError`.
    """
    descriptor = os.open(usage, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if not read_totals(os.pread(descriptor, layout.USAGE_HEADER_BYTES, 0)).used_bytes:
            return NOTHING
        page = os.pread(descriptor, layout.USAGE_BYTES, 0)
        _check_size(page)
        held = _held(page)
        living = {slot for slot in held if _is_locked(descriptor, slot)}
        return Holdings(
            sum(held[slot] for slot in living),
            sum(size for slot, size in held.items() if slot not in living),
            frozenset(_identity(page, slot) for slot in living),
        )
    finally:
        os.close(descriptor)


def _check_size(page: bytes) -> None:
    if len(page) != layout.USAGE_BYTES:
        raise CorruptStateError(f"usage page: {len(page)} bytes long, not {layout.USAGE_BYTES}; restart the container")


def _held(page: bytes) -> dict[int, int]:
    """Return what each slot holds that holds anything. An operation that was begun counts once it took effect."""
    tag = struct.unpack_from("<2Q", page, layout.USAGE_FIELDS["word"][0])[1]
    words = memoryview(page)[layout.USAGE_HEADER_BYTES :].cast("Q")
    charges = _column("charge_bytes")
    both = zip(words[charges::_WORDS].tolist(), words[charges + 1 :: _WORDS].tolist(), strict=True)
    held = {}
    for slot, sizes in enumerate(both):
        if sizes != (0, 0):
            sequence, done = (words[slot * _WORDS + _column(name)] for name in ("seq", "done"))
            took_effect = done >= sequence or tag == slot << _WRITER_BITS | sequence
            held[slot] = sizes[(sequence if took_effect else sequence - 1) & 1]
    return {slot: size for slot, size in held.items() if size}


def _identity(page: bytes, slot: int) -> tuple[int, int]:
    start = layout.USAGE_HEADER_BYTES + slot * layout.SLOT_BYTES
    namespace, pid = (
        struct.unpack_from(layout.SLOT_FIELDS[name][1], page, start + layout.SLOT_FIELDS[name][0])[0]
        for name in ("pid_namespace", "pid")
    )
    return namespace, pid


def _column(field: str) -> int:
    return layout.SLOT_FIELDS[field][0] // 8


def _is_locked(descriptor: int, slot: int) -> bool:
    asked = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, layout.SLOT_LOCK_OFFSET + slot, 1, 0)
    kind: int = _FLOCK.unpack(fcntl.fcntl(descriptor, fcntl.F_OFD_GETLK, asked))[0]
    return kind != fcntl.F_UNLCK
