"""The kubelet's side of a driver's sockets, as far as a measurement needs it: registration, calls, the health stream.

Source: proto/SOURCE. Like the kubelet, it has one connection to a driver, and one call for each pod.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import grpc

from catalog.errors import UnavailableError
from dra_driver.kubelet import dra_health_v1_pb2 as health
from dra_driver.kubelet import dra_health_v1_pb2_grpc as health_grpc
from dra_driver.kubelet import dra_v1_pb2 as dra
from dra_driver.kubelet import dra_v1_pb2_grpc as dra_grpc
from dra_driver.kubelet import pluginregistration_v1_pb2 as registration
from dra_driver.kubelet import pluginregistration_v1_pb2_grpc as registration_grpc

_LOOK_S: Final = 0.002
_START_S: Final = 30.0


async def register(registry: Path) -> Path:
    """Wait for the one registration socket in a folder, register its driver, and return the driver's socket."""
    socket = await asyncio.to_thread(_appearance, registry)
    async with grpc.aio.insecure_channel(f"unix:{socket}", _fresh()) as channel:
        stub = registration_grpc.RegistrationStub(channel)
        info = await stub.GetInfo(registration.InfoRequest(), wait_for_ready=True, timeout=_START_S)
        await stub.NotifyRegistrationStatus(registration.RegistrationStatus(plugin_registered=True))
    return Path(info.endpoint)


@dataclass(frozen=True, slots=True)
class Calls:
    """One connection to a driver."""

    stub: "dra_grpc.DRAPluginAsyncStub"

    async def prepare(self, claim: dra.Claim) -> float:
        """Prepare one claim; return the milliseconds it took."""
        started = time.perf_counter()
        answer = await self.stub.NodePrepareResources(dra.NodePrepareResourcesRequest(claims=[claim]))
        took_ms = (time.perf_counter() - started) * 1000
        entry = answer.claims[claim.uid]
        if entry.error or not entry.devices:
            raise UnavailableError(f"Prepare of claim {claim.name} failed: {entry.error or 'no device was answered'}")
        return took_ms

    async def unprepare(self, claim: dra.Claim) -> float:
        """Unprepare one claim; return the milliseconds it took."""
        started = time.perf_counter()
        answer = await self.stub.NodeUnprepareResources(dra.NodeUnprepareResourcesRequest(claims=[claim]))
        took_ms = (time.perf_counter() - started) * 1000
        if answer.claims[claim.uid].error:
            raise UnavailableError(f"Unprepare of claim {claim.name} failed: {answer.claims[claim.uid].error}")
        return took_ms

    async def prepare_at_once(self, claims: Sequence[dra.Claim]) -> tuple[list[float], float]:
        """Prepare claims of as many pods at once; return the milliseconds of each, and of all together."""
        started = time.perf_counter()
        times_ms = await asyncio.gather(*(self.prepare(claim) for claim in claims))
        return list(times_ms), (time.perf_counter() - started) * 1000


@asynccontextmanager
async def connected(socket: Path) -> AsyncIterator[Calls]:
    """Be connected with a driver inside, its health stream open, as the kubelet is all the time."""
    async with grpc.aio.insecure_channel(f"unix:{socket}", _fresh()) as channel:
        stub = dra_grpc.DRAPluginStub(channel)
        await stub.NodePrepareResources(dra.NodePrepareResourcesRequest(), wait_for_ready=True, timeout=_START_S)
        stream = asyncio.create_task(_listen(channel))
        try:
            yield Calls(stub)
        finally:
            stream.cancel()
            with suppress(asyncio.CancelledError):
                await stream


async def _listen(channel: grpc.aio.Channel) -> None:
    async for _ in health_grpc.DRAResourceHealthStub(channel).NodeWatchResources(health.NodeWatchResourcesRequest()):
        pass


def _appearance(registry: Path) -> Path:
    deadline_s = time.monotonic() + _START_S
    while time.monotonic() < deadline_s:
        for socket in registry.glob("*.sock"):
            return socket
        time.sleep(_LOOK_S)
    raise UnavailableError(f"{registry}: no driver asked to be registered within {_START_S:.0f} s")


def _fresh() -> list[tuple[str, int]]:
    """Return the options of a channel that shares no connection with an earlier one to the same path."""
    return [("grpc.use_local_subchannel_pool", 1)]
