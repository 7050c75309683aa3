"""One connection of a client: its requests are answered one after the other, and it is closed if it keeps us waiting.

Not here: HTTP's form (webhook.serving.http1), and what is answered (webhook.serving.server).
"""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Final, Protocol, cast

from msgspec.structs import replace

from webhook.faults import place_of
from webhook.serving.http1 import HEAD_LIMIT_BYTES, BadRequestError, Request, RequestReader, Response, text

BODY_LIMIT_BYTES: Final = 4 * 2**20
"""A review holds the object, which etcd bounds at 1.5 MiB, in JSON, and twice where it is changed."""
REQUEST_TIMEOUT_S: Final = 10.0
"""From a request's first byte to its last: more than the API server waits for an answer (webhook.registration)."""
IDLE_TIMEOUT_S: Final = 120.0
"""Between two requests. More than the 90 s after which Kubernetes' client closes an idle connection itself: were ours the shorter, a
question could meet a closing connection, and the client does not repeat a POST."""

_log: Final = logging.getLogger(__name__)


class Owner(Protocol):
    """Who keeps the connections."""

    date: str
    """The time in HTTP's form, to the second."""

    def opened(self, connection: "Connection") -> None:
        """The connection is there."""

    def closed(self, connection: "Connection") -> None:
        """It is no more."""

    def respond(self, request: Request) -> Response | Awaitable[Response]:
        """Return the response, now or later."""


class Connection(asyncio.Protocol):
    """A connection, from its handshake to its end."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._reader = RequestReader(BODY_LIMIT_BYTES)
        self._transport: asyncio.Transport | None = None
        self._under_way: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._deadline_s = 0.0
        self._may_write = True
        self._is_paused = False
        self._is_ending = False

    @property
    def is_busy(self) -> bool:
        """Whether a request is being answered."""
        return self._under_way is not None

    @property
    def idle_until_s(self) -> float | None:
        """When the connection is closed unless a request begins, by the loop's clock; None while there is one."""
        return None if self.is_busy or self._reader.has_begun or not self._may_write else self._deadline_s

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self._transport = cast("asyncio.Transport", transport)
        self._deadline_s = self._loop.time() + REQUEST_TIMEOUT_S
        self._owner.opened(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the connection; what is being answered is finished for nobody."""
        self._transport = None
        self._is_ending = True
        self._owner.closed(self)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request."""
        if self._is_ending:
            return
        if not self._reader.has_begun:
            self._deadline_s = self._loop.time() + REQUEST_TIMEOUT_S
        self._reader.feed(data)
        self._advance()

    def pause_writing(self) -> None:
        """The client does not read its answers: it gets no more of them."""
        self._may_write = False
        self._deadline_s = self._loop.time() + REQUEST_TIMEOUT_S

    def resume_writing(self) -> None:
        """It does again."""
        self._may_write = True
        self._advance()

    def close_if_late(self, now_s: float) -> None:
        """Close the connection if the client has not sent, or not taken, in time what it had to."""
        if self.is_busy or now_s < self._deadline_s or self._is_ending:
            return
        if self._reader.has_begun and self._may_write:
            self._send(text(408, f"the request did not arrive in {REQUEST_TIMEOUT_S:.0f} s", is_last=True))
        elif not self._may_write:
            self.abort()
        else:
            self._end()

    def end(self) -> None:
        """Close the connection as soon as nothing is being answered."""
        self._is_ending = True
        if not self.is_busy:
            self._end()

    def abort(self) -> None:
        """Close the connection now."""
        self._is_ending = True
        if self._under_way is not None:
            self._under_way.cancel()
        if self._transport is not None:
            self._transport.abort()

    def _advance(self) -> None:
        """Answer what is whole, one request after the other, until one takes time."""
        while self._under_way is None and self._may_write and not self._is_ending:
            try:
                request = self._reader.next()
            except BadRequestError as error:
                self._send(text(error.status, str(error), is_last=True))
                return
            if request is None:
                break
            self._answer(request)
        self._set_reading()

    def _answer(self, request: Request) -> None:
        try:
            response = self._owner.respond(request)
        except Exception as error:  # noqa: BLE001  a fault of ours must not leave the client without an answer
            response = _fault(error)
        if isinstance(response, Response):
            self._send_for(request, response)
        else:
            self._under_way = self._loop.create_task(self._answer_later(request, response))

    async def _answer_later(self, request: Request, coming: Awaitable[Response]) -> None:
        try:
            response = await coming
        except Exception as error:  # noqa: BLE001  as above
            response = _fault(error)
        self._under_way = None
        self._send_for(request, response)
        self._advance()

    def _send_for(self, request: Request, response: Response) -> None:
        if (request.is_last or self._is_ending) and not response.is_last:
            response = replace(response, is_last=True)
        self._send(response, with_body=request.method != "HEAD")

    def _send(self, response: Response, *, with_body: bool = True) -> None:
        if self._transport is None:
            return
        self._deadline_s = self._loop.time() + IDLE_TIMEOUT_S
        self._transport.write(response.encoded(self._owner.date, with_body=with_body))
        if response.is_last:
            self._end()

    def _end(self) -> None:
        self._is_ending = True
        if self._transport is not None:
            self._transport.close()

    def _set_reading(self) -> None:
        """Read no further than one request ahead of what is being answered."""
        if self._transport is None or self._transport.is_closing():
            return
        is_full = self._reader.waiting_bytes > HEAD_LIMIT_BYTES + BODY_LIMIT_BYTES
        if is_full and not self._is_paused:
            self._transport.pause_reading()
        elif self._is_paused and not is_full:
            self._transport.resume_reading()
        self._is_paused = is_full


def _fault(error: Exception) -> Response:
    _log.error("fault in the server: %s", place_of(error))
    return text(500, "internal error; the webhook's log says where", is_last=True)
