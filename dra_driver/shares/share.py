"""A share: one allocation result of a claim, as granted, and its name everywhere on the node. Pure values.

Not here: how they are read from a claim (dra_driver.claims.allocation), kept (dra_driver.claims.checkpoint) and given
(dra_driver.containers.edits).
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from catalog.names import MIB
from catalog.share_config import ShareConfig

_NAME_LIMIT: Final = 63
_DIGEST_LENGTH: Final = 16
_UID_LENGTH: Final = 36


@dataclass(frozen=True, slots=True)
class Share:
    """What one allocation result grants; `memory_bytes`, `cores_percent` and `slots` as consumed, never as requested."""

    name: str
    request: str
    """Of the claim, without subrequest."""
    pool: str
    device: str
    share_id: str | None
    """None for a device that is not shared."""
    card_uuid: str
    whole: bool
    """Whether this is the card itself, exclusive and without limits."""
    memory_bytes: int
    cores_percent: int
    """Of the card; 0 is not limited."""
    slots: int
    config: ShareConfig
    admin_access: bool = False
    """Whether it only looks at the card (KEP-5018): it holds nothing of it and has no limits."""
    mig_uuid: str | None = None
    """The MIG device of the card that this is, exclusive; what it takes of the card is not counted in memory, cores or slots."""

    memory_scaling: float = 1.0
    """What the shares of its card may hold together, in parts of the card's memory, when it was made; above 1 it is oversubscribed."""

    @property
    def is_managed(self) -> bool:
        """Whether its memory can be evicted from the card, which others then use."""
        return self.memory_scaling > 1 and self.config.oversubscribe

    @property
    def physical_bytes(self) -> int:
        """Its part of the memory that the card has in truth, in whole MiB: with those of all others never more than that."""
        if self.memory_scaling == 1:
            return self.memory_bytes
        return max(MIB, int(self.memory_bytes / self.memory_scaling) // MIB * MIB)

    @property
    def limit_bytes(self) -> int:
        """What its processes may hold together. A share that does not want to be evicted has its physical part alone."""
        return self.memory_bytes if self.is_managed else self.physical_bytes

    @property
    def is_limited(self) -> bool:
        """Whether it has pages and the interceptor: neither a whole card, nor a MIG device, nor a look at one does."""
        return not (self.whole or self.admin_access or self.mig_uuid)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim's shares on this node."""

    uid: str
    namespace: str
    name: str
    shares: tuple[Share, ...]
    pod_claim_name: str | None = None
    """What the pod calls a claim that was made from a template."""
    pods: tuple[str, ...] = ()
    """Names of the pods that it was reserved for when it was prepared; more may have come since."""

    @property
    def share_names(self) -> tuple[str, ...]:
        """What tells one allocation of the claim from another: shares are named after request, device and share id."""
        return tuple(share.name for share in self.shares)

    def __str__(self) -> str:
        return f"claim {self.namespace}/{self.name}"


def share_name(claim_uid: str, request: str, device: str, share_id: str | None) -> str:
    """Return the name of a share's CDI device and directory: at most 63 characters, beginning with the claim's UID.

    `<claim uid>-<request>-<device>[-<share id>]`, with all behind the UID replaced by its digest where it would be longer.
    """
    name = "-".join(part for part in (claim_uid, request, device, share_id) if part)
    if len(name) <= _NAME_LIMIT:
        return name
    return f"{claim_uid[:_UID_LENGTH]}-{hashlib.sha256(name.encode()).hexdigest()[:_DIGEST_LENGTH]}"
