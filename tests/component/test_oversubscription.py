"""Oversubscribed cards on one machine: the driver's process and its pages, and programs that hold more than the card has together."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast
from uuid import UUID, uuid4

import pytest

from catalog.names import MIB
from catalog.share_config import ShareConfig
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.pages import read_limits
from dra_driver.shares.share import Share
from dra_driver.simulated.backend import LIBRARY_FOLDER, build_driver_root, load_cards
from tests.component.driver_process import DriverNode, driver
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.component.test_driver_configuration import devices
from tests.component.test_driver_reports import metrics
from tests.component.test_node_accounting import CONTAINER
from tests.unit.driver_objects import Object, claim_object, opaque, share_result
from tests.waiting import until

REPOSITORY = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "simulated_programs"
SHARE_MIB, CARD_MIB, CHUNK_MIB = 61440, 81920, 1024

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting is root's")


def offered(api: FakeApi) -> set[tuple[str, bool]]:
    """What the shares of each card may hold together, and whether that is said to be more than it has."""
    shares = [device for name, device in devices(api).items() if name.endswith("-share")]
    return {
        (device["capacity"]["memory"]["value"], device["attributes"]["oversubscribed"]["bool"]) for device in shares
    }


def stored(api: FakeApi, name: str, config: list[Object] | None = None) -> Object:
    result = share_result(share_id=str(uuid4()), memory=f"{SHARE_MIB}Mi", cores="0", slots="10")
    claim = claim_object(result, uid=str(uuid4()), name=name, config=config)
    api.claims["team", name] = claim
    return claim


async def test_a_card_is_oversubscribed_once_it_is_free_and_stays_so_while_it_is_held(
    api: FakeApi, tmp_path: Path
) -> None:
    configuration = tmp_path / "nodes.yaml"
    configuration.write_text("defaults: {filterDevices: {index: [1]}}")
    node = DriverNode(tmp_path, api.kubeconfig, more=("--config", str(configuration)))
    first, second = stored(api, "first"), stored(api, "second")
    kept = stored(api, "kept", [opaque({"oversubscribe": False}, "main")])
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(first)
        configuration.write_text("defaults: {filterDevices: {index: [1]}, deviceMemoryScaling: 2.5}")
        await until(lambda: "until those that hold it now are gone" in node.log.read_text(), "it waits")
        assert offered(api) == {("80Gi", False)}
        await kubelet.unprepare(first)
        await until(lambda: offered(api) == {("200Gi", True)}, "the card is oversubscribed")
        for claim in (first, second, kept):
            await kubelet.prepare(claim)
        configuration.write_text("defaults: {filterDevices: {index: [1]}}")
        await until(lambda: offered(api) == {("80Gi", False)}, "less is offered at once")
        limits = [read_limits((folder / "limits").read_bytes()) for folder in node.shares]
        assert sorted((page.managed, page.memory_bytes // MIB, page.pinned_bytes // MIB) for page in limits) == [
            (False, 24576, 24576),
            (True, SHARE_MIB, 24576),
            (True, SHARE_MIB, 24576),
        ]
        shown = await metrics(node)
        (scaling,) = (value for name, value in shown.items() if name.startswith("hami_dra_card_memory_scaling_ratio"))
        (usable,) = (value for name, value in shown.items() if name.startswith("hami_dra_card_memory_usable_bytes"))
        assert (scaling, 0 < usable <= CARD_MIB * MIB) == (2.5, True)


class OversubscribedCard:
    """A simulated card with two shares that are larger together than it is, each mounted as in a container of its own."""

    def __init__(self, folder: Path) -> None:
        cards_file = folder / "cards.yaml"
        cards_file.write_text("cards:\n- {model: NVIDIA A100-SXM4-80GB, contextMiB: 64}\n")
        (card,) = load_cards(cards_file, "node-a")
        self.root, self.shares, self.uuid = folder / "root", folder / "shares", card.uuid
        build_driver_root((card,), REPOSITORY / "build/sim", self.root, real_driver=folder / "none")
        self.shares.mkdir()
        for name in ("one", "two"):
            size = SHARE_MIB * MIB
            share = Share(
                name,
                "main",
                "node",
                "gpu-0-share",
                name,
                card.uuid,
                False,
                size,
                0,
                100,
                ShareConfig(),
                memory_scaling=1.5,
            )
            ShareFolders(self.shares, UUID(int=7), {card.uuid: 64 * MIB}).create(share)

    def command(self, name: str, *command: str | Path) -> list[str | Path]:
        library = REPOSITORY / "build/libvgpu.so"
        return ["unshare", "--mount", "sh", "-euc", CONTAINER, "sh", self.shares, name, library, *command]

    @contextmanager
    def holding(self, name: str) -> Iterator[int]:
        """Keep a process that fills a share; yields the MiB that it got."""
        holder = (sys.executable, PROGRAMS / "cuda_holder.py", self.root / LIBRARY_FOLDER / "libcuda.so.1")
        command = self.command(name, *holder, str(SHARE_MIB), str(CHUNK_MIB))
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            stdin, stdout = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
            try:
                assert stdout.readline() == "ready\n"
                stdin.write("\n")
                stdin.flush()
                yield int(stdout.readline())
            finally:
                process.kill()

    def seen_mib(self, name: str) -> str:
        """Total, used and free, as nvidia-smi says it there."""
        query = ("--query-gpu=memory.total,memory.used,memory.free", "--format=csv,noheader,nounits")
        ask = self.command(name, self.root / "usr/bin/nvidia-smi", *query)
        return subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()

    def metrics_mib(self) -> dict[str, list[float]]:
        program = (sys.executable, PROGRAMS / "residency.py", self.root, self.shares, self.uuid, "1.5", "one", "two")
        said = subprocess.run(
            program, cwd=REPOSITORY, check=True, capture_output=True, text=True, env={"PYTHONPATH": "."}
        )
        found = {name.removeprefix("hami_dra_card_memory_"): value for name, value in json.loads(said.stdout).items()}
        assert found.pop("scaling_ratio") == [1.5]
        return {name: [each / MIB for each in value] for name, value in found.items()}


@needs_root
def test_two_programs_hold_more_than_the_card_and_the_metrics_say_how_much_of_it_is_elsewhere(tmp_path: Path) -> None:
    card = OversubscribedCard(tmp_path)
    filled_mib = SHARE_MIB - CHUNK_MIB  # a context and whole chunks
    with card.holding("one") as first_mib:
        assert first_mib == filled_mib
        with card.holding("two") as second_mib:
            assert second_mib == filled_mib
            assert card.seen_mib("one") == f"{SHARE_MIB}, {filled_mib + 64}, {CHUNK_MIB - 64}"
            shown = card.metrics_mib()
            (usable,), (used,) = shown["usable_bytes"], shown["used_bytes"]
            assert used == usable, "the card is full"
            assert shown["accounted_bytes"] == [2 * (filled_mib + 64)]
            assert shown["nonresident_bytes"] == [2 * (filled_mib + 64) - used]
