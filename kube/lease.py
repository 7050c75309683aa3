"""A Lease: of several replicas, one that does what is to be done once.

Source: coordination.k8s.io/v1. Clocks of machines are not compared: a holder that falls silent is judged by the time that has passed
here since its last sign, and one that holds stops believing so before that time is over anywhere. Not here: what is done.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from kube.client import ApiError, ApiServer, Object

DURATION_S: Final = 60
_RENEW_S: Final = 15.0
_MARGIN_S: Final = 10.0
"""By how much a holder stops earlier than others may begin: for calls under way, and clocks that run unevenly."""

_LOG: Final = logging.getLogger(__name__)


class Lease:
    """One Lease, taken and renewed for `identity` while `run` runs, and given back when that is cancelled."""

    def __init__(
        self,
        api: ApiServer,
        namespace: str,
        name: str,
        identity: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock`: seconds that pass evenly. `identity` must be another for each process."""
        self._api = api
        self._collection = f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases"
        self._name = name
        self._identity = identity
        self._clock = clock
        self._held_until = float("-inf")
        self._last_sign: tuple[str, float] = ("", 0.0)
        """The version in which the Lease was last seen to be another's, and when that one was seen first."""

    @property
    def is_held(self) -> bool:
        """Whether nobody else can hold it now."""
        return self._clock() < self._held_until

    async def run(self, pause_s: float = _RENEW_S) -> None:
        """Take it when it is free, and renew it, until cancelled; API errors are tried again."""
        try:
            while True:
                with suppress(ApiError):
                    await self.look()
                await asyncio.sleep(pause_s)
        finally:
            await self._give_back()

    async def look(self) -> None:
        """Take or renew the Lease if it may be; raises `ApiError`, but not where another was faster."""
        began, was_held = self._clock(), self.is_held
        try:
            lease = await self._read()
            if lease is None:
                await self._api.create(self._collection, self._manifest())
            elif self._may_take(lease):
                await self._write(lease["metadata"]["resourceVersion"], self._claim(lease["spec"]))
            else:
                self._held_until = float("-inf")
                return
        except ApiError as error:
            if error.conflict:
                return
            _LOG.warning("lease %s: %s", self._name, error)
            raise
        self._held_until = began + DURATION_S - _MARGIN_S
        if not was_held:
            _LOG.info("lease %s: held by this replica, %s", self._name, self._identity)

    async def _read(self) -> Object | None:
        try:
            return await self._api.get(f"{self._collection}/{self._name}")
        except ApiError as error:
            if error.not_found:
                return None
            raise

    def _may_take(self, lease: Object) -> bool:
        holder = lease["spec"].get("holderIdentity")
        if not holder or holder == self._identity:
            return True
        version = str(lease["metadata"]["resourceVersion"])
        if version != self._last_sign[0]:
            self._last_sign = (version, self._clock())
        duration_s = lease["spec"].get("leaseDurationSeconds") or DURATION_S
        return self._clock() - self._last_sign[1] > duration_s

    def _claim(self, spec: Object) -> dict[str, Any]:
        now = _now()
        if spec.get("holderIdentity") == self._identity:
            return {"renewTime": now, "leaseDurationSeconds": DURATION_S}
        transitions = int(spec.get("leaseTransitions") or 0) + 1
        return self._terms() | {"acquireTime": now, "renewTime": now, "leaseTransitions": transitions}

    async def _write(self, version: str, spec: dict[str, Any]) -> None:
        patch = {"metadata": {"resourceVersion": version}, "spec": spec}
        await self._api.patch(f"{self._collection}/{self._name}", patch)

    async def _give_back(self) -> None:
        """Let the next one begin at once. Where that fails, it waits."""
        if not self.is_held:
            return
        self._held_until = float("-inf")
        with suppress(ApiError):
            lease = await self._read()
            if lease and lease["spec"].get("holderIdentity") == self._identity:
                await self._write(lease["metadata"]["resourceVersion"], {"holderIdentity": None, "renewTime": _now()})

    def _terms(self) -> dict[str, Any]:
        return {"holderIdentity": self._identity, "leaseDurationSeconds": DURATION_S}

    def _manifest(self) -> dict[str, Any]:
        now = _now()
        return {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": {"name": self._name},
            "spec": self._terms() | {"acquireTime": now, "renewTime": now, "leaseTransitions": 0},
        }


def _now() -> str:
    """For people: nothing is decided by it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
