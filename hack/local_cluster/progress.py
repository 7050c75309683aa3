"""What a person sees while the local cluster works: one line per phase, with the seconds it has taken and usually takes.

Writes to stderr; stdout belongs to results. On a terminal the running phase counts up; elsewhere a line comes every half minute.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

REPORT_EVERY_S: Final = 30.0


class Progress:
    """Reports phases to one stream."""

    def __init__(self, prefix: str, stream: TextIO | None = None) -> None:
        self._prefix = prefix
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()

    def say(self, text: str) -> None:
        """Print one line."""
        print(f"{self._prefix}: {text}", file=self._stream, flush=True)

    @contextmanager
    def phase(self, title: str, typical_s: int) -> Iterator[None]:
        """Show a long phase while it runs, and the time that it took."""
        started = time.monotonic()
        self.say(f"{title} (usually {spoken(typical_s)}) …")
        ended = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(title, typical_s, started, ended), daemon=True)
        ticker.start()
        try:
            yield
        finally:
            ended.set()
            ticker.join()
        self.say(f"{title}: done in {spoken(time.monotonic() - started)}")

    def _tick(self, title: str, typical_s: int, started: float, ended: threading.Event) -> None:
        while not ended.wait(1.0 if self._terminal else REPORT_EVERY_S):
            line = f"{self._prefix}: {title}: {spoken(time.monotonic() - started)} of usually {spoken(typical_s)}"
            print(
                f"\r\x1b[K{line}" if self._terminal else line,
                end="" if self._terminal else "\n",
                file=self._stream,
                flush=True,
            )
        if self._terminal:
            print("\r\x1b[K", end="", file=self._stream, flush=True)


def spoken(seconds: float) -> str:
    """Seconds as a person says them: `8 s`, `7 min 20 s`."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
