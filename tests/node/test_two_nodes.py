"""Two real kubelets side by side, each with a driver and a card of its own: shares, logs and exec, and a choice between nodes.

A cluster of its own, beside the one of the other tests.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hack.local_cluster import Cluster, Profile
from hack.local_system import LocalSystem
from tests.cluster.fixtures import namespace_for, running, started
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import HOLD, container, pod

pytestmark = pytest.mark.node

MAIN = container() | {"resources": {"claims": [{"name": "card"}]}}
CLAIMS = [{"name": "card", "resourceClaimTemplateName": "prefers-idle"}]
SHARE = {"deviceClassName": "gpu.hami.io", "capacity": {"requests": {"memory": "1000Mi"}}}
IDLE_CARD = {"selectors": [{"cel": {"expression": 'device.attributes["hami.io"].busy == false'}}]}
PREFERS_IDLE = {
    "apiVersion": "resource.k8s.io/v1",
    "kind": "ResourceClaimTemplate",
    "metadata": {"name": "prefers-idle"},
    "spec": {
        "spec": {
            "devices": {
                "requests": [
                    {
                        "name": "card",
                        "firstAvailable": [{"name": "idle", **SHARE, **IDLE_CARD}, {"name": "any", **SHARE}],
                    }
                ]
            }
        }
    },
}
CARDS = "cards:\n- {{model: {model}, count: 1, memory: {gib}Gi}}\n"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    yield from running(Cluster("test-two", Profile.FULL, nodes=2))


@pytest.fixture(scope="module")
def system(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSystem]:
    """One card on each node: 80 GiB on the first, 40 GiB on the second."""
    folder = tmp_path_factory.mktemp("two-nodes")
    files = [folder / "first.yaml", folder / "second.yaml"]
    for file, model, gib in zip(files, ("NVIDIA H100 80GB HBM3", "NVIDIA A100-SXM4-40GB"), (80, 40), strict=True):
        file.write_text(CARDS.format(model=model, gib=gib))
    yield from started(LocalSystem(cluster, files[0], cards_of={1: files[1]}))


@pytest.fixture
def namespace(request: pytest.FixtureRequest, system: LocalSystem) -> Iterator[Namespace]:
    yield from namespace_for(request, system)


def files_of_shares(system: LocalSystem, node: int) -> list[Path]:
    layout = system.cluster.node(node)
    return [*(layout.data / "hami.io" / "shares").iterdir(), *layout.cdi.iterdir()]


def test_each_node_serves_its_own_card_with_logs_and_exec_and_keeps_the_files_of_its_own_shares(
    system: LocalSystem, namespace: Namespace
) -> None:
    """The first pod fits the first node alone, and leaves no room there for the second. A share has a folder and a CDI spec."""
    nodes = [node.name for node in system.cluster.nodes]
    assert nodes == ["hami-test-two", "hami-test-two-1"]
    needs = {"large": (nodes[0], 60000, "H100"), "small": (nodes[1], 30000, "A100")}
    for name, (_, gpumem, _) in needs.items():
        namespace.apply(pod(name, container(command=HOLD, gpu=1, gpumem=gpumem)))
        namespace.wait_running(name)
    for name, (node, gpumem, product) in needs.items():
        assert namespace.get("pod", name)["spec"]["nodeName"] == node
        assert namespace.results_of(name)[0]["pool"] == node
        assert f"of {gpumem} MiB" in namespace.logs(name)
        assert product in namespace.kubectl("exec", name, "--", "nvidia-smi", "-L")
    assert [len(files_of_shares(system, node)) for node in (0, 1)] == [2, 2]


def test_a_claim_that_prefers_an_idle_card_goes_to_the_other_node(system: LocalSystem, namespace: Namespace) -> None:
    eventually(lambda: not busy_nodes(system), "both cards are idle")
    namespace.apply(PREFERS_IDLE)
    namespace.apply(pod("first", MAIN, resourceClaims=CLAIMS))
    first = namespace.results_of("first")[0]["pool"]
    eventually(lambda: busy_nodes(system) == {first}, "the slices say that the card is busy")
    namespace.apply(pod("second", MAIN, resourceClaims=CLAIMS))
    assert namespace.results_of("second")[0]["pool"] != first


def busy_nodes(system: LocalSystem) -> set[str]:
    slices = json.loads(system.cluster.kubectl("get", "resourceslices", "-o", "json"))["items"]
    devices = [(item["spec"]["nodeName"], device) for item in slices for device in item["spec"].get("devices", [])]
    return {node for node, device in devices if device["attributes"]["busy"]["bool"]}


def test_a_restarted_kubelet_of_the_second_node_leaves_the_first_alone(
    system: LocalSystem, namespace: Namespace
) -> None:
    namespace.apply(pod("staying", container(gpu=1, gpumem=60000)))
    namespace.wait_running("staying")
    system.cluster.restart("kubelet-1")
    assert system.cluster.is_up()
    assert namespace.kubectl("exec", "staying", "--", "echo", "still here") == "still here\n"
    assert namespace.get("pod", "staying")["status"]["containerStatuses"][0]["restartCount"] == 0
