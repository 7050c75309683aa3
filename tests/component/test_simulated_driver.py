"""The simulated driver in a built driver root: what NVML and nvidia-smi say, and one physical memory for all processes."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, cast

import pytest

from catalog.names import MIB
from dra_driver.simulated.backend import LIBRARY_FOLDER, build_driver_root, load_cards, set_state
from dra_driver.simulated.cards import SimulatedCard, SimulatedUtilization

BUILT = Path(__file__).parents[2] / "build/sim"
PROGRAMS = Path(__file__).parent / "simulated_programs"

CARDS = """
driverVersion: "575.51.03"
cudaVersion: "12.9"
cards:
- model: NVIDIA A100-SXM4-80GB
  count: 2
  numaNode: 1
  links: [0, 1]
- model: NVIDIA L4
  memory: 8Gi
  contextMiB: 10
  reservedMiB: 100
"""


class Node:
    """A driver root with the cards above, and programs that use it."""

    def __init__(self, root: Path, cards: tuple[SimulatedCard, ...]) -> None:
        self.root, self.cards = root, cards

    def library(self, name: str) -> Path:
        return self.root / LIBRARY_FOLDER / name

    def smi(self, *arguments: str) -> str:
        program = self.root / "usr/bin/nvidia-smi"
        return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout

    def used_mib(self, index: int) -> int:
        return int(self.smi("--query-gpu=memory.used", "--format=csv,noheader,nounits").split()[index])

    def report(self) -> dict[str, Any]:
        command = [sys.executable, str(PROGRAMS / "nvml_report.py"), str(self.library("libnvidia-ml.so.1"))]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return cast("dict[str, Any]", json.loads(printed))

    @contextmanager
    def holder(self, card: int | str, mib: int, chunk_mib: int = 2) -> Iterator["Holder"]:
        program, library = PROGRAMS / "cuda_holder.py", self.library("libcuda.so.1")
        command = [sys.executable, str(program), str(library), str(mib), str(chunk_mib)]
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"CUDA_VISIBLE_DEVICES": str(card), "CUDA_DEVICE_ORDER": "PCI_BUS_ID"},
        ) as process:
            try:
                yield Holder(process)
            finally:
                process.kill()


class Holder:
    """A process that holds memory of a card."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.pid = process.pid

    def await_ready(self) -> None:
        """Return when it has its context, and with it its place on the card."""
        assert cast("IO[str]", self.process.stdout).readline() == "ready\n"

    def allocate(self) -> None:
        stdin = cast("IO[str]", self.process.stdin)
        stdin.write("\n")
        stdin.flush()

    def allocated_mib(self) -> int:
        return int(cast("IO[str]", self.process.stdout).readline())

    def held_mib(self) -> int:
        self.await_ready()
        self.allocate()
        return self.allocated_mib()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def node(tmp_path: Path) -> Node:
    path = tmp_path / "cards.yaml"
    path.write_text(CARDS)
    cards = load_cards(path, "node-a")
    build_driver_root(cards, BUILT, tmp_path / "root", real_driver=tmp_path / "none")
    return Node(tmp_path / "root", cards)


def test_nvml_says_what_the_cards_file_said(node: Node) -> None:
    report = node.report()
    assert (report["driver"], report["nvml"], report["cuda"]) == ("575.51.03", "12.575.51.03", [12090, 12090])
    assert len(report["cards"]) == len(node.cards)
    for card, said in zip(node.cards, report["cards"], strict=True):
        assert (said["name"], said["uuid"]) == (card.name, card.uuid)
        assert (said["index"], said["minor"], said["by_uuid"]) == (card.index, card.index, card.index)
        assert (said["brand"], said["architecture"]) == (card.brand, card.architecture)
        assert tuple(said["compute_capability"]) == card.compute_capability
        assert said["pci"][:2] == [f"0000{card.pci_bus_id}", card.pci_bus_id]
        assert said["pci"][2:5] == [int(part, 16) for part in re.split("[:.]", card.pci_bus_id)[:3]]
        assert said["pci"][5] == card.pci_device_id
        assert said["by_bus_id"] == card.uuid
        assert said["utilization"] == [0, 0]
        assert said["processes"] == []
        assert said["temperature"] > 0
        assert said["power"] > 0


def test_nvml_and_nvidia_smi_say_the_load_that_the_cards_file_says(node: Node) -> None:
    busy = replace(node.cards[0], utilization=SimulatedUtilization(gpu=90, memory=35))
    set_state((busy, *node.cards[1:]), node.root)
    assert [card["utilization"] for card in node.report()["cards"]] == [[90, 35], [0, 0], [0, 0]]
    assert node.smi("--query-gpu=utilization.gpu", "--format=csv,noheader").split("\n")[:3] == ["90 %", "0 %", "0 %"]


def test_nvml_shows_memory_with_the_drivers_reserve(node: Node) -> None:
    whole, _, reserved = node.report()["cards"]
    assert whole["memory"] == [81920 * MIB, 0, 81920 * MIB]
    assert reserved["memory"] == [8192 * MIB, 100 * MIB, 8092 * MIB]
    assert reserved["memory_v2"] == [8192 * MIB, 100 * MIB, 0, 8092 * MIB]


def test_nvml_shows_links_and_mig_only_where_they_are(node: Node) -> None:
    first, second, alone = node.report()["cards"]
    assert (first["link"], first["link_to"]) == (1, second["pci"][0])
    assert (second["link"], second["link_to"]) == (1, first["pci"][0])
    assert alone["link"] is None
    assert [card["mig_error"] for card in (first, second, alone)] == [0, 0, 3]


def test_nvml_refuses_as_the_real_one_does(node: Node) -> None:
    report = node.report()
    assert report["errors"] == {
        "before init": 1,
        "index out of range": 2,
        "unknown uuid": 6,
        "unknown bus id": 6,
        "link out of range": 2,
        "after shutdown": 1,
    }
    assert report["sentence"] == "Not Found"


def test_physical_memory_is_one_for_all_processes_and_returns_with_a_kill(node: Node) -> None:
    with node.holder(2, 4000, chunk_mib=100) as first, node.holder(2, 10_000) as second:
        assert first.held_mib() == 4000
        assert second.held_mib() == 8192 - 100 - 4000 - 2 * 10
        assert node.used_mib(2) == 8192
        assert node.used_mib(0) == 0
        second.kill()
        assert node.used_mib(2) == 100 + 4000 + 10
        with node.holder(2, 10_000) as third:
            assert third.held_mib() == 8192 - 100 - 4000 - 2 * 10
    assert node.used_mib(2) == 100


def test_nvml_names_the_processes_and_their_memory(node: Node) -> None:
    with node.holder(0, 200, chunk_mib=100) as first, node.holder(0, 20) as second:
        assert (first.held_mib(), second.held_mib()) == (200, 20)
        processes = node.report()["cards"][0]["processes"]
    assert sorted(processes) == sorted([[first.pid, 264 * MIB], [second.pid, 84 * MIB]])


def test_many_processes_at_once_fill_a_card_exactly(node: Node) -> None:
    holders = [node.holder(2, 10_000) for _ in range(6)]
    with holders[0] as a, holders[1] as b, holders[2] as c, holders[3] as d, holders[4] as e, holders[5] as f:
        racing = (a, b, c, d, e, f)
        for holder in racing:
            holder.await_ready()
        for holder in racing:
            holder.allocate()
        held_mib = sum(holder.allocated_mib() for holder in racing)
        assert held_mib == 8192 - 100 - 6 * 10
        assert node.used_mib(2) == 8192


def test_a_second_start_keeps_running_containers_memory(node: Node, tmp_path: Path) -> None:
    with node.holder(0, 100, chunk_mib=50) as holder:
        assert holder.held_mib() == 100
        build_driver_root(node.cards, BUILT, node.root, real_driver=tmp_path / "none")
        assert node.used_mib(0) == 164


def test_nvidia_smi_lists_and_queries(node: Node) -> None:
    first, second, third = node.cards
    assert node.smi("-L").splitlines() == [
        f"GPU 0: NVIDIA A100-SXM4-80GB (UUID: {first.uuid})",
        f"GPU 1: NVIDIA A100-SXM4-80GB (UUID: {second.uuid})",
        f"GPU 2: NVIDIA L4 (UUID: {third.uuid})",
    ]
    query = "--query-gpu=index,uuid,name,memory.total,memory.used,memory.free"
    assert node.smi(query, "--format=csv").splitlines()[::3] == [
        "index, uuid, name, memory.total [MiB], memory.used [MiB], memory.free [MiB]",
        f"2, {third.uuid}, NVIDIA L4, 8192 MiB, 100 MiB, 8092 MiB",
    ]
    assert (
        node.smi(query, "--format=csv,noheader,nounits").splitlines()[2]
        == f"2, {third.uuid}, NVIDIA L4, 8192, 100, 8092"
    )


def test_nvidia_smi_shows_a_table_that_says_simulated(node: Node) -> None:
    head, *lines = node.smi().splitlines()
    assert head == "SIMULATED NVIDIA-SMI    Driver Version: 575.51.03    CUDA Version: 12.9"
    assert (
        "|   2 | NVIDIA L4                 | 00000000:27:00.0 |  31C |    52W  |      100MiB / 8192MiB |   0% |"
        in lines
    )
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nonsense"], "not known"),
        (["--query-gpu=nonsense", "--format=csv"], "a field that is not known"),
        (["--query-gpu=index"], "go together"),
        (["--query-gpu=index", "--format=xml"], "only csv"),
    ],
)
def test_nvidia_smi_refuses_what_it_does_not_know(node: Node, arguments: list[str], message: str) -> None:
    program = node.root / "usr/bin/nvidia-smi"
    refusal = subprocess.run([program, *arguments], check=False, capture_output=True, text=True)
    assert refusal.returncode == 1
    assert message in refusal.stderr


def test_without_cards_nvidia_smi_and_cuda_say_so(node: Node) -> None:
    for path in (node.root / "dev").iterdir():
        path.unlink()
    refusal = subprocess.run([node.root / "usr/bin/nvidia-smi"], check=False, capture_output=True, text=True)
    assert (refusal.returncode, "no file of a simulated card" in refusal.stderr) == (1, True)
    with node.holder(0, 10) as holder:
        assert holder.process.wait() == 1


@pytest.mark.parametrize("name", ["libcuda.so.1", "libnvidia-ml.so.1"])
def test_the_libraries_export_what_the_manifest_knows_and_need_libc_alone(name: str) -> None:
    dynamic = subprocess.run(["readelf", "-dW", BUILT / name], check=True, capture_output=True, text=True).stdout
    assert f"Library soname: [{name}]" in dynamic
    needed = set(re.findall(r"NEEDED.*\[(.*)\]", dynamic))
    assert {library for library in needed if not library.startswith("ld-linux")} == {"libc.so.6"}
    symbols = subprocess.run(["nm", "-D", "--defined-only", BUILT / name], check=True, capture_output=True, text=True)
    exported = {line.split()[-1].partition("@")[0] for line in symbols.stdout.splitlines()}
    script = (BUILT.parents[1] / "native/generated" / name.replace(".so.1", ".map")).read_text()
    assert exported == set(re.findall(r"\b((?:cu|nvml)\w+);", script))
