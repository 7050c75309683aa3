"""Whether the driver would answer the kubelet: asked and answered over the sockets that the kubelet uses.

Source: grpc.health.v1. The answer is made by calling both sockets anew, as a stranger would. Not here: the health of cards.
"""

import asyncio
import logging
from pathlib import Path
from typing import Any, Final

import grpc

from catalog.errors import UnavailableError
from catalog.names import DRIVER
from dra_driver.kubelet import dra_v1_pb2 as dra
from dra_driver.kubelet import dra_v1_pb2_grpc as dra_grpc
from dra_driver.kubelet import grpc_health_v1_pb2 as health
from dra_driver.kubelet import grpc_health_v1_pb2_grpc as health_grpc
from dra_driver.kubelet import pluginregistration_v1_pb2 as registration
from dra_driver.kubelet import pluginregistration_v1_pb2_grpc as registration_grpc

_LOG: Final = logging.getLogger(__name__)
_CALL_S: Final = 5.0


class Liveness(health_grpc.HealthServicer):
    """Answers health checks of the driver whose sockets these are."""

    def __init__(self, plugin: Path, registrar: Path) -> None:
        self._plugin = plugin
        self._registrar = registrar

    async def Check(  # noqa: N802  the protocol's name
        self, request: health.HealthCheckRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> health.HealthCheckResponse:
        """Answer for the server as a whole."""
        if request.service:
            await context.abort(grpc.StatusCode.NOT_FOUND, f"service {request.service} is not known; ask without one")
        try:
            async with asyncio.timeout(_CALL_S):
                await _call_as_the_kubelet(self._plugin, self._registrar)
        except (grpc.aio.AioRpcError, TimeoutError, UnavailableError) as error:
            _LOG.warning("health: the driver does not answer on its sockets: %s", _words(error))
            return health.HealthCheckResponse(status=health.HealthCheckResponse.NOT_SERVING)
        return health.HealthCheckResponse(status=health.HealthCheckResponse.SERVING)


async def check_health(plugin: Path, timeout_s: float) -> None:
    """Return if the driver behind the socket `plugin` says that it serves. Raises `UnavailableError`."""
    remedy = "does it run, and is --kubelet-dir its own? its log says more"
    async with grpc.aio.insecure_channel(f"unix:{plugin}") as channel:
        try:
            answer = await health_grpc.HealthStub(channel).Check(health.HealthCheckRequest(), timeout=timeout_s)
        except grpc.aio.AioRpcError as error:
            raise UnavailableError(f"driver at {plugin}: {_words(error)}; {remedy}") from error
    if answer.status != health.HealthCheckResponse.SERVING:
        raise UnavailableError(f"driver at {plugin}: does not serve the kubelet; {remedy}")


async def _call_as_the_kubelet(plugin: Path, registrar: Path) -> None:
    async with grpc.aio.insecure_channel(f"unix:{registrar}") as channel:
        info = await registration_grpc.RegistrationStub(channel).GetInfo(registration.InfoRequest())
    if info.name != DRIVER or info.endpoint != str(plugin):
        raise UnavailableError(f"{registrar} is served by {info.name} at {info.endpoint}")
    async with grpc.aio.insecure_channel(f"unix:{plugin}") as channel:
        await dra_grpc.DRAPluginStub(channel).NodePrepareResources(dra.NodePrepareResourcesRequest())


def _words(error: BaseException) -> str:
    if isinstance(error, grpc.aio.AioRpcError):
        return f"{error.code().name}: {error.details()}"
    return str(error) or type(error).__name__
