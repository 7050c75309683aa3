"""A collection of the API server as it is now, followed by list and watch; of each object stays what its reader keeps.

Source: kubernetes.io/docs/reference/using-api/api-concepts ("Efficient detection of changes", "Retrieving large results sets in
chunks"). Not here: what is kept of an object, and what follows from a change.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from kube.client import ApiError, ApiServer, Object

_LOG: Final = logging.getLogger(__name__)
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0

Key = tuple[str, str]
"""Namespace (empty where there is none) and name of an object."""

Kept = TypeVar("Kept")


class Mirror(Generic[Kept]):
    """Follows the collection at `path` while `run` runs.

    While the API server is away, what was seen last stands. After every fault the whole is listed again, in pages, so that nothing is
    missed and no list is held in memory.
    """

    def __init__(
        self,
        api: ApiServer,
        path: str,
        read: Callable[[Object], Kept | None],
        changed: Callable[[Key, Kept | None, Kept | None], None] = lambda _key, _before, _after: None,
        *,
        page: int = 500,
        **query: str,
    ) -> None:
        """`read` returns what to keep of an object, None for nothing, and never raises; `changed` is told key, before and after,
        only where these differ. `page`: objects that are decoded at a time. `query`: selectors.
        """
        self._api = api
        self._path = path
        self._read = read
        self._changed = changed
        self._page = page
        self._query = query
        self._pause_s = _FIRST_PAUSE_S
        self._seen: dict[Key, Kept] = {}
        self.synced = asyncio.Event()
        """Set once all objects were seen for the first time."""

    @property
    def items(self) -> dict[Key, Kept]:
        """What is kept, by namespace and name; not to be changed."""
        return self._seen

    async def run(self) -> None:
        """Follow the collection until cancelled; API errors are logged and tried again with growing pauses."""
        while True:
            try:
                version = await self._list()
                self._pause_s = _FIRST_PAUSE_S
                while True:
                    version = await self._watch(version)
            except ApiError as error:
                if not error.expired:
                    _LOG.warning("%s: %s; trying again in %.1f s", self._path, error, self._pause_s)
                await asyncio.sleep(self._pause_s)
                self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)

    async def _list(self) -> str:
        """Take what there is, forget what there is no more, and return the version of the list."""
        found: set[Key] = set()
        more = {"limit": str(self._page)}
        while True:
            page = await self._api.page(self._path, **self._query, **more)
            found.update(self._take(item) for item in page.items)
            if not page.more:
                break
            more["continue"] = page.more
        for key in self._seen.keys() - found:
            self._keep(key, None)
        self.synced.set()
        return page.version

    async def _watch(self, version: str) -> str:
        """Follow changes until the server ends the watch; return the version to go on from."""
        async for event, item in self._api.watch(self._path, version, **self._query):
            version = str(item["metadata"]["resourceVersion"])
            if event == "DELETED":
                self._keep(_key(item), None)
            elif event != "BOOKMARK":
                self._take(item)
        return version

    def _take(self, item: Object) -> Key:
        key = _key(item)
        self._keep(key, self._read(item))
        return key

    def _keep(self, key: Key, after: Kept | None) -> None:
        before = self._seen.get(key)
        if before == after:
            return
        if after is None:
            del self._seen[key]
        else:
            self._seen[key] = after
        self._changed(key, before, after)


def _key(item: Object) -> Key:
    metadata = item["metadata"]
    return metadata.get("namespace", ""), metadata["name"]
