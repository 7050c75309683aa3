"""What a user wants of a cluster: its profile, how many nodes, which Kubernetes it plays. Pure.

What is left open fits any cluster that is up, so that a bare `up` starts again whatever ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.errors import InvalidInputError
from hack.local_cluster.emulation import Emulation, checked_version
from hack.local_cluster.layout import MAX_NODES
from hack.local_cluster.programs import Profile
from hack.local_cluster.record import ClusterRecord
from hack.local_cluster.versions import pinned


@dataclass(frozen=True, slots=True)
class Shape:
    """A checked wish; None is left open."""

    profile: Profile
    nodes: int | None = None
    version: str | None = None
    feature_gates: Mapping[str, bool] | None = None

    def __post_init__(self) -> None:
        if self.nodes is not None and self.profile is Profile.CONTROL_PLANE:
            raise InvalidInputError(
                "--nodes: profile control-plane has none; leave --nodes out, or take --profile full"
            )
        if self.nodes is not None and not 1 <= self.nodes <= MAX_NODES:
            raise InvalidInputError(f"--nodes {self.nodes}: take 1 to {MAX_NODES}")
        if self.version is not None:
            object.__setattr__(self, "version", checked_version(self.version, pinned().kubernetes.version))

    @property
    def node_count(self) -> int:
        """Nodes of a cluster that is made now."""
        return 1 if self.nodes is None else self.nodes

    @property
    def emulation(self) -> Emulation:
        """Which Kubernetes a cluster that is made now plays."""
        return Emulation(self.version or "", self.feature_gates or {})

    def difference(self, record: ClusterRecord) -> str:
        """What a cluster is made of that was wished for otherwise, as `is up with …`; empty where it fits."""
        if record.profile is not self.profile:
            return f"profile {record.profile}, not {self.profile}"
        if self.nodes is not None and self.nodes != record.nodes:
            return f"{record.nodes} node(s), not {self.nodes}"
        wished = Emulation(
            record.emulated_version if self.version is None else self.version,
            record.feature_gates if self.feature_gates is None else self.feature_gates,
        )
        if wished == record.emulation:
            return ""
        return f"{str(record.emulation) or 'Kubernetes as built'}, not {str(wished) or 'Kubernetes as built'}"

    def __str__(self) -> str:
        nodes = f", {self.node_count} nodes" if self.node_count > 1 else ""
        played = f", {text}" if (text := str(self.emulation)) else ""
        return f"{self.profile}{nodes}{played}"
