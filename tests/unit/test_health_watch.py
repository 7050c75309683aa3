"""What keeps the board up to date: NVML that fails or hangs, and the node's annotation with an API server that has bad days."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from catalog.errors import UnavailableError
from dra_driver.cards.health import Condition, Look, Signs
from dra_driver.health import watch as health_watch
from dra_driver.health.board import HealthBoard
from dra_driver.health.watch import follow_cards, follow_cordon
from kube.client import ApiError, ApiServer
from tests.unit.driver_objects import card

UUID = card(0).uuid
ROOT = Path("/")


@pytest.fixture(autouse=True)
def without_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_NVML_RETRY_S", "_FIRST_PAUSE_S", "_LONGEST_PAUSE_S", "_FAREWELL_S"):
        monkeypatch.setattr(health_watch, name, 0.01)


async def until(task: "asyncio.Task[None]", holds: Callable[[], object]) -> None:
    """Let the task run until something holds, then cancel it."""
    async with asyncio.timeout(20):
        while not holds() and not task.done():  # noqa: ASYNC110  a thread may make it so
            await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_nvml_that_fails_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    board, attempts = HealthBoard([card(0)]), []

    def watch(_root: Path, uuids: Sequence[str], report: Callable[[Look], None], stop: threading.Event) -> None:
        attempts.append(uuids)
        if len(attempts) == 1:
            raise UnavailableError("NVML does not start")
        report(Look({UUID: Signs(advice="")}))
        stop.wait()

    monkeypatch.setattr(health_watch, "watch_cards", watch)
    await until(
        asyncio.create_task(follow_cards(board, ROOT)), lambda: board.health(UUID).condition is Condition.HEALTHY
    )
    assert attempts == [(UUID,), (UUID,)]
    assert "health: NVML does not start; looking again" in caplog.text


async def test_nvml_that_hangs_does_not_keep_the_driver_from_stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    hanging, release = threading.Event(), threading.Event()

    def watch(*_arguments: object) -> None:
        hanging.set()
        release.wait(20)

    monkeypatch.setattr(health_watch, "watch_cards", watch)
    await until(asyncio.create_task(follow_cards(HealthBoard([card(0)]), ROOT)), hanging.is_set)
    release.set()


class FakeNode:
    """The API server's one node: answers in order, the last one for ever. An answer is an annotation, or an error."""

    def __init__(self, *answers: str | ApiError, events: Sequence[tuple[str, str]] = ()) -> None:
        self.answers, self.events = list(answers), list(events)
        self.watched_from: list[str] = []

    async def get(self, path: str) -> dict[str, Any]:
        assert path == "/api/v1/nodes/node-a"
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, ApiError):
            raise answer
        return node(answer)

    async def watch(self, path: str, version: str, **query: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        assert (path, query) == ("/api/v1/nodes", {"fieldSelector": "metadata.name=node-a"})
        self.watched_from.append(version)
        while self.events:
            kind, annotation = self.events.pop(0)
            yield kind, {"metadata": {"resourceVersion": "8"}} if kind == "BOOKMARK" else node(annotation)
        await asyncio.Event().wait()


def node(annotation: str) -> dict[str, Any]:
    annotations = {"hami.io/device-cordon": annotation} if annotation else None
    return {"metadata": {"name": "node-a", "resourceVersion": "7", "annotations": annotations}}


def cordoned(board: HealthBoard) -> bool:
    return any(taint["key"] == "hami.io/cordoned" for taint in board.taints()[UUID])


def following(board: HealthBoard, api: FakeNode) -> "asyncio.Task[None]":
    return asyncio.create_task(follow_cordon(board, cast("ApiServer", api), "node-a"))


async def test_the_annotation_is_read_and_then_watched_from_there() -> None:
    board, api = HealthBoard([card(0)]), FakeNode(UUID)
    await until(following(board, api), lambda: api.watched_from)
    assert cordoned(board)
    assert api.watched_from == ["7"]


async def test_changes_arrive_and_bookmarks_are_none() -> None:
    board, api = HealthBoard([card(0)]), FakeNode("", events=[("MODIFIED", UUID), ("BOOKMARK", "")])
    await until(following(board, api), lambda: not api.events)
    assert cordoned(board)


async def test_a_cordon_holds_while_the_api_server_is_away(caplog: pytest.LogCaptureFixture) -> None:
    board, api = HealthBoard([card(0)]), FakeNode(UUID, ApiError(0, "gone"), events=[("DELETED", "")])
    await until(following(board, api), lambda: "cordon: gone; trying again" in caplog.text)
    assert cordoned(board)


async def test_a_node_that_does_not_exist_has_no_cordon_and_is_looked_for_again() -> None:
    board, api = HealthBoard([card(0)]), FakeNode(ApiError(404, "no node"), UUID)
    await until(following(board, api), lambda: cordoned(board))
