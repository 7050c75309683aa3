"""Keeps the node's ResourceSlices as they should be: writes them, sees what the server made of them, and repairs them.

The kubelet deletes them when it starts and after 30 s without the driver, so deletions are watched, not foreseen.
Not here: what they should be (dra_driver.slices).
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from catalog.names import DRIVER
from dra_driver.card import Card
from dra_driver.slices import (
    API_VERSION,
    Content,
    Create,
    Delete,
    Pool,
    Update,
    Write,
    dropped_fields,
    exclusive_contents,
    plan,
    shared_contents,
)
from kube.client import ApiError, ApiServer, Object

_LOG: Final = logging.getLogger(__name__)
_SLICES: Final = f"/apis/{API_VERSION}/resourceslices"
_SETTLE_S: Final = 0.2
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0
_SUPERSEDED_S: Final = 5.0


class DroppedFieldsError(Exception):
    """The server stored a slice without some of its fields: sharing is turned off there."""


class Publisher:
    """Publishes the cards of one node until it is cancelled."""

    def __init__(
        self,
        api: ApiServer,
        node_name: str,
        cards: Sequence[Card],
        split_count: int,
        is_newest: Callable[[], bool] = lambda: True,
    ) -> None:
        self._api = api
        self._is_newest = is_newest
        self._node_name = node_name
        self._cards = cards
        self._contents: tuple[Content, ...] = shared_contents(cards, split_count)
        self._pause_s = _FIRST_PAUSE_S
        self.published = asyncio.Event()
        """Set when the server has the slices as they should be for the first time."""

    async def run(self) -> None:
        """Publish, watch and repair, for ever; API errors are retried with growing pauses."""
        while True:
            try:
                await self._publish_and_watch()
            except DroppedFieldsError as error:
                self._share_no_more(error)
                await self._pause()
            except ApiError as error:
                _LOG.warning("slices: %s; trying again in %.1f s", error, self._pause_s)
                await self._pause()

    async def _publish_and_watch(self) -> None:
        observed, resource_version = await self._list()
        pool = Pool(self._node_name, await self._read_node_uid(), self._contents)
        writes = plan(pool, observed)
        if writes and not self._is_newest():
            _LOG.info("slices: left to a newer driver of this node")
            await asyncio.sleep(_SUPERSEDED_S)
            return
        for write in writes:
            await self._apply(write)
        if writes:
            observed, resource_version = await self._list()
            if plan(pool, observed):
                raise ApiError(0, "the API server does not keep the slices as they were written")
        if writes or not self.published.is_set():
            _LOG.info("slices: published %d for node %s", len(pool.contents), self._node_name)
        self._pause_s = _FIRST_PAUSE_S
        self.published.set()
        await self._watch(pool, observed, resource_version)
        await asyncio.sleep(_SETTLE_S)  # whoever changed slices may not be done: the kubelet deletes them one by one

    async def _read_node_uid(self) -> str:
        """Ask each time: slices that belong to a node of the same name that was deleted are collected as garbage."""
        try:
            node = await self._api.get(f"/api/v1/nodes/{self._node_name}")
        except ApiError as error:
            if error.not_found:
                words = f"node {self._node_name} does not exist; has its kubelet registered, and is --node-name right?"
                raise ApiError(error.status, words) from error
            raise
        return str(node["metadata"]["uid"])

    async def _list(self) -> tuple[list[Object], str]:
        answer = await self._api.get(_SLICES, fieldSelector=self._selector)
        return answer.get("items") or [], answer["metadata"]["resourceVersion"]

    async def _apply(self, write: Write) -> None:
        match write:
            case Delete():
                await self._delete(write)
            case Update():
                stored = await self._api.patch(f"{_SLICES}/{write.name}", write.patch)
                _check_kept(write.patch, stored)
            case Create():
                stored = await self._api.create(_SLICES, write.manifest)
                _check_kept(write.manifest, stored)
        _LOG.debug("slices: %s", type(write).__name__)

    async def _delete(self, write: Delete) -> None:
        preconditions = {"preconditions": {"uid": write.uid, "resourceVersion": write.resource_version}}
        try:
            await self._api.delete(f"{_SLICES}/{write.name}", preconditions)
        except ApiError as error:
            if not error.not_found:
                raise

    async def _watch(self, pool: Pool, observed: Sequence[Object], resource_version: str) -> None:
        """Return when the slices are no longer right, or when the server ends the watch."""
        slices = {slice_["metadata"]["name"]: slice_ for slice_ in observed}
        async for event, slice_ in self._api.watch(_SLICES, resource_version, fieldSelector=self._selector):
            _follow(slices, event, slice_)
            if event != "BOOKMARK" and plan(pool, tuple(slices.values())):
                _LOG.info("slices: changed by someone else (%s %s); restoring", event, slice_["metadata"]["name"])
                return

    def _share_no_more(self, error: DroppedFieldsError) -> None:
        _LOG.error(
            "slices: %s. CARDS ARE NOT SHARED on this cluster: each is published whole. Turn on the feature gates "
            "DRAConsumableCapacity and DRAPartitionableDevices (default since Kubernetes 1.36), then restart the driver",
            error,
        )
        self._contents = exclusive_contents(self._cards)

    async def _pause(self) -> None:
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)

    @property
    def _selector(self) -> str:
        return f"spec.driver={DRIVER},spec.nodeName={self._node_name}"


def _follow(slices: dict[str, Object], event: str, slice_: Object) -> None:
    if event == "DELETED":
        slices.pop(slice_["metadata"]["name"], None)
    elif event in ("ADDED", "MODIFIED"):
        slices[slice_["metadata"]["name"]] = slice_


def _check_kept(sent: Mapping[str, Any], stored: Object) -> None:
    """Raise `DroppedFieldsError` unless the server kept what was sent."""
    dropped = dropped_fields(sent, stored)
    if dropped:
        name = stored["metadata"]["name"]
        raise DroppedFieldsError(f"the API server dropped {', '.join(dropped)} of slice {name}")
