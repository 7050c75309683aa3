"""Removes everything of one cluster, whatever state it is in: a crash, a killed tool or half an `up` leave nothing else.

Knows no components: it goes by the cluster's control group, its name and its two folders.
"""

import errno
import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from catalog.errors import UnavailableError
from hack.local_cluster import cgroups, kernel, network, processes
from hack.local_cluster import record as records
from hack.local_cluster.layout import NAMESPACES, Layout
from hack.local_cluster.record import ClusterRecord

GRACE_S: Final = 3.0
KILL_S: Final = 20.0
GUEST_PREFIX: Final = "guest-"
"""Prefix of the process records of what the cluster's user started on the machine."""

CONTAINER_LOGS: Final = Path("/var/log/containers")
"""The kubelet links every container's log there; the path is fixed in its source (pkg/kubelet/kuberuntime/legacy.go)."""

CNI_RESULTS: Final = Path("/var/lib/cni/results")
"""libcni keeps the result of every attachment there; containerd offers no setting for it (libcni/api.go, CacheDir)."""

MOUNT_NOTES: Final = Path("/run/mount")
"""libmount makes this folder (and an empty `utab`) at the first mount by the mount command."""

SHARED_FOLDERS: Final = (CONTAINER_LOGS, CNI_RESULTS, CNI_RESULTS.parent, NAMESPACES, MOUNT_NOTES)
"""Folders of the machine, outside the cluster's own, that its components or this tool's programs make, innermost first."""


def remove(layout: Layout, hierarchies: Iterable[Path], record: ClusterRecord) -> None:
    """Take the cluster of `record` away. Harmless to repeat.

    Raises UnavailableError where something resists; then the record stays, and another try goes on.
    """
    hierarchies = tuple(hierarchies)
    _end_guests(layout)
    _end_everything(layout, hierarchies)
    for folder in (layout.state, layout.data):
        _unmount_below(folder)
    network.remove(layout)
    _remove_strays(layout, record.absent_folders)
    if not any(other.kernel_settings for other in records.others(layout.record)):
        kernel.restore(record.kernel_settings)
    _remove_folders(layout)


def _end_guests(layout: Layout) -> None:
    """Let host processes that the cluster's user started (a driver, a webhook) end by themselves before the cluster goes."""
    guests = [process for path in layout.pids.glob(f"{GUEST_PREFIX}*.json") if (process := processes.recorded(path))]
    processes.end(guests, GRACE_S)


def _end_everything(layout: Layout, hierarchies: tuple[Path, ...]) -> None:
    """Kill members until the cluster's groups can be removed.

    A process that is just being started enters its group before it becomes a component: either it is found here, or the group
    is gone and it ends by itself.
    """
    deadline = time.monotonic() + KILL_S
    while groups := cgroups.present(hierarchies, layout.resource):
        alive = [
            process for pid in cgroups.members(hierarchies, layout.resource) if (process := processes.identity_of(pid))
        ]
        if time.monotonic() > deadline:
            pids = ", ".join(str(process.pid) for process in alive) or "none that can be seen"
            raise UnavailableError(
                f"cluster {layout.name}: control group {groups[0]} cannot be removed, killed processes do not end ({pids}); "
                "see /proc/<pid>/stack, then try again"
            )
        processes.kill(alive)
        for process in alive:
            processes.is_alive(process)  # reaps those that are children of this process
        cgroups.try_remove(hierarchies, layout.resource)
        time.sleep(processes.POLL_S)


def mounts_below(mountinfo: str, folder: Path) -> list[str]:
    """Mount points at or below `folder` in the text of /proc/self/mountinfo, the latest first."""
    points = [_unescape(line.split()[4]) for line in mountinfo.splitlines()]
    return [point for point in reversed(points) if Path(point).is_relative_to(folder)]


def _unescape(field: str) -> str:
    """Undo the octal escapes of proc(5) for blanks and backslashes."""
    return re.sub(r"\\([0-7]{3})", lambda escape: chr(int(escape[1], 8)), field)


def _current_mounts(folder: Path) -> list[str]:
    return mounts_below(Path("/proc/self/mountinfo").read_text(), folder)


def _unmount_below(folder: Path) -> None:
    if points := _current_mounts(folder):
        subprocess.run(["umount", "--lazy", *points], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if left := _current_mounts(folder):
        raise UnavailableError(f"{left[0]}: cannot be unmounted; see what uses it with `fuser -m`, then try again")


def _remove_strays(layout: Layout, absent_folders: Iterable[str]) -> None:
    for link in CONTAINER_LOGS.glob("*.log"):
        if link.is_symlink() and link.readlink().is_relative_to(layout.logs):
            link.unlink()
    for result in CNI_RESULTS.glob("*"):
        if f"{layout.state}/".encode() in result.read_bytes():  # the path of the pod's network namespace
            result.unlink()
    for folder in map(Path, absent_folders):
        _remove_if_unused(folder)


def _remove_if_unused(folder: Path) -> None:
    """Remove a folder that the cluster's programs made, unless something else has come to use it."""
    if not folder.is_dir() or any(not _is_empty_note(entry) for entry in folder.iterdir()):
        return
    if _current_mounts(folder):  # `ip netns` mounts its folder on itself
        subprocess.run(["umount", str(folder)], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    shutil.rmtree(folder, ignore_errors=True)


def _is_empty_note(path: Path) -> bool:
    """Whether this is libmount's `utab` or its lock, without entries."""
    return path.name.startswith("utab") and path.stat().st_size == 0


def _remove_folders(layout: Layout) -> None:
    for folder in (layout.data, layout.state):
        if left := _current_mounts(folder):
            raise UnavailableError(f"{left[0]}: is mounted, so {folder} is not removed; unmount it and try again")
    try:
        _remove_trees(layout)
    except OSError as error:
        raise UnavailableError(
            f"{error.filename}: cannot be removed ({error.strerror}); see to that and try again"
        ) from error


def _remove_state(layout: Layout) -> None:
    """Remove the state's folder. A compiler that a killed command started may still write into it for a moment."""
    deadline = time.monotonic() + KILL_S
    while True:
        _empty(layout.state, layout.record)
        layout.record.unlink(missing_ok=True)
        try:
            return layout.state.rmdir()
        except OSError as error:
            if error.errno != errno.ENOTEMPTY or time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def _empty(folder: Path, kept: Path) -> None:
    for entry in folder.iterdir():
        if entry != kept:
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink(missing_ok=True)


def _remove_trees(layout: Layout) -> None:
    """Remove the cluster's folders; the record goes last, so that a removal which is broken off can go on."""
    if layout.data.exists():
        shutil.rmtree(layout.data)
    if layout.state.exists():
        _remove_state(layout)
    for parent in (layout.run_folder, layout.data.parent):
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
