"""The life of templates after admission: one that is deleted while pods wait for it is written again, one that no pod names is collected.

Every replica follows the templates, so that none believes in one that is gone. Restoring is each replica's, since it harms nobody twice;
collecting is that of the one with the lease. Not here: what is to become of which (webhook.templates.stored).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Final

import msgspec

from catalog.names import MANAGED_BY, MANAGED_BY_LABEL
from kube.client import ApiError, ApiServer, Object
from kube.mirror import Key, Mirror
from webhook.conversion.template import Template
from webhook.templates.store import TemplateStore
from webhook.templates.stored import (
    FIELD_MANAGER,
    Fate,
    StoredTemplate,
    fate_of,
    mark,
    named_by,
    read_template,
    waited_for,
)

_GROUP: Final = "/apis/resource.k8s.io/v1"
_POD_PAGE: Final = 100
"""Pods that are decoded at a time: some MiB."""
_SETTLE_S: Final = 2.0
"""From a deletion to the look at who waits: pods whose admission believed in the template are stored by then."""
_FIRST_COLLECTION_S: Final = 60.0
_COLLECTION_S: Final = 3600.0
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0

_LOG: Final = logging.getLogger(__name__)


class TemplateLife:
    """Follows all templates of ours while `run` runs."""

    def __init__(self, api: ApiServer, store: TemplateStore, may_collect: Callable[[], bool]) -> None:
        """`may_collect`: whether this replica is the one that collects."""
        self._api = api
        self._store = store
        self._may_collect = may_collect
        self._mirror: Mirror[StoredTemplate] = Mirror(
            api,
            f"{_GROUP}/resourceclaimtemplates",
            read_template,
            self._note,
            labelSelector=f"{MANAGED_BY_LABEL}={MANAGED_BY}",
        )
        self._gone: dict[Key, StoredTemplate] = {}
        """Deleted, and nobody has looked yet who waits."""
        self._something_gone = asyncio.Event()

    @property
    def is_synced(self) -> bool:
        """Whether all templates were seen."""
        return self._mirror.synced.is_set()

    async def run(self) -> None:
        """Follow, restore and collect, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._mirror.run())
            group.create_task(self._restore_for_ever())
            group.create_task(self._collect_for_ever())

    def _note(self, key: Key, before: StoredTemplate | None, after: StoredTemplate | None) -> None:
        if before is not None and (after is None or after.uid != before.uid):
            self._gone[key] = before
            self._something_gone.set()
        if before is not None or after is None or after.unused_since is not None:
            self._store.forget(*key)

    async def _restore_for_ever(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while True:
            await self._something_gone.wait()
            await asyncio.sleep(_SETTLE_S)
            self._something_gone.clear()
            try:
                await self._restore()
                pause_s = _FIRST_PAUSE_S
            except ApiError as error:
                _LOG.warning("templates: %s; looking again in %.0f s who waits for deleted ones", error, pause_s)
                self._something_gone.set()
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def _restore(self) -> None:
        """Write what was deleted and is waited for; what could not be looked at stays to be looked at."""
        for namespace in {namespace for namespace, _ in self._gone}:
            gone = {key: template for key, template in self._gone.items() if key[0] == namespace}
            waiting = {name async for pods in self._pods(namespace, phase="Pending") for name in waited_for(pods)}
            for key, template in gone.items():
                if key[1] in waiting:
                    await self._write_again(key, template)
                if self._gone.get(key) is template:
                    del self._gone[key]

    async def _write_again(self, key: Key, template: StoredTemplate) -> None:
        namespace, name = key
        manifest = Template(name, msgspec.json.decode(template.spec)).manifest()
        try:
            await self._api.create(_collection(namespace), manifest, fieldManager=FIELD_MANAGER)
        except ApiError as error:
            # There again already, by an admission or another replica; or the namespace is on its way out, and the pods with it.
            if error.status not in (403, 404, 409):
                raise
        else:
            _LOG.info("templates: %s/%s was deleted while pods wait for it; written again", namespace, name)

    async def _collect_for_ever(self) -> None:
        await self._mirror.synced.wait()
        await asyncio.sleep(_FIRST_COLLECTION_S)
        while True:
            try:
                await self.collect(self._api.now())
            except ApiError as error:
                _LOG.warning("templates: %s; collecting again in %.0f s", error, _COLLECTION_S)
            await asyncio.sleep(_COLLECTION_S)

    async def collect(self, now: datetime) -> None:
        """Mark what no pod names, collect what has been so for a day, where this replica may."""
        for namespace in sorted({namespace for namespace, _ in self._mirror.items}):
            named = {name async for pods in self._pods(namespace) for name in named_by(pods)}
            for key, template in list(self._mirror.items.items()):
                if key[0] != namespace:
                    continue
                if not self._may_collect():
                    return
                await self._apply(key, template, fate_of(template, is_named=key[1] in named, now=now), now)

    async def _apply(self, key: Key, template: StoredTemplate, fate: Fate, now: datetime) -> None:
        path = f"{_collection(key[0])}/{key[1]}"
        try:
            match fate:
                case Fate.MARK | Fate.UNMARK:
                    since = now if fate is Fate.MARK else None
                    await self._api.patch(path, mark(template.version, since), fieldManager=FIELD_MANAGER)
                case Fate.COLLECT:
                    preconditions = {"uid": template.uid, "resourceVersion": template.version}
                    await self._api.delete(path, {"preconditions": preconditions})
                    _LOG.info("templates: %s/%s collected; no pod has named it for a day", *key)
                case Fate.STAY:
                    pass
        except ApiError as error:
            if not (error.conflict or error.not_found):  # an admission was faster, or somebody deleted it
                raise

    async def _pods(self, namespace: str, phase: str | None = None) -> AsyncIterator[list[Object]]:
        """Yield the pods of a namespace in pages."""
        query = {"limit": str(_POD_PAGE)} | ({"fieldSelector": f"status.phase={phase}"} if phase else {})
        while True:
            page = await self._api.page(f"/api/v1/namespaces/{namespace}/pods", **query)
            yield page.items
            if not page.more:
                return
            query["continue"] = page.more


def _collection(namespace: str) -> str:
    return f"{_GROUP}/namespaces/{namespace}/resourceclaimtemplates"
