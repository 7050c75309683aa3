"""The directories of shares: `<folder>/<share>/{limits,usage}`, which containers map.

A directory appears complete, by rename, and is never replaced while its share is granted: containers hold its pages mapped.
Nothing here is synced to disk: pages name the boot they are of, and after a reboot they are made anew from the checkpoint.
Not here: the bytes of the pages (dra_driver.pages).
"""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from dra_driver.pages import Limits, limits_page, usage_page
from dra_driver.share import Share

LIMITS: Final = "limits"
USAGE: Final = "usage"
_UNFINISHED: Final = ".new-"


@dataclass(frozen=True, slots=True)
class ShareFolders:
    """The share directories of this node. One writer per claim at a time."""

    folder: Path
    boot_id: UUID
    context_bytes: Mapping[str, int] = field(default_factory=dict)
    """What a context takes, by the card's UUID; of cards that are not there contexts are not charged."""

    def create(self, share: Share, strict: bool = False) -> None:
        """Make the directory of a share, unless it is there. `strict`: its limits deny what the library does not know."""
        target = self.folder / share.name
        if target.is_dir():
            return
        temporary = Path(tempfile.mkdtemp(dir=self.folder, prefix=_UNFINISHED))
        try:
            _write(temporary / LIMITS, self._limits(share, strict), 0o644)
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
        doomed = Path(tempfile.mkdtemp(dir=self.folder, prefix=_UNFINISHED))
        path.rename(doomed)  # nobody may ever see half a directory
        shutil.rmtree(doomed)

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

    def _limits(self, share: Share, strict: bool) -> bytes:
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
            managed=share.is_managed,
            pinned_bytes=share.physical_bytes if share.memory_scaling > 1 else 0,
        )
        return limits_page(limits, self.boot_id)


def _write(path: Path, content: bytes, mode: int) -> None:
    path.write_bytes(content)
    path.chmod(mode)  # whatever the umask
