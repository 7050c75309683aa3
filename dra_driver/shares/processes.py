"""Whose shares a process of the node uses, told by the usage pages that its container has mounted.

By the file that is mounted, and not by the place where: a container can mount what it has elsewhere, but never what it has
not. Source: proc_pid_mountinfo(5). Not here: what the process holds (dra_driver.nvml.processes).
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dra_driver.shares.folders import USAGE


@dataclass(frozen=True, slots=True)
class Place:
    """A folder as mounts name it: the file system's device number, and the path in that file system."""

    device: str
    path: PurePosixPath


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of a mountinfo: what is mounted where."""

    root: Place
    point: PurePosixPath


def place_of(folder: Path, proc: Path = Path("/proc")) -> Place | None:
    """Return where `folder` is, as mounts of it name it in whatever mount namespace; None where this process's mounts do not say."""
    resolved = PurePosixPath(folder.resolve())
    mounts = parse_mounts((proc / "self/mountinfo").read_text(errors="surrogateescape"))
    above = [mount for mount in mounts if resolved.is_relative_to(mount.point)]
    if not above:
        return None
    nearest = max(
        reversed(above), key=lambda mount: len(mount.point.parts)
    )  # of those at one point the last hides the others
    return Place(nearest.root.device, nearest.root.path / resolved.relative_to(nearest.point))


def shares_of(pid: int, shares_folder: Place, proc: Path = Path("/proc")) -> frozenset[str] | None:
    """Return the names of the shares whose usage pages a process has mounted; None where there is no such process."""
    try:
        text = (proc / str(pid) / "mountinfo").read_text(errors="surrogateescape")
    except OSError:
        return None
    return frozenset(_shares(parse_mounts(text), shares_folder))


def finder_of(shares_folder: Path) -> Callable[[int], frozenset[str] | None]:
    """Return what finds the shares that a process has mounted, of those in `shares_folder`."""
    place = place_of(shares_folder)
    return lambda pid: shares_of(pid, place) if place else None


class KnownProcesses:
    """The shares of processes that are seen again and again: the mounts of each are read once.

    What a process has mounted is settled before it uses a card. It is the same one as long as its PID has the same mount namespace.
    """

    def __init__(self, shares_folder: Path, proc: Path = Path("/proc")) -> None:
        self._place = place_of(shares_folder, proc)
        self._proc = proc
        self._known: dict[int, tuple[str, frozenset[str]]] = {}

    def of(self, pids: Iterable[int]) -> dict[int, frozenset[str] | None]:
        """Return the shares of each process; None for one that is not there. All others are forgotten."""
        found = {pid: self._look_up(pid) for pid in pids}
        self._known = {pid: known for pid, known in found.items() if known is not None}
        return {pid: None if known is None else known[1] for pid, known in found.items()}

    def _look_up(self, pid: int) -> tuple[str, frozenset[str]] | None:
        if self._place is None:
            return None
        try:
            namespace = os.readlink(f"{self._proc}/{pid}/ns/mnt")  # noqa: PTH115  a Path costs more than the call, each second
        except OSError:
            return None
        known = self._known.get(pid)
        if known is not None and known[0] == namespace:
            return known
        shares = shares_of(pid, self._place, self._proc)
        return None if shares is None else (namespace, shares)


def parse_mounts(mountinfo: str) -> Iterator[Mount]:
    """Yield the mounts of a mountinfo file."""
    for line in mountinfo.splitlines():
        _, _, device, root, point, *_ = line.split(" ")
        yield Mount(Place(device, PurePosixPath(_plain(root))), PurePosixPath(_plain(point)))


def _shares(mounts: Iterable[Mount], folder: Place) -> Iterator[str]:
    for mount in mounts:
        path = mount.root.path
        if mount.root.device == folder.device and path.name == USAGE and path.parent.parent == folder.path:
            yield path.parent.name


def _plain(field: str) -> str:
    """Return a path without the kernel's escapes: space, tab, line feed and backslash in octal."""
    if "\\" not in field:
        return field
    return os.fsdecode(os.fsencode(field).decode("unicode_escape").encode("latin-1"))
