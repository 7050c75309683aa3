"""A real control plane, the real webhook, and nodes whose slices come from the driver's planner without a driver or a kubelet."""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from dra_driver.cards.card import Card
from dra_driver.configuration import NodeConfiguration
from dra_driver.slices.offer import Offer, offers
from dra_driver.slices.plan import Create, Delete, Pool, Update, plan, shared_contents
from hack.local_cluster import Cluster, Profile
from hack.local_system import LocalSystem
from tests.cluster.fixtures import cards_file, namespace_for, running
from tests.cluster.namespace import Namespace
from tests.cluster.objects import node
from tests.unit.driver_objects import card


@pytest.fixture(scope="package")
def cluster() -> Iterator[Cluster]:
    yield from running(Cluster("test-cp", Profile.CONTROL_PLANE))


@pytest.fixture(scope="package")
def system(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    system = LocalSystem(cluster, cards_file(tmp_path_factory.mktemp("cards")))
    system.start_webhook()
    yield system
    system.stop()


@pytest.fixture
def namespace(request: pytest.FixtureRequest, system: LocalSystem) -> Iterator[Namespace]:
    yield from namespace_for(request, system, "--force", "--grace-period=0")  # there is no kubelet to end them


NUMBERS = itertools.count()


@pytest.fixture
def node_of_cards(system: LocalSystem) -> Iterator[Callable[..., str]]:
    """Make nodes with so many cards of 80 GiB; each test gets nodes of its own."""
    kubectl, made = system.cluster.kubectl, []

    def make(count: int, configuration: NodeConfiguration = NodeConfiguration()) -> str:  # noqa: B008  it is frozen
        name = f"played-{next(NUMBERS)}"
        made.append(name)
        kubectl("apply", "-f", "-", stdin=json.dumps(node(name)))
        # Admission marks a new node as not ready, and there is no kubelet to end that.
        kubectl("taint", "node", name, "node.kubernetes.io/not-ready:NoSchedule-")
        offer(system, name, offers(cards(name, count), configuration))
        return name

    yield make
    for name in made:
        kubectl("delete", "resourceslices", "--field-selector", f"spec.nodeName={name}")
        kubectl("delete", "node", name, "--wait=false")


def cards(node_name: str, count: int) -> tuple[Card, ...]:
    """Alike cards of 80 GiB, distinct in the whole cluster."""
    return tuple(replace(card(index), uuid=f"GPU-{node_name}-{index}") for index in range(count))


def offer(system: LocalSystem, node_name: str, offered: Sequence[Offer]) -> None:
    """Bring a node's slices to what is offered, as a driver does."""
    kubectl = system.cluster.kubectl
    uid = json.loads(kubectl("get", "node", node_name, "-o", "json"))["metadata"]["uid"]
    found = kubectl("get", "resourceslices", "--field-selector", f"spec.nodeName={node_name}", "-o", "json")
    for write in plan(Pool(node_name, uid, shared_contents(offered)), observed=json.loads(found)["items"]):
        match write:
            case Create():
                kubectl("create", "-f", "-", stdin=json.dumps(write.manifest))
            case Update():
                kubectl("patch", "resourceslice", write.name, "--type=merge", "-p", json.dumps(write.patch))
            case Delete():
                kubectl("delete", "resourceslice", write.name)
