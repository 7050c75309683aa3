"""Serves the metrics over HTTP, in threads of its own, so that no scrape holds up the kubelet.

An address that is taken is tried again: during a rolling update the older driver has it. Not here: the metrics themselves.
"""

import asyncio
import logging
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Final, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from catalog.errors import InvalidInputError

_LOG: Final = logging.getLogger(__name__)
_PAUSE_S: Final = 5.0
_POLL_S: Final = 3600.0
"""How often the server's thread wakes for nothing; prometheus_client's own server does so twice a second."""


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


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _ServerV6(_Server):
    address_family = socket.AF_INET6


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of scrapes."""


async def serve_metrics(address: Address, registry: CollectorRegistry) -> None:
    """Serve until cancelled."""
    server = await _bound(address, registry)
    _LOG.info("metrics: http://%s/metrics", Address(address.host, server.server_port))
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.to_thread(_stop, server)


def _start(address: Address, registry: CollectorRegistry) -> WSGIServer:
    kind = _ServerV6 if ":" in address.host else _Server
    server = make_server(address.host, address.port, make_wsgi_app(registry), kind, handler_class=_Silent)
    threading.Thread(target=server.serve_forever, args=(_POLL_S,), name="metrics", daemon=True).start()
    return server


def _stop(server: WSGIServer) -> None:
    """Return when the server's thread has ended: it notices that it shall when somebody connects."""
    ending = threading.Thread(target=server.shutdown)
    ending.start()
    while ending.is_alive():
        with suppress(OSError):
            socket.create_connection(server.socket.getsockname()[:2], timeout=1.0).close()
        ending.join(timeout=0.05)
    server.server_close()


async def _bound(address: Address, registry: CollectorRegistry) -> WSGIServer:
    told = False
    while True:
        try:
            return _start(address, registry)
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
