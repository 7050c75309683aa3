"""As in tests/node, on a cluster of its own, so that both go on side by side: whole examples, and days in the life of a node."""

from collections.abc import Iterator

import pytest

from hack.local_cluster import Cluster, Profile
from hack.local_system import LocalSystem
from tests.cluster.fixtures import cards_file, namespace_for, running, started
from tests.cluster.namespace import Namespace


@pytest.fixture(scope="package")
def cluster() -> Iterator[Cluster]:
    yield from running(Cluster("test-scen", Profile.FULL))


@pytest.fixture(scope="package")
def system(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    yield from started(LocalSystem(cluster, cards_file(tmp_path_factory.mktemp("cards")), split_count=26))


@pytest.fixture
def namespace(request: pytest.FixtureRequest, system: LocalSystem) -> Iterator[Namespace]:
    yield from namespace_for(request, system)
