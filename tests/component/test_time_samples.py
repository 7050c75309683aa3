"""The node sees the time that programs in shares use of a simulated card, with the NVML of the simulated driver."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import pytest

from catalog.names import MIB
from catalog.share_config import CorePolicy, ShareConfig
from dra_driver.shares.pages import change_limits
from dra_driver.simulated.backend import LIBRARY_FOLDER
from tests.component.test_node_accounting import (
    PROGRAMS,
    REAPER,
    REPOSITORY,
    Containers,
    answer,
    ask,
    make_share,
    needs_root,
)

KEEP_BUSY = REPOSITORY / "build/samples/keep-busy"
SECOND = 10**9
FORCE = ShareConfig(core_policy=CorePolicy.FORCE)

pytestmark = pytest.mark.native


class Node(Containers):
    """A node whose shares `one` and `two` may have 30 percent of its card."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        make_share(self.shares, "two", self.card_uuid, 64)
        for name in ("one", "two"):
            with (self.shares / name / "limits").open("r+b") as limits:
                change_limits(
                    limits.fileno(),
                    memory_bytes=1000 * MIB,
                    cores_percent=30,
                    priority=1,
                    policy=FORCE.core_policy,
                    weight=100,
                )

    def busy(self, *, preloaded: str | Path) -> list[str | Path]:
        """A program in share `one` that keeps the card busy for as long as it is let."""
        library = f"LD_LIBRARY_PATH={self.root / LIBRARY_FOLDER}"
        return self.command("env", library, KEEP_BUSY, "--seconds", "0", "--unit-us", "1000", library=preloaded)

    def idle(self) -> list[str | Path]:
        """A program in share `two` that has a context and does nothing."""
        library = self.root / LIBRARY_FOLDER / "libcuda.so.1"
        return self.command(sys.executable, PROGRAMS / "cuda_holder.py", library, "20", "2", share="two")

    @contextmanager
    def sampling(self) -> Iterator["Samples"]:
        command: list[str | Path] = [
            sys.executable,
            PROGRAMS / "sampling.py",
            self.root,
            self.shares,
            REAPER,
            self.card_uuid,
            "one",
            "two",
        ]
        with subprocess.Popen(
            command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": "."}
        ) as process:
            yield Samples(process)
            cast("IO[str]", process.stdin).close()


@contextmanager
def running(command: list[str | Path]) -> Iterator[None]:
    """Run a program until the block ends."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()


class Samples:
    """Samples of the shares, when they are asked for."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def take(self) -> tuple[int, list[tuple[int, int]]]:
        """Return the time, and for each share what it was seen to use, and when."""
        ask(self._process)
        now_ns, *words = map(int, answer(self._process).split())
        return now_ns, list(zip(words[::2], words[1::2], strict=True))

    def until_busy(self, share: int, least_ns: int) -> tuple[int, list[tuple[int, int]]]:
        """Sample twice a second until a share was seen to use so much."""
        deadline_s = time.monotonic() + 60
        while time.monotonic() < deadline_s:
            now_ns, found = self.take()
            if found[share][0] >= least_ns:
                return now_ns, found
            time.sleep(0.5)
        raise AssertionError(f"share {share} was not seen to use {least_ns} ns in a minute")


@needs_root
def test_the_time_of_a_busy_program_is_seen_and_that_of_its_neighbour_is_not_taken_for_it(tmp_path: Path) -> None:
    node = Node(tmp_path)
    busy = node.busy(preloaded="-")
    with node.sampling() as samples, running(node.idle()), running(busy):
        began_ns, _ = samples.take()
        now_ns, (one, two) = samples.until_busy(0, SECOND)
        assert one[0] <= now_ns - began_ns, "no more than the time that passed"
        assert began_ns < one[1] <= now_ns
        assert two[0] == 0
        assert two[1] in (0, one[1]), "where it has a context, it is sampled as idle"
