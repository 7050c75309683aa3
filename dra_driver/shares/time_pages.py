"""What stands on the pages of a share about its time: the node's samples, and what its processes account of it.

Samples are written in place, without a new version of the limits. Not here: limits and memory (dra_driver.shares.pages), and the cards' own
pages (dra_driver.shares.card_pages). Source: native/include/hami_pages.h.
"""

import mmap
import os
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import CorruptStateError
from dra_driver.shares import pages_layout as layout

_BUSY: Final = layout.LIMITS_FIELDS["busy_ns"][0] // 8
_SAMPLED: Final = layout.LIMITS_FIELDS["sampled_at_ns"][0] // 8
_ONE_Q32: Final = 1 << 32
_SLOT_WORDS: Final = layout.SLOT_BYTES // 8


@dataclass(frozen=True, slots=True)
class Samples:
    """What the node saw of a share."""

    busy_ns: int
    """Of the card's time, that the share used since its page was made."""
    sampled_at_ns: int
    """CLOCK_MONOTONIC; 0: the node cannot see it."""


@dataclass(frozen=True, slots=True)
class TimeUsage:
    """What a share's processes account of its time, at one moment."""

    credit_ns: int
    """Of the card's time, that the share may still use; below 0 it owes."""
    factor: float
    """What its own clock is multiplied by to agree with what the node sees."""
    busy_ns: int
    throttled_ns: int
    """How long threads were held back."""
    launches: int


def read_samples(limits: bytes) -> Samples:
    """Return the samples on a limits page that was read and found whole."""
    busy_ns, sampled_at_ns = struct.unpack_from("<2Q", limits, _BUSY * 8)
    return Samples(busy_ns, sampled_at_ns)


class SamplePage:
    """The samples of one share, mapped from its limits page, which the node alone can write and cut. To be closed."""

    def __init__(self, limits: Path) -> None:
        """Raises `OSError`, and `CorruptStateError` where it is no limits page."""
        self._path = limits
        with limits.open("r+b", buffering=0) as file:
            self._inode = os.fstat(file.fileno()).st_ino
            self._page = _mapped(file.fileno())
        self._words = memoryview(self._page).cast("Q")

    def is_current(self) -> bool:
        """Whether it is still the page that stands there."""
        try:
            return self._path.stat().st_ino == self._inode
        except OSError:
            return False

    @property
    def sampled_at_ns(self) -> int:
        """When the last sample was written; 0: never, or it was taken back."""
        return self._words[_SAMPLED]

    def add_busy(self, busy_ns: int) -> None:
        """Add to what the share was seen to use; `settle`, and then `date`, before anybody may trust the pair."""
        self._words[_BUSY] = (self._words[_BUSY] + busy_ns) % 2**64

    def date(self, now_ns: int) -> None:
        """Say when the share was seen; 0: it cannot be seen."""
        if self._words[_SAMPLED] != now_ns:
            self._words[_SAMPLED] = now_ns

    def close(self) -> None:
        """Give the mapping back."""
        self._words.release()
        self._page.close()


def settle() -> None:
    """Let every processor see what was stored before it sees what is stored from now on."""
    time.sleep(0)  # gives up the interpreter's lock and takes it again, which orders stores


def unseen_ns(usage_header: bytes) -> int:
    """Return what a share's own clock, as it is corrected, has of the time since the last of the node's samples that it took in."""
    if len(usage_header) < layout.USAGE_HEADER_BYTES:
        raise CorruptStateError(f"usage page: {len(usage_header)} bytes long; restart the container")
    factor = layout.USAGE_FIELDS["factor"][0]
    factor_q32, next_place, ring = (
        struct.unpack_from(form, usage_header, factor + offset)
        for offset, form in (layout.FACTOR_FIELDS[name] for name in ("factor_q32", "next", "predicted_ns"))
    )
    predicted_offset, form = layout.USAGE_FIELDS["predicted_ns"]
    (predicted_ns,) = struct.unpack_from(form, usage_header, predicted_offset)
    since_ns: int = max(0, predicted_ns - ring[(next_place[0] - 1) % len(ring)])
    by_q32: int = factor_q32[0] or _ONE_Q32
    return since_ns * by_q32 // _ONE_Q32


def read_time(usage: bytes) -> TimeUsage:
    """Return what a whole usage page says of time. Raises `CorruptStateError`.

    Slots are those of processes that live, or that died and have not been reaped.
    """
    if len(usage) != layout.USAGE_BYTES:
        raise CorruptStateError(f"usage page: {len(usage)} bytes long, not {layout.USAGE_BYTES}; restart the container")
    credit_offset, credit_form = layout.USAGE_FIELDS["credit_ns"]
    factor_offset = layout.USAGE_FIELDS["factor"][0] + layout.FACTOR_FIELDS["factor_q32"][0]
    (factor_q32,) = struct.unpack_from("<Q", usage, factor_offset)
    words = memoryview(usage)[layout.USAGE_HEADER_BYTES :].cast("Q")
    busy_ns, throttled_ns, launches = (
        sum(words[layout.SLOT_FIELDS[name][0] // 8 :: _SLOT_WORDS].tolist())
        for name in ("busy_ns", "throttled_ns", "launches")
    )
    credit_ns: int = struct.unpack_from(credit_form, usage, credit_offset)[0]
    return TimeUsage(credit_ns, (factor_q32 or _ONE_Q32) / _ONE_Q32, busy_ns, throttled_ns, launches)


def _mapped(descriptor: int) -> mmap.mmap:
    try:
        page = mmap.mmap(descriptor, layout.LIMITS_BYTES)
    except ValueError as error:
        raise CorruptStateError(
            f"limits page: shorter than {layout.LIMITS_BYTES} bytes; unprepare and prepare the claim again"
        ) from error
    magic: int = struct.unpack_from("<Q", page)[0]
    if magic != layout.LIMITS_MAGIC:
        page.close()
        raise CorruptStateError(f"limits page: magic is {magic:#x}; unprepare and prepare the claim again")
    return page
