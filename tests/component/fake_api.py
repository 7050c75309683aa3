"""An API server of nodes, ResourceSlices, ResourceClaims and events over TLS, just true enough for the driver: versions, watches,
merge patches, preconditions, field selectors. It can fail on demand and drop fields as servers without a feature do.

Not here: validation, and what a scheduler or kubelet would do.
"""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from hack.local_cluster.pki import Authority
from tests.component.served_api import Object, ServedApi, status

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SLICES = "/apis/resource.k8s.io/v1/resourceslices"
CLAIM = "/apis/resource.k8s.io/v1/namespaces/{namespace}/resourceclaims/{name}"
EVENTS = "/api/v1/namespaces/{namespace}/events"


class FakeApi(ServedApi):
    """Use as `async with FakeApi(folder) as api`; `api.kubeconfig` leads to it."""

    def __init__(self, folder: Path) -> None:
        self.slices: dict[str, Object] = {}
        self.claims: dict[tuple[str, str], Object] = {}
        self.events: dict[str, Object] = {}
        self.evicted: list[str] = []
        """Names of pods."""
        self.report_failures: list[int] = []
        """HTTP codes with which the next reports (status of claims, events) are answered."""
        self.calls: list[tuple[str, str]] = []
        """Method and path of every call but watches."""
        self.failures: list[int] = []
        """HTTP codes with which the next calls for claims are answered."""
        self.refusals: list[int] = []
        """HTTP codes with which the next writes of slices are answered."""
        self.nodes = {"node-a"}
        self.node_watches: list[asyncio.Queue[Object]] = []
        self._cordon = ""
        self.allocatable: dict[str, str] = {}
        """Of every node."""
        self.dropped_fields: tuple[str, ...] = ()
        """Fields of a slice's spec, or of its devices, that this server does not know."""
        self._version = 100
        self._history: list[tuple[int, Object]] = []
        self._watches: list[asyncio.Queue[Object]] = []
        super().__init__(self._app(), Authority.create(folder / "ca"), folder)

    def writes(self) -> list[tuple[str, str]]:
        """Return the calls that changed something."""
        return [call for call in self.calls if call[0] != "GET"]

    def wipe_slices(self) -> None:
        """Delete all slices, as the kubelet does when it starts."""
        for name in list(self.slices):
            self._publish("DELETED", self.slices.pop(name))

    @property
    def open_watches(self) -> int:
        """Of slices and of the node, together."""
        return len(self._watches) + len(self.node_watches)

    def end_watches(self) -> int:
        """End the watches of slices, as servers do after some minutes; returns how many there were."""
        ended, self._watches = self._watches, []
        for events in ended:
            events.put_nowait({})
        return len(ended)

    def speak_nonsense(self) -> None:
        """Send every watch something that is no event."""
        for events in (*self._watches, *self.node_watches):
            events.put_nowait({"nonsense": True})

    def cordon(self, annotation: str) -> None:
        """Set the annotation of every node that cordons cards."""
        self._cordon = annotation
        self._version += 1
        for events in self.node_watches:
            events.put_nowait({"type": "MODIFIED", "object": self._node("node-a")})

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._record])
        app.router.add_get("/api/v1/nodes", self._watch_nodes)
        app.router.add_get("/api/v1/nodes/{name}", self._get_node)
        app.router.add_get(SLICES, self._list_slices)
        app.router.add_post(SLICES, self._create_slice)
        app.router.add_patch(f"{SLICES}/{{name}}", self._patch_slice)
        app.router.add_delete(f"{SLICES}/{{name}}", self._delete_slice)
        app.router.add_get(CLAIM, self._get_claim)
        app.router.add_patch(f"{CLAIM}/status", self._apply_status)
        app.router.add_post(EVENTS, self._create_event)
        app.router.add_patch(f"{EVENTS}/{{name}}", self._patch_event)
        app.router.add_post("/api/v1/namespaces/{namespace}/pods/{name}/eviction", self._evict)
        return app

    @web.middleware
    async def _record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if "watch" not in request.query:
            self.calls.append((request.method, request.path))
        return await handler(request)

    async def _get_node(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return web.json_response(self._node(name)) if name in self.nodes else status(404, "no node")

    def _node(self, name: str) -> Object:
        annotations = {"hami.io/device-cordon": self._cordon} if self._cordon else {}
        metadata = {"name": name, "uid": "node-uid", "resourceVersion": str(self._version), "annotations": annotations}
        return {"metadata": metadata, "status": {"allocatable": self.allocatable}}

    async def _watch_nodes(self, request: web.Request) -> web.StreamResponse:
        """Stream the one node's changes from now on, which is from the version asked for."""
        assert request.query["fieldSelector"] == "metadata.name=node-a"
        response = web.StreamResponse()
        await response.prepare(request)
        events: asyncio.Queue[Object] = asyncio.Queue()
        self.node_watches.append(events)
        with suppress(ConnectionError):
            while True:
                await response.write(json.dumps(await events.get()).encode() + b"\n")
        return response

    async def _get_claim(self, request: web.Request) -> web.Response:
        if self.failures:
            return status(self.failures.pop(0), "the server has a bad day")
        claim = self.claims.get((request.match_info["namespace"], request.match_info["name"]))
        return web.json_response(claim) if claim else status(404, "resourceclaim not found")

    async def _apply_status(self, request: web.Request) -> web.Response:
        if self.report_failures:
            return status(self.report_failures.pop(0), "not now")
        claim = self.claims.get((request.match_info["namespace"], request.match_info["name"]))
        if claim is None:
            return status(404, "resourceclaim not found")
        if request.content_type != "application/apply-patch+yaml" or not request.query.get("fieldManager"):
            return status(415, "not an apply")
        applied = await request.json()
        if applied["metadata"]["uid"] != claim["metadata"]["uid"]:
            return status(409, "uid mismatch")
        claim["status"]["devices"] = applied["status"]["devices"]
        return web.json_response(claim)

    async def _create_event(self, request: web.Request) -> web.Response:
        if self.report_failures:
            return status(self.report_failures.pop(0), "not now")
        event = await request.json()
        self.events[event["metadata"]["name"]] = event
        return web.json_response(event, status=201)

    async def _evict(self, request: web.Request) -> web.Response:
        self.evicted.append(request.match_info["name"])
        return web.json_response({}, status=201)

    async def _patch_event(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self.events:
            return status(404, "event not found")
        self.events[name] = merged(self.events[name], await request.json())
        return web.json_response(self.events[name])

    async def _list_slices(self, request: web.Request) -> web.StreamResponse:
        selector = request.query.get("fieldSelector", "")
        if request.query.get("watch") == "true":
            return await self._watch(request, selector)
        items = [slice_ for slice_ in self.slices.values() if _selected(slice_, selector)]
        return web.json_response({"items": items, "metadata": {"resourceVersion": str(self._version)}})

    async def _watch(self, request: web.Request, selector: str) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        events: asyncio.Queue[Object] = asyncio.Queue()
        for version, event in self._history:
            if version > int(request.query["resourceVersion"]):
                events.put_nowait(event)
        self._watches.append(events)
        with suppress(ConnectionError):
            while True:
                event = await events.get()
                if not event:
                    break
                if "object" not in event or _selected(event["object"], selector):
                    await response.write(json.dumps(event).encode() + b"\n")
        return response

    async def _create_slice(self, request: web.Request) -> web.Response:
        if self.refusals:
            return status(self.refusals.pop(0), "not now")
        slice_ = await request.json()
        metadata = slice_["metadata"]
        metadata["name"] = f"{metadata.pop('generateName')[:58]}{uuid.uuid4().hex[:5]}"
        metadata["uid"] = str(uuid.uuid4())
        return web.json_response(self._store(slice_, "ADDED"), status=201)

    async def _patch_slice(self, request: web.Request) -> web.Response:
        slice_, patch = self.slices.get(request.match_info["name"]), await request.json()
        if slice_ is None:
            return status(404, "resourceslice not found")
        if patch["metadata"].pop("resourceVersion") != slice_["metadata"]["resourceVersion"]:
            return status(409, "the object has been modified")
        return web.json_response(self._store(merged(slice_, patch), "MODIFIED"))

    async def _delete_slice(self, request: web.Request) -> web.Response:
        slice_ = self.slices.get(request.match_info["name"])
        if slice_ is None:
            return status(404, "resourceslice not found")
        preconditions = (await request.json())["preconditions"]
        if any(slice_["metadata"][field] != value for field, value in preconditions.items()):
            return status(409, "precondition failed")
        del self.slices[request.match_info["name"]]
        self._publish("DELETED", slice_)
        return web.json_response({"kind": "Status", "status": "Success"})

    def _store(self, slice_: Object, event: str) -> Object:
        for field in self.dropped_fields:
            for holder in (slice_["spec"], *slice_["spec"].get("devices", [])):
                holder.pop(field, None)
        self.slices[slice_["metadata"]["name"]] = slice_
        self._publish(event, slice_)
        return slice_

    def _publish(self, event: str, slice_: Object) -> None:
        self._version += 1
        slice_["metadata"]["resourceVersion"] = str(self._version)
        self._history.append((self._version, {"type": event, "object": slice_}))
        for events in self._watches:
            events.put_nowait(self._history[-1][1])


def merged(target: Mapping[str, Any], patch: Mapping[str, Any]) -> Object:
    """Return the result of a JSON merge patch (RFC 7386)."""
    result = dict(target)
    for key, value in patch.items():
        if isinstance(value, Mapping):
            inner = result.get(key)
            result[key] = merged(inner if isinstance(inner, Mapping) else {}, value)
        elif value is None:
            result.pop(key, None)
        else:
            result[key] = value
    return result


def _selected(slice_: Mapping[str, Any], selector: str) -> bool:
    terms = dict(term.split("=") for term in selector.split(",") if term)
    return all(slice_["spec"].get(path.removeprefix("spec.")) == value for path, value in terms.items())
