"""Blocking work in a thread that may be left behind when the driver stops: a driver call that hangs, a program that does not answer.

Not here: work that must be done before the driver stops; that is asyncio.to_thread's.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress


def in_thread(work: Callable[[], None], name: str) -> asyncio.Future[None]:
    """Begin `work`; neither the end of the loop nor that of the process waits for it. What it raises is raised where it is awaited."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def finish(error: Exception | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def run() -> None:
        error: Exception | None = None
        try:
            work()
        except Exception as caught:  # noqa: BLE001  it is raised where the work is awaited
            error = caught
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(finish, error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return done
