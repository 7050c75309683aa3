"""What a share's processes hold, the living and the dead, read beside the accounting.

The container may write and cut its usage page at any moment: it is read, never mapped, and nothing here trusts it. The dead are
told by their slots' locks, asked for and not taken. Not here: refunding them, which the interceptor's own code does
(native/reap). Source: native/src/account.h.
"""

import fcntl
import os
import re
import struct
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from catalog.errors import CorruptStateError
from dra_driver.shares import pages_layout as layout
from dra_driver.shares.pages import read_totals

_FLOCK: Final = struct.Struct("=hh4xqqi4x")
"""struct flock of a 64-bit Linux: type, whence, start, length, PID."""
_WORDS: Final = layout.SLOT_BYTES // 8
_WRITER_BITS: Final = 48
_WORD_END: Final = layout.USAGE_FIELDS["word"][0] + 16
_NOT_ZERO: Final = re.compile(rb"[^\0]")
"""Finds the few slots that are used, faster than any loop over all of them."""


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


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stood on a page when it was read as a whole."""

    head: bytes
    """Up to the end of the word, which every operation changes."""
    held: dict[int, int]
    identities: dict[int, tuple[int, int]]


class HoldingsReader:
    """Reads what is held again and again: where nothing was done since, only the locks are asked for."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def read(self, usage: str) -> Holdings:
        """Return what is held on the share of the usage page at that path. A page on which nothing is used costs one short read.

        Raises `OSError` and `CorruptStateError`.
        """
        descriptor = os.open(usage, os.O_RDONLY | os.O_CLOEXEC)
        try:
            seen = self._seen.get(usage)
            if seen is None or os.pread(descriptor, _WORD_END, 0) != seen.head:
                seen = self._seen[usage] = _read_whole(descriptor)
            if not seen.held:
                return NOTHING
            living = {slot for slot in seen.held if _is_locked(descriptor, slot)}
        finally:
            os.close(descriptor)
        return Holdings(
            sum(seen.held[slot] for slot in living),
            sum(size for slot, size in seen.held.items() if slot not in living),
            frozenset(seen.identities[slot] for slot in living),
        )

    def forget_all_but(self, usages: Collection[str]) -> None:
        """Forget pages that are not looked at any more."""
        for usage in self._seen.keys() - usages:
            del self._seen[usage]


def _read_whole(descriptor: int) -> _Seen:
    header = os.pread(descriptor, layout.USAGE_HEADER_BYTES, 0)
    if not read_totals(header).used_bytes:
        return _Seen(header[:_WORD_END], {}, {})
    page = os.pread(descriptor, layout.USAGE_BYTES, 0)
    _check_size(page)
    held = _held(page)
    return _Seen(page[:_WORD_END], held, {slot: _identity(page, slot) for slot in held})


def _check_size(page: bytes) -> None:
    if len(page) != layout.USAGE_BYTES:
        raise CorruptStateError(f"usage page: {len(page)} bytes long, not {layout.USAGE_BYTES}; restart the container")


def _held(page: bytes) -> dict[int, int]:
    """Return what each slot holds that holds anything. An operation that was begun counts once it took effect."""
    tag = struct.unpack_from("<2Q", page, layout.USAGE_FIELDS["word"][0])[1]
    words = memoryview(page)[layout.USAGE_HEADER_BYTES :].cast("Q")
    charges = _column("charge_bytes")
    used = {
        match.start() // 8
        for column in (charges, charges + 1)
        for match in _NOT_ZERO.finditer(words[column::_WORDS].tobytes())
    }
    held = {}
    for slot in sorted(used):
        sizes = words[slot * _WORDS + charges], words[slot * _WORDS + charges + 1]
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
