"""The whole system on one node: real kubelet, containerd and runc, our driver and webhook, four simulated cards of 80 GiB
and one in MIG mode."""

from collections.abc import Iterator

import pytest

from hack.local_cluster import Cluster, Profile
from tests.cluster.fixtures import running
from tests.cluster.one_node import namespace, system

__all__ = ["namespace", "system"]


@pytest.fixture(scope="package")
def cluster() -> Iterator[Cluster]:
    yield from running(Cluster("test-node", Profile.FULL))
