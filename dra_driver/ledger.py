"""The claims that are prepared: in memory for every check, on disk before anyone is told.

Calls of different claims run at once; whoever commits while a write is under way shares the next one.
Not here: what may be granted (dra_driver.occupancy), and the file's form (dra_driver.checkpoint).
"""

import asyncio
from collections.abc import Collection

from dra_driver.checkpoint import CheckpointFile, State
from dra_driver.share import Claim


class Ledger:
    """Claims by UID, with the checkpoint they are committed to. A change counts at once, and lasts after `commit`."""

    def __init__(self, file: CheckpointFile, state: State) -> None:
        self._file = file
        self._boot_id = state.boot_id
        self._claims = {claim.uid: claim for claim in state.claims}
        self._version = 0
        self._written = 0
        self._writing = asyncio.Lock()

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
        """Return when every change made before this call is on disk. After an error the next commit writes it again."""
        wanted = self._version
        async with self._writing:
            if self._written >= wanted:
                return
            version = self._version
            state = State(self._boot_id, tuple(self._claims.values()))
            await asyncio.to_thread(self._file.save, state)
            self._written = version
