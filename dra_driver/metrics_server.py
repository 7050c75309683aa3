"""Serves the metrics over HTTP, in threads of its own, so that no scrape holds up the kubelet.

An address that is taken is tried again: during a rolling update the older driver has it. Not here: the metrics (dra_driver.metrics).
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final, Protocol, Self

from prometheus_client import CollectorRegistry, start_http_server

from catalog.errors import InvalidInputError

_LOG: Final = logging.getLogger(__name__)
_PAUSE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 is any that is free."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the address in `ADDRESS:PORT`. Raises `InvalidInputError`."""
        host, separator, port = text.rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        if not (separator and host and port.isascii() and port.isdigit() and int(port) < 65536):
            raise InvalidInputError(
                f"--metrics-listen {text}: write ADDRESS:PORT, such as 127.0.0.1:9398 or [::1]:9398, or nothing for no metrics"
            )
        return cls(host, int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class _Server(Protocol):
    server_port: int

    def shutdown(self) -> None: ...

    def server_close(self) -> None: ...


async def serve_metrics(address: Address, registry: CollectorRegistry) -> None:
    """Serve until cancelled."""
    server: _Server = await _bound(address, registry)
    _LOG.info("metrics: http://%s/metrics", Address(address.host, server.server_port))
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()


async def _bound(address: Address, registry: CollectorRegistry) -> _Server:
    told = False
    while True:
        try:
            return start_http_server(address.port, address.host, registry)[0]
        except OSError as error:
            if not told:
                _LOG.warning(
                    "metrics: %s: %s; tried again every %.0f s. Choose another with --metrics-listen",
                    address,
                    error.strerror or error,
                    _PAUSE_S,
                )
            told = True
        await asyncio.sleep(_PAUSE_S)
