"""Speaks with the kubelet: registers the driver and answers DRAPlugin v1, and the health streams, on unix sockets.

Source: proto/SOURCE. A claim's failure is that claim's error, never the call's. The driver's socket serves before the
registration socket appears, and the latter goes first at the end. Not here: what Prepare does (dra_driver.claims.prepare).
"""

import asyncio
import hashlib
import logging
import os
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import grpc

from catalog.errors import ConflictError, HamiError
from catalog.names import DRIVER
from dra_driver.call import Call, answering
from dra_driver.claims.prepare import PreparedDevice
from dra_driver.claims.source import ClaimReference
from dra_driver.kubelet import dra_v1_pb2 as dra
from dra_driver.kubelet import dra_v1_pb2_grpc as dra_grpc
from dra_driver.kubelet import grpc_health_v1_pb2_grpc as health_grpc
from dra_driver.kubelet import pluginregistration_v1_pb2 as registration
from dra_driver.kubelet import pluginregistration_v1_pb2_grpc as registration_grpc
from dra_driver.kubelet.health import HEALTH_SERVICES, HealthReports, add_health_services
from dra_driver.kubelet.liveness import Liveness

_LOG: Final = logging.getLogger(__name__)
_PLUGIN_TYPE: Final = "DRAPlugin"
_SERVICES: Final = ("v1.DRAPlugin", *HEALTH_SERVICES)
_GRACE_S: Final = 20.0
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 30.0
_DIGEST_LENGTH: Final = 16
_PATH_LIMIT: Final = 107
"""Bytes of a unix socket's path (sockaddr_un)."""


_Entry = TypeVar("_Entry")
_Context = grpc.aio.ServicerContext[Any, Any]


class Claims(Protocol):
    """Whoever prepares claims."""

    async def prepare(self, reference: ClaimReference) -> tuple[PreparedDevice, ...]:
        """Make a claim's devices ready."""
        ...

    async def unprepare(self, reference: ClaimReference) -> None:
        """Take a claim's devices back."""
        ...


@dataclass(frozen=True, slots=True)
class Sockets:
    """Where the kubelet finds the driver."""

    plugin: Path
    registration: Path

    @classmethod
    def below(cls, kubelet_folder: Path, instance: str | None = None) -> "Sockets":
        """Return the sockets in their usual places below the kubelet's root folder; those of one instance carry its id, or the
        id's digest where a path would be too long.
        """
        plain = cls(
            plugin=kubelet_folder / "plugins" / DRIVER / "dra.sock",
            registration=kubelet_folder / "plugins_registry" / f"{DRIVER}-reg.sock",
        )
        if instance is None:
            return plain
        named = plain.sibling(f"dra-{instance}")
        if max(len(os.fsencode(path)) for path in (named.plugin, named.registration)) <= _PATH_LIMIT:
            return named
        return plain.sibling(f"dra-{hashlib.sha256(instance.encode()).hexdigest()[:_DIGEST_LENGTH]}")

    @property
    def is_named(self) -> bool:
        """Whether these are the sockets of one instance of several."""
        return self.plugin.stem != "dra"

    def sibling(self, stem: str) -> "Sockets":
        """Return the sockets of the driver whose plugin socket is `<stem>.sock`."""
        instance = stem.removeprefix("dra")
        return Sockets(
            self.plugin.with_name(f"{stem}.sock"), self.registration.with_name(f"{DRIVER}{instance}-reg.sock")
        )


@asynccontextmanager
async def serving(
    sockets: Sockets, claims: Claims, health: HealthReports, farewell_s: float = 0.0
) -> AsyncIterator[asyncio.Event]:
    """Serve the kubelet inside the block; the event is set once it has registered the driver. Calls are still taken for
    `farewell_s` after the registration is withdrawn, until the kubelet has turned to another instance.

    Raises `ConflictError` when a socket cannot be had.
    """
    plugin = grpc.aio.server()
    dra_grpc.add_DRAPluginServicer_to_server(_Plugin(claims), plugin)
    health_grpc.add_HealthServicer_to_server(Liveness(sockets.plugin.absolute(), sockets.registration), plugin)
    add_health_services(plugin, health)
    await _start(plugin, sockets.plugin)
    try:
        registrar = _Registrar(sockets)
        await registrar.start()
        renewing = asyncio.create_task(registrar.renew_when_refused())
        try:
            yield registrar.registered
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])
            await registrar.stop()  # no new calls from here on
            await asyncio.sleep(farewell_s)
    finally:
        health.close()
        await plugin.stop(_GRACE_S)
        sockets.plugin.unlink(missing_ok=True)


class _Registrar:
    """The registration socket: made anew when the kubelet has refused the driver, since only then it looks again."""

    def __init__(self, sockets: Sockets) -> None:
        self._sockets = sockets
        self._server: grpc.aio.Server | None = None
        self._refused = asyncio.Event()
        self.registered = asyncio.Event()

    async def start(self) -> None:
        self._refused.clear()
        self._server = grpc.aio.server()
        servicer = _Registration(self._sockets.plugin, self.registered, self._refused)
        registration_grpc.add_RegistrationServicer_to_server(servicer, self._server)
        await _start(self._server, self._sockets.registration)

    async def stop(self) -> None:
        self._sockets.registration.unlink(missing_ok=True)
        if self._server is not None:
            await self._server.stop(None)

    async def renew_when_refused(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while True:
            await self._refused.wait()
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            await self.stop()
            try:
                await self.start()
            except ConflictError as error:
                _LOG.error("kubelet: cannot register again: %s", error)
                self._refused.set()


async def _start(server: grpc.aio.Server, socket: Path) -> None:
    _make_way(socket)
    try:
        server.add_insecure_port(f"unix:{socket}")
        await server.start()
    except RuntimeError as error:
        raise ConflictError(
            f"socket {socket} cannot be bound ({error}); is its folder writable? run as root"
        ) from error
    _LOG.info("kubelet: serving on %s", socket)


def _make_way(socket: Path) -> None:
    """Remove the socket that a killed driver left. Who holds the driver's lock knows that none is alive."""
    if len(str(socket)) > _PATH_LIMIT:
        raise ConflictError(
            f"socket {socket}: its path is longer than {_PATH_LIMIT} bytes; choose a shorter --kubelet-dir"
        )
    try:
        mode = socket.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ConflictError(f"{socket} is in the way and is no socket; remove it")
    socket.unlink()


class _Registration(registration_grpc.RegistrationServicer):
    """Answers who we are when the kubelet finds the registration socket."""

    def __init__(self, endpoint: Path, registered: asyncio.Event, refused: asyncio.Event) -> None:
        self._endpoint = endpoint
        self._registered = registered
        self._refused = refused

    async def GetInfo(  # noqa: N802  the protocol's name
        self, request: registration.InfoRequest, context: _Context
    ) -> registration.PluginInfo:
        return registration.PluginInfo(
            type=_PLUGIN_TYPE, name=DRIVER, endpoint=str(self._endpoint.absolute()), supported_versions=_SERVICES
        )

    async def NotifyRegistrationStatus(  # noqa: N802
        self, request: registration.RegistrationStatus, context: _Context
    ) -> registration.RegistrationStatusResponse:
        if request.plugin_registered:
            _LOG.info("kubelet: registered")
            self._registered.set()
        else:
            _LOG.error("kubelet: refuses to register the driver: %s; registering again", request.error)
            self._refused.set()
        return registration.RegistrationStatusResponse()


class _Plugin(dra_grpc.DRAPluginServicer):
    """Answers Prepare and Unprepare, with one entry per claim whatever happens to it."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    async def NodePrepareResources(  # noqa: N802
        self, request: dra.NodePrepareResourcesRequest, context: _Context
    ) -> dra.NodePrepareResourcesResponse:
        entries = await _each(request.claims, self._prepare)
        return dra.NodePrepareResourcesResponse(claims=entries)

    async def NodeUnprepareResources(  # noqa: N802
        self, request: dra.NodeUnprepareResourcesRequest, context: _Context
    ) -> dra.NodeUnprepareResourcesResponse:
        entries = await _each(request.claims, self._unprepare)
        return dra.NodeUnprepareResourcesResponse(claims=entries)

    async def _prepare(self, reference: ClaimReference) -> dra.NodePrepareResourceResponse:
        try:
            devices = await self._claims.prepare(reference)
        except Exception as error:  # noqa: BLE001  the boundary: one claim's fault must not fail the others
            return dra.NodePrepareResourceResponse(error=_words(reference, error))
        return dra.NodePrepareResourceResponse(devices=[_device(device) for device in devices])

    async def _unprepare(self, reference: ClaimReference) -> dra.NodeUnprepareResourceResponse:
        try:
            await self._claims.unprepare(reference)
        except Exception as error:  # noqa: BLE001
            return dra.NodeUnprepareResourceResponse(error=_words(reference, error))
        return dra.NodeUnprepareResourceResponse()


async def _each(claims: Iterable[dra.Claim], call: Callable[[ClaimReference], Awaitable[_Entry]]) -> dict[str, _Entry]:
    references = [ClaimReference(claim.namespace, claim.name, claim.uid) for claim in claims]
    entries = await asyncio.gather(*(_answered(reference, call) for reference in references))
    return {reference.uid: entry for reference, entry in zip(references, entries, strict=True)}


async def _answered(reference: ClaimReference, call: Callable[[ClaimReference], Awaitable[_Entry]]) -> _Entry:
    with answering(Call(reference.namespace, reference.name, reference.uid)):
        return await call(reference)


def _words(reference: ClaimReference, error: Exception) -> str:
    """Return what the user is told in the pod's event; faults of ours go to the log with their traceback."""
    if isinstance(error, HamiError):
        _LOG.warning("%s: %s", reference, error)
        return str(error)
    _LOG.error("%s: a fault of the driver", reference, exc_info=error)
    return f"{reference}: a fault of the driver ({type(error).__name__}); its log on the node says more"


def _device(device: PreparedDevice) -> dra.Device:
    return dra.Device(
        request_names=[device.request],
        pool_name=device.pool,
        device_name=device.device,
        cdi_device_ids=[device.cdi_device],
        share_id=device.share_id,
    )
