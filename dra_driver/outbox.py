"""What is still to be told to the API server, and need not be told at once: in the background, paced, the latest of each key.

A delivery that fails for a passing fault is tried again with growing pauses; any other failure is its end. Nothing here may
delay or fail a call of the kubelet. Not here: what is told (dra_driver.claims.status, dra_driver.claims.pod_events).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from kube.client import ApiError

_LOG: Final = logging.getLogger(__name__)
_PASSING: Final = frozenset({0, 429, 500, 502, 503, 504})

Delivery = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an outbox is emptied, and how much it holds."""

    interval_s: float = 0.05
    """Least time between two deliveries."""
    quiet_s: float = 0.5
    """Deliveries begin when nothing was put for so long: a burst of pods has the machine to itself,"""
    longest_wait_s: float = 5.0
    """but none waits longer than this for quiet."""
    first_pause_s: float = 1.0
    longest_pause_s: float = 60.0
    capacity: int = 1000
    """Keys that may wait; the oldest goes when one more comes."""


@dataclass(slots=True)
class _Letter:
    key: str
    delivery: Delivery
    pause_s: float
    put_s: float
    """On the event loop's clock, as `due_s`."""
    due_s: float


class Outbox:
    """Deliveries that wait for their turn, until `run` is cancelled."""

    def __init__(self, pace: Pace = Pace()) -> None:
        self._pace = pace
        self._letters: dict[str, _Letter] = {}
        self._under_way: _Letter | None = None
        self._last_put_s = 0.0
        self._changed = asyncio.Event()
        self._explained: set[int] = set()

    def put(self, key: str, delivery: Delivery) -> None:
        """Have `delivery` awaited soon, in place of one of the same key that still waits: that one's place and pause are kept."""
        waiting = self._letters.get(key)
        if waiting is not None:
            waiting.delivery = delivery
            return
        if len(self._letters) >= self._pace.capacity:
            oldest = next(iter(self._letters))
            del self._letters[oldest]
            _LOG.warning("reports to the API server: %d wait; %s is dropped", self._pace.capacity, oldest)
        now_s = asyncio.get_running_loop().time()
        self._last_put_s = now_s
        self._letters[key] = _Letter(key, delivery, self._pace.first_pause_s, put_s=now_s, due_s=now_s)
        self._changed.set()

    def discard(self, key: str) -> None:
        """Forget what waits under `key`, and do not repeat what is under way."""
        self._letters.pop(key, None)
        if self._under_way is not None and self._under_way.key == key:
            self._under_way = None

    async def run(self) -> None:
        """Deliver for ever."""
        while True:
            letter = await self._next()
            del self._letters[letter.key]
            self._under_way = letter
            await self._deliver(letter)
            self._under_way = None
            await asyncio.sleep(self._pace.interval_s)

    async def _next(self) -> _Letter:
        """Return the letter that is due first, once it is due."""
        loop = asyncio.get_running_loop()
        while True:
            self._changed.clear()
            first = min(self._letters.values(), key=lambda letter: letter.due_s, default=None)
            if first is not None and self._turn_s(first) <= loop.time():
                return first
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._turn_s(first) if first else None):
                    await self._changed.wait()

    def _turn_s(self, letter: _Letter) -> float:
        """Return when a letter may go."""
        quiet_s = min(self._last_put_s + self._pace.quiet_s, letter.put_s + self._pace.longest_wait_s)
        return max(letter.due_s, quiet_s)

    async def _deliver(self, letter: _Letter) -> None:
        try:
            await letter.delivery()
        except ApiError as error:
            if error.status in _PASSING:
                self._repeat(letter, error)
            else:
                self._give_up(letter, error)
        except Exception:  # noqa: BLE001  a fault of one report must not end the others
            _LOG.exception("%s: a fault of the driver", letter.key)
        else:
            self._explained.clear()

    def _repeat(self, letter: _Letter, error: ApiError) -> None:
        if self._under_way is not letter:  # discarded meanwhile
            return
        _LOG.debug("%s: %s; trying again in %.1f s", letter.key, error, letter.pause_s)
        newer = self._letters.get(letter.key, letter)
        newer.due_s = asyncio.get_running_loop().time() + letter.pause_s
        newer.pause_s = min(2 * letter.pause_s, self._pace.longest_pause_s)
        self._letters[letter.key] = newer

    def _give_up(self, letter: _Letter, error: ApiError) -> None:
        """Say it once for each kind of refusal: without the right to report, every claim would repeat it."""
        level = logging.DEBUG if error.status in self._explained else logging.WARNING
        self._explained.add(error.status)
        hint = "; apply the output of `hami-dra manifests` again" if error.status == 403 else ""
        _LOG.log(level, "%s: not reported: %s%s (further ones are logged at level debug)", letter.key, error, hint)
