"""`hami-dra limit` beside a real driver and without one: what it puts in force holds for a program that runs with the library."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import pytest

from cli.main import main
from dra_driver.simulated.backend import LIBRARY_FOLDER
from tests.component.driver_process import DriverNode, driver
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.unit.driver_objects import Object, claim_object, opaque, share_result

pytestmark = [pytest.mark.native, pytest.mark.skipif(os.geteuid() != 0, reason="mounting is root's")]

REPOSITORY = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "simulated_programs"
GRANTED_MIB = 1000
OUT_OF_MEMORY = 2
BURST_MS = 200
"""That a share may have beside its percentage, however short the time: its credit, and what is in flight."""

CONTAINER = """
mount -t tmpfs tmpfs /run
place=/run/hami.io/shares/$(basename "$1")
mkdir -p "$place"
for page in $(ls "$1"); do
    touch "$place/$page"
    mount --bind "$1/$page" "$place/$page"
done
mount -o remount,bind,ro "$place/limits"
export LD_PRELOAD="$2"
shift 2
exec "$@"
"""


def stored(api: FakeApi, cores: str = "30") -> Object:
    config = [opaque({"corePolicy": "force"})]
    claim = claim_object(share_result(memory=f"{GRANTED_MIB}Mi", cores=cores), config=config)
    api.claims["team", "claim"] = claim
    return claim


def limit(node: DriverNode, *flags: str) -> int:
    """Run the command in this process and return its exit code."""
    folders = ("--kubelet-dir", str(node.kubelet_folder), "--state-dir", str(node.folder / "state"))
    return main(["limit", "team/claim", *flags, *folders])


class Program:
    """A program in a container of the share, which does what it is told to."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def allocate(self, mib: int) -> int:
        """Allocate so much, or free all (0); return the CUDA error."""
        return int(self._told(mib))

    def work(self, ms: int) -> tuple[int, int]:
        """Work for so long; return the card's time that it had, and how long it was, both in ms."""
        had_ms, passed_ms = self._told(ms).split()
        return int(had_ms), int(passed_ms)

    def _told(self, number: int) -> str:
        stdin, stdout = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        stdin.write(f"{number}\n")
        stdin.flush()
        return stdout.readline()


@contextmanager
def program(node: DriverNode, name: str = "cuda_allocator.py") -> Iterator[Program]:
    library = node.folder / "state/simulated" / LIBRARY_FOLDER / "libcuda.so.1"
    (share,) = node.shares
    command = ("sh", share, REPOSITORY / "build/libvgpu.so", sys.executable, PROGRAMS / name, library)
    with subprocess.Popen(
        ["unshare", "--mount", "sh", "-euc", CONTAINER, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert cast("IO[str]", process.stdout).readline() == "ready\n"
            yield Program(process)
        finally:
            process.kill()


async def test_a_limit_holds_for_a_program_that_runs_whether_the_driver_does_or_not(
    api: FakeApi, node: DriverNode, capsys: pytest.CaptureFixture[str]
) -> None:
    claim = stored(api)
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(claim)
        with program(node) as running:
            assert running.allocate(400) == 0
            assert limit(node, "--memory", "300", "--cores", "20") == 0
            assert "uses more memory than its limit" in capsys.readouterr().out
            assert running.allocate(2) == OUT_OF_MEMORY, "new allocations are refused"
            assert running.allocate(0) == 0, "what is held stays usable, and can be freed"
            assert running.allocate(200) == 0
            assert running.allocate(200) == OUT_OF_MEMORY
            answers = await kubelet.prepare(claim)
            assert [answer.error for answer in answers.values()] == [""]
            assert running.allocate(200) == OUT_OF_MEMORY, "a Prepare that repeats takes nothing back"
    async with driver(node), FakeKubelet(node.kubelet_folder):
        assert limit(node) == 0
        _, _, memory, granted, _, *cores = capsys.readouterr().out.splitlines()[1].split()
        assert (memory, granted, *cores) == ("300Mi", "1000Mi", "20", "30")
    with program(node) as running:
        assert running.allocate(400) == OUT_OF_MEMORY, "it is in force after the driver was started anew"
        assert limit(node, "--reset") == 0, "no driver runs"
        assert running.allocate(400) == 0


async def test_what_is_prepared_anew_has_what_was_granted(
    api: FakeApi, node: DriverNode, capsys: pytest.CaptureFixture[str]
) -> None:
    claim = stored(api)
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(claim)
        assert limit(node, "--memory", "300") == 0
        await kubelet.unprepare(claim)
        assert limit(node) == 1
        assert "claim team/claim: is not prepared on this node; none is." in capsys.readouterr().err
        await kubelet.prepare(claim)
        assert limit(node) == 0
        assert " 1000Mi  1000Mi " in capsys.readouterr().out


async def test_cores_that_were_not_limited_are_while_a_program_runs_and_free_again(
    api: FakeApi, node: DriverNode
) -> None:
    claim = stored(api, cores="0")
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(claim)
    with program(node, "cuda_worker.py") as running:
        running.work(50)
        assert limit(node, "--cores", "10") == 0
        had_ms, passed_ms = running.work(1000)
        assert 0 < had_ms <= passed_ms // 10 + BURST_MS
        assert limit(node, "--reset") == 0
        had_ms, _ = running.work(50)
        assert had_ms > 0
