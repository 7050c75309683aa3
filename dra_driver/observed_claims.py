"""The claims as the kubelet calls them, with everybody told who wants to know: metrics, claim status, events, log.

Not here: Prepare and Unprepare themselves (dra_driver.claims.prepare); what is told to whom stands in the modules named above.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from dra_driver.call import Call, current_call
from dra_driver.claims.allocation import users
from dra_driver.claims.pod_events import PodEvents
from dra_driver.claims.prepare import PreparedDevice
from dra_driver.claims.source import ClaimReference, ClaimSource
from dra_driver.claims.status import ClaimStatuses
from dra_driver.metrics import Metrics
from dra_driver.shares.context_room import REASON, too_small
from dra_driver.shares.share import Claim

_LOG: Final = logging.getLogger(__name__)


class ClaimsOfNode(Protocol):
    """Whoever prepares claims, and knows which are prepared."""

    @property
    def held(self) -> tuple[Claim, ...]:
        """The claims that hold something."""
        ...

    async def prepare(self, reference: ClaimReference) -> tuple[PreparedDevice, ...]:
        """Make a claim's devices ready."""
        ...

    async def unprepare(self, reference: ClaimReference) -> None:
        """Take a claim's devices back."""
        ...


@dataclass(frozen=True, slots=True)
class ObservedSource:
    """A source of claims; who waits for a claim is noted for the call that reads it."""

    source: ClaimSource

    async def get(self, reference: ClaimReference) -> Mapping[str, Any]:
        """Return the claim object."""
        claim = await self.source.get(reference)
        call = current_call()
        if call is not None:
            call.pods = users(claim)
        return claim


@dataclass(frozen=True, slots=True)
class ObservedClaims:
    """The claims of this node. What it reports is queued: no call waits for it, and none fails by it."""

    claims: ClaimsOfNode
    metrics: Metrics
    statuses: ClaimStatuses
    events: PodEvents
    context_bytes: Mapping[str, int] = field(default_factory=dict)
    """What a context is charged, by the card's UUID."""

    async def prepare(self, reference: ClaimReference) -> tuple[PreparedDevice, ...]:
        """Make a claim's devices ready; whoever waits for a claim that is refused is told."""
        try:
            with self.metrics.observing("prepare"):
                devices = await self.claims.prepare(reference)
        except Exception as error:
            self.events.refused(current_call() or _call(reference), error)
            raise
        for claim in self.claims.held:
            if claim.uid == reference.uid:
                self.statuses.prepared(claim)
                self._warn(reference, claim)
        return devices

    async def unprepare(self, reference: ClaimReference) -> None:
        """Take a claim's devices back."""
        with self.metrics.observing("unprepare"):
            await self.claims.unprepare(reference)
        self.statuses.unprepared(reference.uid)

    def _warn(self, reference: ClaimReference, claim: Claim) -> None:
        for message in too_small(claim, self.context_bytes):
            _LOG.warning("%s", message)
            self.events.tell(current_call() or _call(reference), REASON, message)


def _call(reference: ClaimReference) -> Call:
    return Call(reference.namespace, reference.name, reference.uid)
