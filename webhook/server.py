"""The webhook's HTTPS server: reviews at the paths that it is given, and `GET /healthz`, `/readyz` for probes.

HTTP/1.1, which is what the API server speaks to webhooks. Not here: what is answered (webhook.admission), and when it is ready.
"""

import asyncio
import errno
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Final, Self

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpProcessingError, RawRequestMessage

from catalog.errors import ConflictError, HamiError, InvalidInputError
from webhook.faults import place_of
from webhook.readiness import Readiness

BODY_LIMIT_BYTES: Final = 4 * 2**20
"""A review holds the object, which etcd bounds at 1.5 MiB, in JSON; aiohttp's default of 1 MiB is too little."""
BODY_TIMEOUT_S: Final = 10.0
"""More than the API server waits for an answer (webhook.registration)."""
IDLE_TIMEOUT_S: Final = 120.0
"""How long a connection may take to ask, first or again. More than the 90 s after which Kubernetes' client closes an idle one itself: were
ours the shorter, a question could meet a closing connection, and the client does not repeat a POST."""
_HANDSHAKE_TIMEOUT_S: Final = 10.0
_SHUTDOWN_TIMEOUT_S: Final = 5.0
_BACKLOG: Final = 512

Answer = Callable[[bytes], Awaitable[bytes]]
"""From the body of a review to that of its answer; raises `InvalidInputError` for what is no such review."""


class _WithoutContents(logging.Filter):
    """Keeps what clients sent out of the log: no line for what is no HTTP, and of a fault the place alone."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line is written."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError | web.HTTPException):
            return False
        if error is not None:
            record.msg, record.args = "fault in the server: %s", (place_of(error),)
            record.exc_info = None
        return True


_http_log: Final = logging.getLogger("webhook.http")
_http_log.addFilter(_WithoutContents())


class Server:
    """Listens while entered: `async with Server(reviews, readiness, tls, host, port) as server`."""

    def __init__(
        self, reviews: Mapping[str, Answer], readiness: Readiness, tls: ssl.SSLContext, host: str, port: int
    ) -> None:
        """Listen at `host` and `port`; port 0 is any that is free. `reviews` are the paths that reviews are posted to."""
        self._reviews = dict(reviews)
        self._probes = {"/healthz": _alive, "/readyz": self._ready}
        self._readiness = readiness
        self._tls = tls
        self._host = host
        self._port = port
        self._listener: asyncio.Server | None = None
        self._connections: web.Server | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._connections = web.Server(
            self._answer,
            request_factory=_request,
            keepalive_timeout=IDLE_TIMEOUT_S,
            lingering_time=0,
            auto_decompress=False,
            access_log=None,
            logger=_http_log,
        )
        try:
            self._listener = await loop.create_server(
                self._connections,
                self._host,
                self._port,
                ssl=self._tls,
                ssl_handshake_timeout=_HANDSHAKE_TIMEOUT_S,
                backlog=_BACKLOG,
            )
        except OSError as error:
            raise _cannot_listen(self._host, self._port, error) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listener is not None:
            self._listener.close()
        if self._connections is not None:
            self._connections.pre_shutdown()
            await self._connections.shutdown(_SHUTDOWN_TIMEOUT_S)

    @property
    def port(self) -> int:
        """The port that is listened at."""
        if self._listener is None:
            raise RuntimeError("Server is used outside `async with`")
        return int(self._listener.sockets[0].getsockname()[1])

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        response = await self._response(request)
        if self._readiness.is_draining:
            response.force_close()  # the client's next connection leads to another replica
        return response

    async def _response(self, request: web.BaseRequest) -> web.Response:
        path = request.path
        review = self._reviews.get(path)
        if review is not None:
            return await _reviewed(request, review) if request.method == "POST" else _not_allowed("POST")
        probe = self._probes.get(path)
        if probe is None:
            return _text(404, f"nothing is served at this path; reviews go to {', '.join(self._reviews)}")
        return probe(request) if request.method in ("GET", "HEAD") else _not_allowed("GET, HEAD")

    def _ready(self, request: web.BaseRequest) -> web.Response:
        unmet = self._readiness.unmet()
        status = 503 if unmet else 200
        if "verbose" in request.query:
            lines = [f"[{'+' if is_met else '-'}]{name}" for name, is_met in self._readiness.states().items()]
            return _text(status, "\n".join(lines))
        return _text(status, f"not ready: {', '.join(unmet)}" if unmet else "ok")


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    connection: web.RequestHandler,
    writer: AbstractStreamWriter,
    task: "asyncio.Task[None]",
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, connection, writer, task, loop, client_max_size=BODY_LIMIT_BYTES)


async def _reviewed(request: web.BaseRequest, review: Answer) -> web.Response:
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            body = await request.read()
    except TimeoutError:
        response = _text(408, f"the review did not arrive in {BODY_TIMEOUT_S:.0f} s")
        response.force_close()
        return response
    try:
        return web.Response(body=await review(body), content_type="application/json")
    except InvalidInputError as error:
        return _text(400, str(error))


def _alive(_request: web.BaseRequest) -> web.Response:
    return _text(200, "ok")


def _not_allowed(methods: str) -> web.Response:
    response = _text(405, f"this path takes {methods}")
    response.headers["Allow"] = methods
    return response


def _text(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=f"{text}\n")


def _cannot_listen(host: str, port: int, error: OSError) -> HamiError:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return ConflictError(f"--listen {address}: another program listens there; end it, or choose another port")
    reason = error.strerror or str(error)
    return InvalidInputError(
        f"--listen {address}: {reason}; give an address of this machine, and a port that is allowed"
    )
