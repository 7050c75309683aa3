"""Tenants that share a card's time, the node's sampling beside them, and what keep-busy says in each.

Not here: what is checked (hack.gpu_check.time_checks), and how a program gets into a share (hack.gpu_check.tenant).
"""

import csv
import io
import re
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from catalog.errors import UnavailableError
from catalog.share_config import ShareConfig
from dra_driver.accounting.node import of_node
from dra_driver.accounting.utilization import Utilization
from dra_driver.nvml.utilization import read_card_times
from dra_driver.shares.card_pages import CardPages
from dra_driver.shares.folders import LIMITS
from dra_driver.shares.processes import finder_of
from dra_driver.shares.time_pages import Samples, read_samples
from hack.gpu_check.checks import Bench
from hack.gpu_check.tenant import LIBRARY, REPOSITORY, Tenant, TimeShare, boot_id

KEEP_BUSY: Final = REPOSITORY / "build/samples/keep-busy"
_SAMPLE_S: Final = 0.5
_SHARE_MIB: Final = 2048
_END_S: Final = 60.0
_COST: Final = re.compile(
    r"keep-busy: a unit each ([\d.]+) us, its launch (\d+) ns of the host, the program ([\d.]+) % of a core"
)
_LAST: Final = re.compile(r"keep-busy: in all .* % of the card by wall time, ([\d.]+) % by events")


@dataclass(frozen=True, slots=True)
class Heard:
    """What keep-busy said of itself at its end."""

    unit_us: float
    """From one unit to the next, on average."""
    launch_ns: int
    core_percent: float
    """Of a core, that the program used."""
    events_percent: float
    """Of the card, between its first and its last event."""


def parse_heard(text: str) -> Heard:
    """Return what keep-busy's output says. Raises `UnavailableError` where it did not come to its end."""
    cost, last = _COST.search(text), _LAST.search(text)
    if cost is None or last is None:
        raise UnavailableError(f"keep-busy did not say what it had: {text.strip() or 'nothing at all'}")
    return Heard(float(cost[1]), int(cost[2]), float(cost[3]), float(last[1]))


@dataclass(frozen=True, slots=True)
class Batch:
    """One line of a trace: work of one stream that ended at `seen_ns` (CLOCK_MONOTONIC, as the host saw it)."""

    seen_ns: int
    busy_ns: int
    """Of the card's time, by the length of its units."""


def parse_trace(text: str) -> list[Batch]:
    """Return the batches of a trace that keep-busy wrote."""
    rows = csv.DictReader(io.StringIO(text))
    return [Batch(int(row["host_seen_ns"]), int(row["units"]) * int(row["unit_ns"])) for row in rows]


def percent_between(batches: Sequence[Batch], from_ns: int, to_ns: int) -> float:
    """Return what of the card's time batches took that ended then, in percent."""
    busy_ns = sum(batch.busy_ns for batch in batches if from_ns <= batch.seen_ns < to_ns)
    return 100 * busy_ns / (to_ns - from_ns)


class Running:
    """Keep-busy, at work in a share or beside all shares."""

    def __init__(self, process: "subprocess.Popen[str]", trace: Path) -> None:
        self._process = process
        self._trace = trace

    def heard(self) -> Heard:
        """Wait for its end; return what it said. Raises `UnavailableError` where it failed."""
        output, errors = self._process.communicate(timeout=_END_S)
        if self._process.returncode:
            raise UnavailableError(_failure(self._process.returncode, errors))
        return parse_heard(output)

    def trace(self) -> list[Batch]:
        """End it; return its trace so far. Raises `UnavailableError` where it had ended before."""
        if self._process.poll():
            raise UnavailableError(_failure(self._process.returncode, self._process.communicate()[1]))
        self.end()
        return parse_trace(self._trace.read_text())

    def end(self) -> None:
        """End it, if it still runs."""
        self._process.kill()
        self._process.communicate()


def _failure(status: int, errors: str) -> str:
    return f"keep-busy ended with {status}: {errors.strip()}; does it work without the library?"


class Scene:
    """Shares of one card that take turns, and the node that samples them: to be used as `with scene(bench, name) as it`."""

    def __init__(self, bench: Bench, name: str) -> None:
        self._bench = bench
        self._name = name
        self._folder = bench.folder / name
        self._folder.mkdir()
        self._cards = CardPages(self._folder / "cards", boot_id())
        self._cards.make_ready()
        self._tenants: list[Tenant] = []
        self._running: list[Running] = []
        self._over = threading.Event()

    def tenant(self, name: str, cores_percent: int, config: ShareConfig | None = None) -> Tenant:
        """Return a new share of the card's time."""
        bench = self._bench
        tenant = Tenant(
            self._folder,
            bench.driver_root,
            bench.card,
            _SHARE_MIB,
            bench.context_bytes,
            time=TimeShare(name, cores_percent, config or ShareConfig(), self._cards),
        )
        self._tenants.append(tenant)
        return tenant

    def busy(self, tenant: Tenant, seconds: int, unit_us: int, *more: str, bare: bool = False) -> Running:
        """Start keep-busy in a share, or, `bare`, on the same card without the library; with 0 seconds it runs until it is ended."""
        number = len(self._running)
        trace = self._bench.traces / f"{self._name}-{number}-{tenant.share_folder.name}.csv"
        command = [str(KEEP_BUSY), "--seconds", f"{seconds}", "--unit-us", str(unit_us), "--trace", str(trace)]
        start = tenant.start_bare if bare else tenant.start
        running = Running(start(*command, *more), trace)
        self._running.append(running)
        return running

    def node_percents(self, tenants: Sequence[Tenant], seconds: float) -> list[float | None]:
        """Return what the node sees shares use, in percent of the card, in so long a time from now; None: it cannot see it."""
        before = [_samples(tenant) for tenant in tenants]
        time.sleep(seconds)
        return [_between(one, _samples(tenant)) for one, tenant in zip(before, tenants, strict=True)]

    def sample(self) -> None:
        """Look and sample as the node's driver does, until the scene is over."""
        root, shares = self._bench.driver_root, self._folder / "shares"
        utilization = Utilization(shares, partial(read_card_times, root), finder_of(shares))
        reaper = LIBRARY.with_name("hami-reap")
        node = of_node(root, shares, reaper, lambda: [one.claim for one in self._tenants], (utilization.take,))
        while not self._over.wait(_SAMPLE_S):
            if self._tenants:
                node.look()
                utilization.sample()

    def end(self) -> None:
        """End all that runs."""
        self._over.set()
        for running in self._running:
            running.end()


@contextmanager
def scene(bench: Bench, name: str) -> Iterator[Scene]:
    """Have a scene inside the block, with the node's sampling."""
    made = Scene(bench, name)
    node = threading.Thread(target=made.sample, name="node")
    node.start()
    try:
        yield made
    finally:
        made.end()
        node.join()


def _samples(tenant: Tenant) -> Samples:
    return read_samples((tenant.share_folder / LIMITS).read_bytes())


def _between(before: Samples, after: Samples) -> float | None:
    passed_ns = after.sampled_at_ns - before.sampled_at_ns
    if not before.sampled_at_ns or passed_ns <= 0:
        return None
    return 100 * (after.busy_ns - before.busy_ns) / passed_ns
