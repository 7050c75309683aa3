"""Prepare and Unprepare: what turns an allocated claim into files that a container gets, and back.

Share directories, then checkpoint, then CDI spec, then the answer; a crash between any two is repaired by the same call again,
or at the next start (dra_driver.claims.recovery). Every call is idempotent. Not here: the kubelet's protocol (dra_driver.kubelet).
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeVar
from weakref import WeakValueDictionary

import msgspec

from catalog.errors import CorruptStateError, UnavailableError
from catalog.share_config import CorePolicy
from cdi.store import SpecStore
from dra_driver.cards.card import Card
from dra_driver.claims.allocation import is_uid, read_claim, users_of
from dra_driver.claims.ledger import Ledger
from dra_driver.claims.occupancy import check_room
from dra_driver.claims.source import ClaimReference, ClaimSource
from dra_driver.configuration import NodeConfiguration
from dra_driver.containers.device_metadata import remove_metadata, write_metadata
from dra_driver.containers.edits import NodeFiles, cdi_device, claim_spec
from dra_driver.disk_work import DiskWork
from dra_driver.shares.folders import ShareFolders
from dra_driver.shares.share import Claim, Share
from dra_driver.slices.oversubscription import factor_of, factors_held

_LOG: Final = logging.getLogger(__name__)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class PreparedDevice:
    """One device of the answer to the kubelet."""

    request: str
    pool: str
    device: str
    cdi_device: str
    share_id: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """What does not change while the driver runs, and where to ask for the one thing that does."""

    name: str
    cards: Sequence[Card]
    files: NodeFiles
    folders: ShareFolders
    specs: SpecStore
    configuration: Callable[[], NodeConfiguration] = NodeConfiguration
    """Returns what is in force now."""
    latest_files: Callable[[], NodeFiles] | None = None
    """Returns `files` as they are now; None where they stay as they are."""

    def files_now(self) -> NodeFiles:
        """Return what a claim that is prepared now is given."""
        return self.files if self.latest_files is None else self.latest_files()


class PreparedClaims:
    """The claims of this node. Calls may be cancelled; what they began is finished all the same."""

    def __init__(self, node: Node, source: ClaimSource, ledger: Ledger) -> None:
        self._node = node
        self._source = source
        self._ledger = ledger
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._running: set[asyncio.Task[Any]] = set()
        self._disk = DiskWork()

    async def prepare(self, reference: ClaimReference) -> tuple[PreparedDevice, ...]:
        """Make the devices of a claim ready; the same answer each time. Raises `HamiError` for this claim alone."""
        document = await self._source.get(reference)
        claim = self._configured(read_claim(document, self._node.name, self._cards()))
        await self._finish(self._grant(claim))
        _LOG.info(
            "%s: prepared %s for %s", reference, ", ".join(share.device for share in claim.shares), users_of(document)
        )
        return tuple(
            PreparedDevice(share.request, share.pool, share.device, cdi_device(share), share.share_id)
            for share in claim.shares
        )

    async def unprepare(self, reference: ClaimReference) -> None:
        """Take the devices of a claim back; one that is not prepared is so already. The claim object may be gone."""
        if is_uid(reference.uid):  # nothing was ever prepared for anything else
            await self._finish(self._release(reference.uid))
        _LOG.info("%s: unprepared", reference)

    @property
    def held(self) -> tuple[Claim, ...]:
        """The claims that are prepared; exact inside `quiet`, else as this driver last saw them. May be asked from any thread."""
        return tuple(self._ledger.claims)

    def quiet(self) -> AbstractAsyncContextManager[None]:
        """Let no call of any driver of this node change anything inside."""
        return self._ledger.alone()

    async def drain(self) -> None:
        """Return when every call that has begun to change something has finished it."""
        while self._running:
            await asyncio.wait(self._running)

    def _cards(self) -> tuple[Card, ...]:
        """Return every card there is: those that are not offered any more may still be held."""
        configuration = self._node.configuration()
        return tuple(configuration.with_memory(card) for card in self._node.cards)

    def _configured(self, claim: Claim) -> Claim:
        """Return the claim as this node grants it: without limits on compute where the node has none."""
        if not self._node.configuration().disable_core_limit:
            return claim
        return replace(claim, shares=tuple(_without_core_limit(share) for share in claim.shares))

    def _scaled(self, claim: Claim) -> Claim:
        """Return the claim with the factors at which shares of its cards are made now."""
        held, configuration = factors_held(self._ledger.claims), self._node.configuration()
        factors = {card.uuid: factor_of(card, configuration, held) for card in self._node.cards}
        return replace(
            claim,
            shares=tuple(
                replace(share, memory_scaling=factors[share.card_uuid]) if share.is_limited else share
                for share in claim.shares
            ),
        )

    async def _grant(self, claim: Claim) -> None:
        async with self._lock(claim.uid), self._ledger.turn():
            granted = await self._reserve(claim)
            await _on_disk(self._disk.run(partial(self._create_folders, granted)))
            await _on_disk(self._ledger.commit())
            await _on_disk(self._disk.run(partial(self._write_spec, granted)))

    async def _reserve(self, claim: Claim) -> Claim:
        """Return the claim as it is held from now on: as it was granted before, if this is the same allocation."""
        held = self._ledger.get(claim.uid)
        if held is not None and _allocated(held) == _allocated(claim):
            return held
        if held is not None:
            await self._forget(claim.uid)  # allocated anew: whoever held it before is gone from the API server
        claim = self._scaled(claim)
        cores_percent = self._node.configuration().cores_percent
        check_room(claim, self._ledger.claims, self._cards(), cores_percent)
        self._ledger.put(claim)
        return claim

    async def _release(self, uid: str) -> None:
        async with self._lock(uid), self._ledger.turn():
            await self._forget(uid)

    async def _forget(self, uid: str) -> None:
        """Remove files first: a crash in between leaves a claim that the next start makes whole and the kubelet takes back."""
        await _on_disk(self._disk.run(partial(self._remove_files, uid)))
        self._ledger.drop(uid)
        await _on_disk(self._ledger.commit())

    def _create_folders(self, claim: Claim) -> None:
        for share in claim.shares:
            if share.is_limited:
                self._node.folders.create(share, self._node.configuration().strict)

    def _write_spec(self, claim: Claim) -> None:
        """Write the spec, and before it the metadata files that it mounts."""
        write_metadata(self._node.files.metadata, claim, self._node.cards)
        self._node.specs.write(claim.uid, claim_spec(claim, self._node.files_now()))

    def _remove_files(self, uid: str) -> None:
        self._node.specs.delete(uid)
        remove_metadata(self._node.files.metadata, uid)
        for name in self._node.folders.of_claim(uid):
            self._node.folders.remove(name)

    def _lock(self, uid: str) -> asyncio.Lock:
        return self._locks.setdefault(uid, asyncio.Lock())

    async def _finish(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Await `work`, which goes on to its end when the caller is cancelled: the kubelet hangs up after 45 s."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _LOG.debug("a call ended with %s", task.exception())


class RefusedClaims:
    """The claims of a node whose checkpoint cannot be trusted: nothing is prepared and nothing released."""

    def __init__(self, reason: CorruptStateError) -> None:
        self._reason = reason

    @property
    def held(self) -> tuple[Claim, ...]:
        """None: what is held here is not known."""
        return ()

    async def prepare(self, reference: ClaimReference) -> tuple[PreparedDevice, ...]:
        """Refuse."""
        raise CorruptStateError(f"{reference}: refused: {self._reason}")

    async def unprepare(self, reference: ClaimReference) -> None:
        """Refuse: what the claim holds is not known."""
        raise CorruptStateError(f"{reference}: refused: {self._reason}")

    async def drain(self) -> None:
        """Return at once: nothing was begun."""


def _allocated(claim: Claim) -> list[tuple[str, str | None]]:
    """Return what tells one allocation of a claim from another; a MIG device that was made anew is another one."""
    return [(share.name, share.mig_uuid) for share in claim.shares]


def _without_core_limit(share: Share) -> Share:
    return replace(share, config=msgspec.structs.replace(share.config, core_policy=CorePolicy.DISABLE))


async def _on_disk(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Await `work`, with errors of the disk in words for the pod's event."""
    try:
        return await work
    except OSError as error:
        raise UnavailableError(
            f"{error.filename or 'disk'}: {error.strerror or error}; is the disk of the node full or read-only?"
        ) from error
