"""The webhook's HTTPS server: `POST /mutate`, and `GET /healthz`, `/readyz` for probes.

HTTP/1.1, which is what the API server speaks to webhooks. Not here: what is answered (webhook.admission).
"""

import errno
import ssl
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from catalog.errors import ConflictError, HamiError, InvalidInputError
from webhook.admission import Admission
from webhook.registration import MUTATE_PATH

BODY_LIMIT_BYTES: Final = 4 * 2**20
"""A review holds the object, which etcd bounds at 1.5 MiB, in JSON; aiohttp's default of 1 MiB is too little."""

_SHUTDOWN_TIMEOUT_S: Final = 5.0


class Server:
    """Listens while entered: `async with Server(admission, tls, host, port) as server`."""

    def __init__(self, admission: Admission, tls: ssl.SSLContext, host: str, port: int) -> None:
        """Listen at `host` and `port`; port 0 is any that is free."""
        self._admission = admission
        self._tls = tls
        self._host = host
        self._port = port
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=_SHUTDOWN_TIMEOUT_S)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port, ssl_context=self._tls).start()
        except OSError as error:
            await self._runner.cleanup()
            raise _cannot_listen(self._host, self._port, error) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The port that is listened at."""
        return int(self._runner.addresses[0][1])

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=BODY_LIMIT_BYTES)
        app.router.add_post(MUTATE_PATH, self._mutate)
        app.router.add_get("/healthz", _ok)
        app.router.add_get("/readyz", _ok)
        return app

    async def _mutate(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            answer = await self._admission.answer(body)
        except InvalidInputError as error:
            return web.Response(status=400, text=f"{error}\n")
        return web.Response(body=answer, content_type="application/json")


async def _ok(_request: web.Request) -> web.Response:
    return web.Response(text="ok\n")


def _cannot_listen(host: str, port: int, error: OSError) -> HamiError:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return ConflictError(f"--listen {address}: another program listens there; end it, or choose another port")
    reason = error.strerror or str(error)
    return InvalidInputError(
        f"--listen {address}: {reason}; give an address of this machine, and a port that is allowed"
    )
