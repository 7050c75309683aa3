"""Keeps the node's ResourceSlices as they should be: writes them, sees what the server made of them, and repairs them.

The kubelet deletes them when it starts and after 30 s without the driver, so deletions are watched, not foreseen.
Not here: what they should be (dra_driver.slices.plan).
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from catalog.names import DRIVER
from dra_driver.health.board import HealthBoard
from dra_driver.health.taints import devices_of, tainted, without_tainted
from dra_driver.slices.offer import Offer
from dra_driver.slices.plan import (
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
from dra_driver.slices.rivals import rivals
from kube.client import ApiError, ApiServer, Object

_LOG: Final = logging.getLogger(__name__)
_SLICES: Final = f"/apis/{API_VERSION}/resourceslices"
_SETTLE_S: Final = 0.2
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0
_FIRST_LOOK_S: Final = 5.0
_RIVAL_PAUSE_S: Final = 30.0
"""How long after a look at rivals the next one follows while there are some; else it follows with the end of a watch."""
_SUPERSEDED_S: Final = 5.0


class DroppedFieldsError(Exception):
    """The server stored a slice without some of its fields: sharing is turned off there."""


class DroppedTaintsError(Exception):
    """The server stored a slice without its taints."""


class Publisher:
    """Publishes what is offered of the cards of one node until it is cancelled, tainted as the board says."""

    def __init__(
        self,
        api: ApiServer,
        node_name: str,
        offers: Sequence[Offer],
        board: HealthBoard,
        is_newest: Callable[[], bool] = lambda: True,
        *,
        beside_rivals: bool = False,
        warn: Callable[[str, str], None] = lambda _reason, _message: None,
    ) -> None:
        """`beside_rivals`: publish also where somebody else offers the same cards. `warn`: told what is wrong, by reason and words."""
        self._api = api
        self._is_newest = is_newest
        self._node_name = node_name
        self._offers = tuple(offers)
        self._board = board
        self._beside_rivals = beside_rivals
        self._warn = warn
        self._changed = asyncio.Event()
        self._taints_kept = True
        self.rivals: tuple[str, ...] = ()
        """Who else offers the cards, in words; while there are any, none is published."""
        self._pause_s = _FIRST_PAUSE_S
        self.writes: Counter[str] = Counter()
        """Slices written, by kind of write."""
        self.is_sharing = True
        """Whether shares are on offer, as far as is known: not where the API server drops what they need."""
        self.published = asyncio.Event()
        """Set when the server has the slices as they should be for the first time."""

    def offer(self, offers: tuple[Offer, ...]) -> None:
        """Publish this from now on."""
        if offers != self._offers:
            self._offers = offers
            self._changed.set()

    async def run(self) -> None:
        """Publish, watch and repair, for ever; API errors are retried with growing pauses."""
        await self._wait_for_first_look()
        while True:
            try:
                await self._publish_and_watch()
            except DroppedTaintsError as error:
                self._taint_no_more(error)
            except DroppedFieldsError as error:
                self._share_no_more(error)
                await self._pause()
            except ApiError as error:
                _LOG.warning("slices: %s; trying again in %.1f s", error, self._pause_s)
                await self._pause()

    def devices(self) -> tuple[tuple[str, str], ...]:
        """Return (name, UUID of its card) of every device of the node, in order."""
        return devices_of(self._contents)

    async def _wait_for_first_look(self) -> None:
        """Wait for the board, so that a restart takes no taint away from a sick card, however shortly."""
        try:
            async with asyncio.timeout(_FIRST_LOOK_S):
                await self._board.known.wait()
        except TimeoutError:
            _LOG.warning("slices: cards and cordons are not known after %.0f s; publishing all the same", _FIRST_LOOK_S)

    def _wanted(self) -> tuple[Content, ...]:
        taints = self._board.taints()
        return tainted(self._contents, taints) if self._taints_kept else without_tainted(self._contents, taints)

    async def _publish_and_watch(self) -> None:
        self._changed.clear()
        version = self._board.version
        node = await self._read_node()
        await self._look_for_rivals(node)
        observed, resource_version = await self._list()
        pool = Pool(self._node_name, str(node["metadata"]["uid"]), self._wanted())
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
        await self._watch_until_changed(version, pool, observed, resource_version)
        await asyncio.sleep(_SETTLE_S)  # whoever changed slices may not be done: the kubelet deletes them one by one

    @property
    def _contents(self) -> tuple[Content, ...]:
        offers = () if self.rivals else self._offers
        return shared_contents(offers) if self.is_sharing else exclusive_contents(offers)

    async def _read_node(self) -> Object:
        """Ask each time: slices that belong to a node of the same name that was deleted are collected as garbage."""
        try:
            return await self._api.get(f"/api/v1/nodes/{self._node_name}")
        except ApiError as error:
            if error.not_found:
                words = f"node {self._node_name} does not exist; has its kubelet registered, and is --node-name right?"
                raise ApiError(error.status, words) from error
            raise

    async def _look_for_rivals(self, node: Object) -> None:
        if self._beside_rivals:
            return
        slices = await self._api.page(_SLICES, fieldSelector=f"spec.nodeName={self._node_name}")
        found = rivals(node, slices.items)
        if found and found != self.rivals:
            self._say(
                "CardsNotPublished",
                f"NO CARD IS PUBLISHED: node {self._node_name} offers its cards already, by {' and '.join(found)}. Take that off "
                "the node, or start this driver with --force",
            )
        elif self.rivals and not found:
            _LOG.info("slices: nobody else offers the cards any more")
        self.rivals = found

    async def _list(self) -> tuple[list[Object], str]:
        page = await self._api.page(_SLICES, fieldSelector=self._selector)
        return page.items, page.version

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
        self.writes[type(write).__name__.lower()] += 1
        _LOG.debug("slices: %s", type(write).__name__)

    async def _delete(self, write: Delete) -> None:
        preconditions = {"preconditions": {"uid": write.uid, "resourceVersion": write.resource_version}}
        try:
            await self._api.delete(f"{_SLICES}/{write.name}", preconditions)
        except ApiError as error:
            if not error.not_found:
                raise

    async def _watch_until_changed(
        self, version: int, pool: Pool, observed: Sequence[Object], resource_version: str
    ) -> None:
        """Return when the slices are no longer right, when something else is offered, when the cards are no longer as they were
        at `version` of the board, or when it is time to look at rivals again.
        """
        tasks = (
            asyncio.create_task(self._watch(pool, observed, resource_version)),
            asyncio.create_task(self._board.newer_than(version)),
            asyncio.create_task(_set(self._changed)),
        )
        pause_s = _RIVAL_PAUSE_S if self.rivals else None
        try:
            done, _ = await asyncio.wait(tasks, timeout=pause_s, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self, pool: Pool, observed: Sequence[Object], resource_version: str) -> None:
        """Return when the slices are no longer right, or when the server ends the watch."""
        slices = {slice_["metadata"]["name"]: slice_ for slice_ in observed}
        async for event, slice_ in self._api.watch(_SLICES, resource_version, fieldSelector=self._selector):
            _follow(slices, event, slice_)
            if event != "BOOKMARK" and plan(pool, tuple(slices.values())):
                _LOG.info("slices: changed by someone else (%s %s); restoring", event, slice_["metadata"]["name"])
                return

    def _share_no_more(self, error: DroppedFieldsError) -> None:
        self._say(
            "CardsNotShared",
            f"{error}. CARDS ARE NOT SHARED on this cluster: each is published whole. Turn on the feature gates "
            "DRAConsumableCapacity and DRAPartitionableDevices (default since Kubernetes 1.36), then restart the driver",
        )
        self.is_sharing = False

    def _taint_no_more(self, error: DroppedTaintsError) -> None:
        self._say(
            "TaintsNotKept",
            f"{error}. Cards that are sick or cordoned are taken off the slices instead, as long as they are. Turn on the feature "
            "gate DRADeviceTaints (default since Kubernetes 1.36), then restart the driver",
        )
        self._taints_kept = False

    def _say(self, reason: str, message: str) -> None:
        _LOG.error("slices: %s", message)
        self._warn(reason, message)

    async def _pause(self) -> None:
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)

    @property
    def _selector(self) -> str:
        return f"spec.driver={DRIVER},spec.nodeName={self._node_name}"


async def _set(event: asyncio.Event) -> None:
    await event.wait()


def _follow(slices: dict[str, Object], event: str, slice_: Object) -> None:
    if event == "DELETED":
        slices.pop(slice_["metadata"]["name"], None)
    elif event in ("ADDED", "MODIFIED"):
        slices[slice_["metadata"]["name"]] = slice_


def _check_kept(sent: Mapping[str, Any], stored: Object) -> None:
    """Raise `DroppedFieldsError`, or `DroppedTaintsError` where it is only those, unless the server kept what was sent."""
    dropped = dropped_fields(sent, stored)
    if dropped:
        words = f"the API server dropped {', '.join(dropped)} of slice {stored['metadata']['name']}"
        only_taints = all(path.endswith(".taints") for path in dropped)
        raise DroppedTaintsError(words) if only_taints else DroppedFieldsError(words)
