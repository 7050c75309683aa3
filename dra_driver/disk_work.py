"""Work on the disk, outside the event loop: what comes while some is under way is done together, in one thread, next.

A thread for every call would have them all contend for the interpreter, and each hop there and back costs a call more than most
of the work does. Not here: what is done, and how it lasts (cdi.durable, dra_driver.claims.ledger).
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from dra_driver.background import settle

_Result = TypeVar("_Result")
_Item = tuple[Callable[[], Any], asyncio.Future[Any]]


class DiskWork:
    """Pieces of work of one event loop, done one after another in the order in which they came."""

    def __init__(self) -> None:
        self._waiting: list[_Item] = []
        self._task: asyncio.Task[None] | None = None

    async def run(self, work: Callable[[], _Result]) -> _Result:
        """Return what `work` returns, or raise what it raises; it is done also when the caller is cancelled."""
        outcome: asyncio.Future[_Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, outcome))
        if self._task is None:
            self._task = asyncio.create_task(self._do_all())
        return await outcome

    async def _do_all(self) -> None:
        try:
            while self._waiting:
                items, self._waiting = self._waiting, []
                results = await asyncio.to_thread(_done, [work for work, _ in items])
                for (_, outcome), (result, error) in zip(items, results, strict=True):
                    settle(outcome, result, error)
        finally:
            self._task = None


def _done(works: list[Callable[[], Any]]) -> list[tuple[Any, Exception | None]]:
    """Do all of it; a piece that fails fails alone."""
    results: list[tuple[Any, Exception | None]] = []
    for work in works:
        try:
            results.append((work(), None))
        except Exception as error:  # noqa: BLE001  it is raised where the piece came from
            results.append((None, error))
    return results
