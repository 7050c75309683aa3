"""Tells that something may have changed, without keeping what: for whoever looks at a few objects and must not look too late.

Not here: the objects (who is told reads them).
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from kube.client import ApiError, ApiServer

_LOG: Final = logging.getLogger(__name__)
PAUSE_S: Final = 10.0


async def follow_changes(api: ApiServer, collection: str, name: str, changed: Callable[[], None]) -> None:
    """Call `changed` now, whenever the object `name` of a collection has changed, and every few minutes, until cancelled.

    Where the collection cannot be watched, `changed` is called every ten seconds.
    """
    query = {"fieldSelector": f"metadata.name={name}"}
    while True:
        try:
            listed = await api.page(collection, **query)
            changed()
            async for kind, _ in api.watch(collection, listed.version, **query):
                if kind != "BOOKMARK":
                    changed()
        except ApiError as error:
            if not error.expired:
                _LOG.debug("%s: not watched: %s", collection, error)
                await asyncio.sleep(PAUSE_S)
            changed()
