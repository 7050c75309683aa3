"""The directories of shares: `<folder>/<share>/{limits,usage,card}`, which containers map; `card` is a hard link to the card's page.

A directory appears complete, by rename, and is never replaced while its share is granted: containers hold its pages mapped.
Nothing here is synced to disk: pages name the boot they are of, and after a reboot they are made anew from the checkpoint.
Not here: the bytes of the pages (dra_driver.shares.pages), and the cards' own (dra_driver.shares.card_pages).
"""

import errno
import os
import shutil
import struct
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from catalog.errors import UnavailableError
from catalog.share_config import Copies
from dra_driver.shares import pages_layout as layout
from dra_driver.shares.pages import Limits, limits_page, usage_page
from dra_driver.shares.share import Share

if TYPE_CHECKING:
    from dra_driver.shares.card_pages import CardPages

LIMITS: Final = "limits"
USAGE: Final = "usage"
CARD: Final = "card"
_UUID_OFFSET, _UUID_FORMAT = layout.HEAD_FIELDS["card_uuid"]
_SEAT_OFFSET, _SEAT_FORMAT = layout.LIMITS_FIELDS["seat"]
_UNFINISHED: Final = ".new-"


@dataclass(frozen=True, slots=True)
class ShareFolders:
    """The share directories of this node. One writer per claim at a time."""

    folder: Path
    boot_id: UUID
    context_bytes: Mapping[str, int] = field(default_factory=dict)
    """What a context takes, by the card's UUID; of cards that are not there contexts are not charged."""
    cards: "CardPages | None" = None
    """Where shares have their seats; None: they have none, and know nothing of one another."""

    def create(self, share: Share, strict: bool = False) -> None:
        """Make the directory of a share, unless it is there. `strict`: its limits deny what the library does not know.

        One that an older version made is given its seat.
        """
        target = self.folder / share.name
        if target.is_dir():
            self._seat_older(share, target)
            return
        temporary = Path(tempfile.mkdtemp(dir=self.folder, prefix=_UNFINISHED))
        try:
            seat = self._take_seat(share.card_uuid, temporary)
            _write(temporary / LIMITS, self._limits(share, strict, seat), 0o644)
            _write(temporary / USAGE, usage_page(share.card_uuid, self.boot_id), 0o666)
            temporary.chmod(0o755)
            temporary.rename(target)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise

    def remove(self, name: str) -> None:
        """Remove the directory of a share, if it is there."""
        path = self.folder / name
        if not path.is_dir():
            return
        seated = _seat_of(str(path)) if (path / CARD).exists() else None
        doomed = Path(tempfile.mkdtemp(dir=self.folder, prefix=_UNFINISHED))
        path.rename(doomed)  # nobody may ever see half a directory
        shutil.rmtree(doomed)
        if self.cards is not None and seated is not None:
            self.cards.leave(*seated)

    def of_claim(self, claim_uid: str) -> list[str]:
        """Return the names of the directories that a claim has, granted or left over."""
        return [path.name for path in self.folder.glob(f"{claim_uid}-*")]

    def names(self) -> frozenset[str]:
        """Return the names of all directories of shares."""
        folders = (path for path in self.folder.iterdir() if path.is_dir())
        return frozenset(path.name for path in folders if not path.name.startswith(_UNFINISHED))

    def make_ready(self) -> None:
        """Close the folder to other users of the host, since containers may write to pages, and remove what a killed driver
        left unfinished; call it before the first share is made.
        """
        self.folder.chmod(0o700)
        for path in self.folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(path)
        if self.cards is not None:
            self.cards.make_ready()

    def _take_seat(self, card_uuid: str, folder: Path) -> int:
        """Link the card's page into `folder`, and return a seat that no share of the card has; 0 where there are no pages of cards."""
        if self.cards is None:
            return 0
        try:
            os.link(self.cards.page(card_uuid), folder / CARD)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            raise UnavailableError(
                f"{self.folder} and {self.cards.folder} are not of one mount, so that shares cannot have the page of their card; mount "
                f"{self.folder.parent} as a whole"
            ) from error
        seats = (_seat_of(str(path)) for path in self.folder.iterdir())
        return self.cards.free_seat(card_uuid, frozenset(seat for uuid, seat in seats if uuid == card_uuid))

    def _seat_older(self, share: Share, folder: Path) -> None:
        if self.cards is None or (folder / CARD).exists():
            return
        temporary = Path(tempfile.mkdtemp(dir=self.folder, prefix=_UNFINISHED))
        try:
            seat = self._take_seat(share.card_uuid, temporary)
            with (folder / LIMITS).open("r+b", buffering=0) as limits:
                os.pwrite(limits.fileno(), struct.pack(_SEAT_FORMAT, seat), _SEAT_OFFSET)
            (temporary / CARD).rename(folder / CARD)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def _limits(self, share: Share, strict: bool, seat: int) -> bytes:
        limits = Limits(
            card_uuid=share.card_uuid,
            version=1,
            memory_bytes=share.limit_bytes,
            cores_percent=share.cores_percent,
            priority=share.config.priority,
            policy=share.config.core_policy,
            weight=share.config.weight,
            strict=strict,
            context_bytes=self.context_bytes.get(share.card_uuid, 0),
            fixed_cores=not share.config.live_cores,
            seat=seat,
            managed=share.is_managed,
            copies=share.config.copies is Copies.CHARGED,
            pinned_bytes=share.physical_bytes if share.memory_scaling > 1 else 0,
        )
        return limits_page(limits, self.boot_id)


def _write(path: Path, content: bytes, mode: int) -> None:
    path.write_bytes(content)
    path.chmod(mode)  # whatever the umask


def _seat_of(folder: str) -> tuple[str, int]:
    """Return the card of a share and its seat there; no card where the page cannot be read. As cheap as it can be: there may be many."""
    try:
        descriptor = os.open(f"{folder}/{LIMITS}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return "", 0
    try:
        head = os.pread(descriptor, _SEAT_OFFSET + 8, 0)
    finally:
        os.close(descriptor)
    if len(head) < _SEAT_OFFSET + 8:
        return "", 0
    uuid: bytes = struct.unpack_from(_UUID_FORMAT, head, _UUID_OFFSET)[0]
    return uuid.rstrip(b"\0").decode(errors="replace"), struct.unpack_from(_SEAT_FORMAT, head, _SEAT_OFFSET)[0]
