"""Interrupts that wait: for steps that must not be broken off half-way. Not here: what an interrupt does (hack.local_cluster.cli)."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

INTERRUPTS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def held_back() -> Iterator[None]:
    """Let interrupts wait for the end of the block, in the main thread; the first of them is delivered then.

    A blocked signal mask would not do: where the process has other threads, they take the signal, and its handler runs here.
    """
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    earlier = {number: signal.signal(number, note) for number in INTERRUPTS}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])
