"""From the facts of the machine to the settings of kubelet and containerd that depend on them. Pure.

Checked for real on cgroup v1 (hybrid) without systemd; the settings for cgroup v2 follow the kubelet's and containerd's
documentation and are covered by unit tests only.
"""

from dataclasses import dataclass

from hack.local_cluster.host import CgroupMode, HostFacts


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """What differs between machines."""

    fail_on_cgroup_v1: bool
    """The kubelet refuses cgroup v1 unless told otherwise."""

    restrict_oom_score: bool
    """Without CAP_SYS_RESOURCE runc cannot give a sandbox the low OOM score that it asks for, and the sandbox fails."""

    snapshotter: str
    """Overlay on a file system that can carry one, else plain copies."""


UNABLE_TO_CARRY_OVERLAY = frozenset(
    {"overlay", "nfs", "nfs4", "cifs", "fuse", "fuseblk", "9p", "virtiofs", "zfs", "ecryptfs", "vboxsf"}
)
"""File systems that the kernel refuses as the upper layer of an overlay, or where it is not dependable."""


def node_settings(facts: HostFacts) -> NodeSettings:
    """Settings for a machine with these facts.

    The cgroup driver is cgroupfs everywhere: the cluster's groups stand below one group of its own, beside whatever systemd
    manages, so that removing the cluster removes them and no unit of the machine is touched.
    """
    return NodeSettings(
        fail_on_cgroup_v1=facts.cgroup_mode is CgroupMode.UNIFIED,
        restrict_oom_score=not facts.may_lower_oom_score,
        snapshotter="native" if facts.data_filesystem in UNABLE_TO_CARRY_OVERLAY else "overlayfs",
    )
