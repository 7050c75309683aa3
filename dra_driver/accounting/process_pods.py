"""Which pod a process of the node is in, and how the process is told from others: what the kernel and the kubelet say.

The UID is of the process's control group, which a container cannot choose; names are those of the kubelet's folders of logs. Sources:
cgroups(7), proc_pid_stat(5), namespaces(7); kubelet, pkg/kubelet/cm and kuberuntime. Not here: whose shares it uses
(dra_driver.shares.processes).
"""

import re
from pathlib import Path
from typing import Final

from dra_driver.call import Pod

POD_LOGS: Final = Path("/var/log/pods")
"""`<namespace>_<name>_<uid>` for each pod."""
_PROC: Final = Path("/proc")
_POD: Final = re.compile(r"[/-]pod([0-9a-f]{8}(?:[-_]?[0-9a-f]{4}){3}[-_]?[0-9a-f]{12})(?=[/.]|$)", re.MULTILINE)
_STARTED: Final = 19
"""Place of the start time behind the program's name, which may hold anything."""


def pod_uid_of(pid: int, proc: Path = _PROC) -> str | None:
    """Return the UID of the pod that a process is in; None for one that is in none, or gone."""
    try:
        found = _POD.search((proc / str(pid) / "cgroup").read_text(errors="replace"))
    except OSError:
        return None
    return found[1].replace("_", "-") if found else None


def pod_named(uid: str, pod_logs: Path = POD_LOGS) -> Pod | None:
    """Return the pod of a UID; None where the kubelet's folder does not know it, or cannot be read."""
    folder = next(pod_logs.glob(f"*_*_{uid}"), None)
    if folder is None:
        return None
    namespace, name, _ = folder.name.split("_")
    return Pod(namespace, name, uid)


def started(pid: int, proc: Path = _PROC) -> int:
    """Return when a process started, in clock ticks after boot: with its PID it is one process; 0 where it is gone."""
    try:
        return int((proc / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[_STARTED])
    except OSError:
        return 0


def identity_of(pid: int, proc: Path = _PROC) -> tuple[int, int]:
    """Return a process as it knows itself: the inode of its PID namespace, and its PID there; zeros where it is gone."""
    folder = proc / str(pid)
    try:
        status = (folder / "status").read_text(errors="replace")
        namespace = (folder / "ns/pid").stat().st_ino
    except OSError:
        return 0, 0
    line = next((line for line in status.splitlines() if line.startswith("NSpid:")), f"NSpid:\t{pid}")
    return namespace, int(line.split()[-1])
