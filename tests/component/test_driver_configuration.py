"""The real driver process as its configuration, its neighbours and its claims change: what it publishes, and when it says nothing.

Covered: reload, bad files, busy cards, device plugins and other drivers on the same node, start refused by a bad file.
"""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from dra_driver.health.board import HealthBoard
from dra_driver.shares.pages import read_limits
from dra_driver.slices import publisher
from dra_driver.slices.offer import Offer
from dra_driver.slices.publisher import Publisher
from kube.client import ApiServer
from kube.config import load_config
from tests.component.driver_process import DriverNode, driver, failing
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.unit.driver_objects import NODE, Object, card, claim_object, share_result
from tests.waiting import until


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    path = tmp_path / "nodes.yaml"
    path.write_text("defaults: {deviceSplitCount: 4}")
    return path


@pytest.fixture
def node(tmp_path: Path, api: FakeApi, configuration: Path) -> DriverNode:
    return DriverNode(tmp_path, api.kubeconfig, more=("--config", str(configuration)))


def configure(path: Path, text: str) -> None:
    path.write_text(text)


def devices(api: FakeApi) -> dict[str, Object]:
    slices = [slice_["spec"] for slice_ in api.slices.values() if slice_["spec"]["driver"] == "hami.io"]
    return {device["name"]: device for spec in slices for device in spec.get("devices", [])}


def places(api: FakeApi) -> set[str]:
    """Return what a share takes of `slots` by default, on all cards."""
    shares = [device for name, device in devices(api).items() if name.endswith("-share")]
    return {device["capacity"]["slots"]["requestPolicy"]["default"] for device in shares}


def busy(api: FakeApi) -> dict[str, tuple[bool, bool]]:
    """Return (busy, nodeBusy) of each device."""
    attributes = {name: device["attributes"] for name, device in devices(api).items()}
    return {name: (each["busy"]["bool"], each["nodeBusy"]["bool"]) for name, each in attributes.items()}


async def test_a_changed_file_changes_what_is_offered_and_a_bad_one_nothing(
    api: FakeApi, node: DriverNode, configuration: Path
) -> None:
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: places(api) == {"250"}, "four places")
        configure(configuration, "nodes: [{name: 'node-*', deviceSplitCount: 5, filterDevices: {index: [1]}}]")
        await until(
            lambda: places(api) == {"200"} and set(devices(api)) == {"gpu-0", "gpu-0-share"}, "card 1 is hidden"
        )
        api.calls.clear()
        configure(configuration, "nodes: [{name: 'node-*', deviceMemoryScaling: 20}]")
        await until(lambda: "NOT TAKEN OVER" in node.log.read_text(), "the bad file is named")
        assert f"{configuration}: nodes[0].deviceMemoryScaling: 20: write 10 or less" in node.log.read_text()
        configure(configuration, "nodes: [{name: 'node-*', mode: share}]")
        await until(lambda: places(api) == {"38"}, "the flag's places")
        assert set(devices(api)) == {"gpu-0-share", "gpu-1-share"}
    assert "card 1 (GPU-" in node.log.read_text()
    assert "is not offered: hidden by filterDevices" in node.log.read_text()
    assert "is offered again" in node.log.read_text()


LINKED_CARDS = """\
cards:
- {model: NVIDIA A100-SXM4-80GB, numaNode: 0, links: [1]}
- {model: NVIDIA A100-SXM4-80GB, numaNode: 0}
- {model: NVIDIA A100-SXM4-80GB, numaNode: 1, links: [3]}
- {model: NVIDIA A100-SXM4-80GB, numaNode: 1}
- {model: NVIDIA A10}
"""


async def test_links_and_numa_nodes_reach_the_attributes_of_every_device(api: FakeApi, node: DriverNode) -> None:
    configure(node.cards_file, LINKED_CARDS)
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: len(devices(api)) == 10, "five cards")
    attributes = {name: device["attributes"] for name, device in devices(api).items()}
    for index, island in enumerate([0, 0, 2, 2, 4]):
        for name in (f"gpu-{index}", f"gpu-{index}-share"):
            assert attributes[name]["nvlinkDomain"] == {"int": island}
            numa_node = {"int": index // 2} if index < 4 else None
            assert attributes[name].get("resource.kubernetes.io/numaNode") == numa_node
            assert attributes[name]["numaNode"] == (numa_node or {"int": -1}), "for matchAttribute, which needs a value"


async def test_cards_are_busy_from_the_first_share_to_the_last(api: FakeApi, node: DriverNode) -> None:
    claims = []
    for number in range(2):
        share = share_result(share_id=str(uuid4()), memory="1000Mi", cores="0", slots="10")
        claims.append(claim_object(share, uid=str(uuid4()), name=f"claim-{number}"))
        api.claims["team", f"claim-{number}"] = claims[-1]
    idle, held = (False, False), {"gpu-0": (True, True), "gpu-0-share": (True, True)}
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await until(lambda: len(devices(api)) == 4, "two cards")
        assert set(busy(api).values()) == {idle}
        await kubelet.prepare(*claims)
        rest = {"gpu-1": (False, True), "gpu-1-share": (False, True)}
        await until(lambda: busy(api) == held | rest, "card 0 is busy")
        api.calls.clear()
        await kubelet.unprepare(claims[0])
        await asyncio.sleep(5)
        assert busy(api) == held | rest
        assert api.writes() == []
        await kubelet.unprepare(claims[1])
        await until(lambda: set(busy(api).values()) == {idle}, "no card is busy")
        assert [method for method, _ in api.writes()] == ["PATCH"]
    generations = {slice_["spec"]["pool"]["generation"] for slice_ in api.slices.values()}
    assert generations == {1}, "one slice changed at a time"


async def test_a_restarted_driver_knows_at_once_which_cards_are_busy(api: FakeApi, node: DriverNode) -> None:
    claim = claim_object(share_result(), uid=str(uuid4()))
    api.claims["team", "claim"] = claim
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(claim)
        await until(lambda: devices(api) and busy(api)["gpu-0"] == (True, True), "card 0 is busy")
    api.calls.clear()
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: "slices: published" in node.log.read_text(), "slices were looked at")
        await asyncio.sleep(3)
    assert api.writes() == []


async def test_a_node_that_a_device_plugin_offers_is_not_published_until_it_is_gone(
    api: FakeApi, node: DriverNode
) -> None:
    api.allocatable = {"cpu": "8", "nvidia.com/gpu": "2"}
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: "slices: published" in node.log.read_text(), "an empty pool")
        await until(lambda: api.events, "the node is told")
        assert devices(api) == {}
    (event,) = api.events.values()
    assert (event["involvedObject"]["kind"], event["involvedObject"]["name"]) == ("Node", "node-a")
    assert (event["reason"], event["type"]) == ("CardsNotPublished", "Warning")
    assert "take that off the node, or start this driver with --force" in event["message"].lower()
    assert "NO CARD IS PUBLISHED: node node-a offers its cards already, by a device plugin (2 nvidia.com/gpu" in (
        node.log.read_text()
    )
    api.allocatable = {"nvidia.com/gpu": "0"}
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: "slices: published" in node.log.read_text(), "slices were looked at")
        assert len(devices(api)) == 4


async def test_a_rival_that_leaves_is_noticed_and_one_that_comes_ends_the_offer(
    api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "_RIVAL_PAUSE_S", 0.05)
    api.allocatable = {"nvidia.com/gpu": "2"}
    async with ApiServer(load_config(api.kubeconfig)) as server, asyncio.TaskGroup() as group:
        board = HealthBoard([card()])
        board.known.set()
        publishing = Publisher(server, NODE, [Offer(card())], board)
        task = group.create_task(publishing.run())
        await publishing.published.wait()
        assert (devices(api), len(publishing.rivals)) == ({}, 1)
        api.allocatable = {}
        await until(lambda: len(devices(api)) == 2, "the card is on offer")
        assert publishing.rivals == ()
        api.allocatable = {"nvidia.com/gpu": "2"}
        publishing.offer((Offer(card(), busy=True, node_busy=True),))
        await until(lambda: devices(api) == {}, "the card is not on offer any more")
        task.cancel()


async def test_who_insists_publishes_beside_a_device_plugin(api: FakeApi, tmp_path: Path) -> None:
    api.allocatable = {"nvidia.com/gpu": "2"}
    node = DriverNode(tmp_path, api.kubeconfig, more=("--force",))
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: len(devices(api)) == 4, "all devices")


async def test_a_node_that_another_driver_offers_is_not_published(api: FakeApi, node: DriverNode) -> None:
    spec = {"driver": "gpu.nvidia.com", "nodeName": NODE, "pool": {}, "devices": [{"name": "gpu-0"}]}
    api.slices["other"] = {"metadata": {"name": "other", "resourceVersion": "1"}, "spec": spec}
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(
            lambda: "by the DRA driver gpu.nvidia.com (1 devices)" in node.log.read_text(), "the other is named"
        )
        await until(lambda: "slices: published" in node.log.read_text(), "an empty pool")
        assert devices(api) == {}
    assert "other" in api.slices


async def test_compute_is_not_limited_where_the_node_has_no_core_limit(
    api: FakeApi, node: DriverNode, configuration: Path
) -> None:
    configure(configuration, "defaults: {disableCoreLimit: true}")
    claim = claim_object(share_result(cores="30"), uid=str(uuid4()))
    api.claims["team", "claim"] = claim
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        first = await kubelet.prepare(claim)
        limits = read_limits((node.shares[0] / "limits").read_bytes())
        assert (limits.policy, limits.cores_percent) == ("disable", 30)
        assert await kubelet.prepare(claim) == first


async def test_shares_are_strict_from_the_moment_that_the_node_is_and_stay_so(
    api: FakeApi, node: DriverNode, configuration: Path
) -> None:
    configure(configuration, "defaults: {strict: true}")
    claim = claim_object(share_result(), uid=str(uuid4()))
    api.claims["team", "claim"] = claim
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        first = await kubelet.prepare(claim)
        assert read_limits((node.shares[0] / "limits").read_bytes()).strict
    configure(configuration, "defaults: {}")
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        assert await kubelet.prepare(claim) == first
        assert read_limits((node.shares[0] / "limits").read_bytes()).strict


async def test_a_driver_does_not_start_with_a_bad_file(node: DriverNode, configuration: Path) -> None:
    configure(configuration, "defaults: {slots: 3}")
    message = await failing(node)
    assert (
        f"{configuration}: defaults: Object contains unknown field `slots`; the fields here are deviceSplit" in message
    )
