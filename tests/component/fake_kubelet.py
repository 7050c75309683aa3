"""The kubelet's part, played over the driver's real sockets: find the plugin, register it, prepare and unprepare claims,
watch the health of its devices.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc

from dra_driver.kubelet import dra_health_v1_pb2 as health_v1
from dra_driver.kubelet import dra_health_v1_pb2_grpc as health_v1_grpc
from dra_driver.kubelet import dra_health_v1alpha1_pb2 as health_v1alpha1
from dra_driver.kubelet import dra_health_v1alpha1_pb2_grpc as health_v1alpha1_grpc
from dra_driver.kubelet import dra_v1_pb2 as dra
from dra_driver.kubelet import dra_v1_pb2_grpc as dra_grpc
from dra_driver.kubelet import pluginregistration_v1_pb2 as registration
from dra_driver.kubelet import pluginregistration_v1_pb2_grpc as registration_grpc

START_S = 30.0
CALL_S = 45.0


class FakeKubelet:
    """Use as `async with FakeKubelet(folder) as kubelet`; inside, the driver is registered."""

    def __init__(self, folder: Path, instance: str | None = None) -> None:
        name = f"hami.io-{instance}-reg.sock" if instance else "hami.io-reg.sock"
        self._registration_socket = folder / "plugins_registry" / name
        self.info = registration.PluginInfo()

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(START_S):
            while not self._registration_socket.exists():  # noqa: ASYNC110  another process makes it
                await asyncio.sleep(0.02)
        await self.notify(registration.RegistrationStatus(plugin_registered=True))
        self._channel = grpc.aio.insecure_channel(f"unix:{self.info.endpoint}")
        self._plugin = dra_grpc.DRAPluginStub(self._channel)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.close()

    async def notify(self, status: registration.RegistrationStatus) -> None:
        """Ask the driver who it is, and tell it whether it is registered."""
        async with grpc.aio.insecure_channel(f"unix:{self._registration_socket}") as channel:
            registrar = registration_grpc.RegistrationStub(channel)
            self.info = await registrar.GetInfo(registration.InfoRequest(), wait_for_ready=True)
            await registrar.NotifyRegistrationStatus(status)

    async def prepare(self, *claims: dict[str, Any]) -> dict[str, dra.NodePrepareResourceResponse]:
        """Prepare claims in one call, as for one pod."""
        request = dra.NodePrepareResourcesRequest(claims=[_reference(claim) for claim in claims])
        return dict((await self._plugin.NodePrepareResources(request, timeout=CALL_S, wait_for_ready=True)).claims)

    async def unprepare(self, *claims: dict[str, Any]) -> dict[str, dra.NodeUnprepareResourceResponse]:
        """Unprepare claims in one call."""
        request = dra.NodeUnprepareResourcesRequest(claims=[_reference(claim) for claim in claims])
        return dict((await self._plugin.NodeUnprepareResources(request, timeout=CALL_S, wait_for_ready=True)).claims)

    async def health(self) -> AsyncIterator[list[health_v1.DeviceHealth]]:
        """Yield the devices of each report of a health stream v1."""
        stub = health_v1_grpc.DRAResourceHealthStub(self._channel)
        async for report in stub.NodeWatchResources(health_v1.NodeWatchResourcesRequest()):
            yield list(report.devices)

    async def old_health(self) -> AsyncIterator[list[health_v1alpha1.DeviceHealth]]:
        """Yield the devices of each report of a health stream v1alpha1."""
        stub = health_v1alpha1_grpc.DRAResourceHealthStub(self._channel)
        async for report in stub.NodeWatchResources(health_v1alpha1.NodeWatchResourcesRequest()):
            yield list(report.devices)


def _reference(claim: dict[str, Any]) -> dra.Claim:
    metadata = claim["metadata"]
    return dra.Claim(namespace=metadata["namespace"], name=metadata["name"], uid=metadata["uid"])
