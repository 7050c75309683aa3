"""An API server of ResourceClaimTemplates over TLS, just true enough for the webhook: creation, conflicts, reading.

It can fail, hang and drop fields on demand. Not here: validation.
"""

import asyncio
from pathlib import Path

from aiohttp import web

from hack.local_cluster.pki import Authority
from tests.component.served_api import Object, ServedApi, status

TEMPLATES = "/apis/resource.k8s.io/v1/namespaces/{namespace}/resourceclaimtemplates"


class FakeWebhookApi(ServedApi):
    """Use as `async with FakeWebhookApi(authority, folder) as api`; `api.kubeconfig` leads to it."""

    def __init__(self, authority: Authority, folder: Path) -> None:
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
        app = web.Application()
        app.router.add_post(TEMPLATES, self._create)
        app.router.add_get(f"{TEMPLATES}/{{name}}", self._get)
        super().__init__(app, authority, folder)

    async def _create(self, request: web.Request) -> web.Response:
        refusal = await self._refusal(request)
        if refusal:
            return refusal
        template: Object = await request.json()
        key = (request.match_info["namespace"], template["metadata"]["name"])
        if key in self.templates:
            return status(409, f'resourceclaimtemplates "{key[1]}" already exists')
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
        return web.json_response(template) if template else status(404, "resourceclaimtemplate not found")

    async def _refusal(self, request: web.Request) -> web.Response | None:
        self.calls.append(request.method)
        await self.gate.wait()
        return status(self.failures.pop(0), "the server has a bad day") if self.failures else None
