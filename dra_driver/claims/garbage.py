"""What nobody needs any more, removed at start and once an hour: lost claims, files without a claim, old libraries, dead sockets.

A claim is lost when the kubelet's own state does not know it and the API server says that it does not exist. Whatever cannot be
asked leaves everything as it is; a claim that exists, reserved or not, is never touched. Not here: the repair of a start.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import HamiError
from dra_driver.claims.prepare import Node, PreparedClaims, RefusedClaims
from dra_driver.claims.recovery import remove_orphans
from dra_driver.claims.source import ClaimGoneError, ClaimReference, ClaimSource
from dra_driver.containers.library import remove_unused_versions
from dra_driver.instances import Presence
from dra_driver.shares.share import Claim

KUBELET_STATE: Final = "dra_manager_state"
"""Where the kubelet keeps the claims that it has asked drivers to prepare, below its root folder (kubelet, pkg/kubelet/cm/dra)."""

_LOG: Final = logging.getLogger(__name__)
_INTERVAL_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Garbage:
    """What may be left over on one node."""

    node: Node
    claims: PreparedClaims | RefusedClaims
    source: ClaimSource
    presence: Presence
    kubelet_state: Path
    libraries: Path
    """The folder of library versions."""

    async def run(self) -> None:
        """Collect now and then once an hour, for ever; what fails is tried again an hour later."""
        while True:
            try:
                await self.collect()
            except (HamiError, OSError) as error:
                _LOG.warning("garbage: %s; trying again in an hour", error)
            await asyncio.sleep(_INTERVAL_S)

    async def collect(self) -> None:
        """Remove everything that nobody needs. Raises `HamiError` or `OSError` when something of it cannot be done."""
        self.presence.remove_dead()
        if isinstance(self.claims, RefusedClaims):
            return  # what is needed is not known
        async with self.claims.quiet():
            await asyncio.to_thread(self._remove_files, self.claims.held)
            held = self.claims.held
        for claim in await self._lost(held):
            _LOG.warning("%s (%s) is gone, and the kubelet does not know it: released", claim, claim.uid)
            await self.claims.unprepare(_reference(claim))

    def _remove_files(self, held: tuple[Claim, ...]) -> None:
        """Remove what a killed driver left, and what only released claims had; while nobody prepares."""
        self.node.folders.make_ready()
        self.node.specs.remove_unfinished()
        remove_orphans(self.node, held)
        for version in remove_unused_versions(self.libraries, self.node.specs.texts()):
            _LOG.info("removed version %s of the interceptor, which no claim uses", version)

    async def _lost(self, held: tuple[Claim, ...]) -> list[Claim]:
        """Return the claims that exist nowhere. The kubelet is asked before and after: it may just be recording a claim that was
        deleted by force.
        """
        gone = [claim for claim in self._unknown_to_the_kubelet(held) if await self._is_gone(claim)]
        return self._unknown_to_the_kubelet(gone)

    def _unknown_to_the_kubelet(self, claims: Sequence[Claim]) -> list[Claim]:
        """Return the claims whose UID stands nowhere in the kubelet's state; none where there is no state to look at."""
        if not claims:
            return []
        try:
            known = self.kubelet_state.read_bytes()
        except OSError as error:
            _LOG.warning("garbage: %s: %s; lost claims are not looked for", self.kubelet_state, error.strerror)
            return []
        return [claim for claim in claims if claim.uid.encode() not in known]

    async def _is_gone(self, claim: Claim) -> bool:
        try:
            await self.source.get(_reference(claim))
        except ClaimGoneError:
            return True
        except HamiError as error:
            _LOG.warning("garbage: %s is kept: %s", claim, error)
        return False


def _reference(claim: Claim) -> ClaimReference:
    return ClaimReference(claim.namespace, claim.name, claim.uid)
