"""What uses a card and slips past the interceptor: what NVML sees of processes, held against what shares account.

A doubt counts once two looks in a row have it; each process is found once for each reason. Not here: who is told
(dra_driver.accounting.cross_check_reports), and the looks (dra_driver.accounting.node).
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from catalog.errors import CorruptStateError
from catalog.names import MIB
from catalog.share_config import CorePolicy
from dra_driver.accounting.mps import serves_mps
from dra_driver.accounting.node import Look
from dra_driver.accounting.overhead import CardProcess, unaccounted
from dra_driver.accounting.process_pods import identity_of, pod_uid_of, started
from dra_driver.shares.folders import LIMITS, USAGE
from dra_driver.shares.pages import Limits, read_limits
from dra_driver.shares.time_pages import read_samples, read_time

_BESIDE_BYTES: Final = 1024 * MIB
"""What one process may hold beside contexts and allocations: code, and what the driver needs for itself."""
_WINDOW_NS: Final = 10_000_000_000
_SLACK_NS: Final = 1_000_000_000
_MARGIN: Final = 0.1
"""Of the card's time, over its cap, before a share is in doubt."""
_AT_WORK: Final = 0.05
"""Of the card's time: a neighbour that has it is at work."""
_ACCOUNTED: Final = 0.8
"""Of what the node sees; a share that accounts as much is one that the interceptor holds, as well as it can."""


class Reason(StrEnum):
    """What is wrong."""

    OUTSIDE = "outside"
    """A process of a pod uses the card and has no share of it."""
    NODE = "node"
    """The same, of a process that is in no pod."""
    MPS = "mps"
    """An MPS server uses the card and has no share of it: what its clients hold and use may count as its. Nobody is to blame for that."""
    UNACCOUNTED = "unaccounted"
    """A process of a share holds memory and accounts nothing."""
    MEMORY = "memory"
    """A share's processes hold more than they account, and more than contexts and code explain."""
    TIME = "time"
    """A share has had more of the card's time than its cap, and accounts less."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One process that slipped past. Of a share's findings it is the process that holds most."""

    reason: Reason
    card_uuid: str
    pid: int
    pod_uid: str | None
    """None: it is in no pod."""
    share: str | None
    message: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """A share's time at one moment."""

    version: int
    sampled_at_ns: int
    busy_ns: int
    accounted_ns: int


@dataclass(frozen=True, slots=True)
class _Doubt:
    reason: Reason
    process: CardProcess
    share: str | None
    words: str


class CrossCheck:
    """The cross-check of one node. Called with each look, in the thread that looks."""

    def __init__(
        self,
        shares_folder: Path,
        is_on: Callable[[], bool],
        is_monitor: Callable[[str, str | None], bool],
        report: Callable[[Finding], None],
        clock_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """`is_monitor` is asked whether a pod, by UID, may use a card, by UUID, without a share of it."""
        self._folder = shares_folder
        self._is_on = is_on
        self._is_monitor = is_monitor
        self._report = report
        self._clock_ns = clock_ns
        self._marked_ns = 0
        self._identities: dict[int, tuple[int, int]] = {}
        self._doubts: set[tuple[Reason, int]] = set()
        self._found: dict[tuple[Reason, int], int] = {}
        self._marks: dict[str, _Mark] = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    @property
    def findings(self) -> dict[tuple[str, str], int]:
        """How many there were, by reason and card. May be asked from any thread."""
        return dict(self._counts)

    def take(self, look: Look) -> None:
        """Hold one look against what is accounted."""
        if not self._is_on():
            self._doubts.clear()
            return
        self._forget_all_but({process.pid for listed in look.processes.values() for process in listed})
        is_time = self._clock_ns() - self._marked_ns >= _WINDOW_NS
        if is_time:
            self._marked_ns = self._clock_ns()
            self._marks = {name: mark for name, mark in self._marks.items() if name in look.holdings}
        doubts: set[tuple[Reason, int]] = set()
        for uuid, listed in look.processes.items():
            for doubt in (*self._of_card(listed, look), *(self._time(listed) if is_time else ())):
                key = doubt.reason, doubt.process.pid
                doubts.add(key)
                if key in self._doubts or doubt.reason is Reason.TIME:
                    self._find(key, uuid, doubt)
        self._doubts = doubts

    def _of_card(self, listed: Iterable[CardProcess], look: Look) -> Iterator[_Doubt]:
        listed = tuple(listed)
        for process in listed:
            if not process.shares:
                yield _served(process) if serves_mps(process.pid) else _outside(process)
        with_shares = [process for process in listed if process.shares & look.holdings.keys()]
        silent = [process for process in with_shares if self._is_silent(process, look)]
        yield from (_silent(process) for process in silent)
        yield from self._memory([process for process in with_shares if process not in silent], look)

    def _is_silent(self, process: CardProcess, look: Look) -> bool:
        """Whether a process accounts nothing on any of its shares. Where contexts are not accounted it may hold one; and a share's own MPS
        server holds what its clients account.
        """
        living = {who for name in process.shares & look.holdings.keys() for who in look.holdings[name].living}
        if self._identities.get(process.pid) in living:
            return False
        identity = self._identities[process.pid] = identity_of(process.pid)
        # A container without /proc knows no namespace.
        if identity in living or (0, identity[1]) in living or identity == (0, 0) or serves_mps(process.pid):
            return False
        limits = [found for found in map(self._limits, process.shares) if found is not None]
        return all(one.context_bytes for one in limits) or process.memory_bytes > _BESIDE_BYTES

    def _memory(self, processes: list[CardProcess], look: Look) -> Iterator[_Doubt]:
        names = {name for process in processes for name in process.shares if name in look.holdings}
        over = unaccounted(processes, {name: look.holdings[name].living_bytes for name in names})
        for name, size in over.items():
            own = [process for process in processes if name in process.shares]
            if size <= len(own) * _BESIDE_BYTES:
                continue
            limits = self._limits(name)
            explained = len(own) * _BESIDE_BYTES * (1 if limits is None or limits.context_bytes else 2)
            if size > explained:
                words = f"processes of the share hold {size // MIB} MiB that they do not account"
                yield _Doubt(Reason.MEMORY, _largest(own), name, words)

    def _time(self, listed: Iterable[CardProcess]) -> Iterator[_Doubt]:
        """Compare the marks of two moments, a window apart, of the shares at work on one card. What NVML says of a server's clients may
        count a time twice that a share accounts once.
        """
        processes = [process for process in listed if process.shares]
        names = {min(process.shares) for process in processes}
        parts: dict[str, tuple[float, float, Limits]] = {}
        for name in names:
            part = self._part(name)
            if part is not None:
                parts[name] = part
        for name, (seen, accounted, limits) in parts.items():
            cap = limits.cores_percent / 100
            neighbours = any(other != name and part[0] > _AT_WORK for other, part in parts.items())
            binds = limits.policy is CorePolicy.FORCE or (limits.policy is CorePolicy.DEFAULT and neighbours)
            if cap and binds and seen > cap + _MARGIN and 0 <= accounted < _ACCOUNTED * seen:
                own = [process for process in processes if name in process.shares]
                if any(serves_mps(process.pid) for process in own):
                    continue
                words = f"the share had {seen:.0%} of the card's time, where it may have {cap:.0%}, and accounts {accounted:.0%}"
                yield _Doubt(Reason.TIME, _largest(own), name, words)

    def _part(self, name: str) -> tuple[float, float, Limits] | None:
        """Return what part of the card's time a share was seen to use, and accounts, since its last mark; None where that is not
        a window ago.
        """
        try:
            page = (self._folder / name / LIMITS).read_bytes()
            samples, mark = read_samples(page), self._marks.get(name)
            if not samples.sampled_at_ns:
                return None
            limits, accounted = read_limits(page), read_time((self._folder / name / USAGE).read_bytes())
        except (OSError, CorruptStateError):
            return None
        self._marks[name] = _Mark(limits.version, samples.sampled_at_ns, samples.busy_ns, accounted.busy_ns)
        if mark is None or mark.version != limits.version:
            return None
        passed_ns = samples.sampled_at_ns - mark.sampled_at_ns
        if not _WINDOW_NS - _SLACK_NS <= passed_ns <= 2 * _WINDOW_NS:
            return None
        seen_ns, accounted_ns = samples.busy_ns - mark.busy_ns, accounted.busy_ns - mark.accounted_ns
        return seen_ns / passed_ns, accounted_ns / passed_ns, limits

    def _limits(self, name: str) -> Limits | None:
        try:
            return read_limits((self._folder / name / LIMITS).read_bytes())
        except (OSError, CorruptStateError):
            return None

    def _find(self, key: tuple[Reason, int], uuid: str, doubt: _Doubt) -> None:
        pid = doubt.process.pid
        start = started(pid)
        if not start or self._found.get(key) == start:
            return
        pod_uid = pod_uid_of(pid)
        if doubt.reason in (Reason.OUTSIDE, Reason.MPS) and self._is_monitor(uuid, pod_uid):
            return
        self._found[key] = start
        reason = Reason.NODE if doubt.reason is Reason.OUTSIDE and pod_uid is None else doubt.reason
        self._counts[reason.value, uuid] += 1
        self._report(Finding(reason, uuid, pid, pod_uid, doubt.share, f"card {uuid}: {doubt.words}"))

    def _forget_all_but(self, pids: set[int]) -> None:
        for pid in self._identities.keys() - pids:
            del self._identities[pid]
        for key in [key for key in self._found if key[1] not in pids]:
            del self._found[key]


def _outside(process: CardProcess) -> _Doubt:
    words = f"process {process.pid} uses it ({process.memory_bytes // MIB} MiB) and has no share of it"
    return _Doubt(Reason.OUTSIDE, process, None, words)


def _served(process: CardProcess) -> _Doubt:
    words = f"process {process.pid} is an MPS server: its clients overlap, and what they use is not told apart"
    return _Doubt(Reason.MPS, process, None, words)


def _silent(process: CardProcess) -> _Doubt:
    words = f"process {process.pid} of the share holds {process.memory_bytes // MIB} MiB and accounts nothing: no interceptor is in it"
    return _Doubt(Reason.UNACCOUNTED, process, min(process.shares), words)


def _largest(processes: Iterable[CardProcess]) -> CardProcess:
    return max(processes, key=lambda process: process.memory_bytes)
