"""What claims take in each namespace, and the decision whether one more may be made.

Quotas are followed always, claims from the first quota on that concerns us: without one, nothing is asked of the API server.
What was admitted and is not yet seen as a claim counts too, so that a burst of pods does not pass a quota. Only replicas do not know of
each other's; each claim is checked once more when it is made. Not here: what fits (webhook.quotas.quota).
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from catalog.errors import InvalidInputError, UnavailableError
from kube.client import ApiServer, Object
from kube.mirror import Key, Mirror
from webhook.conversion.rules import Rules
from webhook.quotas.charge import NOTHING, Charge, charge_of
from webhook.quotas.quota import Quota, check, concerns, read_quota

PROMISE_S: Final = 20.0
"""How long a pod that was admitted counts without a claim: something else may have refused it."""
_SYNC_S: Final = 3.0
"""How long an admission waits for the first look at claims: less than the API server waits for it (webhook.registration)."""
_PAGE: Final = 200


@dataclass(slots=True, eq=False)
class _Promise:
    """A claim that was admitted and has not been seen."""

    charge: Charge
    until_s: float


def _nothing_to_take_back() -> None:
    pass


class QuotaLedger:
    """Follows quotas and claims while `run` runs."""

    def __init__(
        self,
        api: ApiServer,
        rules: Callable[[], Rules],
        whole_mib: Callable[[], int | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`whole_mib`: what counts as all memory of a card, None where no card is known. `clock`: seconds that pass evenly."""
        self._rules = rules
        self._whole_mib = whole_mib
        self._clock = clock
        self._quotas: Mirror[Quota] = Mirror(api, "/api/v1/resourcequotas", read_quota, self._note_quota)
        self._claims: Mirror[Charge] = Mirror(
            api, "/apis/resource.k8s.io/v1/resourceclaims", _read_claim, self._note_claim, page=_PAGE
        )
        self._by_namespace: defaultdict[str, dict[str, Quota]] = defaultdict(dict)
        self._used: defaultdict[str, Charge] = defaultdict(Charge)
        self._promises: defaultdict[str, list[_Promise]] = defaultdict(list)
        self._needed, self._unneeded = asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        """Follow, until cancelled; claims only while there is a quota that counts them."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._quotas.run())
            while True:
                await self._needed.wait()
                following = group.create_task(self._claims.run())
                await self._unneeded.wait()
                following.cancel()
                self._claims.synced.clear()

    @property
    def is_synced(self) -> bool:
        """Whether all that is needed to decide was seen."""
        return self._quotas.synced.is_set() and (not self._needed.is_set() or self._claims.synced.is_set())

    def may_count(self, namespace: str) -> bool:
        """Whether a claim could be counted in the namespace: it has quotas of ours, or not all quotas were seen."""
        return not self._quotas.synced.is_set() or bool(self._ours(namespace))

    async def admit(self, namespace: str, spec: Mapping[str, Any], *, dry_run: bool = False) -> Callable[[], None]:
        """Count a claim of this spec that will be made, and return what takes that back.

        Raises `ForbiddenError` where a quota is exceeded, `UnavailableError` where what is in use is not known.
        """
        quotas = await self._concerned(namespace)
        charge = charge_of(spec) if quotas else NOTHING
        if charge == NOTHING:
            return _nothing_to_take_back
        self._check(quotas, namespace, charge)
        if dry_run:
            return _nothing_to_take_back
        promise = _Promise(charge, self._clock() + PROMISE_S)
        self._promises[namespace].append(promise)
        return lambda: self._take_back(namespace, promise)

    async def admit_claim(
        self, namespace: str, spec: Mapping[str, Any], *, is_for_pod: bool, dry_run: bool = False
    ) -> None:
        """Count a claim that is being made. One for a pod may be what was counted when the pod was admitted: then it counts once.

        Raises as `admit` does.
        """
        quotas = await self._concerned(namespace)
        charge = charge_of(spec) if quotas else NOTHING
        if charge == NOTHING:
            return
        promise = self._promise_of(namespace, charge) if is_for_pod else None
        if promise is not None and not dry_run:
            self._take_back(namespace, promise)
        await self.admit(namespace, spec, dry_run=dry_run)

    async def _concerned(self, namespace: str) -> list[Quota]:
        await _known(self._quotas, "ResourceQuotas")
        quotas = self._ours(namespace)
        if quotas:
            self._need()
            await _known(self._claims, "ResourceClaims")
        return quotas

    def _ours(self, namespace: str) -> list[Quota]:
        quotas = self._by_namespace.get(namespace)
        if quotas is None:
            return []
        rules = self._rules()
        return [quota for quota in quotas.values() if concerns(quota, rules)]

    def _check(self, quotas: list[Quota], namespace: str, charge: Charge) -> None:
        used = self._used.get(namespace, NOTHING)
        for promise in self._current_promises(namespace):
            used += promise.charge
        check(quotas, charge, used, self._rules(), self._whole_mib())

    def _current_promises(self, namespace: str) -> list[_Promise]:
        """Forget those that were not kept."""
        now_s = self._clock()
        current = [promise for promise in self._promises.get(namespace, ()) if promise.until_s > now_s]
        if current:
            self._promises[namespace] = current
        else:
            self._promises.pop(namespace, None)
        return current

    def _promise_of(self, namespace: str, charge: Charge) -> _Promise | None:
        return next((each for each in self._current_promises(namespace) if each.charge == charge), None)

    def _take_back(self, namespace: str, promise: _Promise) -> None:
        promises = self._promises.get(namespace, [])
        if promise in promises:
            promises.remove(promise)
            if not promises:
                del self._promises[namespace]

    def _note_quota(self, key: Key, _before: Quota | None, after: Quota | None) -> None:
        namespace, name = key
        if after is None:
            del self._by_namespace[namespace][name]
            if not self._by_namespace[namespace]:
                del self._by_namespace[namespace]
            if not any(
                concerns(each, self._rules()) for quotas in self._by_namespace.values() for each in quotas.values()
            ):
                self._needed.clear()
                self._unneeded.set()
            return
        self._by_namespace[namespace][name] = after
        if concerns(after, self._rules()):
            self._need()

    def _need(self) -> None:
        self._unneeded.clear()
        self._needed.set()

    def _note_claim(self, key: Key, before: Charge | None, after: Charge | None) -> None:
        namespace = key[0]
        used = self._used[namespace] + (after or NOTHING) - (before or NOTHING)
        if used == NOTHING:
            del self._used[namespace]
        else:
            self._used[namespace] = used
        promise = self._promise_of(namespace, after) if before is None and after else None
        if promise is not None:
            self._take_back(namespace, promise)


def _read_claim(item: Object) -> Charge | None:
    allocation = (item.get("status") or {}).get("allocation")
    try:
        charge = charge_of(item.get("spec") or {}, allocation)
    except InvalidInputError:  # of no form that we know: not ours
        return None
    return None if charge == NOTHING else charge


async def _known(mirror: Mirror[Any], what: str) -> None:
    if mirror.synced.is_set():
        return
    try:
        async with asyncio.timeout(_SYNC_S):
            await mirror.synced.wait()
    except TimeoutError as error:
        raise UnavailableError(f"the {what} of the cluster are not known yet; try again") from error
