"""Warnings about pods that a controller makes, as events on that controller: nobody reads what is answered to it.

Written beside the admission, which neither waits for them nor fails by them. Refusals need none: controllers report those themselves
(`FailedCreate`). Source: v1 Event. Not here: what is warned of (webhook.conversion.pod).
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from catalog.errors import UnavailableError
from kube.client import ApiServer, Object
from kube.events import events_in, warning
from webhook.conversion.review import Owner, Request

REASON: Final = "PodConvertedWithWarning"
_COMPONENT: Final = "hami-dra-webhook"
_QUIET_S: Final = 600.0
"""Between two events of one controller with the same words: its replicas are all told the same."""
_MOST_WAITING: Final = 100
_MOST_REMEMBERED: Final = 1000

_LOG: Final = logging.getLogger(__name__)


class _Warning(NamedTuple):
    namespace: str
    owner: Owner
    text: str


class WarningEvents:
    """Written while `run` runs."""

    def __init__(self, api: ApiServer, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._clock_s = clock_s
        self._waiting: asyncio.Queue[_Warning] = asyncio.Queue(_MOST_WAITING)
        self._told_s: OrderedDict[tuple[str, str], float] = OrderedDict()

    def tell(self, request: Request, warnings: tuple[str, ...]) -> None:
        """Have the pod's controller told, where it has one and was not told of late. What is too much at a time is left out."""
        for told in self._news(request, warnings):
            if not self._waiting.full():
                self._waiting.put_nowait(told)

    async def run(self) -> None:
        """Write what was told, one after the other, until cancelled."""
        while True:
            told = await self._waiting.get()
            try:
                await self._api.create(events_in(told.namespace), _event(told))
            except UnavailableError as error:
                _LOG.debug("event on %s %s/%s: %s", told.owner.kind, told.namespace, told.owner.name, error)

    def _news(self, request: Request, warnings: tuple[str, ...]) -> Iterator[_Warning]:
        owner = next((each for each in request.object.metadata.owner_references or () if each.controller), None)
        if owner is None or request.dry_run:
            return
        for text in warnings:
            if self._is_news((owner.uid, text)):
                yield _Warning(request.namespace, owner, text)

    def _is_news(self, key: tuple[str, str]) -> bool:
        now_s = self._clock_s()
        if now_s - self._told_s.get(key, now_s - _QUIET_S) < _QUIET_S:
            return False
        self._told_s[key] = now_s
        self._told_s.move_to_end(key)
        while len(self._told_s) > _MOST_REMEMBERED:
            self._told_s.popitem(last=False)
        return True


def _event(told: _Warning) -> Object:
    owner = told.owner
    about = {
        "apiVersion": owner.api_version,
        "kind": owner.kind,
        "namespace": told.namespace,
        "name": owner.name,
        "uid": owner.uid,
    }
    return warning(about, REASON, told.text, {"component": _COMPONENT})
