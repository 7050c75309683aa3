"""What docs/compatibility.md says of this Kubernetes is what its API server and scheduler do."""

from pathlib import Path

import pytest

from hack.compatibility import probes, table
from hack.local_system import LocalSystem

pytestmark = pytest.mark.control_plane

DOCUMENT = Path(__file__).parents[2] / "docs" / "compatibility.md"


def test_the_table_is_right(system: LocalSystem) -> None:
    newest = table.parsed(DOCUMENT.read_text())["1.37"]
    found = probes.seen(system.cluster.kubectl)
    assert found == {title: newest[title] for title in found}
