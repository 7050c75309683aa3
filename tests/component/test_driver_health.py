"""Sick and cordoned cards, from a changed cards file or node to taints and the kubelet's streams: the real driver process on
simulated cards. Covered: XID errors, ECC errors, loss and return, cordons, both stream versions, restarts, servers without taints.
"""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from dra_driver.kubelet import dra_health_v1_pb2 as health_v1
from tests.component.driver_process import NODE, DriverNode, driver
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.waiting import SETTLED_S, until

CARD = "- model: NVIDIA A100-SXM4-80GB\n"
UUIDS = ("GPU-00000000-0000-4000-8000-000000000000", "GPU-00000000-0000-4000-8000-000000000001")


@pytest.fixture
def node(tmp_path: Path, api: FakeApi) -> DriverNode:
    made = DriverNode(tmp_path, api.kubeconfig)
    say(made)
    return made


@pytest.fixture
async def process(node: DriverNode) -> AsyncIterator[Process]:
    async with driver(node) as running:
        yield running


@pytest.fixture
async def kubelet(node: DriverNode, process: Process) -> AsyncIterator[FakeKubelet]:
    async with FakeKubelet(node.kubelet_folder) as registered:
        yield registered


def say(node: DriverNode, first: str = "", second: str = "") -> None:
    """Write the cards file: two cards, with the health given."""
    lines = [
        f"{CARD}  uuid: {uuid}\n" + (f"  health: {{{health}}}\n" if health else "")
        for uuid, health in zip(UUIDS, (first, second), strict=True)
    ]
    node.cards_file.write_text("cards:\n" + "".join(lines))


def taints(api: FakeApi) -> dict[str, list[str]]:
    """Return the taints of every published device, as key=value."""
    devices = [device for slice_ in api.slices.values() for device in slice_["spec"].get("devices", [])]
    return {
        device["name"]: [f"{taint['key']}={taint.get('value', '')}" for taint in device.get("taints", [])]
        for device in devices
    }


def all_tainted(first: list[str], second: list[str]) -> dict[str, list[str]]:
    return {"gpu-0": first, "gpu-0-share": first, "gpu-1": second, "gpu-1-share": second}


def generations(api: FakeApi) -> set[int]:
    return {slice_["spec"]["pool"]["generation"] for slice_ in api.slices.values()}


async def report_with(stream: AsyncIterator[list[Any]], status: int, device: str) -> Any:  # noqa: ANN401  of either version
    """Return the first report in which the device has the status, by device name."""
    async with asyncio.timeout(SETTLED_S):
        async for devices in stream:
            report = {one.device.device_name: one for one in devices}
            if report[device].health == status:
                return report
    raise AssertionError("the stream ended")


async def test_a_sick_card_is_tainted_and_reported_and_recovers(
    api: FakeApi, node: DriverNode, kubelet: FakeKubelet
) -> None:
    stream = kubelet.health()
    await report_with(stream, health_v1.HEALTHY, "gpu-0")
    await until(lambda: taints(api) == all_tainted([], []))
    say(node, second="xid: 79")
    report = await report_with(stream, health_v1.UNHEALTHY, "gpu-1-share")
    assert report["gpu-1"].message == "XID error 79; the driver says: reset the card"
    assert report["gpu-1"].health == health_v1.UNHEALTHY
    assert {report["gpu-0"].health, report["gpu-0-share"].health} == {health_v1.HEALTHY}
    assert {one.device.pool_name for one in report.values()} == {NODE}
    assert {one.health_check_timeout_seconds for one in report.values()} == {30}
    await until(lambda: taints(api) == all_tainted([], ["hami.io/unhealthy=xid-79"]))
    say(node)
    await report_with(stream, health_v1.HEALTHY, "gpu-1-share")
    await until(lambda: taints(api) == all_tainted([], []))
    assert generations(api) == {1}


async def test_what_a_program_did_taints_nothing(api: FakeApi, node: DriverNode, kubelet: FakeKubelet) -> None:
    await until(lambda: taints(api) == all_tainted([], []))
    say(node, first="xid: 31", second="uncorrectedEccErrors: 1")
    await until(lambda: taints(api) == all_tainted([], ["hami.io/unhealthy=ecc"]))


async def test_a_lost_card_comes_back(api: FakeApi, node: DriverNode, kubelet: FakeKubelet) -> None:
    await until(lambda: taints(api) == all_tainted([], []))
    say(node, first="lost: true")
    await until(lambda: taints(api) == all_tainted(["hami.io/unhealthy=lost"], []))
    say(node)
    await until(lambda: taints(api) == all_tainted([], []))


async def test_a_card_that_is_lost_at_the_start_does_not_take_the_others_with_it(
    api: FakeApi, node: DriverNode
) -> None:
    say(node, first="lost: true")
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: taints(api) == {"gpu-1": [], "gpu-1-share": []})
    assert "card 0: fell off the bus and is left out" in node.log.read_text()


async def test_the_older_stream_says_the_same(node: DriverNode, kubelet: FakeKubelet) -> None:
    say(node, first="lost: true")
    report = await report_with(kubelet.old_health(), health_v1.UNHEALTHY, "gpu-0-share")
    assert report["gpu-0"].message == "the card fell off the bus; reboot the node, or reset the card's bus"


async def test_the_stream_repeats_the_whole_list(kubelet: FakeKubelet) -> None:
    stream = kubelet.health()
    first = await report_with(stream, health_v1.HEALTHY, "gpu-0")
    again = await report_with(stream, health_v1.HEALTHY, "gpu-0")
    assert again.keys() == first.keys()
    assert again["gpu-0"].last_updated_time > first["gpu-0"].last_updated_time


async def test_a_driver_that_stops_ends_its_streams_at_once(api: FakeApi, node: DriverNode) -> None:
    async with asyncio.timeout(SETTLED_S):  # the servers' grace alone would be as long
        async with driver(node) as process, FakeKubelet(node.kubelet_folder) as kubelet:
            stream = kubelet.health()
            await report_with(stream, health_v1.HEALTHY, "gpu-0")
            process.terminate()
            async for _ in stream:
                pass


async def test_a_cordon_comes_and_goes_and_outlives_a_restart_without_a_write(api: FakeApi, node: DriverNode) -> None:
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: taints(api) == all_tainted([], []))
        api.cordon(f"{UUIDS[0]}, GPU-elsewhere")
        await until(lambda: taints(api) == all_tainted(["hami.io/cordoned="], []))
    assert "this node has no card GPU-elsewhere" in node.log.read_text()
    api.calls.clear()
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: "slices: published" in node.log.read_text())
        assert api.writes() == []
        api.cordon("")
        await until(lambda: taints(api) == all_tainted([], []))
    assert generations(api) == {1}


async def test_watches_outlive_what_is_no_event(api: FakeApi, node: DriverNode) -> None:
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: taints(api) == all_tainted([], []))
        await until(lambda: api.open_watches == 2)
        api.speak_nonsense()
        await until(lambda: node.log.read_text().count("a watch event cannot be read") == 2)
        api.cordon(UUIDS[0])
        await until(lambda: taints(api) == all_tainted(["hami.io/cordoned="], []))
        api.wipe_slices()
        await until(lambda: taints(api) == all_tainted(["hami.io/cordoned="], []))
    assert "Traceback" not in node.log.read_text()


async def test_a_server_without_taints_is_not_offered_a_cordoned_card(api: FakeApi, node: DriverNode) -> None:
    api.dropped_fields = ("taints",)
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: len(taints(api)) == 4)
        api.cordon(UUIDS[0])
        await until(lambda: taints(api) == {"gpu-1": [], "gpu-1-share": []})
        api.cordon("")
        await until(lambda: len(taints(api)) == 4)
    assert "taken off the slices instead" in node.log.read_text()
    assert "CARDS ARE NOT SHARED" not in node.log.read_text()
