"""The node's samples of the time that shares use of their cards: NVML's, summed up by share, written on the shares' pages.

Every half second while a share that has a limit runs, and not at all otherwise. Where NVML cannot say it, pages say that, and shares go
by their own clock alone. Not here: NVML (dra_driver.nvml.utilization), and what the samples correct, which is the interceptor's.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

from catalog.errors import CorruptStateError, UnavailableError
from catalog.share_config import CorePolicy
from dra_driver.accounting.mps import serves_mps
from dra_driver.accounting.node import Look
from dra_driver.nvml.utilization import CardTime
from dra_driver.shares.folders import LIMITS, USAGE
from dra_driver.shares.pages import Limits, read_limits
from dra_driver.shares.pages_layout import USAGE_HEADER_BYTES
from dra_driver.shares.time_pages import SamplePage, settle, unseen_ns
from dra_driver.ticks import tick

_LOG: Final = logging.getLogger(__name__)
_SAMPLE_S: Final = 0.5
_SELDOM_S: Final = 2.0
_GAP_NS: Final = 2_000_000_000
"""After a longer pause NVML's mean is of another time than ours: a new series begins."""
_REFUSED_NS: Final = 30_000_000_000
"""How long a card that cannot say it is not asked again."""

_SERVED: Final = "an MPS server runs its clients' work, whose times overlap"

Read = Callable[[Mapping[str, int]], Mapping[str, CardTime]]
Find = Callable[[int], frozenset[str] | None]


class Utilization:
    """Samples of one node."""

    def __init__(
        self, shares_folder: Path, read: Read, find: Find, clock_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        """`read` asks NVML; `find` returns the shares that a process has mounted."""
        self._folder = shares_folder
        self._read = read
        self._find = find
        self._clock_ns = clock_ns
        self._at_work: Mapping[str, Mapping[int, str]] = {}
        self._seen_us: dict[str, int] = {}
        self._looked_ns: dict[str, int] = {}
        self._refused_ns: dict[str, int] = {}
        self._series: dict[str, frozenset[str]] = {}
        self._pages: dict[str, SamplePage] = {}
        self._blind: frozenset[str] = frozenset()
        self._served: frozenset[str] = frozenset()
        self._said: set[str] = set()

    @property
    def sampled(self) -> Mapping[str, bool]:
        """Whether the node sees the time of shares, for each card that it was asked of. May be asked from any thread."""
        refused = {*self._refused_ns, *self._blind}
        return {uuid: uuid not in refused for uuid in {*self._looked_ns, *refused}}

    def take(self, look: Look) -> None:
        """Take over who uses which card, as NVML lists it: cards on which a share with a limit is at work are sampled from now on.

        A process that has several shares of a card counts once, for the first of them by name.
        """
        seated = {
            uuid: {one.pid: min(one.shares) for one in listed if one.shares} for uuid, listed in look.processes.items()
        }
        self._at_work = {uuid: shares for uuid, shares in seated.items() if self._is_limited(set(shares.values()))}
        self._blind = look.unseen | (frozenset(look.processes) if look.is_blind else frozenset())
        self._served = frozenset(
            uuid for uuid in self._at_work if any(serves_mps(one.pid) for one in look.processes[uuid] if not one.shares)
        )

    async def follow(self, is_newest: Callable[[], bool]) -> None:
        """Sample for ever, unless a newer driver of this node does."""
        while True:
            if is_newest() and self._due(self._at_work):
                await asyncio.to_thread(self.sample)
                await tick(_SAMPLE_S)
            else:
                self._close_all_but(set())
                await tick(_SELDOM_S)

    def sample(self) -> None:
        """Ask NVML once and write what it says. Blocks."""
        at_work = self._at_work
        due = self._due(at_work)
        if not due:
            return
        found = self._ask(due)
        now_ns, pages = self._clock_ns(), list[SamplePage]()
        for uuid, card in found.items():
            if card.refusal:
                self._refuse(uuid, card.refusal, at_work[uuid].values(), now_ns)
            else:
                pages += self._add(uuid, card, at_work[uuid], now_ns)
        settle()
        for page in pages:
            page.date(now_ns)
        self._close_all_but({name for shares in at_work.values() for name in shares.values()})

    def _ask(self, due: Collection[str]) -> Mapping[str, CardTime]:
        """Ask NVML, but for cards that an MPS server runs: samples that name the server, or nobody, would say of shares that they idle."""
        served = self._served
        found = {uuid: CardTime({}, 0, _SERVED) for uuid in due if uuid in served}
        asked = {uuid: self._seen_us.get(uuid, 0) for uuid in due if uuid not in served}
        try:
            return {**found, **(self._read(asked) if asked else {})}
        except UnavailableError as error:
            return {**found, **{uuid: CardTime({}, 0, str(error)) for uuid in asked}}

    def _due(self, cards: Iterable[str]) -> list[str]:
        now_ns = self._clock_ns()
        return [uuid for uuid in cards if now_ns - self._refused_ns.get(uuid, -_REFUSED_NS) >= _REFUSED_NS]

    def _is_limited(self, names: set[str]) -> bool:
        """Whether one of the shares at work on a card has a limit in force."""
        return any(
            one.cores_percent or (one.priority == 0 and len(names) > 1)
            for one in map(self._limits, names)
            if one is not None and one.policy is not CorePolicy.DISABLE
        )

    def _limits(self, name: str) -> Limits | None:
        try:
            return read_limits((self._folder / name / LIMITS).read_bytes())
        except (OSError, CorruptStateError):
            return None  # gone meanwhile, or damaged, which the metrics count

    def _add(self, uuid: str, card: CardTime, shares: Mapping[int, str], now_ns: int) -> Collection[SamplePage]:
        """Add what the shares at work on a card used since the last look; return their pages, to be dated."""
        elapsed_ns = now_ns - self._looked_ns.get(uuid, 0)
        in_series = frozenset() if elapsed_ns > _GAP_NS else self._series.get(uuid, frozenset())
        self._refused_ns.pop(uuid, None)
        self._looked_ns[uuid] = now_ns
        # A time without samples is over for NVML too, or its next mean would be of all of it.
        idle_us = elapsed_ns // 1000 if card.seen_us and in_series and not card.percents else 0
        self._seen_us[uuid] = card.seen_us + idle_us
        self._series[uuid] = frozenset(shares.values())
        percents = self._of_shares(card.percents, shares)
        pages = {name: page for name in self._series[uuid] if (page := self._page(name)) is not None}
        for name, page in pages.items():
            if name in in_series:
                page.add_busy(int(min(percents.get(name, 0.0), 100.0) / 100 * elapsed_ns))
            else:
                page.add_busy(self._unseen_ns(name, now_ns - page.sampled_at_ns) if page.sampled_at_ns else 0)
        return pages.values()

    def _of_shares(self, percents: Mapping[int, float], shares: Mapping[int, str]) -> dict[str, float]:
        """Sum up by share. A process that came since the last look at all processes is looked up by itself."""
        at_work, sums = frozenset(shares.values()), dict[str, float]()
        for pid, percent in percents.items():
            name = shares.get(pid) or min((self._find(pid) or frozenset()) & at_work, default="")
            sums[name] = sums.get(name, 0.0) + percent
        return sums

    def _unseen_ns(self, name: str, passed_ns: int) -> int:
        """Return what a share used before its series of samples begins: it was not seen, and counts as the share's own clock has it."""
        try:
            with (self._folder / name / USAGE).open("rb", buffering=0) as usage:
                return min(unseen_ns(usage.read(USAGE_HEADER_BYTES)), max(0, passed_ns))
        except (OSError, CorruptStateError):
            return 0

    def _refuse(self, uuid: str, why: str, names: Iterable[str], now_ns: int) -> None:
        self._refused_ns[uuid] = now_ns
        self._looked_ns.pop(uuid, None)
        self._series.pop(uuid, None)
        if uuid not in self._said:
            self._said.add(uuid)
            _LOG.warning(
                "card %s: NVML does not say what part of its time processes use (%s); shares go by their own clock alone",
                uuid,
                why,
            )
        for name in set(names):
            page = self._page(name)
            if page is not None:
                page.date(0)

    def _page(self, name: str) -> SamplePage | None:
        """Return a share's page, mapped as long as it is sampled; None for a share that is gone meanwhile, or damaged."""
        page = self._pages.get(name)
        if page is not None and page.is_current():
            return page
        self._close(name)
        try:
            page = self._pages[name] = SamplePage(self._folder / name / LIMITS)
        except (OSError, CorruptStateError) as error:
            _LOG.debug("share %s: %s", name, error)
            return None
        return page

    def _close(self, name: str) -> None:
        page = self._pages.pop(name, None)
        if page is not None:
            page.close()

    def _close_all_but(self, names: set[str]) -> None:
        for name in self._pages.keys() - names:
            self._close(name)
