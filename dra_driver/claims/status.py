"""What people read of a prepared claim: `status.devices` with what was granted, and a condition Ready.

Source: resource.k8s.io/v1, AllocatedDeviceStatus (KEP-4817); kubectl splits camel case, so keys of `data` are single words.
Written by server-side apply, in the background. Not here: pacing and repeats (dra_driver.outbox).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from catalog.names import DRIVER
from catalog.quantity import format_quantity
from dra_driver.outbox import Outbox
from dra_driver.shares.share import Claim, Share
from dra_driver.slices.plan import API_VERSION
from kube.client import APPLY_PATCH, ApiError, ApiServer

_READY: Final = "Ready"


def device_statuses(claim: Claim, since: datetime) -> list[dict[str, Any]]:
    """Return the entries of `status.devices` for a claim that is prepared since then."""
    return [_device_status(share, since) for share in claim.shares]


class ClaimStatuses:
    """Reports on the claims of this node."""

    def __init__(self, api: ApiServer, outbox: Outbox) -> None:
        self._api = api
        self._outbox = outbox
        self._reported: dict[str, tuple[str, ...]] = {}
        """Claim UID → the shares that were reported: a repeated Prepare changes nothing."""

    def prepared(self, claim: Claim) -> None:
        """Have it written that the claim is ready, unless that was done."""
        if self._reported.get(claim.uid) == claim.share_names:
            return
        self._reported[claim.uid] = claim.share_names
        since = datetime.now(UTC)
        self._outbox.put(_key(claim.uid), lambda: self._write(claim, since))

    def resume(self, claims: Iterable[Claim]) -> None:
        """Have written what an earlier driver had no time to report of claims that it prepared."""
        for claim in claims:
            self._reported[claim.uid] = claim.share_names
            self._outbox.put(_key(claim.uid), lambda claim=claim: self._write_missing(claim))  # type: ignore[misc]

    def unprepared(self, claim_uid: str) -> None:
        """Report nothing more of a claim; Kubernetes clears its status when it takes the devices back."""
        self._reported.pop(claim_uid, None)
        self._outbox.discard(_key(claim_uid))

    async def _write_missing(self, claim: Claim) -> None:
        try:
            found = await self._api.get(_path(claim))
        except ApiError as error:
            if error.not_found:
                return
            raise
        if found["metadata"]["uid"] == claim.uid and not _reports(found, claim):
            await self._write(claim, datetime.now(UTC))

    async def _write(self, claim: Claim, since: datetime) -> None:
        document = {
            "apiVersion": API_VERSION,
            "kind": "ResourceClaim",
            "metadata": {"namespace": claim.namespace, "name": claim.name, "uid": claim.uid},
            "status": {"devices": device_statuses(claim, since)},
        }
        try:
            await self._api.patch(f"{_path(claim)}/status", document, APPLY_PATCH, fieldManager=DRIVER, force="true")
        except ApiError as error:
            if not (error.not_found or error.conflict):  # gone, or gone and made anew
                raise


def _device_status(share: Share, since: datetime) -> dict[str, Any]:
    condition = {
        "type": _READY,
        "status": "True",
        "reason": "Prepared",
        "message": _words(share),
        "lastTransitionTime": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return {
        "driver": DRIVER,
        "pool": share.pool,
        "device": share.device,
        **({"shareID": share.share_id} if share.share_id else {}),
        "conditions": [condition],
        "data": {
            "card": share.card_uuid,
            **({"mig": share.mig_uuid} if share.mig_uuid else {}),
            **({} if share.admin_access else _granted(share)),
        },
    }


def _words(share: Share) -> str:
    if share.admin_access:
        return "the card can be looked at, nothing of it is held"
    if share.mig_uuid:
        return "the MIG device is the container's own"
    if share.whole:
        return "the card is the container's own"
    evicted = "; the card is oversubscribed, and its memory may be evicted to the host's" if share.is_managed else ""
    return f"the share is ready, its memory is held to the limit{evicted}"


def _granted(share: Share) -> dict[str, str]:
    if share.mig_uuid:
        return {"memory": format_quantity(share.memory_bytes)}
    return {
        "memory": format_quantity(share.limit_bytes),
        "cores": str(share.cores_percent) if share.cores_percent else "unlimited",
    }


def _reports(document: dict[str, Any], claim: Claim) -> bool:
    """Whether a claim object has an entry for every share."""
    entries = (document.get("status") or {}).get("devices") or []
    found = {(entry.get("pool"), entry.get("device"), entry.get("shareID")) for entry in entries}
    return all((share.pool, share.device, share.share_id) in found for share in claim.shares)


def _path(claim: Claim) -> str:
    return f"/apis/{API_VERSION}/namespaces/{claim.namespace}/resourceclaims/{claim.name}"


def _key(claim_uid: str) -> str:
    return f"status of claim {claim_uid}"
