"""Makes sure that a template is in a namespace before a pod that refers to it is admitted.

What was seen is remembered for a while, or until it is told to be forgotten: of thousands of replicas one writes. A mark of a template
that was thought unused is taken away before a pod may rely on it. Not here: what a template holds, and its life (webhook.templates.life).
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from catalog.errors import ConflictError, HamiError, UnavailableError
from kube.client import ApiError, ApiServer
from webhook.conversion.template import Template
from webhook.templates.stored import FIELD_MANAGER, is_marked, mark

MEMORY_S: Final = 60.0
FOLLOWED_MEMORY_S: Final = 600.0
"""Where templates are followed: for the case that a watch hangs."""
MEMORY_ENTRIES: Final = 10_000
API_TIMEOUT_S: Final = 4.0
"""Shorter than the time that the API server gives an admission (webhook.registration), so that the user reads why."""

_TRIES: Final = 3
_GATE: Final = "turn on the feature gate DRAConsumableCapacity (Kubernetes ≥ 1.36 has it on)"

_Key = tuple[str, str]


class TemplateStore:
    """The templates of all namespaces, by name."""

    def __init__(self, api: ApiServer, memory_s: float = MEMORY_S) -> None:
        self._api = api
        self._memory_s = memory_s
        self._seen: OrderedDict[_Key, float] = OrderedDict()
        """When each was last seen, the oldest first."""
        self._under_way: dict[_Key, asyncio.Task[None]] = {}
        self.writes: int = 0
        """Templates that were created from here."""

    async def ensure(self, namespace: str, template: Template) -> None:
        """Return when the template is there; admissions that wait for the same one share the call.

        Raises `ConflictError` if another object has its name, `UnavailableError` if the API server did not store it.
        """
        if self.is_known(namespace, template):
            return
        key = (namespace, template.name)
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._store(key, template))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._finish(key, done))
        await asyncio.shield(task)

    def is_known(self, namespace: str, template: Template) -> bool:
        """Whether the template was seen lately, and nobody has been told since that it changed."""
        seen = self._seen.get((namespace, template.name))
        return seen is not None and time.monotonic() - seen < self._memory_s

    def forget(self, namespace: str, name: str) -> None:
        """Look at this template again when it is named next: somebody has deleted or changed it."""
        self._seen.pop((namespace, name), None)

    def _remember(self, key: _Key) -> None:
        self._seen[key] = time.monotonic()
        self._seen.move_to_end(key)
        if len(self._seen) > MEMORY_ENTRIES:
            self._seen.popitem(last=False)

    def _finish(self, key: _Key, task: asyncio.Task[None]) -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # retrieved here too: all who waited may have gone

    async def _store(self, key: _Key, template: Template) -> None:
        namespace, name = key
        where = f"ResourceClaimTemplate {namespace}/{name}"
        try:
            async with asyncio.timeout(API_TIMEOUT_S):
                stored = await self._created_or_found(namespace, template)
        except TimeoutError as error:
            raise UnavailableError(
                f"{where}: no answer of the API server in {API_TIMEOUT_S:.0f} s; try again"
            ) from error
        except ApiError as error:
            raise _failure(where, error) from error
        if not _holds(stored["spec"]["spec"], template.spec):
            raise ConflictError(
                f"{where} does not hold what its name stands for: if it is not of hami-dra, delete it; if it is, the API server"
                f" drops capacity: {_GATE}"
            )
        self._remember(key)

    async def _created_or_found(self, namespace: str, template: Template) -> dict[str, Any]:
        """Return the template as stored, without a mark. One that is collected between two of our calls is written again."""
        collection = f"/apis/resource.k8s.io/v1/namespaces/{namespace}/resourceclaimtemplates"
        for _ in range(_TRIES):
            try:
                created = await self._api.create(collection, template.manifest(), fieldManager=FIELD_MANAGER)
            except ApiError as error:
                if not error.conflict:
                    raise
            else:
                self.writes += 1
                return created
            try:
                return await self._found(f"{collection}/{template.name}")
            except ApiError as error:
                if not (error.not_found or error.conflict):
                    raise
        raise ApiError(0, "others change it at the same time")

    async def _found(self, path: str) -> dict[str, Any]:
        stored = await self._api.get(path)
        if not is_marked(stored):
            return stored
        return await self._api.patch(
            path, mark(stored["metadata"]["resourceVersion"], None), fieldManager=FIELD_MANAGER
        )


def _failure(where: str, error: ApiError) -> HamiError:
    """Return the error of a template that was not written: what is not valid for a server will not be so at the next try."""
    if error.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return ConflictError(f"{where} is not valid for this API server: {error}; it may be too old: {_GATE}")
    return UnavailableError(f"{where} could not be written: {error}; try again")


def _holds(stored: object, wanted: object) -> bool:
    """Whether `stored` says all that `wanted` says: a newer API server may add defaulted fields, but no list entries."""
    if isinstance(wanted, Mapping):
        return isinstance(stored, Mapping) and all(
            key in stored and _holds(stored[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(stored, list) and len(stored) == len(wanted) and all(map(_holds, stored, wanted))
    return stored == wanted
