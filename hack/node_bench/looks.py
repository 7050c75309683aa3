"""What the driver's looks at shares cost: NVML once a second, samples twice a second, the cross-check, and what keeps pages whole.

They run by the driver's own wiring in a process of their own, so that its CPU time is theirs and the event loop's. Not here: the idle
driver (hack.driver_bench).
"""

import argparse
import asyncio
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import UnavailableError
from dra_driver.accounting.cross_check_reports import CrossCheckReports
from dra_driver.accounting.looks import looks_at_node
from dra_driver.boot import read_boot_id
from dra_driver.claims.pod_events import PodEvents
from dra_driver.configuration import CrossCheckPolicy
from dra_driver.outbox import Outbox
from dra_driver.shares.card_pages import CardPages
from dra_driver.shares.folders import LIMITS
from dra_driver.shares.time_pages import read_samples
from hack.driver_bench.processes import cpu_s
from hack.gpu_check.scene import KEEP_BUSY
from hack.gpu_check.tenant import LIBRARY, REPOSITORY
from hack.node_bench.node import Machine, Node, held
from kube.client import ApiServer
from kube.config import ApiServerConfig

SHARES: Final = (0, 8, 32)
CORES: Final = 3
"""Of each share, so that 32 have less than the card together."""
_BUSY: Final = ("--seconds", "0", "--unit-us", "1000", "--step", "1", "--pause-us", "50000")
"""A unit of a millisecond and a pause: at work all the time, and little of the machine's."""
_SETTLE_S: Final = 5.0
_LONGEST_S: Final = 60.0
_NOBODY: Final = ApiServerConfig(url="https://127.0.0.1:9", tls=ssl.create_default_context())
"""Nothing is found here, so that nobody is told."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of the looks, with so many shares at work on one card."""

    shares: int
    core_percent: float


def measured(machine: Machine, seconds: float) -> list[Cost]:
    """Return what they cost, watched for so long each."""
    return [_cost(machine, shares, seconds) for shares in SHARES]


def _cost(machine: Machine, shares: int, seconds: float) -> Cost:
    one = machine.node(f"looks-{shares}", shares, CORES)
    with _at_work(one), _looking(one) as pid:
        _wait_for_samples(one)
        time.sleep(_SETTLE_S)
        used_s, start_s = cpu_s(pid), time.monotonic()
        time.sleep(seconds)
        return Cost(shares, 100 * (cpu_s(pid) - used_s) / (time.monotonic() - start_s))


@contextmanager
def _at_work(one: Node) -> Iterator[None]:
    programs = [tenant.start(str(KEEP_BUSY), *_BUSY) for tenant in one.tenants]
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.communicate()


@contextmanager
def _looking(one: Node) -> Iterator[int]:
    """Have the looks inside the block; yields the PID of their process."""
    command = [sys.executable, "-m", "hack.node_bench.looks", str(one.driver_root), str(one.kubelet), str(one.state)]
    with subprocess.Popen(command, cwd=REPOSITORY) as looking:
        try:
            yield looking.pid
            if looking.poll() is not None:
                raise UnavailableError(f"the looks ended with {looking.returncode}; their message is above")
        finally:
            looking.kill()


def _wait_for_samples(one: Node) -> None:
    """Wait until the node has seen every share at work."""
    deadline_s = time.monotonic() + _LONGEST_S
    waited = {tenant.share_folder / LIMITS for tenant in one.tenants}
    while waited := {page for page in waited if not read_samples(page.read_bytes()).busy_ns}:
        if time.monotonic() > deadline_s:
            raise UnavailableError(
                f"{len(waited)} of {len(one.tenants)} shares were not seen at work in {_LONGEST_S:.0f} s"
            )
        time.sleep(0.1)


async def _look(driver_root: Path, kubelet: Path, state: Path) -> None:
    claims = held(kubelet)
    async with ApiServer(_NOBODY) as api:
        outbox = Outbox()
        reports = CrossCheckReports(
            api, outbox, PodEvents(api, outbox, "bench"), lambda: claims, lambda: CrossCheckPolicy.REPORT
        )
        cards = CardPages(state / "cards", read_boot_id())
        looks = looks_at_node(
            driver_root, state / "shares", LIBRARY, lambda: claims, reports, cards, account_overhead=True
        )
        await asyncio.gather(*(watch() for watch in looks.watches(lambda: True)))


def main() -> None:
    """Be the process that looks."""
    parser = argparse.ArgumentParser(prog="python -m hack.node_bench.looks", description="Look at a node's shares.")
    for name in ("driver_root", "kubelet", "state"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    asyncio.run(_look(arguments.driver_root, arguments.kubelet, arguments.state))


if __name__ == "__main__":
    main()
