"""Turns at what the drivers of one node share on disk: one process at a time, all of its calls together.

During a rolling update two drivers overlap. A process keeps its turn while calls of it are under way, so that they share commits;
after a second, newcomers wait until it was given up once. Not here: what is done in a turn (dra_driver.claims.ledger).
"""

import asyncio
import fcntl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from dra_driver.single_turn import open_lock

_LONGEST_S: Final = 1.0
_PAUSE_S: Final = 0.005
"""Enough for a process that waits to be woken and to take its turn."""


class Turns:
    """This process's turns by the lock at `path`. `begin` is called at the start of each, and may refuse it by raising."""

    def __init__(self, path: Path, begin: Callable[[], None]) -> None:
        self._descriptor = open_lock(path)
        self._begin = begin
        self._entry = asyncio.Lock()
        self._idle = asyncio.Event()
        self._idle.set()
        self._calls = 0
        self._taken_s = 0.0

    @asynccontextmanager
    async def shared(self) -> AsyncIterator[None]:
        """Have the turn inside, together with other calls of this process. Raises what `begin` raises."""
        async with self._entry:
            if self._calls and time.monotonic() - self._taken_s > _LONGEST_S:
                await self._idle.wait()
                await asyncio.sleep(_PAUSE_S)
            if not self._calls:
                await self._take()
            self._calls += 1
            self._idle.clear()
        try:
            yield
        finally:
            self._calls -= 1
            if not self._calls:
                self._give_up()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Have the turn inside with no other call of this process under way. Raises what `begin` raises."""
        async with self._entry:
            await self._idle.wait()
            await self._take()
            try:
                yield
            finally:
                self._give_up()

    async def _take(self) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.to_thread(fcntl.flock, self._descriptor, fcntl.LOCK_EX)
        try:
            self._begin()
        except BaseException:
            self._give_up()
            raise
        self._taken_s = time.monotonic()

    def _give_up(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._idle.set()
