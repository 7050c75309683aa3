"""The node's part in accounting: it refunds what dead processes held, and charges shares with what no process accounts.

Looks once a second while NVML lists a process on a card that has shares, and seldom otherwise; others are told what was seen. Not here:
the sum (dra_driver.accounting.overhead), and the code that refunds, which is the interceptor's (native/reap).
"""

import asyncio
import logging
import subprocess
import time
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from catalog.errors import CorruptStateError, UnavailableError
from dra_driver.accounting.overhead import CardProcess, next_overhead, unaccounted
from dra_driver.nvml.processes import read_processes
from dra_driver.shares.folders import USAGE
from dra_driver.shares.limits_file import changing, limits_at
from dra_driver.shares.pages import change_overhead
from dra_driver.shares.processes import KnownProcesses
from dra_driver.shares.share import Claim
from dra_driver.shares.slots import Holdings, HoldingsReader
from dra_driver.ticks import tick

_LOG: Final = logging.getLogger(__name__)
_LOOK_S: Final = 1.0
_SELDOM_S: Final = 2.0
"""Between looks while NVML lists nobody, or is not asked."""
_REAP_EVERY_S: Final = 5.0
"""At least, for one share: a container that scribbles dead processes on its page must not keep the node busy."""
_REAP_TIMEOUT_S: Final = 30.0
Processes = Mapping[str, Mapping[int, int]]
"""Bytes by PID, for each card's UUID."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look saw."""

    processes: Mapping[str, Sequence[CardProcess]] = field(default_factory=dict)
    """Those that use each card that has shares, by UUID, as far as they are in the driver's PID namespace; of their shares those of that
    card alone."""
    holdings: Mapping[str, Holdings] = field(default_factory=dict)
    """By share, where its pages can be read."""
    is_blind: bool = False
    """Whether NVML lists processes and none of them is in the driver's PID namespace."""
    unseen: frozenset[str] = frozenset()
    """Cards that have shares, by UUID, of which NVML does not say who uses them."""


Observer = Callable[[Look], None]
"""Called in the thread that looks."""


class NodeAccounting:
    """Of one node's shares."""

    def __init__(
        self,
        shares_folder: Path,
        program: Path,
        held: Callable[[], Collection[Claim]],
        read: Callable[[Collection[str]], Processes],
        observers: Sequence[Observer] = (),
        *,
        charges: bool = True,
    ) -> None:
        """`program` is hami-reap; `held` returns the claims that are prepared; `read` asks NVML for the processes of cards.

        Unless it `charges`, shares are charged with nothing that their processes do not account.
        """
        self._folder = shares_folder
        self._program = program
        self._held = held
        self._read = read
        self._observers = observers
        self._charges = charges
        self._samples: dict[str, int] = {}
        self._found_nobody = False
        self._in_force: dict[str, int] = {}
        self._reaped_s: dict[str, float] = {}
        self._said: set[str] = set()
        self._known = KnownProcesses(shares_folder)
        self._reader = HoldingsReader()

    async def follow(self, is_newest: Callable[[], bool]) -> None:
        """Look for ever, unless a newer driver of this node does. A node that holds nothing wakes no thread."""
        while True:
            busy = False
            if is_newest() and self._held():
                busy = await asyncio.to_thread(self.look)
            else:
                self._tell(Look())
            await tick(_LOOK_S if busy else _SELDOM_S)

    def look(self) -> bool:
        """Refund and charge once; return whether NVML lists anybody who uses the cards. Blocks."""
        shares = {share.name: share for claim in self._held() for share in claim.shares if share.is_limited}
        self._forget_all_but(shares)
        if not shares:
            self._tell(Look())
            return False
        before = self._holdings(shares)
        asked = frozenset(share.card_uuid for share in shares.values())
        processes = self._processes(asked)
        in_use = any(processes.values())
        after = self._holdings(shares) if in_use else before
        # Memory that is freed while NVML is asked is on one of the two sides, and is no overhead.
        accounted = {
            name: max(before[name].living_bytes, after[name].living_bytes) for name in before.keys() & after.keys()
        }
        cards = {uuid: frozenset(name for name in shares if shares[name].card_uuid == uuid) for uuid in processes}
        seen = self._with_shares(processes, cards)
        for card_uuid, listed in seen.items():
            of_card = {name: accounted[name] for name in cards[card_uuid] & accounted.keys()}
            self._charge(of_card, listed if self._charges else ())
        self._reap([name for name in accounted if after[name].dead_bytes])
        self._tell(Look(seen, after, self._is_blind(in_use and not any(seen.values())), asked.difference(processes)))
        return in_use

    def _is_blind(self, found_nobody: bool) -> bool:
        """One look may find nobody because all that NVML listed has ended meanwhile; two in a row find what is so."""
        is_blind, self._found_nobody = found_nobody and self._found_nobody, found_nobody
        if is_blind:
            self._say_once(
                "processes that NVML lists are not in the driver's PID namespace, so that what they hold beside what they account is "
                "not charged, and nobody sees what they use of the cards' time; run the driver with hostPID: true"
            )
        return is_blind

    def _tell(self, look: Look) -> None:
        for observer in self._observers:
            try:
                observer(look)
            except Exception:  # noqa: BLE001  what is made of a look must not end the accounting
                self._say_once(f"a fault of the driver: {traceback.format_exc()}")

    def _holdings(self, names: Iterable[str]) -> dict[str, Holdings]:
        """Return what is held on each share whose pages can be read; damaged ones are counted by the metrics."""
        found = {}
        for name in names:
            try:
                found[name] = self._reader.read(f"{self._folder}/{name}/{USAGE}")
            except (OSError, CorruptStateError) as error:
                _LOG.debug("share %s: %s", name, error)
        return found

    def _processes(self, card_uuids: frozenset[str]) -> Processes:
        try:
            found = self._read(card_uuids)
        except UnavailableError as error:
            self._say_once(f"{error} What processes hold beside what they account is not charged.")
            return {}
        for uuid in sorted(card_uuids.difference(found)):
            self._say_once(
                f"card {uuid}: NVML does not say who uses it, as on virtual GPUs, or for want of rights; what processes hold beside what "
                "they account is not charged, shares go by their own clock alone, and the cross-check sees nobody"
            )
        return found

    def _charge(self, accounted: Mapping[str, int], listed: Iterable[CardProcess]) -> None:
        readable = [replace(one, shares=one.shares & accounted.keys()) for one in listed]
        for name, sample in unaccounted(readable, accounted).items():
            earlier, self._samples[name] = self._samples.get(name, 0), sample
            if not sample == earlier == self._in_force.get(name):
                self._put_in_force(name, earlier, sample)

    def _with_shares(self, processes: Processes, cards: Mapping[str, frozenset[str]]) -> dict[str, list[CardProcess]]:
        """Return who uses each card, with the shares of that card that each has mounted."""
        mounted = self._known.of({pid for listed in processes.values() for pid in listed})
        there = {pid: shares for pid, shares in mounted.items() if shares is not None}
        return {
            uuid: [CardProcess(listed[pid], there[pid] & cards[uuid], pid) for pid in listed if pid in there]
            for uuid, listed in processes.items()
        }

    def _put_in_force(self, name: str, earlier: int, sample: int) -> None:
        try:
            with changing(self._folder / name) as page:
                limits = limits_at(page)
                in_force = limits.overhead_bytes
                # Whoever made the page decided: programs that count on the whole of their share are not to lose some by an upgrade.
                overhead = next_overhead(in_force, earlier, sample) if limits.context_bytes else 0
                if overhead != in_force:
                    change_overhead(page, overhead)
        except (OSError, CorruptStateError) as error:
            _LOG.debug("share %s: %s", name, error)
        else:
            self._in_force[name] = overhead

    def _reap(self, names: Iterable[str]) -> None:
        now = time.monotonic()
        due = [name for name in names if now - self._reaped_s.get(name, -_REAP_EVERY_S) >= _REAP_EVERY_S]
        if not due:
            return
        self._reaped_s.update(dict.fromkeys(due, now))
        try:
            ended = subprocess.run(
                [self._program, *(self._folder / name for name in due)],
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=_REAP_TIMEOUT_S,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            self._say_once(
                f"{self._program}: {error}; what dead processes held is refunded only when a peer is refused"
            )
            return
        for line in ended.stderr.splitlines():
            _LOG.debug("%s", line)

    def _forget_all_but(self, names: Collection[str]) -> None:
        for known in (self._samples, self._in_force, self._reaped_s):
            for name in known.keys() - names:
                del known[name]
        self._reader.forget_all_but({f"{self._folder}/{name}/{USAGE}" for name in names})

    def _say_once(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            _LOG.warning("accounting: %s", text)


def of_node(
    driver_root: Path,
    shares_folder: Path,
    program: Path,
    held: Callable[[], Collection[Claim]],
    observers: Sequence[Observer] = (),
    *,
    charges: bool = True,
) -> NodeAccounting:
    """Return the accounting of a node whose cards NVML shows below `driver_root`."""
    return NodeAccounting(
        shares_folder, program, held, partial(read_processes, driver_root), observers, charges=charges
    )
