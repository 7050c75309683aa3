"""The pages of cards: one file for each card that has shares, the same in every container that has one of them.

A page is never replaced while a share maps it; where a container cut or scribbled on it, it is mended in place. It is read and
written, and never touched through a mapping: a container may cut it at any moment. Not here: what stands in it, which is the
interceptor's (native/include/hami_pages.h).
"""

import ctypes
import logging
import mmap
import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from catalog.errors import CorruptStateError
from dra_driver.shares import pages_layout as layout
from dra_driver.shares.pages import card_of, card_page

_LOG: Final = logging.getLogger(__name__)
_UNFINISHED: Final = ".new-"
_BITS: Final = tuple(layout.CARD_FIELDS[name][0] for name in ("present", "active", "queued"))
_SEAT_MASK: Final = 0xFFFF
"""Of the lease: the seat that has it, and one."""
_FUTEX_CALL: Final = {"x86_64": 202, "aarch64": 98}.get(platform.machine(), -1)
_FUTEX_WAKE_OP: Final = 5
_AND_NOT_BIT: Final = (3 | 8) << 28
"""FUTEX_OP_ANDN of 1 shifted by the operand (futex(2)); the operand stands at bit 12."""


@dataclass(frozen=True, slots=True)
class CardPages:
    """The pages of this node's cards. One writer at a time: drivers take turns (dra_driver.turns)."""

    folder: Path
    boot_id: UUID

    def page(self, card_uuid: str) -> Path:
        """Return the page of a card, made or mended where it has to be."""
        path = self.folder / card_uuid
        if self._is_whole(path, card_uuid):
            return path
        if path.exists() and path.stat().st_nlink > 1:
            self._mend(path, card_uuid)
        else:
            self._make(path, card_uuid)
        return path

    def free_seat(self, card_uuid: str, taken: frozenset[int]) -> int:
        """Return a seat that is not among the `taken`, wiped. The one that the lease names is not given: it may still stand as dead."""
        path = self.page(card_uuid)
        with path.open("r+b", buffering=0) as page:
            offset, _ = layout.CARD_FIELDS["lease"]
            leased = (int.from_bytes(os.pread(page.fileno(), 8, offset), "little") & _SEAT_MASK) - 1
            free = [seat for seat in range(layout.SEATS) if seat not in taken]
            seat = next((seat for seat in free if seat != leased), leased)
            _wipe(page.fileno(), seat)
        return seat

    def leave(self, card_uuid: str, seat: int) -> None:
        """Wipe the seat of a share that is gone."""
        with suppress(OSError), (self.folder / card_uuid).open("r+b", buffering=0) as page:
            _wipe(page.fileno(), seat)

    def keep_whole(self, card_uuids: Iterable[str]) -> None:
        """Mend the pages of these cards that a container has cut: who touches what is cut off is ended."""
        for uuid in card_uuids:
            path = self.folder / uuid
            with suppress(OSError):
                status = path.stat()
                if status.st_size != layout.CARD_BYTES and status.st_nlink > 1:
                    self._mend(path, uuid)

    def make_ready(self) -> None:
        """Close the folder to other users of the host, and remove pages that no share maps; only while nobody prepares."""
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o700)
        for path in self.folder.iterdir():
            if path.stat().st_nlink == 1:
                path.unlink()

    def _is_whole(self, path: Path, card_uuid: str) -> bool:
        try:
            with path.open("rb", buffering=0) as page:
                found = card_of(page.read(layout.HEAD_BYTES))
                return found == (card_uuid, self.boot_id) and os.fstat(page.fileno()).st_size == layout.CARD_BYTES
        except (FileNotFoundError, CorruptStateError):
            return False

    def _mend(self, path: Path, card_uuid: str) -> None:
        _LOG.warning(
            "card %s: a container has cut or overwritten the page of the card; it is mended in place", card_uuid
        )
        with path.open("r+b", buffering=0) as page:
            os.truncate(page.fileno(), layout.CARD_BYTES)
            os.pwrite(page.fileno(), card_page(card_uuid, self.boot_id)[: layout.HEAD_BYTES], 0)

    def _make(self, path: Path, card_uuid: str) -> None:
        temporary = path.with_name(_UNFINISHED + card_uuid)
        temporary.write_bytes(card_page(card_uuid, self.boot_id))
        temporary.chmod(0o666)  # whatever the umask
        temporary.rename(path)


def _wipe(descriptor: int, seat: int) -> None:
    """Take a seat's bits away, and make its words 0."""
    with suppress(ValueError, OSError):  # cut by a container meanwhile
        for offset in _BITS:
            _clear_bit(descriptor, offset, seat)
    seats, _ = layout.CARD_FIELDS["seats"]
    os.pwrite(descriptor, bytes(layout.SEAT_BYTES), seats + seat * layout.SEAT_BYTES)


def _clear_bit(descriptor: int, offset: int, bit: int) -> None:
    """Clear one bit of a row that processes change by atomic operations at the same time.

    The kernel does it, by futex(2), FUTEX_WAKE_OP, in one atomic operation, and answers with an error where the page was cut. Nobody
    sleeps on either word.
    """
    nobody = ctypes.c_uint32()
    with mmap.mmap(descriptor, layout.CARD_HEADER_BYTES) as mapped:
        word = ctypes.c_uint32.from_buffer(mapped, offset + bit // 32 * 4)
        try:
            _futex(ctypes.addressof(nobody), ctypes.addressof(word), _AND_NOT_BIT | bit % 32 << 12)
        finally:
            del word


def _futex(sleepers: int, word: int, operation: int) -> None:
    number = ctypes.c_long(_FUTEX_CALL)
    nobody, none = ctypes.c_long(0), ctypes.c_void_p(None)
    ended = _LIBC.syscall(
        number,
        ctypes.c_void_p(sleepers),
        ctypes.c_int(_FUTEX_WAKE_OP),
        nobody,
        none,
        ctypes.c_void_p(word),
        ctypes.c_uint32(operation),
    )
    if ended < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


_LIBC: Final = ctypes.CDLL(None, use_errno=True)
