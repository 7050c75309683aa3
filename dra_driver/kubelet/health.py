"""Tells the kubelet how the devices are: the streams DRAResourceHealth v1 and v1alpha1, which are alike on the wire.

A stream gets all devices at once, at every change, and every few seconds: the kubelet forgets what is not repeated, and when
another stream of the driver ends. Source: proto/SOURCE, KEP-4680. Not here: who is sick (dra_driver.health.board).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import grpc

from dra_driver.cards.health import Condition
from dra_driver.health.board import HealthBoard
from dra_driver.kubelet import dra_health_v1_pb2 as v1
from dra_driver.kubelet import dra_health_v1_pb2_grpc as v1_grpc
from dra_driver.kubelet import dra_health_v1alpha1_pb2 as v1alpha1
from dra_driver.kubelet import dra_health_v1alpha1_pb2_grpc as v1alpha1_grpc

HEALTH_SERVICES: Final = ("v1.DRAResourceHealth", "v1alpha1.DRAResourceHealth")

_REPEAT_S: Final = 5.0
_FIRST_LOOK_S: Final = 2.0
"""How long the first report waits for a first look at the cards: "unknown" would reach every pod's status."""
_TIMEOUT_S: Final = 30
_MESSAGE_LIMIT: Final = 1024
_STATUS: Final = {
    Condition.HEALTHY: v1.HEALTHY,
    Condition.UNHEALTHY: v1.UNHEALTHY,
    Condition.UNKNOWN: v1.UNKNOWN,
}
_Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(slots=True)
class HealthReports:
    """The health of a pool's devices as the kubelet is told it, until it is closed."""

    board: HealthBoard
    pool: str
    devices: Callable[[], Sequence[tuple[str, str]]]
    """(name, UUID of its card) of every device on offer, at the moment."""
    _closed: asyncio.Event = field(default_factory=asyncio.Event)

    def close(self) -> None:
        """End all streams."""
        self._closed.set()

    async def stream(self) -> AsyncIterator[v1.NodeWatchResourcesResponse]:
        """Yield reports: one at once, then on change and every few seconds, until closed."""
        await self.board.newer_than(0, _FIRST_LOOK_S)
        while not self._closed.is_set():
            version = self.board.version
            yield self.report()
            await self._change(version)

    async def _change(self, version: int) -> None:
        """Return when the board is no longer at `version`, when it is time to repeat it, or when all is over."""
        waits = [asyncio.create_task(self.board.newer_than(version)), asyncio.create_task(self._closed.wait())]
        try:
            await asyncio.wait(waits, timeout=_REPEAT_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def report(self) -> v1.NodeWatchResourcesResponse:
        """Return all devices as they are now."""
        return v1.NodeWatchResourcesResponse(devices=[self._device(*device) for device in self.devices()])

    def _device(self, name: str, card_uuid: str) -> v1.DeviceHealth:
        health = self.board.health(card_uuid)
        return v1.DeviceHealth(
            device=v1.DeviceIdentifier(pool_name=self.pool, device_name=name),
            health=_STATUS[health.condition],
            last_updated_time=int(self.board.looked_at),
            health_check_timeout_seconds=_TIMEOUT_S,
            message=health.message[:_MESSAGE_LIMIT],
        )


def add_health_services(server: grpc.aio.Server, reports: HealthReports) -> None:
    """Serve both versions of the stream."""
    v1_grpc.add_DRAResourceHealthServicer_to_server(_V1(reports), server)
    v1alpha1_grpc.add_DRAResourceHealthServicer_to_server(_V1Alpha1(reports), server)


class _V1(v1_grpc.DRAResourceHealthServicer):
    def __init__(self, reports: HealthReports) -> None:
        self._reports = reports

    async def NodeWatchResources(  # noqa: N802  the protocol's name
        self, request: v1.NodeWatchResourcesRequest, context: _Context
    ) -> AsyncIterator[v1.NodeWatchResourcesResponse]:
        async for report in self._reports.stream():
            yield report


class _V1Alpha1(v1alpha1_grpc.DRAResourceHealthServicer):
    def __init__(self, reports: HealthReports) -> None:
        self._reports = reports

    async def NodeWatchResources(  # noqa: N802
        self, request: v1alpha1.NodeWatchResourcesRequest, context: _Context
    ) -> AsyncIterator[v1alpha1.NodeWatchResourcesResponse]:
        async for report in self._reports.stream():
            yield v1alpha1.NodeWatchResourcesResponse.FromString(report.SerializeToString())
