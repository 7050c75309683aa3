"""How fake API servers are reached: TLS on 127.0.0.1, a kubeconfig that leads there, and a Status where something goes wrong.

Not here: what they answer.
"""

import json
import ssl
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from hack.local_cluster.pki import Authority

Object = dict[str, Any]
TOKEN = "what-nobody-may-read"


class ServedApi:
    """Serves an application while entered: `async with` a subclass `as api`; `api.kubeconfig` leads to it."""

    def __init__(self, app: web.Application, authority: Authority, folder: Path) -> None:
        self.kubeconfig = folder / "kubeconfig"
        self._authority = authority
        self._folder = folder
        self._port = 0
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        certificate, key = self._authority.issue(self._folder / "api", "fake api server", ["127.0.0.1"])
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        await self._runner.setup()
        await self.listen()
        self.kubeconfig.write_text(json.dumps(self._configuration()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def listen(self) -> None:
        """Take calls, at the same address as before."""
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, ssl_context=self._context)
        await self._site.start()
        self._port = self._runner.addresses[0][1]

    async def go_away(self) -> None:
        """Take no calls until `listen`."""
        await self._site.stop()
        for connection in list(self._runner.server.connections if self._runner.server else ()):
            connection.force_close()

    def _configuration(self) -> Object:
        certificate = str(self._authority.certificate)
        cluster = {"server": f"https://127.0.0.1:{self._port}", "certificate-authority": certificate}
        return {
            "kind": "Config",
            "current-context": "fake",
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "fake"}}],
            "clusters": [{"name": "fake", "cluster": cluster}],
            "users": [{"name": "fake", "user": {"token": TOKEN}}],
        }


def status(code: int, message: str) -> web.Response:
    """Return the answer of a call that went wrong."""
    return web.json_response({"kind": "Status", "code": code, "message": message}, status=code)
