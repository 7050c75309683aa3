"""The record of a cluster: the file that is written before anything is made and removed after everything is gone.

It says that what bears the cluster's name is ours, and keeps what cannot be read off the machine later.
"""

import contextlib
from pathlib import Path
from typing import Final

import msgspec

from catalog.errors import CorruptStateError
from hack.local_cluster.emulation import Emulation
from hack.local_cluster.programs import Profile

UNFINISHED: Final = ".new"
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class ClusterRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept of a cluster; `ready` once it has come up whole."""

    name: str
    profile: Profile
    network: str
    data: str
    boot_id: str
    programs: dict[str, str]
    absent_folders: list[str]
    """Folders of the machine, outside the cluster's own, that did not exist before it and go with it if they are empty."""

    kernel_settings: dict[str, str] = {}
    """Values before the kubelet changed them; see kernel.py."""

    nodes: int = 1
    emulated_version: str = ""
    feature_gates: dict[str, bool] = {}
    ready: bool = False

    @property
    def emulation(self) -> Emulation:
        """Which Kubernetes the control plane plays."""
        return Emulation(self.emulated_version, self.feature_gates)


def boot_id() -> str:
    """Identity of this boot of the machine."""
    return BOOT_ID.read_text().strip()


def read(path: Path) -> ClusterRecord | None:
    """The record at `path`; None where there is none.

    Raises CorruptStateError where it cannot be understood.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=ClusterRecord)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise CorruptStateError(
            f"{path}: not a readable cluster record ({error}); if another version made the cluster, take it down with that "
            "one, else end its processes and remove the folder by hand"
        ) from error


def others(path: Path) -> list[ClusterRecord]:
    """The records of all other clusters than the one whose record is, or would be, at `path`; unreadable ones are passed over."""
    found = []
    for other in path.parent.parent.glob(f"*/{path.name}"):
        with contextlib.suppress(CorruptStateError):
            found += [record] if other != path and (record := read(other)) else []
    return found


def write(path: Path, record: ClusterRecord) -> None:
    """Write the record at once and whole."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    unfinished = path.with_suffix(UNFINISHED)
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(record)) + b"\n")
    unfinished.replace(path)


def discard_unfinished(path: Path) -> None:
    """Remove what a process that was killed in its first `write` left: a folder with nothing of a cluster in it."""
    folder, unfinished = path.parent, path.with_suffix(UNFINISHED)
    if folder.is_dir() and set(folder.iterdir()) <= {unfinished}:
        unfinished.unlink(missing_ok=True)
        folder.rmdir()
