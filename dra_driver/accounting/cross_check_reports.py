"""Who is told of what the cross-check found: the log and the pod's events, and where it is configured, the pod is evicted.

The node's own processes, which are in no pod, and MPS servers stand in the log and are left alone. Sources: v1 Event, policy/v1
Eviction. Not here: what is found (dra_driver.accounting.cross_check), and pacing and repeats (dra_driver.outbox).
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dra_driver.accounting.cross_check import Finding, Reason
from dra_driver.accounting.process_pods import POD_LOGS, pod_named
from dra_driver.call import Call, Pod
from dra_driver.claims.pod_events import PodEvents, users_of
from dra_driver.configuration import CrossCheckPolicy
from dra_driver.outbox import Outbox
from dra_driver.shares.share import Claim
from kube.client import ApiServer

EVENT: Final = "CardUsedOutsideOfShare"
_LOG: Final = logging.getLogger(__name__)
_REMEDY: Final = "run the program with the container's own loader and its share, or give it a whole card"


@dataclass(frozen=True, slots=True)
class CrossCheckReports:
    """Reports of one node."""

    api: ApiServer
    outbox: Outbox
    events: PodEvents
    held: Callable[[], Collection[Claim]]
    policy: Callable[[], CrossCheckPolicy]
    pod_logs: Path = POD_LOGS

    def is_monitor(self, card_uuid: str, pod_uid: str | None) -> bool:
        """Whether a pod may look at a card: in its namespace is a claim with admin access to it (KEP-5018). One whose namespace cannot
        be known counts as such where there are any.
        """
        namespaces = {
            claim.namespace
            for claim in self.held()
            for share in claim.shares
            if share.admin_access and share.card_uuid == card_uuid
        }
        if not namespaces or pod_uid is None:
            return False
        pod = pod_named(pod_uid, self.pod_logs)
        return pod is None or pod.namespace in namespaces

    def report(self, finding: Finding) -> None:
        """Tell everybody once; call it in the event loop."""
        if finding.reason is Reason.MPS:
            _LOG.info("cross-check: %s", finding.message)
            return
        if finding.pod_uid is None and finding.share is None:
            _LOG.info("cross-check: %s: a process of the node itself", finding.message)
            return
        pod, claim = self._pod(finding), self._claim(finding)
        _LOG.warning(
            "cross-check (%s): %s: %s; %s", finding.reason, _words(finding, pod, claim), finding.message, _REMEDY
        )
        call = _call(finding, pod, claim)
        if call is not None:
            self.events.tell(call, EVENT, f"{finding.message}; {_REMEDY}")
            if self.policy() is CrossCheckPolicy.EVICT and finding.pod_uid is not None:
                key = f"eviction of pod {finding.pod_uid}"
                self.outbox.put(key, lambda: self._evict(call, finding.pod_uid))

    def _pod(self, finding: Finding) -> Pod | None:
        return pod_named(finding.pod_uid, self.pod_logs) if finding.pod_uid else None

    def _claim(self, finding: Finding) -> Claim | None:
        return next((claim for claim in self.held() if finding.share in claim.share_names), None)

    async def _evict(self, call: Call, pod_uid: str | None) -> None:
        """Ask for an eviction, which keeps to disruption budgets, of the very pod that the process is in."""
        for pod in call.pods or await users_of(self.api, call):
            if pod.uid == pod_uid:
                await self.api.create(f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}/eviction", _eviction(pod))
                _LOG.warning("cross-check: pod %s/%s (%s) is evicted", pod.namespace, pod.name, pod.uid)


def _call(finding: Finding, pod: Pod | None, claim: Claim | None) -> Call | None:
    """Return whom it is about: the pod where its name is known, else the users of the claim; None where neither is."""
    if pod is not None:
        return Call(pod.namespace, claim.name if claim else "-", claim.uid if claim else pod.uid, (pod,))
    return Call(claim.namespace, claim.name, claim.uid) if claim else None


def _words(finding: Finding, pod: Pod | None, claim: Claim | None) -> str:
    if pod is not None:
        return f"pod {pod.namespace}/{pod.name}"
    if claim is not None:
        return f"pod {claim.namespace}/{' or '.join(claim.pods) or finding.pod_uid}"
    return f"pod with UID {finding.pod_uid}"


def _eviction(pod: Pod) -> dict[str, Any]:
    return {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"namespace": pod.namespace, "name": pod.name},
        "deleteOptions": {"preconditions": {"uid": pod.uid}},
    }
