"""The webhook's HTTPS server: reviews at the paths that it is given, and `GET /healthz`, `/readyz` for probes.

Not here: what is answered to a review (webhook.admission), when it is ready (webhook.serving.readiness), and HTTP itself
(webhook.serving.http1).
"""

import asyncio
import errno
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from email.utils import formatdate
from types import TracebackType
from typing import Final, Self

from msgspec.structs import replace

from catalog.errors import ConflictError, HamiError, InvalidInputError
from webhook.serving.connection import Connection
from webhook.serving.connections import Connections
from webhook.serving.http1 import JSON, Request, Response, text
from webhook.serving.readiness import Readiness

_HANDSHAKE_TIMEOUT_S: Final = 10.0
_FAREWELL_TIMEOUT_S: Final = 2.0
"""How long a client may take to close its side."""
_SHUTDOWN_TIMEOUT_S: Final = 5.0
_BACKLOG: Final = 512
_TICK_S: Final = 1.0

Answer = Callable[[bytes], bytes | Awaitable[bytes]]
"""From the body of a review to that of its answer, now or later; raises `InvalidInputError` for what is no such review."""


class Server:
    """Listens while entered: `async with Server(reviews, readiness, tls, host, port) as server`."""

    def __init__(
        self,
        reviews: Mapping[str, Answer],
        readiness: Readiness,
        tls: ssl.SSLContext,
        host: str,
        port: int,
        connections: Connections | None = None,
    ) -> None:
        """Listen at `host` and `port`; port 0 is any that is free. `reviews` are the paths that reviews are posted to; `connections`
        bounds how many clients there may be.
        """
        self.date: str = formatdate(usegmt=True)
        self._reviews = dict(reviews)
        self._readiness = readiness
        self._tls = tls
        self._host = host
        self._port = port
        self._listener: asyncio.Server | None = None
        self._connections = Connections() if connections is None else connections
        self._ticking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        try:
            self._listener = await loop.create_server(
                lambda: Connection(self),
                self._host,
                self._port,
                ssl=self._tls,
                ssl_handshake_timeout=_HANDSHAKE_TIMEOUT_S,
                ssl_shutdown_timeout=_FAREWELL_TIMEOUT_S,
                backlog=_BACKLOG,
            )
        except OSError as error:
            raise _cannot_listen(self._host, self._port, error) from error
        self._ticking = loop.create_task(self._tick())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listener is None or self._ticking is None:
            return
        self._listener.close()
        self._ticking.cancel()
        for connection in tuple(self._connections):
            connection.end()
        if self._connections:
            with suppress(TimeoutError):
                async with asyncio.timeout(_SHUTDOWN_TIMEOUT_S):
                    await self._connections.all_closed.wait()
        for connection in tuple(self._connections):
            connection.abort()

    @property
    def port(self) -> int:
        """The port that is listened at."""
        if self._listener is None:
            raise RuntimeError("Server is used outside `async with`")
        return int(self._listener.sockets[0].getsockname()[1])

    def opened(self, connection: Connection) -> None:
        """Keep a connection."""
        self._connections.add(connection)

    def closed(self, connection: Connection) -> None:
        """Forget a connection."""
        self._connections.discard(connection)

    def respond(self, request: Request) -> Response | Awaitable[Response]:
        """Return the response to a request: later only to a review that has to wait for something."""
        review = self._reviews.get(request.path)
        if review is None:
            return self._for_the_road(self._elsewhere(request))
        if request.method != "POST":
            return self._for_the_road(_not_allowed("POST"))
        try:
            answer = review(request.body)
        except InvalidInputError as error:
            return self._for_the_road(text(400, str(error)))
        return self._for_the_road(Response(200, answer, JSON)) if isinstance(answer, bytes) else self._later(answer)

    async def _later(self, answer: Awaitable[bytes]) -> Response:
        try:
            return self._for_the_road(Response(200, await answer, JSON))
        except InvalidInputError as error:
            return self._for_the_road(text(400, str(error)))

    def _for_the_road(self, response: Response) -> Response:
        """While draining, the last on its connection: the client's next one leads to another replica."""
        return replace(response, is_last=True) if self._readiness.is_draining else response

    def _elsewhere(self, request: Request) -> Response:
        probes = {"/healthz": _alive, "/readyz": self._ready}
        probe = probes.get(request.path)
        if probe is None:
            return text(404, f"nothing is served at this path; reviews go to {', '.join(self._reviews)}")
        return probe(request) if request.method in ("GET", "HEAD") else _not_allowed("GET, HEAD")

    def _ready(self, request: Request) -> Response:
        states = self._readiness.states()
        unmet = [name for name, is_met in states.items() if not is_met]
        status = 503 if unmet else 200
        if "verbose" in request.query:
            return text(status, "\n".join(f"[{'+' if is_met else '-'}]{name}" for name, is_met in states.items()))
        return text(status, f"not ready: {', '.join(unmet)}" if unmet else "ok")

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self.date = formatdate(usegmt=True)
            for connection in tuple(self._connections):
                connection.close_if_late(loop.time())
            await asyncio.sleep(_TICK_S)


def _alive(_request: Request) -> Response:
    return text(200, "ok")


def _not_allowed(methods: str) -> Response:
    return replace(text(405, f"this path takes {methods}"), allow=methods)


def _cannot_listen(host: str, port: int, error: OSError) -> HamiError:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return ConflictError(f"--listen {address}: another program listens there; end it, or choose another port")
    reason = error.strerror or str(error)
    return InvalidInputError(
        f"--listen {address}: {reason}; give an address of this machine, and a port that is allowed"
    )
