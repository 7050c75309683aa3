"""As in tests/node, on a cluster of its own, so that both go on side by side: whole examples, and days in the life of a node."""

from collections.abc import Iterator

import pytest

from hack.local_cluster import Cluster, Profile
from tests.cluster.fixtures import running
from tests.cluster.one_node import namespace, system

__all__ = ["namespace", "system"]


@pytest.fixture(scope="package")
def cluster() -> Iterator[Cluster]:
    yield from running(Cluster("test-scen", Profile.FULL))
