"""Clients that the webhook must survive: slow ones, silent ones, ones that speak no TLS or no HTTP, that ask ahead, or never read. Each
gets a 4xx or a closed connection, none of our insides, and others are answered meanwhile.
"""

import asyncio
import json
import logging
import re
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from pathlib import Path

import pytest

from hack.local_cluster.pki import Authority
from tests.unit.webhook_pods import container, pod
from webhook.admission import Admission
from webhook.certificates.shown import Certificate
from webhook.conversion.template import Template
from webhook.registration import MUTATE_PATH
from webhook.serving import connection, server
from webhook.serving.connections import Connections
from webhook.serving.readiness import Readiness
from webhook.serving.server import Server

LIMIT = 24


class NoTemplates:
    def is_known(self, namespace: str, template: Template) -> bool:
        """Whether there is nothing to wait for."""
        return True

    async def ensure(self, namespace: str, template: Template) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("ca"))


@pytest.fixture
async def port(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_S", 0.1)
    monkeypatch.setattr(server, "_TICK_S", 0.02)
    certificate = Certificate(*authority.issue(tmp_path / "tls", "webhook", ["127.0.0.1"]))
    reviews = {MUTATE_PATH: Admission(NoTemplates()).reply}
    async with Server(reviews, Readiness(), certificate.context, "127.0.0.1", 0, Connections(LIMIT)) as running:
        yield running.port


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connected(port: int, authority: Authority) -> Streams:
    trust = ssl.create_default_context(cafile=str(authority.certificate))
    return await asyncio.open_connection("127.0.0.1", port, ssl=trust)


async def conversation(port: int, authority: Authority, sent: bytes) -> bytes:
    """Send, and return all that comes until the webhook closes."""
    reader, writer = await connected(port, authority)
    writer.write(sent)
    answer = await reader.read()
    writer.close()
    return answer


def question(body: bytes) -> bytes:
    return b"POST /mutate HTTP/1.1\r\nHost: w\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def review() -> bytes:
    request = {
        "uid": "review-1",
        "resource": {"resource": "pods"},
        "namespace": "team",
        "object": pod(container("main", gpu=1)),
    }
    return json.dumps({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}).encode()


LAST = b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST /mutate HTTP/1.1\r\nContent-Length: 100\r\n\r\nonly a part", b"408"),
        (b"POST /mut", b"408"),
        (b"POST /mutate HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST /mutate HTTP/1.1\r\nContent-Length: 4194305\r\n\r\n", b"413"),
        (b"\x00\x01\x02", b"400"),
        (b"GET /mutate HTTP/1.1\r\nConnection: close\r\n\r\n", b"405"),
        (b"POST /readyz HTTP/1.1\r\nConnection: close\r\n\r\n", b"405"),
        (b"GET /secrets HTTP/1.1\r\nConnection: close\r\n\r\n", b"404"),
    ],
)
async def test_a_bad_client_is_told_and_left(port: int, authority: Authority, sent: bytes, status: bytes) -> None:
    answer = await conversation(port, authority, sent)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"Connection: close\r\n" in answer
    assert b"Traceback" not in answer


async def test_a_silent_client_is_left(port: int, authority: Authority) -> None:
    assert await conversation(port, authority, b"") == b""


async def test_plain_http_on_the_tls_port_is_closed_and_no_fault(
    port: int, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /readyz HTTP/1.1\r\n\r\n")
    answer = await reader.read()
    writer.close()
    assert b"Traceback" not in answer
    assert b"HTTP/1.1 200" not in answer
    assert (await conversation(port, authority, LAST)).startswith(b"HTTP/1.1 200")
    assert caplog.text == ""


async def test_others_are_answered_while_slow_ones_are_waited_for(port: int, authority: Authority) -> None:
    slow = []
    for _ in range(20):
        slow.append(await connected(port, authority))
        slow[-1][1].write(b"POST /mutate HTTP/1.1\r\nContent-Le")
    assert (await conversation(port, authority, LAST)).startswith(b"HTTP/1.1 200")
    for reader, writer in slow:
        assert (await reader.read()).startswith(b"HTTP/1.1 408")
        writer.close()


async def test_questions_that_are_asked_ahead_are_answered_in_their_order(port: int, authority: Authority) -> None:
    answer = await conversation(port, authority, question(review()) + question(b"{}") + LAST)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"200", b"400", b"200"]


async def test_a_client_that_goes_away_while_it_is_answered_is_no_fault(
    port: int, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    for _ in range(5):
        _, writer = await connected(port, authority)
        writer.write(question(review()))
        writer.transport.abort()
    assert (await conversation(port, authority, LAST)).startswith(b"HTTP/1.1 200")
    assert caplog.text == ""


def faulty(body: bytes) -> bytes:
    raise KeyError(body)


async def faulty_later(body: bytes) -> bytes:
    return faulty(body)


@pytest.mark.parametrize("review", [faulty, faulty_later])
async def test_a_fault_of_ours_ends_one_connection_without_our_insides(
    authority: Authority, tmp_path: Path, caplog: pytest.LogCaptureFixture, review: server.Answer
) -> None:
    certificate = Certificate(*authority.issue(tmp_path / "tls", "webhook", ["127.0.0.1"]))
    async with Server({MUTATE_PATH: review}, Readiness(), certificate.context, "127.0.0.1", 0) as running:
        answer = await conversation(running.port, authority, question(b"s3cret"))
        assert (await conversation(running.port, authority, LAST)).startswith(b"HTTP/1.1 200")
    assert answer.startswith(b"HTTP/1.1 500")
    assert "KeyError" in caplog.text
    assert b"s3cret" not in answer + caplog.text.encode()


async def ask_without_end(writer: asyncio.StreamWriter) -> None:
    async with asyncio.timeout(20):
        while True:
            writer.write(b"GET /nothing HTTP/1.1\r\n\r\n" * 1000)
            await writer.drain()


async def test_a_client_that_never_reads_is_left_and_takes_no_memory(port: int, authority: Authority) -> None:
    _, writer = await connected(port, authority)
    with pytest.raises(ConnectionError):
        await ask_without_end(writer)
    assert (await conversation(port, authority, LAST)).startswith(b"HTTP/1.1 200")


async def test_three_mebibytes_are_a_review_like_any_other(port: int, authority: Authority) -> None:
    large = json.loads(review())
    large["request"]["object"]["metadata"]["annotations"] = {"example.org/large": "x" * 3 * 2**20}
    reader, writer = await connected(port, authority)
    writer.write(question(json.dumps(large).encode()))
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_beyond_the_limit_idle_clients_go_and_busy_ones_stay(
    port: int, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_S", 60.0)
    asking, saying = await connected(port, authority)
    saying.write(b"POST /mutate HTTP/1.1\r\n")
    silent = [await connected(port, authority) for _ in range(3 * LIMIT)]
    assert b"200" in await conversation(port, authority, LAST)
    ended = [reader async for reader in _ended(reader for reader, _ in silent)]
    assert len(ended) >= 2 * LIMIT
    body = review()
    saying.write(b"Host: w\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert b"200" in await asking.read()
    for _, writer in silent:
        writer.close()


async def _ended(readers: Iterable[asyncio.StreamReader]) -> AsyncIterator[asyncio.StreamReader]:
    """Yield those that the webhook has closed."""
    for reader in readers:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                with suppress(ConnectionError):
                    await reader.read()
                yield reader


async def test_where_all_are_busy_a_new_client_is_turned_away(
    port: int, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT_S", 60.0)
    busy = [await connected(port, authority) for _ in range(LIMIT)]
    for _, writer in busy:
        writer.write(b"POST /mut")
    await asyncio.sleep(0.05)
    with pytest.raises((ConnectionError, AssertionError)):
        assert await conversation(port, authority, LAST)
    for _, writer in busy:
        writer.write(b"ate HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    assert all([b"400" in await reader.read() for reader, _ in busy])
    assert b"200" in await conversation(port, authority, LAST)
