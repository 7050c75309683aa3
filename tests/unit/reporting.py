"""An API server that keeps calls instead of making them, and an outbox that delivers at once, for tests of what is reported."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dra_driver.outbox import Outbox
from kube.client import MERGE_PATCH, ApiError, ApiServer
from tests.unit.driver_objects import Object


@dataclass
class RecordedApi(ApiServer):
    """Answers GET from `objects` by path; a path in `missing` is not found."""

    objects: dict[str, Object] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    queries: list[Mapping[str, str]] = field(default_factory=list)

    async def get(self, path: str, **query: str) -> Object:
        return self._answer("GET", path, None, query)

    async def create(self, path: str, manifest: Mapping[str, Any], **query: str) -> Object:
        return self._answer("POST", path, manifest, query)

    async def patch(self, path: str, patch: object, content_type: str = MERGE_PATCH, **query: str) -> Object:
        return self._answer("PATCH", path, patch, query | {"type": content_type})

    def bodies(self, method: str) -> list[Any]:
        return [body for called, _, body in self.calls if called == method]

    def _answer(self, method: str, path: str, body: object, query: Mapping[str, str]) -> Object:
        self.calls.append((method, path, body))
        self.queries.append(query)
        if path in self.missing or (method == "GET" and path not in self.objects):
            raise ApiError(404, "not found")
        return self.objects.get(path, {})


class Letters(Outbox):
    """Keeps deliveries by key until `deliver` is called."""

    def __init__(self) -> None:
        self.waiting: dict[str, Callable[[], Awaitable[None]]] = {}

    def put(self, key: str, delivery: Callable[[], Awaitable[None]]) -> None:
        self.waiting[key] = delivery

    def discard(self, key: str) -> None:
        self.waiting.pop(key, None)

    async def deliver(self) -> None:
        while self.waiting:
            await self.waiting.pop(next(iter(self.waiting)))()
