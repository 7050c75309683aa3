"""Keeps the health board up to date: looks at the cards through NVML in a thread, and follows the node's cordon.

NVML may hang, as it does when a card falls off the bus: then its thread is left behind, and the board says that nothing is
known. Not here: what is made of it (dra_driver.health.board), and NVML itself (dra_driver.nvml.watch).
"""

import asyncio
import logging
import threading
from functools import partial
from pathlib import Path
from typing import Final

from catalog.errors import UnavailableError
from catalog.names import CORDON_ANNOTATION
from dra_driver.background import in_thread
from dra_driver.cards.health import Look
from dra_driver.health.board import HealthBoard
from dra_driver.health.taints import parse_cordon
from dra_driver.nvml.watch import watch_cards
from kube.client import ApiError, ApiServer, Object

_LOG: Final = logging.getLogger(__name__)
_NVML_RETRY_S: Final = 30.0
_FAREWELL_S: Final = 0.2
"""How long a thread that was told to stop is waited for. It may be in a call that waits for an event: it ends with the process then."""
_NODES: Final = "/api/v1/nodes"
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0


async def follow_cards(board: HealthBoard, driver_root: Path) -> None:
    """Look at the cards until cancelled. NVML's failures are logged and tried again."""
    loop = asyncio.get_running_loop()
    stop = threading.Event()

    def report(look: Look) -> None:
        loop.call_soon_threadsafe(board.take, look)

    while True:
        watching = in_thread(partial(watch_cards, driver_root, board.uuids, report, stop), name="nvml-watch")
        try:
            await asyncio.shield(watching)
        except UnavailableError as error:
            _LOG.error("health: %s; looking again in %.0f s", error, _NVML_RETRY_S)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait((watching,), timeout=_FAREWELL_S)
            raise
        await asyncio.sleep(_NVML_RETRY_S)


async def follow_cordon(board: HealthBoard, api: ApiServer, node_name: str) -> None:
    """Follow the node's annotation until cancelled. While the API server is away, what was read last holds."""
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            version = await _read_cordon(board, api, node_name)
            pause_s = _FIRST_PAUSE_S
            if version is not None:
                await _watch_cordon(board, api, node_name, version)
        except ApiError as error:
            _LOG.warning("cordon: %s; trying again in %.1f s", error, pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        await asyncio.sleep(pause_s)


async def _read_cordon(board: HealthBoard, api: ApiServer, node_name: str) -> str | None:
    """Read the annotation; return the node's version, or None where there is no node (which the publisher says)."""
    try:
        node = await api.get(f"{_NODES}/{node_name}")
    except ApiError as error:
        if not error.not_found:
            raise
        board.cordon(frozenset())
        return None
    board.cordon(_cordoned(node))
    return str(node["metadata"]["resourceVersion"])


async def _watch_cordon(board: HealthBoard, api: ApiServer, node_name: str, version: str) -> None:
    """Follow changes until the server ends the watch, or the node is deleted."""
    async for event, node in api.watch(_NODES, version, fieldSelector=f"metadata.name={node_name}"):
        if event == "DELETED":
            return
        if event != "BOOKMARK":
            board.cordon(_cordoned(node))


def _cordoned(node: Object) -> frozenset[str]:
    return parse_cordon((node["metadata"].get("annotations") or {}).get(CORDON_ANNOTATION, ""))
