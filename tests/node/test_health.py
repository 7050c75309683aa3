"""Sick and cordoned cards on the real kubelet: new pods avoid them, running ones stay and say so in their status, and all of it
passes again.
"""

from collections.abc import Callable, Iterator

import pytest

from hack.local_system import LocalSystem
from tests.cluster.fixtures import MIG_CARD
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import HOLD, container, pod
from tests.node.test_shares import proof_of

pytestmark = pytest.mark.node

CARD = "- model: NVIDIA A100-SXM4-80GB\n  memory: 80Gi\n"
COUNT = 4
MIG_DEVICES = 3
SOON_S = 10.0

Ill = Callable[[dict[int, str]], None]


@pytest.fixture
def ill(system: LocalSystem) -> Iterator[Ill]:
    """Say of cards by index what they suffer from; all others are well, and at the end all of them are."""
    before = system.cards.read_text()

    def say(health: dict[int, str]) -> None:
        ailments = [f"  health: {{{health[index]}}}\n" if index in health else "" for index in range(COUNT)]
        system.cards.write_text("cards:\n" + "".join(CARD + ailment for ailment in ailments) + MIG_CARD)

    yield say
    system.cards.write_text(before)
    eventually(lambda: not taints(system), "no card is tainted any more")


@pytest.fixture
def cordon(system: LocalSystem) -> Iterator[Callable[[list[str]], None]]:
    def annotate(uuids: list[str]) -> None:
        value = f"hami.io/device-cordon={','.join(uuids)}" if uuids else "hami.io/device-cordon-"
        system.cluster.kubectl("annotate", "node", system.cluster.node_name, "--overwrite", value)

    yield annotate
    annotate([])
    eventually(lambda: not taints(system), "no card is tainted any more")


def taints(system: LocalSystem) -> dict[str, list[str]]:
    """Return the keys of the taints of every device that has some."""
    namespace = Namespace("default", system.cluster.kubectl)
    devices = [
        device
        for slice_ in namespace.objects("resourceslices", "--field-selector", "spec.driver=hami.io")
        for device in slice_["spec"].get("devices") or []
    ]
    return {device["name"]: [taint["key"] for taint in device["taints"]] for device in devices if device.get("taints")}


def uuids(system: LocalSystem) -> list[str]:
    namespace = Namespace("default", system.cluster.kubectl)
    return sorted(
        {
            device["attributes"]["uuid"]["string"]
            for slice_ in namespace.objects("resourceslices", "--field-selector", "spec.driver=hami.io")
            for device in slice_["spec"].get("devices") or []
        }
    )


def health_of(namespace: Namespace, name: str) -> tuple[str, str]:
    """Return health and message of the one device of a pod's one container, as the kubelet shows them."""
    (status,) = namespace.get("pod", name)["status"]["containerStatuses"]
    (resource,) = [one for group in status["allocatedResourcesStatus"] for one in group["resources"]]
    return resource["health"], resource.get("message", "")


def test_new_pods_avoid_a_sick_card_and_running_ones_say_so(
    namespace: Namespace, system: LocalSystem, ill: Ill
) -> None:
    namespace.apply(pod("first", container(command=HOLD, gpu=1, gpumem=2000)))
    namespace.wait_running("first")
    (result,) = namespace.results_of("first")
    card = int(result["device"].split("-")[1])
    eventually(lambda: health_of(namespace, "first") == ("Healthy", ""), "the pod says that its card is well")
    ill({card: "xid: 79"})
    words = ("Unhealthy", "XID error 79; the driver says: reset the card")
    eventually(lambda: health_of(namespace, "first") == words, "the pod says that its card is sick", SOON_S)
    key = ["hami.io/unhealthy"]
    eventually(
        lambda: taints(system) == {f"gpu-{card}": key, f"gpu-{card}-share": key}, "its devices are tainted", SOON_S
    )
    namespace.apply(pod("second", container(command=HOLD, gpu=1, gpumem=2000)))
    namespace.wait_running("second")
    (other,) = namespace.results_of("second")
    assert other["device"] != result["device"]
    (running,) = namespace.get("pod", "first")["status"]["containerStatuses"]
    assert (running["ready"], running["restartCount"]) == (True, 0)
    assert list(proof_of(namespace, "first").values()) == [(2000, 2000)]
    ill({})
    eventually(lambda: health_of(namespace, "first") == ("Healthy", ""), "the pod says that its card is well", SOON_S)
    eventually(lambda: not taints(system), "the taints are gone", SOON_S)


def test_pods_wait_for_the_last_card_to_come_back(namespace: Namespace, system: LocalSystem, ill: Ill) -> None:
    ill(dict.fromkeys(range(COUNT), "lost: true"))
    eventually(lambda: len(taints(system)) == 2 * COUNT, "every device is tainted", SOON_S)
    asking = container(command=HOLD, gpu=1, gpumem=2000, gpucores=10)  # cores, which no MIG device is chosen by
    namespace.apply(pod("patient", asking))
    assert "cannot allocate all claims" in namespace.pending_reason("patient")
    ill(dict.fromkeys(range(1, COUNT), "lost: true"))
    namespace.wait_running("patient", SOON_S)
    assert [result["device"] for result in namespace.results_of("patient")] == ["gpu-0-share"]


def test_a_cordoned_node_keeps_its_pods_and_takes_new_ones_when_it_is_over(
    namespace: Namespace, system: LocalSystem, cordon: Callable[[list[str]], None]
) -> None:
    namespace.apply(pod("old", container(command=HOLD, gpu=1, gpumem=2000)))
    namespace.wait_running("old")
    cordon(uuids(system))
    eventually(lambda: len(taints(system)) == 2 * COUNT + MIG_DEVICES, "every device is tainted", SOON_S)
    namespace.apply(pod("new", container(command=HOLD, gpu=1, gpumem=2000)))
    assert "cannot allocate all claims" in namespace.pending_reason("new")
    cordon([])
    namespace.wait_running("new", SOON_S)
    (old,) = namespace.get("pod", "old")["status"]["containerStatuses"]
    assert (old["ready"], old["restartCount"]) == (True, 0)
    assert health_of(namespace, "old") == ("Healthy", "")
