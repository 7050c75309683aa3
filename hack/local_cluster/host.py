"""What this machine offers, and whether it suffices: root, memory, disk, programs, cgroups.

Reads the machine and installs Debian packages; what follows from the facts is decided in settings.py.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from catalog.errors import InvalidInputError, UnavailableError
from hack.local_cluster.programs import Profile
from hack.local_cluster.progress import Progress
from hack.local_cluster.versions import DebianPackages

GIB: Final = 1 << 30
BUILD_MEMORY_BYTES: Final = 4 * GIB
BUILD_DISK_BYTES: Final = 8 * GIB
RUN_MEMORY_BYTES: Final = {Profile.FULL: 3 * GIB // 2, Profile.CONTROL_PLANE: GIB}
NODE_MEMORY_BYTES: Final = GIB // 4
"""For each node beyond the first; measured, kubelet and containerd together: see docs/measurements.md."""

RUN_DISK_BYTES: Final = {Profile.FULL: GIB, Profile.CONTROL_PLANE: GIB // 2}

CAP_SYS_RESOURCE: Final = 24
"""Bit of the capability without which a process may not lower an OOM score, from <linux/capability.h>."""

SYSTEM_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CGROUP_ROOT: Final = Path("/sys/fs/cgroup")


class CgroupMode(StrEnum):
    """How the kernel's control groups are mounted."""

    UNIFIED = "unified"
    """cgroup v2 alone, as systemd sets it up."""

    LEGACY = "legacy"
    """cgroup v1 controllers, with or without a v2 hierarchy beside them."""


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What the configuration of kubelet and containerd depends on."""

    cgroup_mode: CgroupMode
    cgroup_hierarchies: tuple[Path, ...]
    """Mount points; the one that registers a cluster's processes comes first."""

    may_lower_oom_score: bool
    data_filesystem: str
    """Type of the file system that will hold containerd's root, as in /proc/mounts."""


def facts(data: Path) -> HostFacts:
    """The facts of this machine; `data` is where containerd's root will be."""
    mounts = Path("/proc/self/mounts").read_text()
    mode, hierarchies = cgroups_of(mounts)
    return HostFacts(mode, hierarchies, _has_capability(CAP_SYS_RESOURCE), filesystem_of(mounts, data))


def cgroups_of(mounts: str) -> tuple[CgroupMode, tuple[Path, ...]]:
    """Mode and hierarchies in the text of /proc/mounts.

    Raises InvalidInputError where no hierarchy is mounted.
    """
    entries = [line.split() for line in mounts.splitlines()]
    found = {entry[1]: entry[2] for entry in entries if entry[2] in {"cgroup", "cgroup2"}}
    if found.get(str(CGROUP_ROOT)) == "cgroup2":
        return CgroupMode.UNIFIED, (CGROUP_ROOT,)
    if "cgroup" not in found.values():
        raise InvalidInputError(
            f"control groups: none are mounted at {CGROUP_ROOT}; a container needs them, mount cgroup2 there and try again"
        )
    # The freezer is the one hierarchy that neither systemd nor container runtimes move processes about in.
    return CgroupMode.LEGACY, tuple(sorted(map(Path, found), key=lambda path: (path.name != "freezer", path)))


def filesystem_of(mounts: str, path: Path) -> str:
    """Type of the file system that holds `path`, by the text of /proc/mounts; a later mount hides an earlier one."""
    best, kind = "", ""
    for line in mounts.splitlines():
        _device, target, filesystem, *_ = line.split()
        if path.is_relative_to(target) and len(target) >= len(best):
            best, kind = target, filesystem
    return kind


def require_root() -> None:
    """Raise InvalidInputError unless this process is root."""
    if os.geteuid() != 0:
        raise InvalidInputError(
            "the local cluster needs root, for network namespaces, mounts and control groups; run the command again with sudo"
        )


def require_for_build(cache: Path) -> None:
    """Raise InvalidInputError unless memory and disk suffice to compile."""
    _require("building Kubernetes and containerd", cache, BUILD_MEMORY_BYTES, BUILD_DISK_BYTES)


def require_for_run(data: Path, profile: Profile, nodes: int = 1) -> None:
    """Raise InvalidInputError unless memory and disk suffice to run a cluster."""
    memory_bytes = RUN_MEMORY_BYTES[profile] + (nodes - 1) * NODE_MEMORY_BYTES
    what = f"a cluster of profile {profile}" + (f" with {nodes} nodes" if nodes > 1 else "")
    _require(what, data, memory_bytes, RUN_DISK_BYTES[profile])


def _require(what: str, folder: Path, memory_bytes: int, disk_bytes: int) -> None:
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    problems = shortages(available_memory_bytes(Path("/proc/meminfo").read_text()), memory_bytes, "of memory available")
    problems += shortages(shutil.disk_usage(existing).free, disk_bytes, f"of disk free at {existing}")
    if problems:
        raise InvalidInputError(f"{what}: {'; '.join(problems)}. Free some, or point XDG_CACHE_HOME to a larger disk")


def shortages(there_bytes: int, needed_bytes: int, what: str) -> list[str]:
    """The sentence about a resource that does not suffice; empty if it does."""
    if there_bytes >= needed_bytes:
        return []
    return [f"{there_bytes / GIB:.1f} GiB {what}, and {needed_bytes / GIB:.1f} GiB are needed"]


def available_memory_bytes(meminfo: str) -> int:
    """MemAvailable in the text of /proc/meminfo."""
    line = next(line for line in meminfo.splitlines() if line.startswith("MemAvailable:"))
    return int(line.split()[1]) * 1024


def missing_packages(packages: DebianPackages, profile: Profile) -> dict[str, list[str]]:
    """Programs that the profile needs and this machine lacks, each with its Debian packages."""
    wanted = packages.control_plane | (packages.full if profile is Profile.FULL else {})
    return {program: names for program, names in wanted.items() if find_program(program) is None}


def find_program(name: str) -> str | None:
    """Path of a program of the system, also where PATH lacks the sbin folders."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{SYSTEM_PATH}")


def install_packages(missing: Mapping[str, Sequence[str]], progress: Progress) -> None:
    """Install Debian packages, after saying which.

    Raises InvalidInputError where there is no apt-get, UnavailableError where it fails.
    """
    if not missing:
        return
    names = sorted({name for names in missing.values() for name in names})
    if shutil.which("apt-get") is None:
        raise InvalidInputError(
            f"programs {', '.join(sorted(missing))}: not found on PATH, and there is no apt-get to install them with; "
            f"install what Debian calls {', '.join(names)}"
        )
    progress.say(f"installing the Debian packages {', '.join(names)}")
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "--quiet"],
        ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *names],
    ):
        done = subprocess.run(
            command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            tail = "\n".join((done.stdout + done.stderr).splitlines()[-5:])
            raise UnavailableError(
                f"{' '.join(command)} failed; install {', '.join(names)} by hand and try again. It said:\n{tail}"
            )


def _has_capability(bit: int) -> bool:
    status = Path("/proc/self/status").read_text()
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(effective, 16) >> bit & 1)
