"""Fixtures of the tiers with a kubelet: our driver and webhook on the tier's `cluster`, and a namespace for each test.

Not here: the cluster, which is each tier's own (its conftest).
"""

from collections.abc import Iterator

import pytest

from hack.local_cluster import Cluster
from hack.local_system import LocalSystem
from tests.cluster.fixtures import cards_file, namespace_for, started
from tests.cluster.namespace import Namespace


@pytest.fixture(scope="package")
def system(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """26 places on each card, so that 26 small tenants fit."""
    yield from started(LocalSystem(cluster, cards_file(tmp_path_factory.mktemp("cards")), split_count=26))


@pytest.fixture
def namespace(request: pytest.FixtureRequest, system: LocalSystem) -> Iterator[Namespace]:
    yield from namespace_for(request, system)
