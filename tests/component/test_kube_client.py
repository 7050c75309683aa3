"""The door to the API server over a real socket: calls, errors in the server's words, watches with long lines, a lost peer."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from kube.client import ApiError, ApiServer
from kube.config import ApiServerConfig

LONG = "x" * 300_000


async def collection(request: web.Request) -> web.StreamResponse:
    if request.query.get("watch") == "true":
        return await watch(request)
    if request.method == "POST":
        stored: dict[str, Any] = await request.json()
        return web.json_response(stored | {"seen": dict(request.query), "token": request.headers.get("Authorization")})
    return web.json_response({"items": [], "metadata": {"resourceVersion": "7"}})


async def watch(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    if request.query["resourceVersion"] == "old":
        await response.write(b'{"type":"ERROR","object":{"code":410,"message":"too old"}}\n')
        return response
    await response.write(
        b'{"type":"ADDED","object":{"metadata":{"resourceVersion":"8","name":"' + LONG.encode()[:150_000]
    )
    await asyncio.sleep(0)
    await response.write(
        LONG.encode()[150_000:] + b'"}}}\n{"type":"DELETED","object":{"metadata":{"resourceVersion":"9","name":"b"}}}\n'
    )
    return response


async def missing(_request: web.Request) -> web.Response:
    return web.json_response({"kind": "Status", "message": 'things "a" not found'}, status=404)


NONSENSE = ("", "<html>", "[]", '{"type": "ADDED"}', r'{"type": "ADDED", "object": {"name": "\ud800"}}')


async def nonsense(request: web.Request) -> web.Response:
    text = NONSENSE[int(request.match_info["number"])]
    return web.Response(text=text + "\n" if request.query.get("watch") else text)


@pytest.fixture
async def api() -> AsyncIterator[ApiServer]:
    app = web.Application()
    app.router.add_route("*", "/things", collection)
    app.router.add_route("*", "/things/a", missing)
    app.router.add_route("*", "/nonsense/{number}", nonsense)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    config = ApiServerConfig(url=f"http://127.0.0.1:{port}", tls=ssl.create_default_context(), token="secret")  # noqa: S106
    async with ApiServer(config) as client:
        yield client
    await runner.cleanup()


async def test_what_is_created_comes_back_as_stored(api: ApiServer) -> None:
    stored = await api.create("/things", {"kind": "Thing", "future": {"field": 1}}, dryRun="All")
    assert stored == {"kind": "Thing", "future": {"field": 1}, "seen": {"dryRun": "All"}, "token": "Bearer secret"}


@pytest.mark.parametrize("method", ["get", "delete"])
async def test_an_error_carries_the_servers_words_and_no_token(api: ApiServer, method: str) -> None:
    with pytest.raises(ApiError, match='things "a" not found') as caught:
        await getattr(api, method)("/things/a")
    assert caught.value.not_found
    assert "secret" not in str(caught.value)


async def test_a_watch_yields_events_longer_than_any_buffer(api: ApiServer) -> None:
    events = [(kind, len(thing["metadata"]["name"])) async for kind, thing in api.watch("/things", "7")]
    assert events == [("ADDED", len(LONG)), ("DELETED", 1)]


async def test_a_watch_from_a_forgotten_version_says_so(api: ApiServer) -> None:
    with pytest.raises(ApiError) as caught:
        _ = [event async for event in api.watch("/things", "old")]
    assert caught.value.expired


@pytest.mark.parametrize("number", [0, 1, 2, 4])
async def test_an_answer_that_is_no_object_is_an_error_in_words(api: ApiServer, number: int) -> None:
    with pytest.raises(ApiError, match=f"GET /nonsense/{number}: the answer cannot be read .*does a proxy") as caught:
        await api.get(f"/nonsense/{number}")
    assert caught.value.status == 200


@pytest.mark.parametrize("number", [1, 2, 3, 4])
async def test_an_event_that_is_none_ends_the_watch_with_an_error_in_words(api: ApiServer, number: int) -> None:
    with pytest.raises(ApiError, match=f"GET /nonsense/{number}: a watch event cannot be read"):
        _ = [event async for event in api.watch(f"/nonsense/{number}", "7")]


async def test_a_lost_server_is_named_with_a_question_to_check() -> None:
    config = ApiServerConfig(url="http://127.0.0.1:1", tls=ssl.create_default_context())
    async with ApiServer(config) as client:
        with pytest.raises(ApiError, match=r"API server http://127\.0\.0\.1:1: .*is it running"):
            await client.get("/things")
