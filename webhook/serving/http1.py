"""HTTP/1.1 as the API server and probes speak it, bytes to requests and answers to bytes. Source: RFC 9110, RFC 9112.

A strict part of it: bodies come with their length, and what could be read in two ways is refused. Pure. Not here: sockets, and answers'
meaning (webhook.serving.server).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Final

import msgspec

HEAD_LIMIT_BYTES: Final = 16 * 2**10
"""Of a request's line and headers together; the API server's take a few hundred bytes."""

_HEAD: Final = re.compile(
    rb"([A-Z]{1,16}) (/[!-~]{0,4095}) HTTP/1\.([01])((?:\r\n[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t -~\x80-\xff]*)*)"
)
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*([^\r]*?)[ \t]*(?=\r|\Z)")
_ENCODED: Final = re.compile(rb"\r\n(?:transfer-encoding|upgrade):")
_CLOSING: Final = re.compile(rb"\r\nconnection:[^\r]*\bclose\b")
_DIGITS: Final = re.compile(rb"[0-9]{1,15}")


class BadRequestError(Exception):
    """What is no request that could be answered; the connection ends with `status` and the words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Request(msgspec.Struct, frozen=True):
    """One request, whole. `is_last` says that the client wants no further one on this connection."""

    method: str
    path: str
    query: str
    body: bytes
    is_last: bool


@dataclass(frozen=True, slots=True)
class _Head:
    method: str
    path: str
    query: str
    body_bytes: int
    is_last: bool


class RequestReader:
    """The requests in a stream of bytes, however it is cut."""

    def __init__(self, body_limit_bytes: int) -> None:
        self._body_limit_bytes = body_limit_bytes
        self._buffer = bytearray()
        self._head: _Head | None = None

    def feed(self, data: bytes) -> None:
        """Take what came."""
        self._buffer += data

    @property
    def has_begun(self) -> bool:
        """Whether a part of a request is here."""
        return bool(self._head or self._buffer)

    @property
    def waiting_bytes(self) -> int:
        """Bytes that no request was made of yet."""
        return len(self._buffer)

    def next(self) -> Request | None:
        """Return the next request that is whole, or None. Raises `BadRequestError`; the stream is of no use after that."""
        head = self._head = self._head or self._next_head()
        if head is None or len(self._buffer) < head.body_bytes:
            return None
        body = bytes(memoryview(self._buffer)[: head.body_bytes])
        del self._buffer[: head.body_bytes]
        self._head = None
        return Request(head.method, head.path, head.query, body, head.is_last)

    def _next_head(self) -> _Head | None:
        end = self._buffer.find(b"\r\n\r\n", 0, HEAD_LIMIT_BYTES)
        if end < 0:
            self._refuse_what_cannot_become_one()
            return None
        head = _parsed(bytes(memoryview(self._buffer)[:end]))
        if head.body_bytes > self._body_limit_bytes:
            raise BadRequestError(
                413, f"the body has {head.body_bytes} bytes; at most {self._body_limit_bytes} are taken"
            )
        del self._buffer[: end + 4]
        return head

    def _refuse_what_cannot_become_one(self) -> None:
        if len(self._buffer) >= HEAD_LIMIT_BYTES:
            raise BadRequestError(431, f"the headers have more than {HEAD_LIMIT_BYTES} bytes")
        if self._buffer and not 0x41 <= self._buffer[0] <= 0x5A:  # A to Z
            raise _no_request()


@lru_cache(maxsize=64)
def _parsed(head: bytes) -> _Head:
    """Remembered: what a client sends before its bodies seldom changes."""
    found = _HEAD.fullmatch(head)
    if found is None:
        raise _no_request()
    method, target, minor, headers = found.groups()
    headers = headers.lower()
    if _ENCODED.search(headers):
        raise BadRequestError(411, "Transfer-Encoding and Upgrade are not taken; send the body with its Content-Length")
    path, _, query = target.decode("ascii").partition("?")
    is_last = minor == b"0" or _CLOSING.search(headers) is not None
    return _Head(method.decode("ascii"), path, query, _length(headers), is_last)


def _length(headers: bytes) -> int:
    lengths = _LENGTH.findall(headers)
    if not lengths:
        return 0
    if len(lengths) > 1 or not _DIGITS.fullmatch(lengths[0]):
        raise BadRequestError(400, "Content-Length is not one number")
    return int(lengths[0])


def _no_request() -> BadRequestError:
    return BadRequestError(400, "this is no HTTP/1.1 request")


JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"


class Response(msgspec.Struct, frozen=True):
    """An answer."""

    status: int
    body: bytes
    content_type: str = TEXT
    allow: str = ""
    """Methods that the path takes, where the request's is none of them."""
    is_last: bool = False
    """Whether the connection ends after it."""

    def encoded(self, date: str, *, with_body: bool = True) -> bytes:
        """Return the bytes; `date` is the time in the form of HTTP. Without its body it answers HEAD."""
        head = (
            f"HTTP/1.1 {self.status} {_PHRASES[self.status]}\r\nDate: {date}\r\nContent-Type: {self.content_type}\r\n"
            f"Content-Length: {len(self.body)}\r\n"
        )
        if self.allow:
            head += f"Allow: {self.allow}\r\n"
        if self.is_last:
            head += "Connection: close\r\n"
        return head.encode("ascii") + (b"\r\n" + self.body if with_body else b"\r\n")


_PHRASES: Final[Mapping[int, str]] = {status.value: status.phrase for status in HTTPStatus}


def text(status: int, words: str, *, is_last: bool = False) -> Response:
    """Return a line of text for people."""
    return Response(status, f"{words}\n".encode(), is_last=is_last)
