"""Tells the users of a claim what is wrong with it, as an event on each of their pods: most of all why it was refused.

Source: v1 Event. Repeats of one message raise the count of one event, and are told at most once in a while.
Written in the background. Not here: pacing and repeats of what the API server refuses (dra_driver.outbox).
"""

import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from catalog.errors import HamiError, UnavailableError
from dra_driver.call import Call, Pod
from dra_driver.claims.allocation import users
from dra_driver.outbox import Outbox
from dra_driver.slices.plan import API_VERSION
from kube.client import ApiError, ApiServer, Object
from kube.events import MESSAGE_LIMIT, events_in, timestamp, warning

REFUSED: Final = "ClaimRefused"
"""The claim cannot be had as it is."""
NOT_PREPARED: Final = "ClaimNotPrepared"
"""A fault on the way; it is tried again."""

_COMPONENT: Final = "hami-dra"
_MOST_PODS: Final = 8
"""Of a claim that many share: the others have the kubelet's own event."""
_MOST_REMEMBERED: Final = 500
_QUIET_S: Final = 30.0


@dataclass(slots=True)
class _Refusal:
    """One refusal, however often it was repeated."""

    reason: str
    message: str
    first: datetime
    last: datetime
    count: int = 0
    told_s: float | None = None
    names: dict[str, str] = field(default_factory=dict)
    """Pod UID → name of the event that it has."""


class PodEvents:
    """Events of the driver of one node."""

    def __init__(
        self, api: ApiServer, outbox: Outbox, node_name: str, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._api = api
        self._outbox = outbox
        self._node_name = node_name
        self._clock_s = clock_s
        self._refusals: OrderedDict[str, _Refusal] = OrderedDict()

    def refused(self, call: Call, error: Exception) -> None:
        """Have the pods of `call` told that their claim was not prepared."""
        self.tell(call, _reason(error), str(error))

    def tell(self, call: Call, reason: str, message: str) -> None:
        """Have the pods of `call` told `message`; where it names none, those that its claim is reserved for."""
        message = message[:MESSAGE_LIMIT]
        key = f"event for claim {call.namespace}/{call.name} ({call.uid}), {zlib.crc32(message.encode()):08x}"
        refusal = self._remember(key, reason, message)
        if refusal.told_s is not None and self._clock_s() - refusal.told_s < _QUIET_S:
            return
        refusal.told_s = self._clock_s()
        self._outbox.put(key, lambda: self._tell(call, refusal))

    def _remember(self, key: str, reason: str, message: str) -> _Refusal:
        now = datetime.now(UTC)
        refusal = self._refusals.setdefault(key, _Refusal(reason, message, first=now, last=now))
        self._refusals.move_to_end(key)
        refusal.count += 1
        refusal.last = now
        while len(self._refusals) > _MOST_REMEMBERED:
            self._refusals.popitem(last=False)
        return refusal

    async def _tell(self, call: Call, refusal: _Refusal) -> None:
        for pod in (call.pods or await users_of(self._api, call))[:_MOST_PODS]:
            if pod.uid in refusal.names and await self._repeated(pod, refusal):
                continue
            event = _event(pod, refusal, self._node_name)
            await self._api.create(events_in(pod.namespace), event)
            refusal.names[pod.uid] = event["metadata"]["name"]

    async def _repeated(self, pod: Pod, refusal: _Refusal) -> bool:
        """Raise the count of the event that a pod has; return whether it was still there."""
        change = {"count": refusal.count, "lastTimestamp": timestamp(refusal.last)}
        try:
            await self._api.patch(f"{events_in(pod.namespace)}/{refusal.names[pod.uid]}", change)
        except ApiError as error:
            if error.not_found:
                return False
            raise
        return True


async def users_of(api: ApiServer, call: Call) -> Sequence[Pod]:
    """Return the pods that the claim of a call is reserved for; none where it is gone."""
    try:
        claim = await api.get(f"/apis/{API_VERSION}/namespaces/{call.namespace}/resourceclaims/{call.name}")
    except ApiError as error:
        if error.not_found:
            return ()
        raise
    return users(claim) if claim["metadata"]["uid"] == call.uid else ()


def _reason(error: Exception) -> str:
    return REFUSED if isinstance(error, HamiError) and not isinstance(error, UnavailableError) else NOT_PREPARED


def _event(pod: Pod, refusal: _Refusal, node_name: str) -> Object:
    about = {"apiVersion": "v1", "kind": "Pod", "namespace": pod.namespace, "name": pod.name, "uid": pod.uid}
    source = {"component": _COMPONENT, "host": node_name}
    return warning(
        about, refusal.reason, refusal.message, source, first=refusal.first, last=refusal.last, count=refusal.count
    )
