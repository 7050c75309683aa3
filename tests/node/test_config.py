"""The configuration on the real cluster: a hidden card, places that change under a running pod, and busy cards."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import HOLD, container, pod
from tests.node.test_shares import proof_of

pytestmark = pytest.mark.node


@pytest.fixture
def configuration(system: LocalSystem, tmp_path: Path) -> Iterator[Path]:
    """A configuration file that the driver follows; afterwards it runs as before."""
    path = tmp_path / "nodes.yaml"
    path.write_text("defaults: {}")
    system.configuration = path
    system.driver.stop()
    system.driver.start()
    yield path
    system.configuration = None
    system.driver.stop()
    system.driver.start()
    eventually(lambda: len(attributes(system)) == 11, "all cards are offered again")


def devices(system: LocalSystem) -> dict[str, dict[str, dict[str, object]]]:
    text = system.cluster.kubectl("get", "resourceslices", "--field-selector", "spec.driver=hami.io", "-o", "json")
    return {device["name"]: device for item in json.loads(text)["items"] for device in item["spec"].get("devices", [])}


def attributes(system: LocalSystem) -> dict[str, dict[str, object]]:
    return {name: device["attributes"] for name, device in devices(system).items()}


def busy(system: LocalSystem) -> set[str]:
    """Return the devices that are said to be busy; every device says whether it is."""
    return {name for name, each in attributes(system).items() if each["busy"] == {"bool": True}}


def places(system: LocalSystem) -> object:
    slots: dict[str, dict[str, object]] = devices(system)["gpu-0-share"]["capacity"]["slots"]  # type: ignore[assignment]
    return slots["requestPolicy"]["default"]


def test_the_file_is_followed_under_a_running_pod(
    namespace: Namespace, system: LocalSystem, configuration: Path
) -> None:
    namespace.apply(pod("steady", container(command=HOLD, gpu=1, gpumem=2000)))
    namespace.wait_running("steady")
    held = proof_of(namespace, "steady")
    before = namespace.get("pod", "steady")["status"]["containerStatuses"][0]["containerID"]
    assert places(system) == "38"

    configuration.write_text("defaults: {deviceSplitCount: 1, filterDevices: {index: [1, 2, 3, 4]}}")
    eventually(lambda: places(system) == "1k", "a share takes all places")
    assert set(devices(system)) == {"gpu-0", "gpu-0-share"}
    namespace.apply(pod("late", container(command=HOLD, gpu=1, gpumem=2000)))
    assert "cannot allocate all claims" in namespace.pending_reason("late")

    configuration.write_text("defaults: {deviceSplitCount: 10, filterDevices: {index: [1, 2, 3, 4]}}")
    namespace.wait_running("late")
    assert proof_of(namespace, "late").keys() == held.keys(), "on the one card that is not hidden"
    after = namespace.get("pod", "steady")["status"]["containerStatuses"][0]
    assert (after["containerID"], after["restartCount"]) == (before, 0)
    assert proof_of(namespace, "steady") == held


def test_busy_follows_the_first_and_the_last_share(namespace: Namespace, system: LocalSystem) -> None:
    eventually(lambda: not busy(system), "the cards are free")
    namespace.apply(*(pod(name, container(command=HOLD, gpu=1, gpumem=2000)) for name in ("first", "second")))
    for name in ("first", "second"):
        namespace.wait_running(name)
    eventually(lambda: busy(system) == {"gpu-0", "gpu-0-share"}, "the card is busy, and no other")
    assert {str(each["nodeBusy"]) for each in attributes(system).values()} == {"{'bool': True}"}
    namespace.delete_pod("first")
    assert busy(system) == {"gpu-0", "gpu-0-share"}
    namespace.delete_pod("second")
    eventually(lambda: not busy(system), "the card is free again")
    assert {str(each["nodeBusy"]) for each in attributes(system).values()} == {"{'bool': False}"}
