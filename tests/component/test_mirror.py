"""A collection followed over HTTP: pages, changes, what was missed while nobody watched, and a server that fails."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hack.local_cluster.pki import Authority
from kube import mirror as mirror_module
from kube.client import ApiServer, Object
from kube.config import load_config
from kube.mirror import Key, Mirror
from tests.component.fake_collections import FakeCollections
from tests.waiting import until

PODS = "/api/v1/pods"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[FakeCollections]:
    async with FakeCollections(Authority.create(tmp_path / "ca"), tmp_path) as api:
        yield api


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror_module, "_FIRST_PAUSE_S", 0.01)


def pod(name: str, node: str = "a", namespace: str = "team") -> Object:
    return {"metadata": {"namespace": namespace, "name": name}, "spec": {"nodeName": node}}


def node_of(pod: Object) -> str | None:
    return pod["spec"]["nodeName"] or None


@asynccontextmanager
async def following(api: FakeCollections, **query: str) -> AsyncIterator[tuple[Mirror[str], list[Key]]]:
    changes: list[Key] = []
    async with ApiServer(load_config(api.kubeconfig)) as client:
        mirror = Mirror(client, PODS, node_of, lambda key, _before, _after: changes.append(key), page=2, **query)
        running = asyncio.create_task(mirror.run())
        await until(mirror.synced.is_set)
        try:
            yield mirror, changes
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_a_list_comes_in_pages_and_what_is_not_kept_leaves_nothing(api: FakeCollections) -> None:
    for number in range(5):
        api.put(PODS, pod(f"p{number}", node="" if number == 3 else "a"))
    async with following(api) as (mirror, changes):
        assert sorted(name for _, name in mirror.items) == ["p0", "p1", "p2", "p4"]
        assert len(changes) == 4
    assert len(api.calls) == 3


async def test_changes_are_followed_and_only_differences_are_told(api: FakeCollections) -> None:
    api.put(PODS, pod("old"))
    async with following(api) as (mirror, changes):
        api.put(PODS, pod("new"))
        api.put(PODS, pod("old") | {"status": {"phase": "Running"}})
        api.put(PODS, pod("old", node="b"))
        api.remove(PODS, "team", "new")
        await until(lambda: len(changes) == 4)
        assert mirror.items == {("team", "old"): "b"}


async def test_a_watch_that_ends_goes_on_without_another_list(api: FakeCollections) -> None:
    api.put(PODS, pod("one"))
    async with following(api) as (mirror, _):
        await until(api.end_watches)
        api.put(PODS, pod("two"))
        await until(lambda: len(mirror.items) == 2)
    assert len(api.calls) == 1


async def test_after_a_version_that_is_too_old_all_is_listed_again(api: FakeCollections) -> None:
    api.put(PODS, pod("one"))
    async with following(api) as (_, _changes):
        await until(api.expire_watches)
        await until(lambda: len(api.calls) == 2)


async def test_what_vanished_while_the_server_was_away_is_forgotten(api: FakeCollections) -> None:
    api.put(PODS, pod("one"))
    async with following(api) as (mirror, _):
        api.failures = [500, 503, 500]
        await until(api.end_watches)
        api.remove(PODS, "team", "one")
        api.put(PODS, pod("two"))
        await until(lambda: list(mirror.items) == [("team", "two")])


async def test_selectors_are_the_servers_to_apply(api: FakeCollections) -> None:
    api.put(PODS, pod("here"))
    api.put(PODS, pod("there", node="b"))
    async with following(api, fieldSelector="spec.nodeName=b") as (mirror, _):
        assert list(mirror.items) == [("team", "there")]


NO_OBJECTS: tuple[Object, ...] = (
    {},
    {"metadata": None},
    {"metadata": "text"},
    {"metadata": []},
    {"metadata": {"resourceVersion": "7"}},
    {"metadata": {"name": "without-version"}},
    {"metadata": {"name": 5, "resourceVersion": "7"}},
    {"metadata": {"name": "n", "namespace": 5, "resourceVersion": "7"}},
    {"metadata": {"name": "n", "resourceVersion": 7}},
)


@pytest.mark.parametrize("stranger", [*NO_OBJECTS, None, 5, "text", []])
async def test_what_is_no_object_is_left_out_of_a_list(api: FakeCollections, stranger: object) -> None:
    api.strangers = [stranger]
    api.put(PODS, pod("one"))
    async with following(api) as (mirror, _):
        assert list(mirror.items) == [("team", "one")]


@pytest.mark.parametrize("kind", ["ADDED", "MODIFIED", "DELETED", "BOOKMARK"])
@pytest.mark.parametrize("stranger", NO_OBJECTS)
async def test_after_an_event_of_no_object_all_is_listed_again(
    api: FakeCollections, stranger: Object, kind: str
) -> None:
    async with following(api) as (mirror, _):
        await until(lambda: api.tell(kind, stranger))
        api.put(PODS, pod("one"))
        await until(lambda: list(mirror.items) == [("team", "one")])


async def test_an_answer_that_is_no_collection_is_asked_for_again(
    api: FakeCollections, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: Iterator[Object] = iter(
        [{"kind": "Status"}, {"metadata": None}, {"metadata": {"resourceVersion": "1"}, "items": 5}]
    )
    client_get = ApiServer.get

    async def get(self: ApiServer, path: str, **query: str) -> Object:
        return next(answers, {}) or await client_get(self, path, **query)

    monkeypatch.setattr(ApiServer, "get", get)
    api.put(PODS, pod("one"))
    async with following(api) as (mirror, _):
        await until(lambda: list(mirror.items) == [("team", "one")])
