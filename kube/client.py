"""Raw calls to the API server: JSON in, JSON out, one connection pool. Errors carry the server's own words.

Source: kubernetes.io/docs/reference/using-api/api-concepts. Not here: retries (the caller knows what a repeat means) and types.
"""

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, NamedTuple, Self, TypeVar

import aiohttp
import msgspec

from catalog.errors import UnavailableError
from kube.config import ApiServerConfig

Object = dict[str, Any]
_Kind = TypeVar("_Kind")

MERGE_PATCH: Final = "application/merge-patch+json"
STRATEGIC_PATCH: Final = "application/strategic-merge-patch+json"
"""For lists whose entries are told apart by a name, of Kubernetes' own kinds."""
APPLY_PATCH: Final = "application/apply-patch+yaml"

_TIMEOUT_S: Final = 30.0
_CONNECTIONS: Final = 16
"""At once, the few of watches included. Calls take milliseconds, so more would gain nothing: a handshake costs more than to wait."""
_WATCH_S: Final = 300
_LINE_LIMIT: Final = 2**22


class ApiError(UnavailableError):
    """The API server answered with an error; `status` is the HTTP code (0 = it could not be reached)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    @property
    def not_found(self) -> bool:
        """Whether the object does not exist."""
        return self.status == 404

    @property
    def conflict(self) -> bool:
        """Whether the object exists already, or has changed since it was read."""
        return self.status == 409

    @property
    def expired(self) -> bool:
        """Whether the resource version asked for is too old: list again."""
        return self.status == 410


class Page(NamedTuple):
    """A part of a collection."""

    items: list[Object]
    """Each with a name and a version."""
    version: str
    """Of the collection, to watch from."""
    more: str
    """The token that the next part is asked for with (`continue`); empty: this was the last."""


class _Event(msgspec.Struct, frozen=True):
    type: str
    object: Object


class ApiServer:
    """An open connection pool; use as `async with ApiServer(config) as api`."""

    def __init__(self, config: ApiServerConfig) -> None:
        self._config = config
        self._session: aiohttp.ClientSession | None = None
        self._dated: tuple[str, float] | None = None
        """When the server last answered, in its own words, and by this host's even clock."""

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(ssl=self._config.tls, limit=_CONNECTIONS)
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        self._session = aiohttp.ClientSession(self._config.url, connector=connector, timeout=timeout)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    def now(self) -> datetime:
        """Return the time by the server's clock, as of its last answer; by this host's where it has not said.

        What replicas decide together by the time they decide by this one, so that none is ahead of the others.
        """
        with suppress(TypeError, ValueError):
            text, at_s = self._dated or ("", 0.0)
            return parsedate_to_datetime(text).astimezone(UTC) + timedelta(seconds=time.monotonic() - at_s)
        return datetime.now(UTC)

    async def get(self, path: str, **query: str) -> Object:
        """Return one object, or a list object."""
        return await self._call("GET", path, query)

    async def page(self, path: str, **query: str) -> Page:
        """Return a collection, or what `limit` and `continue` ask for of it. What is no object with a name and a version is left out."""
        answer = await self.get(path, **query)
        metadata = answer.get("metadata")
        if not isinstance(metadata, dict) or not isinstance(metadata.get("resourceVersion"), str):
            raise ApiError(0, f"GET {path}: the answer is no collection; does a proxy stand before the API server?")
        found = answer.get("items")
        items = [item for item in found if _is_object(item)] if isinstance(found, list) else []
        return Page(items, metadata["resourceVersion"], metadata.get("continue") or "")

    async def create(self, path: str, manifest: Mapping[str, Any], **query: str) -> Object:
        """Create an object in the collection `path` and return it as stored."""
        return await self._call("POST", path, query, manifest)

    async def replace(self, path: str, manifest: Mapping[str, Any], **query: str) -> Object:
        """Replace an object; its `metadata.resourceVersion` guards against writing over others' changes."""
        return await self._call("PUT", path, query, manifest)

    async def patch(self, path: str, patch: object, content_type: str = MERGE_PATCH, **query: str) -> Object:
        """Patch an object and return it as stored."""
        return await self._call("PATCH", path, query, patch, content_type)

    async def delete(self, path: str, options: Mapping[str, Any] | None = None, **query: str) -> None:
        """Delete an object; `options` is a `DeleteOptions` without its type (`{"preconditions": …}`)."""
        body = {"apiVersion": "v1", "kind": "DeleteOptions", **options} if options else None
        await self._call("DELETE", path, query, body)

    async def watch(self, path: str, resource_version: str, **query: str) -> AsyncIterator[tuple[str, Object]]:
        """Yield (type, object) of changes since `resource_version` until the server ends the watch, after minutes.

        Bookmarks, which have a version and no name, are passed on. Raises `ApiError`, with `expired` when the version is too old.
        """
        parameters = {
            **query,
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": resource_version,
            "timeoutSeconds": str(_WATCH_S),
        }
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_TIMEOUT_S, sock_read=_WATCH_S + _TIMEOUT_S)
        try:
            async with self._open.get(path, params=parameters, timeout=timeout, headers=self._headers()) as response:
                if response.status >= 400:
                    raise _error(response.status, "GET", path, await response.read())
                async for line in _lines(response.content):
                    event = _decoded(line, _Event, 0, f"GET {path}: a watch event")
                    if event.type == "ERROR":
                        raise ApiError(event.object.get("code", 500), event.object.get("message", "watch failed"))
                    if not _is_object(event.object, is_bookmark=event.type == "BOOKMARK"):
                        raise ApiError(
                            0, f"GET {path}: a watch event is of no object; does a proxy stand before the API server?"
                        )
                    yield event.type, event.object
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unreachable(self._config.url, error) from error

    @property
    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("ApiServer is used outside `async with`")
        return self._session

    def _headers(self) -> dict[str, str]:
        token = self._config.bearer_token()
        return {"Authorization": f"Bearer {token}"} if token else {}

    async def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: object = None,
        content_type: str = "application/json",
    ) -> Object:
        headers = self._headers() | {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = content_type
        data = msgspec.json.encode(body) if body is not None else None
        try:
            async with self._open.request(method, path, params=query, data=data, headers=headers) as response:
                content = await response.read()
                self._dated = (response.headers.get("Date", ""), time.monotonic())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _unreachable(self._config.url, error) from error
        if response.status >= 400:
            raise _error(response.status, method, path, content)
        return _decoded(content, Object, response.status, f"{method} {path}: the answer")


async def _lines(stream: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """Yield the lines of a stream. aiohttp's own iteration refuses lines beyond its buffer, which slices pass easily."""
    rest = b""
    async for chunk in stream.iter_any():
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > _LINE_LIMIT:
            raise ApiError(0, f"the API server sent a watch event beyond {_LINE_LIMIT} bytes")
        for line in lines:
            if line:
                yield line


def _is_object(item: object, *, is_bookmark: bool = False) -> bool:
    """Return whether an object tells the least that its reader goes by."""
    metadata = item.get("metadata") if isinstance(item, dict) else None
    if not isinstance(metadata, dict):
        return False
    named = isinstance(metadata.get("name"), str) and isinstance(metadata.get("namespace", ""), str)
    return isinstance(metadata.get("resourceVersion"), str) and (is_bookmark or named)


def _decoded(content: bytes, kind: type[_Kind], status: int, what: str) -> _Kind:
    """Return what `content` says. Raises `ApiError` for what no API server sends, and for half characters, which objects may hold."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise ApiError(status, f"{what} cannot be read ({error}); does a proxy stand before the API server?") from error


def _error(status: int, method: str, path: str, content: bytes) -> ApiError:
    try:
        message = json.loads(content).get("message") or content.decode(errors="replace")
    except (ValueError, AttributeError):
        message = content.decode(errors="replace")
    return ApiError(status, f"{method} {path}: HTTP {status}: {message[:1000]}")


def _unreachable(url: str, error: Exception) -> ApiError:
    return ApiError(
        0, f"API server {url}: {error or type(error).__name__}; is it running, and does this host reach it?"
    )
