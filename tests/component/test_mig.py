"""A simulated card in MIG mode: what NVML, nvidia-smi and CUDA show of it, and the real driver process that offers its parts."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from catalog.errors import ConflictError
from catalog.names import MIB
from dra_driver.simulated.backend import SimulatedCard, build_driver_root, load_cards
from tests.component.driver_process import DriverNode, driver
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.component.test_simulated_driver import BUILT, Node
from tests.unit.driver_objects import Object, claim_object
from tests.unit.mig_objects import mig_result
from tests.waiting import until

CARDS = """
cards:
- model: NVIDIA A100-SXM4-80GB
- model: NVIDIA A100-SXM4-80GB
  mig:
  - {profile: 3g.40gb, start: 4}
  - {profile: 1g.10gb, start: 1}
  - {profile: 1g.10gb, start: 0}
"""
NAMES = ["gpu-0", "gpu-0-share", "gpu-1-mig-1g10gb-0", "gpu-1-mig-1g10gb-1", "gpu-1-mig-3g40gb-4"]
READ_CARDS = """
import json, sys
from pathlib import Path
import msgspec
from dra_driver.nvml.cards import read_cards
print(json.dumps(msgspec.to_builtins(read_cards(Path(sys.argv[1])))))
"""


def built(root: Path, text: str = CARDS) -> Node:
    path = root.parent / f"{root.name}.yaml"
    path.write_text(text)
    cards = load_cards(path, "node-a")
    build_driver_root(cards, BUILT, root, real_driver=root / "none")
    return Node(root, cards)


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return built(tmp_path / "root")


def uuids(card: SimulatedCard) -> list[str]:
    return [instance.uuid for instance in card.instances or ()]


def as_container(node: Node, folder: Path, *files: str) -> Node:
    """Return what a container has that was given these files of cards."""
    shutil.copytree(node.root / "usr", folder / "usr")
    (folder / "dev").mkdir()
    for name in files:
        (folder / "dev" / name).hardlink_to(node.root / "dev" / name)
    return Node(folder, node.cards)


def test_the_driver_reads_the_mig_devices_of_a_card_smallest_first(node: Node) -> None:
    command = [sys.executable, "-c", READ_CARDS, str(node.root)]
    plain, card = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert (plain["mig_enabled"], plain["mig_devices"]) == (False, [])
    assert (card["mig_enabled"], card["memory_bytes"]) == (True, 81920 * MIB)
    large, second, first = uuids(node.cards[1])
    small = {"profile": "1g.10gb", "compute_instance": 0, "memory_bytes": 10240 * MIB, "multiprocessors": 13}
    assert card["mig_devices"] == [
        {"uuid": first, "gpu_instance": 2, "start": 0, **small},
        {"uuid": second, "gpu_instance": 1, "start": 1, **small},
        {"uuid": large, "gpu_instance": 0, "start": 4}
        | {"profile": "3g.40gb", "compute_instance": 0, "memory_bytes": 40960 * MIB, "multiprocessors": 40},
    ]


def test_nvidia_smi_lists_mig_devices_below_their_card(node: Node) -> None:
    plain, card = node.cards
    large, second, first = uuids(card)
    assert node.smi("-L").splitlines() == [
        f"GPU 0: NVIDIA A100-SXM4-80GB (UUID: {plain.uuid})",
        f"GPU 1: NVIDIA A100-SXM4-80GB (UUID: {card.uuid})",
        f"  MIG 3g.40gb     Device  0: (UUID: {large})",
        f"  MIG 1g.10gb     Device  1: (UUID: {second})",
        f"  MIG 1g.10gb     Device  2: (UUID: {first})",
    ]
    assert "GPU 1: MIG 1g.10gb Device 1: 0MiB / 10240MiB" in node.smi().splitlines()


def test_instances_have_memory_of_their_own(node: Node) -> None:
    large, second, _ = uuids(node.cards[1])
    with node.holder(second, 100_000, chunk_mib=32) as small, node.holder(large, 1000, chunk_mib=100) as other:
        assert small.held_mib() == 10240 - 64
        assert other.held_mib() == 1000
        assert "GPU 1: MIG 1g.10gb Device 1: 10240MiB / 10240MiB" in node.smi()
        assert "GPU 1: MIG 1g.10gb Device 2: 0MiB / 10240MiB" in node.smi()
        assert node.used_mib(1) == 10240 + 1064
    assert node.used_mib(1) == 0


def test_a_container_sees_its_instance_and_nothing_else(node: Node, tmp_path: Path) -> None:
    inside = as_container(node, tmp_path / "container", "hami-sim1", "hami-sim1mig2")
    assert inside.smi("-L").splitlines() == [
        f"GPU 0: NVIDIA A100-SXM4-80GB (UUID: {node.cards[1].uuid})",
        f"  MIG 1g.10gb     Device  0: (UUID: {uuids(node.cards[1])[2]})",
    ]
    with inside.holder(0, 100_000, chunk_mib=32) as holder:
        assert holder.held_mib() == 10240 - 64
    with inside.holder(1, 10) as holder:
        assert holder.process.wait() == 1


def test_instances_that_are_used_stay_and_others_go_with_the_next_start(node: Node, tmp_path: Path) -> None:
    fewer = CARDS.replace("  - {profile: 1g.10gb, start: 0}\n", "")
    with node.holder(uuids(node.cards[1])[2], 100, chunk_mib=50) as holder:
        assert holder.held_mib() == 100
        with pytest.raises(
            ConflictError, match=r"hami-sim1mig2: this card is removed from the cards file while contain"
        ):
            built(node.root, fewer)
        built(node.root, CARDS)
        assert "Device 2: 164MiB / 10240MiB" in node.smi()
    built(node.root, fewer)
    assert sorted(path.name for path in (node.root / "dev").iterdir()) == [
        "hami-sim0",
        "hami-sim1",
        "hami-sim1mig0",
        "hami-sim1mig1",
    ]


def devices(api: FakeApi) -> list[Object]:
    return [
        device
        for _, slice_ in sorted(api.slices.items(), key=lambda item: str(item[1]["metadata"]["name"]))
        for device in slice_["spec"].get("devices", [])
    ]


async def published(api: FakeApi) -> list[Object]:
    await until(lambda: len(devices(api)) == len(NAMES))
    return devices(api)


def stored(api: FakeApi, name: str, device: str) -> Object:
    claim = claim_object(mig_result(device), uid=str(uuid4()), name=name)
    api.claims["team", name] = claim
    return claim


async def test_the_driver_offers_and_prepares_mig_devices(tmp_path: Path) -> None:
    async with FakeApi(tmp_path) as api:
        node = DriverNode(tmp_path, api.kubeconfig)
        node.cards_file.write_text(CARDS)
        async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
            assert [device["name"] for device in await published(api)] == NAMES
            first, second = stored(api, "first", NAMES[2]), stored(api, "second", NAMES[4])
            answers = await kubelet.prepare(first, second)
            assert [answer.error for answer in answers.values()] == ["", ""]
            again = await kubelet.prepare(stored(api, "third", NAMES[2]))
            assert "would be given out twice; it is held by claim team/first" in next(iter(again.values())).error
            texts = [spec.read_text() for spec in node.specs]
            assert sorted("hami-sim1mig2" in text for text in texts) == [False, True]
            assert all("/dev/hami-sim1" in text and "hami-sim0" not in text for text in texts)
            assert node.shares == []
        async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
            assert await kubelet.prepare(first, second) == answers
            await kubelet.unprepare(first, second)
            assert node.specs == []


async def test_a_sick_card_taints_its_mig_devices(tmp_path: Path) -> None:
    async with FakeApi(tmp_path) as api:
        node = DriverNode(tmp_path, api.kubeconfig)
        node.cards_file.write_text(CARDS)
        async with driver(node), FakeKubelet(node.kubelet_folder):
            await published(api)
            node.cards_file.write_text(f"{CARDS}  health: {{xid: 79}}\n")
            await until(lambda: any("taints" in device for device in devices(api)))
            assert [device["name"] for device in devices(api) if "taints" in device] == NAMES[2:]
