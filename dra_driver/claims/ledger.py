"""The claims that are prepared: in memory for every check, on disk before anyone is told.

Changes are made in a turn (dra_driver.turns), which begins with what another driver of this node has written meanwhile. Whoever
commits while a write is under way shares the next one. Not here: what may be granted (dra_driver.claims.occupancy), and the file's form.
"""

import asyncio
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager

from dra_driver.claims.checkpoint import CheckpointFile, SeenFile, State, turns_lock
from dra_driver.shares.share import Claim
from dra_driver.turns import Turns


class Ledger:
    """Claims by UID, with the checkpoint they are committed to. A change counts at once, and lasts after `commit`."""

    def __init__(self, file: CheckpointFile, state: State) -> None:
        self._file = file
        self._seen = SeenFile(file.path)
        self._boot_id = state.boot_id
        self._claims = {claim.uid: claim for claim in state.claims}
        self._committed = state.claims
        self._promised = state.claims
        self._version = 0
        self._written = 0
        self._writing = asyncio.Lock()
        self._turns = Turns(turns_lock(file.path), self._refresh)

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Let no other driver change anything inside. Raises `CorruptStateError` when what another wrote cannot be trusted."""
        return self._turns.shared()

    def alone(self) -> AbstractAsyncContextManager[None]:
        """Let nobody else change anything inside, calls of this driver included; raises as `turn` does."""
        return self._turns.alone()

    @property
    def claims(self) -> Collection[Claim]:
        """All claims that hold something."""
        return self._claims.values()

    def get(self, uid: str) -> Claim | None:
        """Return a claim, or None if it is not prepared."""
        return self._claims.get(uid)

    def put(self, claim: Claim) -> None:
        """Record a claim."""
        self._claims[claim.uid] = claim
        self._version += 1

    def drop(self, uid: str) -> None:
        """Forget a claim; one that is not there is forgotten already."""
        if self._claims.pop(uid, None) is not None:
            self._version += 1

    async def commit(self) -> None:
        """Return when every change made before this call is on disk. After an error the next turn begins with what is there."""
        wanted = self._version
        async with self._writing:
            if self._written >= wanted:
                return
            version = self._version
            state = State(self._boot_id, tuple(self._claims.values()))
            if state.claims != self._committed:  # a claim that failed and was taken back changes nothing
                await asyncio.to_thread(self._save, state)
                self._committed = self._promised = state.claims
            self._written = version

    def _save(self, state: State) -> None:
        self._seen.forget()
        self._file.save(state)
        self._seen.look()

    def _refresh(self) -> None:
        """Take over what another driver has committed; what was not committed here was promised to nobody."""
        if self._seen.is_current():
            return
        state = self._file.load()
        self._version += 1
        if state is None:  # none yet, or somebody removed it: the next commit writes what was promised again
            self._committed = ()
        else:
            self._seen.look()
            self._committed = self._promised = state.claims
            self._written = self._version
        self._claims = {claim.uid: claim for claim in self._promised}
