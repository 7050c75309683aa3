"""`python -m hack.compatibility`: a cluster for each version, probed, and docs/compatibility.md written. Needs root; minutes."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from catalog.errors import HamiError
from hack.compatibility import probes, system_probes, table
from hack.local_cluster import Cluster
from hack.local_cluster.emulation import gates_text
from hack.local_cluster.versions import pinned
from hack.local_system import REPOSITORY, LocalSystem

DOCUMENT: Final = REPOSITORY / "docs" / "compatibility.md"
CARDS: Final = REPOSITORY / "hack" / "demo" / "cards.yaml"
OWN: Final = pinned().kubernetes.version
GATES: Final = dict.fromkeys(
    (
        "DRAConsumableCapacity",
        "DRADeviceTaints",
        "DRAExtendedResource",
        "DRAPartitionableDevices",
        "ResourceHealthStatus",
    ),
    True,
)
"""What 1.35 has and does not turn on by itself."""


@dataclass(frozen=True, slots=True)
class Column:
    """One Kubernetes to be seen."""

    title: str
    emulate: str
    gates: Mapping[str, bool] = field(default_factory=dict)


COLUMNS: Final = (
    Column("1.35", "1.35"),
    Column("1.35 with gates", "1.35", GATES),
    Column("1.36", "1.36"),
    Column("1.37", "1.37"),
)


def main() -> int:
    """Probe every version and write the document; 1 where a cluster does not come up."""
    try:
        seen = {column.title: _look(column) for column in COLUMNS}
    except HamiError as error:
        print(f"compatibility: {error}", file=sys.stderr)
        return 1
    text = table.rendered(seen, gates_text(GATES), OWN, probes.PROBES, system_probes.SYSTEM_PROBES)
    DOCUMENT.write_text(text)
    return 0


def _look(column: Column) -> dict[str, str]:
    cluster = Cluster("compat", emulate=column.emulate, feature_gates=column.gates)
    cluster.down()
    try:
        cluster.up()
        system = LocalSystem(cluster, CARDS)
        system.start()
        found = probes.seen(cluster.kubectl) | system_probes.seen(system)
    finally:
        cluster.down()
    for title, cell in found.items():
        print(f"{column.title:<16} {title}: {cell}", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
