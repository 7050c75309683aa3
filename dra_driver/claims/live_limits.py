"""The limits that are in force on a claim's shares, looked at and changed in place while its containers run.

What was granted stays what it is: limits are never above it, and it is in force again whenever the pages are made anew. Whether a
driver runs makes no difference. Not here: the command (cli.limit), and how pages are written (dra_driver.shares.pages).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from catalog.errors import CorruptStateError, InvalidInputError, UnavailableError
from catalog.names import CORES_PER_CARD, MIB
from catalog.share_config import CorePolicy
from dra_driver.claims.checkpoint import State, decode, turns_lock
from dra_driver.shares.folders import LIMITS, USAGE
from dra_driver.shares.limits_file import changing, limits_at
from dra_driver.shares.pages import Limits, change_limits, read_limits, read_totals
from dra_driver.shares.pages_layout import USAGE_HEADER_BYTES
from dra_driver.shares.share import Claim, Share
from dra_driver.single_turn import single_turn

_NAMED_CLAIMS: Final = 8


@dataclass(frozen=True, slots=True)
class Target:
    """The shares that are meant: of one claim, by its namespace and name, all or those of one request."""

    namespace: str
    claim: str
    request: str | None = None

    def __str__(self) -> str:
        return f"claim {self.namespace}/{self.claim}" + (f", request {self.request}" if self.request else "")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be in force on each share, that is on each card of the request; None: what is in force now."""

    memory_mib: int | None = None
    cores_percent: int | None = None
    """0 is not limited."""


@dataclass(frozen=True, slots=True)
class LiveShare:
    """One share of a claim: what it was granted, what is in force on it, and what it uses."""

    claim: Claim
    share: Share
    in_force: Limits
    used_bytes: int

    def __str__(self) -> str:
        return f"{self.claim}, request {self.share.request} ({self.share.device})"


class LiveLimits:
    """The limits of one node's claims, by the checkpoint of its drivers. Each call takes their turn, and so waits for calls under way.

    All raise `InvalidInputError` for what cannot be had, `UnavailableError` and `CorruptStateError` for files that cannot be used.
    """

    def __init__(self, checkpoint: Path, shares_folder: Path, boot_id: UUID) -> None:
        self._checkpoint = checkpoint
        self._folder = shares_folder
        self._boot_id = boot_id

    def of(self, target: Target) -> tuple[LiveShare, ...]:
        """Return the shares that have limits."""
        with self._turn():
            return self._find(target)

    def change(self, target: Target, wish: Wish) -> tuple[LiveShare, ...]:
        """Put a wish in force on all these shares, or, where it cannot be had of one, on none; return them as they are then."""
        with self._turn():
            found = self._find(target)
            for live in found:
                check_wish(live, wish)
            self._put_in_force(found, lambda live: wished(live.in_force, wish))
            return self._find(target)

    def reset(self, target: Target) -> tuple[LiveShare, ...]:
        """Put what was granted in force again; return the shares as they are then."""
        with self._turn():
            self._put_in_force(self._find(target), lambda live: (live.share.limit_bytes, live.share.cores_percent))
            return self._find(target)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let no driver change anything inside, and say errors of the disk in words."""
        if not self._checkpoint.is_file():
            raise UnavailableError(
                f"{self._checkpoint}: is not there; run this on the claim's node, in the driver's container, with its --kubelet-dir"
            )
        try:
            with single_turn(turns_lock(self._checkpoint)):
                yield
        except OSError as error:
            raise UnavailableError(
                f"{error.filename or self._checkpoint}: {error.strerror}; run as root, with the --state-dir of the driver"
            ) from error

    def _find(self, target: Target) -> tuple[LiveShare, ...]:
        claims = self._state().claims
        named = [claim for claim in claims if (claim.namespace, claim.name) == (target.namespace, target.claim)]
        if not named:
            raise InvalidInputError(f"{target}: is not prepared on this node; {_prepared(claims)}")
        shares = [
            (claim, share) for claim in named for share in claim.shares if target.request in (None, share.request)
        ]
        if not shares:
            requests = ", ".join(sorted({share.request for claim in named for share in claim.shares}))
            raise InvalidInputError(f"{target}: there is no such request; write --request with one of {requests}")
        limited = tuple(self._read(claim, share) for claim, share in shares if share.is_limited)
        if not limited:
            raise InvalidInputError(
                f"{target}: has no limits: whole cards, MIG devices and looks at cards have none; ask for a share"
            )
        return limited

    def _state(self) -> State:
        """Return what the drivers have committed; unlike a driver, nothing is set aside."""
        try:
            state = decode(self._checkpoint.read_bytes())
        except CorruptStateError as error:
            raise CorruptStateError(
                f"checkpoint {self._checkpoint}: {error}; the driver's log says how this node is resolved"
            ) from error
        if state.boot_id != self._boot_id:
            raise UnavailableError(
                f"checkpoint {self._checkpoint}: the machine was booted since, and what was granted is in force again once the driver has"
                " started; start it first"
            )
        return state

    def _read(self, claim: Claim, share: Share) -> LiveShare:
        folder = self._folder / share.name
        limits = read_limits((folder / LIMITS).read_bytes())
        with (folder / USAGE).open("rb", buffering=0) as usage:
            totals = read_totals(usage.read(USAGE_HEADER_BYTES))
        return LiveShare(claim, share, limits, totals.used_bytes)

    def _put_in_force(self, shares: Sequence[LiveShare], wanted: Callable[[LiveShare], tuple[int, int]]) -> None:
        for live in shares:
            memory_bytes, cores_percent = wanted(live)
            with changing(self._folder / live.share.name) as page:
                now = limits_at(page)
                if (now.memory_bytes, now.cores_percent) != (memory_bytes, cores_percent):
                    change_limits(
                        page,
                        memory_bytes=memory_bytes,
                        cores_percent=cores_percent,
                        priority=now.priority,
                        policy=now.policy,
                        weight=now.weight,
                    )


def wished(in_force: Limits, wish: Wish) -> tuple[int, int]:
    """Return the memory in bytes and the cores in percent that a wish puts in force."""
    memory_bytes = in_force.memory_bytes if wish.memory_mib is None else wish.memory_mib * MIB
    cores_percent = in_force.cores_percent if wish.cores_percent is None else wish.cores_percent
    return memory_bytes, cores_percent


def check_wish(live: LiveShare, wish: Wish) -> None:
    """Raise `InvalidInputError`, naming claim, request, field, what was granted and the remedy, where a wish cannot be had."""
    if wish.memory_mib is not None:
        _check_memory(live, wish.memory_mib)
    if wish.cores_percent is not None:
        _check_cores(live, wish.cores_percent)


def _check_memory(live: LiveShare, memory_mib: int) -> None:
    granted_mib = live.share.limit_bytes // MIB
    if memory_mib <= 0:
        raise InvalidInputError(f"{live}: memory {memory_mib}: write MiB from 1 to {granted_mib}")
    if memory_mib > granted_mib:
        raise InvalidInputError(
            f"{live}: memory {memory_mib} MiB is more than the {granted_mib} MiB that were granted (consumedCapacity.memory); write at most"
            " that, or let the pod ask for more in a new claim"
        )


def _check_cores(live: LiveShare, cores_percent: int) -> None:
    granted = live.share.cores_percent
    if not 0 <= cores_percent <= CORES_PER_CARD:
        raise InvalidInputError(f"{live}: cores {cores_percent}: write percent of the card from 0 (not limited) to 100")
    if live.in_force.fixed_cores and cores_percent != live.in_force.cores_percent:
        raise InvalidInputError(
            f"{live}: cores are fixed while the container runs, since its ShareConfig has liveCores: false; leave that out in a new claim"
        )
    if granted and not 1 <= cores_percent <= granted:
        above = "0 is not limited, and so" if cores_percent == 0 else f"cores {cores_percent} is"
        raise InvalidInputError(
            f"{live}: {above} more than the {granted} percent that were granted (consumedCapacity.cores); write 1 to {granted}, or let the"
            " pod ask for more in a new claim"
        )


def remarks(live: LiveShare) -> Iterator[str]:
    """Yield what somebody who set these limits may not expect of them."""
    limits = live.in_force
    if live.used_bytes + limits.overhead_bytes > limits.memory_bytes:
        yield f"{live}: uses more memory than its limit, keeps it, and is refused more until it has freed enough"
    if limits.memory_bytes < limits.context_bytes:
        yield (
            f"{live}: no CUDA program can start, since a context takes {limits.context_bytes // MIB} MiB; programs that run go on"
        )
    if limits.cores_percent and limits.policy is CorePolicy.DISABLE:
        yield f"{live}: cores are not held, since its core policy is disable"


def _prepared(claims: Sequence[Claim]) -> str:
    names = sorted({f"{claim.namespace}/{claim.name}" for claim in claims})
    if not names:
        return "none is. `kubectl get resourceclaim NAME -o yaml` names the node (status.allocation)"
    more = ", …" if len(names) > _NAMED_CLAIMS else ""
    return f"there are: {', '.join(names[:_NAMED_CLAIMS])}{more}"
