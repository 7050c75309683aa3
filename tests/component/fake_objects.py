"""An API server of any objects over TLS, just true enough to keep certificates: versions, conflicts, watches of one name, merge patches
and strategic ones of webhooks. It can fail on demand.

Not here: validation, and kinds: a collection is a path.
"""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from hack.local_cluster.pki import Authority
from tests.component.fake_api import merged
from tests.component.served_api import Object, ServedApi, status

_COLLECTIONS = ("configurations", "resourcequotas", "resourceclaims", "resourceclaimtemplates", "pods")
"""What paths of collections end in that are listed as a whole."""


class FakeObjects(ServedApi):
    """Use as `async with FakeObjects(authority, folder) as api`; `api.kubeconfig` leads to it."""

    def __init__(self, authority: Authority, folder: Path) -> None:
        self.objects: dict[str, Object] = {}
        """By their paths."""
        self.writes: list[tuple[str, str]] = []
        """Method and path of every write that was taken."""
        self.kubernetes: Object = {"major": "1", "minor": "37"}
        """What `GET /version` answers, on bad days too."""
        self.failures: list[int] = []
        """HTTP codes with which the next calls that are no watches are answered."""
        self._version = 100
        self._watches: list[tuple[str, asyncio.Queue[Object]]] = []
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        super().__init__(app, authority, folder)

    def put(self, path: str, item: Object) -> None:
        """Store an object as somebody else would."""
        self._version += 1
        item["metadata"] |= {"name": path.rpartition("/")[2], "resourceVersion": str(self._version)}
        self.objects[path] = item
        for watched, events in self._watches:
            if watched == path:
                events.put_nowait({"type": "MODIFIED", "object": item})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("watch") == "true":
            return await self._watch(request)
        if request.path == "/version":
            return web.json_response(self.kubernetes)
        if self.failures:
            return status(self.failures.pop(0), "the server has a bad day")
        if request.method == "GET":
            return self._get(request)
        return await (self._create(request) if request.method == "POST" else self._patch(request))

    def _get(self, request: web.Request) -> web.Response:
        if "fieldSelector" in request.query:
            path = _selected(request)
            items = [self.objects[path]] if path in self.objects else []
            return web.json_response({"items": items, "metadata": {"resourceVersion": str(self._version)}})
        if request.path.endswith(_COLLECTIONS):
            items = [item for path, item in self.objects.items() if path.rpartition("/")[0] == request.path]
            return web.json_response({"items": items, "metadata": {"resourceVersion": str(self._version)}})
        item = self.objects.get(request.path)
        return web.json_response(item) if item else status(404, f"{request.path} not found")

    async def _create(self, request: web.Request) -> web.Response:
        item: Object = await request.json()
        path = f"{request.path}/{item['metadata']['name']}"
        if path in self.objects:
            return status(409, f"{path} already exists")
        self.put(path, item)
        self.writes.append(("POST", path))
        return web.json_response(item, status=201)

    async def _patch(self, request: web.Request) -> web.Response:
        item, patch = self.objects.get(request.path), await request.json()
        if item is None:
            return status(404, f"{request.path} not found")
        if patch["metadata"].pop("resourceVersion") != item["metadata"]["resourceVersion"]:
            return status(409, "the object has been modified")
        if request.content_type == "application/strategic-merge-patch+json":
            changes = {webhook["name"]: webhook for webhook in patch["webhooks"]}
            webhooks = [merged(webhook, changes.get(webhook["name"], {})) for webhook in item["webhooks"]]
            patch["webhooks"] = webhooks
        self.put(request.path, merged(item, patch))
        self.writes.append(("PATCH", request.path))
        return web.json_response(self.objects[request.path])

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        events: asyncio.Queue[Object] = asyncio.Queue()
        self._watches.append((_selected(request), events))
        with suppress(ConnectionError):
            while True:
                await response.write(json.dumps(await events.get()).encode() + b"\n")
        return response


def _selected(request: web.Request) -> str:
    """The path of the one object that is watched; of a whole collection nothing is ever told."""
    return f"{request.path}/{request.query.get('fieldSelector', '').removeprefix('metadata.name=')}"
