"""An API server of nodes, ResourceSlices, ResourceClaims and events over TLS, just true enough for the driver: versions, watches,
merge patches, preconditions, field selectors. It can fail on demand and drop fields as servers without a feature do.

Not here: validation, and what a scheduler or kubelet would do.
"""

import asyncio
import datetime
import ipaddress
import json
import ssl
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Object = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SLICES = "/apis/resource.k8s.io/v1/resourceslices"
CLAIM = "/apis/resource.k8s.io/v1/namespaces/{namespace}/resourceclaims/{name}"
TOKEN = "what-nobody-may-read"
EVENTS = "/api/v1/namespaces/{namespace}/events"


class FakeApi:
    """Use as `async with FakeApi(folder) as api`; `api.kubeconfig` leads to it."""

    def __init__(self, folder: Path) -> None:
        self.kubeconfig = folder / "kubeconfig"
        self.slices: dict[str, Object] = {}
        self.claims: dict[tuple[str, str], Object] = {}
        self.events: dict[str, Object] = {}
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
        self._folder = folder
        self._port = 0
        self._runner = web.AppRunner(self._app(), shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        certificate, key = _write_identity(self._folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        await self._runner.setup()
        self._context = context
        await self.listen()
        self.kubeconfig.write_text(json.dumps(_kubeconfig(self._runner.addresses[0][1], certificate)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def listen(self) -> None:
        """Take calls, at the same address as before."""
        port = self._runner.addresses[0][1] if self._runner.addresses else self._port
        self._site = web.TCPSite(self._runner, "127.0.0.1", port, ssl_context=self._context)
        await self._site.start()
        self._port = self._runner.addresses[0][1]

    async def go_away(self) -> None:
        """Take no calls until `listen`."""
        await self._site.stop()
        for connection in list(self._runner.server.connections if self._runner.server else ()):
            connection.force_close()

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
        return app

    @web.middleware
    async def _record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if "watch" not in request.query:
            self.calls.append((request.method, request.path))
        return await handler(request)

    async def _get_node(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return web.json_response(self._node(name)) if name in self.nodes else _status(404, "no node")

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
            return _status(self.failures.pop(0), "the server has a bad day")
        claim = self.claims.get((request.match_info["namespace"], request.match_info["name"]))
        return web.json_response(claim) if claim else _status(404, "resourceclaim not found")

    async def _apply_status(self, request: web.Request) -> web.Response:
        if self.report_failures:
            return _status(self.report_failures.pop(0), "not now")
        claim = self.claims.get((request.match_info["namespace"], request.match_info["name"]))
        if claim is None:
            return _status(404, "resourceclaim not found")
        if request.content_type != "application/apply-patch+yaml" or not request.query.get("fieldManager"):
            return _status(415, "not an apply")
        applied = await request.json()
        if applied["metadata"]["uid"] != claim["metadata"]["uid"]:
            return _status(409, "uid mismatch")
        claim["status"]["devices"] = applied["status"]["devices"]
        return web.json_response(claim)

    async def _create_event(self, request: web.Request) -> web.Response:
        if self.report_failures:
            return _status(self.report_failures.pop(0), "not now")
        event = await request.json()
        self.events[event["metadata"]["name"]] = event
        return web.json_response(event, status=201)

    async def _patch_event(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self.events:
            return _status(404, "event not found")
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
            return _status(self.refusals.pop(0), "not now")
        slice_ = await request.json()
        metadata = slice_["metadata"]
        metadata["name"] = f"{metadata.pop('generateName')[:58]}{uuid.uuid4().hex[:5]}"
        metadata["uid"] = str(uuid.uuid4())
        return web.json_response(self._store(slice_, "ADDED"), status=201)

    async def _patch_slice(self, request: web.Request) -> web.Response:
        slice_, patch = self.slices.get(request.match_info["name"]), await request.json()
        if slice_ is None:
            return _status(404, "resourceslice not found")
        if patch["metadata"].pop("resourceVersion") != slice_["metadata"]["resourceVersion"]:
            return _status(409, "the object has been modified")
        return web.json_response(self._store(merged(slice_, patch), "MODIFIED"))

    async def _delete_slice(self, request: web.Request) -> web.Response:
        slice_ = self.slices.get(request.match_info["name"])
        if slice_ is None:
            return _status(404, "resourceslice not found")
        preconditions = (await request.json())["preconditions"]
        if any(slice_["metadata"][field] != value for field, value in preconditions.items()):
            return _status(409, "precondition failed")
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


def _status(code: int, message: str) -> web.Response:
    return web.json_response({"kind": "Status", "code": code, "message": message}, status=code)


def _kubeconfig(port: int, certificate: Path) -> Object:
    cluster = {"server": f"https://127.0.0.1:{port}", "certificate-authority": str(certificate)}
    return {
        "kind": "Config",
        "current-context": "fake",
        "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "fake"}}],
        "clusters": [{"name": "fake", "cluster": cluster}],
        "users": [{"name": "fake", "user": {"token": TOKEN}}],
    }


def _write_identity(folder: Path) -> tuple[Path, Path]:
    """Write a certificate that is its own authority, with the keyUsage that newer Pythons insist on."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fake api server")])
    now = datetime.datetime.now(datetime.UTC)
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage),
            critical=True,
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "api.crt", folder / "api.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths
