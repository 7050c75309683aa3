"""An API server of ResourceClaimTemplates over TLS, just true enough for the webhook: creation, conflicts, reading.

It can fail, hang and drop fields on demand. Not here: validation.
"""

import asyncio
import json
import ssl
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from hack.local_cluster.pki import Authority

Object = dict[str, Any]
TEMPLATES = "/apis/resource.k8s.io/v1/namespaces/{namespace}/resourceclaimtemplates"


class FakeWebhookApi:
    """Use as `async with FakeWebhookApi(authority, folder) as api`; `api.kubeconfig` leads to it."""

    def __init__(self, authority: Authority, folder: Path) -> None:
        self.kubeconfig = folder / "kubeconfig"
        self.templates: dict[tuple[str, str], Object] = {}
        self.calls: list[str] = []
        """Methods of all calls so far."""
        self.failures: list[int] = []
        """HTTP codes with which the next calls are answered."""
        self.drops_capacity = False
        """Whether the feature gate of consumable capacity is off."""
        self.gate = asyncio.Event()
        """Cleared, calls wait."""
        self.gate.set()
        self._authority = authority
        self._folder = folder
        app = web.Application()
        app.router.add_post(TEMPLATES, self._create)
        app.router.add_get(f"{TEMPLATES}/{{name}}", self._get)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        certificate, key = self._authority.issue(self._folder / "api", "fake api server", ["127.0.0.1"])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context).start()
        self.kubeconfig.write_text(json.dumps(self._kubeconfig(self._runner.addresses[0][1])))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _create(self, request: web.Request) -> web.Response:
        refusal = await self._refusal(request)
        if refusal:
            return refusal
        template: Object = await request.json()
        key = (request.match_info["namespace"], template["metadata"]["name"])
        if key in self.templates:
            return _status(409, f'resourceclaimtemplates "{key[1]}" already exists')
        if self.drops_capacity:
            for each in template["spec"]["spec"]["devices"]["requests"]:
                each["exactly"].pop("capacity", None)
        template["spec"]["metadata"] = {}
        self.templates[key] = template
        return web.json_response(template, status=201)

    async def _get(self, request: web.Request) -> web.Response:
        refusal = await self._refusal(request)
        if refusal:
            return refusal
        template = self.templates.get((request.match_info["namespace"], request.match_info["name"]))
        return web.json_response(template) if template else _status(404, "resourceclaimtemplate not found")

    async def _refusal(self, request: web.Request) -> web.Response | None:
        self.calls.append(request.method)
        await self.gate.wait()
        return _status(self.failures.pop(0), "the server has a bad day") if self.failures else None

    def _kubeconfig(self, port: int) -> Object:
        cluster = {"server": f"https://127.0.0.1:{port}", "certificate-authority": str(self._authority.certificate)}
        return {
            "kind": "Config",
            "current-context": "fake",
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "fake"}}],
            "clusters": [{"name": "fake", "cluster": cluster}],
            "users": [{"name": "fake", "user": {"token": "secret"}}],
        }


def _status(code: int, message: str) -> web.Response:
    return web.json_response({"kind": "Status", "code": code, "message": message}, status=code)
