"""An API server of any collections over TLS, just true enough for what follows and changes them: lists in pages, watches, merge patches,
preconditions, selectors, field managers. It can fail on demand.

Not here: validation, admission, and what any controller would do.
"""

import asyncio
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from hack.local_cluster.pki import Authority
from tests.component.fake_api import merged
from tests.component.served_api import Object, ServedApi, status

Place = tuple[str, str]
"""Collection without the namespace (`/api/v1/pods`), and namespace."""

_PATH = re.compile(r"(/api/v1|/apis/[^/]+/[^/]+)(?:/namespaces/([^/]+))?/([a-z]+)(?:/([^/]+))?")


@dataclass
class _Watch:
    place: Place
    query: Mapping[str, str]
    events: asyncio.Queue[Object]


class FakeCollections(ServedApi):
    """Use as `async with FakeCollections(authority, folder) as api`; `api.kubeconfig` leads to it."""

    def __init__(self, authority: Authority, folder: Path) -> None:
        self.calls: list[tuple[str, str]] = []
        """Method and path of every call but watches."""
        self.failures: list[int] = []
        """HTTP codes with which the next calls are answered, watches included."""
        self.strangers: list[object] = []
        """What each list has before its objects, and is none."""
        self._objects: dict[tuple[str, str, str], Object] = {}
        self._version = 100
        self._watches: list[_Watch] = []
        self._history: list[tuple[int, Place, Object]] = []
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        super().__init__(app, authority, folder)

    def put(self, collection: str, item: Object, manager: str = "somebody") -> Object:
        """Create or replace an object, as its owner would."""
        item = deepcopy(item)
        metadata = item.setdefault("metadata", {})
        key = (collection, metadata.get("namespace", ""), metadata["name"])
        metadata.setdefault("uid", str(uuid.uuid4()))
        metadata.setdefault("managedFields", [{"manager": manager}])
        event = "MODIFIED" if key in self._objects else "ADDED"
        return self._store(key, item, event)

    def remove(self, collection: str, namespace: str, name: str) -> None:
        """Delete an object."""
        key = (collection, namespace, name)
        self._store(key, self._objects[key], "DELETED")

    def get(self, collection: str, namespace: str, name: str) -> Object | None:
        """Return an object, or None."""
        return self._objects.get((collection, namespace, name))

    def names(self, collection: str, namespace: str = "") -> list[str]:
        """Return the names in a collection, of one namespace."""
        return sorted(name for place, where, name in self._objects if (place, where) == (collection, namespace))

    def end_watches(self) -> int:
        """End all watches, as servers do after some minutes; returns how many there were."""
        ended, self._watches = self._watches, []
        for watch in ended:
            watch.events.put_nowait({})
        return len(ended)

    def expire_watches(self) -> int:
        """Tell all watches that their version is too old; returns how many there were."""
        gone = {"type": "ERROR", "object": {"code": 410, "message": "too old resource version"}}
        for watch in self._watches:
            watch.events.put_nowait(gone)
        return len(self._watches)

    def tell(self, kind: str, item: object) -> int:
        """Tell all watches whatever event; returns how many there were."""
        for watch in self._watches:
            watch.events.put_nowait({"type": kind, "object": item})
        return len(self._watches)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        is_watch = request.query.get("watch") == "true"
        if not is_watch:
            self.calls.append((request.method, request.path))
        if self.failures:
            return status(self.failures.pop(0), "the server has a bad day")
        match = _PATH.fullmatch(request.path)
        assert match, request.path
        base, namespace, plural, name = match.groups()
        place = (f"{base}/{plural}", namespace or "")
        if is_watch:
            return await self._watch(request, place)
        if request.method == "POST":
            return self._create(place, await request.json(), request.query)
        if name is None:
            return self._list(place, request.query)
        body = json.loads(await request.read() or b"{}")
        return self._one(request.method, (*place, name), body, request.query)

    def _one(self, method: str, key: tuple[str, str, str], body: Object, query: Mapping[str, str]) -> web.Response:
        item = self._objects.get(key)
        if item is None:
            return status(404, f"{key[0]} {key[2]} not found")
        wanted = body.get("preconditions") or {} if method == "DELETE" else body.get("metadata") or {}
        for field in ("uid", "resourceVersion"):
            if field in wanted and wanted[field] != item["metadata"][field]:
                return status(409, "the object has been modified")
        if method == "PATCH":
            item = self._store(key, _managed(merged(item, body), query), "MODIFIED")
        elif method == "DELETE":
            self._store(key, item, "DELETED")
        return web.json_response(item)

    def _create(self, place: Place, item: Object, query: Mapping[str, str]) -> web.Response:
        metadata = item["metadata"]
        metadata |= {"uid": str(uuid.uuid4())} | ({"namespace": place[1]} if place[1] else {})
        key = (*place, metadata["name"])
        if key in self._objects:
            return status(409, f'{place[0]} "{key[2]}" already exists')
        return web.json_response(self._store(key, _managed(item, query), "ADDED"), status=201)

    def _list(self, place: Place, query: Mapping[str, str]) -> web.Response:
        found = [item for key, item in sorted(self._objects.items()) if _is_in(place, key) and _selected(item, query)]
        start, limit = int(query.get("continue", "0")), int(query.get("limit", "0")) or len(found)
        metadata = {"resourceVersion": str(self._version)}
        if start + limit < len(found):
            metadata["continue"] = str(start + limit)
        return web.json_response({"items": self.strangers + found[start : start + limit], "metadata": metadata})

    async def _watch(self, request: web.Request, place: Place) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        watch = _Watch(place, request.query, asyncio.Queue())
        for version, where, event in self._history:
            if version > int(request.query["resourceVersion"]) and _is_in(place, (*where, "")):
                watch.events.put_nowait(event)
        self._watches.append(watch)
        with suppress(ConnectionError):
            while event := await watch.events.get():
                if (
                    event["type"] == "ERROR"
                    or not watch.query.keys() & {"labelSelector", "fieldSelector"}
                    or _selected(event["object"], watch.query)
                ):
                    await response.write(json.dumps(event).encode() + b"\n")
        return response

    def _store(self, key: tuple[str, str, str], item: Object, event: str) -> Object:
        self._version += 1
        item = deepcopy(item)
        item["metadata"]["resourceVersion"] = str(self._version)
        if event == "DELETED":
            del self._objects[key]
        else:
            self._objects[key] = item
        change = {"type": event, "object": deepcopy(item)}
        self._history.append((self._version, key[:2], change))
        for watch in self._watches:
            if _is_in(watch.place, key):
                watch.events.put_nowait(change)
        return item


def _is_in(place: Place, key: tuple[str, str, str]) -> bool:
    return place[0] == key[0] and place[1] in ("", key[1])


def _selected(item: Object, query: Mapping[str, str]) -> bool:
    labels = item["metadata"].get("labels") or {}
    return all(labels.get(name) == value for name, value in _terms(query.get("labelSelector", ""))) and all(
        _field(item, name) == value for name, value in _terms(query.get("fieldSelector", ""))
    )


def _terms(selector: str) -> Iterator[tuple[str, str]]:
    for term in selector.split(",") if selector else ():
        name, _, value = term.partition("=")
        yield name, value


def _field(item: Object, path: str) -> object:
    found: Any = item
    for step in path.split("."):
        found = found.get(step, {})
    return found


def _managed(item: Object, query: Mapping[str, str]) -> Object:
    """Note who wrote, as the server does."""
    fields = item["metadata"].setdefault("managedFields", [])
    manager = query.get("fieldManager", "unknown")
    if all(entry["manager"] != manager for entry in fields):
        fields.append({"manager": manager})
    return item
