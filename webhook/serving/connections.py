"""The open connections of the webhook, no more than it was told to keep, so that no client can take all of its memory.

Not here: what goes over a connection (webhook.serving.connection), and who waits for a handshake, which has its own time limit.
"""

import asyncio
from collections.abc import Iterator
from typing import Final

from webhook.serving.connection import Connection

CONNECTIONS_MAX: Final = 512
"""An API server keeps a few per replica; one connection with TLS takes some 60 KiB."""


class Connections:
    """Room for `limit` connections."""

    def __init__(self, limit: int = CONNECTIONS_MAX) -> None:
        self.limit: Final = limit
        self.closed_for_room = 0
        """Connections that were closed since there were too many."""
        self.all_closed = asyncio.Event()
        """Set when the last was closed."""
        self._open: set[Connection] = set()

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._open)

    def add(self, connection: Connection) -> None:
        """Keep a connection. Where there are too many, the one that would be closed first for its silence goes, else this one."""
        self._open.add(connection)
        self.all_closed.clear()
        if len(self._open) > self.limit:
            self.closed_for_room += 1
            self._most_idle(connection).abort()

    def discard(self, connection: Connection) -> None:
        """Forget one that was closed."""
        self._open.discard(connection)
        if not self._open:
            self.all_closed.set()

    def _most_idle(self, newest: Connection) -> Connection:
        others = ((each.idle_until_s, each) for each in self._open if each is not newest)
        idle = [(until_s, each) for until_s, each in others if until_s is not None]
        return min(idle, key=lambda pair: pair[0])[1] if idle else newest
