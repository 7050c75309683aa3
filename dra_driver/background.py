"""Blocking work in a thread that may be left behind when the driver stops: a driver call that hangs, a program that does not answer.

Not here: work that must be done before the driver stops; that is asyncio.to_thread's.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any


def in_thread(work: Callable[[], None], name: str) -> asyncio.Future[None]:
    """Begin `work`; neither the end of the loop nor that of the process waits for it. What it raises is raised where it is awaited."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def run() -> None:
        error: Exception | None = None
        try:
            work()
        except Exception as caught:  # noqa: BLE001  it is raised where the work is awaited
            error = caught
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, done, None, error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return done


def settle(outcome: "asyncio.Future[Any]", result: object, error: Exception | None) -> None:
    """Give a future the result or the error of its work, unless nobody waits for it any more."""
    if outcome.cancelled():
        return
    if error is None:
        outcome.set_result(result)
    else:
        outcome.set_exception(error)
